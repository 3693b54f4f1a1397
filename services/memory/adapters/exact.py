"""Search by an exact copy of an organization's live passages in this process: every vector compared, BM25 over every word.

For organizations of up to some thousand passages this is faster than asking any store, and exact. The copy is loaded from the
truth at the first search, and brought up to date whenever the knowledge version has changed, by the documents that did.
"""

import asyncio
import math
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kit.ids import OrganizationId
from kit.metrics import Lookups
from services.memory.adapters.watch import KnowledgeWatch
from services.memory.domain.documents import DocumentId, Passage
from services.memory.domain.ranking import LEXICAL_PART, terms
from services.memory.ports import Embedded, Findings, Hit, Knowledge, KnowledgeState, Vector

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

SATURATION = 1.2
LENGTH_PART = 0.75
TITLE_WEIGHT = 1.0
HEADING_WEIGHT = 1.0
PASSAGE_OVERHEAD_BYTES = 900
"""About what the objects around a passage take, on top of its text."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """One document's passages with their vectors and counted words."""

    version: int
    passages: list[Passage]
    vectors: Floats
    numbers: Ints
    """The words of all its passages, one passage after the other, by their number in the vocabulary."""
    counts: Floats
    """How often each of them occurs in its passage."""
    sizes: Ints
    """How many different words each passage has."""


@dataclass
class _Copy:
    """An organization's knowledge of one version, ready to be searched."""

    version: int = 0
    vocabulary: dict[str, int] = field(default_factory=dict)
    segments: dict[DocumentId, _Segment] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)
    matrix: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    starts: Ints = field(default_factory=lambda: np.zeros(1, np.int32))
    """Where the postings of each word begin."""
    rows: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    weights: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    rarity: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    size: int = 0
    """About how many bytes it takes."""

    def rank_words(self, text: str) -> tuple[Floats, Floats]:
        """Per passage: its BM25 score, and the share of the query's words it has, rare ones weighing more."""
        scores = np.zeros(len(self.passages), np.float32)
        cover = np.zeros(len(self.passages), np.float32)
        unknown = math.log(1 + len(self.passages) / 0.5)
        total = 0.0
        for word in dict.fromkeys(terms(text)):
            number = self.vocabulary.get(word, -1)
            if number < 0 or number + 1 >= len(self.starts) or self.starts[number] == self.starts[number + 1]:
                total += unknown
                continue
            part = slice(self.starts[number], self.starts[number + 1])
            rows, rarity = self.rows[part], self.rarity[number]
            scores[rows] += self.weights[part]
            cover[rows] += rarity
            total += float(rarity)
        return scores, cover / np.float32(total or 1.0)


class ExactRetriever:
    """Implements Retriever. Holds copies of the organizations searched last, within a budget of bytes."""

    def __init__(self, knowledge: Knowledge, watch: KnowledgeWatch, model: str, budget: int = 64 << 20) -> None:
        self._knowledge = knowledge
        self._watch = watch
        self._model = model
        self._budget = budget
        self._copies: OrderedDict[OrganizationId, _Copy] = OrderedDict()
        self.lookups = Lookups()
        """Of copies of the present version."""
        self._loading: dict[OrganizationId, asyncio.Task[_Copy]] = {}

    async def retrieve(self, organization: OrganizationId, vector: Vector | None, text: str | None, limit: int) -> Findings:
        state = await self._watch.state(organization)
        copy = self._copies.get(organization)
        if copy is None or copy.version != state.version:
            self.lookups.misses += 1
            copy = await self._fresh(organization, state)
        else:
            self.lookups.hits += 1
            self._copies.move_to_end(organization)
        return Findings(_search(copy, vector, text, limit), copy.version)

    @property
    def held(self) -> int:
        """About how many bytes all copies take."""
        return sum(copy.size for copy in self._copies.values())

    async def _fresh(self, organization: OrganizationId, state: KnowledgeState) -> _Copy:
        """Loads or updates a copy; callers at the same time wait for the same loading."""
        while True:
            task = self._loading.get(organization)
            if task is None:
                task = asyncio.create_task(self._load(organization, state))
                self._loading[organization] = task
                task.add_done_callback(lambda _: self._loading.pop(organization, None))
            # A caller that gives up must not take the loading away from the others.
            copy = await asyncio.shield(task)
            if copy.version >= state.version:  # else it was begun for an older state
                return copy

    async def _load(self, organization: OrganizationId, state: KnowledgeState) -> _Copy:
        former = self._copies.get(organization) or _Copy()
        versions = await self._knowledge.segments(organization)
        kept = {id: s for id, s in former.segments.items() if versions.get(id) == s.version}
        wanted = [id for id in versions if id not in kept]
        found: dict[DocumentId, list[Embedded]] = {}
        if wanted:
            async for batch in self._knowledge.passages(organization, wanted):
                for item in batch:
                    found.setdefault(item.passage.document, []).append(item)
        # The vocabulary only grows: start afresh when nothing is kept.
        vocabulary = former.vocabulary if kept else {}
        copy = await asyncio.to_thread(_build, state.version, dict(vocabulary), kept, found, dict(versions), self._model)
        self._keep(organization, copy)
        return copy

    def _keep(self, organization: OrganizationId, copy: _Copy) -> None:
        self._copies[organization] = copy
        self._copies.move_to_end(organization)
        while self.held > self._budget and len(self._copies) > 1:
            self._copies.popitem(last=False)


def _search(copy: _Copy, vector: Vector | None, text: str | None, limit: int) -> list[Hit]:
    """The same sums as `ranking.fuse` and `ranking.word_strength`, over all passages at once."""
    if not copy.passages:
        return []
    dense = copy.matrix @ vector if vector is not None and copy.matrix.shape[1] == len(vector) else None
    words, cover = copy.rank_words(text) if text is not None else (None, None)
    if words is None or cover is None:
        score = dense
    else:
        best = float(words.max())
        strength = words * np.float32(float(cover.max()) / best) if best > 0 else words
        score = strength if dense is None else (1 - LEXICAL_PART) * dense + LEXICAL_PART * strength
    if score is None:
        return []
    hits = []
    for row in _top(score, limit):
        if dense is None and words is not None and not words[row]:
            break
        hits.append(
            Hit(
                passage=copy.passages[row],
                score=max(0.0, float(score[row])),
                dense_score=float(dense[row]) if dense is not None else None,
                lexical_score=min(1.0, float(cover[row])) if cover is not None else None,
                dense_rank=_rank(dense, row) if dense is not None else 0,
                lexical_rank=_rank(words, row) if words is not None and words[row] else 0,
            )
        )
    return hits


def _top(scores: Floats, limit: int) -> list[int]:
    if len(scores) > 4 * limit:
        best = np.argpartition(scores, -limit)[-limit:]
        return best[np.argsort(-scores[best], kind="stable")].tolist()  # type: ignore[no-any-return]
    return np.argsort(-scores, kind="stable")[:limit].tolist()  # type: ignore[no-any-return]


def _rank(scores: Floats, row: int) -> int:
    return int(np.count_nonzero(scores > scores[row])) + 1


def _build(
    version: int,
    vocabulary: dict[str, int],
    kept: dict[DocumentId, _Segment],
    found: dict[DocumentId, list[Embedded]],
    versions: dict[DocumentId, int],
    model: str,
) -> _Copy:
    """Runs in a thread: counts the words of new passages and puts all segments together."""
    segments = dict(kept)
    for id, items in found.items():
        segments[id] = _segment(versions[id], sorted(items, key=lambda item: item.passage.ordinal), vocabulary, model)
    copy = _Copy(version=version, vocabulary=vocabulary, segments=segments)
    ordered = [segments[id] for id in sorted(segments)]
    copy.passages = [passage for segment in ordered for passage in segment.passages]
    if not copy.passages:
        return copy
    width = max(segment.vectors.shape[1] for segment in ordered)
    copy.matrix = np.zeros((len(copy.passages), width), np.float32)
    at = 0
    for id in sorted(segments):
        segment = segments[id]
        part = copy.matrix[at : at + len(segment.passages)]
        if segment.vectors.shape[1] == width:
            part[:] = segment.vectors
        segments[id] = replace(segment, vectors=part)  # once in memory, not twice
        at += len(segment.passages)
    _index(copy, ordered)
    texts = sum(len(p.text) + len(p.heading) for p in copy.passages)
    arrays = copy.matrix.nbytes + 2 * copy.rows.nbytes + 2 * copy.weights.nbytes
    copy.size = texts + arrays + PASSAGE_OVERHEAD_BYTES * len(copy.passages) + 120 * len(vocabulary)
    return copy


def _segment(version: int, items: Sequence[Embedded], vocabulary: dict[str, int], model: str) -> _Segment:
    fitting = [item.vector for item in items if item.model == model]
    vectors = np.zeros((len(items), len(fitting[0]) if fitting else 0), np.float32)
    numbers: list[int] = []
    occurrences: list[float] = []
    sizes: list[int] = []
    for row, item in enumerate(items):
        if item.model == model:
            vectors[row] = item.vector
        counts: Counter[str] = Counter(terms(item.passage.text))
        for word in terms(item.passage.heading):
            counts[word] += HEADING_WEIGHT  # type: ignore[assignment]
        for word in terms(item.passage.title):
            counts[word] += TITLE_WEIGHT  # type: ignore[assignment]
        numbers.extend(vocabulary.setdefault(word, len(vocabulary)) for word in counts)
        occurrences.extend(counts.values())
        sizes.append(len(counts))
    return _Segment(
        version,
        [item.passage for item in items],
        vectors,
        np.array(numbers, np.int32),
        np.array(occurrences, np.float32),
        np.array(sizes, np.int32),
    )


def _index(copy: _Copy, segments: Sequence[_Segment]) -> None:
    """Turns words by passage into passages by word, with their BM25 weights."""
    numbers = np.concatenate([segment.numbers for segment in segments])
    counts = np.concatenate([segment.counts for segment in segments])
    sizes = np.concatenate([segment.sizes for segment in segments])
    rows = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    lengths = np.bincount(rows, weights=counts, minlength=len(sizes)).astype(np.float32)
    order = np.argsort(numbers, kind="stable")
    holders = np.bincount(numbers, minlength=len(copy.vocabulary))
    total = len(sizes)
    copy.rarity = np.log(1 + (total - holders + 0.5) / (holders + 0.5)).astype(np.float32)
    copy.starts = np.concatenate([[0], np.cumsum(holders)]).astype(np.int32)
    relative = lengths[rows] / max(float(lengths.mean()), 1.0)
    weights = counts * (SATURATION + 1) / (counts + SATURATION * (1 - LENGTH_PART + LENGTH_PART * relative))
    copy.rows = rows[order]
    copy.weights = (weights * copy.rarity[numbers])[order].astype(np.float32)
