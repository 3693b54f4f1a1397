"""Transcripts, which are made from the journal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kit.ids import OrganizationId
from services.core.domain.values import Conversation, ConversationId, CustomerId, Message


@dataclass(frozen=True, slots=True)
class Entry:
    """The addition of a fact to the transcripts: the conversation as it is now, and its messages."""

    shard: int
    position: int
    revision: int
    """Of the conversation, right after the fact; what is read of it now may be newer."""
    conversation: Conversation
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """The additions of some facts, without those whose conversation is gone, and how far they reach."""

    entries: list[Entry]
    reached: dict[int, int]
    """The last position, by shard."""
    erased: Sequence[tuple[OrganizationId, CustomerId]] = ()
    """Customers who have been erased; their conversations were before."""


def tombstone(message: Message) -> Message:
    """The remainder of an erased message: its place."""
    return replace(
        message, text="", content=None, citations=(), author_display_name="", source=f"erased/{message.id}", request_id=""
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the transcripts have come in a shard."""

    rebuild: int
    """Counts the rebuilds: who still works on an earlier one moves nothing."""
    position: int


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation, the message in it that matched a search best, and how well."""

    conversation: Conversation
    message: Message | None
    """None: its customer is meant."""
    score: float


@dataclass(frozen=True, slots=True)
class CitedAnswer:
    """An answer that cites a document."""

    conversation: ConversationId
    message: Message
    question: str
    """The customer's message before it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come, in facts."""

    done: int
    total: int
