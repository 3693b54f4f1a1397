"""Summaries of the messages that no longer fit into a prompt."""

from dataclasses import dataclass

from kit.text import is_blank, printable
from services.core.domain.values import TurnId

MAX_ATTEMPTS = 4
"""So often a summary is tried; then the next turn that lacks messages begins again."""
MAX_FOLDED = 30
"""Messages that one call adds to a summary: the newest ones of those that it lacks."""
MAX_CHARACTERS = 1_500
"""A longer summary is cut. A model is asked for 150 words."""


@dataclass(frozen=True, slots=True)
class SummaryReference:
    """A summary, by the step that wrote it."""

    until: int
    """It covers the conversation's messages up to this number."""
    turn: TurnId
    step: int
    """Its number in the turn."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A model's summary of a conversation's first messages."""

    reference: SummaryReference
    text: str


def summary_of(answer: str) -> str | None:
    """The summary in a model's answer: one paragraph without unprintable characters; None where it has no words."""
    text = " ".join(printable(answer).split())
    return None if is_blank(text) else text[:MAX_CHARACTERS].rstrip()
