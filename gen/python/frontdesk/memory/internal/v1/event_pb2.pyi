import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Event(_message.Message):
    __slots__ = ("shard", "position", "organization", "create_time", "trace_id", "document_created", "document_indexed", "document_failed", "document_updated", "document_deleted", "memory_remembered", "memory_forgotten")
    SHARD_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_CREATED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_INDEXED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FAILED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_UPDATED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_DELETED_FIELD_NUMBER: _ClassVar[int]
    MEMORY_REMEMBERED_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FORGOTTEN_FIELD_NUMBER: _ClassVar[int]
    shard: int
    position: int
    organization: str
    create_time: _timestamp_pb2.Timestamp
    trace_id: str
    document_created: DocumentCreated
    document_indexed: DocumentIndexed
    document_failed: DocumentFailed
    document_updated: DocumentUpdated
    document_deleted: DocumentDeleted
    memory_remembered: MemoryRemembered
    memory_forgotten: MemoryForgotten
    def __init__(self, shard: _Optional[int] = ..., position: _Optional[int] = ..., organization: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., trace_id: _Optional[str] = ..., document_created: _Optional[_Union[DocumentCreated, _Mapping]] = ..., document_indexed: _Optional[_Union[DocumentIndexed, _Mapping]] = ..., document_failed: _Optional[_Union[DocumentFailed, _Mapping]] = ..., document_updated: _Optional[_Union[DocumentUpdated, _Mapping]] = ..., document_deleted: _Optional[_Union[DocumentDeleted, _Mapping]] = ..., memory_remembered: _Optional[_Union[MemoryRemembered, _Mapping]] = ..., memory_forgotten: _Optional[_Union[MemoryForgotten, _Mapping]] = ...) -> None: ...

class DocumentCreated(_message.Message):
    __slots__ = ("document", "title", "actor")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    document: str
    title: str
    actor: str
    def __init__(self, document: _Optional[str] = ..., title: _Optional[str] = ..., actor: _Optional[str] = ...) -> None: ...

class DocumentIndexed(_message.Message):
    __slots__ = ("document", "revision", "passage_count", "embedding_model")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    PASSAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_MODEL_FIELD_NUMBER: _ClassVar[int]
    document: str
    revision: int
    passage_count: int
    embedding_model: str
    def __init__(self, document: _Optional[str] = ..., revision: _Optional[int] = ..., passage_count: _Optional[int] = ..., embedding_model: _Optional[str] = ...) -> None: ...

class DocumentFailed(_message.Message):
    __slots__ = ("document", "revision", "reason")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    document: str
    revision: int
    reason: str
    def __init__(self, document: _Optional[str] = ..., revision: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class DocumentUpdated(_message.Message):
    __slots__ = ("document", "revision", "actor")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    document: str
    revision: int
    actor: str
    def __init__(self, document: _Optional[str] = ..., revision: _Optional[int] = ..., actor: _Optional[str] = ...) -> None: ...

class DocumentDeleted(_message.Message):
    __slots__ = ("document", "actor")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    document: str
    actor: str
    def __init__(self, document: _Optional[str] = ..., actor: _Optional[str] = ...) -> None: ...

class MemoryRemembered(_message.Message):
    __slots__ = ("memory",)
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    memory: str
    def __init__(self, memory: _Optional[str] = ...) -> None: ...

class MemoryForgotten(_message.Message):
    __slots__ = ("customer", "memory")
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    customer: str
    memory: str
    def __init__(self, customer: _Optional[str] = ..., memory: _Optional[str] = ...) -> None: ...
