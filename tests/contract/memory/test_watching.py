"""Documents are watched while they are indexed, and an indexing can be cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import pytest

from kit.journal import shard_of
from kit.streams import ResumeTokenExpired, StreamEnded
from services.memory.adapters.document_feed import JournalDocumentFeed
from services.memory.domain.documents import Change, DocumentId, MediaType, State
from services.memory.domain.reading import Reading
from services.memory.ports import Seen
from tests.contract.memory.conftest import ACME, OTHER
from tests.contract.memory.test_use_cases import TEXT, World, world
from tests.fakes.memory import SlowEmbedder

__all__ = ["world"]
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
LONG = b"\n\n".join(b"## Size %d\n\n%s" % (n, b"Boots of this size run small. " * 25) for n in range(40))


class SlowReader:
    """Implements Reader, and never comes to an end."""

    def __init__(self) -> None:
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    async def read(self, content: bytes, media_type: MediaType, charset: str = "") -> Reading:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()
        raise AssertionError


@asynccontextmanager
async def watching(world: World, after: int | None = None, seconds: float = 60) -> AsyncIterator[AsyncGenerator[Seen, None]]:
    feed = JournalDocumentFeed(world.store.journal, world.store.documents, asyncio.Event(), look_seconds=0.02)
    async with asyncio.timeout(30), aclosing(feed.watch(ACME, after, seconds)) as watched:
        yield watched


async def states(watched: AsyncGenerator[Seen, None], until: State) -> list[tuple[str, State, int]]:
    """The documents that are seen, until one is in a state."""
    seen: list[tuple[str, State, int]] = []
    async for batch in watched:
        seen += [(document.id, document.state, document.passages_embedded) for document in batch.documents]
        if any(document.state is until for document in batch.documents):
            return seen
    raise AssertionError


async def test_a_document_is_seen_from_its_creation_over_its_progress_to_its_end(world: World) -> None:
    slow = SlowEmbedder()
    async with watching(world) as watched:
        assert await anext(watched) == Seen(0, [])
        await world.add("theirs", organization=OTHER)
        await world.index_all()
        await world.add("sizes", LONG)
        assert await states(watched, State.PENDING) == [("sizes", State.PENDING, 0)]
        running = asyncio.create_task(world.index_next(replace(world.indexer, embedder=slow)))
        await slow.asked.wait()
        assert await states(watched, State.INDEXING) == [("sizes", State.INDEXING, 0)]
        async with watching(world) as late:
            (document,) = (await anext(late)).documents
            assert (document.state, document.passages_total > 32) == (State.INDEXING, True)
        slow.go.set()
        assert await running
        *_, last = await states(watched, State.READY)
        assert last == ("sizes", State.READY, document.passages_total)


async def test_a_watch_resumes_after_its_token_and_shows_what_is_gone(world: World) -> None:
    await world.add("a")
    await world.add("b")
    position = await world.store.journal.end(ACME)
    await world.add("c")
    await world.app.delete_document(ACME, DocumentId("a"), "")
    async with watching(world, position) as watched:
        first, missed = await anext(watched), await anext(watched)
        assert (first.position, first.documents) == (position, [])
        assert ([document.id for document in missed.documents], missed.deleted) == (["c"], ["a"])
        assert missed.position == await world.store.journal.end(ACME)


async def test_a_watch_ends_with_its_token_when_its_time_is_over(world: World) -> None:
    await world.add("a")
    async with watching(world, seconds=0) as watched:
        with pytest.raises(StreamEnded) as ended:
            async for _ in watched:
                pass
    assert ended.value.metadata["resume_token"] == str(await world.store.journal.end(ACME))


async def test_a_token_of_facts_that_are_gone_or_never_were_is_refused(world: World) -> None:
    for id in ("a", "b", "c"):
        await world.add(id)
    shard = shard_of(ACME)
    await world.store.pool.execute("update shard set deleted = 2 where shard = $1", shard)
    try:
        for after in (1, 99):
            async with watching(world, after) as watched:
                with pytest.raises(ResumeTokenExpired):
                    await anext(watched)
    finally:
        await world.store.pool.execute("update shard set deleted = 0 where shard = $1", shard)


async def test_what_is_cancelled_while_it_is_embedded_is_not_published(world: World) -> None:
    slow = SlowEmbedder()
    await world.add("sizes")
    await world.index_all()
    await world.app.update_document(ACME, DocumentId("sizes"), Change(content=b"Newer boots.", source=TEXT), "")
    running = asyncio.create_task(world.index_next(replace(world.indexer, embedder=slow)))
    await slow.asked.wait()
    cancelled = await world.app.cancel_indexing(ACME, DocumentId("sizes"))
    assert cancelled.failure is not None
    assert (cancelled.state, cancelled.failure.reason) == (State.FAILED, "INDEXING_CANCELLED")
    assert await world.app.cancel_indexing(ACME, DocumentId("sizes")) == cancelled
    slow.go.set()
    assert await running
    assert not await world.index_next()
    assert await world.get("sizes") == cancelled
    assert "Newer boots." not in await world.texts("boots")
    assert (await world.store.facts())[-1] == "DocumentFailed"
    await world.app.reindex_document(ACME, DocumentId("sizes"))
    await world.index_all()
    assert await world.texts("boots") == ["Newer boots."]
    await world.sweep_later()
    assert (await world.store.counts())["passages"] == 1


async def test_what_is_cancelled_while_it_is_read_or_waits_ends_at_once(world: World) -> None:
    reader = SlowReader()
    await world.add("sizes")
    indexer = replace(world.indexer, reader=reader, held_seconds=0.01)
    running = asyncio.create_task(world.index_next(indexer))
    await reader.begun.wait()
    await world.app.cancel_indexing(ACME, DocumentId("sizes"))
    async with asyncio.timeout(30):
        assert await running
    assert reader.ended.is_set()
    await world.app.reindex_document(ACME, DocumentId("sizes"))
    assert (await world.app.cancel_indexing(ACME, DocumentId("sizes"))).state is State.FAILED
    assert not await world.index_next()
