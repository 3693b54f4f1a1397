from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.agent.v1 import canned_reply_pb2 as _canned_reply_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import empty_pb2 as _empty_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetCannedReplyRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListCannedRepliesRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListCannedRepliesResponse(_message.Message):
    __slots__ = ("canned_replies", "next_page_token")
    CANNED_REPLIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    canned_replies: _containers.RepeatedCompositeFieldContainer[_canned_reply_pb2.CannedReply]
    next_page_token: str
    def __init__(self, canned_replies: _Optional[_Iterable[_Union[_canned_reply_pb2.CannedReply, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateCannedReplyRequest(_message.Message):
    __slots__ = ("parent", "canned_reply", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    CANNED_REPLY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    canned_reply: _canned_reply_pb2.CannedReply
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., canned_reply: _Optional[_Union[_canned_reply_pb2.CannedReply, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class UpdateCannedReplyRequest(_message.Message):
    __slots__ = ("canned_reply", "update_mask")
    CANNED_REPLY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    canned_reply: _canned_reply_pb2.CannedReply
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, canned_reply: _Optional[_Union[_canned_reply_pb2.CannedReply, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DeleteCannedReplyRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...
