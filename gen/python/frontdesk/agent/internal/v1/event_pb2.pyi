import datetime

from frontdesk.agent.v1 import inbox_pb2 as _inbox_pb2
from frontdesk.agent.v1 import presence_pb2 as _presence_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from frontdesk.event.v1 import envelope_pb2 as _envelope_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Event(_message.Message):
    __slots__ = ("envelope", "handover_queued", "handover_accepted", "handover_declined", "handover_withdrawn", "assignment_started", "assignment_finished", "agent_presence_changed", "agent_changed", "assigned_message_created")
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_QUEUED_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_DECLINED_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_STARTED_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_FINISHED_FIELD_NUMBER: _ClassVar[int]
    AGENT_PRESENCE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    AGENT_CHANGED_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_MESSAGE_CREATED_FIELD_NUMBER: _ClassVar[int]
    envelope: _envelope_pb2.Envelope
    handover_queued: HandoverQueued
    handover_accepted: HandoverAccepted
    handover_declined: HandoverDeclined
    handover_withdrawn: HandoverWithdrawn
    assignment_started: AssignmentStarted
    assignment_finished: AssignmentFinished
    agent_presence_changed: AgentPresenceChanged
    agent_changed: AgentChanged
    assigned_message_created: AssignedMessageCreated
    def __init__(self, envelope: _Optional[_Union[_envelope_pb2.Envelope, _Mapping]] = ..., handover_queued: _Optional[_Union[HandoverQueued, _Mapping]] = ..., handover_accepted: _Optional[_Union[HandoverAccepted, _Mapping]] = ..., handover_declined: _Optional[_Union[HandoverDeclined, _Mapping]] = ..., handover_withdrawn: _Optional[_Union[HandoverWithdrawn, _Mapping]] = ..., assignment_started: _Optional[_Union[AssignmentStarted, _Mapping]] = ..., assignment_finished: _Optional[_Union[AssignmentFinished, _Mapping]] = ..., agent_presence_changed: _Optional[_Union[AgentPresenceChanged, _Mapping]] = ..., agent_changed: _Optional[_Union[AgentChanged, _Mapping]] = ..., assigned_message_created: _Optional[_Union[AssignedMessageCreated, _Mapping]] = ...) -> None: ...

class HandoverQueued(_message.Message):
    __slots__ = ("conversation", "queue")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    queue: str
    def __init__(self, conversation: _Optional[str] = ..., queue: _Optional[str] = ...) -> None: ...

class HandoverAccepted(_message.Message):
    __slots__ = ("conversation", "queue", "agent", "wait_duration")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    WAIT_DURATION_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    queue: str
    agent: str
    wait_duration: _duration_pb2.Duration
    def __init__(self, conversation: _Optional[str] = ..., queue: _Optional[str] = ..., agent: _Optional[str] = ..., wait_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class HandoverDeclined(_message.Message):
    __slots__ = ("conversation", "agent", "reason")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    agent: str
    reason: str
    def __init__(self, conversation: _Optional[str] = ..., agent: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class HandoverWithdrawn(_message.Message):
    __slots__ = ("conversation", "queue")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    queue: str
    def __init__(self, conversation: _Optional[str] = ..., queue: _Optional[str] = ...) -> None: ...

class AssignmentStarted(_message.Message):
    __slots__ = ("conversation", "agent", "epoch")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    agent: str
    epoch: int
    def __init__(self, conversation: _Optional[str] = ..., agent: _Optional[str] = ..., epoch: _Optional[int] = ...) -> None: ...

class AssignmentFinished(_message.Message):
    __slots__ = ("conversation", "agent", "cause", "duration")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    agent: str
    cause: _inbox_pb2.AssignmentEndCause
    duration: _duration_pb2.Duration
    def __init__(self, conversation: _Optional[str] = ..., agent: _Optional[str] = ..., cause: _Optional[_Union[_inbox_pb2.AssignmentEndCause, str]] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class AgentPresenceChanged(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: _presence_pb2.PresenceState
    def __init__(self, state: _Optional[_Union[_presence_pb2.PresenceState, str]] = ...) -> None: ...

class AgentChanged(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class AssignedMessageCreated(_message.Message):
    __slots__ = ("message", "author", "agent")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    message: str
    author: _message_pb2.ParticipantRole
    agent: str
    def __init__(self, message: _Optional[str] = ..., author: _Optional[_Union[_message_pb2.ParticipantRole, str]] = ..., agent: _Optional[str] = ...) -> None: ...
