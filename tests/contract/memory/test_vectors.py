"""An index of vectors in Chroma."""

from __future__ import annotations

import pytest

from kit.errors import StoreUnavailable
from kit.ids import new
from services.memory.adapters.chroma import ChromaVectors
from tests.contract.memory.conftest import ACME, EMBEDDER, OTHER, draft, embedded

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def test_nothing_is_there_before_the_first_vector(vectors: ChromaVectors) -> None:
    assert await vectors.count(ACME) is None
    assert await vectors.keys(ACME) == set()
    assert await vectors.nearest(ACME, await EMBEDDER.embed_query("x"), 5) is None
    await vectors.remove(ACME, ["e-acme-a-0"])


async def test_the_nearest_come_first_with_their_cosine(vectors: ChromaVectors) -> None:
    items = await embedded(draft("a"), "wool socks", "descale the kettle", "return a parcel")
    await vectors.put(ACME, items)
    query = items[1].vector
    found = await vectors.nearest(ACME, query, 3)
    assert found is not None
    assert found[0][0] == "e-acme-a-1"
    for key, cosine in found:
        expected = next(item for item in items if item.passage.key == key).vector @ query
        assert cosine == pytest.approx(float(expected), abs=1e-4)


async def test_putting_twice_replaces_and_removing_removes(vectors: ChromaVectors) -> None:
    items = await embedded(draft("a"), "one", "two")
    await vectors.put(ACME, items)
    await vectors.put(ACME, items)
    assert await vectors.count(ACME) == 2
    await vectors.remove(ACME, ["e-acme-a-0", "unknown-0"])
    assert await vectors.keys(ACME) == {"e-acme-a-1"}


async def test_organizations_are_apart(vectors: ChromaVectors) -> None:
    await vectors.put(ACME, await embedded(draft("a"), "shared words"))
    await vectors.put(OTHER, await embedded(draft("b", OTHER), "shared words"))
    found = await vectors.nearest(OTHER, await EMBEDDER.embed_query("shared words"), 10)
    assert found is not None
    assert [key for key, _ in found] == ["e-other-b-0"]


async def test_a_lost_collection_is_made_again(vectors: ChromaVectors) -> None:
    items = await embedded(draft("a"), "one")
    await vectors.put(ACME, items)
    await vectors.drop(ACME)
    assert await vectors.count(ACME) is None
    await vectors.put(ACME, items)
    assert await vectors.count(ACME) == 1


async def test_many_vectors_are_written_in_batches(vectors: ChromaVectors) -> None:
    await vectors.put(ACME, await embedded(draft("a"), *(f"text number {n}" for n in range(1100))))
    assert await vectors.count(ACME) == 1100
    assert len(await vectors.keys(ACME)) == 1100


async def test_a_collection_lost_behind_our_back_is_noticed(chroma_url: str) -> None:
    organization = draft("a").organization
    ours, theirs = ChromaVectors(chroma_url, f"m-{new()}"), ChromaVectors(chroma_url, EMBEDDER.model)
    items = await embedded(draft("a"), "one")
    await theirs.put(organization, items)
    other = ChromaVectors(chroma_url, EMBEDDER.model)
    await other.drop(organization)
    assert await theirs.count(organization) is None
    await theirs.put(organization, items)
    assert await theirs.count(organization) == 1
    assert await ours.count(organization) is None  # another model, another collection
    await theirs.drop(organization)
    for one in (ours, theirs, other):
        one.close()


async def test_a_server_that_is_unavailable_is_reported() -> None:
    away = ChromaVectors("http://127.0.0.1:9", EMBEDDER.model)
    with pytest.raises(StoreUnavailable):
        await away.count(ACME)
