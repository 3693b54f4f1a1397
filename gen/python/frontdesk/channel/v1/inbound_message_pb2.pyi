import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class InboundMessageState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INBOUND_MESSAGE_STATE_UNSPECIFIED: _ClassVar[InboundMessageState]
    INBOUND_MESSAGE_STATE_PENDING: _ClassVar[InboundMessageState]
    INBOUND_MESSAGE_STATE_FORWARDED: _ClassVar[InboundMessageState]
    INBOUND_MESSAGE_STATE_REFUSED: _ClassVar[InboundMessageState]
    INBOUND_MESSAGE_STATE_DEAD: _ClassVar[InboundMessageState]
INBOUND_MESSAGE_STATE_UNSPECIFIED: InboundMessageState
INBOUND_MESSAGE_STATE_PENDING: InboundMessageState
INBOUND_MESSAGE_STATE_FORWARDED: InboundMessageState
INBOUND_MESSAGE_STATE_REFUSED: InboundMessageState
INBOUND_MESSAGE_STATE_DEAD: InboundMessageState

class InboundMessage(_message.Message):
    __slots__ = ("name", "channel", "conversation", "state", "text", "attempts", "problem", "create_time", "next_attempt_time", "sender")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    NEXT_ATTEMPT_TIME_FIELD_NUMBER: _ClassVar[int]
    SENDER_FIELD_NUMBER: _ClassVar[int]
    name: str
    channel: str
    conversation: str
    state: InboundMessageState
    text: str
    attempts: int
    problem: str
    create_time: _timestamp_pb2.Timestamp
    next_attempt_time: _timestamp_pb2.Timestamp
    sender: str
    def __init__(self, name: _Optional[str] = ..., channel: _Optional[str] = ..., conversation: _Optional[str] = ..., state: _Optional[_Union[InboundMessageState, str]] = ..., text: _Optional[str] = ..., attempts: _Optional[int] = ..., problem: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., next_attempt_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sender: _Optional[str] = ...) -> None: ...
