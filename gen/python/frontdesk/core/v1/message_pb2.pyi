import datetime

from frontdesk.core.v1 import content_pb2 as _content_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ParticipantRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PARTICIPANT_ROLE_UNSPECIFIED: _ClassVar[ParticipantRole]
    PARTICIPANT_ROLE_CUSTOMER: _ClassVar[ParticipantRole]
    PARTICIPANT_ROLE_ASSISTANT: _ClassVar[ParticipantRole]
    PARTICIPANT_ROLE_AGENT: _ClassVar[ParticipantRole]

class TextFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TEXT_FORMAT_UNSPECIFIED: _ClassVar[TextFormat]
    TEXT_FORMAT_PLAIN: _ClassVar[TextFormat]
    TEXT_FORMAT_MARKDOWN: _ClassVar[TextFormat]

class MessageKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MESSAGE_KIND_UNSPECIFIED: _ClassVar[MessageKind]
    MESSAGE_KIND_ANSWER: _ClassVar[MessageKind]
    MESSAGE_KIND_UNKNOWN: _ClassVar[MessageKind]
    MESSAGE_KIND_HOLDING: _ClassVar[MessageKind]
PARTICIPANT_ROLE_UNSPECIFIED: ParticipantRole
PARTICIPANT_ROLE_CUSTOMER: ParticipantRole
PARTICIPANT_ROLE_ASSISTANT: ParticipantRole
PARTICIPANT_ROLE_AGENT: ParticipantRole
TEXT_FORMAT_UNSPECIFIED: TextFormat
TEXT_FORMAT_PLAIN: TextFormat
TEXT_FORMAT_MARKDOWN: TextFormat
MESSAGE_KIND_UNSPECIFIED: MessageKind
MESSAGE_KIND_ANSWER: MessageKind
MESSAGE_KIND_UNKNOWN: MessageKind
MESSAGE_KIND_HOLDING: MessageKind

class Message(_message.Message):
    __slots__ = ("name", "seq", "role", "author_display_name", "text", "format", "note", "citations", "turn", "create_time", "request_id", "kind", "epoch", "content")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    TURN_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    seq: int
    role: ParticipantRole
    author_display_name: str
    text: str
    format: TextFormat
    note: bool
    citations: _containers.RepeatedCompositeFieldContainer[Citation]
    turn: str
    create_time: _timestamp_pb2.Timestamp
    request_id: str
    kind: MessageKind
    epoch: int
    content: _content_pb2.MessageContent
    def __init__(self, name: _Optional[str] = ..., seq: _Optional[int] = ..., role: _Optional[_Union[ParticipantRole, str]] = ..., author_display_name: _Optional[str] = ..., text: _Optional[str] = ..., format: _Optional[_Union[TextFormat, str]] = ..., note: _Optional[bool] = ..., citations: _Optional[_Iterable[_Union[Citation, _Mapping]]] = ..., turn: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ..., kind: _Optional[_Union[MessageKind, str]] = ..., epoch: _Optional[int] = ..., content: _Optional[_Union[_content_pb2.MessageContent, _Mapping]] = ...) -> None: ...

class Citation(_message.Message):
    __slots__ = ("start", "end", "source")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    source: Source
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ..., source: _Optional[_Union[Source, _Mapping]] = ...) -> None: ...

class Source(_message.Message):
    __slots__ = ("document", "revision", "passage", "title", "heading", "uri", "quote")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    PASSAGE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    HEADING_FIELD_NUMBER: _ClassVar[int]
    URI_FIELD_NUMBER: _ClassVar[int]
    QUOTE_FIELD_NUMBER: _ClassVar[int]
    document: str
    revision: int
    passage: str
    title: str
    heading: str
    uri: str
    quote: str
    def __init__(self, document: _Optional[str] = ..., revision: _Optional[int] = ..., passage: _Optional[str] = ..., title: _Optional[str] = ..., heading: _Optional[str] = ..., uri: _Optional[str] = ..., quote: _Optional[str] = ...) -> None: ...
