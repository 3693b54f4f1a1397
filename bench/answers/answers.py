"""The visible answer of core's assistant without a model, and whether it is right."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bench.answers.sets import TALK, UNANSWERABLE, Question
from bench.answers.ways import Memory
from services.core.adapters.extractive import ExtractiveAssistant
from services.core.domain import Message, MessageId, MessageKind, Role
from services.core.domain import Passage as CorePassage
from services.core.domain.citations import CitedText
from services.core.domain.evidence import levels_of
from services.core.domain.policy import DEFAULT_THRESHOLDS
from services.core.domain.questions import asked
from services.core.ports.assistant import Prompt, Recalled, Usage, at_once
from services.memory.ports import Hit


class Verdict(StrEnum):
    """The outcome of a question."""

    RIGHT = "right"
    CITED = "cited"
    """The first quote is from a document that answers, but from another place of it."""
    WRONG = "wrong"
    """The first quote is from another document."""
    ADMITTED = "admitted"
    """The assistant says that it doesn't know."""
    TALKED = "talked"
    """The assistant says something without a source."""
    FAILED = "failed"
    """No answer came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that a customer sees."""

    question: Question
    text: str
    verdict: Verdict
    second: bool
    """There is a second quote."""
    second_fits: bool
    """It is from a document that answers."""

    @property
    def good(self) -> bool:
        """Whether the verdict is the one that the question wants."""
        if self.question.kind == TALK:
            return self.verdict is Verdict.TALKED
        if self.question.kind in UNANSWERABLE:
            return self.verdict is Verdict.ADMITTED
        return self.verdict is Verdict.RIGHT


def said(question: Question) -> list[Message]:
    """The conversation up to a question: the one that it follows up, and an answer, come before it."""
    told = [(question.before, Role.CUSTOMER), ("…", Role.ASSISTANT)] if question.before else []
    return [
        Message(MessageId(str(seq)), seq, role, text, datetime.now(UTC), f"bench/{seq}")
        for seq, (text, role) in enumerate([*told, (question.text, Role.CUSTOMER)], 1)
    ]


def answer(question: Question, memory: Memory) -> Answer:
    """Asks a question as a customer would, after the question that it follows up."""
    history = said(question)
    own, query = asked(history)
    findings = memory.search(query)
    levels = levels_of(memory.embedding_model, DEFAULT_THRESHOLDS)
    passages = tuple(map(recalled, findings.hits))
    prompt = Prompt(tuple(history), own, passages, unknown_words=findings.unknown_words, levels=levels)
    shown = asyncio.run(_shown(prompt))
    cited = list(dict.fromkeys(citation.source.document for citation in shown.citations))
    first = next((citation for citation in shown.citations), None)
    if shown.kind is MessageKind.UNKNOWN:
        verdict = Verdict.ADMITTED
    elif first is None:
        verdict = Verdict.TALKED
    elif first.source.document not in question.documents:
        verdict = Verdict.WRONG
    else:
        verdict = Verdict.RIGHT if question.answered_by(shown.text[: first.end]) else Verdict.CITED
    fits = all(document in question.documents for document in cited[1:])
    return Answer(question, shown.text, verdict, len(shown.citations) > 1, fits)


async def _shown(prompt: Prompt) -> CitedText:
    text = CitedText([one.passage for one in prompt.passages])
    async for piece in ExtractiveAssistant(0).reply(prompt, at_once):
        if not isinstance(piece, Usage):
            text.add(piece)
    return text


def recalled(hit: Hit) -> Recalled:
    """A passage that memory found, as core gets it."""
    one = hit.passage
    passage = CorePassage(one.key, one.document, one.revision, one.title, one.heading, one.uri, one.text)
    return Recalled(passage, hit.dense_score or 0.0, hit.lexical_score or 0.0, hit.score, hit.section_scores)
