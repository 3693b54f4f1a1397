"""Transcripts: a projection of core's own journal, followed live, rebuilt on request, and recounted.

The position is stored beside the documents and moves after them. So a crash in between writes the same again, which changes
nothing; two replicas that follow the same shard for a moment do each other no harm; and a store that was emptied or restored
continues where it is.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from kit.clock import Clock, utc_now
from kit.ids import OrganizationId
from kit.recounts import Recount
from services.core.domain import (
    EVERY,
    CitedAnswer,
    ConversationId,
    CustomerId,
    Entry,
    Found,
    Mark,
    Overview,
    Progress,
    TranscriptsUnavailable,
    Wanted,
)
from services.core.ports.journal import Facts, Transcripts

BATCH = 500
MAX_NAMED = 100
"""Conversations that are found by their customer: the last ones that changed."""
NAMED = 1e6
"""The lowest score of one that is found by its customer; keywords give far less."""
TOLD_SECONDS = 0.5
CATCH_UP_SECONDS = 15.0
MAX_CITING = 1_000
"""Where counting the answers that cite a document ends, so that it costs the same for the most cited one."""


async def _all(organization: OrganizationId, wanted: Wanted, ids: Sequence[ConversationId]) -> set[ConversationId]:
    """All are wanted."""
    return set(ids)


async def _none(organization: OrganizationId, query: str, wanted: Wanted, limit: int, *, notes: bool) -> Sequence[Overview]:
    """No customer is meant."""
    return ()


class _Named(Protocol):
    async def __call__(
        self, organization: OrganizationId, query: str, wanted: Wanted, limit: int, *, notes: bool
    ) -> Sequence[Overview]: ...


async def _nobody(organization: OrganizationId, customer: CustomerId) -> None:
    """No one waits for what is erased."""


@dataclass(frozen=True)
class Transcription:
    """The use cases of transcripts. Without a store (`transcripts` is None) everything says that they can't be reached."""

    facts: Facts
    transcripts: Transcripts | None
    confirm: Callable[[OrganizationId, CustomerId], Awaitable[None]] = _nobody
    """Called when nothing of an erased customer is left in the transcripts."""
    among: Callable[[OrganizationId, Wanted, Sequence[ConversationId]], Awaitable[set[ConversationId]]] = _all
    """Those of some conversations that are wanted."""
    named: _Named = _none
    """Conversations of customers who are meant by a query."""
    now: Clock = utc_now

    @property
    def _kept(self) -> Transcripts:
        if self.transcripts is None:
            raise TranscriptsUnavailable
        return self.transcripts

    async def search(
        self,
        organization: OrganizationId,
        query: str,
        wanted: Wanted,
        notes: bool,
        customers: bool,
        before: tuple[float, str] | None,
        limit: int,
    ) -> list[Found]:
        """Conversations that are wanted: those of customers who are meant, if they may be, then those by keywords.

        Transcripts say how well conversations match, and the conversations' own table says which are wanted now.
        """
        named = await self.named(organization, query, wanted, MAX_NAMED, notes=notes) if customers else ()
        found = [Found(each.conversation, None, NAMED + MAX_NAMED - place) for place, each in enumerate(named)]
        known = [each.conversation.id for each in found]
        if before is not None:
            found = [each for each in found if each.score < before[0]]
        after = before if before is not None and before[0] < NAMED else None
        room = limit - len(found)
        return found[:limit] if room <= 0 else found + await self._said(organization, query, wanted, notes, after, room, known)

    async def _said(
        self,
        organization: OrganizationId,
        query: str,
        wanted: Wanted,
        notes: bool,
        before: tuple[float, str] | None,
        limit: int,
        known: Sequence[ConversationId],
    ) -> list[Found]:
        """Those in whose messages the words of a query are, without those that are known."""

        async def choose(found: Sequence[ConversationId]) -> set[ConversationId]:
            return (set(found) if wanted == EVERY else await self.among(organization, wanted, found)) - set(known)

        return await self._kept.search(organization, query, notes=notes, before=before, limit=limit, choose=choose)

    async def citing(
        self, organization: OrganizationId, document: str, before: tuple[datetime, str] | None, limit: int
    ) -> list[CitedAnswer]:
        """The answers that cite a document, by its name, the newest first."""
        return await self._kept.citing(organization, document, before, limit)

    async def count_citing(self, organization: OrganizationId, documents: Sequence[str], period: timedelta) -> list[int]:
        """How many answers of the last `period` cite each of some documents, at most MAX_CITING each."""
        since = self.now() - period
        return [await self._kept.count_citing(organization, document, since, MAX_CITING) for document in documents]

    async def follow(self, shards: list[int]) -> None:
        """Brings the facts of some shards into the transcripts, until another follower or a rebuild moves one of them, or facts
        are deleted before they are read.
        """
        await self._kept.prepare()
        marks = await self._kept.marks(shards)
        if not await self._copy_past(marks):
            return
        async with aclosing(self.facts.watch({shard: mark.position for shard, mark in marks.items()})) as batches:
            async for batch in batches:
                if not batch.reached:
                    if await self._kept.marks(shards) != marks:
                        return
                    continue
                if batch.entries:
                    await self._kept.write(batch.entries)
                for organization, customer in batch.erased:
                    await self.confirm(organization, customer)
                if not await self._kept.advance({shard: marks[shard] for shard in batch.reached}, batch.reached):
                    return
                marks |= {shard: Mark(marks[shard].rebuild, position) for shard, position in batch.reached.items()}

    async def _copy_past(self, marks: dict[int, Mark]) -> bool:
        """Writes the past whose facts were deleted, and moves the marks behind it; False when another one moved a mark.

        More may be deleted while it writes, so it looks again.
        """
        while behind := {s: at for s, at in (await self.facts.deleted()).items() if s in marks and marks[s].position < at}:
            for shard, deleted in behind.items():
                async for entries in self.facts.past(shard, deleted):
                    await self._kept.write(entries)
                if not await self._kept.advance({shard: marks[shard]}, {shard: deleted}):
                    return False
                marks[shard] = Mark(marks[shard].rebuild, deleted)
        return True

    async def rebuild(self) -> AsyncIterator[Progress]:
        """Wipes the transcripts and reports how far the followers have come in rebuilding them, until they are complete."""
        ends = await self.facts.ends()
        await self._kept.wipe()
        while True:
            progress = await self._progress(ends)
            yield progress
            if progress.done >= progress.total:
                return
            await asyncio.sleep(TOLD_SECONDS)

    async def recount(self, full: bool) -> AsyncIterator[Recount]:
        """Compares the transcripts with the journal, up to where it ends now."""
        ends = await self.facts.ends()
        marks = await self._caught_up(ends)
        conversations, messages = Recount("transcripts: conversations"), Recount("transcripts: messages")
        behind = Recount("transcripts: position")
        begun = await self.facts.verified(full)
        for shard, end in ends.items():
            until = min(end, marks[shard])
            begin = begun.get(shard, 0)
            behind.add(end, [f"shard {shard} is {end - until} facts behind"] if until < end else [])
            before = messages.different
            latest = await self._recount_messages(messages, shard, begin, until)
            different = await self._kept.recount_conversations(latest, shard, begin, until)
            conversations.add(len(latest), different)
            if not different and messages.different == before and begin < until:
                await self.facts.store_verified(shard, until)
        for recount in (behind, conversations, messages):
            yield recount

    async def _recount_messages(self, recount: Recount, shard: int, after: int, until: int) -> dict[str, Entry]:
        """Compares a shard's messages after a position; the newest entry of each conversation, by its id."""
        latest: dict[str, Entry] = {}
        while after < until:
            batch = await self.facts.read(shard, after, min(BATCH, until - after))
            last = batch.reached.get(shard, until)
            said = [entry for entry in batch.entries if entry.message is not None]
            recount.add(len(said), await self._kept.recount_messages(said, shard, after, last))
            latest |= {entry.conversation.id: entry for entry in batch.entries}
            after = last
        return latest

    async def _progress(self, ends: dict[int, int]) -> Progress:
        marks = await self._kept.marks(list(ends))
        return Progress(sum(min(marks[shard].position, end) for shard, end in ends.items()), sum(ends.values()))

    async def _caught_up(self, ends: dict[int, int]) -> dict[int, int]:
        """The positions of the transcripts, once they have reached the journal's ends or time is up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_SECONDS):
                while (progress := await self._progress(ends)).done < progress.total:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        return {shard: mark.position for shard, mark in (await self._kept.marks(list(ends))).items()}
