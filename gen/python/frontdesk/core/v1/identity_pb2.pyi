import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class IdentityKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IDENTITY_KIND_UNSPECIFIED: _ClassVar[IdentityKind]
    IDENTITY_KIND_EMAIL: _ClassVar[IdentityKind]
    IDENTITY_KIND_PHONE: _ClassVar[IdentityKind]
    IDENTITY_KIND_WHATSAPP_USER: _ClassVar[IdentityKind]
    IDENTITY_KIND_EXTERNAL_ID: _ClassVar[IdentityKind]
    IDENTITY_KIND_BROWSER: _ClassVar[IdentityKind]

class IdentitySource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IDENTITY_SOURCE_UNSPECIFIED: _ClassVar[IdentitySource]
    IDENTITY_SOURCE_PROVIDER: _ClassVar[IdentitySource]
    IDENTITY_SOURCE_SIGNED_TOKEN: _ClassVar[IdentitySource]
    IDENTITY_SOURCE_SESSION: _ClassVar[IdentitySource]
    IDENTITY_SOURCE_USER: _ClassVar[IdentitySource]
    IDENTITY_SOURCE_CUSTOMER: _ClassVar[IdentitySource]
IDENTITY_KIND_UNSPECIFIED: IdentityKind
IDENTITY_KIND_EMAIL: IdentityKind
IDENTITY_KIND_PHONE: IdentityKind
IDENTITY_KIND_WHATSAPP_USER: IdentityKind
IDENTITY_KIND_EXTERNAL_ID: IdentityKind
IDENTITY_KIND_BROWSER: IdentityKind
IDENTITY_SOURCE_UNSPECIFIED: IdentitySource
IDENTITY_SOURCE_PROVIDER: IdentitySource
IDENTITY_SOURCE_SIGNED_TOKEN: IdentitySource
IDENTITY_SOURCE_SESSION: IdentitySource
IDENTITY_SOURCE_USER: IdentitySource
IDENTITY_SOURCE_CUSTOMER: IdentitySource

class Identity(_message.Message):
    __slots__ = ("kind", "scope", "value", "verify_time", "source")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    VERIFY_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    kind: IdentityKind
    scope: str
    value: str
    verify_time: _timestamp_pb2.Timestamp
    source: IdentitySource
    def __init__(self, kind: _Optional[_Union[IdentityKind, str]] = ..., scope: _Optional[str] = ..., value: _Optional[str] = ..., verify_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[_Union[IdentitySource, str]] = ...) -> None: ...

class Address(_message.Message):
    __slots__ = ("kind", "scope", "value", "verified")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_FIELD_NUMBER: _ClassVar[int]
    kind: IdentityKind
    scope: str
    value: str
    verified: bool
    def __init__(self, kind: _Optional[_Union[IdentityKind, str]] = ..., scope: _Optional[str] = ..., value: _Optional[str] = ..., verified: _Optional[bool] = ...) -> None: ...
