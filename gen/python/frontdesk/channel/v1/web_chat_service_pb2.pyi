import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.channel.v1 import session_pb2 as _session_pb2
from frontdesk.channel.v1 import widget_pb2 as _widget_pb2
from frontdesk.core.v1 import content_pb2 as _content_pb2
from frontdesk.core.v1 import conversation_pb2 as _conversation_pb2
from frontdesk.core.v1 import conversation_service_pb2 as _conversation_service_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SendState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEND_STATE_UNSPECIFIED: _ClassVar[SendState]
    SEND_STATE_ACCEPTED: _ClassVar[SendState]
    SEND_STATE_QUEUED: _ClassVar[SendState]
SEND_STATE_UNSPECIFIED: SendState
SEND_STATE_ACCEPTED: SendState
SEND_STATE_QUEUED: SendState

class GetWidgetRequest(_message.Message):
    __slots__ = ("name", "language")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    name: str
    language: str
    def __init__(self, name: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class OpenSessionRequest(_message.Message):
    __slots__ = ("channel", "identity_token", "display_name", "language", "email", "returning")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    RETURNING_FIELD_NUMBER: _ClassVar[int]
    channel: str
    identity_token: str
    display_name: str
    language: str
    email: str
    returning: bool
    def __init__(self, channel: _Optional[str] = ..., identity_token: _Optional[str] = ..., display_name: _Optional[str] = ..., language: _Optional[str] = ..., email: _Optional[str] = ..., returning: _Optional[bool] = ...) -> None: ...

class RefreshSessionRequest(_message.Message):
    __slots__ = ("name", "secret")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    name: str
    secret: str
    def __init__(self, name: _Optional[str] = ..., secret: _Optional[str] = ...) -> None: ...

class CreateConversationRequest(_message.Message):
    __slots__ = ("parent", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateConversationResponse(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    def __init__(self, conversation: _Optional[str] = ...) -> None: ...

class SendMessageRequest(_message.Message):
    __slots__ = ("conversation", "text", "request_id", "content")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    text: str
    request_id: str
    content: _content_pb2.MessageContent
    def __init__(self, conversation: _Optional[str] = ..., text: _Optional[str] = ..., request_id: _Optional[str] = ..., content: _Optional[_Union[_content_pb2.MessageContent, _Mapping]] = ...) -> None: ...

class SendMessageResponse(_message.Message):
    __slots__ = ("state", "message")
    STATE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    state: SendState
    message: _message_pb2.Message
    def __init__(self, state: _Optional[_Union[SendState, str]] = ..., message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ...) -> None: ...

class ChatRequest(_message.Message):
    __slots__ = ("start", "send", "typing", "read")
    START_FIELD_NUMBER: _ClassVar[int]
    SEND_FIELD_NUMBER: _ClassVar[int]
    TYPING_FIELD_NUMBER: _ClassVar[int]
    READ_FIELD_NUMBER: _ClassVar[int]
    start: ChatStart
    send: ChatSend
    typing: ChatTyping
    read: ChatRead
    def __init__(self, start: _Optional[_Union[ChatStart, _Mapping]] = ..., send: _Optional[_Union[ChatSend, _Mapping]] = ..., typing: _Optional[_Union[ChatTyping, _Mapping]] = ..., read: _Optional[_Union[ChatRead, _Mapping]] = ...) -> None: ...

class ChatStart(_message.Message):
    __slots__ = ("conversation", "resume_token")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    resume_token: str
    def __init__(self, conversation: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class ChatSend(_message.Message):
    __slots__ = ("text", "request_id", "content")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    text: str
    request_id: str
    content: _content_pb2.MessageContent
    def __init__(self, text: _Optional[str] = ..., request_id: _Optional[str] = ..., content: _Optional[_Union[_content_pb2.MessageContent, _Mapping]] = ...) -> None: ...

class ChatTyping(_message.Message):
    __slots__ = ("typing",)
    TYPING_FIELD_NUMBER: _ClassVar[int]
    typing: bool
    def __init__(self, typing: _Optional[bool] = ...) -> None: ...

class ChatRead(_message.Message):
    __slots__ = ("seq",)
    SEQ_FIELD_NUMBER: _ClassVar[int]
    seq: int
    def __init__(self, seq: _Optional[int] = ...) -> None: ...

class ChatResponse(_message.Message):
    __slots__ = ("accepted", "refused", "event")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    accepted: ChatAccepted
    refused: ChatRefused
    event: _conversation_service_pb2.WatchConversationResponse
    def __init__(self, accepted: _Optional[_Union[ChatAccepted, _Mapping]] = ..., refused: _Optional[_Union[ChatRefused, _Mapping]] = ..., event: _Optional[_Union[_conversation_service_pb2.WatchConversationResponse, _Mapping]] = ...) -> None: ...

class ChatAccepted(_message.Message):
    __slots__ = ("request_id", "state", "message")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    state: SendState
    message: _message_pb2.Message
    def __init__(self, request_id: _Optional[str] = ..., state: _Optional[_Union[SendState, str]] = ..., message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ...) -> None: ...

class ChatRefused(_message.Message):
    __slots__ = ("request_id", "code", "reason", "message", "retry_delay")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    RETRY_DELAY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    code: int
    reason: str
    message: str
    retry_delay: _duration_pb2.Duration
    def __init__(self, request_id: _Optional[str] = ..., code: _Optional[int] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., retry_delay: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class SetTypingRequest(_message.Message):
    __slots__ = ("conversation", "typing")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    TYPING_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    typing: bool
    def __init__(self, conversation: _Optional[str] = ..., typing: _Optional[bool] = ...) -> None: ...

class SetTypingResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class MarkReadRequest(_message.Message):
    __slots__ = ("conversation", "seq")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    seq: int
    def __init__(self, conversation: _Optional[str] = ..., seq: _Optional[int] = ...) -> None: ...

class MarkReadResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RateConversationRequest(_message.Message):
    __slots__ = ("conversation", "score", "comment")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    score: int
    comment: str
    def __init__(self, conversation: _Optional[str] = ..., score: _Optional[int] = ..., comment: _Optional[str] = ...) -> None: ...

class RateConversationResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RequestHumanRequest(_message.Message):
    __slots__ = ("conversation", "reason")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    reason: str
    def __init__(self, conversation: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RequestHumanResponse(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: _conversation_pb2.ConversationState
    def __init__(self, state: _Optional[_Union[_conversation_pb2.ConversationState, str]] = ...) -> None: ...

class LeaveQueueRequest(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    def __init__(self, conversation: _Optional[str] = ...) -> None: ...

class LeaveQueueResponse(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: _conversation_pb2.ConversationState
    def __init__(self, state: _Optional[_Union[_conversation_pb2.ConversationState, str]] = ...) -> None: ...

class GetHumanAvailabilityRequest(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    def __init__(self, conversation: _Optional[str] = ...) -> None: ...
