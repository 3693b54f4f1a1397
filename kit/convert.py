"""Values as the types that all contracts have."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from kit import errors
from kit.hours import Hours, Stretch

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def time_to_pb(moment: datetime | None) -> Timestamp | None:
    """An aware moment, to the microsecond; None stays unset."""
    # Not by FromDatetime, nor by handing the datetime to a message: both take about twice as long.
    # Nor by `timestamp()`: a float loses microseconds after some centuries.
    if moment is None:
        return None
    since = moment - _EPOCH
    return Timestamp(seconds=since.days * 86400 + since.seconds, nanos=since.microseconds * 1000)


def time_from_pb(moment: Timestamp, field: str) -> datetime:
    """An aware moment in UTC. Raises InvalidArgument for one outside the years 1 to 9999; `field`: its name in JSON."""
    try:
        return moment.ToDatetime(UTC)
    except (OverflowError, ValueError):
        raise errors.InvalidArgument(
            f"{field} is no moment of the years 1 to 9999; correct it.", reason="INVALID_REQUEST"
        ) from None


def hours_from_pb(value: Any) -> Hours:
    """Business hours, of admin's `BusinessHours`. Its time zone stays empty where the value has none."""
    openings: dict[int, list[Stretch]] = {}
    for opening in value.openings:
        openings.setdefault(opening.day, []).append(_stretch(opening))
    special: dict[date, list[Stretch]] = {}
    called: dict[date, str] = {}
    for day in value.special_days:
        try:
            on = date(day.date.year or 1, day.date.month or 1, day.date.day or 1)
        except ValueError:  # saved before such dates were refused
            continue
        special[on] = [_stretch(opening) for opening in day.openings]
        if day.display_name:
            called[on] = day.display_name
    return Hours(value.time_zone, openings, special, called)


def _stretch(opening: Any) -> Stretch:
    start, end = opening.start_time, opening.end_time
    return Stretch(start.hours * 60 + start.minutes, end.hours * 60 + end.minutes)


class Serialized:
    """A message that is bytes already: many streams share them. `kind`: the class of the message."""

    __slots__ = ("_data", "_kind")

    def __init__(self, kind: type[Message], data: bytes) -> None:
        self._kind = kind
        self._data = data

    def parsed(self) -> Message:
        """The message, for a form that is not its bytes."""
        return self._kind.FromString(self._data)

    def SerializeToString(self) -> bytes:
        """As a message does it."""
        return self._data
