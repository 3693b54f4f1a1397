"""Sets of questions with their answers."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.core.domain.judging import has

FOLDER = Path(__file__).parent / "sets"
TALK = "talk"
UNANSWERABLE = ("off topic", "look-alike")
"""Kinds of questions without an answer. A look-alike is about a subject of the pages, which don't answer it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a customer writes it."""

    text: str
    kind: str
    language: str
    documents: tuple[str, ...]
    """The documents that answer it; none: it can't be answered, or needs no page."""
    answers: tuple[str, ...]
    """Words of a right quote: one of them is enough."""
    before: str = ""
    """The customer's question before this one, that it follows up."""

    def answered_by(self, text: str) -> bool:
        """Whether a text has words of the answer, in whatever lines and with whatever apostrophes."""
        return any(has(words, text) for words in self.answers)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions on one collection of documents."""

    name: str
    questions: Sequence[Question]


def load(name: str) -> QuestionSet:
    """A set by its name."""
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text())
    questions = [
        Question(
            text,
            group["kind"],
            group["language"],
            tuple(documents.split()),
            tuple(filter(None, answers.split("|"))),
            group.get("before", ""),
        )
        for group in table["group"]
        for text, documents, answers in group["questions"]
    ]
    return QuestionSet(table["name"], questions)
