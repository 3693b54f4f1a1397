import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from frontdesk.core.v1 import turn_step_pb2 as _turn_step_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Expectation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXPECTATION_UNSPECIFIED: _ClassVar[Expectation]
    EXPECTATION_ANSWER: _ClassVar[Expectation]
    EXPECTATION_NO_ANSWER: _ClassVar[Expectation]
    EXPECTATION_TALK: _ClassVar[Expectation]

class EvaluationRunState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVALUATION_RUN_STATE_UNSPECIFIED: _ClassVar[EvaluationRunState]
    EVALUATION_RUN_STATE_RUNNING: _ClassVar[EvaluationRunState]
    EVALUATION_RUN_STATE_DONE: _ClassVar[EvaluationRunState]
    EVALUATION_RUN_STATE_FAILED: _ClassVar[EvaluationRunState]
    EVALUATION_RUN_STATE_CANCELLED: _ClassVar[EvaluationRunState]

class EvaluationMetric(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVALUATION_METRIC_UNSPECIFIED: _ClassVar[EvaluationMetric]
    EVALUATION_METRIC_RIGHT: _ClassVar[EvaluationMetric]
    EVALUATION_METRIC_HIT_AT_1: _ClassVar[EvaluationMetric]
    EVALUATION_METRIC_HIT_AT_3: _ClassVar[EvaluationMetric]
    EVALUATION_METRIC_HIT_AT_5: _ClassVar[EvaluationMetric]
    EVALUATION_METRIC_HIT_AT_8: _ClassVar[EvaluationMetric]
    EVALUATION_METRIC_MEAN_RECIPROCAL_RANK: _ClassVar[EvaluationMetric]
    EVALUATION_METRIC_FIRST_QUOTE_RIGHT: _ClassVar[EvaluationMetric]
    EVALUATION_METRIC_ABSTENTION_PRECISION: _ClassVar[EvaluationMetric]
    EVALUATION_METRIC_ABSTENTION_RECALL: _ClassVar[EvaluationMetric]
    EVALUATION_METRIC_CITATIONS_RIGHT: _ClassVar[EvaluationMetric]
    EVALUATION_METRIC_ANSWER_DURATION: _ClassVar[EvaluationMetric]

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_RIGHT: _ClassVar[Verdict]
    VERDICT_WRONG_PASSAGE: _ClassVar[Verdict]
    VERDICT_WRONG_ANSWER: _ClassVar[Verdict]
    VERDICT_ABSTAINED: _ClassVar[Verdict]
    VERDICT_ANSWERED: _ClassVar[Verdict]
    VERDICT_FAILED: _ClassVar[Verdict]
EXPECTATION_UNSPECIFIED: Expectation
EXPECTATION_ANSWER: Expectation
EXPECTATION_NO_ANSWER: Expectation
EXPECTATION_TALK: Expectation
EVALUATION_RUN_STATE_UNSPECIFIED: EvaluationRunState
EVALUATION_RUN_STATE_RUNNING: EvaluationRunState
EVALUATION_RUN_STATE_DONE: EvaluationRunState
EVALUATION_RUN_STATE_FAILED: EvaluationRunState
EVALUATION_RUN_STATE_CANCELLED: EvaluationRunState
EVALUATION_METRIC_UNSPECIFIED: EvaluationMetric
EVALUATION_METRIC_RIGHT: EvaluationMetric
EVALUATION_METRIC_HIT_AT_1: EvaluationMetric
EVALUATION_METRIC_HIT_AT_3: EvaluationMetric
EVALUATION_METRIC_HIT_AT_5: EvaluationMetric
EVALUATION_METRIC_HIT_AT_8: EvaluationMetric
EVALUATION_METRIC_MEAN_RECIPROCAL_RANK: EvaluationMetric
EVALUATION_METRIC_FIRST_QUOTE_RIGHT: EvaluationMetric
EVALUATION_METRIC_ABSTENTION_PRECISION: EvaluationMetric
EVALUATION_METRIC_ABSTENTION_RECALL: EvaluationMetric
EVALUATION_METRIC_CITATIONS_RIGHT: EvaluationMetric
EVALUATION_METRIC_ANSWER_DURATION: EvaluationMetric
VERDICT_UNSPECIFIED: Verdict
VERDICT_RIGHT: Verdict
VERDICT_WRONG_PASSAGE: Verdict
VERDICT_WRONG_ANSWER: Verdict
VERDICT_ABSTAINED: Verdict
VERDICT_ANSWERED: Verdict
VERDICT_FAILED: Verdict

class QuestionSet(_message.Message):
    __slots__ = ("name", "display_name", "question_count", "create_time", "update_time", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    QUESTION_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    question_count: int
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., question_count: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class Question(_message.Message):
    __slots__ = ("name", "text", "earlier_messages", "language", "expectation", "documents", "must_contain", "must_not_contain", "message", "create_time", "update_time", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    EARLIER_MESSAGES_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    EXPECTATION_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    MUST_CONTAIN_FIELD_NUMBER: _ClassVar[int]
    MUST_NOT_CONTAIN_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    text: str
    earlier_messages: _containers.RepeatedCompositeFieldContainer[EarlierMessage]
    language: str
    expectation: Expectation
    documents: _containers.RepeatedScalarFieldContainer[str]
    must_contain: _containers.RepeatedScalarFieldContainer[str]
    must_not_contain: _containers.RepeatedScalarFieldContainer[str]
    message: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., text: _Optional[str] = ..., earlier_messages: _Optional[_Iterable[_Union[EarlierMessage, _Mapping]]] = ..., language: _Optional[str] = ..., expectation: _Optional[_Union[Expectation, str]] = ..., documents: _Optional[_Iterable[str]] = ..., must_contain: _Optional[_Iterable[str]] = ..., must_not_contain: _Optional[_Iterable[str]] = ..., message: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class EarlierMessage(_message.Message):
    __slots__ = ("role", "text")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    role: _message_pb2.ParticipantRole
    text: str
    def __init__(self, role: _Optional[_Union[_message_pb2.ParticipantRole, str]] = ..., text: _Optional[str] = ...) -> None: ...

class EvaluationRun(_message.Message):
    __slots__ = ("name", "question_set", "display_name", "setting_versions", "state", "problem", "question_count", "result_count", "verdicts", "numbers", "tokens", "cost", "create_time", "finish_time", "expire_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    QUESTION_SET_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    SETTING_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    QUESTION_COUNT_FIELD_NUMBER: _ClassVar[int]
    RESULT_COUNT_FIELD_NUMBER: _ClassVar[int]
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    FINISH_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    question_set: str
    display_name: str
    setting_versions: _containers.RepeatedScalarFieldContainer[str]
    state: EvaluationRunState
    problem: str
    question_count: int
    result_count: int
    verdicts: _containers.RepeatedCompositeFieldContainer[VerdictCount]
    numbers: _containers.RepeatedCompositeFieldContainer[EvaluationNumber]
    tokens: _turn_step_pb2.TokenUsage
    cost: _money_pb2.Money
    create_time: _timestamp_pb2.Timestamp
    finish_time: _timestamp_pb2.Timestamp
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., question_set: _Optional[str] = ..., display_name: _Optional[str] = ..., setting_versions: _Optional[_Iterable[str]] = ..., state: _Optional[_Union[EvaluationRunState, str]] = ..., problem: _Optional[str] = ..., question_count: _Optional[int] = ..., result_count: _Optional[int] = ..., verdicts: _Optional[_Iterable[_Union[VerdictCount, _Mapping]]] = ..., numbers: _Optional[_Iterable[_Union[EvaluationNumber, _Mapping]]] = ..., tokens: _Optional[_Union[_turn_step_pb2.TokenUsage, _Mapping]] = ..., cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., finish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class VerdictCount(_message.Message):
    __slots__ = ("verdict", "count")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    verdict: Verdict
    count: int
    def __init__(self, verdict: _Optional[_Union[Verdict, str]] = ..., count: _Optional[int] = ...) -> None: ...

class EvaluationNumber(_message.Message):
    __slots__ = ("metric", "value", "count")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    metric: EvaluationMetric
    value: float
    count: int
    def __init__(self, metric: _Optional[_Union[EvaluationMetric, str]] = ..., value: _Optional[float] = ..., count: _Optional[int] = ...) -> None: ...

class EvaluationResult(_message.Message):
    __slots__ = ("name", "question", "verdict", "reason", "passages", "place", "text", "citations", "kind", "assistant", "tokens", "cost", "first_text_duration", "duration", "finish_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ASSISTANT_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    FIRST_TEXT_DURATION_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    FINISH_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    question: Question
    verdict: Verdict
    reason: str
    passages: _containers.RepeatedCompositeFieldContainer[EvaluatedPassage]
    place: int
    text: str
    citations: _containers.RepeatedCompositeFieldContainer[_message_pb2.Citation]
    kind: _message_pb2.MessageKind
    assistant: str
    tokens: _turn_step_pb2.TokenUsage
    cost: _money_pb2.Money
    first_text_duration: _duration_pb2.Duration
    duration: _duration_pb2.Duration
    finish_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., question: _Optional[_Union[Question, _Mapping]] = ..., verdict: _Optional[_Union[Verdict, str]] = ..., reason: _Optional[str] = ..., passages: _Optional[_Iterable[_Union[EvaluatedPassage, _Mapping]]] = ..., place: _Optional[int] = ..., text: _Optional[str] = ..., citations: _Optional[_Iterable[_Union[_message_pb2.Citation, _Mapping]]] = ..., kind: _Optional[_Union[_message_pb2.MessageKind, str]] = ..., assistant: _Optional[str] = ..., tokens: _Optional[_Union[_turn_step_pb2.TokenUsage, _Mapping]] = ..., cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., first_text_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., finish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class EvaluatedPassage(_message.Message):
    __slots__ = ("name", "document", "title", "heading", "score", "dense_score", "lexical_score", "used")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    HEADING_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    DENSE_SCORE_FIELD_NUMBER: _ClassVar[int]
    LEXICAL_SCORE_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    name: str
    document: str
    title: str
    heading: str
    score: float
    dense_score: float
    lexical_score: float
    used: bool
    def __init__(self, name: _Optional[str] = ..., document: _Optional[str] = ..., title: _Optional[str] = ..., heading: _Optional[str] = ..., score: _Optional[float] = ..., dense_score: _Optional[float] = ..., lexical_score: _Optional[float] = ..., used: _Optional[bool] = ...) -> None: ...

class UnansweredQuestion(_message.Message):
    __slots__ = ("text", "count", "messages", "last_time", "first_time")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    LAST_TIME_FIELD_NUMBER: _ClassVar[int]
    FIRST_TIME_FIELD_NUMBER: _ClassVar[int]
    text: str
    count: int
    messages: _containers.RepeatedScalarFieldContainer[str]
    last_time: _timestamp_pb2.Timestamp
    first_time: _timestamp_pb2.Timestamp
    def __init__(self, text: _Optional[str] = ..., count: _Optional[int] = ..., messages: _Optional[_Iterable[str]] = ..., last_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., first_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
