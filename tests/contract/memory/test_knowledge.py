"""Live passages: what is found, how versions grow, and what the vector index receives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from services.memory.domain.documents import DocumentId, Passage
from services.memory.ports import KnowledgeState
from tests.contract.memory.conftest import ACME, EMBEDDER, OTHER, Store, embedded

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def test_every_change_raises_the_version(store: Store) -> None:
    assert await store.knowledge.states([ACME]) == {}
    await store.add("a", "one", "two")
    await store.add("b", "three")
    await store.add("c", "four", organization=OTHER)
    assert await store.knowledge.states([ACME, OTHER]) == {ACME: KnowledgeState(2, 3), OTHER: KnowledgeState(1, 1)}
    await store.documents.delete(ACME, DocumentId("a"), None)
    assert await store.knowledge.states([ACME]) == {ACME: KnowledgeState(3, 1)}


async def test_segments_show_which_documents_changed(store: Store) -> None:
    await store.add("a", "one")
    await store.add("b", "two")
    before = await store.knowledge.segments(ACME)
    assert set(before) == {"a", "b"}
    await store.documents.reindex_all(ACME, (await store.documents.get(ACME, DocumentId("a"))).updated)
    await store.index("changed")
    after = await store.knowledge.segments(ACME)
    assert sum(after[id] != before[id] for id in before) == 1
    await store.documents.delete(ACME, DocumentId("b"), None)
    assert set(await store.knowledge.segments(ACME)) == {"a"}


async def test_an_index_is_marked_for_no_organization_that_was_erased(store: Store) -> None:
    await store.add("a", "one")
    await store.pool.execute("delete from knowledge where organization = $1", ACME)  # as an erasure does, during a round
    await store.lag.mark(ACME, "index", 1)
    assert await store.pool.fetchval("select count(*) from synced") == 0


async def test_vectors_come_back_bit_by_bit(store: Store) -> None:
    await store.add("a", "one text")
    (item,) = await store.live()
    (vector,) = await EMBEDDER.embed_passages([item.passage.context])
    assert np.array_equal(item.vector, vector)
    assert item.model == EMBEDDER.model


async def test_passages_can_be_asked_by_document(store: Store) -> None:
    await store.add("a", "one")
    await store.add("b", "two")
    found = [i.passage.text async for batch in store.knowledge.passages(ACME, [DocumentId("b")]) for i in batch]
    assert found == ["two"]


async def test_passages_are_paged_in_order_and_found_by_key(store: Store) -> None:
    document = await store.add("a", *(f"text {n}" for n in range(5)))
    page = await store.knowledge.page(ACME, DocumentId("a"), 1, 2)
    assert [passage.ordinal for passage in page] == [2, 3]
    assert page[0] == Passage(ACME, DocumentId("a"), 1, document.edition, 2, "About a", "Heading", "/help", "text 2")
    found = await store.knowledge.find(ACME, [page[0].key, f"{document.edition}-99", "unknown-0"])
    assert found == {page[0].key: page[0]}
    assert await store.knowledge.find(OTHER, [page[0].key]) == {}
    assert await store.knowledge.passage(ACME, DocumentId("a"), "1-2") == page[0]
    for unknown in ("1-5", "2-2", "1-", "x"):
        assert await store.knowledge.passage(ACME, DocumentId("a"), unknown) is None


async def test_words_find_passages_of_the_organization_alone(store: Store) -> None:
    await store.add("kettle", "Descale the kettle with vinegar.", "Kettles whistle.")
    await store.add("boots", "Wax the boots.")
    await store.add("secret", "The kettle of the others.", organization=OTHER)
    found = [passage.text for passage, score in await store.knowledge.search_words(ACME, "how do I descale kettles", 10)]
    assert found[0] == "Descale the kettle with vinegar."
    assert set(found) == {"Descale the kettle with vinegar.", "Kettles whistle."}
    assert [p.text for p, _ in await store.knowledge.search_words(OTHER, "kettle", 10)] == ["The kettle of the others."]


@pytest.mark.parametrize("query", ["", "the", '"', "-kettle", '"kettle" -boots', "$where: 1", "🙂", "a" * 2000, "word " * 400])
async def test_no_query_breaks_the_words(store: Store, query: str) -> None:
    await store.add("kettle", "Descale the kettle.")
    found = await store.knowledge.search_words(ACME, query, 5)
    assert len(found) == ("kettle" in query)


async def test_codes_are_found_by_their_parts(store: Store) -> None:
    await store.add("codes", "Spare part QM-10482 fits the Ridge 45.", "Spare part QM-10483 does not.")
    found = await store.knowledge.search_words(ACME, "qm-10482", 5)
    assert found[0][0].text.startswith("Spare part QM-10482")


async def test_what_is_not_published_is_not_found_however_much_of_it_there_is(store: Store) -> None:
    await store.add("kettle", "Descale the kettle.")
    waiting = await store.create("draft")
    hidden = await embedded(waiting, *(["kettle kettle kettle"] * 50), edition="hidden")
    await store.texts.put_passages(hidden)
    found = [passage.text for passage, _ in await store.knowledge.search_words(ACME, "kettle", 3)]
    assert found == ["Descale the kettle."]
    assert await store.knowledge.find(ACME, [item.passage.key for item in hidden]) == {}
    assert [item.passage.text for item in await store.live()] == ["Descale the kettle."]


async def test_vectors_of_another_model_are_stale_until_they_are_renewed(store: Store) -> None:
    await store.add("a", "one", "two")
    assert await store.knowledge.stale(EMBEDDER.model) is None
    edition = await store.knowledge.stale("newer")
    assert edition is not None
    assert (edition.document, edition.passages) == ("a", 2)
    stale = await store.texts.stale(edition, "newer", 10)
    await store.texts.renew([replace(item, model="newer", vector=-item.vector) for item in stale])
    assert await store.texts.stale(edition, "newer", 10) == []
    await store.knowledge.renewed(edition, "newer")
    assert await store.knowledge.stale("newer") is None
    assert (await store.documents.get(ACME, DocumentId("a"))).embedding_model == "newer"
    assert await store.knowledge.states([ACME]) == {ACME: KnowledgeState(2, 2)}
    assert await store.knowledge.segments(ACME) == {"a": 2}
    former = {item.passage.key: item.vector for item in stale}
    assert len(former) == 2
    assert all(np.array_equal(item.vector, -former[item.passage.key]) for item in await store.live())


async def test_an_index_receives_what_changed_and_what_was_removed(store: Store) -> None:
    a, b = await store.add("a", "one"), await store.add("b", "two")
    assert await store.lag.behind("i", 10) == [ACME]
    changed = {i.passage.key async for batch in store.lag.changed(ACME, 0) for i in batch}
    assert changed == {f"{a.edition}-0", f"{b.edition}-0"}
    assert [i.passage.key async for batch in store.lag.changed(ACME, 1) for i in batch] == [f"{b.edition}-0"]
    await store.lag.mark(ACME, "i", 2)
    assert await store.knowledge.states([ACME]) == {ACME: KnowledgeState(2, 2, {"i": 2})}
    assert await store.lag.behind("i", 10) == []
    assert await store.lag.behind("another", 10) == [ACME]
    await store.documents.delete(ACME, DocumentId("a"), None)
    assert await store.lag.removed(ACME, 2) == [f"{a.edition}-0"]
    assert await store.lag.behind("i", 10) == [ACME]
