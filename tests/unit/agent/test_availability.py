"""The part of agents and lines that customers may know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.agent.domain.availability import MAX_WAITS, MIN_WAITS, Wait, Waiting, availability, usual_wait
from services.agent.domain.ids import ConversationId, QueueId

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def waits(*minutes: int, queue: str = "default") -> list[Wait]:
    """Waits of some lengths, the newest last."""
    return [Wait(QueueId(queue), NOW + timedelta(minutes=n), timedelta(minutes=each)) for n, each in enumerate(minutes)]


def test_a_few_waits_say_nothing() -> None:
    assert usual_wait(waits(*range(MIN_WAITS - 1))) is None
    assert usual_wait(waits(1, 2, 3, 4, 100)) == timedelta(minutes=3)


def test_only_the_newest_waits_count() -> None:
    assert usual_wait(waits(*[100] * 30, *[2] * MAX_WAITS)) == timedelta(minutes=2)


def test_each_queue_is_a_line_of_its_own() -> None:
    waiting = [Waiting(QueueId(queue), ConversationId(id), NOW) for queue, id in (("a", "1"), ("b", "2"), ("a", "3"))]
    found = availability(2, waiting, [*waits(1, 1, 1, 1, 1, queue="a"), *waits(9, queue="b")])
    assert [[entry.conversation for entry in line.entries] for line in found.lines] == [["1", "3"], ["2"]]
    assert [line.usual_wait for line in found.lines] == [timedelta(minutes=1), None]
    assert (found.agents_online, found.usual_wait) == (2, timedelta(minutes=1))
