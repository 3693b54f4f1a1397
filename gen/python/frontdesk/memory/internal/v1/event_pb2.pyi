from frontdesk.event.v1 import envelope_pb2 as _envelope_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Event(_message.Message):
    __slots__ = ("envelope", "document_created", "document_indexed", "document_failed", "document_updated", "document_deleted", "memory_remembered", "memory_forgotten")
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_CREATED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_INDEXED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FAILED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_UPDATED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_DELETED_FIELD_NUMBER: _ClassVar[int]
    MEMORY_REMEMBERED_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FORGOTTEN_FIELD_NUMBER: _ClassVar[int]
    envelope: _envelope_pb2.Envelope
    document_created: DocumentCreated
    document_indexed: DocumentIndexed
    document_failed: DocumentFailed
    document_updated: DocumentUpdated
    document_deleted: DocumentDeleted
    memory_remembered: MemoryRemembered
    memory_forgotten: MemoryForgotten
    def __init__(self, envelope: _Optional[_Union[_envelope_pb2.Envelope, _Mapping]] = ..., document_created: _Optional[_Union[DocumentCreated, _Mapping]] = ..., document_indexed: _Optional[_Union[DocumentIndexed, _Mapping]] = ..., document_failed: _Optional[_Union[DocumentFailed, _Mapping]] = ..., document_updated: _Optional[_Union[DocumentUpdated, _Mapping]] = ..., document_deleted: _Optional[_Union[DocumentDeleted, _Mapping]] = ..., memory_remembered: _Optional[_Union[MemoryRemembered, _Mapping]] = ..., memory_forgotten: _Optional[_Union[MemoryForgotten, _Mapping]] = ...) -> None: ...

class DocumentCreated(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DocumentIndexed(_message.Message):
    __slots__ = ("revision", "passage_count", "embedding_model")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    PASSAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_MODEL_FIELD_NUMBER: _ClassVar[int]
    revision: int
    passage_count: int
    embedding_model: str
    def __init__(self, revision: _Optional[int] = ..., passage_count: _Optional[int] = ..., embedding_model: _Optional[str] = ...) -> None: ...

class DocumentFailed(_message.Message):
    __slots__ = ("revision", "reason")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    revision: int
    reason: str
    def __init__(self, revision: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class DocumentUpdated(_message.Message):
    __slots__ = ("revision",)
    REVISION_FIELD_NUMBER: _ClassVar[int]
    revision: int
    def __init__(self, revision: _Optional[int] = ...) -> None: ...

class DocumentDeleted(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class MemoryRemembered(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class MemoryForgotten(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
