"""Memory's search through real stores: PostgreSQL, MongoDB and Chroma hold the passages, and the service's adapters find them.

Passages are filled up with made-up ones to the number asked for. `Stored` answers as `ways.Memory` does; `times` measures a
search beside an embedding and one plain Chroma query.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import numpy as np
from pydantic import SecretStr

from bench.answers import corpus
from bench.answers.corpus import LocalEmbedder
from bench.answers.ways import Memory
from bench.search import LIMIT, Bench, filled_up
from embedder.model import Model
from kit import migrations, postgres
from kit.journal import Journal
from services.memory import convert
from services.memory.adapters import mongo
from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.database import Database
from services.memory.adapters.exact import Copies
from services.memory.adapters.mongo_texts import MongoTexts
from services.memory.adapters.published import PublishedKnowledge
from services.memory.app.focusing import Focus
from services.memory.domain.models import embedding_model
from services.memory.ports import Embedded
from services.memory.settings import Settings
from stack.testing import TestStores


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each query."""

    embedding: Sequence[float]
    chroma: Sequence[float]
    search: Sequence[float]

    def lines(self) -> list[str]:
        """A table, with the ratio of a search and its embedding to a plain Chroma query and the embedding."""
        rows = (("embedding", self.embedding), ("one Chroma query", self.chroma), ("search", self.search))
        table = [f"{'':20}{'p50':>8}{'p95':>8} ms", *(f"{name:20}{_at(50, of):8.2f}{_at(95, of):8.2f}" for name, of in rows)]
        with_search, with_chroma = (
            [a + b for a, b in zip(self.embedding, of, strict=True)] for of in (self.search, self.chroma)
        )
        ratios = ", ".join(f"p{part} {_at(part, with_search) / _at(part, with_chroma):.2f}" for part in (50, 95))
        return [*table, f"(embedding + search) / (embedding + one Chroma query): {ratios}"]


class Stored(Memory):
    """Searches in stores of its own, which `close` ends."""

    def __init__(self, items: Sequence[Embedded], embedder: LocalEmbedder, total: int) -> None:
        self._embedder = embedder
        self._focus = Focus(embedder, seconds=60.0)
        self.embedding_model = embedder.model
        self._loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._stores = TestStores()
        try:
            self.total = self.run(self._open(items, total))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Ends the stores."""
        self.run(self._stack.aclose())
        self._stores.close()

    def times(self, queries: Sequence[str]) -> Times:
        """How long each query takes, by turns, so that a load of the machine meets all alike."""
        return self.run(self._times(queries))

    async def _open(self, items: Sequence[Embedded], total: int) -> int:
        defaults, stores = Settings.model_fields, self._stores
        url = SecretStr(stores.emptied_urls("memory")["memory"])
        pool = await self._stack.enter_async_context(postgres.open_pool(url))
        collections = await self._stack.enter_async_context(mongo.open_database(stores.mongo_url()))
        await migrations.apply(pool, "memory")
        await mongo.prepare(collections)
        knowledge = PublishedKnowledge(Database(pool, Journal(pool, "memory", convert.fact_to_pb)), MongoTexts(collections))
        vectors = ChromaVectors(stores.chroma_url(), self.embedding_model)
        self._bench = Bench(pool, knowledge, MongoTexts(collections), vectors)
        stored = await self._bench.fill(filled_up(items, max(total, len(items))))
        budget, passages = defaults["exact_bytes"].default, defaults["exact_passages"].default
        copies = Copies(knowledge, self.embedding_model, budget, passages, patience=600.0)
        self._retriever = self._bench.retriever(copies)
        return stored

    async def _times(self, queries: Sequence[str]) -> Times:
        model, prefix = Model(self.embedding_model, 1), embedding_model(self.embedding_model).query_prefix
        embedding, chroma, search = list[float](), list[float](), list[float]()
        for query in [queries[0], *queries]:  # the first one loads the copy
            began = time.perf_counter()
            vector = model.run(*model.encode([prefix + query]))
            embedded = time.perf_counter()
            await self._bench.vectors.nearest(corpus.ORGANIZATION, vector, LIMIT)
            asked = time.perf_counter()
            await self._retriever.retrieve(corpus.ORGANIZATION, vector, query, LIMIT)
            found = time.perf_counter()
            for times, seconds in ((embedding, embedded - began), (chroma, asked - embedded), (search, found - asked)):
                times.append(1000 * seconds)
        return Times(embedding[1:], chroma[1:], search[1:])


def _at(part: int, milliseconds: Sequence[float]) -> float:
    return float(np.percentile(milliseconds, part))
