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

class DocumentState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DOCUMENT_STATE_UNSPECIFIED: _ClassVar[DocumentState]
    DOCUMENT_STATE_PENDING: _ClassVar[DocumentState]
    DOCUMENT_STATE_INDEXING: _ClassVar[DocumentState]
    DOCUMENT_STATE_READY: _ClassVar[DocumentState]
    DOCUMENT_STATE_FAILED: _ClassVar[DocumentState]
DOCUMENT_STATE_UNSPECIFIED: DocumentState
DOCUMENT_STATE_PENDING: DocumentState
DOCUMENT_STATE_INDEXING: DocumentState
DOCUMENT_STATE_READY: DocumentState
DOCUMENT_STATE_FAILED: DocumentState

class Document(_message.Message):
    __slots__ = ("name", "title", "uri", "text", "file", "web", "state", "progress", "error", "revision", "indexed_revision", "passage_count", "size_bytes", "embedding_model", "warnings", "create_time", "update_time", "index_time", "etag", "site")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    URI_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    WEB_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    INDEXED_REVISION_FIELD_NUMBER: _ClassVar[int]
    PASSAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_MODEL_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    INDEX_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    uri: str
    text: TextSource
    file: FileSource
    web: WebSource
    state: DocumentState
    progress: IndexingProgress
    error: DocumentError
    revision: int
    indexed_revision: int
    passage_count: int
    size_bytes: int
    embedding_model: str
    warnings: _containers.RepeatedScalarFieldContainer[str]
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    index_time: _timestamp_pb2.Timestamp
    etag: str
    site: str
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., uri: _Optional[str] = ..., text: _Optional[_Union[TextSource, _Mapping]] = ..., file: _Optional[_Union[FileSource, _Mapping]] = ..., web: _Optional[_Union[WebSource, _Mapping]] = ..., state: _Optional[_Union[DocumentState, str]] = ..., progress: _Optional[_Union[IndexingProgress, _Mapping]] = ..., error: _Optional[_Union[DocumentError, _Mapping]] = ..., revision: _Optional[int] = ..., indexed_revision: _Optional[int] = ..., passage_count: _Optional[int] = ..., size_bytes: _Optional[int] = ..., embedding_model: _Optional[str] = ..., warnings: _Optional[_Iterable[str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., index_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ..., site: _Optional[str] = ...) -> None: ...

class TextSource(_message.Message):
    __slots__ = ("content", "media_type")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    content: str
    media_type: str
    def __init__(self, content: _Optional[str] = ..., media_type: _Optional[str] = ...) -> None: ...

class FileSource(_message.Message):
    __slots__ = ("content", "upload", "file_name", "media_type")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    UPLOAD_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    upload: str
    file_name: str
    media_type: str
    def __init__(self, content: _Optional[bytes] = ..., upload: _Optional[str] = ..., file_name: _Optional[str] = ..., media_type: _Optional[str] = ...) -> None: ...

class WebSource(_message.Message):
    __slots__ = ("uri",)
    URI_FIELD_NUMBER: _ClassVar[int]
    uri: str
    def __init__(self, uri: _Optional[str] = ...) -> None: ...

class IndexingProgress(_message.Message):
    __slots__ = ("passages_total", "passages_embedded", "attempt")
    PASSAGES_TOTAL_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_EMBEDDED_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    passages_total: int
    passages_embedded: int
    attempt: int
    def __init__(self, passages_total: _Optional[int] = ..., passages_embedded: _Optional[int] = ..., attempt: _Optional[int] = ...) -> None: ...

class DocumentError(_message.Message):
    __slots__ = ("reason", "message", "fail_time")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FAIL_TIME_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    fail_time: _timestamp_pb2.Timestamp
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ..., fail_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
