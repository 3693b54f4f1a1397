"""The vector index in Chroma ends up equal to the live passages, whatever happened to it."""

from __future__ import annotations

import pytest

from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.redis_hints import LocalHints
from services.memory.app.indexing import Synchronizer
from services.memory.domain.documents import DocumentId
from tests.contract.memory.conftest import ACME, EMBEDDER, Store

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


@pytest.mark.parametrize("damage", ["lost", "short", "too many", "never written"])
async def test_a_damaged_index_is_repaired_from_the_truth(store: Store, vectors: ChromaVectors, damage: str) -> None:
    synchronizer = Synchronizer(store.lag, store.knowledge, store.texts, vectors, EMBEDDER, LocalHints(lambda _: None))
    await store.add("a", "one", "two", "three")
    await store.add("b", "four")
    if damage != "never written":
        await synchronizer.sync(ACME)
    items = await store.live()
    match damage:
        case "lost":
            await vectors.drop(ACME)
        case "short":
            await vectors.remove(ACME, [items[1].passage.key])
        case "too many":
            await store.documents.delete(ACME, DocumentId("b"), None)
            await synchronizer.sync(ACME)
            await vectors.put(ACME, items)
    await synchronizer.check(ACME)
    live = await store.live()
    assert await vectors.keys(ACME) == {item.passage.key for item in live}
    found = await vectors.nearest(ACME, live[0].vector, 1)
    assert found is not None
    assert found[0][1] == pytest.approx(1.0, abs=1e-3)
