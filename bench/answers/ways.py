"""Ways to search: memory's own, and what one gets from plain parts."""

import asyncio
import math
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping, Sequence
from typing import Any, TypeVar, cast

import numpy as np

from bench.answers.corpus import ORGANIZATION, LocalEmbedder
from kit.ids import OrganizationId
from services.memory.adapters.exact import Copies
from services.memory.adapters.retriever import PassageRetriever
from services.memory.adapters.stores import Stores
from services.memory.adapters.watch import KnowledgeWatch
from services.memory.app.focusing import Focus
from services.memory.domain.documents import DocumentId, Passage
from services.memory.domain.ranking import terms
from services.memory.ports import Embedded, Findings, Knowledge, KnowledgeState

DEPTH = 50
RECIPROCAL = 60
T = TypeVar("T")

Ranking = Callable[[str], Sequence[Passage]]
"""A query's passages, the best first."""


class _Given:
    """Memory's Knowledge of one organization, as a list."""

    def __init__(self, items: Sequence[Embedded]) -> None:
        self._items = items

    async def states(self, organizations: Collection[OrganizationId]) -> Mapping[OrganizationId, KnowledgeState]:
        return {ORGANIZATION: KnowledgeState(1, len(self._items))}

    async def segments(self, organization: OrganizationId) -> Mapping[DocumentId, int]:
        return {item.passage.document: 1 for item in self._items}

    async def passages(
        self, organization: OrganizationId, documents: Collection[DocumentId] | None = None, model: str = ""
    ) -> AsyncIterator[Sequence[Embedded]]:
        yield [item for item in self._items if documents is None or item.passage.document in documents]


class Memory:
    """Searches as the memory service does."""

    def __init__(self, items: Sequence[Embedded], embedder: LocalEmbedder) -> None:
        knowledge = cast(Knowledge, _Given(items))
        copies = Copies(knowledge, embedder.model, patience=60.0)
        self._retriever = PassageRetriever(
            knowledge, KnowledgeWatch(knowledge, trusted=1e9), copies, cast(Stores, None), embedder.model
        )
        self._embedder = embedder
        self._focus = Focus(embedder, seconds=60.0)
        self.embedding_model = embedder.model
        self._loop = asyncio.new_event_loop()

    def search(self, query: str, limit: int = 8) -> Findings:
        """The findings of a query."""
        return self.run(self.find(query, limit))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Does work that uses `find`."""
        return self._loop.run_until_complete(work)

    async def find(self, query: str, limit: int) -> Findings:
        """The findings of a query, within `run`."""
        vector = await self._embedder.embed_query(query)
        found = await self._retriever.retrieve(ORGANIZATION, vector, query, limit)
        return await self._focus.of(found, query, vector)

    def __call__(self, query: str) -> Sequence[Passage]:
        return [hit.passage for hit in self.search(query).hits]


def chroma(items: Sequence[Embedded], embedder: LocalEmbedder) -> Ranking:
    """Plain Chroma: default collection settings, the texts without their headings."""
    import chromadb
    from chromadb.config import Settings

    client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))  # all of them share one store
    for former in client.list_collections():
        client.delete_collection(former.name)
    collection = client.create_collection("bench")
    vectors = asyncio.run(embedder.embed_passages([item.passage.text for item in items]))
    collection.upsert(ids=[str(n) for n in range(len(items))], embeddings=np.array(vectors))

    def ranking(query: str) -> Sequence[Passage]:
        vector = asyncio.run(embedder.embed_query(query))
        found = collection.query(query_embeddings=np.array([vector]), n_results=min(DEPTH, len(items)))
        return [items[int(id)].passage for id in found["ids"][0]]

    return ranking


def bm25(items: Sequence[Embedded]) -> Ranking:
    """BM25 over text and headings, k1 1.2 and b 0.75."""
    counts = [Counter(terms(item.passage.context)) for item in items]
    holders = Counter(word for one in counts for word in one)
    lengths = [sum(one.values()) for one in counts]
    mean = sum(lengths) / len(lengths)

    def score(place: int, wanted: Collection[str]) -> float:
        one = counts[place]
        return sum(
            math.log(1 + (len(items) - holders[word] + 0.5) / (holders[word] + 0.5))
            * (one[word] * 2.2 / (one[word] + 1.2 * (0.25 + 0.75 * lengths[place] / mean)))
            for word in wanted
            if word in one
        )

    def ranking(query: str) -> Sequence[Passage]:
        wanted = set(terms(query))
        scores = [score(place, wanted) for place in range(len(items))]
        return [items[place].passage for place in sorted(range(len(items)), key=lambda at: -scores[at]) if scores[place]][
            :DEPTH
        ]

    return ranking


def fusion(*rankings: Ranking) -> Ranking:
    """Reciprocal rank fusion, k 60 (Cormack, Clarke and Büttcher, SIGIR 2009)."""

    def ranking(query: str) -> Sequence[Passage]:
        scores: dict[str, float] = defaultdict(float)
        passages: dict[str, Passage] = {}
        for one in rankings:
            for place, passage in enumerate(one(query), 1):
                scores[passage.key] += 1 / (RECIPROCAL + place)
                passages[passage.key] = passage
        return [passages[key] for key in sorted(scores, key=lambda key: -scores[key])]

    return ranking
