"""Use cases with everything in memory: managing, indexing, searching."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from kit.ids import OrganizationId
from services.memory.adapters.exact import ExactRetriever
from services.memory.adapters.in_memory import DirectReader, HashEmbedder, InMemoryStore, InMemoryVectors, NoPages
from services.memory.adapters.redis_hints import LocalHints
from services.memory.adapters.watch import KnowledgeWatch
from services.memory.app import App, Draft, Mode
from services.memory.app.indexing import Indexer, Synchronizer
from services.memory.domain import problems
from services.memory.domain.documents import MAX_ATTEMPTS, Change, Document, DocumentId, MediaType, Source, SourceKind, State
from services.memory.domain.outline import Outline
from services.memory.ports import Vector

ACME, OTHER = OrganizationId("acme"), OrganizationId("other")
TEXT = Source(SourceKind.TEXT, MediaType.MARKDOWN)
RETURNS = b"# Returns\n\nYou may return boots within 60 days.\n\n## Cost\n\nReturns are free in Zone 1."


@dataclass
class World:
    """A memory service without servers, and a clock that stands still."""

    time: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    rung: int = 0
    embedder: HashEmbedder = field(default_factory=HashEmbedder)

    def __post_init__(self) -> None:
        self.store = InMemoryStore(self.now)
        self.vectors = InMemoryVectors(self.embedder.model)
        self.watch = KnowledgeWatch(self.store)
        self.hints = LocalHints(self.watch.forget)
        self.app = App(
            documents=self.store,
            knowledge=self.store,
            retriever=ExactRetriever(self.store, self.watch, self.embedder.model),
            embedder=self.embedder,
            hints=self.hints,
            wake=self.ring,
            now=self.now,
            most_documents=20,
        )
        self.indexer = Indexer(self.store, self.store, DirectReader(), NoPages(), self.embedder, self.hints, self.now)
        self.synchronizer = Synchronizer(self.store, self.store, self.vectors, self.embedder, self.hints)

    def now(self) -> datetime:
        return self.time

    def ring(self) -> None:
        self.rung += 1

    async def add(self, id: str, content: bytes = RETURNS, organization: OrganizationId = ACME, **more: str) -> Document:
        return await self.app.create_document(organization, Draft(id, more.get("title", ""), "", TEXT, content), f"r-{id}")

    async def index_all(self) -> None:
        while await self.indexer.index_next("w"):
            pass

    async def get(self, id: str) -> Document:
        return await self.app.get_document(ACME, DocumentId(id))

    async def texts(self, query: str, organization: OrganizationId = ACME, mode: Mode = Mode.HYBRID) -> list[str]:
        return [hit.passage.text for hit in (await self.app.search(organization, query, 8, mode)).hits]


@pytest.fixture
def world() -> World:
    return World()


async def test_a_document_waits_and_then_can_be_found(world: World) -> None:
    document = await world.add("returns")
    assert document.state is State.PENDING
    assert world.rung == 1
    assert await world.texts("return boots") == []
    await world.index_all()
    ready = await world.get("returns")
    assert (ready.state, ready.title, ready.passage_count, ready.indexed_revision) == (State.READY, "Returns", 2, 1)
    assert (await world.texts("return boots"))[0] == "You may return boots within 60 days."


async def test_the_same_request_makes_one_document(world: World) -> None:
    first = await world.add("returns")
    again = await world.app.create_document(ACME, Draft("", "", "", TEXT, b"other"), "r-returns")
    assert again.id == first.id


async def test_an_id_can_be_taken_once(world: World) -> None:
    await world.add("returns")
    with pytest.raises(problems.DocumentExists):
        await world.app.create_document(ACME, Draft("returns", "", "", TEXT, b"x"), "another")


async def test_an_organization_has_a_limit(world: World) -> None:
    for number in range(20):
        await world.add(f"d{number}")
    with pytest.raises(problems.TooManyDocuments):
        await world.add("one-more")
    await world.add("elsewhere", organization=OTHER)


async def test_an_update_replaces_all_passages_at_once(world: World) -> None:
    await world.add("returns")
    await world.index_all()
    await world.app.update_document(
        ACME, DocumentId("returns"), Change(content=b"# Returns\n\nBoots: 90 days.", source=TEXT), "r1"
    )
    assert "You may return boots within 60 days." in await world.texts("boots")
    await world.index_all()
    assert await world.texts("boots") == ["Boots: 90 days."]
    assert (await world.get("returns")).revision == 2


async def test_an_update_of_an_old_version_is_refused(world: World) -> None:
    await world.add("returns")
    await world.app.update_document(ACME, DocumentId("returns"), Change(title="New"), "r1")
    with pytest.raises(problems.DocumentChanged):
        await world.app.update_document(ACME, DocumentId("returns"), Change(title="Newer"), "r1")
    with pytest.raises(problems.DocumentChanged):
        await world.app.delete_document(ACME, DocumentId("returns"), "r1")


async def test_a_deleted_document_is_not_found_again(world: World) -> None:
    await world.add("returns")
    await world.index_all()
    assert await world.texts("boots")
    await world.app.delete_document(ACME, DocumentId("returns"), "")
    assert await world.texts("boots") == []
    with pytest.raises(problems.DocumentNotFound):
        await world.get("returns")


async def test_a_title_that_was_given_stays_and_one_that_was_read_follows_the_text(world: World) -> None:
    await world.add("given", title="My title")
    await world.add("read")
    await world.index_all()
    for id in ("given", "read"):
        await world.app.update_document(ACME, DocumentId(id), Change(content=b"# Changed\n\nx", source=TEXT), "")
    await world.index_all()
    assert (await world.get("given")).title == "My title"
    assert (await world.get("read")).title == "Changed"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"#  \n\n", "DOCUMENT_EMPTY"), (b"\n\n## only\n\n### headings", "DOCUMENT_EMPTY")],
)
async def test_a_document_that_cannot_be_read_fails_with_words(world: World, content: bytes, reason: str) -> None:
    await world.add("bad", content)
    await world.index_all()
    failed = await world.get("bad")
    assert failed.state is State.FAILED
    assert failed.failure is not None
    assert failed.failure.reason == reason


async def test_a_page_that_cannot_be_fetched_fails(world: World) -> None:
    source = Source(SourceKind.WEB, uri="https://nowhere.test/")
    await world.app.create_document(ACME, Draft("page", "", "", source, b""), "r")
    await world.index_all()
    failure = (await world.get("page")).failure
    assert failure is not None
    assert failure.reason == "FETCH_FAILED"


async def test_a_failed_document_can_be_indexed_again(world: World) -> None:
    await world.add("bad", b"#")
    await world.index_all()
    again = await world.app.reindex_document(ACME, DocumentId("bad"))
    assert (again.state, again.revision, again.failure) == (State.PENDING, 2, None)


async def test_while_the_model_is_away_documents_wait_without_using_up_attempts(world: World) -> None:
    await world.add("returns")
    world.embedder.broken = True
    for _ in range(MAX_ATTEMPTS + 2):
        assert await world.indexer.index_next("w")
        world.time += timedelta(seconds=10)
    waiting = await world.get("returns")
    assert (waiting.state, waiting.attempt) == (State.PENDING, 0)
    assert waiting.failure is not None
    assert waiting.failure.reason == "EMBEDDER_UNAVAILABLE"
    world.embedder.broken = False
    await world.index_all()
    assert (await world.get("returns")).state is State.READY


class BrokenReader:
    """Raises what nobody expects."""

    async def read(self, content: bytes, media_type: MediaType) -> Outline:
        raise RuntimeError("a bug")


async def test_a_document_that_breaks_the_indexing_is_given_up_after_some_attempts(world: World) -> None:
    await world.add("poison")
    broken = replace(world.indexer, reader=BrokenReader())
    for _ in range(MAX_ATTEMPTS):
        assert await broken.index_next("w")
        assert not await broken.index_next("w")
        world.time += timedelta(minutes=10)
    await broken.index_next("w")
    failed = await world.get("poison")
    assert failed.state is State.FAILED
    assert failed.failure is not None
    assert "5 times" in failed.failure.message


class SlowEmbedder(HashEmbedder):
    """Waits until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        self.asked.set()
        await self.go.wait()
        return await super().embed_passages(texts)


async def test_a_change_during_indexing_wins(world: World) -> None:
    slow = SlowEmbedder()
    await world.add("returns")
    running = asyncio.create_task(replace(world.indexer, embedder=slow).index_next("w1"))
    await slow.asked.wait()
    await world.app.update_document(ACME, DocumentId("returns"), Change(content=b"Newer text.", source=TEXT), "")
    slow.go.set()
    assert await running
    await world.index_all()
    assert await world.texts("text") == ["Newer text."]
    assert (await world.get("returns")).state is State.READY


async def test_a_process_that_ends_gives_its_document_back(world: World) -> None:
    slow = SlowEmbedder()
    await world.add("returns")
    running = asyncio.create_task(replace(world.indexer, embedder=slow).index_next("w1"))
    await slow.asked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await world.get("returns")).attempt == 0
    await world.index_all()
    assert (await world.get("returns")).state is State.READY


async def test_organizations_never_see_each_other(world: World) -> None:
    await world.add("returns")
    await world.add("returns", b"Secret plans of the other one.", organization=OTHER)
    await world.index_all()
    for mode in Mode:
        assert all("Secret" not in text for text in await world.texts("secret plans", mode=mode))
        assert await world.texts("secret plans", organization=OTHER, mode=mode) == ["Secret plans of the other one."]


async def test_without_the_model_words_still_find(world: World) -> None:
    await world.add("returns")
    await world.index_all()
    world.embedder.broken = True
    findings = await world.app.search(ACME, "boots")
    assert findings.dense_failed
    assert findings.hits[0].passage.text.startswith("You may return boots")
    assert findings.hits[0].dense_score is None
    with pytest.raises(problems.EmbedderUnavailable):
        await world.app.search(ACME, "boots", mode=Mode.DENSE)


async def test_a_new_model_renews_all_vectors(world: World) -> None:
    await world.add("returns")
    await world.index_all()
    newer = HashEmbedder("newer")
    vectors = InMemoryVectors("newer")
    synchronizer = replace(world.synchronizer, embedder=newer, vectors=vectors)
    assert await synchronizer.renew_next()
    assert not await synchronizer.renew_next()
    assert (await world.get("returns")).embedding_model == "newer"
    await synchronizer.sync_next()
    assert await vectors.count(ACME) == 2


async def test_the_vector_index_follows_every_change_and_recovers_from_loss(world: World) -> None:
    await world.add("a", b"# A\n\nfirst")
    await world.add("b", b"# B\n\nsecond")
    await world.index_all()
    assert await world.synchronizer.sync_next() == 1
    assert await world.vectors.keys(ACME) == {"acme/a/1-0", "acme/b/1-0"}
    await world.app.delete_document(ACME, DocumentId("a"), "")
    await world.app.update_document(ACME, DocumentId("b"), Change(content=b"third", source=TEXT), "")
    await world.index_all()
    await world.synchronizer.sync_next()
    assert await world.vectors.keys(ACME) == {"acme/b/2-0"}
    assert await world.synchronizer.sync_next() == 0
    await world.vectors.drop(ACME)
    await world.synchronizer.check(ACME)
    assert await world.vectors.keys(ACME) == {"acme/b/2-0"}


async def test_passages_of_a_former_revision_are_gone(world: World) -> None:
    await world.add("returns")
    await world.index_all()
    passage = await world.app.get_passage(ACME, DocumentId("returns"), "1-0")
    assert passage.title == "Returns"
    await world.app.reindex_document(ACME, DocumentId("returns"))
    await world.index_all()
    with pytest.raises(problems.PassageNotFound):
        await world.app.get_passage(ACME, DocumentId("returns"), "1-0")
    assert [p.id for p in await world.app.list_passages(ACME, DocumentId("returns"), -1, 10)] == ["2-0", "2-1"]
