import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.agent.v1 import handover_pb2 as _handover_pb2
from frontdesk.agent.v1 import presence_pb2 as _presence_pb2
from frontdesk.agent.v1 import queue_pb2 as _queue_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

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
    class Cause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        CAUSE_UNSPECIFIED: _ClassVar[QueueEntryRemoved.Cause]
        CAUSE_ACCEPTED: _ClassVar[QueueEntryRemoved.Cause]
        CAUSE_WITHDRAWN: _ClassVar[QueueEntryRemoved.Cause]
    CAUSE_UNSPECIFIED: QueueEntryRemoved.Cause
    CAUSE_ACCEPTED: QueueEntryRemoved.Cause
    CAUSE_WITHDRAWN: QueueEntryRemoved.Cause
    HANDOVER_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    handover: str
    conversation: str
    cause: QueueEntryRemoved.Cause
    agent: str
    agent_display_name: str
    def __init__(self, handover: _Optional[str] = ..., conversation: _Optional[str] = ..., cause: _Optional[_Union[QueueEntryRemoved.Cause, str]] = ..., agent: _Optional[str] = ..., agent_display_name: _Optional[str] = ...) -> None: ...

class AssignmentEnded(_message.Message):
    __slots__ = ("assignment", "conversation", "agent", "cause")
    class Cause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        CAUSE_UNSPECIFIED: _ClassVar[AssignmentEnded.Cause]
        CAUSE_TRANSFERRED: _ClassVar[AssignmentEnded.Cause]
        CAUSE_RETURNED: _ClassVar[AssignmentEnded.Cause]
        CAUSE_RESOLVED: _ClassVar[AssignmentEnded.Cause]
    CAUSE_UNSPECIFIED: AssignmentEnded.Cause
    CAUSE_TRANSFERRED: AssignmentEnded.Cause
    CAUSE_RETURNED: AssignmentEnded.Cause
    CAUSE_RESOLVED: AssignmentEnded.Cause
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    assignment: str
    conversation: str
    agent: str
    cause: AssignmentEnded.Cause
    def __init__(self, assignment: _Optional[str] = ..., conversation: _Optional[str] = ..., agent: _Optional[str] = ..., cause: _Optional[_Union[AssignmentEnded.Cause, str]] = ...) -> None: ...

class InboxMessage(_message.Message):
    __slots__ = ("conversation", "message", "author", "preview", "unanswered_count")
    class Author(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        AUTHOR_UNSPECIFIED: _ClassVar[InboxMessage.Author]
        AUTHOR_CUSTOMER: _ClassVar[InboxMessage.Author]
        AUTHOR_ASSISTANT: _ClassVar[InboxMessage.Author]
        AUTHOR_AGENT: _ClassVar[InboxMessage.Author]
    AUTHOR_UNSPECIFIED: InboxMessage.Author
    AUTHOR_CUSTOMER: InboxMessage.Author
    AUTHOR_ASSISTANT: InboxMessage.Author
    AUTHOR_AGENT: InboxMessage.Author
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_FIELD_NUMBER: _ClassVar[int]
    UNANSWERED_COUNT_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    message: str
    author: InboxMessage.Author
    preview: str
    unanswered_count: int
    def __init__(self, conversation: _Optional[str] = ..., message: _Optional[str] = ..., author: _Optional[_Union[InboxMessage.Author, str]] = ..., preview: _Optional[str] = ..., unanswered_count: _Optional[int] = ...) -> None: ...

class InboxDecline(_message.Message):
    __slots__ = ("handover", "agent")
    HANDOVER_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    handover: str
    agent: str
    def __init__(self, handover: _Optional[str] = ..., agent: _Optional[str] = ...) -> None: ...
