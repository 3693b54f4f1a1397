"""Limits of a running assistant: places for turns, and the day's budget."""

from __future__ import annotations

import asyncio

from services.core.app.budget import Budget
from services.core.domain import BUDGET_TEXT, Content, Cost, Limit, MessageKind, State, TurnState
from services.core.ports.assistant import AssistantFailed, Prompt, Repeated, Usage, at_once
from tests.fakes.core import ScriptedAssistant
from tests.services.core.conftest import Plays
from tests.services.core.world import WEB, Core
from tests.unit.core.making import ACME, browser


def test_a_turn_without_room_waits_and_begins_as_soon_as_there_is_some(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.admission.max_running = 1
        c.assistant.hold = asyncio.Event()
        await c.say("First?")
        await asyncio.sleep(0.1)
        address = browser("b2", WEB)
        second, _, _ = await c.app.receive_message(ACME, WEB, "x1", address, Content.of("Second?"))
        waiting = (await c.store.load(ACME, second)).turn
        assert waiting is not None
        assert (waiting.state, waiting.attempt) == (TurnState.PENDING, 0)
        assert c.knowledge.asked == ["First?"], "a turn that waits has nothing searched for it"
        c.assistant.hold.set()
        await asyncio.sleep(0.01)  # nothing polls
        assert [m.text for m in await c.store.messages(ACME, second)] == ["Second?", "Certainly."]
        [done] = await c.store.turns(ACME, second, None, 10)
        assert (done.state, done.attempt) == (TurnState.DONE, 1)
        assert c.admission.running == 0

    core(play)


def spent(core: Plays, script: list[str | Usage | Repeated | Exception], stop_after: int = 99) -> Cost:
    """The charge for one reply of at most 100 tokens to a prompt of 30 bytes."""
    found = Cost()

    async def play(c: Core) -> None:
        nonlocal found
        budget = Budget(c.budgets, Limit(tokens=1_000_000), lambda model: None)
        assistant = ScriptedAssistant([script], max_tokens=100)
        prompt = Prompt((), "x" * 30, ())
        try:
            pieces = budget.reply(ACME, assistant, prompt, at_once)
            read = 0
            async for _ in pieces:
                if read == 0:
                    assert (await c.spent()).tokens >= 130, "the most is reserved while it runs"
                read += 1
                if read == stop_after:
                    await pieces.aclose()
                    break
        except AssistantFailed:
            pass
        await budget.drain()
        found = await c.spent()
        assert budget.spent.tokens.total() == found.tokens, "metrics show what is charged"

    core(play)
    return found


def test_a_call_is_charged_what_the_provider_counted(core: Plays) -> None:
    assert spent(core, ["Hello ", "there.", Usage(25, 2)]) == Cost(27)


def test_a_call_that_was_cancelled_or_broke_off_is_charged_by_an_estimate(core: Plays) -> None:
    assert spent(core, ["Hello ", "there.", Usage(25, 2)], stop_after=1) == Cost(10 + 2)
    assert spent(core, ["Hello ", AssistantFailed("It broke off.")]) == Cost(10 + 2)
    assert spent(core, ["Hello there."]) == Cost(10 + 4), "the provider says nothing"


def test_each_call_is_charged_and_a_refused_one_costs_nothing(core: Plays) -> None:
    assert spent(core, [Repeated(refused=False), "Hello.", Usage(25, 2)]) == Cost(10 + 27)
    assert spent(core, [Repeated(refused=True), "Hello.", Usage(25, 2)]) == Cost(27)
    assert spent(core, [AssistantFailed("It answered 500.", refused=True)]) == Cost(0)


def test_a_used_up_budget_is_reported_once_and_then_agents_answer(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.assistant.max_tokens = 100
        await c.spend(10_000)
        await c.say("How long?", "m1")
        await c.turns.drain()
        await c.say("Hello?", "m2")
        await c.work(5)
        said = await c.history()
        assert [m.text for m in said] == ["How long?", BUDGET_TEXT, "Hello?"]
        assert said[1].kind is MessageKind.HOLDING
        assert (await c.now()).state is State.WAITING
        assert c.assistant.prompts == [], "no model was asked"
        [ended] = await c.store.turns(ACME, (await c.now()).id, None, 10)
        assert (ended.state, ended.attempt) == (TurnState.FAILED, 1)

    core(play)


def test_an_assistant_without_a_model_costs_nothing(core: Plays) -> None:
    async def play(c: Core) -> None:
        await c.spend(10_000)
        await c.say("How long?")
        await c.turns.drain()
        assert [m.text for m in await c.history()] == ["How long?", "Certainly."]
        assert c.turns.budget.spent.tokens.total() == 0

    core(play)


def test_a_superseded_reply_is_charged(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.assistant.max_tokens = 100
        c.assistant.hold = asyncio.Event()
        c.assistant.script = [["Sure, ", "it takes"], ["30 days.", Usage(20, 4)]]
        await c.say("How long?", "m1")
        await asyncio.sleep(0.5)
        await c.say("Until when?", "m2")
        c.assistant.hold.set()
        await c.turns.drain()
        first = -(-len("How long?") // 3) + 2
        assert (await c.spent()).tokens == first + 24

    core(play)
