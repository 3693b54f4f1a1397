"""The writer of replies: what it finds, what it is asked, and what it may cost."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from kit import errors
from kit.hours import Hours
from kit.ids import OrganizationId
from services.core.domain import Cost, Ending, Limit, Message, MessageId, Passage, Purpose
from services.core.domain.citations import Cited, Unknown
from services.core.domain.evidence import DEFAULT_LEVELS, Levels
from services.core.domain.model_problems import ModelProblem
from services.core.domain.offers import FIRST, Offer
from services.core.domain.policy import ALWAYS, DEFAULT_STYLE, ModelChoice, Policy, Style
from services.core.domain.summaries import Summary


class AssistantFailed(errors.Unavailable):
    """The model, or what it needs, did not do its part. `retry_after` seconds, if it said so."""

    reason = "ASSISTANT_FAILED"

    def __init__(
        self,
        why: str,
        retry_after: float | None = None,
        detail: str = "",
        refused: bool = False,
        silent: bool = False,
        problem: ModelProblem | None = None,
        outage: bool = False,
    ) -> None:
        super().__init__(why, detail=detail)
        self.problem = problem
        """The problem of the model; None: something else is wrong."""
        self.outage = outage
        """It may pass: a service is unavailable or asks to be left alone."""
        self.retry_after = retry_after
        self.silent = silent
        """The model fell silent, or took too long: what it wrote so far may be used."""
        self.refused = refused
        """The model was not asked, or refused to answer: that costs nothing."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A passage of the knowledge that may answer, with how close it is."""

    passage: Passage
    similarity: float
    """Cosine of the embeddings, -1 to 1; 0 when only words matched."""
    lexical: float
    """How well the words match; 0 when none does."""
    score: float = 0.0
    """How well it fits, 0 to 1: the order of the results follows it."""
    section_scores: tuple[float, ...] = ()
    """How near in meaning each section of its text is, 0 to 1; empty: not known."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The result of a search."""

    passages: tuple[Recalled, ...] = ()
    """The best first."""
    left_out: tuple[Recalled, ...] = ()
    """Those that fit too loosely."""
    over_budget: tuple[Recalled, ...] = ()
    """Those that no prompt of this installation has room for."""
    duplicates: tuple[Recalled, ...] = ()
    """Those of which a better one has the same text."""
    knowledge_version: int = 0
    embedding_model: str = ""
    degraded: bool = False
    """One of the ways to search failed."""
    unknown_words: tuple[str, ...] = ()
    """Meaningful words of the query that no passage has, in lower case."""


class Knowledge(Protocol):
    """The organization's own knowledge, kept by memory."""

    async def search(self, organization: OrganizationId, query: str, limit: int) -> Findings:
        """The best passages. Raises AssistantFailed when it can't be asked."""

    async def read(self, organization: OrganizationId, names: Collection[str]) -> Mapping[str, Passage]:
        """Passages by their names, without those that are gone. Raises AssistantFailed when it can't be asked."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The input of the assistant's answer."""

    history: tuple[Message, ...]
    """The messages, the oldest first; the last is the customer's question."""
    question: str
    passages: tuple[Recalled, ...]
    """Citations name them by their numbers here, from 1."""
    style: Style = DEFAULT_STYLE
    unknown_words: tuple[str, ...] = ()
    """Words of the question that no passage of the organization has, in lower case."""
    levels: Levels = DEFAULT_LEVELS
    """The scores from which passages are evidence."""
    business: str = ""
    """Facts about the business for the model: its name, the date, when its agents are there."""
    summary: Summary | None = None
    """Of messages before the history."""
    hours: Hours = ALWAYS
    """When agents are there."""
    asked_at: datetime | None = None
    """The moment of the question; None: not known."""
    offer: Offer = FIRST
    """The offer of a human that goes with "I don't know"."""


@dataclass(frozen=True, slots=True)
class ShortPrompt:
    """The input of a short call: one that does not write to the customer."""

    purpose: Purpose
    history: tuple[Message, ...] = ()
    """WRITE_QUERY: the conversation, the oldest message first; the last is the customer's question.

    SUMMARIZE: the messages that the summary lacks.
    """
    query: str = ""
    """JUDGE_PASSAGES: what the passages were searched for with."""
    passages: tuple[Recalled, ...] = ()
    former: str = ""
    """SUMMARIZE: the summary of the messages before; empty: there is none."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The cost of a reply, by the provider's count."""

    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """A request to a model."""

    body: bytes
    template: str
    max_tokens: int
    temperature: float | None
    credential: str
    """The id of the credential; empty: the installation's."""


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """One message of a prompt."""

    role: str
    """`system`, `user` or `assistant`."""
    text: str
    message: MessageId | None
    """The last message that it was made of; None for the instructions."""


class Prompts(Protocol):
    """How a prompt is written for a model: the same prompt gives the same bytes."""

    def request(self, prompt: Prompt | ShortPrompt, model: str, max_tokens: int, temperature: float | None) -> bytes:
        """The body of the request."""

    def messages(self, prompt: Prompt | ShortPrompt) -> Sequence[RenderedMessage]:
        """The messages in it."""

    def read(self, request: bytes) -> Sequence[RenderedMessage]:
        """The messages in the body of a request."""


Piece = str | Cited | Unknown
"""A piece of a reply: text, or what it says of the passages."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A call failed before its first word. The next one is made when the reply is read on, after a pause."""

    refused: bool
    """The provider refused the failed one, which costs nothing."""
    problem: str = ""
    sent: bool = True
    """False: the model was not asked, because it wants to be left alone for a moment."""
    why: ModelProblem | None = None


class Budgets(Protocol):
    """Counts what organizations use, by the day of their time zone. Survives everything but its database."""

    async def reserve(self, organization: OrganizationId, most: Cost, limit: Limit) -> date | None:
        """Charges the most that a call may use and returns the day; None when the limit was reached before."""

    async def settle(self, organization: OrganizationId, day: date, most: Cost, charged: Cost) -> None:
        """Charges what a call used instead of what was reserved for it."""


class Beat(Protocol):
    """When a running reply is read on: at intervals that all replies of a process share."""

    async def __call__(self, arrived: asyncio.Event | None = None) -> None:
        """Returns when the next piece is to be read; at once when the rest of the reply has arrived."""


async def at_once(arrived: asyncio.Event | None = None) -> None:
    """For a reply that is read as it comes: returns at once."""


class ShortCalls(Protocol):
    """Asks a model for a few words: calls that are cheap, bounded, and never shown to a customer."""

    name: str
    """The model's."""

    def request(self, prompt: ShortPrompt) -> ModelRequest:
        """The request to the model."""

    async def ask(self, request: ModelRequest, seconds: float) -> tuple[str, Usage]:
        """The model's words, and what they cost. Raises AssistantFailed after so many seconds; never repeats a call."""


class Assistant(Protocol):
    """The writer of replies."""

    name: str

    max_tokens: int
    """Of a reply; 0: this assistant costs nothing."""

    @property
    def short_calls(self) -> ShortCalls | None:
        """Asks its model for a few words; None: it has no model."""

    context_tokens: int
    """Of a prompt and its reply together; 0: any number, without a model."""

    def prompt_tokens(self, prompt: Prompt) -> int:
        """The tokens of what a model is given, counted offline: rather too many."""

    def prompt_bytes(self, prompt: Prompt) -> int:
        """The size of what a model is given, which bounds its tokens."""

    def request(self, prompt: Prompt) -> ModelRequest | None:
        """The request to the model; None: no model is asked."""

    def reply(self, prompt: Prompt, beat: Beat) -> AsyncGenerator[Piece | Usage | Repeated | Ending, None]:
        """Pieces as they are generated, then the cost; `Repeated` before a failed call is made again; an `Ending` other than
        WHOLE after the last piece of an answer that was cut off.

        It awaits `beat` after each piece of text but the last. Raises AssistantFailed.
        """


class Assistants(Protocol):
    """The assistants of organizations."""

    async def of(self, organization: OrganizationId, policy: Policy) -> Sequence[Assistant]:
        """Those that are asked, in order. Raises AssistantFailed when none can be."""

    def trial(
        self, organization: OrganizationId, choice: ModelChoice | None, revision: int
    ) -> AbstractAsyncContextManager[Assistant]:
        """A model to try; None: the installation's own. `revision`: of its credential, at least; 0: any.

        Raises AssistantFailed with CREDENTIAL_NOT_HERE or NO_PROVIDER.
        """


class SettingVersions(Protocol):
    """Versions of an organization's settings, drafts too. They are kept by admin, and only previews ask."""

    async def get(self, organization: OrganizationId, version: str) -> Mapping[str, Any]:
        """The fields of a `Policy` that a version decides, by its resource name. Raises SettingVersionNotFound."""
