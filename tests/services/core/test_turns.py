"""How a reply comes about: an assistant that follows a script, and a clock that jumps."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from kit import deadline
from kit.errors import RequestIdReused
from services.core.app.changes import FIND_OUT_SECONDS, MAX_TRIES, Changes
from services.core.app.live import BEAT_SECONDS, FREE_REPLIES
from services.core.app.outages import BACKOFF, SECONDS
from services.core.app.recalls import KEPT_SECONDS
from services.core.app.replies import REPLY_SECONDS
from services.core.domain import (
    LEASE,
    MAX_ATTEMPTS,
    Change,
    Content,
    ConversationBusy,
    ConversationNotAssigned,
    EpochPassed,
    MessageKind,
    Role,
    State,
    TurnState,
    retry,
    tag,
)
from services.core.ports.assistant import AssistantFailed, Usage
from services.core.ports.conversations import Conflict
from tests.services.core.conftest import Plays
from tests.services.core.world import Core, Losing
from tests.unit.core.making import ACME, KIM, NOW, ROBIN


def test_a_turn_is_not_bound_by_the_deadline_of_the_call_that_began_it(core: Plays) -> None:
    async def play(c: Core) -> None:
        deadline.start(0.2)
        c.assistant.script = [[AssistantFailed("broken")], ["Within 30 days [1]."]]
        await c.say()
        await c.work(30)
        assert (await c.history())[-1].kind is MessageKind.ANSWER
        assert c.knowledge.had[-1] == 60.0

    core(play)


def test_among_many_replies_one_is_read_on_at_each_interval(core: Plays) -> None:
    async def play(c: Core) -> None:
        loop = asyncio.get_running_loop()
        for others, beats in ((FREE_REPLIES - 1, 0), (FREE_REPLIES, 2)):
            c.live_conversations.running = others
            c.assistant.script = [["It ", "takes ", "30 days [1]."]]
            start = loop.time()
            await c.say()
            await c.turns.drain()
            assert loop.time() - start == pytest.approx(beats * BEAT_SECONDS, abs=1e-6)
            assert (await c.history())[-1].text == "It takes 30 days."

    core(play)


@pytest.mark.parametrize("error", [asyncio.CancelledError(), ConnectionResetError()], ids=["the caller left", "the store died"])
def test_a_message_that_was_committed_unheard_is_answered_at_once_all_the_same(core: Plays, error: BaseException) -> None:
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


def test_a_message_that_was_not_committed_is_not_shown_though_another_process_committed_something(core: Plays) -> None:
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


def test_a_store_that_is_unavailable_while_a_turn_reads_costs_it_no_attempt(core: Plays) -> None:
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


def test_a_commit_that_did_not_happen_is_looked_for_and_given_up(core: Plays) -> None:
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


def test_a_question_is_answered_with_its_sources(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.assistant.script = [["It takes 30 ", "days [1", "].", Usage(7, 3)]]
        await c.say()
        await c.turns.drain()
        _, answer = await c.history()
        assert (answer.text, answer.kind, answer.role) == ("It takes 30 days.", MessageKind.ANSWER, Role.ASSISTANT)
        assert [(cited.start, cited.end, cited.source.quote) for cited in answer.citations] == [(0, 16, "30 days.")]
        [turn] = await c.store.turns(ACME, (await c.now()).id, None, 10)
        assert (turn.state, turn.assistant, turn.input_tokens, turn.output_tokens) == (TurnState.DONE, "scripted", 7, 3)
        assert c.live_conversations.running == 0
        assert not c.live_conversations._live_conversations

    core(play)


def test_whatever_a_customer_writes_while_others_are_answered_is_asked_until_it_is_answered(core: Plays) -> None:
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


def test_the_assistant_gets_what_was_said_but_no_notes(core: Plays) -> None:
    async def play(c: Core) -> None:
        await c.say("Hi there, everybody")
        await c.turns.drain()
        await c.app.add_note(ACME, (await c.now()).id, KIM, "Kim", Content.of("beware"), "n1")
        await c.say("And then?")
        await c.turns.drain()
        assert [m.text for m in c.assistant.prompts[1].history] == ["Hi there, everybody", "Certainly.", "And then?"]
        assert c.knowledge.asked == ["everybody", "everybody\nAnd then?"], "what follows a greeting"

    core(play)


def test_a_repeated_message_is_accepted_and_answered_once(core: Plays) -> None:
    async def play(c: Core) -> None:
        first = await c.say(source="same")
        await c.turns.drain()
        assert await c.say(source="same") == first
        await c.turns.drain()
        assert len(await c.history()) == 2
        assert len(c.assistant.prompts) == 1

    core(play)


def test_messages_at_once_are_all_kept_in_a_row(core: Plays) -> None:
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


def test_an_answer_to_several_quick_messages_comes_once(core: Plays) -> None:
    async def play(c: Core) -> None:
        for n in range(3):
            await c.say(f"part {n}", quiet=timedelta(seconds=2))
        await c.work(10)
        assert [m.role for m in await c.history()] == [Role.CUSTOMER] * 3 + [Role.ASSISTANT]
        assert c.assistant.prompts[0].question == "part 0\npart 1\npart 2"

    core(play)


def test_a_turn_that_waits_for_more_begins_when_it_is_due_and_not_at_a_poll(core: Plays) -> None:
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


def test_a_turn_that_waits_for_more_does_not_begin_once_a_human_has_it(core: Plays) -> None:
    async def play(c: Core) -> None:
        await c.say("Hello", quiet=timedelta(seconds=1.2))
        await c.app.take_conversation(ACME, (await c.now()).id, ROBIN, "Robin", None)
        assert not c.turns._timers
        await asyncio.sleep(3)
        assert c.assistant.prompts == []

    core(play)


@pytest.mark.parametrize("who", ["taken", "asked for a human", "closed"])
def test_nothing_is_said_once_a_human_has_it(core: Plays, who: str) -> None:
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


def test_a_commit_that_another_process_made_throws_the_reply_away(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        await asyncio.sleep(1)
        await c.elsewhere().take_conversation(ACME, (await c.now()).id, ROBIN, "Robin", None)
        c.assistant.hold.set()
        await c.turns.drain()
        assert [m.role for m in await c.history()] == [Role.CUSTOMER]

    core(play)


def test_a_reply_to_a_turn_that_another_process_ended_is_stopped(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        await asyncio.sleep(1)
        await c.elsewhere().take_conversation(ACME, (await c.now()).id, ROBIN, "Robin", None)
        await c.work(2)
        assert c.live_conversations.running == 0, "the model is not asked to the end"

    core(play)


def test_a_reply_that_is_complete_is_stored_when_the_store_is_back(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.store.lost = 3
        await c.say()
        await c.turns.drain()
        assert [m.text for m in await c.history()][1:] == ["Certainly."]
        assert len(c.assistant.prompts) == 1

    core(play)


def test_a_store_that_stays_unavailable_is_left_alone_after_five_minutes(core: Plays) -> None:
    async def play(c: Core) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        c.store.lost = 1000
        await c.say()
        await c.turns.drain()
        assert SECONDS - BACKOFF.maximum <= loop.time() - start <= SECONDS
        assert len(await c.history()) == 1

    core(play)


def test_outages_of_the_store_cost_a_turn_no_attempt(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        for _ in range(MAX_ATTEMPTS + 1):
            c.store.gone = True
            await c.work(LEASE.total_seconds() + 5)
            c.store.gone = False
            await c.work(LEASE.total_seconds() / 2)
        c.store.gone = True
        c.assistant.hold.set()
        await c.work(LEASE.total_seconds() + 5)
        c.store.gone = False
        await c.work(2)
        assert [m.text for m in await c.history()][1:] == ["Certainly."]
        assert len(c.assistant.prompts) == 1
        [turn] = await c.store.turns(ACME, (await c.now()).id, None, 10)
        assert (turn.state, turn.attempt) == (TurnState.DONE, 1)

    core(play)


def test_a_turn_whose_worker_died_in_an_outage_is_answered_half_a_lease_after_it(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.changes.listeners.remove(c.turns.committed)
        await c.say()
        c.store.gone = True
        await c.work(LEASE.total_seconds() + 5)
        c.store.gone = False
        c.changes.listeners.append(c.turns.committed)
        await c.work(LEASE.total_seconds() / 2 - 2)
        assert len(await c.history()) == 1, "its worker may still live"
        await c.work(4)
        assert [m.text for m in await c.history()][1:] == ["Certainly."]

    core(play)


def test_a_claim_whose_conversation_can_not_be_read_at_once_is_no_lost_attempt(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.changes.listeners.remove(c.turns.committed)
        await c.say()
        c.changes.listeners.append(c.turns.committed)
        await asyncio.sleep(LEASE.total_seconds() + 1)
        c.store.unloaded = 3
        await c.work(5)
        assert c.store.unloaded == 0
        assert [m.text for m in await c.history()][1:] == ["Certainly."]
        [turn] = await c.store.turns(ACME, (await c.now()).id, None, 10)
        assert (turn.state, turn.attempt) == (TurnState.DONE, 2)

    core(play)


def test_a_harmless_commit_while_the_assistant_writes_costs_nothing(core: Plays) -> None:
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
def test_whatever_fails_is_tried_again(core: Plays, name: str) -> None:
    async def play(c: Core) -> None:
        c.assistant.script = [FAILURES[name], ["It takes 30 days [1]."]]
        await c.say()
        await c.work(20)
        assert [m.text for m in await c.history()][1:] == ["It takes 30 days."]

    core(play)


@pytest.mark.parametrize("name", FAILURES)
def test_what_keeps_failing_ends_in_one_honest_notice_and_the_agents_queue(core: Plays, name: str) -> None:
    async def play(c: Core) -> None:
        c.assistant.script = [FAILURES[name]] * 9
        await c.say()
        await c.work(60)
        _, notice = await c.history()
        assert (notice.kind, notice.citations) == (MessageKind.HOLDING, ())
        assert (await c.now()).state is State.WAITING
        [turn] = await c.store.turns(ACME, (await c.now()).id, None, 10)
        assert (turn.state, turn.attempt) == (TurnState.FAILED, 3)
        assert "secret" not in turn.error
        assert len(c.assistant.prompts) == 3

    core(play)


def test_a_human_who_says_nothing_gives_what_is_open_back_to_the_assistant(core: Plays) -> None:
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


def test_knowledge_that_is_unavailable_is_no_reason_to_make_something_up(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.knowledge.unavailable = True
        await c.say()
        await c.work(60)
        assert [m.kind for m in await c.history()][1:] == [MessageKind.HOLDING]
        assert c.assistant.prompts == []

    core(play)


def test_a_reply_without_a_sentence_in_five_minutes_is_given_up_and_the_customer_learns_it(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        await c.work(REPLY_SECONDS + 5)
        assert [m.kind for m in await c.history()][1:] == [MessageKind.HOLDING]
        [turn] = await c.store.turns(ACME, (await c.now()).id, None, 10)
        assert turn.error == "The assistant took longer than 300 seconds."

    core(play)


def test_a_long_reply_keeps_its_lease(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.assistant.hold = asyncio.Event()
        await c.say()
        asyncio.get_running_loop().call_later(290, c.assistant.hold.set)
        await c.work(295)
        assert [m.text for m in await c.history()][1:] == ["Certainly."]
        assert len(c.assistant.prompts) == 1

    core(play)


def test_a_turn_whose_worker_died_is_answered_by_another(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.changes.listeners.remove(c.turns.committed)  # the process that took the message in is no more
        await c.say()
        await c.work(LEASE.total_seconds() - 2)
        assert len(await c.history()) == 1
        c.changes.listeners.append(c.turns.committed)
        await c.work(5)
        assert [m.text for m in await c.history()][1:] == ["Certainly."]

    core(play)


def test_a_turn_that_kills_every_worker_is_given_up(core: Plays) -> None:
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


def test_a_draining_process_claims_nothing_more_and_finishes_what_it_has(core: Plays) -> None:
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


def test_an_agents_message_is_said_once_and_its_request_id_is_no_other_messages(core: Plays) -> None:
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


def test_the_assistants_words_may_not_leave_after_the_conversation_changed_hands(core: Plays) -> None:
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


def test_a_conversation_in_which_others_are_always_faster_is_busy(core: Plays) -> None:
    class Contested(Losing):
        tries = 0

        async def commit(self, change: Change) -> None:
            self.tries += 1
            raise Conflict

    async def play(c: Core) -> None:
        store = Contested(c.pool, lambda: NOW)
        with pytest.raises(ConversationBusy):
            await Changes(store).apply(ACME, (await c.now()).id, lambda now: tag(now, ("a",), (), NOW))
        assert store.tries == MAX_TRIES

    core(play)


def test_a_list_of_messages_holds_none_that_its_token_will_return_again(core: Plays) -> None:
    async def play(c: Core) -> None:
        await c.say()
        await c.turns.drain()
        id = (await c.now()).id
        c.store.meanwhile = lambda: c.app.add_note(ACME, id, KIM, "Kim", Content.of("now"), "n1")
        messages, token = await c.app.list_messages(ACME, id, None, 50, None)
        assert token.seq == len(messages)

    core(play)


def test_the_search_that_began_with_the_message_is_the_one_the_answer_uses(core: Plays) -> None:
    async def play(c: Core) -> None:
        await c.say("How long can I return it?")
        await c.turns.drain()
        assert c.knowledge.asked == ["How long can I return it?"]
        assert not c.turns.lookups.recalls._begun

    core(play)


def test_a_search_that_no_one_asks_for_is_forgotten(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.knowledge.unavailable = True
        for text in ("a b c d", "a b c d", "too short"):
            c.turns.lookups.recalls.begin(ACME, text)
        await asyncio.sleep(KEPT_SECONDS + 1)
        assert c.knowledge.asked == ["a b c d"]
        assert not c.turns.lookups.recalls._begun

    core(play)


def test_what_was_written_while_the_assistant_answered_is_a_question_of_its_own(core: Plays) -> None:
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


@pytest.mark.parametrize(
    ("said", "state", "answer"),
    [
        ("Ja gerne", State.WAITING, "Ich habe unser Team gebeten, zu übernehmen: Sie erhalten die Antwort hier."),
        ("Nein danke", State.AUTOMATED, "In Ordnung. Schreiben Sie mir, wenn Sie noch eine Frage haben."),
    ],
)
def test_an_answer_to_the_offer_of_a_human_is_understood_by_rule(core: Plays, said: str, state: State, answer: str) -> None:
    async def play(c: Core) -> None:
        c.assistant.script = [["[unknown] Das weiß ich leider nicht. Möchten Sie mit einem Menschen sprechen?", Usage(1, 1)]]
        await c.say("Verkaufen Sie Zebras?")
        await c.turns.drain()
        await c.say(said)
        await c.turns.drain()
        assert (await c.now()).state is state
        assert [message.text for message in await c.history()][3:] == [answer]
        assert len(c.assistant.prompts) == 1, "no model is asked"

    core(play)


def test_a_yes_to_another_question_is_the_assistants_to_answer(core: Plays) -> None:
    async def play(c: Core) -> None:
        c.assistant.script = [["Do you have a receipt?", Usage(1, 1)], ["Good [1].", Usage(1, 1)]]
        await c.say("Can I return this?")
        await c.turns.drain()
        await c.say("yes")
        await c.turns.drain()
        assert (await c.now()).state is State.AUTOMATED
        assert (await c.history())[-1].text == "Good."

    core(play)
