import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StepState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STEP_STATE_UNSPECIFIED: _ClassVar[StepState]
    STEP_STATE_RUNNING: _ClassVar[StepState]
    STEP_STATE_WAITING: _ClassVar[StepState]
    STEP_STATE_DONE: _ClassVar[StepState]
    STEP_STATE_FAILED: _ClassVar[StepState]
    STEP_STATE_CANCELLED: _ClassVar[StepState]
    STEP_STATE_UNKNOWN: _ClassVar[StepState]

class RecallOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECALL_OUTCOME_UNSPECIFIED: _ClassVar[RecallOutcome]
    RECALL_OUTCOME_USED: _ClassVar[RecallOutcome]
    RECALL_OUTCOME_BELOW_THRESHOLD: _ClassVar[RecallOutcome]
    RECALL_OUTCOME_OVER_BUDGET: _ClassVar[RecallOutcome]
    RECALL_OUTCOME_DUPLICATE: _ClassVar[RecallOutcome]

class ModelCallPurpose(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_CALL_PURPOSE_UNSPECIFIED: _ClassVar[ModelCallPurpose]
    MODEL_CALL_PURPOSE_REPLY: _ClassVar[ModelCallPurpose]
    MODEL_CALL_PURPOSE_WRITE_QUERY: _ClassVar[ModelCallPurpose]
    MODEL_CALL_PURPOSE_CLASSIFY: _ClassVar[ModelCallPurpose]
    MODEL_CALL_PURPOSE_FILL_SLOTS: _ClassVar[ModelCallPurpose]
    MODEL_CALL_PURPOSE_SUMMARIZE: _ClassVar[ModelCallPurpose]
    MODEL_CALL_PURPOSE_JUDGE_PASSAGES: _ClassVar[ModelCallPurpose]

class ModelCallOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_CALL_OUTCOME_UNSPECIFIED: _ClassVar[ModelCallOutcome]
    MODEL_CALL_OUTCOME_COMPLETE: _ClassVar[ModelCallOutcome]
    MODEL_CALL_OUTCOME_TOO_LONG: _ClassVar[ModelCallOutcome]
    MODEL_CALL_OUTCOME_TOOL_CALLS: _ClassVar[ModelCallOutcome]
    MODEL_CALL_OUTCOME_REFUSED: _ClassVar[ModelCallOutcome]
    MODEL_CALL_OUTCOME_FAILED: _ClassVar[ModelCallOutcome]
    MODEL_CALL_OUTCOME_CANCELLED: _ClassVar[ModelCallOutcome]

class LeftOutMessagesReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LEFT_OUT_MESSAGES_REASON_UNSPECIFIED: _ClassVar[LeftOutMessagesReason]
    LEFT_OUT_MESSAGES_REASON_OVER_BUDGET: _ClassVar[LeftOutMessagesReason]
    LEFT_OUT_MESSAGES_REASON_TOO_OLD: _ClassVar[LeftOutMessagesReason]
    LEFT_OUT_MESSAGES_REASON_BEFORE_CUSTOMER: _ClassVar[LeftOutMessagesReason]

class PromptRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROMPT_ROLE_UNSPECIFIED: _ClassVar[PromptRole]
    PROMPT_ROLE_SYSTEM: _ClassVar[PromptRole]
    PROMPT_ROLE_CUSTOMER: _ClassVar[PromptRole]
    PROMPT_ROLE_ASSISTANT: _ClassVar[PromptRole]
    PROMPT_ROLE_TOOL: _ClassVar[PromptRole]
STEP_STATE_UNSPECIFIED: StepState
STEP_STATE_RUNNING: StepState
STEP_STATE_WAITING: StepState
STEP_STATE_DONE: StepState
STEP_STATE_FAILED: StepState
STEP_STATE_CANCELLED: StepState
STEP_STATE_UNKNOWN: StepState
RECALL_OUTCOME_UNSPECIFIED: RecallOutcome
RECALL_OUTCOME_USED: RecallOutcome
RECALL_OUTCOME_BELOW_THRESHOLD: RecallOutcome
RECALL_OUTCOME_OVER_BUDGET: RecallOutcome
RECALL_OUTCOME_DUPLICATE: RecallOutcome
MODEL_CALL_PURPOSE_UNSPECIFIED: ModelCallPurpose
MODEL_CALL_PURPOSE_REPLY: ModelCallPurpose
MODEL_CALL_PURPOSE_WRITE_QUERY: ModelCallPurpose
MODEL_CALL_PURPOSE_CLASSIFY: ModelCallPurpose
MODEL_CALL_PURPOSE_FILL_SLOTS: ModelCallPurpose
MODEL_CALL_PURPOSE_SUMMARIZE: ModelCallPurpose
MODEL_CALL_PURPOSE_JUDGE_PASSAGES: ModelCallPurpose
MODEL_CALL_OUTCOME_UNSPECIFIED: ModelCallOutcome
MODEL_CALL_OUTCOME_COMPLETE: ModelCallOutcome
MODEL_CALL_OUTCOME_TOO_LONG: ModelCallOutcome
MODEL_CALL_OUTCOME_TOOL_CALLS: ModelCallOutcome
MODEL_CALL_OUTCOME_REFUSED: ModelCallOutcome
MODEL_CALL_OUTCOME_FAILED: ModelCallOutcome
MODEL_CALL_OUTCOME_CANCELLED: ModelCallOutcome
LEFT_OUT_MESSAGES_REASON_UNSPECIFIED: LeftOutMessagesReason
LEFT_OUT_MESSAGES_REASON_OVER_BUDGET: LeftOutMessagesReason
LEFT_OUT_MESSAGES_REASON_TOO_OLD: LeftOutMessagesReason
LEFT_OUT_MESSAGES_REASON_BEFORE_CUSTOMER: LeftOutMessagesReason
PROMPT_ROLE_UNSPECIFIED: PromptRole
PROMPT_ROLE_SYSTEM: PromptRole
PROMPT_ROLE_CUSTOMER: PromptRole
PROMPT_ROLE_ASSISTANT: PromptRole
PROMPT_ROLE_TOOL: PromptRole

class TurnStep(_message.Message):
    __slots__ = ("name", "attempt", "state", "recall", "model_call", "tool_call", "problem", "trace_id", "create_time", "finish_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    MODEL_CALL_FIELD_NUMBER: _ClassVar[int]
    TOOL_CALL_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    FINISH_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    attempt: int
    state: StepState
    recall: Recall
    model_call: ModelCall
    tool_call: ToolCall
    problem: str
    trace_id: str
    create_time: _timestamp_pb2.Timestamp
    finish_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., attempt: _Optional[int] = ..., state: _Optional[_Union[StepState, str]] = ..., recall: _Optional[_Union[Recall, _Mapping]] = ..., model_call: _Optional[_Union[ModelCall, _Mapping]] = ..., tool_call: _Optional[_Union[ToolCall, _Mapping]] = ..., problem: _Optional[str] = ..., trace_id: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., finish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Recall(_message.Message):
    __slots__ = ("query_seqs", "query_step", "knowledge_version", "embedding_model", "passages", "memories", "degraded")
    QUERY_SEQS_FIELD_NUMBER: _ClassVar[int]
    QUERY_STEP_FIELD_NUMBER: _ClassVar[int]
    KNOWLEDGE_VERSION_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_MODEL_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    query_seqs: _containers.RepeatedScalarFieldContainer[int]
    query_step: str
    knowledge_version: int
    embedding_model: str
    passages: _containers.RepeatedCompositeFieldContainer[RecallHit]
    memories: _containers.RepeatedCompositeFieldContainer[RecallHit]
    degraded: bool
    def __init__(self, query_seqs: _Optional[_Iterable[int]] = ..., query_step: _Optional[str] = ..., knowledge_version: _Optional[int] = ..., embedding_model: _Optional[str] = ..., passages: _Optional[_Iterable[_Union[RecallHit, _Mapping]]] = ..., memories: _Optional[_Iterable[_Union[RecallHit, _Mapping]]] = ..., degraded: _Optional[bool] = ...) -> None: ...

class RecallHit(_message.Message):
    __slots__ = ("name", "revision", "score", "outcome")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    name: str
    revision: int
    score: float
    outcome: RecallOutcome
    def __init__(self, name: _Optional[str] = ..., revision: _Optional[int] = ..., score: _Optional[float] = ..., outcome: _Optional[_Union[RecallOutcome, str]] = ...) -> None: ...

class ModelCall(_message.Message):
    __slots__ = ("purpose", "model", "credential", "prompt", "tokens", "cost", "first_token_duration", "outcome", "message", "output", "attempts")
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    FIRST_TOKEN_DURATION_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    purpose: ModelCallPurpose
    model: str
    credential: str
    prompt: PromptReference
    tokens: TokenUsage
    cost: _money_pb2.Money
    first_token_duration: _duration_pb2.Duration
    outcome: ModelCallOutcome
    message: str
    output: _struct_pb2.Value
    attempts: int
    def __init__(self, purpose: _Optional[_Union[ModelCallPurpose, str]] = ..., model: _Optional[str] = ..., credential: _Optional[str] = ..., prompt: _Optional[_Union[PromptReference, _Mapping]] = ..., tokens: _Optional[_Union[TokenUsage, _Mapping]] = ..., cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., first_token_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., outcome: _Optional[_Union[ModelCallOutcome, str]] = ..., message: _Optional[str] = ..., output: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., attempts: _Optional[int] = ...) -> None: ...

class PromptReference(_message.Message):
    __slots__ = ("template", "setting_versions", "workflow_version", "workflow_step", "messages", "steps", "tools", "sha256", "max_output_tokens", "temperature", "token_count", "token_budget", "left_out_messages", "left_out_passages", "cuts", "summary_last_seq")
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    SETTING_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    WORKFLOW_VERSION_FIELD_NUMBER: _ClassVar[int]
    WORKFLOW_STEP_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    TOOLS_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    MAX_OUTPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_BUDGET_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_MESSAGES_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_PASSAGES_FIELD_NUMBER: _ClassVar[int]
    CUTS_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_LAST_SEQ_FIELD_NUMBER: _ClassVar[int]
    template: str
    setting_versions: _containers.RepeatedScalarFieldContainer[str]
    workflow_version: str
    workflow_step: str
    messages: _containers.RepeatedCompositeFieldContainer[SeqRange]
    steps: _containers.RepeatedScalarFieldContainer[str]
    tools: _containers.RepeatedCompositeFieldContainer[ToolRevision]
    sha256: bytes
    max_output_tokens: int
    temperature: float
    token_count: int
    token_budget: int
    left_out_messages: _containers.RepeatedCompositeFieldContainer[LeftOutMessages]
    left_out_passages: _containers.RepeatedScalarFieldContainer[str]
    cuts: _containers.RepeatedCompositeFieldContainer[Cut]
    summary_last_seq: int
    def __init__(self, template: _Optional[str] = ..., setting_versions: _Optional[_Iterable[str]] = ..., workflow_version: _Optional[str] = ..., workflow_step: _Optional[str] = ..., messages: _Optional[_Iterable[_Union[SeqRange, _Mapping]]] = ..., steps: _Optional[_Iterable[str]] = ..., tools: _Optional[_Iterable[_Union[ToolRevision, _Mapping]]] = ..., sha256: _Optional[bytes] = ..., max_output_tokens: _Optional[int] = ..., temperature: _Optional[float] = ..., token_count: _Optional[int] = ..., token_budget: _Optional[int] = ..., left_out_messages: _Optional[_Iterable[_Union[LeftOutMessages, _Mapping]]] = ..., left_out_passages: _Optional[_Iterable[str]] = ..., cuts: _Optional[_Iterable[_Union[Cut, _Mapping]]] = ..., summary_last_seq: _Optional[int] = ...) -> None: ...

class LeftOutMessages(_message.Message):
    __slots__ = ("messages", "reason")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    messages: SeqRange
    reason: LeftOutMessagesReason
    def __init__(self, messages: _Optional[_Union[SeqRange, _Mapping]] = ..., reason: _Optional[_Union[LeftOutMessagesReason, str]] = ...) -> None: ...

class Cut(_message.Message):
    __slots__ = ("seq", "passage", "characters")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    PASSAGE_FIELD_NUMBER: _ClassVar[int]
    CHARACTERS_FIELD_NUMBER: _ClassVar[int]
    seq: int
    passage: str
    characters: int
    def __init__(self, seq: _Optional[int] = ..., passage: _Optional[str] = ..., characters: _Optional[int] = ...) -> None: ...

class SeqRange(_message.Message):
    __slots__ = ("first_seq", "last_seq")
    FIRST_SEQ_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQ_FIELD_NUMBER: _ClassVar[int]
    first_seq: int
    last_seq: int
    def __init__(self, first_seq: _Optional[int] = ..., last_seq: _Optional[int] = ...) -> None: ...

class ToolRevision(_message.Message):
    __slots__ = ("tool", "revision")
    TOOL_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    tool: str
    revision: int
    def __init__(self, tool: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class TokenUsage(_message.Message):
    __slots__ = ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_tokens")
    INPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    CACHED_INPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    REASONING_TOKENS_FIELD_NUMBER: _ClassVar[int]
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    def __init__(self, input_tokens: _Optional[int] = ..., cached_input_tokens: _Optional[int] = ..., output_tokens: _Optional[int] = ..., reasoning_tokens: _Optional[int] = ...) -> None: ...

class ToolCall(_message.Message):
    __slots__ = ("tool", "arguments", "result", "approvals", "attempts")
    TOOL_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    APPROVALS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    tool: ToolRevision
    arguments: _struct_pb2.Struct
    result: _struct_pb2.Value
    approvals: _containers.RepeatedScalarFieldContainer[str]
    attempts: int
    def __init__(self, tool: _Optional[_Union[ToolRevision, _Mapping]] = ..., arguments: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., result: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., approvals: _Optional[_Iterable[str]] = ..., attempts: _Optional[int] = ...) -> None: ...

class Prompt(_message.Message):
    __slots__ = ("name", "messages", "exact", "request")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    name: str
    messages: _containers.RepeatedCompositeFieldContainer[PromptMessage]
    exact: bool
    request: bytes
    def __init__(self, name: _Optional[str] = ..., messages: _Optional[_Iterable[_Union[PromptMessage, _Mapping]]] = ..., exact: _Optional[bool] = ..., request: _Optional[bytes] = ...) -> None: ...

class PromptMessage(_message.Message):
    __slots__ = ("role", "text", "origin")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    role: PromptRole
    text: str
    origin: str
    def __init__(self, role: _Optional[_Union[PromptRole, str]] = ..., text: _Optional[str] = ..., origin: _Optional[str] = ...) -> None: ...
