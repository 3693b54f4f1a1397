"""An organization's copy: its parts, searched together for keywords, and for near vectors where it has them."""

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kit.words import stem
from services.memory.adapters.parts import Bools, Floats, Ints, Part, Vocabulary, merged
from services.memory.domain.documents import DocumentId, EditionId, Passage, edition_of, key_of
from services.memory.domain.ranking import FRAMING, Place, words
from services.memory.ports import Vector

SATURATION = 1.2
LENGTH_PART = 0.75
WORD_BYTES = 190
"""About what a word of the vocabulary takes."""
MIN_WORDS = 10_000
"""A vocabulary of fewer words is never worn."""
DEAD_PART = 4
"""A part is made again when more than one of so many of its rows are of former editions."""


@dataclass(frozen=True, slots=True)
class ByWords:
    """All passages ranked by their words."""

    scores: Floats
    """The BM25 score of each row."""
    cover: Floats
    """The share of the query's words that each row has, rare ones weighing more."""
    known: float
    """The share of the query's words that any passage has."""
    unknown: tuple[str, ...]
    """The others, as written."""

    def best(self, limit: int) -> Ints:
        """The rows with the most of the words, not in order; rows without any are left out."""
        rows = np.flatnonzero(self.scores)
        if len(rows) > limit:
            rows = rows[np.argpartition(self.scores[rows], -limit)[-limit:]]
        return rows.astype(np.int32)


@dataclass(frozen=True)
class Copy:
    """An organization's knowledge of one version. Rows are numbered over all parts. It never changes."""

    version: int
    model: str
    """The model that made its vectors."""
    vocabulary: Vocabulary
    parts: tuple[Part, ...]
    lives: tuple[Bools, ...]
    """For each part, which of its rows are of published editions."""

    @cached_property
    def total(self) -> int:
        """How many live rows there are."""
        return sum(int(np.count_nonzero(live)) for live in self.lives)

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """The number of each part's first row, and of all."""
        return tuple(np.cumsum([0, *map(len, self.parts)]).tolist())

    @cached_property
    def has_vectors(self) -> bool:
        """Whether it can answer semantic search alone."""
        return all(part.signs is not None for part in self.parts)

    @cached_property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        return sum(part.nbytes + 5 * len(part) for part in self.parts) + WORD_BYTES * len(self.vocabulary.numbers)

    @cached_property
    def is_worn(self) -> bool:
        """Whether most words of its vocabulary, which only grows, are in no passage any more: it is to be loaded afresh."""
        words = len(self.vocabulary.numbers)
        if words < MIN_WORDS:
            return False
        used = [np.zeros(0, np.int32), *(part.words for part in self.parts)]
        return words > 2 * len(np.unique(np.concatenate(used)))

    @cached_property
    def _live(self) -> tuple[Bools | None, ...]:
        return tuple(None if live.all() else live for live in self.lives)

    @cached_property
    def _norms(self) -> tuple[Floats, ...]:
        """How much the length of each row weakens its words."""
        words = sum(float(part.lengths[live].sum()) for part, live in zip(self.parts, self.lives, strict=True))
        mean = max(words / max(self.total, 1), 1.0)
        return tuple(
            (SATURATION * (1 - LENGTH_PART + LENGTH_PART * part.lengths / mean)).astype(np.float32) for part in self.parts
        )

    @cached_property
    def _first_rows(self) -> Mapping[EditionId, int]:
        return {
            held.edition: offset + held.first
            for part, live, offset in zip(self.parts, self.lives, self.offsets, strict=False)
            for held in part.documents
            if live[held.first]
        }

    def versions(self) -> Mapping[DocumentId, int]:
        """The documents it has, and of which versions."""
        pairs = zip(self.parts, self.lives, strict=True)
        return {held.document: held.version for part, live in pairs for held in part.documents if live[held.first]}

    def by_words(self, text: str) -> ByWords:
        """Ranks all rows by BM25. A word that no passage has counts as its neighbour in the vocabulary, if it has one."""
        scores, cover = np.zeros(self.offsets[-1], np.float32), np.zeros(self.offsets[-1], np.float32)
        unknown: list[str] = []
        framing = 0
        total = 0.0
        wanted = {stem(word): word for word in reversed(words(text))}
        for term, word in reversed(wanted.items()):
            having = self._having(term)
            holders = sum(len(rows) for rows, _ in having)
            if not holders:
                near = self.vocabulary.spellings.nearest(term, self._holders)
                having = self._having(near) if near is not None else []
                holders = sum(len(rows) for rows, _ in having)
            if not holders and word in FRAMING:
                framing += 1
                continue
            if not holders:
                unknown.append(word)
                total += math.log(1 + self.total / 0.5)
                continue
            rarity = np.float32(math.log(1 + (self.total - holders + 0.5) / (holders + 0.5)))
            for (rows, counts), norms, offset in zip(having, self._norms, self.offsets, strict=False):
                scores[offset + rows] += rarity * np.float32(SATURATION + 1) * counts / (counts + norms[rows])
                cover[offset + rows] += rarity
            total += float(rarity)
        share = 1 - len(unknown) / (len(wanted) - framing) if len(wanted) > framing else 0.0
        return ByWords(scores, cover / np.float32(total or 1.0), share, tuple(unknown))

    def _having(self, term: str) -> list[tuple[Ints, Floats]]:
        """For each part, the live rows with a word, and how often they have it."""
        number = self.vocabulary.numbers.get(term)
        if number is None:
            return []
        found = []
        for part, live in zip(self.parts, self._live, strict=True):
            where = part.having(number)
            rows, counts = part.rows[where], part.counts[where]
            if live is not None:
                staying = live[rows]
                rows, counts = rows[staying], counts[staying]
            found.append((rows, counts.astype(np.float32)))
        return found

    def _holders(self, term: str) -> int:
        return sum(len(rows) for rows, _ in self._having(term))

    def compares(self, vector: Vector) -> bool:
        """Whether any of its vectors can be compared with this one."""
        return any(part.signs is not None and part.signs.bytes.shape[1] == len(vector) for part in self.parts)

    def near(self, vector: Vector) -> Ints:
        """The rows that may be nearest to a vector."""
        found = [
            offset + part.signs.nearest(vector, live)
            for part, live, offset in zip(self.parts, self._live, self.offsets, strict=False)
            if part.signs is not None and part.signs.bytes.shape[1] == len(vector)
        ]
        return np.concatenate([np.zeros(0, np.int32), *found])

    def cosines(self, vector: Vector, rows: Ints) -> Floats:
        """How near some rows are to a vector, rows ascending."""
        bounds = np.searchsorted(rows, self.offsets)
        found = [
            part.signs.cosines(vector, rows[begin:end] - offset)
            if part.signs is not None and part.signs.bytes.shape[1] == len(vector)
            else np.zeros(end - begin, np.float32)
            for part, offset, begin, end in zip(self.parts, self.offsets, bounds, bounds[1:], strict=False)
        ]
        return np.concatenate([np.zeros(0, np.float32), *found])

    def row_of(self, key: str) -> int | None:
        """The row of a passage; None: it is not published."""
        first = self._first_rows.get(edition_of(key))
        return None if first is None else first + int(key.rpartition("-")[2])

    def place_of(self, row: int) -> Place:
        """Where the passage of a row stands."""
        part, row = self._part_of(row)
        held = part.held(row)
        return Place(held.document, row - held.first)

    def key_of(self, row: int) -> str:
        """The key of the passage of a row."""
        part, row = self._part_of(row)
        held = part.held(row)
        return key_of(held.edition, row - held.first)

    def passage_of(self, row: int) -> Passage | None:
        """The passage of a row; None: its text is not here."""
        part, row = self._part_of(row)
        return part.passages[row] if part.passages is not None else None

    def _part_of(self, row: int) -> tuple[Part, int]:
        at = bisect_right(self.offsets, row) - 1
        return self.parts[at], row - self.offsets[at]


def updated(former: Copy, version: int, fresh: Part, versions: Mapping[DocumentId, int]) -> Copy:
    """The copy of another version: of former parts, what is still published, and what is fresh. Small parts are merged with
    it, so that there are never many."""
    pool, kept = ([(fresh, np.ones(len(fresh), np.bool_))] if len(fresh) else []), list[tuple[Part, Bools]]()
    for part in sorted(former.parts, key=len):
        live = _live(part, versions)
        dead = len(part) - int(np.count_nonzero(live))
        if len(part) <= 2 * sum(len(one) for one, _ in pool) or dead * DEAD_PART > len(part):
            pool.append((part, live))
        else:
            kept.append((part, live))
    if len(pool) == 1 and pool[0][1].all():
        kept += pool
    elif pool:
        one = merged([part for part, _ in pool], [live for _, live in pool])
        kept += [(one, np.ones(len(one), np.bool_))] if len(one) else []
    parts, lives = tuple(part for part, _ in kept), tuple(live for _, live in kept)
    return Copy(version, former.model, former.vocabulary, parts, lives)


def empty(model: str) -> Copy:
    """A copy of nothing, of vectors of a model."""
    return Copy(0, model, Vocabulary(), (), ())


def _live(part: Part, versions: Mapping[DocumentId, int]) -> Bools:
    lives = [versions.get(held.document) == held.version for held in part.documents]
    return np.repeat(np.array(lives, np.bool_), [held.passages for held in part.documents])
