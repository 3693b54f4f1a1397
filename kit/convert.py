"""Values as the common types of all contracts."""

from datetime import datetime
from math import floor

from google.protobuf.timestamp_pb2 import Timestamp


def time_to_pb(moment: datetime | None) -> Timestamp | None:
    """An aware moment, to the microsecond; None stays unset."""
    # Not by FromDatetime, nor by handing the datetime to a message: both take about twice as long.
    return None if moment is None else Timestamp(seconds=floor(moment.timestamp()), nanos=moment.microsecond * 1000)
