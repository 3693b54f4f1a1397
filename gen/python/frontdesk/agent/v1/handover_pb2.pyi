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

class HandoverState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HANDOVER_STATE_UNSPECIFIED: _ClassVar[HandoverState]
    HANDOVER_STATE_PENDING: _ClassVar[HandoverState]
    HANDOVER_STATE_ACCEPTED: _ClassVar[HandoverState]
    HANDOVER_STATE_WITHDRAWN: _ClassVar[HandoverState]
HANDOVER_STATE_UNSPECIFIED: HandoverState
HANDOVER_STATE_PENDING: HandoverState
HANDOVER_STATE_ACCEPTED: HandoverState
HANDOVER_STATE_WITHDRAWN: HandoverState

class Handover(_message.Message):
    __slots__ = ("name", "conversation", "queue", "state", "reason", "agent", "agent_display_name", "declined_by", "create_time", "end_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DECLINED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    conversation: str
    queue: str
    state: HandoverState
    reason: str
    agent: str
    agent_display_name: str
    declined_by: _containers.RepeatedScalarFieldContainer[str]
    create_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., conversation: _Optional[str] = ..., queue: _Optional[str] = ..., state: _Optional[_Union[HandoverState, str]] = ..., reason: _Optional[str] = ..., agent: _Optional[str] = ..., agent_display_name: _Optional[str] = ..., declined_by: _Optional[_Iterable[str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Assignment(_message.Message):
    __slots__ = ("name", "conversation", "agent", "agent_display_name", "customer_display_name", "channel", "epoch", "preview", "unanswered_count", "start_time", "end_time", "message_time", "customer")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_FIELD_NUMBER: _ClassVar[int]
    UNANSWERED_COUNT_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_TIME_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    name: str
    conversation: str
    agent: str
    agent_display_name: str
    customer_display_name: str
    channel: str
    epoch: int
    preview: str
    unanswered_count: int
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    message_time: _timestamp_pb2.Timestamp
    customer: str
    def __init__(self, name: _Optional[str] = ..., conversation: _Optional[str] = ..., agent: _Optional[str] = ..., agent_display_name: _Optional[str] = ..., customer_display_name: _Optional[str] = ..., channel: _Optional[str] = ..., epoch: _Optional[int] = ..., preview: _Optional[str] = ..., unanswered_count: _Optional[int] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., message_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., customer: _Optional[str] = ...) -> None: ...
