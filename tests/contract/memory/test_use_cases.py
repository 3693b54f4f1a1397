"""Use cases on real stores: managing, indexing, searching, and what is left when a process ends half-way."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from kit import failpoints
from kit.backoff import Backoff
from kit.clock import utc_now
from kit.errors import StoreUnavailable
from kit.failpoints import FailpointReached
from kit.ids import OrganizationId
from kit.jobs import LeaseLost
from kit.jobs.worker import JobWorker
from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.erasures import OrganizationTexts
from services.memory.adapters.exact import Copies
from services.memory.adapters.postgres_indexing import PostgresIndexing
from services.memory.adapters.redis_hints import LocalHints
from services.memory.adapters.retriever import PassageRetriever
from services.memory.adapters.stores import Stores
from services.memory.adapters.watch import KnowledgeWatch
from services.memory.app import App, Draft, Mode
from services.memory.app.indexing import Indexer, Synchronizer
from services.memory.app.sweeping import Sweeper
from services.memory.domain import problems
from services.memory.domain.documents import (
    MAX_ATTEMPTS,
    Change,
    Document,
    DocumentId,
    MediaType,
    Passage,
    Source,
    SourceKind,
    State,
    edition_of,
)
from services.memory.ports import INDEXING, Embedded, Vector
from tests.contract.memory.conftest import ACME, OTHER, Store
from tests.fakes.memory import BrokenReader, BusyPages, DirectReader, HashEmbedder, NoPages, SlowEmbedder

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
TEXT = Source(SourceKind.TEXT, MediaType.MARKDOWN)
RETURNS = (
    b"# Returns\n\n## Time\n\n### Boots\n\nYou may return boots within 60 days.\n\n## Cost\n\n### Zone 1\n\nReturns are free."
)
QUEUE = replace(INDEXING, backoff=Backoff(first=0.001, maximum=0.001), max_running=1)


class World:
    """Memory's use cases on real stores."""

    def __init__(self, store: Store, vectors: ChromaVectors) -> None:
        self.store = store
        self.vectors = vectors
        self.woken = 0
        self.embedder = HashEmbedder()
        watch = KnowledgeWatch(store.knowledge)
        hints = LocalHints(watch.forget)
        self.app = App(
            documents=store.documents,
            uploads=store.uploads,
            texts=store.texts,
            knowledge=store.knowledge,
            retriever=PassageRetriever(
                *(store.knowledge, watch, Copies(store.knowledge, self.embedder.model, patience=60.0)),
                *(Stores(store.knowledge, vectors, store.lag), self.embedder.model),
            ),
            embedder=self.embedder,
            hints=hints,
            wake=self.wake,
            now=utc_now,
            max_documents=20,
        )
        self.indexer = Indexer(
            texts=store.texts,
            indexing=PostgresIndexing(store.database, store.jobs, QUEUE),
            reader=DirectReader(),
            pages=NoPages(),
            embedder=self.embedder,
            hints=hints,
            now=utc_now,
            outage_pause=timedelta(0),
        )
        self.synchronizer = Synchronizer(store.lag, store.knowledge, store.texts, vectors, self.embedder, hints)
        self.sweeper = Sweeper(store.documents, store.texts)

    def wake(self) -> None:
        self.woken += 1

    async def add(self, id: str, content: bytes = RETURNS, organization: OrganizationId = ACME, **more: str) -> Document:
        return await self.app.create_document(organization, Draft(id, more.get("title", ""), "", TEXT, content), f"r-{id}")

    async def index_next(self, indexer: Indexer | None = None) -> bool:
        """Indexes a document that waits, as a worker does; False: none is due."""
        for job in await self.store.jobs.claim(QUEUE, 1):
            worker = JobWorker(self.store.jobs, QUEUE, (indexer or self.indexer).run, asyncio.Event(), (StoreUnavailable,))
            with suppress(LeaseLost):
                await self.store.jobs.settle(QUEUE, job, await worker._outcome(job))
            return True
        return False

    async def index_all(self) -> None:
        while await self.index_next():
            pass

    async def get(self, id: str) -> Document:
        return await self.app.get_document(ACME, DocumentId(id))

    async def texts(self, query: str, organization: OrganizationId = ACME, mode: Mode = Mode.HYBRID) -> list[str]:
        return [hit.passage.text for hit in (await self.app.search(organization, query, 8, mode)).hits]

    async def sweep_later(self) -> None:
        """Sweeps when every reservation has ended."""
        await self.store.pool.execute("update orphan set due = clock_timestamp()")
        while await self.sweeper.sweep():
            pass


@pytest_asyncio.fixture(loop_scope="session")
async def world(store: Store, vectors: ChromaVectors) -> World:
    return World(store, vectors)


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    failpoints.arm("")


async def test_a_document_waits_and_then_can_be_found(world: World) -> None:
    document = await world.add("returns")
    assert document.state is State.PENDING
    assert world.woken == 1
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


@pytest.mark.parametrize(("times", "state"), [(2, State.READY), (MAX_ATTEMPTS, State.FAILED)])
async def test_a_page_whose_server_is_busy_is_fetched_again(world: World, times: int, state: State) -> None:
    source = Source(SourceKind.WEB, uri="https://busy.test/")
    await world.app.create_document(ACME, Draft("page", "", "", source, b""), "r")
    indexer = replace(world.indexer, pages=BusyPages(times))
    for _ in range(min(times + 1, MAX_ATTEMPTS)):
        assert (await world.get("page")).state is State.PENDING
        async with asyncio.timeout(5):
            while not await world.index_next(indexer):  # noqa: ASYNC110  # the database's clock says when it is due
                await asyncio.sleep(0.001)
    assert (await world.get("page")).state is state


async def test_a_failed_document_can_be_indexed_again(world: World) -> None:
    await world.add("bad", b"#")
    await world.index_all()
    again = await world.app.reindex_document(ACME, DocumentId("bad"))
    assert (again.state, again.revision, again.failure) == (State.PENDING, 2, None)


async def test_while_the_model_is_unavailable_documents_wait_without_using_up_attempts(world: World) -> None:
    await world.add("returns")
    world.embedder.broken = True
    for _ in range(MAX_ATTEMPTS + 2):
        assert await world.index_next()
    waiting = await world.get("returns")
    assert (waiting.state, waiting.attempt) == (State.PENDING, 0)
    assert waiting.failure is not None
    assert waiting.failure.reason == "EMBEDDER_UNAVAILABLE"
    world.embedder.broken = False
    await world.index_all()
    assert (await world.get("returns")).state is State.READY


async def _poisoned(world: World) -> Document:
    """A document that breaks the indexing as often as it is tried."""
    await world.add("poison")
    broken = replace(world.indexer, reader=BrokenReader())
    for _ in range(MAX_ATTEMPTS):
        assert (await world.get("poison")).state is State.PENDING
        async with asyncio.timeout(5):
            while not await world.index_next(broken):  # noqa: ASYNC110  # the database's clock says when it is due
                await asyncio.sleep(0.001)
    return await world.get("poison")


async def test_a_document_that_breaks_the_indexing_is_given_up_after_some_attempts(world: World) -> None:
    failed = await _poisoned(world)
    assert failed.state is State.FAILED
    assert failed.failure is not None
    assert "5 times" in failed.failure.message
    (dead,) = await world.store.jobs.dead_letters(ACME, INDEXING.name, None, 10)
    assert (dead.subject, dead.attempts) == ("documents/poison", MAX_ATTEMPTS)
    assert not await world.index_next()


@pytest.mark.parametrize("by", ["a retry of the dead letter", "reindexing"])
async def test_what_was_given_up_can_be_indexed_again(world: World, by: str) -> None:
    await _poisoned(world)
    if by == "reindexing":
        await world.app.reindex_document(ACME, DocumentId("poison"))
    else:
        (dead,) = await world.store.jobs.dead_letters(ACME, INDEXING.name, None, 10)
        await world.store.jobs.revive(ACME, dead.id)
    await world.index_all()
    assert (await world.get("poison")).state is State.READY
    assert not await world.store.jobs.dead_letters(ACME, INDEXING.name, None, 10)


async def test_a_document_whose_processes_die_each_time_is_given_up_too(world: World) -> None:
    await world.add("killer")
    for _ in range(MAX_ATTEMPTS):
        assert await world.store.jobs.claim(INDEXING, 1)  # and nothing more is heard of it
        await world.store.pool.execute("update job set due = clock_timestamp()")
    assert await world.index_next()
    failed = await world.get("killer")
    assert (failed.state, failed.attempt) == (State.FAILED, MAX_ATTEMPTS + 1)


async def test_a_change_during_indexing_wins(world: World) -> None:
    slow = SlowEmbedder()
    await world.add("returns")
    running = asyncio.create_task(world.index_next(replace(world.indexer, embedder=slow)))
    await slow.asked.wait()
    await world.app.update_document(ACME, DocumentId("returns"), Change(content=b"Newer text.", source=TEXT), "")
    slow.go.set()
    assert await running
    await world.index_all()
    assert await world.texts("text") == ["Newer text."]
    assert (await world.get("returns")).state is State.READY
    await world.sweep_later()
    assert await world.store.counts() == {"contents": 1, "passages": 1}


async def test_a_process_that_ends_gives_its_document_back(world: World) -> None:
    slow = SlowEmbedder()
    await world.add("returns")
    running = asyncio.create_task(world.index_next(replace(world.indexer, embedder=slow)))
    await slow.asked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await world.get("returns")).attempt == 0
    await world.index_all()
    assert (await world.get("returns")).state is State.READY


async def test_what_is_deleted_during_indexing_is_never_found(world: World) -> None:
    slow = SlowEmbedder()
    await world.add("returns")
    running = asyncio.create_task(world.index_next(replace(world.indexer, embedder=slow)))
    await slow.asked.wait()
    await world.app.delete_document(ACME, DocumentId("returns"), "")
    slow.go.set()
    assert await running
    await world.index_all()
    assert await world.texts("boots") == []
    await world.sweep_later()
    assert await world.store.counts() == {"contents": 0, "passages": 0}


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


async def test_a_new_model_renews_all_vectors(world: World, chroma_url: str) -> None:
    await world.add("returns")
    await world.index_all()
    newer = HashEmbedder("newer")
    vectors = ChromaVectors(chroma_url, "newer")
    synchronizer = replace(world.synchronizer, embedder=newer, vectors=vectors)
    assert await synchronizer.renew_next(limit=1)
    assert (await world.get("returns")).embedding_model == "hashed-words"
    while await synchronizer.renew_next(limit=1):
        pass
    assert (await world.get("returns")).embedding_model == "newer"
    await synchronizer.sync_next()
    assert await vectors.count(ACME) == 2
    await vectors.drop(ACME)
    vectors.close()


async def test_the_vector_index_follows_every_change_and_recovers_from_loss(world: World) -> None:
    await world.add("a", b"# A\n\nfirst")
    await world.add("b", b"# B\n\nsecond")
    await world.index_all()
    assert await world.synchronizer.sync_next() == 1
    a, b = await world.get("a"), await world.get("b")
    assert await world.vectors.keys(ACME) == {f"{a.edition}-0", f"{b.edition}-0"}
    await world.app.delete_document(ACME, DocumentId("a"), "")
    await world.app.update_document(ACME, DocumentId("b"), Change(content=b"third", source=TEXT), "")
    await world.index_all()
    await world.synchronizer.sync_next()
    b = await world.get("b")
    assert await world.vectors.keys(ACME) == {f"{b.edition}-0"}
    assert await world.synchronizer.sync_next() == 0
    await world.vectors.drop(ACME)
    await world.synchronizer.check(ACME)
    assert await world.vectors.keys(ACME) == {f"{b.edition}-0"}


async def test_passages_of_a_former_revision_are_read_by_their_names_until_their_document_goes(world: World) -> None:
    await world.add("returns")
    await world.index_all()
    first = await world.app.get_passage(ACME, DocumentId("returns"), "1-0")
    assert first.title == "Returns"
    await world.app.reindex_document(ACME, DocumentId("returns"))
    await world.index_all()
    assert await world.app.get_passage(ACME, DocumentId("returns"), "1-0") == first, "before the sweeper came"
    await world.store.pool.execute("update orphan set due = clock_timestamp()")
    await world.sweeper.sweep()
    assert await world.app.get_passage(ACME, DocumentId("returns"), "1-0") == first, "and after it"
    assert await world.store.collections["passages"].count_documents({}) == 2, "former ones are not searched"
    await world.app.reindex_document(ACME, DocumentId("returns"))
    await world.index_all()
    assert await world.app.get_passage(ACME, DocumentId("returns"), "1-0") == first, "another indexing leaves them"
    for wrong in ("9-0", "1-9", "1-x", "0-0"):
        with pytest.raises(problems.PassageNotFound):
            await world.app.get_passage(ACME, DocumentId("returns"), wrong)
    await world.app.delete_document(ACME, DocumentId("returns"), "")
    while await world.sweeper.sweep():
        pass
    with pytest.raises(problems.PassageNotFound):
        await world.app.get_passage(ACME, DocumentId("returns"), "1-0")
    for name in ("passages", "former_passages"):
        assert await world.store.collections[name].count_documents({}) == 0


@pytest.mark.parametrize("early", [True, False])
async def test_a_passage_is_found_while_its_edition_is_retired(
    world: World, monkeypatch: pytest.MonkeyPatch, early: bool
) -> None:
    await world.add("returns")
    await world.index_all()
    first = await world.app.get_passage(ACME, DocumentId("returns"), "1-0")
    await world.app.reindex_document(ACME, DocumentId("returns"))
    await world.index_all()
    read = world.store.texts.by_keys

    async def by_keys(organization: OrganizationId, keys: Collection[str]) -> Sequence[Passage]:
        before = [] if early else await read(organization, keys)
        await world.store.texts.retire([edition_of(key) for key in keys])
        return await read(organization, keys) if early else before

    monkeypatch.setattr(world.store.texts, "by_keys", by_keys)
    assert await world.app.get_passage(ACME, DocumentId("returns"), "1-0") == first


async def test_passages_of_a_former_revision_go_when_their_time_is_over(world: World) -> None:
    await world.add("returns")
    await world.index_all()
    await world.app.reindex_document(ACME, DocumentId("returns"))
    await world.index_all()
    await world.sweep_later()
    await world.sweep_later()
    with pytest.raises(problems.PassageNotFound):
        await world.app.get_passage(ACME, DocumentId("returns"), "1-0")
    assert [p.id for p in await world.app.list_passages(ACME, DocumentId("returns"), -1, 10)] == ["2-0", "2-1"]


async def test_a_call_that_is_repeated_stores_nothing_twice(world: World) -> None:
    for _ in range(3):
        await world.add("returns")
    assert await world.store.counts() == {"contents": 1, "passages": 0}


@pytest.mark.parametrize("place", ["memory.create.before_commit", "memory.update.before_commit"])
async def test_a_process_that_ends_between_the_text_and_the_row_leaves_nothing(world: World, place: str) -> None:
    if "update" in place:
        await world.add("returns")
    change = Change(content=b"New.", source=TEXT)
    work = world.app.update_document(ACME, DocumentId("returns"), change, "") if "update" in place else world.add("returns")
    failpoints.arm(f"{place}:error")
    with pytest.raises(FailpointReached):
        await work
    before = 1 if "update" in place else 0
    assert (await world.store.counts())["contents"] == before + 1
    assert not await world.sweeper.sweep()  # the writer may still be at it
    assert (await world.store.counts())["contents"] == before + 1
    await world.sweep_later()
    assert (await world.store.counts())["contents"] == before
    failpoints.arm("")
    await world.add("returns")  # the repetition
    await world.index_all()
    assert (await world.texts("boots"))[0] == "You may return boots within 60 days."


async def test_a_process_that_ends_between_the_passages_and_the_row_leaves_nothing(world: World) -> None:
    await world.add("returns")
    failpoints.arm("memory.index.before_commit:error*1")
    await world.index_next()
    assert (await world.store.counts())["passages"] == 2
    assert await world.texts("boots") == []
    await world.store.pool.execute("update job set due = clock_timestamp()")
    await world.index_all()
    assert (await world.texts("boots"))[0] == "You may return boots within 60 days."
    assert (await world.store.counts())["passages"] == 4
    await world.sweep_later()
    assert (await world.store.counts())["passages"] == 2
    assert (await world.texts("boots"))[0] == "You may return boots within 60 days."


@pytest.mark.parametrize("whole", [True, False], ids=["organization", "document"])
@pytest.mark.parametrize("stored", [True, False], ids=["stored", "embedded"])
async def test_what_is_erased_while_its_passages_are_made_leaves_none(
    world: World, monkeypatch: pytest.MonkeyPatch, whole: bool, stored: bool
) -> None:
    """An erasure continues while they are embedded, and waits while they are stored."""

    async def erase() -> None:
        if whole:
            eraser = OrganizationTexts(world.store.pool, world.store.texts, world.vectors)
            while await eraser.erase(ACME):
                pass
        else:
            await world.app.delete_document(ACME, DocumentId("returns"), "")
            while await world.sweeper.sweep():
                pass

    async def somebody_waits() -> bool:
        return bool(await world.store.pool.fetchval("select count(*) from pg_locks where not granted"))

    erasing: list[asyncio.Task[None]] = []
    store, embed = world.store.texts.put_passages, world.embedder.embed_passages

    async def put_passages(passages: Sequence[Embedded]) -> None:
        if stored:
            erasing.append(asyncio.create_task(erase()))
            async with asyncio.timeout(5):
                while not erasing[0].done() and not await somebody_waits():  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        await store(passages)

    async def embed_passages(texts: Sequence[str]) -> Sequence[Vector]:
        if not stored:
            await erase()
        return await embed(texts)

    monkeypatch.setattr(world.store.texts, "put_passages", put_passages)
    monkeypatch.setattr(world.embedder, "embed_passages", embed_passages)
    await world.add("returns")
    await world.index_next()
    await asyncio.gather(*erasing)
    assert await world.store.counts() == {"contents": 0, "passages": 0}
    assert await world.store.orphans() == 0


async def test_a_process_that_ends_between_the_deletion_and_the_sweep_has_it_swept_by_another(world: World) -> None:
    await world.add("returns")
    await world.index_all()
    failpoints.arm("memory.sweep.before_commit:error")
    await world.app.delete_document(ACME, DocumentId("returns"), "")
    with pytest.raises(FailpointReached):
        await world.sweeper.sweep()
    assert await world.texts("boots") == []
    assert await world.store.counts() == {"contents": 1, "passages": 2}
    failpoints.arm("")
    await world.sweeper.sweep()
    assert await world.store.counts() == {"contents": 0, "passages": 0}
    assert await world.store.orphans() == 0


async def test_the_sweeper_takes_a_bounded_batch_and_says_whether_there_is_more(world: World) -> None:
    for number in range(25):
        await world.store.create(f"d{number}")
        await world.app.delete_document(ACME, DocumentId(f"d{number}"), "")
    assert await world.sweeper.sweep()
    assert await world.store.counts() == {"contents": 5, "passages": 0}
    assert not await world.sweeper.sweep()
    assert await world.store.counts() == {"contents": 0, "passages": 0}


async def test_nothing_is_forgotten_while_mongo_cannot_delete(world: World) -> None:
    class Unavailable:
        async def retire(self, editions: object) -> None:
            raise AssertionError("nothing was replaced")

        async def remove(self, contents: object, editions: object) -> None:
            raise StoreUnavailable("mongo", "stopped by the test")

    await world.add("returns")
    await world.app.delete_document(ACME, DocumentId("returns"), "")
    with pytest.raises(StoreUnavailable):
        await replace(world.sweeper, texts=Unavailable()).sweep()  # type: ignore[arg-type]
    assert await world.store.orphans() == 1


async def test_what_was_published_meanwhile_is_not_swept(world: World) -> None:
    """The sweeper holds the row of what it deletes, and publishing takes the row away."""
    await world.add("returns")
    await world.store.pool.execute("update orphan set due = clock_timestamp()")
    await world.sweeper.sweep()
    await world.index_all()
    await world.sweep_later()
    assert await world.store.counts() == {"contents": 1, "passages": 2}
    assert (await world.texts("boots"))[0] == "You may return boots within 60 days."
