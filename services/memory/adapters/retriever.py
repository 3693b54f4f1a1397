"""Search, one way for organizations of any size: candidates first, then the same scores for each.

Where an organization's copy has its vectors, it answers alone. Of larger organizations it has the words, and Chroma the
vectors. While there is no copy, MongoDB's text search finds words, with less exact scores.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kit.ids import OrganizationId
from services.memory.adapters.copies import ByWords, Copy
from services.memory.adapters.exact import Copies
from services.memory.adapters.parts import Floats, Ints
from services.memory.adapters.stores import Stores
from services.memory.adapters.watch import KnowledgeWatch
from services.memory.domain.documents import Passage
from services.memory.domain.models import EmbeddingModel, embedding_model
from services.memory.domain.ranking import Place, fuse, spread, terms, word_strength
from services.memory.ports import Findings, Hit, Knowledge, KnowledgeState, Vector

DEPTH = 4
"""How many times as many passages as are asked for are looked at, to find some of other documents."""
WORDED = 32
"""Candidates that have the most of the words."""


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Passages worth ranking, by number, with what is known of each; None: that ranking was not made."""

    cosines: Floats | None
    """0 for passages without a vector of the model."""
    lexical: Floats | None
    """Any measure of the words that each has."""
    cover: Floats | None
    strength: Floats | None
    """`lexical` made comparable."""

    def ranked(self, model: EmbeddingModel, place: Callable[[int], Place], limit: int) -> list[tuple[int, float]]:
        """The best, with their scores."""
        relevance = None
        if self.cosines is not None:
            relevance = (self.cosines - np.float32(model.unrelated)) / np.float32(model.same - model.unrelated)
            relevance = np.where(self.cosines, relevance, np.float32(0))
        scores = fuse(relevance, self.strength)
        numbers = np.argsort(-scores, kind="stable")[: limit * DEPTH].tolist()
        if self.cosines is None and self.lexical is not None:
            numbers = [number for number in numbers if self.lexical[number]]
        places = {number: place(number) for number in numbers}
        numbers.sort(key=lambda number: (-scores[number], places[number].document, places[number].ordinal))
        chosen = spread([places[number] for number in numbers], [float(scores[number]) for number in numbers], limit)
        return [(numbers[at], min(1.0, max(0.0, float(scores[numbers[at]])))) for at in chosen]

    def hit(self, passage: Passage, score: float, number: int, lexical: Floats | None) -> Hit:
        """A candidate as a result. `lexical`: the words of all passages, where they are known."""
        own = self.lexical[number] if self.lexical is not None else np.float32(0)
        near = self.cosines[number] if self.cosines is not None else np.float32(0)
        return Hit(
            passage=passage,
            score=score,
            dense_score=float(near) if near else None,
            lexical_score=min(1.0, float(self.cover[number])) if self.cover is not None else None,
            dense_rank=_rank(self.cosines, near) if self.cosines is not None and near else 0,
            lexical_rank=_rank(lexical, own) if lexical is not None and own else 0,
        )


def _rank(scores: Floats, score: np.float32) -> int:
    return int(np.count_nonzero(scores > score)) + 1


class PassageRetriever:
    """Implements Retriever."""

    def __init__(self, knowledge: Knowledge, watch: KnowledgeWatch, copies: Copies, stores: Stores, model: str) -> None:
        self._knowledge = knowledge
        self._watch = watch
        self._copies = copies
        self._stores = stores
        self._model = model

    async def model(self, organization: OrganizationId) -> str:
        return (await self._watch.state(organization)).former_model or self._model

    async def retrieve(
        self, organization: OrganizationId, vector: Vector | None, text: str | None, limit: int, model: str = ""
    ) -> Findings:
        compared = (model or self._model) if vector is not None else ""
        state = await self._watch.state(organization)
        if not state.passages:
            return Findings([], state.version)
        copy = await self._copies.get(organization, state, compared)
        if copy is None:
            return await self._meanwhile(organization, state, vector, text, limit, compared)
        by_words = copy.by_words(text) if text is not None else None
        rows, cosines = await self._candidates(organization, state, copy, vector, by_words)
        candidates = _Candidates(
            cosines,
            by_words.scores[rows] if by_words is not None else None,
            by_words.cover[rows] if by_words is not None else None,
            _strength(by_words, rows) if by_words is not None else None,
        )
        ranked = candidates.ranked(embedding_model(compared), lambda number: copy.place_of(int(rows[number])), limit)
        passages = {number: copy.passage_of(int(rows[number])) for number, _ in ranked}
        if absent := {copy.key_of(int(rows[number])): number for number, passage in passages.items() if passage is None}:
            found = await self._knowledge.find(organization, list(absent), state.version)
            passages |= {absent[key]: passage for key, passage in found.items()}
        lexical = by_words.scores if by_words is not None else None
        hits = [
            candidates.hit(passage, score, number, lexical)
            for number, score in ranked
            if (passage := passages[number]) is not None
        ]
        unknown = by_words.unknown if by_words is not None else ()
        failed = vector is not None and cosines is None
        return Findings(hits, copy.version, dense_failed=failed, unknown_words=unknown, model=compared)

    async def _candidates(
        self,
        organization: OrganizationId,
        state: KnowledgeState,
        copy: Copy,
        vector: Vector | None,
        by_words: ByWords | None,
    ) -> tuple[Ints, Floats | None]:
        """The rows worth ranking, ascending, and how near in meaning each is."""
        worded = np.sort(by_words.best(WORDED)) if by_words is not None else np.zeros(0, np.int32)
        if vector is None:
            return worded, None
        if copy.has_vectors:
            if not copy.compares(vector):
                return worded, None
            rows = np.concatenate([copy.near(vector), worded])
            rows.sort()
            rows = rows[np.diff(rows, prepend=-1) > 0]
            return rows, copy.cosines(vector, rows)
        keys = {copy.key_of(row): row for row in worded.tolist()}
        near, cosines = await asyncio.gather(
            self._stores.near(organization, state, vector, copy.model),
            self._stores.cosines(organization, vector, copy.model, list(keys)),
        )
        if near is None:
            return worded, None
        by_row = {row: cosines.get(key, 0.0) for key, row in keys.items()}
        by_row |= {row: cosine for key, cosine in near.items() if (row := copy.row_of(key)) is not None}
        rows = np.array(sorted(by_row), np.int32)
        return rows, np.array([by_row[row] for row in rows.tolist()], np.float32)

    async def _meanwhile(
        self,
        organization: OrganizationId,
        state: KnowledgeState,
        vector: Vector | None,
        text: str | None,
        limit: int,
        model: str,
    ) -> Findings:
        """Without a copy. No one knows how rare a word is, so all words weigh the same."""
        found = await self._stores.find(organization, state, vector, text, model)
        passages, near = found.passages, found.cosines
        cosines = np.array([near.get(one.key, 0.0) for one in passages], np.float32) if near is not None else None
        cover = None
        if text is not None and not found.lexical_failed:
            cover = _covers(text, [passage.context for passage in passages])
        candidates = _Candidates(cosines, cover, cover, cover)
        ranked = candidates.ranked(
            embedding_model(model), lambda number: Place(passages[number].document, passages[number].ordinal), limit
        )
        hits = [candidates.hit(passages[number], score, number, cover) for number, score in ranked]
        return Findings(
            hits,
            state.version,
            dense_failed=vector is not None and near is None,
            lexical_failed=found.lexical_failed,
            model=model,
        )


def _strength(by_words: ByWords, rows: Ints) -> Floats:
    best = float(by_words.scores.max(initial=0.0))
    return word_strength(by_words.scores[rows], best, float(by_words.cover.max(initial=0.0)), by_words.known)


def _covers(text: str, contexts: Sequence[str]) -> Floats:
    wanted = set(terms(text))
    shared = [len(wanted.intersection(terms(context))) for context in contexts]
    return np.array(shared, np.float32) / np.float32(len(wanted) or 1)
