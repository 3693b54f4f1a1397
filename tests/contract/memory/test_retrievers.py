"""Searching: by a copy, by a copy without vectors, or without a copy: the same promises, and nearly the same results."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
import pytest_asyncio

import demo
from kit.ids import OrganizationId
from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.exact import Copies
from services.memory.adapters.reading.markdown import read_markdown
from services.memory.adapters.redis_hints import LocalHints
from services.memory.adapters.retriever import PassageRetriever
from services.memory.adapters.stores import Stores
from services.memory.adapters.watch import KnowledgeWatch
from services.memory.app.indexing import Synchronizer
from services.memory.domain.chunker import split
from services.memory.domain.documents import DocumentId
from services.memory.ports import Findings, Knowledge, Retriever
from tests.contract.memory.conftest import ACME, EMBEDDER, OTHER, Store

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


@dataclass
class Desk:
    """A retriever over stores that can be filled."""

    store: Store
    retriever: Retriever
    watch: KnowledgeWatch
    synchronizer: Synchronizer
    vectors: ChromaVectors

    async def settle(self, *organizations: OrganizationId) -> None:
        """Every copy is up to date, as a second later."""
        while await self.synchronizer.sync_next():
            pass
        for organization in organizations or (ACME, OTHER):
            self.watch.forget(organization)

    async def ask(
        self, query: str, organization: OrganizationId = ACME, limit: int = 8, *, dense: bool = True, words: bool = True
    ) -> Findings:
        vector = await EMBEDDER.embed_query(query) if dense else None
        return await self.retriever.retrieve(organization, vector, query if words else None, limit)

    async def texts(
        self, query: str, organization: OrganizationId = ACME, *, dense: bool = True, words: bool = True
    ) -> list[str]:
        findings = await self.ask(query, organization, dense=dense, words=words)
        return [hit.passage.text for hit in findings.hits]


def desk_of(kind: str, store: Store, vectors: ChromaVectors, trusted: float = 60.0) -> Desk:
    watch = KnowledgeWatch(store.knowledge, trusted)
    copies = {
        "copy": Copies(store.knowledge, EMBEDDER.model, patience=60.0),
        "words": Copies(store.knowledge, EMBEDDER.model, most=0, patience=60.0),
        "stores": Copies(store.knowledge, EMBEDDER.model, budget=0),
    }[kind]
    stores = Stores(store.knowledge, vectors, store.lag)
    retriever = PassageRetriever(store.knowledge, watch, copies, stores, EMBEDDER.model)
    hints = LocalHints(watch.forget)
    return Desk(
        store, retriever, watch, Synchronizer(store.lag, store.knowledge, store.texts, vectors, EMBEDDER, hints), vectors
    )


@pytest_asyncio.fixture(loop_scope="session", params=["copy", "words", "stores"])
async def desk(request: pytest.FixtureRequest, store: Store, vectors: ChromaVectors) -> Desk:
    return desk_of(request.param, store, vectors)


async def test_an_organization_without_knowledge_gets_nothing(desk: Desk) -> None:
    assert (await desk.ask("anything")).hits == []


async def test_the_passage_that_answers_comes_first(desk: Desk) -> None:
    await desk.store.add("kettle", "Descale the kettle with vinegar.", "The kettle has a whistle.")
    await desk.store.add("boots", "Wax the leather boots in autumn.", "Boots dry in the air.")
    await desk.settle()
    for dense, words in ((True, True), (True, False), (False, True)):
        assert (await desk.texts("descale a kettle", dense=dense, words=words))[0] == "Descale the kettle with vinegar."


async def test_each_result_shows_its_scores(desk: Desk) -> None:
    await desk.store.add("kettle", "Descale the kettle with vinegar.", "Wax the leather boots.")
    await desk.settle()
    first, *rest = (await desk.ask("descale kettle")).hits
    assert first.dense_score is not None
    assert first.dense_score > 0.3
    assert first.lexical_score == pytest.approx(1.0)
    assert (first.dense_rank, first.lexical_rank) == (1, 1)
    assert 0 < first.score <= 1
    assert all(hit.score <= first.score for hit in rest)
    only_words = (await desk.ask("descale kettle", dense=False)).hits
    assert {hit.dense_score for hit in only_words} == {None}
    only_meaning = (await desk.ask("descale kettle", words=False)).hits
    assert {hit.lexical_score for hit in only_meaning} == {None}


async def test_words_that_no_one_has_find_nothing_in_keyword_search(desk: Desk) -> None:
    await desk.store.add("kettle", "Descale the kettle.")
    await desk.settle()
    assert await desk.texts("xylophone", dense=False) == []
    assert await desk.texts("the of and", dense=False) == []


async def test_one_passage_of_each_document_comes_first(desk: Desk) -> None:
    await desk.store.add("kettle", *["Descale the kettle with vinegar."] * 2)
    await desk.store.add("pot", "Descale the kettle with vinegar.")
    await desk.settle()
    assert {hit.passage.document for hit in (await desk.ask("descale the kettle")).hits[:2]} == {"kettle", "pot"}


async def test_no_search_crosses_an_organization(desk: Desk) -> None:
    await desk.store.add("a", "Our kettle is blue.")
    await desk.store.add("b", "Their kettle is red.", "Their boots are green.", "Their hats.", organization=OTHER)
    await desk.settle()
    assert await desk.texts("kettle") == ["Our kettle is blue."]
    assert "Our kettle is blue." not in await desk.texts("our blue kettle", OTHER)


async def test_the_limit_is_kept(desk: Desk) -> None:
    await desk.store.add("a", *(f"kettle number {n}" for n in range(30)))
    await desk.settle()
    assert len((await desk.ask("kettle number", limit=5)).hits) == 5
    assert len((await desk.ask("kettle number", limit=20)).hits) == 20


async def test_what_is_deleted_is_not_found_even_before_the_vectors_know(desk: Desk) -> None:
    await desk.store.add("a", "The old kettle.", "The old pot.", "The old pan.")
    await desk.store.add("b", "A new kettle.")
    await desk.settle()
    await desk.store.documents.delete(ACME, DocumentId("a"), None)
    desk.watch.forget(ACME)
    assert await desk.texts("old kettle") == ["A new kettle."]


async def test_what_is_new_is_found_and_the_version_grows(desk: Desk) -> None:
    await desk.store.add("a", "The old kettle.")
    await desk.settle()
    before = (await desk.ask("kettle")).version
    await desk.store.add("b", "The new kettle.")
    await desk.settle()
    after = await desk.ask("kettle")
    assert after.version > before
    assert {hit.passage.document for hit in after.hits} == {"a", "b"}


async def test_a_change_is_seen_without_a_hint_when_a_state_is_no_longer_trusted(desk: Desk) -> None:
    await desk.store.add("a", "The old kettle.")
    later = desk_of("copy", desk.store, desk.vectors, trusted=0.0)
    assert await later.texts("kettle") == ["The old kettle."]
    await desk.store.documents.delete(ACME, DocumentId("a"), None)
    assert await later.texts("kettle") == []


async def test_what_is_new_is_found_in_semantic_search_before_the_index_has_it(desk: Desk) -> None:
    await desk.store.add("a", "The old kettle.")
    await desk.settle()
    await desk.store.add("b", "Wax the leather boots.", "Dry them in the air.")
    desk.watch.forget(ACME)
    findings = await desk.ask("leather boots", words=False)
    assert findings.hits[0].passage.text == "Wax the leather boots."
    assert not findings.dense_failed


async def test_vectors_of_another_model_are_not_compared(desk: Desk) -> None:
    await desk.store.add("a", "The kettle.", "The pot.")
    await desk.settle()
    items = await desk.store.live()
    await desk.store.texts.renew([replace(item, model="another") for item in items[:1]])
    desk.watch.forget(ACME)
    assert "The kettle." in await desk.texts("kettle", dense=False)
    assert (await desk.ask("kettle")).hits


async def test_a_large_organization_gets_the_results_of_a_small_one(store: Store, vectors: ChromaVectors) -> None:
    for article in demo.articles():
        await store.add(article.id, *(chunk.text for chunk in split(read_markdown(article.text))))
    small, large = desk_of("copy", store, vectors), desk_of("words", store, vectors)
    await small.settle()
    await large.settle()
    same = total = 0
    for question in demo.questions():
        one, other = await small.ask(question.text), await large.ask(question.text)
        assert [hit.score for hit in one.hits] == pytest.approx([hit.score for hit in other.hits], abs=0.01)
        assert one.unknown_words == other.unknown_words
        there = {hit.passage.key: hit for hit in other.hits}
        for hit in one.hits:
            total += 1
            if (twin := there.get(hit.passage.key)) is not None:
                same += 1
                assert (twin.lexical_score, twin.lexical_rank) == (hit.lexical_score, hit.lexical_rank)
                assert twin.dense_score == pytest.approx(hit.dense_score, abs=0.01)
    assert same / total > 0.98  # bytes for dimensions and an approximate index make a near tie differ now and then


async def test_without_a_copy_most_results_are_the_same(store: Store, vectors: ChromaVectors) -> None:
    for article in demo.articles():
        await store.add(article.id, *(chunk.text for chunk in split(read_markdown(article.text))))
    small, without = desk_of("copy", store, vectors), desk_of("stores", store, vectors)
    await small.settle()
    await without.settle()
    same = total = 0
    for question in demo.questions():
        one, two = await small.ask(question.text), await without.ask(question.text)
        same += len({hit.passage.key for hit in one.hits} & {hit.passage.key for hit in two.hits})
        total += len(one.hits)
    assert same / total > 0.85


async def test_copies_stay_within_their_budget(store: Store) -> None:
    for n in range(6):
        await store.add(f"d{n}", *(f"text {m}" for m in range(20)), organization=OrganizationId(f"o{n}"))
    copies = Copies(store.knowledge, EMBEDDER.model, budget=100_000, patience=60.0)
    states = await store.knowledge.states([OrganizationId(f"o{n}") for n in range(6)])
    for n in (0, 1, 2, 3, 4, 5, 0):
        organization = OrganizationId(f"o{n}")
        copy = await copies.get(organization, states[organization])
        assert copy is not None
        assert len(copy.by_words("text 7").best(3)) == 3
        assert copies.held <= 100_000


class SlowKnowledge:
    """Reads the published passages when the test says so."""

    def __init__(self, store: Store) -> None:
        self._knowledge = store.knowledge
        self.go = asyncio.Event()

    async def segments(self, organization: OrganizationId) -> Mapping[DocumentId, int]:
        await self.go.wait()
        return await self._knowledge.segments(organization)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._knowledge, name)


async def test_the_stores_answer_while_a_copy_is_loaded(store: Store, vectors: ChromaVectors) -> None:
    await store.add("kettle", "Descale the kettle with vinegar.", "The kettle has a whistle.")
    slow = SlowKnowledge(store)
    desk = desk_of("copy", store, vectors)
    copies = Copies(cast(Knowledge, slow), EMBEDDER.model, patience=0.0)
    stores = Stores(store.knowledge, vectors, store.lag)
    desk.retriever = PassageRetriever(store.knowledge, desk.watch, copies, stores, EMBEDDER.model)
    await desk.settle()
    for _ in range(2):
        assert (await desk.texts("descale a kettel"))[0] == "Descale the kettle with vinegar."
        assert copies.held == 0
    slow.go.set()
    await copies.loaded()
    findings = await desk.ask("descale a kettel xylophone")
    assert findings.unknown_words == ("xylophone",)
