"""Steps of turns: what the assistant looked up and which models it asked, by reference."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from services.core.domain.contexts import Cut, LeftOut
from services.core.domain.summaries import SummaryReference
from services.core.domain.values import MessageId, TurnId


class StepState(StrEnum):
    """How a step ended."""

    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class Purpose(StrEnum):
    """Why a model was asked."""

    REPLY = "REPLY"
    WRITE_QUERY = "WRITE_QUERY"
    JUDGE_PASSAGES = "JUDGE_PASSAGES"
    """Whether the passages answer the question."""
    SUMMARIZE = "SUMMARIZE"
    """To keep what no longer fits."""


class Ending(Enum):
    """How a model's answer ended."""

    WHOLE = "WHOLE"
    """Where the model ended it."""
    TOO_LONG = "TOO_LONG"
    """At the limit of its tokens."""
    REFUSED = "REFUSED"
    """The provider's content filter withheld it, or the rest of it."""
    SILENT = "SILENT"
    """The model fell silent, or took too long."""


class Omission(StrEnum):
    """Why a passage that was found is not used."""

    BELOW_THRESHOLD = "BELOW_THRESHOLD"
    OVER_BUDGET = "OVER_BUDGET"
    DUPLICATE = "DUPLICATE"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found."""

    passage: str
    score: float
    """How well it fits: 0 to 1."""
    used: bool = True
    why_not: Omission = Omission.BELOW_THRESHOLD
    """Of one that is not used."""


@dataclass(frozen=True, slots=True)
class Recall:
    """A lookup of knowledge."""

    query_seqs: tuple[int, ...]
    """The messages whose text was the query; empty where a model wrote it."""
    hits: tuple[Hit, ...]
    """The best first."""
    knowledge_version: int = 0
    embedding_model: str = ""
    degraded: bool = False
    """Keyword or semantic search failed, and the other one answered alone."""
    query_after: int = 0
    """How many steps before this one the call is that wrote the query; 0: the messages' own text."""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """A question to a model, with all that its prompt was made of."""

    model: str
    template: str
    """The version of the prompt's text in the code."""
    seqs: tuple[int, ...]
    """The messages in the prompt, in its order."""
    sha256: str
    """Of the request's body as it was sent, in hexadecimal."""
    max_tokens: int
    temperature: float | None = None
    credential: str = ""
    settings: str = ""
    """The version of the assistant's settings, by its resource name; empty: the defaults."""
    after: int = 0
    """How many steps before this one the recall is whose passages are in the prompt; 0: there is none."""
    input_tokens: int = 0
    output_tokens: int = 0
    micros: int | None = None
    """The cost; None where the model has no price, or gave no count."""
    first_token: timedelta | None = None
    """From the call to the first text."""
    attempts: int = 1
    """How often it was sent."""
    ending: Ending = Ending.WHOLE
    business: str = ""
    """The facts about the business in the prompt."""
    purpose: Purpose = Purpose.REPLY
    output: str = ""
    """The model's words, for other purposes than REPLY."""
    tokens: int = 0
    """Of the prompt, counted before it was sent; 0: not counted."""
    budget: int = 0
    left_out: tuple[LeftOut, ...] = ()
    """Messages before the question that are not in the prompt."""
    left_out_passages: tuple[str, ...] = ()
    """Those of the recall's passages that are not in the prompt."""
    cuts: tuple[Cut, ...] = ()
    summary: SummaryReference | None = None
    """The one in the prompt."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that an attempt of a turn did."""

    turn: TurnId
    attempt: int
    number: int
    """From 1: in its attempt while that runs, in its turn once it is stored."""
    state: StepState
    created: datetime
    finished: datetime
    problem: str = ""
    recall: Recall | None = None
    model_call: ModelCall | None = None
    message: MessageId | None = None
    """The message that the call wrote."""
