from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.v1 import conversation_pb2 as _conversation_pb2
from frontdesk.core.v1 import customer_pb2 as _customer_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OpenConversationRequest(_message.Message):
    __slots__ = ("parent", "channel", "address", "display_name", "language")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    channel: str
    address: _customer_pb2.Address
    display_name: str
    language: str
    def __init__(self, parent: _Optional[str] = ..., channel: _Optional[str] = ..., address: _Optional[_Union[_customer_pb2.Address, _Mapping]] = ..., display_name: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class RequestHandoverRequest(_message.Message):
    __slots__ = ("name", "reason")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    name: str
    reason: str
    def __init__(self, name: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class SetTypingRequest(_message.Message):
    __slots__ = ("name", "role", "typing")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TYPING_FIELD_NUMBER: _ClassVar[int]
    name: str
    role: _message_pb2.ParticipantRole
    typing: bool
    def __init__(self, name: _Optional[str] = ..., role: _Optional[_Union[_message_pb2.ParticipantRole, str]] = ..., typing: _Optional[bool] = ...) -> None: ...

class SetTypingResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
