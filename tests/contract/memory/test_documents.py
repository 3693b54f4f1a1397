"""Documents and the line of those that wait."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from kit.clock import utc_now
from services.memory.domain import problems
from services.memory.domain.documents import DocumentId, Failure, State, again
from tests.contract.memory.conftest import ACME, EMBEDDER, MINUTE, OTHER, Store, draft, embedded

pytestmark = pytest.mark.servers


async def test_a_document_comes_back_as_it_was_stored(store: Store) -> None:
    document = draft("a")
    assert await store.documents.create(document, b"bytes \0\xff", "r1", 10) == document
    assert await store.documents.get(ACME, document.id) == document
    assert await store.documents.content(ACME, document.id) == b"bytes \0\xff"


async def test_the_same_request_gives_the_first_document_even_at_the_same_time(store: Store) -> None:
    made = await asyncio.gather(*(store.documents.create(draft(f"d{n}"), b"x", "same", 10) for n in range(8)))
    assert len({document.id for document in made}) == 1
    assert len(await store.documents.newest(ACME, None, None, 10)) == 1


async def test_ids_and_requests_belong_to_an_organization(store: Store) -> None:
    await store.documents.create(draft("a"), b"acme", "r1", 10)
    await store.documents.create(draft("a", OTHER), b"other", "r1", 10)
    assert await store.documents.content(OTHER, DocumentId("a")) == b"other"
    with pytest.raises(problems.DocumentExists):
        await store.documents.create(draft("a"), b"again", "r2", 10)
    assert await store.documents.content(ACME, DocumentId("a")) == b"acme"


async def test_the_limit_holds(store: Store) -> None:
    await store.documents.create(draft("a"), b"", "r1", 1)
    with pytest.raises(problems.TooManyDocuments):
        await store.documents.create(draft("b"), b"", "r2", 1)
    await store.documents.create(draft("a"), b"", "r1", 1)


async def test_unknown_documents_are_not_found(store: Store) -> None:
    unknown = DocumentId("unknown")
    for call in (
        store.documents.get(ACME, unknown),
        store.documents.content(ACME, unknown),
        store.documents.delete(ACME, unknown, None),
        store.documents.replace(draft("unknown"), None, 1),
    ):
        with pytest.raises(problems.DocumentNotFound):
            await call


async def test_documents_are_listed_newest_first_by_pages_and_by_state(store: Store) -> None:
    start = draft("x").created
    for n in range(5):
        await store.documents.create(replace(draft(f"d{n}"), created=start + timedelta(seconds=n // 2)), b"", f"r{n}", 10)
    page = await store.documents.newest(ACME, None, None, 3)
    assert [d.id for d in page] == ["d4", "d3", "d2"]
    rest = await store.documents.newest(ACME, None, (page[-1].created, page[-1].id), 3)
    assert [d.id for d in rest] == ["d1", "d0"]
    assert not await store.documents.newest(ACME, State.READY, None, 3)
    assert not await store.documents.newest(OTHER, None, None, 3)


async def test_a_revision_replaces_the_one_that_was_read(store: Store) -> None:
    document = await store.documents.create(draft("a"), b"1", "r1", 10)
    await store.documents.replace(again(document, document.updated), b"2", 1)
    with pytest.raises(problems.DocumentChanged):
        await store.documents.replace(again(document, document.updated), b"3", 1)
    with pytest.raises(problems.DocumentChanged):
        await store.documents.delete(ACME, document.id, 1)
    assert await store.documents.content(ACME, document.id) == b"2"
    assert (await store.documents.get(ACME, document.id)).revision == 2


async def test_each_waiting_document_is_leased_once(store: Store) -> None:
    for n in range(3):
        await store.documents.create(draft(f"d{n}"), b"", f"r{n}", 10)
    leases = await asyncio.gather(*(store.indexing.lease(f"w{n}", MINUTE) for n in range(5)))
    taken = sorted(lease.document.id for lease in leases if lease)
    assert taken == ["d0", "d1", "d2"]
    assert all(lease.document.state is State.INDEXING for lease in leases if lease)


async def test_a_lease_that_ran_out_is_taken_over_and_the_former_holder_is_fenced_off(store: Store) -> None:
    await store.documents.create(draft("a"), b"", "r", 10)
    dead = await store.indexing.lease("dead", timedelta(0))
    assert dead is not None
    await store.indexing.add(dead, await embedded(dead.document, "half of it"))
    alive = await store.indexing.lease("alive", MINUTE)
    assert alive is not None
    assert alive.attempt == 2
    failure = Failure("X", "x", utc_now())
    for call in (
        store.indexing.extend(dead, MINUTE),
        store.indexing.progress(dead, 9, 9),
        store.indexing.fail(dead, failure),
        store.indexing.postpone(dead, failure, MINUTE, count=True),
        store.indexing.commit(dead, "t", 1, "m", 1, utc_now()),
    ):
        with pytest.raises(problems.LeaseLost):
            await call
    await store.indexing.add(alive, await embedded(alive.document, "all of it"))
    await store.indexing.commit(alive, "Title", 5, EMBEDDER.model, 1, utc_now())
    assert [item.passage.text for item in await store.live()] == ["all of it"]


async def test_an_extended_lease_is_kept(store: Store) -> None:
    await store.documents.create(draft("a"), b"", "r", 10)
    lease = await store.indexing.lease("w", timedelta(0))
    assert lease is not None
    await store.indexing.extend(lease, MINUTE)
    assert await store.indexing.lease("other", MINUTE) is None


async def test_progress_and_failure_are_seen(store: Store) -> None:
    await store.documents.create(draft("a"), b"", "r", 10)
    lease = await store.indexing.lease("w", MINUTE)
    assert lease is not None
    await store.indexing.progress(lease, 40, 16)
    seen = await store.documents.get(ACME, DocumentId("a"))
    assert (seen.passages_total, seen.passages_embedded, seen.attempt) == (40, 16, 1)
    await store.indexing.fail(lease, Failure("DOCUMENT_EMPTY", "Nothing in it: 100 $dollars.", seen.updated))
    seen = await store.documents.get(ACME, DocumentId("a"))
    assert seen.state is State.FAILED
    assert seen.failure == Failure("DOCUMENT_EMPTY", "Nothing in it: 100 $dollars.", seen.updated)
    assert await store.indexing.lease("w", MINUTE) is None


async def test_a_postponed_document_waits_its_time(store: Store) -> None:
    await store.documents.create(draft("a"), b"", "r", 10)
    lease = await store.indexing.lease("w", MINUTE)
    assert lease is not None
    await store.indexing.postpone(lease, Failure("X", "$why", lease.document.updated), timedelta(0), count=False)
    lease = await store.indexing.lease("w", MINUTE)
    assert lease is not None
    assert lease.attempt == 1
    await store.indexing.postpone(lease, Failure("X", "y", lease.document.updated), MINUTE, count=True)
    waiting = await store.documents.get(ACME, DocumentId("a"))
    assert (waiting.state, waiting.attempt) == (State.PENDING, 1)
    assert await store.indexing.lease("w", MINUTE) is None


async def test_a_commit_shows_what_was_indexed(store: Store) -> None:
    ready = await store.add("a", "one", "two")
    assert (ready.state, ready.passage_count, ready.indexed_revision, ready.size) == (State.READY, 2, 1, 7)
    assert ready.embedding_model == EMBEDDER.model
    assert ready.indexed is not None


async def test_a_commit_of_passages_that_are_not_all_there_is_refused(store: Store) -> None:
    await store.documents.create(draft("a"), b"", "r", 10)
    lease = await store.indexing.lease("w", MINUTE)
    assert lease is not None
    await store.indexing.add(lease, await embedded(lease.document, "one"))
    with pytest.raises(problems.LeaseLost):
        await store.indexing.commit(lease, "t", 1, EMBEDDER.model, 2, utc_now())
    assert await store.live() == []
    assert (await store.documents.get(ACME, DocumentId("a"))).state is State.INDEXING


async def test_a_new_revision_leaves_the_old_passages_until_its_commit(store: Store) -> None:
    document = await store.add("a", "old")
    await store.documents.replace(again(document, document.updated), b"new", 1)
    assert [item.passage.text for item in await store.live()] == ["old"]
    kept = await store.documents.get(ACME, DocumentId("a"))
    assert (kept.passage_count, kept.indexed_revision, kept.revision) == (1, 1, 2)
    await store.index("new", "newer")
    assert sorted(item.passage.text for item in await store.live()) == ["new", "newer"]


async def test_everything_can_be_put_in_line_again(store: Store) -> None:
    await store.add("a", "x")
    await store.add("b", "y")
    await store.add("c", "z", organization=OTHER)
    assert await store.documents.reindex_all(ACME, utc_now()) == 2
    assert await store.documents.reindex_all(ACME, utc_now()) == 0
    assert {d.revision for d in await store.documents.newest(ACME, State.PENDING, None, 9)} == {2}
