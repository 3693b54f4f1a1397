from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.memory.v1 import memory_pb2 as _memory_pb2
from frontdesk.memory.v1 import passage_pb2 as _passage_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BuildContextRequest(_message.Message):
    __slots__ = ("parent", "customer", "query", "token_budget")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    TOKEN_BUDGET_FIELD_NUMBER: _ClassVar[int]
    parent: str
    customer: str
    query: str
    token_budget: int
    def __init__(self, parent: _Optional[str] = ..., customer: _Optional[str] = ..., query: _Optional[str] = ..., token_budget: _Optional[int] = ...) -> None: ...

class BuildContextResponse(_message.Message):
    __slots__ = ("passages", "memories", "token_count", "dropped_count")
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    DROPPED_COUNT_FIELD_NUMBER: _ClassVar[int]
    passages: _containers.RepeatedCompositeFieldContainer[_passage_pb2.Passage]
    memories: _containers.RepeatedCompositeFieldContainer[_memory_pb2.Memory]
    token_count: int
    dropped_count: int
    def __init__(self, passages: _Optional[_Iterable[_Union[_passage_pb2.Passage, _Mapping]]] = ..., memories: _Optional[_Iterable[_Union[_memory_pb2.Memory, _Mapping]]] = ..., token_count: _Optional[int] = ..., dropped_count: _Optional[int] = ...) -> None: ...
