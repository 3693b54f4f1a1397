"""What bounds the assistant: places for running turns, the price list, and the day's budget."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from kit.ids import OrganizationId
from services.core.adapters.in_memory import InMemoryBudgets, ScriptedAssistant
from services.core.app.admission import Admission
from services.core.app.budget import Budget, Spent
from services.core.domain import (
    ASSISTANT_OFF,
    BUDGET_TEXT,
    Content,
    Cost,
    HandoverRequested,
    Limit,
    MessageKind,
    Price,
    Responder,
    State,
    TurnState,
    begin,
    cost,
    micros,
    price_of,
    prices,
    receive,
)
from services.core.ports import AssistantFailed, Prompt, Repeated, Usage
from tests.unit.core.making import ACME, NOW, answering, browser, conversation, later, run, turn
from tests.unit.core.test_turns import WEB, Core, core

OTHER = OrganizationId("other")


# ---- admission


def test_a_turn_without_room_waits_and_begins_as_soon_as_there_is_some() -> None:
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
        for _ in range(60):  # no time passes: nothing polls
            await asyncio.sleep(0)
        assert [m.text for m in await c.store.messages(ACME, second)] == ["Second?", "Certainly."]
        [done] = await c.store.turns(ACME, second, None, 10)
        assert (done.state, done.attempt) == (TurnState.DONE, 1)
        assert c.admission.running == 0

    core(play)


def test_organizations_take_turns_however_many_turns_one_has() -> None:
    admission = Admission(max_running=10, max_per_organization=10)
    for number in range(5):
        admission.wait(conversation(turn=turn(TurnState.PENDING, id=f"a{number}")))
    admission.wait(replace(conversation(turn=turn(TurnState.PENDING, id="b0")), organization=OTHER))
    order = []
    while waiting := admission.next():
        order.append(waiting.turn)
    assert order == ["a0", "b0", "a1", "a2", "a3", "a4"]


def test_an_organization_with_all_its_places_leaves_the_others_theirs() -> None:
    admission = Admission(max_running=3, max_per_organization=2)
    for _ in range(2):
        admission.enter(ACME)
    with admission.place(ACME) as room:
        assert not room
    with admission.place(OTHER) as room:
        assert room
        assert admission.running == 3, "the place is kept until the turn runs"
        with admission.place(OrganizationId("third")) as late:
            assert not late
    assert admission.running == 2
    admission.wait(conversation(turn=turn(TurnState.PENDING)))
    assert admission.next() is None
    admission.leave(ACME)
    with admission.place(ACME) as room:
        assert not room, "those that wait go first"
    assert admission.next() is not None


def test_a_turn_that_no_longer_waits_does_not_begin() -> None:
    waiting = answering(state=TurnState.PENDING, attempt=0)
    assert waiting.turn is not None
    started = begin(waiting, waiting.turn.id, NOW)
    assert started is not None
    assert started.after.turn is not None
    assert (started.after.turn.state, started.after.turn.attempt) == (TurnState.RUNNING, 1)
    assert begin(started.after, waiting.turn.id, NOW) is None
    assert begin(conversation(), waiting.turn.id, NOW) is None
    reschedule = answering(state=TurnState.PENDING, due=later(5))
    assert begin(reschedule, waiting.turn.id, NOW) is None


# ---- who answers


def test_with_the_assistant_off_a_message_waits_for_agents_and_ends_the_running_turn() -> None:
    change = receive(answering(), Content.of("Anybody?"), "s", NOW, responder=Responder.AGENTS)
    assert (change.after.state, change.after.turn, change.after.handover_reason) == (State.WAITING, None, ASSISTANT_OFF)
    assert [t.state for t in change.turns] == [TurnState.CANCELLED]
    assert isinstance(change.facts[-1], HandoverRequested)
    again = receive(change.after, Content.of("Hello?"), "s2", NOW, responder=Responder.AGENTS)
    assert not any(isinstance(fact, HandoverRequested) for fact in again.facts)


def test_a_message_that_no_one_answers_starts_nothing_and_is_read_with_the_next() -> None:
    quiet = receive(conversation(), Content.of("One"), "s1", NOW, responder=Responder.NOBODY)
    assert (quiet.after.turn, quiet.turns, quiet.after.unanswered, quiet.after.state) == (None, (), False, State.AUTOMATED)
    spoken = receive(quiet.after, Content.of("Two"), "s2", NOW)
    assert spoken.after.turn is not None
    assert spoken.after.turn.answers_seq == 2
    assert (
        receive(conversation(State.CLOSED), Content.of("Three"), "s3", NOW, responder=Responder.NOBODY).after.state
        is State.CLOSED
    )


# ---- prices


def test_money_is_counted_in_whole_micros_and_rounded_up() -> None:
    assert micros("12.50") == 12_500_000
    assert cost(Price(micros("2.50"), micros("10")), 1000, 100) == Cost(1100, 3500)
    assert cost(Price(micros("0.05"), micros("0.40")), 1, 0) == Cost(1, 1)
    assert cost(None, 7, 3) == Cost(10, 0)


@pytest.mark.parametrize("wrong", ["", "many", "-1", "NaN", "inf", "0.0000001"])
def test_what_is_no_money_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not an amount of money"):
        micros(wrong)


def test_a_price_list_goes_before_the_built_in_prices() -> None:
    own = prices("org/llama3:8b=0/0, gpt-4o=1/2")
    assert own == {"org/llama3:8b": Price(0, 0), "gpt-4o": Price(micros("1"), micros("2"))}
    assert price_of("gpt-4o", own) == Price(micros("1"), micros("2"))
    assert price_of("gpt-4o-mini-2024-07-18", {}) == Price(micros("0.15"), micros("0.60"))
    assert price_of("something-else", own) is None
    for wrong in ("gpt-4o", "gpt-4o=1", "=1/2", "gpt-4o=a/b"):
        with pytest.raises(ValueError, match="is not a"):
            prices(wrong)


# ---- the budget


def spent(script: list[str | Usage | Repeated | Exception], stop_after: int = 99) -> Cost:
    """What is charged for one reply of at most 100 tokens to a prompt of 30 bytes."""

    async def whole() -> Cost:
        budgets = InMemoryBudgets()
        budget = Budget(budgets, Limit(tokens=1_000_000), lambda model: None)
        assistant = ScriptedAssistant([script], max_tokens=100)
        prompt = Prompt((), "x" * 30, ())
        try:
            pieces = budget.reply(ACME, assistant, prompt)
            read = 0
            async for _ in pieces:
                if read == 0:
                    assert budgets.spent[ACME].tokens >= 130, "the most is reserved while it runs"
                read += 1
                if read == stop_after:
                    await pieces.aclose()
                    break
        except AssistantFailed:
            pass
        await budget.drain()
        assert budget.spent.tokens.total() == budgets.spent[ACME].tokens, "metrics tell what is charged"
        return budgets.spent[ACME]

    return run(whole())


def test_a_call_is_charged_what_the_provider_counted() -> None:
    assert spent(["Hello ", "there.", Usage(25, 2)]) == Cost(27)


def test_a_call_that_was_cancelled_or_broke_off_is_charged_by_an_estimate() -> None:
    assert spent(["Hello ", "there.", Usage(25, 2)], stop_after=1) == Cost(10 + 2)
    assert spent(["Hello ", AssistantFailed("It broke off.")]) == Cost(10 + 2)
    assert spent(["Hello there."]) == Cost(10 + 4), "the provider says nothing"


def test_each_call_is_charged_and_a_refused_one_costs_nothing() -> None:
    assert spent([Repeated(refused=False), "Hello.", Usage(25, 2)]) == Cost(10 + 27)
    assert spent([Repeated(refused=True), "Hello.", Usage(25, 2)]) == Cost(27)
    assert spent([AssistantFailed("It answered 500.", refused=True)]) == Cost(0)


def test_what_a_process_spent_is_counted_by_direction_and_in_money() -> None:
    spent = Spent()
    for _ in range(2):
        spent.add(Usage(1000, 10), Price(500_000, 1_500_000))
    spent.add(Usage(1, 0), None)
    assert (spent.tokens, spent.micros) == ({"input": 2001, "output": 20}, 2 * cost(Price(500_000, 1_500_000), 1000, 10).micros)


def test_a_used_up_budget_is_told_once_and_then_agents_answer() -> None:
    async def play(c: Core) -> None:
        c.assistant.max_tokens = 100
        c.budgets.spent[ACME] = Cost(10_000)
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


def test_an_assistant_without_a_model_costs_nothing() -> None:
    async def play(c: Core) -> None:
        c.budgets.spent[ACME] = Cost(10_000)
        await c.say("How long?")
        await c.turns.drain()
        assert [m.text for m in await c.history()] == ["How long?", "Certainly."]
        assert c.turns.budget.spent.tokens.total() == 0

    core(play)


def test_a_superseded_reply_is_charged() -> None:
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
        assert c.budgets.spent[ACME].tokens == first + 24

    core(play)
