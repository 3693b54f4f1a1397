"""`python -m bench.search --passages 5000 20000` measures a search at each size, beside one plain Chroma query.

Real stores hold one organization: the demo shop's articles, this repository's decisions, and passages of their sentences,
shuffled, with vectors near theirs. Each way to search answers the shop's questions: by a copy with vectors, by a copy of the
words with the vectors in Chroma, and without a copy, as after a restart. The ratio compares a search and the embedding of its
query with one Chroma query and the embedding, at the 95th percentile.
"""

import argparse
import asyncio
import gc
import random
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pymongo
from pydantic import SecretStr

from bench.answers import corpus
from bench.answers.answers import said
from bench.answers.sets import Question, load
from embedder import MULTILINGUAL
from embedder.model import Model
from kit import migrations, postgres
from kit.journal import Journal
from services.core.domain.questions import asked
from services.memory import convert
from services.memory.adapters import mongo
from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.database import Database
from services.memory.adapters.exact import Copies
from services.memory.adapters.mongo_texts import MongoTexts
from services.memory.adapters.published import PublishedKnowledge
from services.memory.adapters.retriever import PassageRetriever
from services.memory.adapters.stores import Stores
from services.memory.adapters.watch import KnowledgeWatch
from services.memory.domain.documents import DocumentId, EditionId, Passage
from services.memory.domain.models import embedding_model
from services.memory.ports import Embedded, Vector
from stack.testing import TestStores

PER_DOCUMENT = 100
BATCH = 500
CHARACTERS = 750
NOISE = 0.02
"""Of a made-up vector, in each dimension; a real one has 0.05 there. Both are then as near as two passages on one subject."""
LIMIT = 8
EVERYTHING = 10**9
_DOCUMENT = """
insert into document values ($1, $2, $2, $2, true, '', 'text', 'text/plain', '', '', '', 0, 1, 'READY', 0, 0, 0, '', '', null,
    $2, 1, $3, $4, now(), 1, now(), now())
"""


@dataclass(frozen=True)
class Way:
    """A way to search, measured."""

    name: str
    seconds: Sequence[float]
    ranks: Sequence[int]
    note: str = ""


class Bench:
    """The stores, filled."""

    def __init__(self, pool: Any, knowledge: PublishedKnowledge, texts: MongoTexts, vectors: ChromaVectors) -> None:
        self.pool = pool
        self.knowledge = knowledge
        self.texts = texts
        self.vectors = vectors
        self.stores = Stores(knowledge, vectors, knowledge)

    async def fill(self, items: Iterator[Embedded]) -> int:
        """Publishes passages; returns how many."""
        batch, sizes = list[Embedded](), dict[DocumentId, int]()
        for item in items:
            batch.append(item)
            sizes[item.passage.document] = max(sizes.get(item.passage.document, 0), item.passage.ordinal + 1)
            if len(batch) == BATCH:
                await self._put(batch)
                batch = []
        await self._put(batch)
        rows = [(corpus.ORGANIZATION, id, size, self.vectors.model) for id, size in sizes.items()]
        await self.pool.executemany(_DOCUMENT, rows)
        total = sum(sizes.values())
        await self.pool.execute("insert into knowledge values ($1, $2, 1, $3)", corpus.ORGANIZATION, len(sizes), total)
        await self.knowledge.mark(corpus.ORGANIZATION, self.vectors.index, 1)
        return total

    async def _put(self, batch: Sequence[Embedded]) -> None:
        if batch:
            with pymongo.timeout(mongo.LONG_SECONDS):
                await asyncio.gather(self.texts.put_passages(batch), self.vectors.put(corpus.ORGANIZATION, batch))

    def retriever(self, copies: Copies) -> PassageRetriever:
        """Search by these copies."""
        watch = KnowledgeWatch(self.knowledge, trusted=1e9)
        return PassageRetriever(self.knowledge, watch, copies, self.stores, self.vectors.model)


def main() -> None:
    """Reads the arguments, measures, prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=[5_000], help="sizes to measure (default: 5000)")
    parser.add_argument("--questions", type=int, default=200, help="how many of the shop's questions (default: %(default)s)")
    parser.add_argument("--model", default=MULTILINGUAL, help="the embedding model (default: %(default)s)")
    arguments = parser.parse_args()
    embedder = corpus.LocalEmbedder(arguments.model)
    real = corpus.embedded([*corpus.shop(), *corpus.own_documents()], embedder)
    embedder.save()
    stores = TestStores()
    try:
        for size in arguments.passages:
            asyncio.run(_measure(stores, filled_up(real, size), arguments.questions, arguments.model))
    finally:
        stores.close()


async def _measure(stores: TestStores, items: Iterator[Embedded], questions: int, model: str) -> None:
    async with (
        postgres.open_pool(SecretStr(stores.emptied_urls("memory")["memory"])) as pool,
        mongo.open_database(stores.mongo_url()) as collections,
    ):
        await migrations.apply(pool, "memory")
        await mongo.prepare(collections)
        texts = MongoTexts(collections)
        knowledge = PublishedKnowledge(Database(pool, Journal(pool, "memory", convert.fact_to_pb)), texts)
        bench = Bench(pool, knowledge, texts, ChromaVectors(stores.chroma_url(), model))
        started = time.perf_counter()
        total = await bench.fill(items)
        print(f"\n{total} passages, stored in {time.perf_counter() - started:.0f} s")
        chosen = [question for question in load("shop").questions if question.documents][:questions]
        await _compare(bench, chosen, Model(model, 1), model)


async def _compare(bench: Bench, questions: Sequence[Question], model: Model, name: str) -> None:
    prefix = embedding_model(name).query_prefix
    queries = [asked(said(question))[1] for question in questions]
    vectors, embedding = [], []
    for query in queries:
        began = time.perf_counter()
        vectors.append(model.run(*model.encode([prefix + query])))
        embedding.append(time.perf_counter() - began)

    async def plain(query: str, vector: Vector) -> Sequence[str]:
        keys = await bench.vectors.nearest(corpus.ORGANIZATION, vector, LIMIT)
        return [key.rpartition("-")[0] for key, _ in keys or ()]

    ways = [await _asked("Chroma alone", plain, questions, queries, vectors)]
    for label, copies in (
        ("copy", Copies(bench.knowledge, name, EVERYTHING, EVERYTHING, EVERYTHING)),
        ("words and Chroma", Copies(bench.knowledge, name, EVERYTHING, 0, EVERYTHING)),
        ("without a copy", Copies(bench.knowledge, name, budget=0)),
    ):
        before, began = _resident(), time.perf_counter()
        state = (await bench.knowledge.states([corpus.ORGANIZATION]))[corpus.ORGANIZATION]
        await copies.get(corpus.ORGANIZATION, state)
        loaded = time.perf_counter() - began
        note = f"{copies.held / 2**20:.0f} MB (resident {_resident() - before:+.0f}), loaded in {loaded:.1f} s"
        search = _by(bench.retriever(copies))
        ways.append(replace(await _asked(label, search, questions, queries, vectors), note=note if copies.held else ""))
    base = _percentile([a + b for a, b in zip(embedding, ways[0].seconds, strict=True)], 95)
    print(f"embedding: p50 {_percentile(embedding, 50):.1f} ms, p95 {_percentile(embedding, 95):.1f} ms")
    print(f"{'':20}{'p50':>8}{'p95':>8} ms{'MRR':>8}{'recall@8':>10}{'ratio':>8}")
    for way in ways:
        ratio = _percentile([a + b for a, b in zip(embedding, way.seconds, strict=True)], 95) / base
        mrr = sum(1 / rank for rank in way.ranks if rank) / len(way.ranks)
        recall = sum(0 < rank <= LIMIT for rank in way.ranks) / len(way.ranks)
        p50, p95 = _percentile(way.seconds, 50), _percentile(way.seconds, 95)
        print(f"{way.name:20}{p50:8.2f}{p95:8.2f}   {mrr:8.3f}{recall:10.3f}{ratio:8.2f}  {way.note}")


Search = Callable[[str, Vector], Awaitable[Sequence[str]]]


def _by(retriever: PassageRetriever) -> Search:
    async def search(query: str, vector: Vector) -> Sequence[str]:
        found = await retriever.retrieve(corpus.ORGANIZATION, vector, query, LIMIT)
        return [hit.passage.document for hit in found.hits]

    return search


async def _asked(
    name: str, search: Search, questions: Sequence[Question], queries: Sequence[str], vectors: Sequence[Vector]
) -> Way:
    seconds, ranks = [], []
    await search(queries[0], vectors[0])
    for question, query, vector in zip(questions, queries, vectors, strict=True):
        began = time.perf_counter()
        found = await search(query, vector)
        seconds.append(time.perf_counter() - began)
        ranks.append(next((place for place, id in enumerate(found, 1) if id in question.documents), 0))
    return Way(name, seconds, ranks)


def filled_up(real: Sequence[Embedded], size: int) -> Iterator[Embedded]:
    """So many passages: the real ones, then made-up ones."""
    yield from real[:size]
    sentences = [one for item in real for one in re.split(r"(?<=[.!?])\s+", item.passage.text) if len(one) > 20]
    dice, noise = random.Random(0), np.random.default_rng(0)
    for number in range(size - len(real)):
        vector = real[number % len(real)].vector + noise.normal(0, NOISE, len(real[0].vector)).astype(np.float32)
        text = ""
        while len(text) < CHARACTERS:
            text += " " + dice.choice(sentences)
        document = f"made-up-{number // PER_DOCUMENT}"
        passage = Passage(
            *(corpus.ORGANIZATION, DocumentId(document), 1, EditionId(document), number % PER_DOCUMENT),
            *("Made up", f"Part {number % PER_DOCUMENT}", "", text[1:]),
        )
        yield Embedded(passage, vector / np.float32(np.linalg.norm(vector)), real[0].model)


def _percentile(seconds: Sequence[float], part: int) -> float:
    """In milliseconds."""
    return float(np.percentile(seconds, part)) * 1000


def _resident() -> float:
    """The memory of this process in MB."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


if __name__ == "__main__":
    main()
