import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.agent.v1 import presence_pb2 as _presence_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetPresenceRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListPresencesRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPresencesResponse(_message.Message):
    __slots__ = ("presences", "next_page_token")
    PRESENCES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    presences: _containers.RepeatedCompositeFieldContainer[_presence_pb2.Presence]
    next_page_token: str
    def __init__(self, presences: _Optional[_Iterable[_Union[_presence_pb2.Presence, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchPresencesRequest(_message.Message):
    __slots__ = ("parent", "resume_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    resume_token: str
    def __init__(self, parent: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchPresencesResponse(_message.Message):
    __slots__ = ("resume_token", "presence", "heartbeat")
    class Heartbeat(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    resume_token: str
    presence: _presence_pb2.Presence
    heartbeat: WatchPresencesResponse.Heartbeat
    def __init__(self, resume_token: _Optional[str] = ..., presence: _Optional[_Union[_presence_pb2.Presence, _Mapping]] = ..., heartbeat: _Optional[_Union[WatchPresencesResponse.Heartbeat, _Mapping]] = ...) -> None: ...

class SetPresenceRequest(_message.Message):
    __slots__ = ("name", "state", "away_reason")
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    AWAY_REASON_FIELD_NUMBER: _ClassVar[int]
    name: str
    state: _presence_pb2.PresenceState
    away_reason: str
    def __init__(self, name: _Optional[str] = ..., state: _Optional[_Union[_presence_pb2.PresenceState, str]] = ..., away_reason: _Optional[str] = ...) -> None: ...

class HeartbeatRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class HeartbeatResponse(_message.Message):
    __slots__ = ("state", "interval")
    STATE_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_FIELD_NUMBER: _ClassVar[int]
    state: _presence_pb2.PresenceState
    interval: _duration_pb2.Duration
    def __init__(self, state: _Optional[_Union[_presence_pb2.PresenceState, str]] = ..., interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
