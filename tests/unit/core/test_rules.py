"""Every rule in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from services.core.domain import (
    HOLDING_TEXT,
    MAX_ATTEMPTS,
    Capabilities,
    Change,
    Content,
    Conversation,
    ConversationIsClosed,
    ConversationIsTaken,
    ConversationNotAssigned,
    HandoverRequested,
    MessageCreated,
    MessageKind,
    Role,
    State,
    TooManyTags,
    TurnLost,
    TurnState,
    close,
    finish,
    note,
    post,
    receive,
    reopen,
    request_handover,
    retry,
    return_to_assistant,
    signed,
    tag,
    take,
)
from services.core.domain.content import Attachment, Interactive, Option, Part, Text
from services.core.domain.problems import PartNotCarried, WindowClosed
from tests.unit.core.making import KIM, NOW, REPLY, ROBIN, answering, conversation, later, turn

A, W, S, C = State.AUTOMATED, State.WAITING, State.ASSIGNED, State.CLOSED
Rule = Callable[[Conversation], Change | None]


def facts(change: Change) -> list[str]:
    return [type(fact).__name__ for fact in change.facts]


def made(change: Change | None) -> Change:
    assert change is not None
    return change


RULES: dict[str, Rule] = {
    "receive": lambda c: receive(c, Content.of("Hi"), "s", NOW),
    "request_handover": lambda c: request_handover(c, "why", NOW),
    "take by robin": lambda c: take(c, ROBIN, "Robin", None, NOW),
    "take by kim": lambda c: take(c, KIM, "Kim", None, NOW),
    "take by kim from robin": lambda c: take(c, KIM, "Kim", ROBIN, NOW),
    "return by robin": lambda c: return_to_assistant(c, ROBIN, NOW),
    "return by kim": lambda c: return_to_assistant(c, KIM, NOW),
    "close": lambda c: close(c, NOW),
    "reopen": lambda c: reopen(c, NOW),
    "post by robin": lambda c: post(c, ROBIN, Content.of("Hi"), "r", NOW),
    "post by kim": lambda c: post(c, KIM, Content.of("Hi"), "r", NOW),
    "note": lambda c: note(c, KIM, "Kim", Content.of("Hi"), "r", NOW),
}
# A rule's result for AUTOMATED, WAITING, ASSIGNED (to robin) and CLOSED: the state after, None for no change, or a refusal.
OUTCOMES: dict[str, tuple[object, object, object, object]] = {
    "receive": (A, W, S, A),
    "request_handover": (W, None, None, ConversationIsClosed),
    "take by robin": (S, S, None, ConversationIsClosed),
    "take by kim": (S, S, ConversationIsTaken, ConversationIsClosed),
    "take by kim from robin": (ConversationNotAssigned, ConversationNotAssigned, S, ConversationIsClosed),
    "return by robin": (None, ConversationNotAssigned, A, ConversationIsClosed),
    "return by kim": (None, ConversationNotAssigned, ConversationNotAssigned, ConversationIsClosed),
    "close": (C, C, C, None),
    "reopen": (None, None, None, A),
    "post by robin": (ConversationNotAssigned, ConversationNotAssigned, S, ConversationIsClosed),
    "post by kim": (ConversationNotAssigned, ConversationNotAssigned, ConversationNotAssigned, ConversationIsClosed),
    "note": (A, W, S, C),
}


@pytest.mark.parametrize("state", [A, W, S, C])
@pytest.mark.parametrize("name", RULES)
def test_every_rule_in_every_state(name: str, state: State) -> None:
    expected = OUTCOMES[name][[A, W, S, C].index(state)]
    before = conversation(state, last_seq=3, revision=7)
    if isinstance(expected, type):
        with pytest.raises(expected):
            RULES[name](before)
        return
    change = RULES[name](before)
    if expected is None:
        assert change is None
        return
    after = made(change).after
    assert after.state == expected
    assert after.revision == 8
    assert (after.state is S) == (after.agent is not None)
    changed_hands = (before.state, before.agent) != (after.state, after.agent)
    assert after.epoch == before.epoch + changed_hands
    assert all(fact.conversation == after for fact in made(change).facts)
    assert made(change).facts


@pytest.mark.parametrize("name", ["request_handover", "take by robin", "close"])
@pytest.mark.parametrize("state", [TurnState.PENDING, TurnState.RUNNING])
def test_silencing_the_assistant_cancels_its_turn(name: str, state: TurnState) -> None:
    change = made(RULES[name](answering(state=state)))
    assert change.after.turn is None
    assert [(t.state, t.finished) for t in change.turns] == [(TurnState.CANCELLED, NOW)]
    assert facts(change)[0] == "TurnEnded"


def test_a_message_obliges_the_assistant_at_once() -> None:
    change = receive(conversation(), Content.of("Hi"), "s", NOW, request_id="r")
    [message] = change.messages
    assert (message.seq, message.role, message.text, message.request_id, message.epoch) == (1, Role.CUSTOMER, "Hi", "r", 1)
    open_turn = change.after.turn
    assert open_turn is not None
    assert (open_turn.state, open_turn.attempt, open_turn.answers_seq, open_turn.due) == (TurnState.RUNNING, 1, 1, NOW)
    assert change.turns == (open_turn,)
    assert facts(change) == ["TurnStarted", "MessageCreated"]


def test_quiet_time_grows_with_each_message_and_keeps_one_pending_turn() -> None:
    quiet = timedelta(seconds=2)
    first = receive(conversation(), Content.of("One"), "s1", NOW, quiet=quiet)
    second = receive(first.after, Content.of("Two"), "s2", later(1), quiet=quiet)
    assert first.after.turn is not None
    assert second.after.turn is not None
    assert (first.after.turn.state, first.after.turn.attempt, first.after.turn.due) == (TurnState.PENDING, 0, later(2))
    assert (second.after.turn.id, second.after.turn.due, second.after.turn.answers_seq) == (first.after.turn.id, later(3), 2)
    assert facts(second) == ["MessageCreated"]


def test_who_never_stops_writing_is_answered_after_five_seconds() -> None:
    quiet = timedelta(seconds=2)
    now = receive(conversation(), Content.of("0"), "s0", NOW, quiet=quiet).after
    dues = []
    for second in range(1, 7):
        now = receive(now, Content.of(str(second)), f"s{second}", later(second), quiet=quiet).after
        assert now.turn is not None
        dues.append(now.turn.due)
    assert dues == [later(3), later(4), later(5), later(5), later(5), later(5)]


def test_a_message_never_makes_a_turn_due_earlier() -> None:
    waiting = answering(state=TurnState.PENDING)
    waiting = replace(waiting, turn=turn(TurnState.PENDING, attempt=2))
    assert waiting.turn is not None
    waiting = replace(waiting, turn=replace(waiting.turn, due=later(60)))
    change = receive(waiting, Content.of("Hurry"), "s", NOW)
    assert change.after.turn is not None
    assert (change.after.turn.due, change.after.turn.attempt) == (later(60), 2)


def test_quick_messages_supersede_twice_and_then_the_assistant_answers() -> None:
    current = conversation()
    turns = []
    for n in range(4):
        change = receive(current, Content.of(f"{n}"), f"s{n}", NOW)
        current = change.after
        assert current.turn is not None
        turns.append(current.turn)
    assert [t.supersedes for t in turns] == [0, 1, 2, 2]
    assert turns[2].id == turns[3].id
    assert [t.answers_seq for t in turns] == [1, 2, 3, 3]
    done = finish(current, turns[2], REPLY, NOW)
    assert [t.state for t in done.turns] == [TurnState.DONE, TurnState.RUNNING]
    assert done.after.turn is not None
    assert (done.after.turn.answers_seq, done.after.turn.supersedes) == (4, 0)
    assert facts(done) == ["TurnEnded", "MessageCreated", "TurnStarted"]


def test_superseding_writes_that_one_turn_ended_and_another_began() -> None:
    change = receive(answering(), Content.of("Wait"), "s", NOW)
    assert [t.state for t in change.turns] == [TurnState.SUPERSEDED, TurnState.RUNNING]
    assert facts(change) == ["TurnEnded", "TurnStarted", "MessageCreated"]


def test_a_message_reopens_a_closed_conversation() -> None:
    change = receive(conversation(C, epoch=4), Content.of("Hi"), "s", NOW)
    assert (change.after.state, change.after.epoch) == (A, 5)
    assert change.after.turn is not None
    assert change.after.turn.epoch == change.messages[0].epoch == 5
    assert facts(change) == ["ConversationReopened", "TurnStarted", "MessageCreated"]


@pytest.mark.parametrize("state", [W, S])
def test_a_message_to_humans_obliges_no_one(state: State) -> None:
    change = receive(conversation(state), Content.of("Hi"), "s", NOW)
    assert change.after.turn is None
    assert facts(change) == ["MessageCreated"]


def test_a_reply_is_said_once_with_what_it_rests_on() -> None:
    before = answering()
    assert before.turn is not None
    change = finish(before, before.turn, REPLY, later(3))
    [message] = change.messages
    assert (message.seq, message.role, message.source, message.turn) == (2, Role.ASSISTANT, "turn/t1/1", "t1")
    assert (message.markdown, message.kind, message.epoch) == (True, MessageKind.ANSWER, 1)
    [done] = change.turns
    assert (done.state, done.finished, done.assistant, done.input_tokens, done.output_tokens) == (
        *(TurnState.DONE, later(3), "scripted"),
        *(3, 4),
    )
    assert change.after.turn is None
    assert facts(change) == ["TurnEnded", "MessageCreated"]


LOST: dict[str, Conversation] = {
    "no turn": replace(answering(), turn=None),
    "another turn": replace(answering(), turn=replace(turn(), id="t2")),  # type: ignore[arg-type]
    "another attempt": answering(attempt=2),
    "put back": answering(state=TurnState.PENDING),
    "waiting": replace(answering(), state=W),
    "taken": replace(answering(), state=S, agent=ROBIN),
    "closed": replace(answering(), state=C),
    "another epoch": replace(answering(), epoch=2),
}


@pytest.mark.parametrize("name", LOST)
def test_a_reply_that_comes_too_late_is_thrown_away(name: str) -> None:
    with pytest.raises(TurnLost):
        finish(LOST[name], turn(), REPLY, NOW)
    with pytest.raises(TurnLost):
        retry(LOST[name], turn(), "broken", NOW)


def test_a_turn_that_fails_waits_longer_each_time_and_then_humans_are_asked() -> None:
    current = answering()
    for attempt in range(1, MAX_ATTEMPTS):
        assert current.turn is not None
        change = retry(current, current.turn, "broken" * 200, NOW)
        [waiting] = change.turns
        assert (waiting.state, waiting.due, waiting.attempt) == (TurnState.PENDING, later(attempt), attempt)
        assert len(waiting.error) == 500
        assert not change.facts
        claimed = replace(waiting, state=TurnState.RUNNING, attempt=attempt + 1)
        current = replace(change.after, turn=claimed, revision=change.after.revision + 1)
    assert current.turn is not None
    change = retry(current, current.turn, "broken", NOW)
    assert (change.after.state, change.after.turn) == (W, None)
    assert [t.state for t in change.turns] == [TurnState.FAILED]
    [message] = change.messages
    assert (message.kind, message.text, message.role) == (MessageKind.HOLDING, HOLDING_TEXT, Role.ASSISTANT)
    assert facts(change) == ["TurnEnded", "MessageCreated", "HandoverRequested"]


def test_a_turn_that_has_taken_too_long_is_not_tried_again() -> None:
    before = answering()
    assert before.turn is not None
    change = retry(before, before.turn, "silent", NOW, again=False)
    assert [message.kind for message in change.messages] == [MessageKind.HOLDING]


def test_a_handover_says_why() -> None:
    change = made(request_handover(answering(), "please", NOW))
    assert change.facts[-1] == HandoverRequested(change.after)
    assert change.after.handover_reason == "please"


def test_taking_and_returning_forget_why_a_human_was_asked() -> None:
    waiting = conversation(W, handover_reason="please")
    taken = made(take(waiting, ROBIN, "Robin", None, NOW)).after
    assert (taken.agent, taken.agent_display_name, taken.handover_reason) == (ROBIN, "Robin", "")
    returned = made(return_to_assistant(taken, ROBIN, NOW)).after
    assert (returned.agent, returned.agent_display_name, returned.epoch) == (None, "", 3)


def asked_again(c: Conversation) -> Conversation:
    return receive(c, Content.of("And?"), "channel/web/2", NOW).after


OPEN: dict[str, tuple[Callable[[Conversation], Conversation], bool]] = {
    "nothing was said since": (lambda c: c, True),
    "a note was written": (lambda c: note(c, ROBIN, "Robin", Content.of("Hm"), "r", NOW).after, True),
    "the human answered": (lambda c: post(c, ROBIN, Content.of("Hi"), "r", NOW).after, False),
    "the human answered, and the customer asked on": (
        lambda c: asked_again(post(c, ROBIN, Content.of("Hi"), "r", NOW).after),
        True,
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_no_one_has_answered_is_answered_when_a_human_gives_the_conversation_back(name: str) -> None:
    happens, open = OPEN[name]
    before = happens(made(take(answering(), ROBIN, "Robin", None, NOW)).after)
    change = made(return_to_assistant(before, ROBIN, NOW))
    assert facts(change) == ["ConversationReturned", *["TurnStarted"] * open]
    assert change.after.turn == next(iter(change.turns), None)
    assert [(t.state, t.epoch, t.answers_seq, t.attempt) for t in change.turns] == [
        (TurnState.RUNNING, 3, change.after.last_customer_seq, 1)
    ] * open


def test_what_the_assistant_has_answered_or_a_human_closed_is_not_answered_when_it_is_given_back() -> None:
    before = answering()
    assert before.turn is not None
    answered = finish(before, before.turn, REPLY, NOW).after
    reopened = made(reopen(made(close(answering(), NOW)).after, NOW)).after
    for c in (answered, reopened):
        taken = made(take(c, ROBIN, "Robin", None, NOW)).after
        assert not made(return_to_assistant(taken, ROBIN, NOW)).turns


def test_an_agents_message_has_the_agents_name_and_a_note_is_hidden() -> None:
    said = post(conversation(S), ROBIN, Content.of("Hello"), "r1", NOW).messages[0]
    assert (said.author, said.author_display_name, said.note, said.source) == (ROBIN, "Robin", False, "agent/robin/r1")
    hidden = note(conversation(S), KIM, "Kim", Content.of("Hm"), "r1", NOW).messages[0]
    assert (hidden.author, hidden.author_display_name, hidden.note, hidden.source) == (KIM, "Kim", True, "agent/kim/r1")


def test_a_note_leaves_the_assistants_turn_alone() -> None:
    before = answering()
    change = note(before, KIM, "Kim", Content.of("Hm"), "r1", NOW)
    assert change.after.turn == before.turn
    assert change.after.last_customer_seq == 1


def test_tags_keep_their_order_come_once_and_are_bounded() -> None:
    before = conversation(tags=("a", "b"))
    assert made(tag(before, ("c", "a"), ("b",), NOW)).after.tags == ("a", "c")
    assert tag(before, ("a",), ("x",), NOW) is None
    assert tag(before, ("c",), ("c",), NOW) is None
    many = tuple(f"t{n}" for n in range(20))
    assert made(tag(conversation(), many, (), NOW)).after.tags == many
    with pytest.raises(TooManyTags):
        tag(conversation(tags=many), ("one more",), (), NOW)
    assert len(made(tag(conversation(tags=many), ("one more",), ("t0",), NOW)).after.tags) == 20


LIMITED = Capabilities(files=False, max_options=2, window_closes=later(60))


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (Attachment(), "PART_NOT_CARRIED"),
        (Interactive((Option("a", "A"), Option("b", "B"), Option("c", "C"))), "PART_NOT_CARRIED"),
        (Interactive((Option("a", "A"), Option("b", "B"))), ""),
        (Text("Hi"), ""),
    ],
)
def test_a_part_that_the_customers_channel_cannot_carry_is_refused(part: Part, reason: str) -> None:
    assigned = conversation(State.ASSIGNED, capabilities=LIMITED)
    if not reason:
        assert post(assigned, ROBIN, Content((part,)), "r", NOW).messages
        return
    with pytest.raises(PartNotCarried) as caught:
        post(assigned, ROBIN, Content((part,)), "r", NOW)
    assert caught.value.reason == reason
    assert post(replace(assigned, capabilities=None), ROBIN, Content((part,)), "r", NOW).messages
    assert note(assigned, ROBIN, "Robin", Content((part,)), "r", NOW).messages, "a note stays here"


def test_the_window_closes_and_opens_when_the_customer_writes() -> None:
    assigned = conversation(State.ASSIGNED, capabilities=LIMITED)
    assert post(assigned, ROBIN, Content.of("Hi"), "r", later(59)).messages
    with pytest.raises(WindowClosed):
        post(assigned, ROBIN, Content.of("Hi"), "r", later(60))
    opened = replace(LIMITED, window_closes=later(200))
    after = receive(assigned, Content.of("Me again"), "s", later(100), capabilities=opened).after
    assert post(after, ROBIN, Content.of("Hi"), "r", later(101)).messages
    assert receive(after, Content.of("And"), "s2", later(102)).after.capabilities == opened
    late = receive(after, Content.of("Delayed"), "s3", later(103), capabilities=LIMITED).after
    assert late.capabilities == opened, "an older message that arrives late closes no window"


def test_a_request_for_a_human_in_words_puts_the_conversation_in_line_at_once() -> None:
    change = receive(answering(), Content.of("Can I talk to a human, please?"), "s", NOW)
    assert (change.after.state, change.after.turn) == (W, None)
    assert change.after.handover_reason == "Can I talk to a human, please?"
    assert facts(change)[-2:] == ["MessageCreated", "HandoverRequested"]
    assert [each.state for each in change.turns] == [TurnState.CANCELLED]


def test_a_request_for_a_human_reopens_a_closed_conversation_for_agents() -> None:
    assert receive(conversation(C), Content.of("operator"), "s", NOW).after.state is W


@pytest.mark.parametrize("state", [W, S])
def test_a_request_for_a_human_changes_nothing_where_agents_have_it(state: State) -> None:
    change = receive(conversation(state), Content.of("operator"), "s", NOW)
    assert (change.after.state, facts(change)) == (state, ["MessageCreated"])


def test_a_file_named_like_a_request_is_none() -> None:
    assert receive(conversation(A), Content((Attachment(file_name="operator"),)), "s", NOW).after.state is A


def test_the_assistants_messages_carry_its_name() -> None:
    before = answering()
    assert before.turn is not None
    change = signed(finish(before, before.turn, REPLY, NOW), "Fern")
    assert [message.author_display_name for message in change.messages] == ["Fern"]
    told = [fact.message.author_display_name for fact in change.facts if isinstance(fact, MessageCreated)]
    assert told == ["Fern"]
    assert signed(change, "") is change
