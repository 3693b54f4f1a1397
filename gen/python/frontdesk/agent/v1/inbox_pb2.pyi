import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.agent.v1 import handover_pb2 as _handover_pb2
from frontdesk.agent.v1 import presence_pb2 as _presence_pb2
from frontdesk.agent.v1 import queue_pb2 as _queue_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class QueueEntryRemovalCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    QUEUE_ENTRY_REMOVAL_CAUSE_UNSPECIFIED: _ClassVar[QueueEntryRemovalCause]
    QUEUE_ENTRY_REMOVAL_CAUSE_ACCEPTED: _ClassVar[QueueEntryRemovalCause]
    QUEUE_ENTRY_REMOVAL_CAUSE_WITHDRAWN: _ClassVar[QueueEntryRemovalCause]

class AssignmentEndCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ASSIGNMENT_END_CAUSE_UNSPECIFIED: _ClassVar[AssignmentEndCause]
    ASSIGNMENT_END_CAUSE_TRANSFERRED: _ClassVar[AssignmentEndCause]
    ASSIGNMENT_END_CAUSE_RETURNED: _ClassVar[AssignmentEndCause]
    ASSIGNMENT_END_CAUSE_RESOLVED: _ClassVar[AssignmentEndCause]
QUEUE_ENTRY_REMOVAL_CAUSE_UNSPECIFIED: QueueEntryRemovalCause
QUEUE_ENTRY_REMOVAL_CAUSE_ACCEPTED: QueueEntryRemovalCause
QUEUE_ENTRY_REMOVAL_CAUSE_WITHDRAWN: QueueEntryRemovalCause
ASSIGNMENT_END_CAUSE_UNSPECIFIED: AssignmentEndCause
ASSIGNMENT_END_CAUSE_TRANSFERRED: AssignmentEndCause
ASSIGNMENT_END_CAUSE_RETURNED: AssignmentEndCause
ASSIGNMENT_END_CAUSE_RESOLVED: AssignmentEndCause

class InboxEvent(_message.Message):
    __slots__ = ("create_time", "queue_entry_added", "queue_entry_removed", "assignment_started", "assignment_ended", "message_created", "presence_changed", "handover_declined")
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    QUEUE_ENTRY_ADDED_FIELD_NUMBER: _ClassVar[int]
    QUEUE_ENTRY_REMOVED_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_STARTED_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_ENDED_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_CREATED_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_DECLINED_FIELD_NUMBER: _ClassVar[int]
    create_time: _timestamp_pb2.Timestamp
    queue_entry_added: _queue_pb2.QueueEntry
    queue_entry_removed: QueueEntryRemoved
    assignment_started: _handover_pb2.Assignment
    assignment_ended: AssignmentEnded
    message_created: InboxMessage
    presence_changed: _presence_pb2.Presence
    handover_declined: InboxDecline
    def __init__(self, create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., queue_entry_added: _Optional[_Union[_queue_pb2.QueueEntry, _Mapping]] = ..., queue_entry_removed: _Optional[_Union[QueueEntryRemoved, _Mapping]] = ..., assignment_started: _Optional[_Union[_handover_pb2.Assignment, _Mapping]] = ..., assignment_ended: _Optional[_Union[AssignmentEnded, _Mapping]] = ..., message_created: _Optional[_Union[InboxMessage, _Mapping]] = ..., presence_changed: _Optional[_Union[_presence_pb2.Presence, _Mapping]] = ..., handover_declined: _Optional[_Union[InboxDecline, _Mapping]] = ...) -> None: ...

class QueueEntryRemoved(_message.Message):
    __slots__ = ("handover", "conversation", "cause", "agent", "agent_display_name")
    HANDOVER_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    handover: str
    conversation: str
    cause: QueueEntryRemovalCause
    agent: str
    agent_display_name: str
    def __init__(self, handover: _Optional[str] = ..., conversation: _Optional[str] = ..., cause: _Optional[_Union[QueueEntryRemovalCause, str]] = ..., agent: _Optional[str] = ..., agent_display_name: _Optional[str] = ...) -> None: ...

class AssignmentEnded(_message.Message):
    __slots__ = ("assignment", "conversation", "agent", "cause")
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    assignment: str
    conversation: str
    agent: str
    cause: AssignmentEndCause
    def __init__(self, assignment: _Optional[str] = ..., conversation: _Optional[str] = ..., agent: _Optional[str] = ..., cause: _Optional[_Union[AssignmentEndCause, str]] = ...) -> None: ...

class InboxMessage(_message.Message):
    __slots__ = ("conversation", "message", "author", "preview", "unanswered_count")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_FIELD_NUMBER: _ClassVar[int]
    UNANSWERED_COUNT_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    message: str
    author: _message_pb2.ParticipantRole
    preview: str
    unanswered_count: int
    def __init__(self, conversation: _Optional[str] = ..., message: _Optional[str] = ..., author: _Optional[_Union[_message_pb2.ParticipantRole, str]] = ..., preview: _Optional[str] = ..., unanswered_count: _Optional[int] = ...) -> None: ...

class InboxDecline(_message.Message):
    __slots__ = ("handover", "agent")
    HANDOVER_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    handover: str
    agent: str
    def __init__(self, handover: _Optional[str] = ..., agent: _Optional[str] = ...) -> None: ...
