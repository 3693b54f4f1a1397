"""How a reply comes about: use cases on stores in memory, with an assistant that follows a script and a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from kit import deadline
from kit.errors import RequestIdReused
from services.core.adapters.assistants import OneAssistant
from services.core.adapters.in_memory import (
    FixedKnowledge,
    InMemoryBudgets,
    InMemoryConversations,
    InMemoryDispatches,
    InMemoryReplicas,
    ScriptedAssistant,
)
from services.core.adapters.silent import SilentRelay
from services.core.app import App
from services.core.app.admission import Admission
from services.core.app.budget import Budget
from services.core.app.changes import FIND_OUT_SECONDS, MAX_TRIES, Changes
from services.core.app.live import BEAT_SECONDS, FREE_REPLIES, LiveConversations
from services.core.app.outages import BACKOFF
from services.core.app.recalls import KEPT_SECONDS, Recalls
from services.core.app.rights import Rights
from services.core.app.turns import WHOLE_SECONDS, Turns
from services.core.domain import (
    LEASE,
    Change,
    ChannelId,
    Content,
    Conversation,
    ConversationBusy,
    ConversationNotAssigned,
    EpochPassed,
    Limit,
    Message,
    MessageKind,
    Role,
    State,
    TurnState,
    retry,
    tag,
)
from services.core.ports import AssistantFailed, Conflict, Usage
from tests.unit.core.making import ACME, KIM, NOW, ROBIN, browser, recalled, run

WEB = ChannelId("web")


@dataclass
class Losing(InMemoryConversations):
    """A store that can't be reached for the next `lost` of the assistant's commits, or whose next answer is not heard."""

    lost: int = 0
    unheard: BaseException | None = None
    elsewhere: Change | None = None
    """What another process commits in place of the next commit here, whose connection breaks."""
    unread: int = 0
    """So many reads of what was said fail."""

    async def messages(self, *args: Any, **more: Any) -> list[Message]:
        if self.unread:
            self.unread -= 1
            raise ConnectionResetError
        return list(await super().messages(*args, **more))

    async def commit(self, change: Change) -> None:
        if self.elsewhere is not None:
            other, self.elsewhere = self.elsewhere, None
            await super().commit(other)
            raise ConnectionResetError
        if self.unheard is not None:
            error, self.unheard = self.unheard, None
            asyncio.get_running_loop().call_later(1.0, lambda: asyncio.ensure_future(super(Losing, self).commit(change)))
            raise error
        if self.lost and change.before.turn is not None:
            self.lost -= 1
            raise ConnectionRefusedError
        await super().commit(change)


@dataclass
class Core:
    """All of core but its wire and its stores."""

    assistant: ScriptedAssistant = field(default_factory=ScriptedAssistant)
    knowledge: FixedKnowledge = field(
        default_factory=lambda: FixedKnowledge([recalled("30 days."), recalled("5 €.", number=2)])
    )

    def __post_init__(self) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()

        def now() -> datetime:
            return NOW + timedelta(seconds=loop.time() - start)

        self.store = Losing(now=now)
        self.changes = Changes(self.store)
        self.relay = SilentRelay()
        self.rights = Rights(InMemoryReplicas(self.store, now), self.relay, "here")
        self.live_conversations = LiveConversations(self.store, self.relay, self.rights)
        self.draining = asyncio.Event()
        recalls = Recalls(self.knowledge)
        self.admission = Admission()
        self.budgets = InMemoryBudgets()
        self.budget = Budget(self.budgets, Limit(tokens=10_000), lambda model: None)
        self.turns = Turns(
            *(
                self.store,
                recalls,
                OneAssistant(self.assistant),
                self.changes,
                self.live_conversations,
                self.rights,
                now,
                self.draining,
            ),
            *(self.admission, self.budget),
        )
        self.changes.listeners.extend([self.rights.committed, self.live_conversations.committed, self.turns.committed])
        ports = self.store, self.store.customers, InMemoryDispatches(self.store, now)
        self.app = App(*ports, self.changes, self.live_conversations, self.rights, now, self.admission, recalls.begin)

    async def say(self, text: str = "How long can I return it?", source: str = "", **more: Any) -> Message:
        address = browser("b1", WEB)
        source = source or f"m{len(await self.history())}"
        _, message, _ = await self.app.receive_message(ACME, WEB, source, address, Content.of(text), **more)
        return message

    async def now(self) -> Conversation:
        return await self.store.open(ACME, browser("b1", WEB))

    async def history(self) -> list[Message]:
        return await self.store.messages(ACME, (await self.now()).id)

    def elsewhere(self) -> App:
        """Another process, which says nothing of what it commits."""
        rights = Rights(InMemoryReplicas(self.store), self.relay, "there")
        dispatches = InMemoryDispatches(self.store)
        return App(
            self.store,
            self.store.customers,
            dispatches,
            Changes(self.store),
            self.live_conversations,
            rights,
            lambda: NOW,
            Admission(),
        )

    async def work(self, seconds: float = 300) -> None:
        """Lets the workers run for a while."""
        workers = [asyncio.create_task(work()) for work in (self.turns.claim, self.turns.keep, self.rights.keep)]
        await asyncio.sleep(seconds)
        for worker in workers:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker


def test_a_turn_is_not_bound_by_the_deadline_of_the_call_that_began_it() -> None:
    async def play(c: Core) -> None:
        deadline.start(0.2)
        c.assistant.script = [[AssistantFailed("broken")], ["Within 30 days [1]."]]
        await c.say()
        await c.work(30)
        assert (await c.history())[-1].kind is MessageKind.ANSWER
        assert c.knowledge.had[-1] == 60.0

    core(play)


def core(play: Callable[[Core], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        await play(Core())

    run(whole())


def test_among_many_replies_one_is_read_on_at_each_beat() -> None:
    async def play(c: Core) -> None:
        loop = asyncio.get_running_loop()
        for others, beats in ((FREE_REPLIES - 1, 0), (FREE_REPLIES, 3)):
            c.live_conversations.running = others
            c.assistant.script = [["It ", "takes ", "30 days."]]
            start = loop.time()
            await c.say()
            await c.turns.drain()
            assert loop.time() - start == pytest.approx(beats * BEAT_SECONDS, abs=1e-6)
            assert (await c.history())[-1].text == "It takes 30 days."

    core(play)


@pytest.mark.parametrize("error", [asyncio.CancelledError(), ConnectionResetError()], ids=["the caller left", "the store died"])
def test_a_message_that_was_committed_unheard_is_answered_at_once_all_the_same(error: BaseException) -> None:
    async def play(c: Core) -> None:
        loop = asyncio.get_running_loop()
        await c.now()
        c.store.unheard = error
        start = loop.time()
        with pytest.raises(type(error)):
            await c.say()
        await asyncio.sleep(1.5)
        await c.turns.drain()
        assert loop.time() - start < 2
        assert len(await c.history()) == 2

    core(play)


def test_a_message_that_was_not_committed_is_not_shown_though_another_process_committed_something() -> None:
    async def play(c: Core) -> None:
        shown: list[Change] = []
        c.assistant.hold = asyncio.Event()
        await c.say()
        await asyncio.sleep(1)
        now = await c.now()
        assert now.turn is not None
        c.app.changes.listeners.append(shown.append)
        c.store.elsewhere = retry(now, now.turn, "another process gave it up", NOW)
        with pytest.raises(ConnectionResetError):
            await c.say("And to Norway?", "m2")
        await asyncio.sleep(FIND_OUT_SECONDS)
        assert shown == []
        assert len(await c.history()) == 1

    core(play)


def test_a_store_that_is_unavailable_while_a_turn_reads_costs_it_no_attempt() -> None:
    async def play(c: Core) -> None:
        await c.say()
        await c.turns.drain()
        source = f"m{len(await c.history())}"
        c.store.unread = 5
        await c.say("And to Norway?", source)
        await c.turns.drain()
        assert c.store.unread == 0
        assert (await c.history())[-1].kind is not MessageKind.HOLDING
        [turn, *_] = await c.store.turns(ACME, (await c.now()).id, None, 10)
        assert (turn.state, turn.attempt) == (TurnState.DONE, 1)

    core(play)


def test_a_commit_that_did_not_happen_is_looked_for_and_given_up() -> None:
    async def play(c: Core) -> None:
        await c.say()
        await c.turns.drain()
        c.store.lost = 1
        await c.say("And to Norway?")
        await c.turns.drain()
        await asyncio.sleep(60)
        assert not c.changes._finding_out
        assert [message.role for message in await c.history()][-2:] == [Role.CUSTOMER, Role.ASSISTANT]

    core(play)


def test_a_question_is_answered_with_its_sources() -> None:
    async def play(c: Core) -> None:
        c.assistant.script = [["It takes 30 ", "days [1", "].", Usage(7, 3)]]
        await c.say()
        await c.turns.drain()
        _, answer = await c.history()
        assert (answer.text, answer.kind, answer.role) == ("It takes 30 days [1].", MessageKind.ANSWER, Role.ASSISTANT)
        assert [source.text for source in answer.sources] == ["30 days."]
        [turn] = await c.store.turns(ACME, (await c.now()).id, None, 10)
        assert (turn.state, turn.assistant, turn.input_tokens, turn.output_tokens) == (TurnState.DONE, "scripted", 7, 3)
        assert [source.text for source in turn.recalled] == ["30 days.", "5 €."]
        assert c.live_conversations.running == 0
        assert not c.live_conversations._live_conversations

    core(play)


def test_whatever_a_customer_writes_while_others_are_answered_is_asked_until_it_is_answered() -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        for text in ("one", "two", "three"):  # the third is the last that supersedes a turn
            await c.say(text, source=text)
        await asyncio.sleep(1)
        for text in ("four", "five"):  # come while the first three are answered
            await c.say(text, source=text)
        c.assistant.hold.set()
        await asyncio.sleep(0)
        c.assistant.hold.clear()
        await asyncio.sleep(1)
        assert [m.role for m in await c.history()][-1] is Role.ASSISTANT
        await c.say("six", source="six")  # supersedes the turn that is about four and five
        await asyncio.sleep(1)
        c.assistant.hold.set()
        await c.turns.drain()
        assert c.assistant.prompts[-1].question == "four\nfive\nsix"
        told = [(m.role, m.text) for m in c.assistant.prompts[-1].history]
        assert [text for role, text in told if role is Role.CUSTOMER] == ["one", "two", "three", "four", "five", "six"]
        assert told[3][0] is Role.ASSISTANT

    core(play)


def test_the_assistant_is_told_what_was_said_but_no_notes() -> None:
    async def play(c: Core) -> None:
        await c.say("Hi there, everybody")
        await c.turns.drain()
        await c.app.add_note(ACME, (await c.now()).id, KIM, "Kim", Content.of("beware"), "n1")
        await c.say("And then?")
        await c.turns.drain()
        assert [m.text for m in c.assistant.prompts[1].history] == ["Hi there, everybody", "Certainly.", "And then?"]
        assert c.knowledge.asked == ["Hi there, everybody", "Hi there, everybody\nAnd then?"]

    core(play)


def test_a_repeated_message_is_taken_in_and_answered_once() -> None:
    async def play(c: Core) -> None:
        first = await c.say(source="same")
        await c.turns.drain()
        assert await c.say(source="same") == first
        await c.turns.drain()
        assert len(await c.history()) == 2
        assert len(c.assistant.prompts) == 1

    core(play)


def test_messages_at_once_are_all_kept_in_a_row() -> None:
    async def play(c: Core) -> None:
        await c.say("Hello")
        await asyncio.gather(*(c.say(f"{n}", source=f"at once {n}") for n in range(5)))
        await c.turns.drain()
        history = await c.history()
        assert [m.seq for m in history] == list(range(1, len(history) + 1))
        assert {m.text for m in history if m.role is Role.CUSTOMER} == {"Hello", *"01234"}
        assert history[-1].role is Role.ASSISTANT
        assert (await c.now()).turn is None

    core(play)


def test_an_answer_to_several_quick_messages_comes_once() -> None:
    async def play(c: Core) -> None:
        for n in range(3):
            await c.say(f"part {n}", quiet=timedelta(seconds=2))
        await c.work(10)
        assert [m.role for m in await c.history()] == [Role.CUSTOMER] * 3 + [Role.ASSISTANT]
        assert c.assistant.prompts[0].question == "part 0\npart 1\npart 2"

    core(play)


def test_a_turn_that_waits_for_more_begins_when_it_is_due_and_not_at_a_poll() -> None:
    async def play(c: Core) -> None:
        loop = asyncio.get_running_loop()
        for n in range(2):
            await c.say(f"part {n}", quiet=timedelta(seconds=1.2))
            await asyncio.sleep(0.5 * (1 - n))
        last = loop.time()
        while not c.assistant.prompts:  # noqa: ASYNC110  # the clock jumps
            await asyncio.sleep(0.001)
        assert 1.2 <= loop.time() - last < 1.21
        await c.turns.drain()
        assert [m.role for m in await c.history()] == [Role.CUSTOMER] * 2 + [Role.ASSISTANT]
        assert not c.turns._timers

    core(play)


def test_a_turn_that_waits_for_more_does_not_begin_once_a_human_has_it() -> None:
    async def play(c: Core) -> None:
        await c.say("Hello", quiet=timedelta(seconds=1.2))
        await c.app.take_conversation(ACME, (await c.now()).id, ROBIN, "Robin", None)
        assert not c.turns._timers
        await asyncio.sleep(3)
        assert c.assistant.prompts == []

    core(play)


@pytest.mark.parametrize("who", ["taken", "asked for a human", "closed"])
def test_nothing_is_said_once_a_human_has_it(who: str) -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        await asyncio.sleep(1)
        id = (await c.now()).id
        match who:
            case "taken":
                await c.app.take_conversation(ACME, id, ROBIN, "Robin", None)
            case "closed":
                await c.app.close_conversation(ACME, id)
            case _:
                await c.app.request_handover(ACME, id, "please")
        c.assistant.hold.set()
        await c.turns.drain()
        assert [m.role for m in await c.history()] == [Role.CUSTOMER]
        assert c.live_conversations.running == 0

    core(play)


def test_a_commit_that_another_process_made_throws_the_reply_away() -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        await asyncio.sleep(1)
        await c.elsewhere().take_conversation(ACME, (await c.now()).id, ROBIN, "Robin", None)
        c.assistant.hold.set()
        await c.turns.drain()
        assert [m.role for m in await c.history()] == [Role.CUSTOMER]

    core(play)


def test_a_reply_to_a_turn_that_another_process_ended_is_stopped() -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        await asyncio.sleep(1)
        await c.elsewhere().take_conversation(ACME, (await c.now()).id, ROBIN, "Robin", None)
        await c.work(2)
        assert c.live_conversations.running == 0, "the model is not asked to the end"

    core(play)


def test_a_reply_that_is_complete_is_stored_when_the_store_is_back() -> None:
    async def play(c: Core) -> None:
        c.store.lost = 3
        await c.say()
        await c.turns.drain()
        assert [m.text for m in await c.history()][1:] == ["Certainly."]
        assert len(c.assistant.prompts) == 1

    core(play)


def test_a_store_that_stays_unavailable_is_left_alone_when_the_lease_is_over() -> None:
    async def play(c: Core) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        c.store.lost = 1000
        await c.say()
        await c.turns.drain()
        assert LEASE.total_seconds() - BACKOFF.maximum <= loop.time() - start <= LEASE.total_seconds()
        assert len(await c.history()) == 1

    core(play)


def test_a_harmless_commit_while_the_assistant_writes_costs_nothing() -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        await asyncio.sleep(1)
        await c.app.tag_conversation(ACME, (await c.now()).id, ("vip",), ())
        c.assistant.hold.set()
        await c.turns.drain()
        assert [m.text for m in await c.history()][1:] == ["Certainly."]
        assert len(c.assistant.prompts) == 1

    core(play)


FAILURES: dict[str, list[Any]] = {
    "the model failed": [AssistantFailed("The model answered 500.")],
    "it broke in the middle": ["It takes ", AssistantFailed("The model's answer broke off.")],
    "it said nothing": [" ", Usage(1, 0)],
    "a bug": ["It", ValueError("secret details")],
}


@pytest.mark.parametrize("name", FAILURES)
def test_whatever_fails_is_tried_again(name: str) -> None:
    async def play(c: Core) -> None:
        c.assistant.script = [FAILURES[name], ["It takes 30 days [1]."]]
        await c.say()
        await c.work(20)
        assert [m.text for m in await c.history()][1:] == ["It takes 30 days [1]."]

    core(play)


@pytest.mark.parametrize("name", FAILURES)
def test_what_keeps_failing_ends_in_one_honest_notice_and_the_agents_queue(name: str) -> None:
    async def play(c: Core) -> None:
        c.assistant.script = [FAILURES[name]] * 9
        await c.say()
        await c.work(60)
        _, notice = await c.history()
        assert (notice.kind, notice.sources) == (MessageKind.HOLDING, ())
        assert (await c.now()).state is State.WAITING
        [turn] = await c.store.turns(ACME, (await c.now()).id, None, 10)
        assert (turn.state, turn.attempt) == (TurnState.FAILED, 3)
        assert "secret" not in turn.error
        assert len(c.assistant.prompts) == 3

    core(play)


def test_a_human_who_says_nothing_gives_what_is_open_back_to_the_assistant() -> None:
    async def play(c: Core) -> None:
        c.assistant.script = [[AssistantFailed("The model answered 500.")]] * 3
        await c.say("How long can I return it?")
        await c.work(60)
        id = (await c.now()).id
        await c.app.take_conversation(ACME, id, ROBIN, "Robin", None)
        await c.say("And what does it cost?", source="more")
        await c.app.add_note(ACME, id, KIM, "Kim", Content.of("No idea."), "n1")
        await c.app.return_to_assistant(ACME, id, ROBIN)
        await c.turns.drain()
        assert [m.text for m in await c.history()][-1] == "Certainly."
        assert c.assistant.prompts[-1].question == "How long can I return it?\nAnd what does it cost?"
        assert (await c.now()).state is State.AUTOMATED

    core(play)


def test_knowledge_that_is_unavailable_is_no_reason_to_make_something_up() -> None:
    async def play(c: Core) -> None:
        c.knowledge.unavailable = True
        await c.say()
        await c.work(60)
        assert [m.kind for m in await c.history()][1:] == [MessageKind.HOLDING]
        assert c.assistant.prompts == []

    core(play)


def test_a_reply_that_takes_more_than_a_minute_is_given_up_and_the_customer_told() -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        await c.work(WHOLE_SECONDS + 5)
        assert [m.kind for m in await c.history()][1:] == [MessageKind.HOLDING]
        [turn] = await c.store.turns(ACME, (await c.now()).id, None, 10)
        assert turn.error == "The assistant took longer than a minute."

    core(play)


def test_a_long_reply_keeps_its_lease() -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        asyncio.get_running_loop().call_later(50, c.assistant.hold.set)
        await c.work(55)
        assert [m.text for m in await c.history()][1:] == ["Certainly."]
        assert len(c.assistant.prompts) == 1

    core(play)


def test_a_turn_whose_worker_died_is_answered_by_another() -> None:
    async def play(c: Core) -> None:
        c.changes.listeners.remove(c.turns.committed)  # the process that took the message in is no more
        await c.say()
        await c.work(LEASE.total_seconds() - 2)
        assert len(await c.history()) == 1
        c.changes.listeners.append(c.turns.committed)
        await c.work(5)
        assert [m.text for m in await c.history()][1:] == ["Certainly."]

    core(play)


def test_a_turn_that_kills_every_worker_is_given_up() -> None:
    async def play(c: Core) -> None:
        c.changes.listeners.remove(c.turns.committed)
        await c.say()
        for _ in range(3):
            await asyncio.sleep(LEASE.total_seconds() + 1)
            await c.store.claim(LEASE, 10)  # by a process that dies at once
        c.changes.listeners.append(c.turns.committed)
        await c.work(LEASE.total_seconds() + 5)
        assert [m.kind for m in await c.history()][1:] == [MessageKind.HOLDING]
        assert c.assistant.prompts == []

    core(play)


def test_a_draining_process_claims_nothing_more_and_finishes_what_it_has() -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        await asyncio.sleep(1)
        c.draining.set()
        await c.turns.claim()
        asyncio.get_running_loop().call_later(5, c.assistant.hold.set)
        await c.turns.drain()
        assert len(await c.history()) == 2

    core(play)


def test_an_agents_message_is_said_once_and_its_request_id_is_no_other_messages() -> None:
    async def play(c: Core) -> None:
        await c.say()
        await c.turns.drain()
        id = (await c.now()).id
        with pytest.raises(ConversationNotAssigned):
            await c.app.post_message(ACME, id, ROBIN, Content.of("Hello"), "r1")
        await c.app.take_conversation(ACME, id, ROBIN, "Robin", None)
        posted = await asyncio.gather(*(c.app.post_message(ACME, id, ROBIN, Content.of("Hello"), "r1") for _ in range(4)))
        assert len({message.id for message in posted}) == 1
        with pytest.raises(RequestIdReused):
            await c.app.post_message(ACME, id, ROBIN, Content.of("Something else"), "r1")
        assert len(await c.history()) == 3

    core(play)


def test_the_assistants_words_may_not_leave_after_the_conversation_changed_hands() -> None:
    async def play(c: Core) -> None:
        await c.say()
        await c.turns.drain()
        question, answer = await c.history()
        id = (await c.now()).id
        assert await c.app.claim_dispatch(ACME, id, answer.id) == 1
        _, on_the_wire = await c.app.take_conversation(ACME, id, ROBIN, "Robin", None)
        assert on_the_wire == [answer.id]
        with pytest.raises(EpochPassed):
            await c.app.claim_dispatch(ACME, id, answer.id)
        assert await c.app.claim_dispatch(ACME, id, question.id) == 2
        said = await c.app.post_message(ACME, id, ROBIN, Content.of("Hello"), "r1")
        await c.app.return_to_assistant(ACME, id, ROBIN)
        assert await c.app.claim_dispatch(ACME, id, said.id) == 3

    core(play)


def test_a_conversation_in_which_others_are_always_faster_is_busy() -> None:
    class Contested(InMemoryConversations):
        tries = 0

        async def commit(self, change: Change) -> None:
            self.tries += 1
            raise Conflict

    async def play() -> None:
        store = Contested()
        c = await store.open(ACME, browser("b", WEB))
        with pytest.raises(ConversationBusy):
            await Changes(store).apply(ACME, c.id, lambda now: tag(now, ("a",), (), NOW))
        assert store.tries == MAX_TRIES

    run(play())


def test_a_list_of_messages_holds_none_that_its_token_will_tell_of_again() -> None:
    async def play(c: Core) -> None:
        await c.say()
        await c.turns.drain()
        id = (await c.now()).id
        listing = asyncio.create_task(c.app.list_messages(ACME, id, None, 50, None))
        await asyncio.sleep(0)
        await c.app.add_note(ACME, id, KIM, "Kim", Content.of("now"), "n1")
        messages, token = await listing
        assert token.seq == len(messages)

    core(play)


def test_the_search_that_began_with_the_message_is_the_one_the_answer_uses() -> None:
    async def play(c: Core) -> None:
        await c.say("How long can I return it?")
        await c.turns.drain()
        assert c.knowledge.asked == ["How long can I return it?"]
        assert not c.turns.recalls._begun

    core(play)


def test_a_search_that_no_one_asks_for_is_forgotten() -> None:
    async def play(c: Core) -> None:
        c.knowledge.unavailable = True
        for text in ("a b c d", "a b c d", "too short"):
            c.turns.recalls.begin(ACME, text)
        await asyncio.sleep(KEPT_SECONDS + 1)
        assert c.knowledge.asked == ["a b c d"]
        assert not c.turns.recalls._begun

    core(play)


def test_what_was_written_while_the_assistant_answered_is_a_question_of_its_own() -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        for n in range(1, 6):  # the third is answered, for the assistant is interrupted twice at most
            await c.say(f"question number {n}", source=f"q{n}")
            await asyncio.sleep(1)
        c.assistant.hold.set()
        await c.turns.drain()
        texts = [m.text for m in await c.history()]
        assert texts == [*(f"question number {n}" for n in range(1, 6)), "Certainly.", "Certainly."]
        last = c.assistant.prompts[-1]
        assert [m.text for m in last.history] == [*texts[:3], "Certainly.", *texts[3:5]]
        assert last.question == "question number 4\nquestion number 5"

    core(play)
