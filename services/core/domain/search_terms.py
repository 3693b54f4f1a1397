"""Words that a store of texts does not see in messages: in scripts without spaces, numbers written in other ways, and words by
their beginnings.
"""

import re
import unicodedata
from collections.abc import Iterator

from kit.text import without_accents

MAX_TERMS = 2_000
"""Of one message. A longer one is found by its beginning."""
_MIN_DIGITS = 4
"""A shorter number inside a word says little."""

_TAIL = 7
"""The last digits of a longer number: a phone number is written with and without its country's code."""
MAX_WORDS = 1_000
"""Of one message, that are found by their beginnings."""
MAX_WORD = 40
"""A longer word is found by its first letters."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese and Japanese
    "\uac00-\ud7af"  # Korean, whose particles have no space
)
_RUN = re.compile(f"[{_UNSPACED}]+")
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(rf"(?<!\d)\d{{{_MIN_DIGITS},}}(?!\d)")
_GROUPS = re.compile(r"(?<![\w.,])\d{1,4}(?:[ \u00a0\u2009\u202f.,'’/-]\d{2,4})+(?![\w])")


def search_terms(text: str) -> str:
    """The additional words of a text, or of a query, with spaces between; "" for most."""
    terms = dict.fromkeys(_terms(unicodedata.normalize("NFKC", text), set(_WORD.findall(text))))
    return " ".join(list(terms)[:MAX_TERMS])


def search_words(text: str) -> list[str]:
    """The words of a text, and its additional ones, as they are found by their beginnings: small letters without accents."""
    return list(dict.fromkeys(word[:MAX_WORD] for word in _WORD.findall(_folded(f"{text} {search_terms(text)}"))))[:MAX_WORDS]


def beginnings(query: str) -> list[str]:
    """The beginnings of words that a query ends with, because it is still being typed. None in a query with `"` or `-word`."""
    if '"' in query or query != query.rstrip() or re.search(r"(?:^|\s)-\w", query):
        return []
    if group := [re.sub(r"\D", "", found[0]) for found in _GROUPS.finditer(query) if found.end() == len(query)]:
        return group
    plain = unicodedata.normalize("NFKC", query)
    run = _RUN.findall(plain)[-1:]
    last = plain[-2:] if run and plain.endswith(run[0]) and len(run[0]) > 1 else plain
    return [word[:MAX_WORD] for word in _WORD.findall(_folded(last))[-1:]]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", without_accents(text.casefold()))


def _terms(plain: str, known: set[str]) -> Iterator[str]:
    for run in _RUN.findall(plain):
        yield from (run[at : at + 2] for at in range(len(run) - 1)) if len(run) > 1 else (run,)
    for number in _DIGITS.findall(plain):
        if number not in known:
            yield number
        yield from _tail(number)
    for number in _GROUPS.findall(plain):
        digits = re.sub(r"\D", "", number)
        yield digits
        yield from _tail(digits)


def _tail(number: str) -> Iterator[str]:
    if len(number) > _TAIL:
        yield number[-_TAIL:]
