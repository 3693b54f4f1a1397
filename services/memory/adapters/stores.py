"""Search by asking the stores: Chroma for meaning, MongoDB's text index for words. For organizations of any size."""

import asyncio
from collections.abc import Mapping, Sequence

from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from services.memory.adapters.watch import KnowledgeWatch
from services.memory.domain.documents import Passage
from services.memory.domain.ranking import fuse, terms, word_strength
from services.memory.ports import Findings, Hit, Knowledge, KnowledgeState, Retriever, Vector, VectorLag, Vectors

STORE_DEPTH = 24
COVERED = 4
MAX_FRESH = 1_000
"""More passages than that are not compared one by one: until the index has them, it is honest to say that it lags."""


class StoresRetriever:
    """Implements Retriever. Whatever Chroma returns, only what PostgreSQL says is published is found."""

    def __init__(self, knowledge: Knowledge, watch: KnowledgeWatch, vectors: Vectors, lag: VectorLag) -> None:
        self._knowledge = knowledge
        self._watch = watch
        self._vectors = vectors
        self._lag = lag

    async def retrieve(self, organization: OrganizationId, vector: Vector | None, text: str | None, limit: int) -> Findings:
        state = await self._watch.state(organization)
        if not state.passages:
            return Findings([], state.version)
        near, by_words = await asyncio.gather(
            self._near(organization, state, vector), self._by_words(organization, state, text)
        )
        passages = {passage.key: passage for passage, _ in by_words or ()}
        missing = [key for key in near or () if key not in passages]
        if missing:
            passages.update(await self._knowledge.find(organization, missing, state.version))
        near = {key: cosine for key, cosine in near.items() if key in passages} if near is not None else None
        hits = _hits(text, passages, near, by_words, limit)
        return Findings(hits, state.version, dense_failed=vector is not None and near is None)

    async def _near(
        self, organization: OrganizationId, state: KnowledgeState, vector: Vector | None
    ) -> dict[str, float] | None:
        if vector is None:
            return None
        try:
            near, fresh = await asyncio.gather(
                self._vectors.nearest(organization, vector, STORE_DEPTH), self._fresh(organization, state, vector)
            )
        except StoreUnavailable:
            return None
        if near is None:  # the collection is gone: have it rebuilt
            await self._lag.mark(organization, self._vectors.index, 0)
        if near is None or fresh is None:
            return None
        nearest = sorted((dict(near) | fresh).items(), key=lambda pair: -pair[1])
        return dict(nearest[:STORE_DEPTH])

    async def _fresh(self, organization: OrganizationId, state: KnowledgeState, vector: Vector) -> dict[str, float] | None:
        """Passages that the index has not taken over yet, compared here; None: too many for that."""
        synced = state.synced.get(self._vectors.index, 0)
        found: dict[str, float] = {}
        if synced >= state.version:
            return found
        async for batch in self._lag.changed(organization, synced):
            for item in batch:
                if len(item.vector) == len(vector):
                    found[item.passage.key] = float(item.vector @ vector)
            if len(found) > MAX_FRESH:
                return None
        return found

    async def _by_words(
        self, organization: OrganizationId, state: KnowledgeState, text: str | None
    ) -> Sequence[tuple[Passage, float]] | None:
        if text is None:
            return None
        return await self._knowledge.search_words(organization, text, STORE_DEPTH, state.version)


def _hits(
    text: str | None,
    passages: Mapping[str, Passage],
    near: Mapping[str, float] | None,
    by_words: Sequence[tuple[Passage, float]] | None,
    limit: int,
) -> list[Hit]:
    wanted = set(terms(text)) if text is not None else set()
    lexical = {passage.key: score for passage, score in by_words or ()}
    # Counting the words of a passage costs more than ranking it: only the best of keyword search can have the most.
    cover = [_cover(wanted, passage) for passage, _ in (by_words or ())[:COVERED]]
    strength = dict(zip(lexical, word_strength(list(lexical.values()), cover), strict=True))
    # A passage that is not among the nearest is at most as near as the last of them.
    farthest = min(near.values(), default=0.0) if near is not None else None
    scores = {
        key: fuse(
            near.get(key, farthest) if near is not None else None,
            strength.get(key, 0.0) if by_words is not None else None,
        )
        for key in passages
    }
    dense_places = {key: place for place, key in enumerate(near or (), start=1)}
    word_places = {key: place for place, key in enumerate(lexical, start=1)}
    return [
        Hit(
            passage=passages[key],
            score=scores[key],
            dense_score=near.get(key) if near is not None else None,
            lexical_score=_cover(wanted, passages[key]) if text is not None else None,
            dense_rank=dense_places.get(key, 0),
            lexical_rank=word_places.get(key, 0),
        )
        for key in sorted(scores, key=lambda key: -scores[key])[:limit]
    ]


def _cover(wanted: set[str], passage: Passage) -> float:
    return len(wanted.intersection(terms(passage.context))) / len(wanted) if wanted else 0.0


class RetrieverBySize:
    """Implements Retriever: the exact copy for organizations of at most `most` passages, the stores for larger ones."""

    def __init__(self, watch: KnowledgeWatch, small: Retriever, large: Retriever, most: int) -> None:
        self._watch = watch
        self._small = small
        self._large = large
        self._most = most

    async def retrieve(self, organization: OrganizationId, vector: Vector | None, text: str | None, limit: int) -> Findings:
        state = await self._watch.state(organization)
        chosen = self._small if state.passages <= self._most else self._large
        return await chosen.retrieve(organization, vector, text, limit)
