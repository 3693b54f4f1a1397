"""Values as the types that all contracts have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from math import floor
from typing import TYPE_CHECKING, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

if TYPE_CHECKING:  # with redis-py, which services that keep no journal need not load
    from kit.journal import Record

Event = TypeVar("Event")


def time_to_pb(moment: datetime | None) -> Timestamp | None:
    """An aware moment, to the microsecond; None stays unset."""
    # Not by FromDatetime, nor by handing the datetime to a message: both take about twice as long.
    return None if moment is None else Timestamp(seconds=floor(moment.timestamp()), nanos=moment.microsecond * 1000)


def event_to_pb(event: Callable[..., Event], record: Record) -> Event:
    """What every contract's `Event` says of a record of the journal; its fact is still to be set."""
    return event(
        shard=record.shard,
        position=record.position,
        organization=record.organization,
        create_time=time_to_pb(record.created),
        trace_id=record.trace,
    )
