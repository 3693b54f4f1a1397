"""Transcripts, which are made from the journal."""

from dataclasses import dataclass, replace

from kit.ids import OrganizationId
from services.core.domain.values import Conversation, CustomerId, Message


@dataclass(frozen=True, slots=True)
class Entry:
    """What a fact of the journal adds to the transcripts: the conversation as it was right after, and what was said."""

    shard: int
    position: int
    conversation: Conversation
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A fact of a customer, which adds nothing to the transcripts."""

    shard: int
    position: int
    organization: OrganizationId
    erased: CustomerId | None = None
    """The customer who has been erased; their conversations were before."""


def tombstone(message: Message) -> Message:
    """What is left of a message that was erased: its place."""
    return replace(
        message, text="", content=None, sources=(), author_display_name="", source=f"erased/{message.id}", request_id=""
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
    message: Message
    score: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come, in facts."""

    done: int
    total: int
