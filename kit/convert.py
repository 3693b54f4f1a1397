"""Values as the types that all contracts have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

if TYPE_CHECKING:  # with redis-py, which services that keep no journal need not load
    from kit.journal import Record

Event = TypeVar("Event")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def time_to_pb(moment: datetime | None) -> Timestamp | None:
    """An aware moment, to the microsecond; None stays unset."""
    # Not by FromDatetime, nor by handing the datetime to a message: both take about twice as long.
    # Nor by `timestamp()`: a float loses microseconds after some centuries.
    if moment is None:
        return None
    since = moment - _EPOCH
    return Timestamp(seconds=since.days * 86400 + since.seconds, nanos=since.microseconds * 1000)


def event_to_pb(event: Callable[..., Event], record: Record) -> Event:
    """What every contract's `Event` says of a record of the journal; its fact is still to be set."""
    return event(
        shard=record.shard,
        position=record.position,
        organization=record.organization,
        create_time=time_to_pb(record.created),
        trace_id=record.trace,
    )
