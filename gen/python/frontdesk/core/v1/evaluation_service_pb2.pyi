import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.v1 import evaluation_pb2 as _evaluation_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import empty_pb2 as _empty_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateQuestionSetRequest(_message.Message):
    __slots__ = ("parent", "question_set", "question_set_id", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    QUESTION_SET_FIELD_NUMBER: _ClassVar[int]
    QUESTION_SET_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    question_set: _evaluation_pb2.QuestionSet
    question_set_id: str
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., question_set: _Optional[_Union[_evaluation_pb2.QuestionSet, _Mapping]] = ..., question_set_id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetQuestionSetRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListQuestionSetsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListQuestionSetsResponse(_message.Message):
    __slots__ = ("question_sets", "next_page_token")
    QUESTION_SETS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    question_sets: _containers.RepeatedCompositeFieldContainer[_evaluation_pb2.QuestionSet]
    next_page_token: str
    def __init__(self, question_sets: _Optional[_Iterable[_Union[_evaluation_pb2.QuestionSet, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateQuestionSetRequest(_message.Message):
    __slots__ = ("question_set", "update_mask")
    QUESTION_SET_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    question_set: _evaluation_pb2.QuestionSet
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, question_set: _Optional[_Union[_evaluation_pb2.QuestionSet, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DeleteQuestionSetRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class CreateQuestionRequest(_message.Message):
    __slots__ = ("parent", "question")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    parent: str
    question: _evaluation_pb2.Question
    def __init__(self, parent: _Optional[str] = ..., question: _Optional[_Union[_evaluation_pb2.Question, _Mapping]] = ...) -> None: ...

class ImportQuestionsRequest(_message.Message):
    __slots__ = ("parent", "questions")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    parent: str
    questions: _containers.RepeatedCompositeFieldContainer[_evaluation_pb2.Question]
    def __init__(self, parent: _Optional[str] = ..., questions: _Optional[_Iterable[_Union[_evaluation_pb2.Question, _Mapping]]] = ...) -> None: ...

class ImportQuestionsResponse(_message.Message):
    __slots__ = ("added_count", "updated_count")
    ADDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    added_count: int
    updated_count: int
    def __init__(self, added_count: _Optional[int] = ..., updated_count: _Optional[int] = ...) -> None: ...

class GetQuestionRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListQuestionsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListQuestionsResponse(_message.Message):
    __slots__ = ("questions", "next_page_token")
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    questions: _containers.RepeatedCompositeFieldContainer[_evaluation_pb2.Question]
    next_page_token: str
    def __init__(self, questions: _Optional[_Iterable[_Union[_evaluation_pb2.Question, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateQuestionRequest(_message.Message):
    __slots__ = ("question", "update_mask")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    question: _evaluation_pb2.Question
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, question: _Optional[_Union[_evaluation_pb2.Question, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DeleteQuestionRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class StartEvaluationRunRequest(_message.Message):
    __slots__ = ("parent", "evaluation_run", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_RUN_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    evaluation_run: _evaluation_pb2.EvaluationRun
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., evaluation_run: _Optional[_Union[_evaluation_pb2.EvaluationRun, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetEvaluationRunRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListEvaluationRunsRequest(_message.Message):
    __slots__ = ("parent", "question_set", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    QUESTION_SET_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    question_set: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., question_set: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListEvaluationRunsResponse(_message.Message):
    __slots__ = ("evaluation_runs", "next_page_token")
    EVALUATION_RUNS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    evaluation_runs: _containers.RepeatedCompositeFieldContainer[_evaluation_pb2.EvaluationRun]
    next_page_token: str
    def __init__(self, evaluation_runs: _Optional[_Iterable[_Union[_evaluation_pb2.EvaluationRun, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CancelEvaluationRunRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DeleteEvaluationRunRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListEvaluationResultsRequest(_message.Message):
    __slots__ = ("parent", "verdicts", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    verdicts: _containers.RepeatedScalarFieldContainer[_evaluation_pb2.Verdict]
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., verdicts: _Optional[_Iterable[_Union[_evaluation_pb2.Verdict, str]]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListEvaluationResultsResponse(_message.Message):
    __slots__ = ("results", "next_page_token")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_evaluation_pb2.EvaluationResult]
    next_page_token: str
    def __init__(self, results: _Optional[_Iterable[_Union[_evaluation_pb2.EvaluationResult, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CompareEvaluationRunsRequest(_message.Message):
    __slots__ = ("name", "candidate")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    name: str
    candidate: str
    def __init__(self, name: _Optional[str] = ..., candidate: _Optional[str] = ...) -> None: ...

class CompareEvaluationRunsResponse(_message.Message):
    __slots__ = ("fixed_count", "broken_count", "same_count", "changed_count", "questions", "numbers")
    FIXED_COUNT_FIELD_NUMBER: _ClassVar[int]
    BROKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    SAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    fixed_count: int
    broken_count: int
    same_count: int
    changed_count: int
    questions: _containers.RepeatedCompositeFieldContainer[QuestionDifference]
    numbers: _containers.RepeatedCompositeFieldContainer[NumberDifference]
    def __init__(self, fixed_count: _Optional[int] = ..., broken_count: _Optional[int] = ..., same_count: _Optional[int] = ..., changed_count: _Optional[int] = ..., questions: _Optional[_Iterable[_Union[QuestionDifference, _Mapping]]] = ..., numbers: _Optional[_Iterable[_Union[NumberDifference, _Mapping]]] = ...) -> None: ...

class QuestionDifference(_message.Message):
    __slots__ = ("question", "text", "before", "after", "reason")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    question: str
    text: str
    before: _evaluation_pb2.Verdict
    after: _evaluation_pb2.Verdict
    reason: str
    def __init__(self, question: _Optional[str] = ..., text: _Optional[str] = ..., before: _Optional[_Union[_evaluation_pb2.Verdict, str]] = ..., after: _Optional[_Union[_evaluation_pb2.Verdict, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class NumberDifference(_message.Message):
    __slots__ = ("metric", "before", "after", "low", "high")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    metric: _evaluation_pb2.EvaluationMetric
    before: float
    after: float
    low: float
    high: float
    def __init__(self, metric: _Optional[_Union[_evaluation_pb2.EvaluationMetric, str]] = ..., before: _Optional[float] = ..., after: _Optional[float] = ..., low: _Optional[float] = ..., high: _Optional[float] = ...) -> None: ...

class ListUnansweredQuestionsRequest(_message.Message):
    __slots__ = ("parent", "period", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    period: _duration_pb2.Duration
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., period: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListUnansweredQuestionsResponse(_message.Message):
    __slots__ = ("unanswered_questions", "next_page_token")
    UNANSWERED_QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    unanswered_questions: _containers.RepeatedCompositeFieldContainer[_evaluation_pb2.UnansweredQuestion]
    next_page_token: str
    def __init__(self, unanswered_questions: _Optional[_Iterable[_Union[_evaluation_pb2.UnansweredQuestion, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
