import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Workflow(_message.Message):
    __slots__ = ("name", "display_name", "trigger", "steps", "published_version", "etag", "create_time", "update_time")
    class Step(_message.Message):
        __slots__ = ("id", "condition", "ask", "call", "instruct", "hand_over", "needs_approval")
        ID_FIELD_NUMBER: _ClassVar[int]
        CONDITION_FIELD_NUMBER: _ClassVar[int]
        ASK_FIELD_NUMBER: _ClassVar[int]
        CALL_FIELD_NUMBER: _ClassVar[int]
        INSTRUCT_FIELD_NUMBER: _ClassVar[int]
        HAND_OVER_FIELD_NUMBER: _ClassVar[int]
        NEEDS_APPROVAL_FIELD_NUMBER: _ClassVar[int]
        id: str
        condition: str
        ask: Workflow.Ask
        call: Workflow.Call
        instruct: Workflow.Instruct
        hand_over: Workflow.HandOver
        needs_approval: bool
        def __init__(self, id: _Optional[str] = ..., condition: _Optional[str] = ..., ask: _Optional[_Union[Workflow.Ask, _Mapping]] = ..., call: _Optional[_Union[Workflow.Call, _Mapping]] = ..., instruct: _Optional[_Union[Workflow.Instruct, _Mapping]] = ..., hand_over: _Optional[_Union[Workflow.HandOver, _Mapping]] = ..., needs_approval: _Optional[bool] = ...) -> None: ...
    class Ask(_message.Message):
        __slots__ = ("text",)
        TEXT_FIELD_NUMBER: _ClassVar[int]
        text: str
        def __init__(self, text: _Optional[str] = ...) -> None: ...
    class Call(_message.Message):
        __slots__ = ("tool", "arguments")
        class ArgumentsEntry(_message.Message):
            __slots__ = ("key", "value")
            KEY_FIELD_NUMBER: _ClassVar[int]
            VALUE_FIELD_NUMBER: _ClassVar[int]
            key: str
            value: str
            def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
        TOOL_FIELD_NUMBER: _ClassVar[int]
        ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
        tool: str
        arguments: _containers.ScalarMap[str, str]
        def __init__(self, tool: _Optional[str] = ..., arguments: _Optional[_Mapping[str, str]] = ...) -> None: ...
    class Instruct(_message.Message):
        __slots__ = ("text",)
        TEXT_FIELD_NUMBER: _ClassVar[int]
        text: str
        def __init__(self, text: _Optional[str] = ...) -> None: ...
    class HandOver(_message.Message):
        __slots__ = ("reason",)
        REASON_FIELD_NUMBER: _ClassVar[int]
        reason: str
        def __init__(self, reason: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_VERSION_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    trigger: str
    steps: _containers.RepeatedCompositeFieldContainer[Workflow.Step]
    published_version: int
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., trigger: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[Workflow.Step, _Mapping]]] = ..., published_version: _Optional[int] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
