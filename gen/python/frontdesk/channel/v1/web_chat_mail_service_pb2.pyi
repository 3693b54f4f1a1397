import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.channel.v1 import session_pb2 as _session_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MailAddressState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MAIL_ADDRESS_STATE_UNSPECIFIED: _ClassVar[MailAddressState]
    MAIL_ADDRESS_STATE_NONE: _ClassVar[MailAddressState]
    MAIL_ADDRESS_STATE_UNCONFIRMED: _ClassVar[MailAddressState]
    MAIL_ADDRESS_STATE_CONFIRMED: _ClassVar[MailAddressState]
MAIL_ADDRESS_STATE_UNSPECIFIED: MailAddressState
MAIL_ADDRESS_STATE_NONE: MailAddressState
MAIL_ADDRESS_STATE_UNCONFIRMED: MailAddressState
MAIL_ADDRESS_STATE_CONFIRMED: MailAddressState

class ConversationMail(_message.Message):
    __slots__ = ("name", "available", "state", "masked_address", "answers")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MASKED_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    name: str
    available: bool
    state: MailAddressState
    masked_address: str
    answers: bool
    def __init__(self, name: _Optional[str] = ..., available: _Optional[bool] = ..., state: _Optional[_Union[MailAddressState, str]] = ..., masked_address: _Optional[str] = ..., answers: _Optional[bool] = ...) -> None: ...

class GetConversationMailRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class LeaveAddressRequest(_message.Message):
    __slots__ = ("name", "address", "language", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    address: str
    language: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., address: _Optional[str] = ..., language: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RemoveAddressRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class SendTranscriptRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class SendTranscriptResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ConfirmAddressRequest(_message.Message):
    __slots__ = ("name", "secret")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    name: str
    secret: str
    def __init__(self, name: _Optional[str] = ..., secret: _Optional[str] = ...) -> None: ...

class ConfirmAddressResponse(_message.Message):
    __slots__ = ("masked_address", "confirm_time")
    MASKED_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    CONFIRM_TIME_FIELD_NUMBER: _ClassVar[int]
    masked_address: str
    confirm_time: _timestamp_pb2.Timestamp
    def __init__(self, masked_address: _Optional[str] = ..., confirm_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ResumeConversationRequest(_message.Message):
    __slots__ = ("name", "secret")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    name: str
    secret: str
    def __init__(self, name: _Optional[str] = ..., secret: _Optional[str] = ...) -> None: ...

class StopMailsRequest(_message.Message):
    __slots__ = ("name", "secret")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    name: str
    secret: str
    def __init__(self, name: _Optional[str] = ..., secret: _Optional[str] = ...) -> None: ...

class StopMailsResponse(_message.Message):
    __slots__ = ("masked_address",)
    MASKED_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    masked_address: str
    def __init__(self, masked_address: _Optional[str] = ...) -> None: ...
