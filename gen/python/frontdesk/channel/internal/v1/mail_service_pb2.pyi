import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SendMailRequest(_message.Message):
    __slots__ = ("organization", "request_id", "to", "to_name", "language", "invitation", "password_reset")
    ORGANIZATION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    TO_NAME_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_RESET_FIELD_NUMBER: _ClassVar[int]
    organization: str
    request_id: str
    to: str
    to_name: str
    language: str
    invitation: InvitationMail
    password_reset: PasswordResetMail
    def __init__(self, organization: _Optional[str] = ..., request_id: _Optional[str] = ..., to: _Optional[str] = ..., to_name: _Optional[str] = ..., language: _Optional[str] = ..., invitation: _Optional[_Union[InvitationMail, _Mapping]] = ..., password_reset: _Optional[_Union[PasswordResetMail, _Mapping]] = ...) -> None: ...

class InvitationMail(_message.Message):
    __slots__ = ("organization_name", "inviter_name", "link", "expire_time")
    ORGANIZATION_NAME_FIELD_NUMBER: _ClassVar[int]
    INVITER_NAME_FIELD_NUMBER: _ClassVar[int]
    LINK_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    organization_name: str
    inviter_name: str
    link: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, organization_name: _Optional[str] = ..., inviter_name: _Optional[str] = ..., link: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PasswordResetMail(_message.Message):
    __slots__ = ("organization_name", "link", "expire_time")
    ORGANIZATION_NAME_FIELD_NUMBER: _ClassVar[int]
    LINK_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    organization_name: str
    link: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, organization_name: _Optional[str] = ..., link: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SendMailResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetMailStateRequest(_message.Message):
    __slots__ = ("organization",)
    ORGANIZATION_FIELD_NUMBER: _ClassVar[int]
    organization: str
    def __init__(self, organization: _Optional[str] = ...) -> None: ...

class MailState(_message.Message):
    __slots__ = ("configured", "from_address")
    CONFIGURED_FIELD_NUMBER: _ClassVar[int]
    FROM_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    configured: bool
    from_address: str
    def __init__(self, configured: _Optional[bool] = ..., from_address: _Optional[str] = ...) -> None: ...
