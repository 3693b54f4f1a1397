"""Documents, and what becomes of them while they are indexed: PostgreSQL has the records, MongoDB the texts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from kit import ids
from kit.clock import utc_now
from kit.jobs import Done, Fail, Park
from services.memory.domain import problems
from services.memory.domain.documents import ContentId, DocumentId, EditionId, Failure, SiteId, State, again
from services.memory.ports import INDEXING
from tests.contract.memory.conftest import ACME, EMBEDDER, OTHER, Begun, Store, draft, embedded

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
BROKEN = Failure("X", "It broke: 100 $dollars.", utc_now())


async def nothing_waits(store: Store) -> bool:
    return not await store.jobs.claim(INDEXING, 1)


async def test_a_document_comes_back_as_it_was_stored(store: Store) -> None:
    document = await store.create("a", b"bytes \0\xff")
    assert await store.documents.get(ACME, DocumentId("a")) == document
    assert await store.texts.content(document.content) == b"bytes \0\xff"
    assert await store.orphans() == 0
    assert await store.facts() == ["DocumentCreated"]


async def test_the_same_request_gives_the_first_document_even_at_the_same_time(store: Store) -> None:
    made = await asyncio.gather(*(store.create(f"d{n}", request_id="same") for n in range(8)))
    assert len({document.id for document in made}) == 1
    assert len(await store.documents.newest(ACME, None, SiteId(""), None, 10)) == 1
    assert await store.documents.of_request(ACME, "same") == made[0]
    assert await store.documents.of_request(OTHER, "same") is None
    assert await store.facts() == ["DocumentCreated"]


async def test_ids_and_requests_belong_to_an_organization(store: Store) -> None:
    first = await store.create("a", b"acme", "r1")
    other = await store.create("a", b"other", "r1", OTHER)
    assert await store.texts.content(other.content) == b"other"
    with pytest.raises(problems.DocumentExists):
        await store.create("a", b"again", "r2")
    assert (await store.documents.get(ACME, DocumentId("a"))).content == first.content


async def test_the_limit_holds_however_many_come_at_once(store: Store) -> None:
    made = await asyncio.gather(*(store.create(f"d{n}", maximum=3) for n in range(8)), return_exceptions=True)
    assert sum(isinstance(one, problems.TooManyDocuments) for one in made) == 5
    assert len(await store.documents.newest(ACME, None, SiteId(""), None, 10)) == 3
    (first, *_) = await store.documents.newest(ACME, None, SiteId(""), None, 10)
    await store.documents.delete(ACME, first.id, None)
    await store.create("one-more", maximum=3)


async def test_unknown_documents_are_not_found(store: Store) -> None:
    unknown = DocumentId("unknown")
    for call in (
        store.documents.get(ACME, unknown),
        store.documents.delete(ACME, unknown, None),
        store.documents.replace(draft("unknown"), 1),
    ):
        with pytest.raises(problems.DocumentNotFound):
            await call
    assert await store.texts.content(ContentId("unknown")) is None


async def test_documents_are_listed_newest_first_by_pages_and_by_state(store: Store) -> None:
    start = utc_now()
    for n in range(5):
        document = replace(draft(f"d{n}"), created=start + timedelta(seconds=n // 2), content=ContentId(""))
        await store.documents.create(document, f"r{n}", 10)
    page = await store.documents.newest(ACME, None, SiteId(""), None, 3)
    assert [d.id for d in page] == ["d4", "d3", "d2"]
    rest = await store.documents.newest(ACME, None, SiteId(""), (page[-1].created, page[-1].id), 3)
    assert [d.id for d in rest] == ["d1", "d0"]
    assert not await store.documents.newest(ACME, State.READY, SiteId(""), None, 3)
    assert not await store.documents.newest(OTHER, None, SiteId(""), None, 3)


async def test_a_revision_replaces_the_one_that_was_read(store: Store) -> None:
    document = await store.create("a", b"1")
    other = ContentId(ids.new())
    await store.documents.reserve(ACME, document.id, other)
    await store.texts.put_content(ACME, document.id, other, b"2")
    await store.documents.replace(replace(again(document, document.updated), content=other), 1)
    with pytest.raises(problems.DocumentChanged):
        await store.documents.replace(again(document, document.updated), 1)
    with pytest.raises(problems.DocumentChanged):
        await store.documents.delete(ACME, document.id, 1)
    now = await store.documents.get(ACME, document.id)
    assert (now.revision, now.content) == (2, other)
    assert await store.facts() == ["DocumentCreated", "DocumentUpdated"]
    assert await store.pool.fetchval("select id from orphan") == document.content


async def test_a_content_that_may_have_been_swept_is_not_adopted(store: Store) -> None:
    document = draft("late")
    await store.documents.reserve(ACME, document.id, document.content)
    await store.pool.execute("update orphan set due = clock_timestamp()")
    with pytest.raises(Exception, match="unavailable"):
        await store.documents.create(document, "r", 10)
    assert await store.documents.newest(ACME, None, SiteId(""), None, 10) == []
    assert await store.facts() == []


async def test_each_waiting_document_is_claimed_once(store: Store) -> None:
    for n in range(3):
        await store.create(f"d{n}")
    claimed = await asyncio.gather(*(store.jobs.claim(INDEXING, 1) for _ in range(5)))
    assert sorted(job.subject for jobs in claimed for job in jobs) == ["documents/d0", "documents/d1", "documents/d2"]


async def overtaken(store: Store, begun: Begun) -> None:
    """Everything that a worker can do is refused."""
    place = (begun.document, begun.edition)
    calls = (
        store.indexing.progress(*place, 9, 9),
        store.indexing.fail(begun.job, *place, BROKEN, Done()),
        store.indexing.postpone(begun.job, *place, BROKEN, Fail("x")),
        store.publish(begun, 1),
    )
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [problems.IndexingOvertaken] * 4


async def test_a_worker_whose_lease_ran_out_is_fenced_off(store: Store) -> None:
    await store.create("a")
    dead = await store.begin()
    await store.texts.put_passages(await embedded(dead.document, "half of it", edition=dead.edition))
    await store.pool.execute("update job set due = clock_timestamp()")
    alive = await store.begin()
    assert (alive.job.attempts, alive.document.attempt) == (2, 2)
    await overtaken(store, dead)
    await store.texts.put_passages(await embedded(alive.document, "all of it", edition=alive.edition))
    await store.publish(alive, 1)
    assert [item.passage.text for item in await store.live()] == ["all of it"]
    assert await nothing_waits(store)


@pytest.mark.parametrize("change", ["updated", "deleted", "deleted and made again"])
async def test_a_worker_whose_document_was_changed_publishes_nothing(store: Store, change: str) -> None:
    document = await store.create("a")
    begun = await store.begin()
    await store.texts.put_passages(await embedded(begun.document, "of before", edition=begun.edition))
    if change == "updated":
        await store.documents.replace(again(document, document.updated), 1)
    else:
        await store.documents.delete(ACME, document.id, None)
    if change == "deleted and made again":
        await store.create("a", request_id="another")
    await overtaken(store, begun)
    assert await store.live() == []
    assert "DocumentIndexed" not in await store.facts()


async def test_a_job_without_work_is_reported(store: Store) -> None:
    document = await store.add("a", "one")
    edition = EditionId(ids.new())
    assert await store.indexing.begin(ACME, document.id, edition, 1) is None
    assert await store.indexing.begin(ACME, DocumentId("unknown"), edition, 1) is None
    assert (await store.documents.get(ACME, document.id)).state is State.READY


async def test_progress_and_failure_are_seen(store: Store) -> None:
    await store.create("a")
    begun = await store.begin()
    await store.indexing.progress(begun.document, begun.edition, 40, 16)
    seen = await store.documents.get(ACME, DocumentId("a"))
    assert (seen.state, seen.passages_total, seen.passages_embedded, seen.attempt) == (State.INDEXING, 40, 16, 1)
    await store.indexing.fail(begun.job, begun.document, begun.edition, BROKEN, Done())
    seen = await store.documents.get(ACME, DocumentId("a"))
    assert (seen.state, seen.failure) == (State.FAILED, BROKEN)
    assert await nothing_waits(store)
    assert await store.facts() == ["DocumentCreated", "DocumentFailed"]


async def test_a_postponed_document_waits_its_time(store: Store) -> None:
    await store.create("a")
    begun = await store.begin()
    await store.indexing.postpone(begun.job, begun.document, begun.edition, BROKEN, Park(timedelta(0)))
    begun = await store.begin()
    assert begun.document.attempt == 1
    await store.indexing.postpone(begun.job, begun.document, begun.edition, BROKEN, Fail("broken"))
    waiting = await store.documents.get(ACME, DocumentId("a"))
    assert (waiting.state, waiting.attempt, waiting.failure) == (State.PENDING, 1, BROKEN)
    assert await nothing_waits(store)


async def test_a_change_ends_the_wait_and_the_count_of_attempts(store: Store) -> None:
    document = await store.create("a")
    begun = await store.begin()
    await store.indexing.postpone(begun.job, begun.document, begun.edition, BROKEN, Fail("broken"))
    await store.documents.replace(again(document, document.updated), 1)
    assert (await store.begin()).document.attempt == 1


async def test_publishing_shows_what_was_indexed(store: Store) -> None:
    ready = await store.add("a", "one", "two")
    assert (ready.state, ready.passage_count, ready.indexed_revision, ready.size) == (State.READY, 2, 1, 7)
    assert ready.embedding_model == EMBEDDER.model
    assert ready.indexed is not None
    assert await store.orphans() == 0
    assert await store.facts() == ["DocumentCreated", "DocumentIndexed"]


async def test_a_new_revision_leaves_the_old_passages_until_it_is_published(store: Store) -> None:
    document = await store.add("a", "old")
    await store.documents.replace(again(document, document.updated), 1)
    assert [item.passage.text for item in await store.live()] == ["old"]
    kept = await store.documents.get(ACME, DocumentId("a"))
    assert (kept.passage_count, kept.indexed_revision, kept.revision) == (1, 1, 2)
    await store.index("new", "newer")
    assert sorted(item.passage.text for item in await store.live()) == ["new", "newer"]
    assert await store.pool.fetchval("select kind from orphan where due > clock_timestamp()") == "replaced"


async def test_everything_can_be_queued_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.memory.adapters.postgres_documents.BATCH", 2)
    for id in ("a", "b", "d"):
        await store.add(id, "x")
    await store.add("c", "z", organization=OTHER)
    assert await store.documents.reindex_all(ACME, utc_now()) == 3
    assert await store.documents.reindex_all(ACME, utc_now()) == 0
    assert {d.revision for d in await store.documents.newest(ACME, State.PENDING, SiteId(""), None, 9)} == {2}
    assert len(await store.jobs.claim(INDEXING, 9)) == 3
    assert (await store.facts()).count("DocumentUpdated") == 3
