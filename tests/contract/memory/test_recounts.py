"""Recounts: each store against what it should hold."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kit import recounts
from kit.recounts import Recount
from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.records import PostgresRecords
from services.memory.adapters.redis_hints import LocalHints
from services.memory.app.indexing import Synchronizer
from services.memory.app.recount import Recounts
from services.memory.domain.documents import DocumentId
from tests.contract.memory.conftest import ACME, EMBEDDER, OTHER, Store

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
A = "organizations/acme/documents/a"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounts, "PAUSE_SECONDS", 0.001)


async def _filled(store: Store, vectors: ChromaVectors) -> Recounts:
    """Two documents, one of them indexed twice, one that is deleted and one that waits."""
    await store.add("a", "one", "two")
    await store.documents.reindex_all(ACME, (await store.documents.get(ACME, DocumentId("a"))).updated)
    await store.index("one", "two", "three")
    await store.add("b", "four", organization=OTHER)
    await store.add("deleted", "five")
    await store.documents.delete(ACME, DocumentId("deleted"), None)
    await store.create("waiting")
    synchronizer = Synchronizer(store.lag, store.knowledge, store.texts, vectors, EMBEDDER, LocalHints(lambda _: None))
    while await synchronizer.sync_next():
        pass
    return Recounts(PostgresRecords(store.database), store.texts, vectors)


async def _only(found: AsyncIterator[Recount]) -> Recount:
    (recount,) = [each async for each in found]
    return recount


async def test_nothing_differs_after_every_kind_of_change(store: Store, vectors: ChromaVectors) -> None:
    counted = await _filled(store, vectors)
    assert await _only(counted.documents()) == Recount("documents", 3, 0, [])
    assert await _only(counted.stored_texts()) == Recount("texts", 3, 0, [])
    assert await _only(counted.stored_vectors()) == Recount("vectors", 2, 0, [])


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("delete from document where id = 'a'", f"{A} is missing."),
        ("update document set id = 'c' where id = 'a'", "organizations/acme/documents/c is not in the journal."),
        (
            "update document set indexed_revision = 1 where id = 'a'",
            f"{A} publishes revision 1 with 3 passages; the journal says 2 with 3.",
        ),
    ],
)
async def test_records_that_are_not_what_the_journal_says_are_named(
    store: Store, vectors: ChromaVectors, statement: str, difference: str
) -> None:
    counted = await _filled(store, vectors)
    await store.pool.execute(statement)
    recount = await _only(counted.documents())
    assert difference in recount.differences
    assert recount.different == len(recount.differences)


async def test_texts_and_vectors_that_are_missing_are_named(store: Store, vectors: ChromaVectors) -> None:
    counted = await _filled(store, vectors)
    document = await store.documents.get(ACME, DocumentId("a"))
    await store.collections["contents"].delete_one({"_id": document.content})
    await store.collections["passages"].delete_one({"edition": document.edition})
    assert (await _only(counted.stored_texts())).differences == [f"{A} has 2 of 3 passages.", f"{A} has no content."]
    await vectors.remove(ACME, [f"{document.edition}-0"])
    assert (await _only(counted.stored_vectors())).differences == ["organizations/acme has 2 vectors for 3 passages."]
