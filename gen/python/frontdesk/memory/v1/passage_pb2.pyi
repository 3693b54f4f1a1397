from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Passage(_message.Message):
    __slots__ = ("name", "document", "document_title", "heading", "uri", "text", "ordinal", "page")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_TITLE_FIELD_NUMBER: _ClassVar[int]
    HEADING_FIELD_NUMBER: _ClassVar[int]
    URI_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ORDINAL_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    name: str
    document: str
    document_title: str
    heading: str
    uri: str
    text: str
    ordinal: int
    page: int
    def __init__(self, name: _Optional[str] = ..., document: _Optional[str] = ..., document_title: _Optional[str] = ..., heading: _Optional[str] = ..., uri: _Optional[str] = ..., text: _Optional[str] = ..., ordinal: _Optional[int] = ..., page: _Optional[int] = ...) -> None: ...
