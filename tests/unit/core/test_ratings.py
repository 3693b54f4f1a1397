"""The rules of ratings, and of leaving the line."""

from __future__ import annotations

from services.core.domain import ConversationReturned, State, TurnState, erase, leave_line, rate
from tests.unit.core.making import NOW, conversation


def test_an_erased_conversation_keeps_the_score_and_loses_the_comment() -> None:
    rated = rate(conversation(), 2, "My name is Sam", NOW)
    assert rated is not None
    erased = erase(rated.after, NOW).after
    assert (erased.rating, erased.rating_comment) == (2, "")


def test_leaving_the_line_is_the_customers_doing_and_raises_the_epoch() -> None:
    waiting = conversation(State.WAITING, last_seq=3, last_customer_seq=3, answered_seq=1)
    left = leave_line(waiting, 1, NOW)
    assert left is not None
    assert (left.after.state, left.after.epoch) == (State.AUTOMATED, waiting.epoch + 1)
    assert left.actor == f"customers/{waiting.customer}"
    assert isinstance(left.facts[0], ConversationReturned)
    assert [turn.state for turn in left.turns] == [TurnState.RUNNING]


def test_where_nothing_is_open_no_turn_begins() -> None:
    waiting = conversation(State.WAITING, last_seq=3, last_customer_seq=3, answered_seq=1)
    left = leave_line(waiting, 3, NOW)
    assert left is not None
    assert (left.turns, left.after.unanswered) == ((), False)
    blocked = leave_line(conversation(State.WAITING, blocked=True, last_customer_seq=3, last_seq=3), 0, NOW)
    assert blocked is not None
    assert blocked.turns == ()


def test_only_a_waiting_conversation_leaves_the_line() -> None:
    for state in (State.AUTOMATED, State.CLOSED):
        assert leave_line(conversation(state), 0, NOW) is None
