"""Parts of an organization's copy: the words and vectors of some documents' passages, in arrays.

A passage takes about 400 bytes for its words and 440 for its vector: a byte for each dimension, and a bit for a first look. No
object is kept for it. A part never changes; parts are merged into larger ones.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.memory.domain.documents import DocumentId, EditionId, Passage
from services.memory.domain.ranking import terms
from services.memory.domain.spelling import Spellings
from services.memory.ports import Embedded, Vector

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
T = TypeVar("T", bound=np.generic)

TITLE_WEIGHT = 1
HEADING_WEIGHT = 1
MAX_COUNT = 255
FIRST_LOOK = 4_096
"""In parts of more passages, signs of the vectors are compared first, and whole vectors for the best of them."""
SECOND_LOOK = 1_024
CHUNK = 512
"""Vectors turned into floats at a time: they stay in the processor's cache."""


class Vocabulary:
    """The words of an organization's passages, by number. It only grows."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.spellings = Spellings()

    def number(self, word: str) -> int:
        """The number of a word, a new one if it has none."""
        known = self.numbers.get(word)
        if known is None:
            known = self.numbers[word] = len(self.numbers)
            self.spellings.add(word)
        return known


@dataclass(frozen=True, slots=True)
class Held:
    """A document in a part: its passages are the `passages` rows from `first` on, in their order."""

    document: DocumentId
    edition: EditionId
    version: int
    """The knowledge version at which it last changed."""
    first: int
    passages: int


@dataclass(frozen=True, slots=True)
class Signs:
    """Vectors by a byte for each dimension, and by the sign of each."""

    bytes: NDArray[np.int8]
    scales: Floats
    """The factor of each vector's bytes."""
    center: Floats
    """The mean, which signs are relative to."""
    bits: NDArray[np.uint64]
    """A row for each 64 dimensions."""

    @classmethod
    def of(cls, bytes: NDArray[np.int8], scales: Floats) -> Self:
        """Takes the signs, where there are enough vectors to need them."""
        width = bytes.shape[1]
        if len(bytes) <= FIRST_LOOK:
            return cls(bytes, scales, np.zeros(width, np.float32), np.zeros((0, 0), np.uint64))
        total = np.zeros(width, np.float32)
        for start in range(0, len(bytes), CHUNK):
            total += scales[start : start + CHUNK] @ bytes[start : start + CHUNK].astype(np.float32)
        center = total / np.float32(len(bytes))
        bits = np.zeros((len(bytes), -(-width // 64)), np.uint64)
        for start in range(0, len(bytes), CHUNK):
            part = slice(start, start + CHUNK)
            bits[part] = _packed(bytes[part] * scales[part, None] > center)
        return cls(bytes, scales, center, np.ascontiguousarray(bits.T))

    @property
    def nbytes(self) -> int:
        """How much memory they take."""
        return self.bytes.nbytes + self.scales.nbytes + self.bits.nbytes

    def nearest(self, vector: Vector, live: Bools | None) -> Ints:
        """The rows that are worth a second look: all of a few, of many those with the most signs in common."""
        if not len(self.bits):
            rows = np.arange(len(self.bytes), dtype=np.int32)
            return rows if live is None else rows[live]
        wanted = _packed((vector > self.center)[None])[0]
        differing = np.zeros(len(self.bytes), np.uint16)
        for row, bits in zip(self.bits, wanted, strict=True):
            differing += np.bitwise_count(row ^ bits)
        if live is not None:
            differing[~live] = np.iinfo(np.uint16).max
        rows = np.argpartition(differing, SECOND_LOOK)[:SECOND_LOOK].astype(np.int32)
        return rows if live is None else rows[live[rows]]

    def cosines(self, vector: Vector, rows: Ints) -> Floats:
        """How near some rows are to a vector."""
        found = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            found[start : start + CHUNK] = self.bytes[part].astype(np.float32) @ vector
        return found * self.scales[rows]


def _packed(signs: Bools) -> NDArray[np.uint64]:
    spare = -signs.shape[1] % 64
    return np.packbits(np.pad(signs, ((0, 0), (0, spare))), axis=1).view(np.uint64)


@dataclass(frozen=True, slots=True)
class Part:
    """Some documents' passages, each a row."""

    documents: tuple[Held, ...]
    firsts: Sequence[int]
    """The first row of each document."""
    lengths: Floats
    """How many words each row has."""
    words: Ints
    """The numbers of the words that its rows have, ascending."""
    starts: Ints
    """Where the rows of each of them begin; one more at the end."""
    rows: Ints
    counts: NDArray[np.uint8]
    """How often each of `rows` has the word."""
    signs: Signs | None
    """None: vectors are kept elsewhere."""
    passages: tuple[Passage | None, ...] | None
    """The texts; None: they are kept elsewhere."""

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        arrays = sum(array.nbytes for array in (self.lengths, self.words, self.starts, self.rows, self.counts))
        texts = sum(_PASSAGE_BYTES + len(p.text) + len(p.heading) for p in self.passages or () if p is not None)
        return arrays + (self.signs.nbytes if self.signs else 0) + texts + _DOCUMENT_BYTES * len(self.documents)

    def having(self, word: int) -> slice:
        """Where in `rows` those that have a word are."""
        at = int(np.searchsorted(self.words, word))
        if at == len(self.words) or self.words[at] != word:
            return slice(0, 0)
        return slice(int(self.starts[at]), int(self.starts[at + 1]))

    def held(self, row: int) -> Held:
        """The document of a row."""
        return self.documents[bisect_right(self.firsts, row) - 1]


_PASSAGE_BYTES = 900
"""About what the objects around a passage take, on top of its text."""
_DOCUMENT_BYTES = 400


class PartBuilder:
    """Counts the words of passages, batch by batch. The texts need not stay in memory meanwhile."""

    def __init__(self, vocabulary: Vocabulary, model: str, *, vectors: bool, texts: bool) -> None:
        self._vocabulary = vocabulary
        self._model = model
        self._vectors = vectors
        self._texts = texts
        self._keys: list[tuple[DocumentId, EditionId, int]] = []
        self._numbers: list[Ints] = []
        self._counts: list[NDArray[np.uint8]] = []
        self._sizes: list[int] = []
        self._bytes: list[NDArray[np.int8]] = []
        self._scales: list[Floats] = []
        self._passages: list[Passage] = []

    def add(self, items: Sequence[Embedded]) -> None:
        """Adds a batch, in any order."""
        numbers: list[int] = []
        occurrences: list[int] = []
        for item in items:
            passage = item.passage
            self._keys.append((passage.document, passage.edition, passage.ordinal))
            counts = Counter(terms(passage.text))
            for weight, text in ((HEADING_WEIGHT, passage.heading), (TITLE_WEIGHT, passage.title)):
                for word in terms(text):
                    counts[word] += weight
            numbers.extend(map(self._vocabulary.number, counts))
            occurrences.extend(counts.values())
            self._sizes.append(len(counts))
        self._numbers.append(np.array(numbers, np.int32))
        self._counts.append(np.minimum(np.array(occurrences, np.int64), MAX_COUNT).astype(np.uint8))
        if self._texts:
            self._passages += [item.passage for item in items]
        if self._vectors:
            self._add_vectors(items)

    def _add_vectors(self, items: Sequence[Embedded]) -> None:
        width = next((len(item.vector) for item in items if item.model == self._model), 0)
        vectors = np.zeros((len(items), width), np.float32)
        for row, item in enumerate(items):
            if item.model == self._model and len(item.vector) == width:
                vectors[row] = item.vector
        scales = np.abs(vectors).max(axis=1, initial=0.0) / np.float32(127)
        self._bytes.append(np.rint(vectors / np.where(scales, scales, 1)[:, None]).astype(np.int8))
        self._scales.append(scales.astype(np.float32))

    def build(self, versions: dict[DocumentId, int]) -> Part:
        """The part. A passage that its document lost is an empty row."""
        sizes: dict[tuple[DocumentId, EditionId], int] = {}
        for document, edition, ordinal in self._keys:
            sizes[document, edition] = max(sizes.get((document, edition), 0), ordinal + 1)
        held, first = [], 0
        for document, edition in sorted(sizes):
            held.append(Held(document, edition, versions[document], first, sizes[document, edition]))
            first += sizes[document, edition]
        firsts = {one.edition: one.first for one in held}
        places = np.array([firsts[edition] + ordinal for _, edition, ordinal in self._keys], np.int32)
        rows = np.repeat(places, np.array(self._sizes, np.int32))
        passages: list[Passage | None] = [None] * first
        for place, passage in zip(places.tolist(), self._passages, strict=False):
            passages[place] = passage
        return _part(
            tuple(held),
            first,
            _joined(self._numbers, np.int32),
            rows,
            _joined(self._counts, np.uint8),
            self._placed(places, first),
            tuple(passages) if self._texts else None,
        )

    def _placed(self, places: Ints, total: int) -> Signs | None:
        if not self._vectors:
            return None
        width = max((part.shape[1] for part in self._bytes), default=0)
        bytes, scales, at = np.zeros((total, width), np.int8), np.zeros(total, np.float32), 0
        for part, some in zip(self._bytes, self._scales, strict=True):
            to, at = places[at : at + len(part)], at + len(part)
            if part.shape[1] == width:
                bytes[to], scales[to] = part, some
        return Signs.of(bytes, scales)


def merged(parts: Sequence[Part], lives: Sequence[Bools]) -> Part:
    """One part of several, without the rows that are not live."""
    documents: list[Held] = []
    rows, numbers, counts, firsts, passages = [], [], [], 0, list[Passage | None]()
    for part, live in zip(parts, lives, strict=True):
        moved = (np.cumsum(live, dtype=np.int32) - 1 + firsts).astype(np.int32)
        staying = live[part.rows]
        rows.append(moved[part.rows[staying]])
        numbers.append(np.repeat(part.words, np.diff(part.starts))[staying])
        counts.append(part.counts[staying])
        documents += [
            Held(one.document, one.edition, one.version, int(moved[one.first]), one.passages)
            for one in part.documents
            if live[one.first]
        ]
        firsts += int(np.count_nonzero(live))
        passages += [one for one, stays in zip(part.passages or (), live, strict=False) if stays]
    texts = tuple(passages) if all(part.passages is not None for part in parts) else None
    return _part(
        *(tuple(documents), firsts, _joined(numbers, np.int32), _joined(rows, np.int32), _joined(counts, np.uint8)),
        *(_signs(parts, lives), texts),
    )


def _signs(parts: Sequence[Part], lives: Sequence[Bools]) -> Signs | None:
    kept = [(part.signs, live) for part, live in zip(parts, lives, strict=True) if part.signs is not None]
    if len(kept) < len(parts):
        return None
    width = max(signs.bytes.shape[1] for signs, _ in kept)
    bytes = [
        signs.bytes[live] if signs.bytes.shape[1] == width else np.zeros((np.count_nonzero(live), width), np.int8)
        for signs, live in kept
    ]
    return Signs.of(np.concatenate(bytes), np.concatenate([signs.scales[live] for signs, live in kept]))


def _part(
    documents: tuple[Held, ...],
    total: int,
    numbers: Ints,
    rows: Ints,
    counts: NDArray[np.uint8],
    signs: Signs | None,
    passages: tuple[Passage | None, ...] | None,
) -> Part:
    """Turns words by passage into passages by word."""
    lengths = np.bincount(rows, weights=counts, minlength=total).astype(np.float32)
    order = np.lexsort((rows, numbers)).astype(np.int32)
    numbers = numbers[order]
    words, starts = np.unique(numbers, return_index=True)
    ends: Ints = np.append(starts, len(numbers)).astype(np.int32)
    firsts = [held.first for held in documents]
    return Part(documents, firsts, lengths, words.astype(np.int32), ends, rows[order], counts[order], signs, passages)


def _joined(arrays: Sequence[NDArray[T]], kind: type[T]) -> NDArray[T]:
    return np.concatenate([np.zeros(0, kind), *arrays])
