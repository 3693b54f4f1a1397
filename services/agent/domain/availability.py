"""Whether humans are there, as customers may know it: how many agents are online, and how long one usually waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from services.agent.domain.ids import ConversationId, QueueId

MAX_WAITING = 5000
"""How many waiting conversations are listed; those behind them have no place."""
RECENT = timedelta(hours=24)
"""Waits that ended longer ago say nothing about now."""
MAX_WAITS = 20
MIN_WAITS = 5
"""Fewer waits make no honest estimate."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in a queue."""

    queue: QueueId
    conversation: ConversationId
    since: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait that ended with an agent."""

    queue: QueueId
    ended: datetime
    length: timedelta


@dataclass(frozen=True, slots=True)
class Line:
    """A queue, as those who wait in it see it."""

    entries: tuple[Waiting, ...]
    usual_wait: timedelta | None
    """None: too few waits."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether humans are there."""

    agents_online: int
    lines: tuple[Line, ...]
    usual_wait: timedelta | None
    """Over all queues."""


def availability(agents_online: int, waiting: Sequence[Waiting], waits: Sequence[Wait]) -> Availability:
    """The lines of `waiting`, which is in the order of their places, with what recent `waits` say about them."""
    queues = dict.fromkeys(entry.queue for entry in waiting)
    lines = tuple(
        Line(
            tuple(entry for entry in waiting if entry.queue == queue),
            usual_wait([wait for wait in waits if wait.queue == queue]),
        )
        for queue in queues
    )
    return Availability(agents_online, lines, usual_wait(waits))


def usual_wait(waits: Sequence[Wait]) -> timedelta | None:
    """The median of the newest waits; None when they are too few."""
    newest = sorted(waits, key=lambda wait: wait.ended, reverse=True)[:MAX_WAITS]
    if len(newest) < MIN_WAITS:
        return None
    return timedelta(seconds=median(wait.length.total_seconds() for wait in newest))
