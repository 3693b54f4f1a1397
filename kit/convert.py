"""Values as the types that all contracts have."""

from __future__ import annotations

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def time_to_pb(moment: datetime | None) -> Timestamp | None:
    """An aware moment, to the microsecond; None stays unset."""
    # Not by FromDatetime, nor by handing the datetime to a message: both take about twice as long.
    # Nor by `timestamp()`: a float loses microseconds after some centuries.
    if moment is None:
        return None
    since = moment - _EPOCH
    return Timestamp(seconds=since.days * 86400 + since.seconds, nanos=since.microseconds * 1000)
