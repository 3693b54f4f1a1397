"""While the embedding model changes, each search compares vectors of one model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio

from kit.clock import utc_now
from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.exact import Copies
from services.memory.adapters.published import PublishedKnowledge
from services.memory.adapters.redis_hints import LocalHints
from services.memory.adapters.retriever import PassageRetriever
from services.memory.adapters.stores import Stores
from services.memory.adapters.watch import KnowledgeWatch
from services.memory.app import App, Mode
from services.memory.app.indexing import Synchronizer
from services.memory.ports import Findings
from tests.contract.memory.conftest import ACME, EMBEDDER, Store
from tests.fakes.memory import HashEmbedder

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
TEXTS = ("Descale the kettle with vinegar.", "Wax the leather boots.", "Dry the boots in the air.", "The kettle has a whistle.")
WAYS = {"copy": (1 << 30, 1 << 30), "words": (1 << 30, 0), "stores": (0, 0)}


@dataclass
class Change:
    """Memory after its model was changed, before anything is renewed."""

    app: App
    embedder: HashEmbedder
    synchronizer: Synchronizer
    watch: KnowledgeWatch

    async def ask(self) -> Findings:
        self.watch.forget(ACME)
        return await self.app.search(ACME, "descale a kettle", mode=Mode.DENSE)


def memory(store: Store, vectors: ChromaVectors, way: str, embedder: HashEmbedder) -> Change:
    knowledge = PublishedKnowledge(store.database, store.texts, embedder.model)
    watch = KnowledgeWatch(knowledge)
    hints = LocalHints(watch.forget)
    budget, most = WAYS[way]
    copies = Copies(knowledge, embedder.model, budget, most, patience=60.0)
    app = App(
        documents=store.documents,
        texts=store.texts,
        uploads=store.uploads,
        knowledge=knowledge,
        retriever=PassageRetriever(knowledge, watch, copies, Stores(knowledge, vectors, knowledge), embedder.model),
        embedder=embedder,
        hints=hints,
        wake=lambda: None,
        now=utc_now,
    )
    return Change(app, embedder, Synchronizer(knowledge, knowledge, store.texts, vectors, embedder, hints), watch)


@pytest_asyncio.fixture(loop_scope="session", params=list(WAYS))
async def change(request: pytest.FixtureRequest, store: Store, chroma_url: str) -> AsyncIterator[Change]:
    for number, text in enumerate(TEXTS):
        await store.add(f"d{number}", text, text)
    former, newer = ChromaVectors(chroma_url, EMBEDDER.model), ChromaVectors(chroma_url, "newer")
    await memory(store, former, request.param, EMBEDDER).synchronizer.sync(ACME)
    yield memory(store, newer, request.param, HashEmbedder("newer"))
    for vectors in (former, newer):
        await vectors.drop(ACME)
        vectors.close()


def scores(findings: Findings) -> dict[str, float]:
    return {hit.passage.key: round(hit.dense_score or 0.0, 2) for hit in findings.hits}


async def test_the_former_model_is_searched_until_all_vectors_are_renewed(change: Change) -> None:
    change.embedder.former = EMBEDDER.model
    first = await change.ask()
    assert first.model == EMBEDDER.model
    while (asked := await change.ask()).model == EMBEDDER.model:
        assert scores(asked) == scores(first)
        assert not asked.dense_failed
        assert await change.synchronizer.renew_next(limit=1)
    await change.synchronizer.sync_next()
    last = await change.ask()
    assert last.model == "newer"
    assert last.hits[0].passage.text == TEXTS[0]
    assert len(last.hits) == len(first.hits)
    assert scores(last) != scores(first)
    assert not await change.synchronizer.renew_next()


async def test_a_former_model_that_is_not_served_is_not_compared(change: Change, store: Store) -> None:
    while await change.synchronizer.renew_next(limit=3):
        await change.synchronizer.sync_next()
        asked = await change.ask()
        assert asked.model == "newer"
        wanted = await change.embedder.embed_query("descale a kettle")
        there = {item.passage.key: item for item in await store.live() if item.model == "newer"}
        for hit in asked.hits:
            item = there.get(hit.passage.key)
            near = float(item.vector @ wanted) if item is not None else 0.0
            assert (hit.dense_score or 0.0) == pytest.approx(near, abs=0.01)


async def test_what_is_new_is_found_by_its_words_while_the_model_changes(change: Change, store: Store) -> None:
    change.embedder.former = EMBEDDER.model
    await store.add("new", "The xylophone.")
    await store.texts.renew([replace(i, model="newer") for i in await store.live() if i.passage.document == "new"])
    await store.texts.forget_former(await store.knowledge.editions(ACME))
    change.watch.forget(ACME)
    findings = await change.app.search(ACME, "xylophone")
    assert findings.model == EMBEDDER.model
    assert "The xylophone." in [hit.passage.text for hit in findings.hits]


async def test_former_vectors_are_deleted_when_all_are_renewed(change: Change, store: Store) -> None:
    assert await change.synchronizer.renew_next(limit=3)
    assert await store.collections["passages"].count_documents({"former": {"$exists": True}})
    while await change.synchronizer.renew_next(limit=3):
        pass
    assert not await store.collections["passages"].count_documents({"former": {"$exists": True}})
