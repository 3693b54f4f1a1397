import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetAvailabilityRequest(_message.Message):
    __slots__ = ("parent",)
    PARENT_FIELD_NUMBER: _ClassVar[int]
    parent: str
    def __init__(self, parent: _Optional[str] = ...) -> None: ...

class GetAvailabilityResponse(_message.Message):
    __slots__ = ("agents_online", "lines", "usual_wait")
    class Line(_message.Message):
        __slots__ = ("entries", "usual_wait")
        ENTRIES_FIELD_NUMBER: _ClassVar[int]
        USUAL_WAIT_FIELD_NUMBER: _ClassVar[int]
        entries: _containers.RepeatedCompositeFieldContainer[GetAvailabilityResponse.Entry]
        usual_wait: _duration_pb2.Duration
        def __init__(self, entries: _Optional[_Iterable[_Union[GetAvailabilityResponse.Entry, _Mapping]]] = ..., usual_wait: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
    class Entry(_message.Message):
        __slots__ = ("conversation", "create_time")
        CONVERSATION_FIELD_NUMBER: _ClassVar[int]
        CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
        conversation: str
        create_time: _timestamp_pb2.Timestamp
        def __init__(self, conversation: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
    AGENTS_ONLINE_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    USUAL_WAIT_FIELD_NUMBER: _ClassVar[int]
    agents_online: int
    lines: _containers.RepeatedCompositeFieldContainer[GetAvailabilityResponse.Line]
    usual_wait: _duration_pb2.Duration
    def __init__(self, agents_online: _Optional[int] = ..., lines: _Optional[_Iterable[_Union[GetAvailabilityResponse.Line, _Mapping]]] = ..., usual_wait: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
