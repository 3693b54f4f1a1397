import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.v1 import content_pb2 as _content_pb2
from frontdesk.core.v1 import customer_pb2 as _customer_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
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

class GetMessageRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListMessagesRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListMessagesResponse(_message.Message):
    __slots__ = ("messages", "next_page_token", "resume_token")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[_message_pb2.Message]
    next_page_token: str
    resume_token: str
    def __init__(self, messages: _Optional[_Iterable[_Union[_message_pb2.Message, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class ReceiveMessageRequest(_message.Message):
    __slots__ = ("parent", "channel", "source_id", "conversation", "address", "display_name", "text", "request_id", "quiet", "responder", "content")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    QUIET_FIELD_NUMBER: _ClassVar[int]
    RESPONDER_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    parent: str
    channel: str
    source_id: str
    conversation: str
    address: _customer_pb2.Address
    display_name: str
    text: str
    request_id: str
    quiet: _duration_pb2.Duration
    responder: Responder
    content: _content_pb2.MessageContent
    def __init__(self, parent: _Optional[str] = ..., channel: _Optional[str] = ..., source_id: _Optional[str] = ..., conversation: _Optional[str] = ..., address: _Optional[_Union[_customer_pb2.Address, _Mapping]] = ..., display_name: _Optional[str] = ..., text: _Optional[str] = ..., request_id: _Optional[str] = ..., quiet: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., responder: _Optional[_Union[Responder, str]] = ..., content: _Optional[_Union[_content_pb2.MessageContent, _Mapping]] = ...) -> None: ...

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
