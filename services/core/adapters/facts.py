"""Core's own journal, read as additions to the transcripts. References of a fact are read from the tables, in batches."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import aclosing, suppress
from datetime import UTC, datetime

from frontdesk.core.internal import v1 as internal

from kit import names
from kit.ids import OrganizationId
from kit.journal import POLL_SECONDS, EventsDeleted, Journal, Record, Verified
from kit.metrics import Following
from services.core.adapters.past import PostgresPast
from services.core.domain import (
    Conversation,
    ConversationId,
    ConversationReference,
    CustomerId,
    Entries,
    Entry,
    MessageId,
    MessageReference,
)
from services.core.ports.conversations import References

_Place = tuple[OrganizationId, ConversationId]

LINGER_SECONDS = 0.2
"""Transcripts are read by people: a moment of waiting makes one write out of many."""


class JournalFacts:
    """The port Facts."""

    def __init__(self, journal: Journal, references: References, verified: Verified, past: PostgresPast) -> None:
        self._verified = verified
        self._past = past
        self._journal = journal
        self._references = references
        self.following = Following()

    async def ends(self) -> dict[int, int]:
        return await self._journal.ends()

    async def deleted(self) -> dict[int, int]:
        return await self._journal.deleted()

    def past(self, shard: int, position: int) -> AsyncIterator[list[Entry]]:
        return self._past.entries(shard, position)

    async def read(self, shard: int, after: int, limit: int) -> Entries:
        return await self._entries(await self._journal.read({shard: after}, limit))

    async def verified(self, full: bool) -> dict[int, int]:
        deleted = await self._journal.deleted()
        return deleted | {shard: max(at, deleted[shard]) for shard, (at, _) in (await self._verified.load(full)).items()}

    async def store_verified(self, shard: int, position: int) -> None:
        await self._verified.store(shard, position, datetime.now(UTC))

    async def watch(self, after: Mapping[int, int]) -> AsyncGenerator[Entries, None]:
        async with aclosing(self._journal.watch(after, linger=LINGER_SECONDS, heartbeat=POLL_SECONDS)) as batches:
            with suppress(EventsDeleted):
                async for records in batches:
                    self.following.heard(records[0].created.timestamp() if records else None)
                    yield await self._entries(records)
                    self.following.handled()

    async def _entries(self, records: Sequence[Record]) -> Entries:
        versions = [internal.Event.FromString(record.payload).conversation for record in records]
        told = [
            (record, version, (OrganizationId(record.organization), ConversationId(names.last(version.name))))
            for record, version in zip(records, versions, strict=True)
            if version.name  # else it is a customer's
        ]
        conversations = await self._conversations({place for _, _, place in told})
        wanted = [MessageReference(*place, _message(record)) for record, _, place in told if record.kind == "MessageCreated"]
        messages = {item.id: item.message for item in await self._references.messages(wanted)} if wanted else {}
        entries = [
            Entry(record.shard, record.position, version.revision, conversation, messages.get(_message(record)))
            for record, version, place in told
            if (conversation := conversations[place]) is not None
        ]
        erased = [
            (OrganizationId(record.organization), CustomerId(names.last(record.subject)))
            for record in records
            if record.kind == "CustomerErased"
        ]
        return Entries(entries, {record.shard: record.position for record in records}, erased)

    async def _conversations(self, places: Collection[_Place]) -> dict[_Place, Conversation | None]:
        wanted = [ConversationReference(*place) for place in places]
        found = await self._references.conversations(wanted) if wanted else []
        return {(item.organization, item.id): item.conversation for item in found}


def _message(record: Record) -> MessageId:
    return MessageId(names.last(record.subject))
