import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.core.v1 import identity_pb2 as _identity_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
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

class ConversationPriority(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONVERSATION_PRIORITY_UNSPECIFIED: _ClassVar[ConversationPriority]
    CONVERSATION_PRIORITY_LOW: _ClassVar[ConversationPriority]
    CONVERSATION_PRIORITY_HIGH: _ClassVar[ConversationPriority]
    CONVERSATION_PRIORITY_URGENT: _ClassVar[ConversationPriority]

class ConversationState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONVERSATION_STATE_UNSPECIFIED: _ClassVar[ConversationState]
    CONVERSATION_STATE_AUTOMATED: _ClassVar[ConversationState]
    CONVERSATION_STATE_WAITING: _ClassVar[ConversationState]
    CONVERSATION_STATE_ASSIGNED: _ClassVar[ConversationState]
    CONVERSATION_STATE_CLOSED: _ClassVar[ConversationState]
CONVERSATION_PRIORITY_UNSPECIFIED: ConversationPriority
CONVERSATION_PRIORITY_LOW: ConversationPriority
CONVERSATION_PRIORITY_HIGH: ConversationPriority
CONVERSATION_PRIORITY_URGENT: ConversationPriority
CONVERSATION_STATE_UNSPECIFIED: ConversationState
CONVERSATION_STATE_AUTOMATED: ConversationState
CONVERSATION_STATE_WAITING: ConversationState
CONVERSATION_STATE_ASSIGNED: ConversationState
CONVERSATION_STATE_CLOSED: ConversationState

class Conversation(_message.Message):
    __slots__ = ("name", "customer", "channel", "state", "agent", "agent_display_name", "epoch", "last_seq", "tags", "handover_reason", "create_time", "update_time", "thread_key", "subject", "priority", "language", "etag", "unanswered", "summary", "capabilities", "rating", "customer_read_seq")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQ_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_REASON_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    THREAD_KEY_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    UNANSWERED_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    RATING_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_READ_SEQ_FIELD_NUMBER: _ClassVar[int]
    name: str
    customer: str
    channel: str
    state: ConversationState
    agent: str
    agent_display_name: str
    epoch: int
    last_seq: int
    tags: _containers.RepeatedScalarFieldContainer[str]
    handover_reason: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    thread_key: str
    subject: str
    priority: ConversationPriority
    language: str
    etag: str
    unanswered: bool
    summary: ConversationSummary
    capabilities: Capabilities
    rating: Rating
    customer_read_seq: int
    def __init__(self, name: _Optional[str] = ..., customer: _Optional[str] = ..., channel: _Optional[str] = ..., state: _Optional[_Union[ConversationState, str]] = ..., agent: _Optional[str] = ..., agent_display_name: _Optional[str] = ..., epoch: _Optional[int] = ..., last_seq: _Optional[int] = ..., tags: _Optional[_Iterable[str]] = ..., handover_reason: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., thread_key: _Optional[str] = ..., subject: _Optional[str] = ..., priority: _Optional[_Union[ConversationPriority, str]] = ..., language: _Optional[str] = ..., etag: _Optional[str] = ..., unanswered: _Optional[bool] = ..., summary: _Optional[_Union[ConversationSummary, _Mapping]] = ..., capabilities: _Optional[_Union[Capabilities, _Mapping]] = ..., rating: _Optional[_Union[Rating, _Mapping]] = ..., customer_read_seq: _Optional[int] = ...) -> None: ...

class Rating(_message.Message):
    __slots__ = ("score", "comment", "create_time")
    SCORE_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    score: int
    comment: str
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, score: _Optional[int] = ..., comment: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Capabilities(_message.Message):
    __slots__ = ("files", "max_options", "window_close_time")
    FILES_FIELD_NUMBER: _ClassVar[int]
    MAX_OPTIONS_FIELD_NUMBER: _ClassVar[int]
    WINDOW_CLOSE_TIME_FIELD_NUMBER: _ClassVar[int]
    files: bool
    max_options: int
    window_close_time: _timestamp_pb2.Timestamp
    def __init__(self, files: _Optional[bool] = ..., max_options: _Optional[int] = ..., window_close_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ConversationSummary(_message.Message):
    __slots__ = ("customer_display_name", "address", "last_message", "last_role", "last_preview", "last_message_time")
    CUSTOMER_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    LAST_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    LAST_ROLE_FIELD_NUMBER: _ClassVar[int]
    LAST_PREVIEW_FIELD_NUMBER: _ClassVar[int]
    LAST_MESSAGE_TIME_FIELD_NUMBER: _ClassVar[int]
    customer_display_name: str
    address: _identity_pb2.Address
    last_message: str
    last_role: _message_pb2.ParticipantRole
    last_preview: str
    last_message_time: _timestamp_pb2.Timestamp
    def __init__(self, customer_display_name: _Optional[str] = ..., address: _Optional[_Union[_identity_pb2.Address, _Mapping]] = ..., last_message: _Optional[str] = ..., last_role: _Optional[_Union[_message_pb2.ParticipantRole, str]] = ..., last_preview: _Optional[str] = ..., last_message_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
