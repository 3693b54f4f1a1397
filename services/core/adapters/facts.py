"""Core's own journal, read as what it adds to the transcripts."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

import msgspec

from kit.journal import POLL_SECONDS, Journal, Record
from kit.metrics import Following
from services.core.domain import Conversation, Entry, Message

LINGER_SECONDS = 0.2
"""Transcripts are read by people: a moment of waiting makes one write out of many."""


class _Payload(msgspec.Struct):
    conversation: Conversation
    message: Message | None = None


class JournalFacts:
    """The port Facts."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.following = Following()

    async def ends(self) -> dict[int, int]:
        return await self._journal.ends()

    async def read(self, shard: int, after: int, limit: int) -> list[Entry]:
        return [_entry(record) for record in await self._journal.read({shard: after}, limit)]

    async def watch(self, after: Mapping[int, int]) -> AsyncGenerator[list[Entry], None]:
        async with aclosing(self._journal.watch(after, linger=LINGER_SECONDS, heartbeat=POLL_SECONDS)) as batches:
            async for records in batches:
                self.following.heard(records[0].created.timestamp() if records else None)
                yield [_entry(record) for record in records]
                self.following.handled()


def _entry(record: Record) -> Entry:
    told = msgspec.json.decode(record.payload, type=_Payload)
    return Entry(record.shard, record.position, told.conversation, told.message)
