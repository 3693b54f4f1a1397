import datetime

from frontdesk.core.v1 import turn_step_pb2 as _turn_step_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WorkflowRunState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WORKFLOW_RUN_STATE_UNSPECIFIED: _ClassVar[WorkflowRunState]
    WORKFLOW_RUN_STATE_RUNNING: _ClassVar[WorkflowRunState]
    WORKFLOW_RUN_STATE_WAITING: _ClassVar[WorkflowRunState]
    WORKFLOW_RUN_STATE_DONE: _ClassVar[WorkflowRunState]
    WORKFLOW_RUN_STATE_FAILED: _ClassVar[WorkflowRunState]
    WORKFLOW_RUN_STATE_CANCELLED: _ClassVar[WorkflowRunState]
WORKFLOW_RUN_STATE_UNSPECIFIED: WorkflowRunState
WORKFLOW_RUN_STATE_RUNNING: WorkflowRunState
WORKFLOW_RUN_STATE_WAITING: WorkflowRunState
WORKFLOW_RUN_STATE_DONE: WorkflowRunState
WORKFLOW_RUN_STATE_FAILED: WorkflowRunState
WORKFLOW_RUN_STATE_CANCELLED: WorkflowRunState

class WorkflowRun(_message.Message):
    __slots__ = ("name", "version", "conversation", "customer", "cause", "state", "step", "slots", "problem", "create_time", "finish_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    FINISH_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: str
    conversation: str
    customer: str
    cause: str
    state: WorkflowRunState
    step: str
    slots: _struct_pb2.Struct
    problem: str
    create_time: _timestamp_pb2.Timestamp
    finish_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., version: _Optional[str] = ..., conversation: _Optional[str] = ..., customer: _Optional[str] = ..., cause: _Optional[str] = ..., state: _Optional[_Union[WorkflowRunState, str]] = ..., step: _Optional[str] = ..., slots: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., problem: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., finish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class WorkflowRunStep(_message.Message):
    __slots__ = ("name", "step", "state", "model_call", "tool_call", "outputs", "message", "approvals", "problem", "create_time", "finish_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MODEL_CALL_FIELD_NUMBER: _ClassVar[int]
    TOOL_CALL_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    APPROVALS_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    FINISH_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    step: str
    state: _turn_step_pb2.StepState
    model_call: _turn_step_pb2.ModelCall
    tool_call: _turn_step_pb2.ToolCall
    outputs: _struct_pb2.Struct
    message: str
    approvals: _containers.RepeatedScalarFieldContainer[str]
    problem: str
    create_time: _timestamp_pb2.Timestamp
    finish_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., step: _Optional[str] = ..., state: _Optional[_Union[_turn_step_pb2.StepState, str]] = ..., model_call: _Optional[_Union[_turn_step_pb2.ModelCall, _Mapping]] = ..., tool_call: _Optional[_Union[_turn_step_pb2.ToolCall, _Mapping]] = ..., outputs: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., message: _Optional[str] = ..., approvals: _Optional[_Iterable[str]] = ..., problem: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., finish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
