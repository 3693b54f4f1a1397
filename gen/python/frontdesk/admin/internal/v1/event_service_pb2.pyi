import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.admin.internal.v1 import event_pb2 as _event_pb2
from frontdesk.event.v1 import envelope_pb2 as _envelope_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WatchEventsRequest(_message.Message):
    __slots__ = ("shards", "after", "filters", "since", "until_now", "follower")
    class AfterEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: int
        value: int
        def __init__(self, key: _Optional[int] = ..., value: _Optional[int] = ...) -> None: ...
    SHARDS_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NOW_FIELD_NUMBER: _ClassVar[int]
    FOLLOWER_FIELD_NUMBER: _ClassVar[int]
    shards: _containers.RepeatedScalarFieldContainer[int]
    after: _containers.ScalarMap[int, int]
    filters: _containers.RepeatedCompositeFieldContainer[_envelope_pb2.Filter]
    since: _timestamp_pb2.Timestamp
    until_now: bool
    follower: str
    def __init__(self, shards: _Optional[_Iterable[int]] = ..., after: _Optional[_Mapping[int, int]] = ..., filters: _Optional[_Iterable[_Union[_envelope_pb2.Filter, _Mapping]]] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., until_now: _Optional[bool] = ..., follower: _Optional[str] = ...) -> None: ...

class WatchEventsResponse(_message.Message):
    __slots__ = ("event", "checkpoint")
    class Checkpoint(_message.Message):
        __slots__ = ("positions",)
        class PositionsEntry(_message.Message):
            __slots__ = ("key", "value")
            KEY_FIELD_NUMBER: _ClassVar[int]
            VALUE_FIELD_NUMBER: _ClassVar[int]
            key: int
            value: int
            def __init__(self, key: _Optional[int] = ..., value: _Optional[int] = ...) -> None: ...
        POSITIONS_FIELD_NUMBER: _ClassVar[int]
        positions: _containers.ScalarMap[int, int]
        def __init__(self, positions: _Optional[_Mapping[int, int]] = ...) -> None: ...
    EVENT_FIELD_NUMBER: _ClassVar[int]
    CHECKPOINT_FIELD_NUMBER: _ClassVar[int]
    event: _event_pb2.Event
    checkpoint: WatchEventsResponse.Checkpoint
    def __init__(self, event: _Optional[_Union[_event_pb2.Event, _Mapping]] = ..., checkpoint: _Optional[_Union[WatchEventsResponse.Checkpoint, _Mapping]] = ...) -> None: ...
