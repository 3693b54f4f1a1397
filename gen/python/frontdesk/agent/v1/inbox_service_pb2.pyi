import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.agent.v1 import handover_pb2 as _handover_pb2
from frontdesk.agent.v1 import inbox_pb2 as _inbox_pb2
from frontdesk.agent.v1 import presence_pb2 as _presence_pb2
from frontdesk.agent.v1 import queue_pb2 as _queue_pb2
from frontdesk.core.v1 import content_pb2 as _content_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListInboxRequest(_message.Message):
    __slots__ = ("parent",)
    PARENT_FIELD_NUMBER: _ClassVar[int]
    parent: str
    def __init__(self, parent: _Optional[str] = ...) -> None: ...

class ListInboxResponse(_message.Message):
    __slots__ = ("resume_token", "queue_entries", "assignments", "presences", "agent")
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    QUEUE_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENTS_FIELD_NUMBER: _ClassVar[int]
    PRESENCES_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    resume_token: str
    queue_entries: _containers.RepeatedCompositeFieldContainer[_queue_pb2.QueueEntry]
    assignments: _containers.RepeatedCompositeFieldContainer[_handover_pb2.Assignment]
    presences: _containers.RepeatedCompositeFieldContainer[_presence_pb2.Presence]
    agent: str
    def __init__(self, resume_token: _Optional[str] = ..., queue_entries: _Optional[_Iterable[_Union[_queue_pb2.QueueEntry, _Mapping]]] = ..., assignments: _Optional[_Iterable[_Union[_handover_pb2.Assignment, _Mapping]]] = ..., presences: _Optional[_Iterable[_Union[_presence_pb2.Presence, _Mapping]]] = ..., agent: _Optional[str] = ...) -> None: ...

class WatchInboxRequest(_message.Message):
    __slots__ = ("parent", "resume_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    resume_token: str
    def __init__(self, parent: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchInboxResponse(_message.Message):
    __slots__ = ("resume_token", "inbox_events", "heartbeat")
    class Heartbeat(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    class InboxEvents(_message.Message):
        __slots__ = ("events",)
        EVENTS_FIELD_NUMBER: _ClassVar[int]
        events: _containers.RepeatedCompositeFieldContainer[_inbox_pb2.InboxEvent]
        def __init__(self, events: _Optional[_Iterable[_Union[_inbox_pb2.InboxEvent, _Mapping]]] = ...) -> None: ...
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    INBOX_EVENTS_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    resume_token: str
    inbox_events: WatchInboxResponse.InboxEvents
    heartbeat: WatchInboxResponse.Heartbeat
    def __init__(self, resume_token: _Optional[str] = ..., inbox_events: _Optional[_Union[WatchInboxResponse.InboxEvents, _Mapping]] = ..., heartbeat: _Optional[_Union[WatchInboxResponse.Heartbeat, _Mapping]] = ...) -> None: ...

class ReplyRequest(_message.Message):
    __slots__ = ("name", "text", "request_id", "content")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    text: str
    request_id: str
    content: _content_pb2.MessageContent
    def __init__(self, name: _Optional[str] = ..., text: _Optional[str] = ..., request_id: _Optional[str] = ..., content: _Optional[_Union[_content_pb2.MessageContent, _Mapping]] = ...) -> None: ...

class ReplyResponse(_message.Message):
    __slots__ = ("message", "create_time")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    message: str
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, message: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AddNoteRequest(_message.Message):
    __slots__ = ("name", "text", "request_id", "content")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    text: str
    request_id: str
    content: _content_pb2.MessageContent
    def __init__(self, name: _Optional[str] = ..., text: _Optional[str] = ..., request_id: _Optional[str] = ..., content: _Optional[_Union[_content_pb2.MessageContent, _Mapping]] = ...) -> None: ...

class AddNoteResponse(_message.Message):
    __slots__ = ("message", "create_time")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    message: str
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, message: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
