"""The use cases of the background: indexing documents, keeping the vector index in step, renewing vectors of a former model."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import numpy as np

from kit import failpoints, ids
from kit.clock import Clock
from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from kit.jobs import Again, Bury, Done, Ended, Fail, Job, Outcome, Park
from services.memory.domain import problems
from services.memory.domain.chunker import Chunk
from services.memory.domain.documents import (
    MAX_ATTEMPTS,
    Document,
    DocumentId,
    EditionId,
    Failure,
    Passage,
    SourceKind,
    media_type_of,
)
from services.memory.domain.reading import Reading
from services.memory.ports import (
    Embedded,
    Embedder,
    Hints,
    Indexing,
    Knowledge,
    Pages,
    Reader,
    Texts,
    Vector,
    VectorLag,
    Vectors,
)

OUTAGE_PAUSE = timedelta(seconds=2)
"""How soon indexing continues while the embedder is unavailable. An outage uses up no attempt."""
HEADING_PART = 0.3
"""How much the headings above a passage count in its vector."""
MAX_WARNINGS = 10
HELD_SECONDS = 1.0
"""How often an indexing that reads looks whether it was cancelled or overtaken."""
BATCH = 16
"""Passages embedded with one call: about half a second on one core, so that progress is seen."""

T = TypeVar("T")

_log = logging.getLogger("memory.indexing")


@dataclass(frozen=True)
class Indexer:
    """Turns documents into passages that can be found."""

    texts: Texts
    indexing: Indexing
    reader: Reader
    pages: Pages
    embedder: Embedder
    hints: Hints
    now: Clock
    indexed: Callable[[], None] = lambda: None
    """Called after each document."""
    outage_pause: timedelta = OUTAGE_PAUSE
    held_seconds: float = HELD_SECONDS

    async def run(self, job: Job) -> Outcome:
        """Indexes the document of a job. Whatever goes wrong is the document's state afterwards."""
        edition = EditionId(ids.new())
        document = await self.indexing.begin(job.organization, document_of(job), edition, job.attempts)
        if document is None:
            return Done()
        try:
            await self._index(job, document, edition)
        except problems.IndexingOvertaken:
            _log.info("indexing was overtaken", extra=_about(document))
            return Again(timedelta(0))  # by a change, which found the job there already
        await self.hints.announce(job.organization)
        self.indexed()
        return Ended()

    async def _index(self, job: Job, document: Document, edition: EditionId) -> None:
        if job.attempts > MAX_ATTEMPTS:  # its processes ended each time
            return await self._give_up(job, document, edition)
        try:
            await self.indexing.publish(job, await self._make(document, edition))
        except problems.DocumentProblem as problem:
            _log.info("document failed", extra=_about(document) | {"reason": problem.reason})
            failure = self._failure(problem.reason, problem.message)
            if problem.is_temporary and job.attempts < MAX_ATTEMPTS:
                await self.indexing.postpone(job, document, edition, failure, Fail(problem.message))
            else:
                await self.indexing.fail(job, document, edition, failure, Done())
        except problems.EmbedderUnavailable as problem:
            _log.warning("indexing waits for the embedding model", extra=_about(document) | {"error": problem.detail})
            park = Park(self.outage_pause, problem.message)
            await self.indexing.postpone(job, document, edition, self._failure(problem.reason, problem.message), park)
        except (problems.IndexingOvertaken, StoreUnavailable, ConnectionError):
            raise
        except asyncio.CancelledError:
            # The process ends: another one can begin at once instead of when the lease expires.
            with suppress(problems.IndexingOvertaken, StoreUnavailable, TimeoutError):
                async with asyncio.timeout(1.0):
                    why = self._failure("", "The server ended while indexing; it continues.")
                    await self.indexing.postpone(job, document, edition, why, Park(timedelta(0)))
            raise
        except Exception as error:
            _log.exception("indexing broke", extra=_about(document))
            if job.attempts == MAX_ATTEMPTS:
                return await self._give_up(job, document, edition)
            why = self._failure("INTERNAL", "Something broke on our side; it will be tried again.")
            await self.indexing.postpone(job, document, edition, why, Fail(type(error).__name__))
        else:
            await failpoints.reach("memory.index.after_commit")
            _log.info("document indexed", extra=_about(document))

    async def _give_up(self, job: Job, document: Document, edition: EditionId) -> None:
        await self.indexing.fail(job, document, edition, self._failure("INTERNAL", _GIVEN_UP), Bury(_GIVEN_UP))

    async def _make(self, document: Document, edition: EditionId) -> Document:
        """Stores the passages of a new edition; returns the document as it is to be published."""
        reading, size = await self._while_held(document, edition, self._read(document))
        title = document.title if document.title_given else _title(reading, document)
        await self._embed(document, _passages(document, edition, title, reading.chunks))
        await failpoints.reach("memory.index.before_commit")
        return replace(
            document,
            title=title,
            size=size,
            edition=edition,
            passage_count=len(reading.chunks),
            warnings=tuple(reading.warnings[:MAX_WARNINGS]),
            embedding_model=self.embedder.model,
            indexed=self.now(),
        )

    async def _while_held(self, document: Document, edition: EditionId, work: Coroutine[Any, Any, T]) -> T:
        """The result of some work, which ends when the document was changed, deleted or cancelled. Raises IndexingOvertaken."""
        working = asyncio.create_task(work)
        try:
            while not (await asyncio.wait({working}, timeout=self.held_seconds))[0]:
                await self.indexing.progress(document, edition, 0, 0)
            return working.result()
        finally:
            if working.cancel():
                await asyncio.wait({working})

    async def _read(self, document: Document) -> tuple[Reading, int]:
        if document.source.kind is SourceKind.WEB and not document.content:
            page = await self.pages.fetch(document.source.uri)
            content, media_type, charset = page.content, page.media_type, page.charset
        else:
            stored = await self.texts.content(document.content)
            if stored is None:
                raise problems.IndexingOvertaken
            content = stored
            told = document.source.media_type or media_type_of(content, document.source.file_name)
            if told is None:
                raise problems.MediaTypeUnsupported("")
            media_type, charset = told, ""
        reading = await self.reader.read(content, media_type, charset)
        if not reading.chunks:
            raise problems.DocumentEmpty
        return reading, len(content)

    async def _embed(self, document: Document, passages: Sequence[Passage]) -> None:
        edition, model = passages[0].edition, self.embedder.model
        await self.indexing.progress(document, edition, len(passages), 0)
        for start in range(0, len(passages), BATCH):
            batch = passages[start : start + BATCH]
            vectors = await embed(self.embedder, batch)
            made = [Embedded(p, v, model) for p, v in zip(batch, vectors, strict=True)]
            put = partial(self.texts.put_passages, made)
            await self.indexing.progress(document, edition, len(passages), start + len(batch), put)

    def _failure(self, reason: str, message: str) -> Failure:
        return Failure(reason, message, self.now())


@dataclass(frozen=True)
class Synchronizer:
    """Brings the vector index up to what is known. Lost, behind or wrong, it ends up equal to the published passages."""

    lag: VectorLag
    knowledge: Knowledge
    texts: Texts
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
        """Compares all keys with the published passages, adds what is missing and removes what is not live."""
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
        """Looks whether the index has as many vectors as there are published passages, and repairs it where not."""
        states = await self.knowledge.states([organization])
        expected = states[organization].passages if organization in states else 0
        if await self.vectors.count(organization) != expected:
            await self.lag.mark(organization, self.vectors.index, 0)
            await self.sync(organization)

    async def renew_next(self, limit: int = BATCH) -> bool:
        """Embeds some published passages again whose vectors another model made; False: there are none."""
        edition = await self.knowledge.stale(self.embedder.model)
        if edition is None:
            return False
        stale = await self.texts.stale(edition, self.embedder.model, limit)
        if stale:
            vectors = await embed(self.embedder, [item.passage for item in stale])
            model = self.embedder.model
            await self.texts.renew([replace(i, vector=v, model=model) for i, v in zip(stale, vectors, strict=True)])
        if len(stale) < limit:
            await self.knowledge.renewed(edition, self.embedder.model)
            await self.hints.announce(edition.organization)
            state = (await self.knowledge.states([edition.organization])).get(edition.organization)
            if state is not None and not state.former_model:
                await self.texts.forget_former(await self.knowledge.editions(edition.organization))
        return True


async def embed(embedder: Embedder, passages: Sequence[Passage]) -> list[Vector]:
    """The vectors of passages: of each text under its headings, drawn to that of its headings alone, which say what the whole
    is about where the text goes into details."""
    headings = list(dict.fromkeys(passage.above for passage in passages if passage.above))
    vectors = await embedder.embed_passages([*(passage.context for passage in passages), *headings])
    of_headings = dict(zip(headings, vectors[len(passages) :], strict=True))
    return [
        _mixed(vector, of_headings[passage.above]) if passage.above else vector
        for passage, vector in zip(passages, vectors, strict=False)
    ]


def _mixed(vector: Vector, heading: Vector) -> Vector:
    mixed = (1 - HEADING_PART) * vector + HEADING_PART * heading
    mixed /= np.float32(np.linalg.norm(mixed))
    return mixed


_GIVEN_UP = f"Indexing ended without a result {MAX_ATTEMPTS} times. Reindex it to try again, or split it."


def _of_model(batch: Sequence[Embedded], model: str) -> list[Embedded]:
    return [item for item in batch if item.model == model]


def document_of(job: Job) -> DocumentId:
    """The document that a job indexes."""
    return DocumentId(job.subject.removeprefix("documents/"))


def _about(document: Document) -> dict[str, object]:
    return {"organization": document.organization, "document": document.id, "attempt": document.attempt}


def _title(reading: Reading, document: Document) -> str:
    return (reading.title or document.source.file_name or document.source.uri or "Untitled")[:200]


def _passages(document: Document, edition: EditionId, title: str, chunks: Sequence[Chunk]) -> list[Passage]:
    return [
        Passage(
            organization=document.organization,
            document=document.id,
            revision=document.revision,
            edition=edition,
            ordinal=ordinal,
            title=title,
            heading=chunk.heading,
            uri=document.link,
            text=chunk.text,
            page=chunk.page,
        )
        for ordinal, chunk in enumerate(chunks)
    ]
