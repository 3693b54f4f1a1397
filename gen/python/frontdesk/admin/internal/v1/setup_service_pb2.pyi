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

class CreateSetupLinkRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CreateSetupLinkResponse(_message.Message):
    __slots__ = ("link", "expire_time")
    LINK_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    link: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, link: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CreateResetLinkRequest(_message.Message):
    __slots__ = ("organization", "email", "clear_second_factor")
    ORGANIZATION_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    CLEAR_SECOND_FACTOR_FIELD_NUMBER: _ClassVar[int]
    organization: str
    email: str
    clear_second_factor: bool
    def __init__(self, organization: _Optional[str] = ..., email: _Optional[str] = ..., clear_second_factor: _Optional[bool] = ...) -> None: ...

class CreateResetLinkResponse(_message.Message):
    __slots__ = ("link", "expire_time")
    LINK_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    link: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, link: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
