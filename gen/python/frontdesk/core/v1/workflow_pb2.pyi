import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.core.v1 import approval_pb2 as _approval_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SlotType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SLOT_TYPE_UNSPECIFIED: _ClassVar[SlotType]
    SLOT_TYPE_TEXT: _ClassVar[SlotType]
    SLOT_TYPE_NUMBER: _ClassVar[SlotType]
    SLOT_TYPE_BOOLEAN: _ClassVar[SlotType]
    SLOT_TYPE_CHOICE: _ClassVar[SlotType]
    SLOT_TYPE_DATE: _ClassVar[SlotType]
    SLOT_TYPE_TIME: _ClassVar[SlotType]
    SLOT_TYPE_EMAIL: _ClassVar[SlotType]
    SLOT_TYPE_PHONE: _ClassVar[SlotType]
    SLOT_TYPE_OBJECT: _ClassVar[SlotType]
SLOT_TYPE_UNSPECIFIED: SlotType
SLOT_TYPE_TEXT: SlotType
SLOT_TYPE_NUMBER: SlotType
SLOT_TYPE_BOOLEAN: SlotType
SLOT_TYPE_CHOICE: SlotType
SLOT_TYPE_DATE: SlotType
SLOT_TYPE_TIME: SlotType
SLOT_TYPE_EMAIL: SlotType
SLOT_TYPE_PHONE: SlotType
SLOT_TYPE_OBJECT: SlotType

class Workflow(_message.Message):
    __slots__ = ("name", "display_name", "description", "disabled", "draft", "draft_version", "published_version", "etag", "create_time", "update_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DISABLED_FIELD_NUMBER: _ClassVar[int]
    DRAFT_FIELD_NUMBER: _ClassVar[int]
    DRAFT_VERSION_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_VERSION_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    description: str
    disabled: bool
    draft: WorkflowDefinition
    draft_version: str
    published_version: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., description: _Optional[str] = ..., disabled: _Optional[bool] = ..., draft: _Optional[_Union[WorkflowDefinition, _Mapping]] = ..., draft_version: _Optional[str] = ..., published_version: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class WorkflowDefinition(_message.Message):
    __slots__ = ("triggers", "slots", "steps", "timeout")
    TRIGGERS_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    triggers: _containers.RepeatedCompositeFieldContainer[WorkflowTrigger]
    slots: _containers.RepeatedCompositeFieldContainer[Slot]
    steps: _containers.RepeatedCompositeFieldContainer[WorkflowStep]
    timeout: _duration_pb2.Duration
    def __init__(self, triggers: _Optional[_Iterable[_Union[WorkflowTrigger, _Mapping]]] = ..., slots: _Optional[_Iterable[_Union[Slot, _Mapping]]] = ..., steps: _Optional[_Iterable[_Union[WorkflowStep, _Mapping]]] = ..., timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class WorkflowTrigger(_message.Message):
    __slots__ = ("condition", "intent", "event", "schedule")
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    INTENT_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    condition: str
    intent: IntentTrigger
    event: EventTrigger
    schedule: ScheduleTrigger
    def __init__(self, condition: _Optional[str] = ..., intent: _Optional[_Union[IntentTrigger, _Mapping]] = ..., event: _Optional[_Union[EventTrigger, _Mapping]] = ..., schedule: _Optional[_Union[ScheduleTrigger, _Mapping]] = ...) -> None: ...

class IntentTrigger(_message.Message):
    __slots__ = ("description", "examples", "min_confidence")
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    EXAMPLES_FIELD_NUMBER: _ClassVar[int]
    MIN_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    description: str
    examples: _containers.RepeatedScalarFieldContainer[str]
    min_confidence: float
    def __init__(self, description: _Optional[str] = ..., examples: _Optional[_Iterable[str]] = ..., min_confidence: _Optional[float] = ...) -> None: ...

class EventTrigger(_message.Message):
    __slots__ = ("kind",)
    KIND_FIELD_NUMBER: _ClassVar[int]
    kind: str
    def __init__(self, kind: _Optional[str] = ...) -> None: ...

class ScheduleTrigger(_message.Message):
    __slots__ = ("cron", "time_zone")
    CRON_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    cron: str
    time_zone: str
    def __init__(self, cron: _Optional[str] = ..., time_zone: _Optional[str] = ...) -> None: ...

class Slot(_message.Message):
    __slots__ = ("id", "type", "description", "choices", "condition")
    ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    id: str
    type: SlotType
    description: str
    choices: _containers.RepeatedScalarFieldContainer[str]
    condition: str
    def __init__(self, id: _Optional[str] = ..., type: _Optional[_Union[SlotType, str]] = ..., description: _Optional[str] = ..., choices: _Optional[_Iterable[str]] = ..., condition: _Optional[str] = ...) -> None: ...

class WorkflowStep(_message.Message):
    __slots__ = ("id", "display_name", "ask", "say", "call_tool", "instruct", "wait", "hand_over", "approve", "next", "next_on_failure")
    ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ASK_FIELD_NUMBER: _ClassVar[int]
    SAY_FIELD_NUMBER: _ClassVar[int]
    CALL_TOOL_FIELD_NUMBER: _ClassVar[int]
    INSTRUCT_FIELD_NUMBER: _ClassVar[int]
    WAIT_FIELD_NUMBER: _ClassVar[int]
    HAND_OVER_FIELD_NUMBER: _ClassVar[int]
    APPROVE_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    NEXT_ON_FAILURE_FIELD_NUMBER: _ClassVar[int]
    id: str
    display_name: str
    ask: Ask
    say: Say
    call_tool: CallTool
    instruct: Instruct
    wait: Wait
    hand_over: HandOver
    approve: _approval_pb2.ApprovalRule
    next: _containers.RepeatedCompositeFieldContainer[Next]
    next_on_failure: str
    def __init__(self, id: _Optional[str] = ..., display_name: _Optional[str] = ..., ask: _Optional[_Union[Ask, _Mapping]] = ..., say: _Optional[_Union[Say, _Mapping]] = ..., call_tool: _Optional[_Union[CallTool, _Mapping]] = ..., instruct: _Optional[_Union[Instruct, _Mapping]] = ..., wait: _Optional[_Union[Wait, _Mapping]] = ..., hand_over: _Optional[_Union[HandOver, _Mapping]] = ..., approve: _Optional[_Union[_approval_pb2.ApprovalRule, _Mapping]] = ..., next: _Optional[_Iterable[_Union[Next, _Mapping]]] = ..., next_on_failure: _Optional[str] = ...) -> None: ...

class Next(_message.Message):
    __slots__ = ("condition", "step")
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    condition: str
    step: str
    def __init__(self, condition: _Optional[str] = ..., step: _Optional[str] = ...) -> None: ...

class Ask(_message.Message):
    __slots__ = ("text", "slot", "skip_when_known", "max_attempts", "timeout")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    SKIP_WHEN_KNOWN_FIELD_NUMBER: _ClassVar[int]
    MAX_ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    text: str
    slot: str
    skip_when_known: bool
    max_attempts: int
    timeout: _duration_pb2.Duration
    def __init__(self, text: _Optional[str] = ..., slot: _Optional[str] = ..., skip_when_known: _Optional[bool] = ..., max_attempts: _Optional[int] = ..., timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Say(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...

class CallTool(_message.Message):
    __slots__ = ("tool", "arguments", "outputs")
    class ArgumentsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    TOOL_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    tool: str
    arguments: _containers.ScalarMap[str, str]
    outputs: _containers.RepeatedCompositeFieldContainer[SlotValue]
    def __init__(self, tool: _Optional[str] = ..., arguments: _Optional[_Mapping[str, str]] = ..., outputs: _Optional[_Iterable[_Union[SlotValue, _Mapping]]] = ...) -> None: ...

class Instruct(_message.Message):
    __slots__ = ("text", "slots", "tools", "silent")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    TOOLS_FIELD_NUMBER: _ClassVar[int]
    SILENT_FIELD_NUMBER: _ClassVar[int]
    text: str
    slots: _containers.RepeatedScalarFieldContainer[str]
    tools: _containers.RepeatedScalarFieldContainer[str]
    silent: bool
    def __init__(self, text: _Optional[str] = ..., slots: _Optional[_Iterable[str]] = ..., tools: _Optional[_Iterable[str]] = ..., silent: _Optional[bool] = ...) -> None: ...

class SlotValue(_message.Message):
    __slots__ = ("slot", "expression")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    slot: str
    expression: str
    def __init__(self, slot: _Optional[str] = ..., expression: _Optional[str] = ...) -> None: ...

class Wait(_message.Message):
    __slots__ = ("duration",)
    DURATION_FIELD_NUMBER: _ClassVar[int]
    duration: _duration_pb2.Duration
    def __init__(self, duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class HandOver(_message.Message):
    __slots__ = ("reason", "queue")
    REASON_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    reason: str
    queue: str
    def __init__(self, reason: _Optional[str] = ..., queue: _Optional[str] = ...) -> None: ...

class WorkflowVersion(_message.Message):
    __slots__ = ("name", "definition", "author", "comment", "create_time", "publish_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    definition: WorkflowDefinition
    author: str
    comment: str
    create_time: _timestamp_pb2.Timestamp
    publish_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., definition: _Optional[_Union[WorkflowDefinition, _Mapping]] = ..., author: _Optional[str] = ..., comment: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
