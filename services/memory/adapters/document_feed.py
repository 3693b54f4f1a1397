"""Documents as they change: by the journal, and by a look at those that are being indexed.

An organization's documents change together with facts, but for the progress of an indexing, which is state and no fact.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from kit.ids import OrganizationId
from kit.journal import EventsDeleted, Journal, shard_of
from kit.streams import ResumeTokenExpired, StreamEnded
from services.memory.domain.documents import Document, DocumentId, State
from services.memory.ports import Documents, Seen

LOOK_SECONDS = 0.5
"""How often the progress of indexing is looked at."""
HEARTBEAT_SECONDS = 20.0
LINGER_SECONDS = 0.2
"""How long facts are collected, so that many at once are few frames."""
_KINDS = ("DocumentCreated", "DocumentUpdated", "DocumentIndexed", "DocumentFailed", "DocumentDeleted")


class JournalDocumentFeed:
    """Implements DocumentFeed."""

    def __init__(
        self,
        journal: Journal,
        documents: Documents,
        draining: asyncio.Event,
        look_seconds: float = LOOK_SECONDS,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._journal = journal
        self._documents = documents
        self._draining = draining
        self._look_seconds = look_seconds
        self._heartbeat_seconds = heartbeat_seconds

    async def watch(self, organization: OrganizationId, after: int | None, seconds: float) -> AsyncGenerator[Seen, None]:
        shard, time = shard_of(organization), asyncio.get_running_loop().time
        position = await self._journal.end(organization)
        if after is not None:
            if after > position or 0 < after < (await self._journal.deleted())[shard]:
                raise ResumeTokenExpired(resume_token=str(after))
            position = after
        ends, shown = time() + seconds, _Shown()
        yield Seen(position, shown.new(await self._documents.watched(organization, ())))
        told = looked = time()
        records = self._journal.watch(
            {shard: position},
            linger=LINGER_SECONDS,
            over=lambda: self._draining.is_set() or time() >= ends,
            heartbeat=self._look_seconds,
        )
        try:
            async for batch in records:
                named = {
                    DocumentId(record.subject.rpartition("/")[2])
                    for record in batch
                    if record.organization == organization and record.kind in _KINDS
                }
                position = batch[-1].position if batch else position
                if not named and time() - looked < self._look_seconds:
                    continue  # facts of another organization
                looked = time()
                found = await self._documents.watched(organization, named | shown.indexing)
                seen = Seen(position, shown.new(found), sorted(named - {document.id for document in found}))
                if seen.documents or seen.deleted or time() - told >= self._heartbeat_seconds:
                    told = time()
                    yield seen
        except EventsDeleted:
            raise ResumeTokenExpired(resume_token=str(position)) from None
        finally:
            await records.aclose()
        raise StreamEnded(resume_token=str(position))


class _Shown:
    """The documents that were being indexed when they were last shown, as they were."""

    def __init__(self) -> None:
        self._documents: dict[DocumentId, Document] = {}

    @property
    def indexing(self) -> set[DocumentId]:
        """Their ids."""
        return set(self._documents)

    def new(self, documents: Sequence[Document]) -> list[Document]:
        """Those that were not shown as they are now."""
        changed = [document for document in documents if self._documents.get(document.id) != document]
        self._documents = {document.id: document for document in documents if document.state is State.INDEXING}
        return changed
