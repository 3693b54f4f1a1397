from frontdesk.access.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class VerifyStoresRequest(_message.Message):
    __slots__ = ("full",)
    FULL_FIELD_NUMBER: _ClassVar[int]
    full: bool
    def __init__(self, full: _Optional[bool] = ...) -> None: ...

class VerifyStoresResponse(_message.Message):
    __slots__ = ("store", "counted", "different", "differences")
    STORE_FIELD_NUMBER: _ClassVar[int]
    COUNTED_FIELD_NUMBER: _ClassVar[int]
    DIFFERENT_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    store: str
    counted: int
    different: int
    differences: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, store: _Optional[str] = ..., counted: _Optional[int] = ..., different: _Optional[int] = ..., differences: _Optional[_Iterable[str]] = ...) -> None: ...
