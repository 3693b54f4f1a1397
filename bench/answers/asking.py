"""Answers that a model writes, as customers get them: core's previews in this process, with memory's search.

Prompts, short calls and the checks of text are core's own. Its stores are left out: no budget, limit or setting of an
organization applies.
"""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import cast

from bench.answers.answers import recalled, said
from bench.answers.corpus import ORGANIZATION
from bench.answers.sets import Question
from bench.answers.ways import Memory
from kit.clock import utc_now
from kit.ids import OrganizationId
from services.core.adapters.assistants import OneAssistant
from services.core.adapters.openai import OpenAIAssistant
from services.core.adapters.prompts import ChatPrompts
from services.core.adapters.setting_versions import NoSettingVersions
from services.core.app.admission import Admission
from services.core.app.budget import Budget
from services.core.app.lookups import Lookups
from services.core.app.policies import Policies
from services.core.app.recalls import Recalls
from services.core.app.replies import Preview, ReplyApp
from services.core.domain import Ending, Limit, Passage, price_of
from services.core.domain.citations import Cited
from services.core.domain.contexts import context_of
from services.core.domain.sentences import Sentences
from services.core.ports.assistant import AssistantFailed, Beat, Budgets, Findings, Knowledge, Piece, Prompt, Repeated, Usage
from services.core.settings import Settings

AT_ONCE = 4
MAX_FAILED_IN_A_ROW = 5
"""Questions without an answer, before no more are asked."""
TRIES = 3
PAUSE_SECONDS = 10.0
"""Before a question is asked again, where the model does not say how long."""

_heard: ContextVar[list[str | Cited]] = ContextVar("heard")
"""The model's own text of the answer under way."""


class ModelUnavailable(Exception):
    """The model gives no answers."""


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A model behind an OpenAI-compatible endpoint."""

    name: str
    url: str = ""
    """Ends in /v1; empty: OpenAI's."""
    key: str = ""
    at_once: int = AT_ONCE
    """How many questions it is asked at once."""


@dataclass(frozen=True, slots=True)
class Written:
    """The answer to a question."""

    question: Question
    preview: Preview | None = None
    """None: no answer came."""
    sentences: int = 0
    """Of the model, before the checks."""
    withheld: int = 0
    """Those of them that the customer does not see."""
    problem: str = ""
    """Why there is no preview."""


class Searched:
    """The port Knowledge of core, by memory's search."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def search(self, organization: OrganizationId, query: str, limit: int) -> Findings:
        found = await self._memory.find(query, limit)
        passages = tuple(map(recalled, found.hits))
        return Findings(passages, embedding_model=self._memory.embedding_model, unknown_words=found.unknown_words)

    async def read(self, organization: OrganizationId, names: Collection[str]) -> Mapping[str, Passage]:
        return {}  # only a rebuilt prompt reads


class _Heard(OpenAIAssistant):
    """Notes what the model says."""

    async def reply(self, prompt: Prompt, beat: Beat) -> AsyncGenerator[Piece | Usage | Repeated | Ending, None]:
        async with aclosing(super().reply(prompt, beat)) as pieces:
            async for piece in pieces:
                if isinstance(piece, str | Cited):
                    _heard.get().append(piece)
                yield piece


async def ask(
    questions: Sequence[Question], knowledge: Knowledge, model: ChatModel, pause: float = PAUSE_SECONDS
) -> list[Written]:
    """The model's answers, in the order of the questions. Raises ModelUnavailable."""
    assistant = _Heard(model.url, model.key, model.name, context_tokens=context_of(model.name, {}))
    context_tokens: int = Settings.model_fields["context_tokens"].default
    no_limit = cast(Budgets, None)  # without a limit, nothing is reserved
    budget = Budget(no_limit, Limit(), partial(price_of, own={}), context_tokens=context_tokens)
    asker = _Asker(
        ReplyApp(
            lookups=Lookups(Recalls(knowledge), budget, utc_now),
            assistants=OneAssistant(assistant),
            budget=budget,
            policies=Policies(),
            admission=Admission(model.at_once, model.at_once),
            versions=NoSettingVersions(),
            prompts=ChatPrompts(),
            now=utc_now,
        ),
        asyncio.Semaphore(model.at_once),
        pause,
    )
    try:
        first = [await asker.ask(question) for question in questions[:1]]  # its failure says why: the breaker is closed
        found = [*first, *await asyncio.gather(*map(asker.ask, questions[1:]))]
    finally:
        await assistant.close()
    if asker.gave_up:
        raise ModelUnavailable(f"{model.name} gave no answer to {MAX_FAILED_IN_A_ROW} questions in a row: {asker.problem}")
    return found


@dataclass
class _Asker:
    replies: ReplyApp
    places: asyncio.Semaphore
    pause: float
    problem: str = ""
    """The first one since an answer: those after it may only say that the breaker is open."""
    _answered: bool = False
    _failed: int = 0
    """Questions in a row."""

    @property
    def gave_up(self) -> bool:
        return self._failed >= MAX_FAILED_IN_A_ROW

    async def ask(self, question: Question) -> Written:
        async with self.places:
            problem = self.problem
            for left in reversed(range(TRIES)):
                if self.gave_up:
                    break
                _heard.set([])
                try:
                    preview = await self._preview(question)
                except AssistantFailed as error:
                    problem = f"{error.message} {error.detail}".strip()
                    self.problem = self.problem or problem
                    if not left or not self._answered:  # it was never there: a pause won't help
                        break
                    await asyncio.sleep(error.retry_after or self.pause)
                else:
                    self._answered, self._failed, self.problem = True, 0, ""
                    return _written(question, preview)
            self._failed += 1
            return Written(question, problem=problem)

    async def _preview(self, question: Question) -> Preview:
        *earlier, last = [(message.role, message.text) for message in said(question)]
        pieces = self.replies.preview(ORGANIZATION, last[1], (), earlier)
        async with aclosing(pieces):
            return [piece async for piece in pieces if isinstance(piece, Preview)][-1]


def _written(question: Question, preview: Preview) -> Written:
    sentences = _sentences(_heard.get())
    shown = _close(preview.reply.text) if preview.reply is not None else ""
    return Written(question, preview, len(sentences), sum(_close(sentence) not in shown for sentence in sentences))


def _sentences(pieces: Sequence[str | Cited]) -> list[str]:
    cut = Sentences()
    found = [sentence.text for piece in pieces for sentence in cut.feed(piece)]
    return [text for text in [*found, *(sentence.text for sentence in cut.end())] if text]


def _close(text: str) -> str:
    """A text without white space: a mark leaves none where it stood."""
    return "".join(text.split())
