"""The settings of an organization: how its assistant behaves, what it may use. Unset fields mean the installation's default."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kit.hours import Hours
from services.core.domain.business import Business


@dataclass(frozen=True, slots=True)
class Style:
    """How the assistant writes, as the prompt says it."""

    display_name: str = ""
    tone: str = ""
    instructions: str = ""
    languages: tuple[str, ...] = ()
    """Those that it answers in; another one is answered in the first of them. Empty: the customer's."""
    max_words: int = 0


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model to ask."""

    model: str
    credential: str = ""
    """The id of the credential whose base URL is the provider's; empty: the installation's."""
    temperature: float | None = None
    max_output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Which passages the assistant answers from."""

    min_similarity: float | None = None
    min_lexical: float = 0.5
    max_passages: int = 0
    enough: float | None = None
    """The score of a passage that is evidence enough; None: the embedding model's."""
    weak: float | None = None
    """The least score of weak evidence; None: the embedding model's."""


NO_NAME = Business()
ALWAYS = Hours()
UNKNOWN_ANSWERS = 3
"""Answers in a row that the assistant doesn't know, before agents take over, unless an organization has set it."""
DEFAULT_STYLE = Style()
DEFAULT_THRESHOLDS = Thresholds()


class Standing(StrEnum):
    """Whether an organization's people and customers may do anything."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


@dataclass(frozen=True, slots=True)
class Policy:
    """All that core follows of an organization's settings."""

    standing: Standing = Standing.ACTIVE
    business: Business = NO_NAME
    disabled: bool = False
    """The assistant does not answer: every conversation waits for an agent."""
    version: str = ""
    """The version of the assistant's settings, by its resource name; empty: the defaults."""
    style: Style = DEFAULT_STYLE
    models: tuple[ModelChoice, ...] = ()
    """Asked in this order: the next one when one fails."""
    next_when_unsure: bool = False
    """The next one is also asked when one does not know the answer."""
    thresholds: Thresholds = DEFAULT_THRESHOLDS
    hours: Hours = ALWAYS
    """When agents are there, as it was set; an empty time zone is the organization's."""
    unknown_answers: int | None = None
    """Hands over after so many answers in a row that it doesn't know; 0: never; None: by default."""
    handover_notice: str = ""
    """Empty: our own words."""
    closed_notice: str = ""
    """The same outside of business hours."""
    retention: timedelta | None = None
    """How long conversations are kept after they were last touched; None: forever."""
    concurrent_turns: int = 0
    context_tokens: int = 0
    """How many tokens a prompt may have; 0: the installation's limit."""
    daily_micros: int = 0
    """The limit of the model's cost in a day; 0: the installation's limit."""

    @property
    def opening(self) -> Hours:
        """When agents are there."""
        return self.hours if self.hours.time_zone else replace(self.hours, time_zone=self.business.time_zone)

    def max_unknown(self, now: datetime) -> int:
        """Agents take over after so many answers in a row that it doesn't know; 0: never.

        By default not outside of business hours: the assistant is silent while a conversation waits, and no one else is there.
        """
        if self.unknown_answers is not None:
            return self.unknown_answers
        return UNKNOWN_ANSWERS if self.opening.at(now).open else 0


def lower_of(own: int, default: int) -> int:
    """An organization's limit: its own, but never above the installation's. 0: no limit of that sort."""
    return min(own, default) if own and default else own or default
