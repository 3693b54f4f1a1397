"""Questions with their right answers, runs that ask them, and results. The judging is in `judging`."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from kit import errors
from kit.ids import OrganizationId
from services.core.domain.values import Citation, ConversationId, MessageId, MessageKind, Role

MAX_SETS = 100
"""Of an organization."""
MAX_QUESTIONS = 1_000
"""Of a set."""
MAX_OPEN_RUNS = 10
"""Of an organization."""

QuestionSetId = NewType("QuestionSetId", str)
QuestionId = NewType("QuestionId", str)
RunId = NewType("RunId", str)


class Expectation(StrEnum):
    """The expected behaviour of the assistant."""

    ANSWER = "ANSWER"
    NO_ANSWER = "NO_ANSWER"
    TALK = "TALK"


class RunState(StrEnum):
    """How far a run has come."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class Verdict(StrEnum):
    """The outcome of a question: see the contract's Verdict."""

    RIGHT = "RIGHT"
    WRONG_PASSAGE = "WRONG_PASSAGE"
    WRONG_ANSWER = "WRONG_ANSWER"
    ABSTAINED = "ABSTAINED"
    ANSWERED = "ANSWERED"
    FAILED = "FAILED"


class Metric(StrEnum):
    """A number of a run: see the contract's EvaluationMetric."""

    RIGHT = "RIGHT"
    HIT_AT_1 = "HIT_AT_1"
    HIT_AT_3 = "HIT_AT_3"
    HIT_AT_5 = "HIT_AT_5"
    HIT_AT_8 = "HIT_AT_8"
    MEAN_RECIPROCAL_RANK = "MEAN_RECIPROCAL_RANK"
    FIRST_QUOTE_RIGHT = "FIRST_QUOTE_RIGHT"
    ABSTENTION_PRECISION = "ABSTENTION_PRECISION"
    ABSTENTION_RECALL = "ABSTENTION_RECALL"
    CITATIONS_RIGHT = "CITATIONS_RIGHT"
    ANSWER_DURATION = "ANSWER_DURATION"


Score = tuple[float, float]
"""A part and the whole: a metric is the sum of the parts by the sum of the wholes."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message before a question."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its right answer."""

    text: str
    expectation: Expectation = Expectation.ANSWER
    documents: tuple[str, ...] = ()
    """The names of those that answer it; none: any source will do."""
    must_contain: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    language: str = ""

    @property
    def digest(self) -> str:
        """The same for questions with the same words."""
        said = [*(f"{one.role}:{one.text}" for one in self.earlier), self.text]
        return hashlib.sha256(json.dumps([" ".join(text.split()) for text in said]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Origin:
    """The customer's message that a question was taken from."""

    conversation: ConversationId
    message: MessageId


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions that an organization tests its assistant with."""

    organization: OrganizationId
    id: QuestionSetId
    display_name: str
    questions: int
    created: datetime
    updated: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a set."""

    id: QuestionId
    asked: Asked
    origin: Origin | None
    number: int
    created: datetime
    updated: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found for a question."""

    name: str
    document: str
    title: str
    heading: str
    score: float
    similarity: float
    lexical: float
    used: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer that a question got."""

    text: str = ""
    kind: MessageKind | None = None
    """None: no answer came."""
    citations: tuple[Citation, ...] = ()
    found: tuple[Found, ...] = ()
    assistant: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    micros: int | None = None
    first_text: float = 0.0
    """Seconds to the first text."""
    seconds: float = 0.0
    """Seconds to the end."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on an answer, and what it adds to the numbers of a run."""

    verdict: Verdict
    reason: str
    place: int = 0
    """Of the first right document or passage; 0: not among the first eight."""
    scores: Mapping[Metric, Score] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """A question of a run, with its answer and the verdict on it."""

    question: QuestionId
    number: int
    asked: Asked
    origin: Origin | None
    outcome: Outcome
    judgement: Judgement
    finished: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums over the results of a run."""

    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    scores: Mapping[Metric, Score] = field(default_factory=dict)
    input_tokens: int = 0
    output_tokens: int = 0
    micros: int | None = None
    failed_in_a_row: int = 0

    @property
    def results(self) -> int:
        """How many there are."""
        return sum(self.verdicts.values())

    def plus(self, outcome: Outcome, judgement: Judgement) -> "Totals":
        """With another result."""
        verdict, micros = judgement.verdict, self.micros
        if outcome.micros is not None:
            micros = (micros or 0) + outcome.micros
        return replace(
            self,
            verdicts={**self.verdicts, verdict: self.verdicts.get(verdict, 0) + 1},
            scores=added(self.scores, judgement.scores),
            input_tokens=self.input_tokens + outcome.input_tokens,
            output_tokens=self.output_tokens + outcome.output_tokens,
            micros=micros,
            failed_in_a_row=self.failed_in_a_row + 1 if verdict is Verdict.FAILED else 0,
        )


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a set."""

    organization: OrganizationId
    id: RunId
    question_set: QuestionSetId
    display_name: str
    versions: tuple[str, ...]
    """Of settings, by their names."""
    state: RunState
    problem: str
    questions: int
    totals: Totals
    created: datetime
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A question with another verdict."""

    question: QuestionId
    text: str
    before: Verdict
    after: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class NumberChange:
    """How much a number differs, with the 95 % interval of the difference."""

    metric: Metric
    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences between two runs."""

    question_set: QuestionSetId
    fixed: int
    broken: int
    same: int
    changed: int
    differences: tuple[Difference, ...]
    changes: tuple[NumberChange, ...]


def added(one: Mapping[Metric, Score], two: Mapping[Metric, Score]) -> dict[Metric, Score]:
    """The sum of scores."""
    nothing = 0.0, 0.0
    pairs = ((metric, one.get(metric, nothing), two.get(metric, nothing)) for metric in Metric)
    return {metric: (a[0] + b[0], a[1] + b[1]) for metric, a, b in pairs if a[1] + b[1]}


class QuestionSetNotFound(errors.NotFound):
    reason = "QUESTION_SET_NOT_FOUND"

    def __init__(self, question_set: str) -> None:
        super().__init__(f"There is no question set {question_set} here.", question_set=question_set)


class QuestionSetExists(errors.AlreadyExists):
    reason = "QUESTION_SET_EXISTS"

    def __init__(self, question_set: str) -> None:
        super().__init__(f"There is a question set {question_set} already; choose another id.", question_set=question_set)


class TooManyQuestionSets(errors.FailedPrecondition):
    reason = "TOO_MANY_QUESTION_SETS"

    def __init__(self) -> None:
        super().__init__(f"An organization has at most {MAX_SETS} question sets; delete one first.", limit=MAX_SETS)


class QuestionNotFound(errors.NotFound):
    reason = "QUESTION_NOT_FOUND"

    def __init__(self, question: str) -> None:
        super().__init__(f"There is no question {question} in this set.", question=question)


class QuestionExists(errors.AlreadyExists):
    reason = "QUESTION_EXISTS"

    def __init__(self, question: str) -> None:
        super().__init__("The set has another question with the same words; change or delete that one.", question=question)


class TooManyQuestions(errors.FailedPrecondition):
    reason = "TOO_MANY_QUESTIONS"

    def __init__(self) -> None:
        super().__init__(f"A set has at most {MAX_QUESTIONS} questions; make another set.", limit=MAX_QUESTIONS)


class QuestionSetEmpty(errors.FailedPrecondition):
    reason = "QUESTION_SET_EMPTY"

    def __init__(self, question_set: str) -> None:
        super().__init__("The set has no questions; add some first.", question_set=question_set)


class EvaluationRunNotFound(errors.NotFound):
    reason = "EVALUATION_RUN_NOT_FOUND"

    def __init__(self, run: str) -> None:
        super().__init__(f"There is no evaluation run {run} here; old ones are deleted.", evaluation_run=run)


class TooManyEvaluationRuns(errors.FailedPrecondition):
    reason = "TOO_MANY_EVALUATION_RUNS"

    def __init__(self) -> None:
        super().__init__(f"{MAX_OPEN_RUNS} runs have not ended; wait, or cancel one.", limit=MAX_OPEN_RUNS)


class EvaluationRunsNotComparable(errors.FailedPrecondition):
    reason = "EVALUATION_RUNS_NOT_COMPARABLE"

    def __init__(self) -> None:
        super().__init__("No question has a result in both runs; compare two runs of one set.")
