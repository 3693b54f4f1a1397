import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListDocumentCitationsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDocumentCitationsResponse(_message.Message):
    __slots__ = ("answers", "next_page_token")
    class CitedAnswer(_message.Message):
        __slots__ = ("message", "turn", "create_time", "question", "sources")
        MESSAGE_FIELD_NUMBER: _ClassVar[int]
        TURN_FIELD_NUMBER: _ClassVar[int]
        CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
        QUESTION_FIELD_NUMBER: _ClassVar[int]
        SOURCES_FIELD_NUMBER: _ClassVar[int]
        message: str
        turn: str
        create_time: _timestamp_pb2.Timestamp
        question: str
        sources: _containers.RepeatedCompositeFieldContainer[_message_pb2.Source]
        def __init__(self, message: _Optional[str] = ..., turn: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., question: _Optional[str] = ..., sources: _Optional[_Iterable[_Union[_message_pb2.Source, _Mapping]]] = ...) -> None: ...
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[ListDocumentCitationsResponse.CitedAnswer]
    next_page_token: str
    def __init__(self, answers: _Optional[_Iterable[_Union[ListDocumentCitationsResponse.CitedAnswer, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CountDocumentCitationsRequest(_message.Message):
    __slots__ = ("parent", "documents", "period")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    parent: str
    documents: _containers.RepeatedScalarFieldContainer[str]
    period: _duration_pb2.Duration
    def __init__(self, parent: _Optional[str] = ..., documents: _Optional[_Iterable[str]] = ..., period: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class CountDocumentCitationsResponse(_message.Message):
    __slots__ = ("counts",)
    class Count(_message.Message):
        __slots__ = ("document", "answers")
        DOCUMENT_FIELD_NUMBER: _ClassVar[int]
        ANSWERS_FIELD_NUMBER: _ClassVar[int]
        document: str
        answers: int
        def __init__(self, document: _Optional[str] = ..., answers: _Optional[int] = ...) -> None: ...
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedCompositeFieldContainer[CountDocumentCitationsResponse.Count]
    def __init__(self, counts: _Optional[_Iterable[_Union[CountDocumentCitationsResponse.Count, _Mapping]]] = ...) -> None: ...
