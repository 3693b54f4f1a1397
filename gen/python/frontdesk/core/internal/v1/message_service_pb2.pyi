import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.v1 import content_pb2 as _content_pb2
from frontdesk.core.v1 import conversation_pb2 as _conversation_pb2
from frontdesk.core.v1 import identity_pb2 as _identity_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Responder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESPONDER_UNSPECIFIED: _ClassVar[Responder]
    RESPONDER_AGENTS: _ClassVar[Responder]
    RESPONDER_NOBODY: _ClassVar[Responder]
RESPONDER_UNSPECIFIED: Responder
RESPONDER_AGENTS: Responder
RESPONDER_NOBODY: Responder

class ReceiveMessageRequest(_message.Message):
    __slots__ = ("parent", "channel", "source_id", "conversation", "identity", "display_name", "text", "request_id", "quiet", "responder", "content", "thread_key", "capabilities")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    QUIET_FIELD_NUMBER: _ClassVar[int]
    RESPONDER_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    THREAD_KEY_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    parent: str
    channel: str
    source_id: str
    conversation: str
    identity: _identity_pb2.Identity
    display_name: str
    text: str
    request_id: str
    quiet: _duration_pb2.Duration
    responder: Responder
    content: _content_pb2.MessageContent
    thread_key: str
    capabilities: _conversation_pb2.Capabilities
    def __init__(self, parent: _Optional[str] = ..., channel: _Optional[str] = ..., source_id: _Optional[str] = ..., conversation: _Optional[str] = ..., identity: _Optional[_Union[_identity_pb2.Identity, _Mapping]] = ..., display_name: _Optional[str] = ..., text: _Optional[str] = ..., request_id: _Optional[str] = ..., quiet: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., responder: _Optional[_Union[Responder, str]] = ..., content: _Optional[_Union[_content_pb2.MessageContent, _Mapping]] = ..., thread_key: _Optional[str] = ..., capabilities: _Optional[_Union[_conversation_pb2.Capabilities, _Mapping]] = ...) -> None: ...

class ReceiveMessageResponse(_message.Message):
    __slots__ = ("message", "turn")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    TURN_FIELD_NUMBER: _ClassVar[int]
    message: _message_pb2.Message
    turn: str
    def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ..., turn: _Optional[str] = ...) -> None: ...

class PostMessageRequest(_message.Message):
    __slots__ = ("parent", "agent", "text", "request_id", "content")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    parent: str
    agent: str
    text: str
    request_id: str
    content: _content_pb2.MessageContent
    def __init__(self, parent: _Optional[str] = ..., agent: _Optional[str] = ..., text: _Optional[str] = ..., request_id: _Optional[str] = ..., content: _Optional[_Union[_content_pb2.MessageContent, _Mapping]] = ...) -> None: ...

class AddNoteRequest(_message.Message):
    __slots__ = ("parent", "agent", "agent_display_name", "text", "request_id", "content")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    parent: str
    agent: str
    agent_display_name: str
    text: str
    request_id: str
    content: _content_pb2.MessageContent
    def __init__(self, parent: _Optional[str] = ..., agent: _Optional[str] = ..., agent_display_name: _Optional[str] = ..., text: _Optional[str] = ..., request_id: _Optional[str] = ..., content: _Optional[_Union[_content_pb2.MessageContent, _Mapping]] = ...) -> None: ...
