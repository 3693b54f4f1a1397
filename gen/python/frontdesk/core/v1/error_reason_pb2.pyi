from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class ErrorReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERROR_REASON_UNSPECIFIED: _ClassVar[ErrorReason]
    ERROR_REASON_CONVERSATION_NOT_FOUND: _ClassVar[ErrorReason]
    ERROR_REASON_CONVERSATION_CLOSED: _ClassVar[ErrorReason]
    ERROR_REASON_CONVERSATION_TAKEN: _ClassVar[ErrorReason]
    ERROR_REASON_CONVERSATION_NOT_ASSIGNED: _ClassVar[ErrorReason]
    ERROR_REASON_CUSTOMER_NOT_FOUND: _ClassVar[ErrorReason]
    ERROR_REASON_REQUEST_ID_REUSED: _ClassVar[ErrorReason]
    ERROR_REASON_EPOCH_PASSED: _ClassVar[ErrorReason]
    ERROR_REASON_RESUME_TOKEN_EXPIRED: _ClassVar[ErrorReason]
    ERROR_REASON_WATCHER_TOO_SLOW: _ClassVar[ErrorReason]
    ERROR_REASON_STREAM_ENDED: _ClassVar[ErrorReason]
    ERROR_REASON_CONVERSATION_BUSY: _ClassVar[ErrorReason]
    ERROR_REASON_TOO_MANY_TAGS: _ClassVar[ErrorReason]
    ERROR_REASON_MESSAGE_NOT_FOUND: _ClassVar[ErrorReason]
    ERROR_REASON_TURN_NOT_FOUND: _ClassVar[ErrorReason]
    ERROR_REASON_ASSISTANT_FAILED: _ClassVar[ErrorReason]
    ERROR_REASON_TRANSCRIPTS_UNAVAILABLE: _ClassVar[ErrorReason]
ERROR_REASON_UNSPECIFIED: ErrorReason
ERROR_REASON_CONVERSATION_NOT_FOUND: ErrorReason
ERROR_REASON_CONVERSATION_CLOSED: ErrorReason
ERROR_REASON_CONVERSATION_TAKEN: ErrorReason
ERROR_REASON_CONVERSATION_NOT_ASSIGNED: ErrorReason
ERROR_REASON_CUSTOMER_NOT_FOUND: ErrorReason
ERROR_REASON_REQUEST_ID_REUSED: ErrorReason
ERROR_REASON_EPOCH_PASSED: ErrorReason
ERROR_REASON_RESUME_TOKEN_EXPIRED: ErrorReason
ERROR_REASON_WATCHER_TOO_SLOW: ErrorReason
ERROR_REASON_STREAM_ENDED: ErrorReason
ERROR_REASON_CONVERSATION_BUSY: ErrorReason
ERROR_REASON_TOO_MANY_TAGS: ErrorReason
ERROR_REASON_MESSAGE_NOT_FOUND: ErrorReason
ERROR_REASON_TURN_NOT_FOUND: ErrorReason
ERROR_REASON_ASSISTANT_FAILED: ErrorReason
ERROR_REASON_TRANSCRIPTS_UNAVAILABLE: ErrorReason
