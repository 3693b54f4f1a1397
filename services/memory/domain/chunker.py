"""Splits an outline into passages of 600 to 900 characters where the text allows.

A passage holds whole sections under one heading, each below a line with its own heading; a section that is too long is cut
between blocks, then between sentences, and each cut repeats the last sentence, so that what stands on the cut is found from
both sides.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from kit.passages import HEADING_MARK
from services.memory.domain.outline import Block, Outline

TARGET = 600
"""A passage of at least so many characters takes no further section."""
MAX = 900
INTRODUCTION = 250
"""So many characters at the beginning of a document join its first section, even beyond `MAX`."""
MIN = 160
"""A rest shorter than this joins the passage before it."""
OVERLAP = 160

MAX_WORD = 800
"""Characters of a word, or of a text in a script without spaces and sentence marks, that stay together."""

_SENTENCE_END = re.compile(r"(?:(?<!\d)\.|[!?…])[\"'”’)\]»]*\s+|[。！？｡][\"”’）」』»]*\s*|[؟।॥։።]\s*")
"""A point after a digit ends no sentence: it may be a date's, or a number's."""
_PAUSE = re.compile(r"[，、；：]\s*|\s+")
_WIDE = re.compile("[\u2e80-\U0010ffff]")
SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage to be: its headings joined, its text and the page it starts on."""

    heading: str
    text: str
    page: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A section, or a piece of a long one."""

    headings: tuple[str, ...]
    text: str
    page: int


def size(text: str) -> int:
    """The size of a text in characters of a European script. A character of a script without spaces says as much as two."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def split(outline: Outline) -> list[Chunk]:
    """The passages of an outline, in its order."""
    chunks: list[Chunk] = []
    joined: list[_Part] = []
    for headings, blocks in groupby(outline.blocks, key=lambda block: block.headings):
        for part in _parts_of(headings, list(blocks)):
            if joined and not _fits(joined, part):
                chunks.append(_chunk(joined))
                joined = []
            joined.append(part)
    return [*chunks, _chunk(joined)] if joined else chunks


def _fits(joined: Sequence[_Part], part: _Part) -> bool:
    """Whether a passage may take one more part: it is small, and both stand below one heading, or one below the other's."""
    together = sum(size(one.text) for one in joined)
    begins = not joined[0].headings and together <= INTRODUCTION  # a page's first lines say little alone
    most = MAX + INTRODUCTION if begins else MAX
    if together >= TARGET or together + size(part.text) > most:
        return False
    above = _common([*joined, part])
    return all(len(one.headings) <= len(above) + 1 for one in (*joined, part))


def _common(parts: Sequence[_Part]) -> tuple[str, ...]:
    above = parts[0].headings
    for part in parts[1:]:
        same = 0
        while above[same : same + 1] and above[same : same + 1] == part.headings[same : same + 1]:
            same += 1
        above = above[:same]
    return above


def _chunk(parts: Sequence[_Part]) -> Chunk:
    above = _common(parts)
    texts = []
    for headings, group in groupby(parts, key=lambda part: part.headings):
        own = SEPARATOR.join(headings[len(above) :])
        texts.append((f"{HEADING_MARK}{own}\n" if own else "") + "\n\n".join(part.text for part in group))
    return Chunk(SEPARATOR.join(above), "\n\n".join(texts), parts[0].page)


def _parts_of(headings: tuple[str, ...], blocks: list[Block]) -> Iterator[_Part]:
    """A section, cut where it is too long."""
    for pack in _packs([piece for block in blocks for piece in _pieces(block)]):
        yield _Part(headings, _join(_with_header(pack)), pack[0].page)


def _with_header(pack: list[Block]) -> list[Block]:
    """The pack, with the names of the columns before rows that were cut off from them."""
    header = pack[0].header
    return (
        pack
        if not header or pack[0].text == header
        else [replace(pack[0], text=header), replace(pack[0], tight=True), *pack[1:]]
    )


def _packs(pieces: list[Block]) -> list[list[Block]]:
    if sum(size(piece.text) + 2 for piece in pieces) <= MAX:
        return [pieces]
    packs: list[list[Block]] = []
    pack: list[Block] = []
    repeated = 0  # how many at the pack's beginning stand at the end of the one before, too
    for piece in pieces:
        cost = size(piece.text)
        if pack and (_size(pack) + cost > MAX or _size(pack) >= TARGET):
            packs.append(pack)
            pack = _overlap(pack)
            if _size(pack) + cost > MAX:
                pack = []
            repeated = len(pack)
        pack.append(piece)
    if packs and _size(pack) < MIN + OVERLAP and _size(pack) + _size(packs[-1]) <= MAX + MIN:
        packs[-1].extend(pack[repeated:])
    elif pack:
        packs.append(pack)
    return packs


def _size(pack: list[Block]) -> int:
    return sum(size(block.text) for block in pack)


def _overlap(pack: list[Block]) -> list[Block]:
    """The end of a pack that the next one repeats: its last sentence, if that is short and not all of it."""
    last = pack[-1]
    sentence = _parts(last.text.rpartition("\n")[2], _SENTENCE_END)[-1]
    if size(sentence) > OVERLAP or (len(pack) == 1 and sentence == last.text):
        return []
    return [Block(sentence, last.headings, last.page, header=last.header)]


def _pieces(block: Block) -> Iterator[Block]:
    """A block as one piece, or cut between lines, otherwise between sentences, at last between words."""
    if size(block.text) <= TARGET:
        yield block
        return
    text, tight = "", block.tight
    for part in _small_parts(block.text):
        if text and size(text) + size(part) > TARGET // 2:
            yield replace(block, text=text.strip("\n").rstrip(), tight=tight)
            text, tight = "", True
        text += part
    if text.strip():
        yield replace(block, text=text.strip("\n").rstrip(), tight=tight)


def _small_parts(text: str) -> Iterator[str]:
    """The text in parts that fit, each with the space that follows it."""
    for line in text.splitlines(keepends=True):
        for sentence in [line] if size(line) <= TARGET else _parts(line, _SENTENCE_END):
            if size(sentence) <= TARGET:
                yield sentence
                continue
            for word in _parts(sentence, _PAUSE):
                yield from (word[i : i + MAX_WORD] for i in range(0, len(word), MAX_WORD))


def _parts(text: str, end: re.Pattern[str]) -> list[str]:
    """The text cut behind each match."""
    places = [0, *(match.end() for match in end.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(places) if a < b] or [text]


def _join(pack: list[Block]) -> str:
    text = pack[0].text
    for block in pack[1:]:
        text += ("\n" if block.tight else "\n\n") + block.text
    return text
