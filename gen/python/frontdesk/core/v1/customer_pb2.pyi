import datetime

from buf.validate import validate_pb2 as _validate_pb2
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

class AddressKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ADDRESS_KIND_UNSPECIFIED: _ClassVar[AddressKind]
    ADDRESS_KIND_BROWSER: _ClassVar[AddressKind]
    ADDRESS_KIND_PHONE: _ClassVar[AddressKind]
    ADDRESS_KIND_WHATSAPP: _ClassVar[AddressKind]
    ADDRESS_KIND_EMAIL: _ClassVar[AddressKind]
ADDRESS_KIND_UNSPECIFIED: AddressKind
ADDRESS_KIND_BROWSER: AddressKind
ADDRESS_KIND_PHONE: AddressKind
ADDRESS_KIND_WHATSAPP: AddressKind
ADDRESS_KIND_EMAIL: AddressKind

class Customer(_message.Message):
    __slots__ = ("name", "display_name", "addresses", "language", "create_time", "update_time", "etag", "block_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESSES_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    BLOCK_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    addresses: _containers.RepeatedCompositeFieldContainer[Address]
    language: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    block_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., addresses: _Optional[_Iterable[_Union[Address, _Mapping]]] = ..., language: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ..., block_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Address(_message.Message):
    __slots__ = ("kind", "value")
    KIND_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    kind: AddressKind
    value: str
    def __init__(self, kind: _Optional[_Union[AddressKind, str]] = ..., value: _Optional[str] = ...) -> None: ...
