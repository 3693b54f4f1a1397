"""The words of texts, as they are compared: without case, accents and English endings."""

import re
from collections.abc import Collection
from functools import lru_cache

from kit.text import without_accents

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def words(text: str, without: Collection[str] = ()) -> list[str]:
    """The words of a text, in order, in lower case and without accents, except those of `without`. Numbers and codes stay."""
    folded = text.casefold()
    if not folded.isascii():
        folded = without_accents(folded)
    return [word for word in _WORD.findall(folded) if word not in without]


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
