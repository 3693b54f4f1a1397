"""Asks the stores about a query: Chroma for the nearest vectors, MongoDB for passages with its words."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from services.memory.domain.documents import Passage
from services.memory.ports import Knowledge, KnowledgeState, Vector, VectorLag, Vectors

NEAREST = 64
WORDED = 24
MAX_FRESH = 1_000
"""More passages than that are not compared one by one: until the index has them, it is honest to say that it lags."""


@dataclass(frozen=True, slots=True)
class Found:
    """The result of asking the stores."""

    passages: Sequence[Passage]
    cosines: dict[str, float] | None
    """How near each passage is, by its key; None: that ranking failed, or was not asked for."""
    lexical_failed: bool
    """Whether MongoDB didn't answer in time."""


class Stores:
    """Asks the stores. Whatever Chroma returns, only what PostgreSQL says is published is found."""

    def __init__(self, knowledge: Knowledge, vectors: Vectors, lag: VectorLag) -> None:
        self._knowledge = knowledge
        self._vectors = vectors
        self._lag = lag

    async def find(
        self, organization: OrganizationId, state: KnowledgeState, vector: Vector | None, text: str | None, model: str
    ) -> Found:
        """The passages nearest to a vector, and those with words of a text.

        Raises StoreUnavailable where neither can be said."""
        near, worded = await asyncio.gather(
            self.near(organization, state, vector, model), self._worded(organization, state, text)
        )
        if near is None and worded is None and text is not None:
            raise StoreUnavailable("mongo", "neither semantic nor keyword search answers")
        passages = {passage.key: passage for passage in worded or ()}
        if missing := [key for key in near or () if key not in passages]:
            passages.update(await self._knowledge.find(organization, missing, state.version))
            near = {key: cosine for key, cosine in near.items() if key in passages} if near is not None else None
        if near is not None and vector is not None:
            near |= await self.cosines(organization, vector, model, [key for key in passages if key not in near])
        return Found(list(passages.values()), near, text is not None and worded is None)

    async def near(
        self, organization: OrganizationId, state: KnowledgeState, vector: Vector | None, model: str
    ) -> dict[str, float] | None:
        """The keys nearest to a vector with their cosines, some no longer published; None: that can't be said."""
        if vector is None:
            return None
        try:
            near, fresh = await asyncio.gather(
                self._vectors.nearest(organization, vector, NEAREST, model), self._fresh(organization, state, vector, model)
            )
        except StoreUnavailable:
            return None
        if near is None and model == self._vectors.model:  # the collection is gone: have it rebuilt
            await self._lag.mark(organization, self._vectors.index, 0)
        if near is None or fresh is None:
            return None
        nearest = sorted((dict(near) | fresh).items(), key=lambda pair: -pair[1])
        return dict(nearest[:NEAREST])

    async def cosines(self, organization: OrganizationId, vector: Vector, model: str, keys: Sequence[str]) -> dict[str, float]:
        """How near passages are to a vector; those that the model made no vector of, or that can't be read, are left out."""
        try:
            found = await self._knowledge.vectors(organization, keys, model) if keys else {}
        except StoreUnavailable:
            return {}
        return {key: float(one @ vector) for key, one in found.items() if len(one) == len(vector)}

    async def _fresh(
        self, organization: OrganizationId, state: KnowledgeState, vector: Vector, model: str
    ) -> dict[str, float] | None:
        """Passages that the index has not taken over yet, compared here; None: too many for that."""
        synced = state.synced.get(self._vectors.index, 0)
        found: dict[str, float] = {}
        if synced >= state.version or model != self._vectors.model:  # a former index gets nothing more
            return found
        async for batch in self._lag.changed(organization, synced):
            for item in batch:
                if item.model == model and len(item.vector) == len(vector):
                    found[item.passage.key] = float(item.vector @ vector)
            if len(found) > MAX_FRESH:
                return None
        return found

    async def _worded(self, organization: OrganizationId, state: KnowledgeState, text: str | None) -> Sequence[Passage] | None:
        if text is None:
            return None
        try:
            found = await self._knowledge.search_words(organization, text, WORDED, state.version)
        except StoreUnavailable:
            return None
        return [passage for passage, _ in found]
