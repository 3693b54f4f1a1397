"""Puts words together that a line's end divided: with their hyphen, where it belongs to the word, and otherwise without."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from services.memory.domain.outline import Block

DIVISION = "\ufffe"
"""Stands where a hyphen stood at a line's end. PDFium writes it, and it is no character."""

# A divided word counts as one that is never looked up, not as two.
_WORD = re.compile(rf"[\w{DIVISION}]+(?:-[\w{DIVISION}]+)*")
_TOKEN = re.compile(r"\S+")
_END, _BEGIN = re.compile(r"[\w-]*$"), re.compile(r"[\w-]*")
_ADDRESS = re.compile(r"://|@|\w/|\w\.\w|^-")
MAX_PART = 60
"""Characters on each side of a hyphen that are looked at."""
_AND = frozenset({"and", "und", "oder", "sowie", "bzw"})


def undivided(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with each divided word as the rest of the document writes it; where it doesn't, by its own letters.

    A hyphen before a digit or a capital, as in `amd64` or `GNU-Linux`, or in an address is the word's own.
    """
    found = list(blocks)
    if not any(DIVISION in block.text for block in found):
        return tuple(found)
    words = Counter(_WORD.findall("\n".join(block.text for block in found).lower()))

    def whole(match: re.Match[str]) -> str:
        first, *others = match[0].split(DIVISION)
        parts, last = [first], first
        in_address = bool(others) and _ADDRESS.search(match[0]) is not None
        for part in others:
            parts += (_between(last, part, words, in_address), part)
            last = part
        return "".join(parts)

    return tuple(replace(block, text=_TOKEN.sub(whole, block.text)) if DIVISION in block.text else block for block in found)


def _between(before: str, after: str, words: Counter[str], in_address: bool) -> str:
    """The hyphen between the two parts of a word, or nothing."""
    end, begin = _END.search(before[-MAX_PART:]), _BEGIN.match(after[:MAX_PART])
    left, right = end[0] if end else "", begin[0] if begin else ""
    known = words[f"{left}-{right}".lower()] - words[f"{left}{right}".lower()]
    if known:
        return "-" if known > 0 else ""
    if right in _AND:
        return "- "
    own = any(c.isdigit() for c in left + right) or any(c.isupper() for c in left[1:] + right[:1])
    return "-" if own or in_address else ""
