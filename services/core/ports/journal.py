"""The facts that happened, the transcripts made of them, and the tables that are recounted from them."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from kit.ids import OrganizationId
from kit.recounts import Recount
from services.core.domain import CitedAnswer, ConversationId, Entries, Entry, Found, Mark

Choose = Callable[[Sequence[ConversationId]], Awaitable[set[ConversationId]]]
"""Chooses conversations."""


class Facts(Protocol):
    """Core's own journal, as what it adds to the transcripts."""

    async def ends(self) -> dict[int, int]:
        """The position of the last fact of each shard."""

    async def deleted(self) -> dict[int, int]:
        """Up to where the facts of each shard were deleted; 0: they are all there."""

    def past(self, shard: int, position: int) -> AsyncIterator[list[Entry]]:
        """All that the deleted facts up to a position may have added, from the tables."""

    async def read(self, shard: int, after: int, limit: int) -> Entries:
        """The next facts of a shard."""

    async def verified(self, full: bool) -> dict[int, int]:
        """Up to where the transcripts of each shard were compared last; nothing for a full comparison."""

    async def store_verified(self, shard: int, position: int) -> None:
        """Notes that the transcripts of a shard are right up to a position."""

    def watch(self, after: Mapping[int, int]) -> AsyncGenerator[Entries, None]:
        """The facts after some positions by shard, as they come; none each second without. Ends where one was deleted."""


class Transcripts(Protocol):
    """Conversations and messages as documents. Made from the journal: writing the same again, or older facts later, changes
    nothing. Each method raises TranscriptsUnavailable when the store can't be reached.
    """

    async def prepare(self) -> None:
        """Makes what the store needs: collections, their rules and indexes. Existing ones stay."""

    async def marks(self, shards: Sequence[int]) -> dict[int, Mark]:
        """How far each shard has come; begins those that are new."""

    async def write(self, entries: Sequence[Entry]) -> None:
        """Writes what the entries add, durably."""

    async def advance(self, since: Mapping[int, Mark], to: Mapping[int, int]) -> bool:
        """Moves shards to positions, after what was written; False when one is no longer where it was found."""

    async def wipe(self) -> None:
        """Deletes all documents, then sets every shard back to its beginning, as the next rebuild."""

    async def search(
        self,
        organization: OrganizationId,
        query: str,
        *,
        notes: bool,
        before: tuple[float, str] | None,
        limit: int,
        choose: Choose | None = None,
    ) -> list[Found]:
        """Conversations by what was said in them, the best first; `before`: (score, conversation) of the last one seen.

        `choose` is asked once, if anything is found, which of all are wanted; None: every one is.
        """

    async def citing(
        self, organization: OrganizationId, document: str, before: tuple[datetime, str] | None, limit: int
    ) -> list[CitedAnswer]:
        """The answers that cite a document, by its name, the newest first; `before`: (created, message) of the last."""

    async def count_citing(self, organization: OrganizationId, document: str, since: datetime, limit: int) -> int:
        """How many answers since a moment cite a document. Counting ends at `limit`."""

    async def recount_messages(self, entries: Sequence[Entry], shard: int, after: int, until: int) -> list[str]:
        """The differences of a shard's messages of `after` < position <= `until`, of which `entries` are the journal's."""

    async def recount_conversations(self, latest: Mapping[str, Entry], shard: int, after: int, until: int) -> list[str]:
        """The differences of a shard's conversations of `after` < position <= `until`; `latest`: the newest entry of each, by
        id.
        """


class Tables(Protocol):
    """Core's tables, as they can be recounted."""

    def recount(self, full: bool) -> AsyncIterator[Recount]:
        """Compares each table with the journal, as of one moment per shard; in full, or what has happened since last time."""
