from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.v1 import conversation_pb2 as _conversation_pb2
from frontdesk.core.v1 import identity_pb2 as _identity_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OpenConversationRequest(_message.Message):
    __slots__ = ("parent", "channel", "identity", "display_name", "language", "thread_key", "subject", "claims", "existing")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    THREAD_KEY_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    EXISTING_FIELD_NUMBER: _ClassVar[int]
    parent: str
    channel: str
    identity: _identity_pb2.Identity
    display_name: str
    language: str
    thread_key: str
    subject: str
    claims: _containers.RepeatedCompositeFieldContainer[_identity_pb2.Identity]
    existing: bool
    def __init__(self, parent: _Optional[str] = ..., channel: _Optional[str] = ..., identity: _Optional[_Union[_identity_pb2.Identity, _Mapping]] = ..., display_name: _Optional[str] = ..., language: _Optional[str] = ..., thread_key: _Optional[str] = ..., subject: _Optional[str] = ..., claims: _Optional[_Iterable[_Union[_identity_pb2.Identity, _Mapping]]] = ..., existing: _Optional[bool] = ...) -> None: ...

class RequestHandoverRequest(_message.Message):
    __slots__ = ("name", "reason")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    name: str
    reason: str
    def __init__(self, name: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class SetTypingRequest(_message.Message):
    __slots__ = ("name", "role", "typing")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TYPING_FIELD_NUMBER: _ClassVar[int]
    name: str
    role: _message_pb2.ParticipantRole
    typing: bool
    def __init__(self, name: _Optional[str] = ..., role: _Optional[_Union[_message_pb2.ParticipantRole, str]] = ..., typing: _Optional[bool] = ...) -> None: ...

class SetTypingResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WithdrawHandoverRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class RateConversationRequest(_message.Message):
    __slots__ = ("name", "score", "comment")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    score: int
    comment: str
    def __init__(self, name: _Optional[str] = ..., score: _Optional[int] = ..., comment: _Optional[str] = ...) -> None: ...

class MarkReadRequest(_message.Message):
    __slots__ = ("name", "seq")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    name: str
    seq: int
    def __init__(self, name: _Optional[str] = ..., seq: _Optional[int] = ...) -> None: ...

class MarkReadResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
