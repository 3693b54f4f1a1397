"""How passages are ranked: the words of a text, and the fusion of two rankings."""

import re
import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

DEPTH = 50
"""How far down each ranking is looked at."""
RANK_OFFSET = 60
"""Reciprocal rank fusion: how slowly the weight of a place falls. 60 is what its authors found, and nobody better."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOP_TEXT = """
a about am an and any are as at be been but by can could did do does for from get had has have how i if in into is it its just
me my no of on or our please should so some that the their them then there these they this to too us was we were what when
where which who why will with would you your i'm i've don't it's
"""
_STOP = frozenset(_STOP_TEXT.split())


def words(text: str) -> list[str]:
    """The meaningful words of a text, in order, in lower case and without accents. Numbers and codes stay."""
    folded = text.casefold()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return [word for word in _WORD.findall(folded) if word not in _STOP]


def terms(text: str) -> list[str]:
    """The meaningful words of a text without their English endings: what two texts are compared by."""
    return [stem(word) for word in words(text)]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its English ending, lightly: plural s, -ed, -ing. Words with digits stay as they are."""
    word = word.replace("’", "'").removesuffix("'s")
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= 3 and any(vowel in base for vowel in "aeiouy"):
            if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lsz":
                base = base[:-1]
            return base.removesuffix("e")
    return word.removesuffix("e") if len(word) > 4 else word


Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Fused:
    """A place in the fused ranking: the score (0 to 1, 1 is first everywhere), and its places in each, 0 where absent."""

    score: float
    dense_rank: int
    lexical_rank: int


def fuse(dense: Sequence[Key] | None, lexical: Sequence[Key] | None, limit: int) -> list[tuple[Key, Fused]]:
    """Fuses two rankings by reciprocal rank; None is a ranking that was not made, and then the other one rules alone."""
    places: dict[Key, list[int]] = {}
    for column, ranking in enumerate((dense, lexical)):
        for place, key in enumerate(ranking or (), start=1):
            places.setdefault(key, [0, 0])[column] = place
    best = sum(1.0 / (RANK_OFFSET + 1) for ranking in (dense, lexical) if ranking is not None)
    fused = [
        (key, Fused(sum(1.0 / (RANK_OFFSET + place) for place in pair if place) / best, pair[0], pair[1]))
        for key, pair in places.items()
    ]
    # Equal scores: the one that is nearer by meaning first, so that the order never depends on chance.
    fused.sort(key=lambda item: (-item[1].score, item[1].dense_rank or DEPTH + 1))
    return fused[:limit]
