"""Misspelt words: the neighbour of a word in the vocabulary."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

MIN_LENGTH = 4
"""Shorter words have too many neighbours."""
LONG = 8
"""Words of at least so many letters may have two mistakes, others one."""


class Spellings:
    """The words of a vocabulary, to find the one that was meant. It only grows."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in words:
            self.add(word)

    def add(self, word: str) -> None:
        """Adds a word that is not there yet."""
        if len(word) >= MIN_LENGTH - 1:
            self._words[word[0], len(word)].append(word)

    def nearest(self, word: str, holders: Callable[[str], int] = lambda _: 1) -> str | None:
        """The word that `word` is probably a misspelling of: it begins with the same letter, and differs by one letter left
        out, added, changed or swapped with its neighbour, or by two if it is long. None: there is none.

        `holders`: how many passages have a word; of words that are equally near the most common one is meant."""
        if len(word) < MIN_LENGTH or not word.isalpha():
            return None
        mistakes = 2 if len(word) >= LONG else 1
        near: list[tuple[float, int, str]] = []
        for length in range(len(word) - mistakes, len(word) + mistakes + 1):
            choices = self._words.get((word[0], length), ())
            found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=mistakes, processor=None, limit=None)
            near += [(distance, -count, known) for known, distance, _ in found if (count := holders(known))]
        return min(near)[2] if near else None
