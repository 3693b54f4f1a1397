"""Custody of a conversation: the same news twice, old news, and news in an order that only happens under load."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kit.ids import OrganizationId
from services.agent.domain import custody as rules
from services.agent.domain.custody import Custody, HandoverState, HandoverTaken, Request
from services.agent.domain.facts import (
    AssignedMessageCreated,
    AssignmentFinished,
    AssignmentStarted,
    Author,
    Cause,
    HandoverAccepted,
    HandoverQueued,
    HandoverWithdrawn,
)
from services.agent.domain.ids import AgentId, AssignmentId, ConversationId, HandoverId, QueueId

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(seconds=90)
FIRST, SECOND = AgentId("a1"), AgentId("a2")
REQUEST = Request(
    "asked",
    "A customer",
    "organizations/acme/channels/web",
    "help",
    1,
    QueueId("default"),
    customer="organizations/acme/customers/k1",
)


def nobody() -> Custody:
    return Custody(OrganizationId("acme"), ConversationId("c1"))


def waiting() -> Custody:
    return rules.queue_up(nobody(), REQUEST, HandoverId("h1"), NOW).custody


def taken() -> Custody:
    return take(waiting(), FIRST, 2).custody


def take(custody: Custody, agent: AgentId, epoch: int) -> rules.Change:
    return rules.take(custody, agent, f"Agent {agent}", epoch, "", AssignmentId(f"s{epoch}"), LATER)


def kinds(change: rules.Change) -> list[type]:
    return [type(fact) for fact in change.facts]


def test_a_conversation_gets_in_line_once() -> None:
    first = rules.queue_up(nobody(), REQUEST, HandoverId("h1"), NOW)
    again = rules.queue_up(first.custody, replace(REQUEST, epoch=1), HandoverId("h2"), LATER)
    assert kinds(first) == [HandoverQueued]
    assert again == rules.Change(first.custody)


def test_taking_ends_the_waiting_and_begins_an_assignment() -> None:
    change = take(waiting(), FIRST, 2)
    accepted, started = change.facts
    assert isinstance(accepted, HandoverAccepted)
    assert isinstance(started, AssignmentStarted)
    assert (accepted.agent, accepted.wait_duration) == (FIRST, timedelta(seconds=90))
    assert change.custody.pending is None
    assert change.custody.current is not None
    assert change.custody.current.customer_display_name == "A customer"
    assert change.custody.current.customer == REQUEST.customer


def test_core_says_by_its_journal_what_its_answer_said_before() -> None:
    assert take(taken(), FIRST, 2) == rules.Change(taken())


def test_passing_on_ends_one_assignment_and_begins_another() -> None:
    change = take(taken(), SECOND, 3)
    assert kinds(change) == [AssignmentFinished, AssignmentStarted]
    assert change.ended is not None
    assert (change.ended.agent, change.ended.cause) == (FIRST, Cause.TRANSFERRED)


def test_old_news_of_an_earlier_owner_changes_nothing() -> None:
    passed_on = take(taken(), SECOND, 3).custody
    assert take(passed_on, FIRST, 2) == rules.Change(passed_on)
    returned = rules.release(passed_on, Cause.RETURNED, 4, LATER).custody
    assert take(returned, SECOND, 3) == rules.Change(returned)
    assert rules.queue_up(returned, replace(REQUEST, epoch=1), HandoverId("h9"), LATER) == rules.Change(returned)


def test_closing_what_waits_withdraws_it() -> None:
    change = rules.release(waiting(), Cause.RESOLVED, 2, LATER)
    assert kinds(change) == [HandoverWithdrawn]
    assert change.custody.handover is not None
    assert change.custody.handover.state is HandoverState.WITHDRAWN


def test_giving_back_twice_is_one_fact() -> None:
    first = rules.release(taken(), Cause.RETURNED, 3, LATER)
    assert kinds(first) == [AssignmentFinished]
    assert rules.release(first.custody, Cause.RETURNED, 3, LATER).facts == ()


def test_after_giving_back_a_conversation_can_wait_again() -> None:
    returned = rules.release(taken(), Cause.RETURNED, 3, LATER).custody
    change = rules.queue_up(returned, replace(REQUEST, epoch=4), HandoverId("h2"), LATER)
    assert kinds(change) == [HandoverQueued]
    assert kinds(take(change.custody, SECOND, 5)) == [HandoverAccepted, AssignmentStarted]


def test_an_agent_declines_once_and_it_waits_on() -> None:
    custody = waiting()
    assert custody.handover is not None
    declined = rules.decline(custody, custody.handover, FIRST, "not my field").custody
    assert declined.pending is not None
    assert declined.pending.declined_by == (FIRST,)
    assert rules.decline(declined, declined.pending, FIRST, "still not").facts == ()


def test_what_another_has_accepted_cannot_be_declined() -> None:
    custody = taken()
    assert custody.handover is not None
    with pytest.raises(HandoverTaken) as error:
        rules.decline(custody, custody.handover, SECOND, "")
    assert error.value.metadata["agent_display_name"] == "Agent a1"
    assert error.value.metadata["agent"] == "organizations/acme/agents/a1"


def test_unanswered_messages_count_up_until_the_agent_writes() -> None:
    custody = taken()
    for expected in (2, 3):
        change = rules.hear(custody, "m", Author.CUSTOMER, "hello?", LATER)
        custody = change.custody
        (fact,) = change.facts
        assert isinstance(fact, AssignedMessageCreated)
        assert fact.agent == FIRST
        assert custody.current
        assert custody.current.unanswered == expected
    assert rules.hear(custody, "m", Author.AGENT, "here", LATER).custody.assignment.unanswered == 0  # type: ignore[union-attr]


def test_while_it_waits_only_the_customer_is_heard() -> None:
    assert rules.hear(waiting(), "m", Author.ASSISTANT, "One moment.", NOW).facts == ()
    heard = rules.hear(waiting(), "m", Author.CUSTOMER, "x" * 300, NOW).custody
    assert heard.pending is not None
    assert len(heard.pending.preview) == 200
    assert rules.hear(nobody(), "m", Author.CUSTOMER, "hi", NOW).facts == ()
