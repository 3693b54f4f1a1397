from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.memory.v1 import passage_service_pb2 as _passage_service_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LeftOutReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LEFT_OUT_REASON_UNSPECIFIED: _ClassVar[LeftOutReason]
    LEFT_OUT_REASON_DUPLICATE: _ClassVar[LeftOutReason]
    LEFT_OUT_REASON_OVER_BUDGET: _ClassVar[LeftOutReason]
LEFT_OUT_REASON_UNSPECIFIED: LeftOutReason
LEFT_OUT_REASON_DUPLICATE: LeftOutReason
LEFT_OUT_REASON_OVER_BUDGET: LeftOutReason

class BuildContextRequest(_message.Message):
    __slots__ = ("parent", "query", "max_passages", "token_budget")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    MAX_PASSAGES_FIELD_NUMBER: _ClassVar[int]
    TOKEN_BUDGET_FIELD_NUMBER: _ClassVar[int]
    parent: str
    query: str
    max_passages: int
    token_budget: int
    def __init__(self, parent: _Optional[str] = ..., query: _Optional[str] = ..., max_passages: _Optional[int] = ..., token_budget: _Optional[int] = ...) -> None: ...

class BuildContextResponse(_message.Message):
    __slots__ = ("results", "left_out", "degraded", "embedding_model", "knowledge_version", "unknown_words")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_MODEL_FIELD_NUMBER: _ClassVar[int]
    KNOWLEDGE_VERSION_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_WORDS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_passage_service_pb2.SearchResult]
    left_out: _containers.RepeatedCompositeFieldContainer[LeftOutPassage]
    degraded: bool
    embedding_model: str
    knowledge_version: int
    unknown_words: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, results: _Optional[_Iterable[_Union[_passage_service_pb2.SearchResult, _Mapping]]] = ..., left_out: _Optional[_Iterable[_Union[LeftOutPassage, _Mapping]]] = ..., degraded: _Optional[bool] = ..., embedding_model: _Optional[str] = ..., knowledge_version: _Optional[int] = ..., unknown_words: _Optional[_Iterable[str]] = ...) -> None: ...

class LeftOutPassage(_message.Message):
    __slots__ = ("result", "reason")
    RESULT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    result: _passage_service_pb2.SearchResult
    reason: LeftOutReason
    def __init__(self, result: _Optional[_Union[_passage_service_pb2.SearchResult, _Mapping]] = ..., reason: _Optional[_Union[LeftOutReason, str]] = ...) -> None: ...
