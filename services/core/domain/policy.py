"""The settings of an organization: how its assistant behaves, what it may use. Unset fields mean the installation's default."""

from dataclasses import dataclass
from enum import StrEnum


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
    disabled: bool = False
    """The assistant does not answer: every conversation waits for an agent."""
    style: Style = DEFAULT_STYLE
    models: tuple[ModelChoice, ...] = ()
    """Asked in this order: the next one when one fails."""
    thresholds: Thresholds = DEFAULT_THRESHOLDS
    unknown_answers: int = 0
    """Hands over after so many answers in a row that it doesn't know; 0: never."""
    handover_notice: str = ""
    concurrent_turns: int = 0
    daily_micros: int = 0
    """The limit of the model's cost in a day; 0: the installation's limit."""


def lower_of(own: int, default: int) -> int:
    """An organization's limit: its own, but never above the installation's. 0: no limit of that sort."""
    return min(own, default) if own and default else own or default
