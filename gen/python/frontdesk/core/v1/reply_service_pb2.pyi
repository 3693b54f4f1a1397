import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from frontdesk.core.v1 import turn_step_pb2 as _turn_step_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ModelProblem(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_PROBLEM_UNSPECIFIED: _ClassVar[ModelProblem]
    MODEL_PROBLEM_KEY_REFUSED: _ClassVar[ModelProblem]
    MODEL_PROBLEM_MODEL_NOT_FOUND: _ClassVar[ModelProblem]
    MODEL_PROBLEM_NOT_REACHABLE: _ClassVar[ModelProblem]
    MODEL_PROBLEM_ADDRESS_NOT_ALLOWED: _ClassVar[ModelProblem]
    MODEL_PROBLEM_LIMIT_REACHED: _ClassVar[ModelProblem]
    MODEL_PROBLEM_REQUEST_REFUSED: _ClassVar[ModelProblem]
    MODEL_PROBLEM_PROVIDER_FAILED: _ClassVar[ModelProblem]
    MODEL_PROBLEM_ANSWER_UNREADABLE: _ClassVar[ModelProblem]
    MODEL_PROBLEM_ANSWER_EMPTY: _ClassVar[ModelProblem]
    MODEL_PROBLEM_CREDENTIAL_NOT_HERE: _ClassVar[ModelProblem]
    MODEL_PROBLEM_NO_PROVIDER: _ClassVar[ModelProblem]
MODEL_PROBLEM_UNSPECIFIED: ModelProblem
MODEL_PROBLEM_KEY_REFUSED: ModelProblem
MODEL_PROBLEM_MODEL_NOT_FOUND: ModelProblem
MODEL_PROBLEM_NOT_REACHABLE: ModelProblem
MODEL_PROBLEM_ADDRESS_NOT_ALLOWED: ModelProblem
MODEL_PROBLEM_LIMIT_REACHED: ModelProblem
MODEL_PROBLEM_REQUEST_REFUSED: ModelProblem
MODEL_PROBLEM_PROVIDER_FAILED: ModelProblem
MODEL_PROBLEM_ANSWER_UNREADABLE: ModelProblem
MODEL_PROBLEM_ANSWER_EMPTY: ModelProblem
MODEL_PROBLEM_CREDENTIAL_NOT_HERE: ModelProblem
MODEL_PROBLEM_NO_PROVIDER: ModelProblem

class SuggestReplyRequest(_message.Message):
    __slots__ = ("name", "hint")
    NAME_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    name: str
    hint: str
    def __init__(self, name: _Optional[str] = ..., hint: _Optional[str] = ...) -> None: ...

class SuggestReplyResponse(_message.Message):
    __slots__ = ("text", "citations")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    text: str
    citations: _containers.RepeatedCompositeFieldContainer[_message_pb2.Citation]
    def __init__(self, text: _Optional[str] = ..., citations: _Optional[_Iterable[_Union[_message_pb2.Citation, _Mapping]]] = ...) -> None: ...

class PreviewReplyRequest(_message.Message):
    __slots__ = ("parent", "text", "setting_versions", "workflow_versions")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SETTING_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    WORKFLOW_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    parent: str
    text: str
    setting_versions: _containers.RepeatedScalarFieldContainer[str]
    workflow_versions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, parent: _Optional[str] = ..., text: _Optional[str] = ..., setting_versions: _Optional[_Iterable[str]] = ..., workflow_versions: _Optional[_Iterable[str]] = ...) -> None: ...

class PreviewReplyResponse(_message.Message):
    __slots__ = ("text", "citations", "kind", "hands_over", "assistant", "tokens", "cost", "first_text_duration", "duration", "step")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    HANDS_OVER_FIELD_NUMBER: _ClassVar[int]
    ASSISTANT_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    FIRST_TEXT_DURATION_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    text: str
    citations: _containers.RepeatedCompositeFieldContainer[_message_pb2.Citation]
    kind: _message_pb2.MessageKind
    hands_over: bool
    assistant: str
    tokens: _turn_step_pb2.TokenUsage
    cost: _money_pb2.Money
    first_text_duration: _duration_pb2.Duration
    duration: _duration_pb2.Duration
    step: PreviewStep
    def __init__(self, text: _Optional[str] = ..., citations: _Optional[_Iterable[_Union[_message_pb2.Citation, _Mapping]]] = ..., kind: _Optional[_Union[_message_pb2.MessageKind, str]] = ..., hands_over: _Optional[bool] = ..., assistant: _Optional[str] = ..., tokens: _Optional[_Union[_turn_step_pb2.TokenUsage, _Mapping]] = ..., cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., first_text_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., step: _Optional[_Union[PreviewStep, _Mapping]] = ...) -> None: ...

class PreviewStep(_message.Message):
    __slots__ = ("step", "passages", "prompt")
    STEP_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    step: _turn_step_pb2.TurnStep
    passages: _containers.RepeatedCompositeFieldContainer[PreviewPassage]
    prompt: _containers.RepeatedCompositeFieldContainer[_turn_step_pb2.PromptMessage]
    def __init__(self, step: _Optional[_Union[_turn_step_pb2.TurnStep, _Mapping]] = ..., passages: _Optional[_Iterable[_Union[PreviewPassage, _Mapping]]] = ..., prompt: _Optional[_Iterable[_Union[_turn_step_pb2.PromptMessage, _Mapping]]] = ...) -> None: ...

class PreviewPassage(_message.Message):
    __slots__ = ("name", "document_title", "heading", "uri", "text", "score", "dense_score", "lexical_score", "outcome")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_TITLE_FIELD_NUMBER: _ClassVar[int]
    HEADING_FIELD_NUMBER: _ClassVar[int]
    URI_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    DENSE_SCORE_FIELD_NUMBER: _ClassVar[int]
    LEXICAL_SCORE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    name: str
    document_title: str
    heading: str
    uri: str
    text: str
    score: float
    dense_score: float
    lexical_score: float
    outcome: _turn_step_pb2.RecallOutcome
    def __init__(self, name: _Optional[str] = ..., document_title: _Optional[str] = ..., heading: _Optional[str] = ..., uri: _Optional[str] = ..., text: _Optional[str] = ..., score: _Optional[float] = ..., dense_score: _Optional[float] = ..., lexical_score: _Optional[float] = ..., outcome: _Optional[_Union[_turn_step_pb2.RecallOutcome, str]] = ...) -> None: ...

class TestModelRequest(_message.Message):
    __slots__ = ("parent", "model", "credential", "credential_revision", "temperature")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_REVISION_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    model: str
    credential: str
    credential_revision: int
    temperature: float
    def __init__(self, parent: _Optional[str] = ..., model: _Optional[str] = ..., credential: _Optional[str] = ..., credential_revision: _Optional[int] = ..., temperature: _Optional[float] = ...) -> None: ...

class TestModelResponse(_message.Message):
    __slots__ = ("works", "problem", "message", "first_text_duration", "duration", "tokens", "cost")
    WORKS_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FIRST_TEXT_DURATION_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    works: bool
    problem: ModelProblem
    message: str
    first_text_duration: _duration_pb2.Duration
    duration: _duration_pb2.Duration
    tokens: _turn_step_pb2.TokenUsage
    cost: _money_pb2.Money
    def __init__(self, works: _Optional[bool] = ..., problem: _Optional[_Union[ModelProblem, str]] = ..., message: _Optional[str] = ..., first_text_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., tokens: _Optional[_Union[_turn_step_pb2.TokenUsage, _Mapping]] = ..., cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class SummarizeConversationRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class SummarizeConversationResponse(_message.Message):
    __slots__ = ("summary", "last_seq")
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQ_FIELD_NUMBER: _ClassVar[int]
    summary: str
    last_seq: int
    def __init__(self, summary: _Optional[str] = ..., last_seq: _Optional[int] = ...) -> None: ...

class TranscribeAudioRequest(_message.Message):
    __slots__ = ("parent", "audio", "language")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    audio: bytes
    language: str
    def __init__(self, parent: _Optional[str] = ..., audio: _Optional[bytes] = ..., language: _Optional[str] = ...) -> None: ...

class TranscribeAudioResponse(_message.Message):
    __slots__ = ("text", "language", "duration")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    text: str
    language: str
    duration: _duration_pb2.Duration
    def __init__(self, text: _Optional[str] = ..., language: _Optional[str] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
