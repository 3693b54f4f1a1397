import datetime

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

class ConversationState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONVERSATION_STATE_UNSPECIFIED: _ClassVar[ConversationState]
    CONVERSATION_STATE_AUTOMATED: _ClassVar[ConversationState]
    CONVERSATION_STATE_WAITING: _ClassVar[ConversationState]
    CONVERSATION_STATE_ASSIGNED: _ClassVar[ConversationState]
    CONVERSATION_STATE_CLOSED: _ClassVar[ConversationState]
CONVERSATION_STATE_UNSPECIFIED: ConversationState
CONVERSATION_STATE_AUTOMATED: ConversationState
CONVERSATION_STATE_WAITING: ConversationState
CONVERSATION_STATE_ASSIGNED: ConversationState
CONVERSATION_STATE_CLOSED: ConversationState

class Conversation(_message.Message):
    __slots__ = ("name", "customer", "channel", "state", "agent", "agent_display_name", "epoch", "last_seq", "tags", "handover_reason", "create_time", "update_time")
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
    def __init__(self, name: _Optional[str] = ..., customer: _Optional[str] = ..., channel: _Optional[str] = ..., state: _Optional[_Union[ConversationState, str]] = ..., agent: _Optional[str] = ..., agent_display_name: _Optional[str] = ..., epoch: _Optional[int] = ..., last_seq: _Optional[int] = ..., tags: _Optional[_Iterable[str]] = ..., handover_reason: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
