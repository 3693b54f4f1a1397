"""The use cases of the background: indexing documents, keeping the vector index in step, renewing vectors of a former model."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from kit.backoff import Backoff
from kit.clock import Clock
from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from services.memory.domain import problems
from services.memory.domain.chunker import Chunk, split
from services.memory.domain.documents import MAX_ATTEMPTS, MAX_PASSAGES, Document, Failure, Passage, SourceKind, media_type_of
from services.memory.domain.outline import Outline
from services.memory.ports import (
    Documents,
    Embedded,
    Embedder,
    Hints,
    Indexing,
    Knowledge,
    Lease,
    Pages,
    Reader,
    VectorLag,
    Vectors,
)

LEASE = timedelta(seconds=30)
BACKOFF = Backoff(first=2, maximum=300, jitter=0)
OUTAGE_PAUSE = timedelta(seconds=2)
"""How soon indexing goes on while the embedder is unavailable. An outage uses up no attempt."""
BATCH = 16
"""Passages embedded with one call: about half a second on one core, so that progress is seen and a lease never runs out."""

_log = logging.getLogger("memory.indexing")


@dataclass(frozen=True)
class Indexer:
    """Turns documents into passages that can be found."""

    documents: Documents
    indexing: Indexing
    reader: Reader
    pages: Pages
    embedder: Embedder
    hints: Hints
    now: Clock
    lease: timedelta = LEASE

    async def index_next(self, worker: str) -> bool:
        """Indexes the document that waits longest; False: none does. Whatever goes wrong is the document's state afterwards."""
        lease = await self.indexing.lease(worker, self.lease)
        if lease is None:
            return False
        try:
            if lease.attempt > MAX_ATTEMPTS:
                await self.indexing.fail(lease, self._failure("INTERNAL", _GIVEN_UP))
            else:
                async with self._kept(lease):
                    await self._index(lease)
                await self.hints.announce(lease.document.organization)
        except problems.LeaseLost:
            _log.info("lease lost", extra=_about(lease))
        return True

    async def _index(self, lease: Lease) -> None:
        try:
            outline, size = await self._outline(lease.document)
            title = lease.document.title if lease.document.title_given else _title(outline, lease.document)
            chunks = await asyncio.to_thread(_chunks, outline)
            await self._embed(lease, _passages(lease.document, title, chunks))
            await self.indexing.commit(lease, title, size, self.embedder.model, len(chunks), self.now())
            _log.info("document indexed", extra=_about(lease) | {"passages": len(chunks)})
        except problems.DocumentProblem as problem:
            _log.info("document failed", extra=_about(lease) | {"reason": problem.reason})
            await self.indexing.fail(lease, self._failure(problem.reason, problem.message))
        except problems.EmbedderUnavailable as problem:
            _log.warning("indexing waits for the embedding model", extra=_about(lease) | {"error": problem.detail})
            await self._postpone(lease, problem.reason, problem.message, count=False)
        except (problems.LeaseLost, StoreUnavailable):
            raise
        except asyncio.CancelledError:
            # The process ends: let another one begin at once instead of when the lease runs out.
            with suppress(problems.LeaseLost, StoreUnavailable, TimeoutError):
                async with asyncio.timeout(1.0):
                    why = self._failure("", "The server ended while indexing; it goes on.")
                    await self.indexing.postpone(lease, why, timedelta(0), count=False)
            raise
        except Exception:
            _log.exception("indexing broke", extra=_about(lease))
            await self._postpone(lease, "INTERNAL", "Something broke on our side; it will be tried again.", count=True)

    async def _postpone(self, lease: Lease, reason: str, message: str, *, count: bool) -> None:
        delay = timedelta(seconds=BACKOFF.delay(lease.attempt)) if count else OUTAGE_PAUSE
        await self.indexing.postpone(lease, self._failure(reason, message), delay, count=count)

    async def _outline(self, document: Document) -> tuple[Outline, int]:
        if document.source.kind is SourceKind.WEB:
            content, media_type = await self.pages.fetch(document.source.uri)
        else:
            content = await self.documents.content(document.organization, document.id)
            told = document.source.media_type or media_type_of(content, document.source.file_name)
            if told is None:
                raise problems.MediaTypeUnsupported("")
            media_type = told
        outline = await self.reader.read(content, media_type)
        if not outline.blocks:
            raise problems.DocumentEmpty
        return outline, len(content)

    async def _embed(self, lease: Lease, passages: Sequence[Passage]) -> None:
        await self.indexing.progress(lease, len(passages), 0)
        model = self.embedder.model
        for start in range(0, len(passages), BATCH):
            batch = passages[start : start + BATCH]
            vectors = await self.embedder.embed_passages([passage.context for passage in batch])
            await self.indexing.add(lease, [Embedded(p, v, model) for p, v in zip(batch, vectors, strict=True)])
            await self.indexing.progress(lease, len(passages), start + len(batch))

    @asynccontextmanager
    async def _kept(self, lease: Lease) -> AsyncIterator[None]:
        """Keeps the lease while the body runs; a lease that is lost ends the body when it next writes."""

        async def keep() -> None:
            while True:
                await asyncio.sleep(self.lease.total_seconds() / 3)
                try:
                    await self.indexing.extend(lease, self.lease)
                except StoreUnavailable:
                    continue
                except problems.LeaseLost:
                    return

        keeper = asyncio.create_task(keep())
        try:
            yield
        finally:
            keeper.cancel()

    def _failure(self, reason: str, message: str) -> Failure:
        return Failure(reason, message, self.now())


@dataclass(frozen=True)
class Synchronizer:
    """Brings the vector index up to what is known. Lost, behind or wrong, it ends up equal to the live passages."""

    lag: VectorLag
    knowledge: Knowledge
    vectors: Vectors
    embedder: Embedder
    hints: Hints

    async def sync_next(self, limit: int = 20) -> int:
        """Brings some organizations that are behind up to date; returns how many there were."""
        behind = await self.lag.behind(self.vectors.index, limit)
        for organization in behind:
            await self.sync(organization)
        return len(behind)

    async def sync(self, organization: OrganizationId) -> None:
        """Brings one organization up to date: by what changed, or, where the result does not add up, by comparing all."""
        states = await self.knowledge.states([organization])
        if organization not in states:
            return
        state = states[organization]
        synced = state.synced.get(self.vectors.index, 0)
        if synced and await self.vectors.count(organization) is None:
            synced = 0
        async for batch in self.lag.changed(organization, synced):
            await self.vectors.put(organization, _of_model(batch, self.embedder.model))
        removed = await self.lag.removed(organization, synced)
        if removed:
            await self.vectors.remove(organization, removed)
        if await self.vectors.count(organization) != state.passages:
            await self.rebuild(organization)
        await self.lag.mark(organization, self.vectors.index, state.version)

    async def rebuild(self, organization: OrganizationId) -> None:
        """Compares all keys with the live passages, adds what is missing and removes what is not live."""
        there = await self.vectors.keys(organization)
        live: set[str] = set()
        async for batch in self.knowledge.passages(organization):
            live.update(item.passage.key for item in batch)
            missing = [item for item in _of_model(batch, self.embedder.model) if item.passage.key not in there]
            if missing:
                await self.vectors.put(organization, missing)
        if there - live:
            await self.vectors.remove(organization, sorted(there - live))
        _log.info("vectors rebuilt", extra={"organization": organization, "passages": len(live)})

    async def check(self, organization: OrganizationId) -> None:
        """Looks whether the index has as many vectors as there are live passages, and repairs it where not."""
        states = await self.knowledge.states([organization])
        expected = states[organization].passages if organization in states else 0
        if await self.vectors.count(organization) != expected:
            await self.lag.mark(organization, self.vectors.index, 0)
            await self.sync(organization)

    async def renew_next(self, limit: int = BATCH) -> bool:
        """Embeds some live passages again whose vectors another model made; False: there are none."""
        stale = await self.knowledge.stale(self.embedder.model, limit)
        if not stale:
            return False
        vectors = await self.embedder.embed_passages([item.passage.context for item in stale])
        organization = stale[0].passage.organization
        renewed = [replace(item, vector=v, model=self.embedder.model) for item, v in zip(stale, vectors, strict=True)]
        await self.knowledge.renew(organization, renewed)
        await self.hints.announce(organization)
        return True


_GIVEN_UP = f"Indexing ended without a result {MAX_ATTEMPTS} times. Reindex it to try again, or split it."


def _of_model(batch: Sequence[Embedded], model: str) -> list[Embedded]:
    return [item for item in batch if item.model == model]


def _about(lease: Lease) -> dict[str, object]:
    return {"organization": lease.document.organization, "document": lease.document.id, "attempt": lease.attempt}


def _chunks(outline: Outline) -> list[Chunk]:
    chunks = split(outline)
    if len(chunks) > MAX_PASSAGES:
        raise problems.DocumentTooLarge("passages", MAX_PASSAGES)
    return chunks


def _title(outline: Outline, document: Document) -> str:
    return (outline.title or document.source.file_name or document.source.uri or "Untitled")[:200]


def _passages(document: Document, title: str, chunks: list[Chunk]) -> list[Passage]:
    return [
        Passage(
            organization=document.organization,
            document=document.id,
            revision=document.revision,
            ordinal=ordinal,
            title=title,
            heading=chunk.heading,
            uri=document.link,
            text=chunk.text,
            page=chunk.page,
        )
        for ordinal, chunk in enumerate(chunks)
    ]
