import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SuggestReplyRequest(_message.Message):
    __slots__ = ("name", "hint")
    NAME_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    name: str
    hint: str
    def __init__(self, name: _Optional[str] = ..., hint: _Optional[str] = ...) -> None: ...

class SuggestReplyResponse(_message.Message):
    __slots__ = ("text", "sources")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    text: str
    sources: _containers.RepeatedCompositeFieldContainer[_message_pb2.Source]
    def __init__(self, text: _Optional[str] = ..., sources: _Optional[_Iterable[_Union[_message_pb2.Source, _Mapping]]] = ...) -> None: ...

class PreviewReplyRequest(_message.Message):
    __slots__ = ("parent", "text", "setting_versions", "workflow_versions")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SETTING_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    WORKFLOW_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    parent: str
    text: str
    setting_versions: _containers.RepeatedScalarFieldContainer[str]
    workflow_versions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, parent: _Optional[str] = ..., text: _Optional[str] = ..., setting_versions: _Optional[_Iterable[str]] = ..., workflow_versions: _Optional[_Iterable[str]] = ...) -> None: ...

class PreviewReplyResponse(_message.Message):
    __slots__ = ("text", "sources", "kind")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    text: str
    sources: _containers.RepeatedCompositeFieldContainer[_message_pb2.Source]
    kind: _message_pb2.MessageKind
    def __init__(self, text: _Optional[str] = ..., sources: _Optional[_Iterable[_Union[_message_pb2.Source, _Mapping]]] = ..., kind: _Optional[_Union[_message_pb2.MessageKind, str]] = ...) -> None: ...

class SummarizeConversationRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class SummarizeConversationResponse(_message.Message):
    __slots__ = ("summary", "last_seq")
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQ_FIELD_NUMBER: _ClassVar[int]
    summary: str
    last_seq: int
    def __init__(self, summary: _Optional[str] = ..., last_seq: _Optional[int] = ...) -> None: ...

class TranscribeAudioRequest(_message.Message):
    __slots__ = ("parent", "audio", "language")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    audio: bytes
    language: str
    def __init__(self, parent: _Optional[str] = ..., audio: _Optional[bytes] = ..., language: _Optional[str] = ...) -> None: ...

class TranscribeAudioResponse(_message.Message):
    __slots__ = ("text", "language", "duration")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    text: str
    language: str
    duration: _duration_pb2.Duration
    def __init__(self, text: _Optional[str] = ..., language: _Optional[str] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
