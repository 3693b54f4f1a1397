"""Core's own journal, read as what it adds to the transcripts."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import msgspec

from kit.ids import OrganizationId
from kit.journal import POLL_SECONDS, Journal, Record
from kit.metrics import Following
from services.core.domain import Conversation, CustomerErased, CustomerId, Entry, Message, Passed, tombstone

LINGER_SECONDS = 0.2
"""Transcripts are read by people: a moment of waiting makes one write out of many."""

_ERASED = """
select c.organization, c.id from conversation c join unnest($1::text[], $2::text[]) as k (organization, id)
    on k.organization = c.organization and k.id = c.id
where c.erased is not null
"""


class _Payload(msgspec.Struct):
    conversation: Conversation | None = None
    customer: CustomerId | None = None
    message: Message | None = None


class JournalFacts:
    """The port Facts."""

    def __init__(self, journal: Journal, pool: Any) -> None:
        self._journal = journal
        self._pool = pool
        self.following = Following()

    async def ends(self) -> dict[int, int]:
        return await self._journal.ends()

    async def read(self, shard: int, after: int, limit: int) -> list[Entry | Passed]:
        return await self._entries(await self._journal.read({shard: after}, limit))

    async def watch(self, after: Mapping[int, int]) -> AsyncGenerator[list[Entry | Passed], None]:
        async with aclosing(self._journal.watch(after, linger=LINGER_SECONDS, heartbeat=POLL_SECONDS)) as batches:
            async for records in batches:
                self.following.heard(records[0].created.timestamp() if records else None)
                yield await self._entries(records)
                self.following.handled()

    async def _entries(self, records: Sequence[Record]) -> list[Entry | Passed]:
        """What was erased since it was told comes as a tombstone."""
        entries = list(map(_entry, records))
        said = [entry.conversation for entry in entries if isinstance(entry, Entry) and entry.message is not None]
        if not said:
            return entries
        rows = await self._pool.fetch(_ERASED, [c.organization for c in said], [c.id for c in said])
        erased = {(row["organization"], row["id"]) for row in rows}
        return [_erased(entry) if _key(entry) in erased else entry for entry in entries]


def _key(entry: Entry | Passed) -> tuple[str, str] | None:
    return (entry.conversation.organization, entry.conversation.id) if isinstance(entry, Entry) else None


def _erased(entry: Entry | Passed) -> Entry | Passed:
    if not isinstance(entry, Entry) or entry.message is None:
        return entry
    return replace(entry, message=tombstone(entry.message))


def _entry(record: Record) -> Entry | Passed:
    told = msgspec.json.decode(record.payload, type=_Payload)
    if told.conversation is not None:
        return Entry(record.shard, record.position, told.conversation, told.message)
    erased = told.customer if record.kind == CustomerErased.__name__ else None
    return Passed(record.shard, record.position, OrganizationId(record.organization), erased)
