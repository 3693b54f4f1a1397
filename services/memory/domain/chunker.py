"""Splits an outline into passages: whole blocks under one heading, 80 to 200 tokens where the text allows.

A passage never crosses a heading, so that a citation is about one thing. A section that is too long is cut between blocks, then
between sentences, and each cut repeats the last sentence, so that what stands on the cut is found from both sides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from services.memory.domain.outline import Block, Outline

TARGET_TOKENS = 160
MAX_TOKENS = 220
MIN_TOKENS = 40
"""A rest shorter than this joins the passage before it."""
OVERLAP_TOKENS = 40

MAX_WORD = 800
"""Characters of a word, or of a text in a script without spaces and sentence marks, that stay together."""

_SENTENCE_END = re.compile(r"(?:(?<!\d)\.|[!?…])[\"'”’)\]»]*\s+|[。！？｡][\"”’）」』»]*\s*|[؟।॥։።]\s*")
"""A point after a digit ends no sentence: it may be a date's, or a number's."""
_PAUSE = re.compile(r"[，、；：]\s*|\s+")
SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage to be: its headings joined, its text and the page it starts on."""

    heading: str
    text: str
    page: int


def tokens(text: str) -> int:
    """About how many tokens an embedding model makes of a text: good to a quarter for European languages, and on the safe
    side for others."""
    ascii_letters = sum(1 for character in text if character < "\u0250")
    return ascii_letters * 10 // 43 + (len(text) - ascii_letters) + 1


def split(outline: Outline) -> list[Chunk]:
    """The passages of an outline, in its order."""
    chunks: list[Chunk] = []
    section: list[Block] = []
    for block in outline.blocks:
        if section and block.headings != section[0].headings:
            chunks.extend(_section(section))
            section = []
        section.append(block)
    if section:
        chunks.extend(_section(section))
    return chunks


def _section(blocks: list[Block]) -> Iterator[Chunk]:
    heading = SEPARATOR.join(blocks[0].headings)
    packs = _packs([piece for block in blocks for piece in _pieces(block)])
    for pack in packs:
        yield Chunk(heading, _join(_with_header(pack)), pack[0].page)


def _with_header(pack: list[Block]) -> list[Block]:
    """The pack, with the names of the columns before rows that were cut off from them."""
    header = pack[0].header
    return (
        pack
        if not header or pack[0].text == header
        else [replace(pack[0], text=header), replace(pack[0], tight=True), *pack[1:]]
    )


def _packs(pieces: list[Block]) -> list[list[Block]]:
    packs: list[list[Block]] = []
    pack: list[Block] = []
    size = 0
    for piece in pieces:
        cost = tokens(piece.text)
        if pack and (size + cost > MAX_TOKENS or size >= TARGET_TOKENS):
            packs.append(pack)
            pack = _overlap(pack)
            size = sum(tokens(block.text) for block in pack)
            if size + cost > MAX_TOKENS:
                pack, size = [], 0
        pack.append(piece)
        size += cost
    if packs and size < MIN_TOKENS + OVERLAP_TOKENS and size + _size(packs[-1]) <= MAX_TOKENS + MIN_TOKENS:
        packs[-1].extend(piece for piece in pack if piece not in packs[-1])
    elif pack:
        packs.append(pack)
    return packs


def _size(pack: list[Block]) -> int:
    return sum(tokens(block.text) for block in pack)


def _overlap(pack: list[Block]) -> list[Block]:
    """The end of a pack that the next one repeats: its last sentence, if that is short and not all of it."""
    last = pack[-1]
    sentence = _parts(last.text.rpartition("\n")[2], _SENTENCE_END)[-1]
    if tokens(sentence) > OVERLAP_TOKENS or (len(pack) == 1 and sentence == last.text):
        return []
    return [Block(sentence, last.headings, last.page, header=last.header)]


def _pieces(block: Block) -> Iterator[Block]:
    """A block as one piece, or cut between lines, otherwise between sentences, at last between words."""
    if tokens(block.text) <= TARGET_TOKENS:
        yield block
        return
    text, tight = "", block.tight
    for part in _small_parts(block.text):
        if text and tokens(text) + tokens(part) > TARGET_TOKENS // 2:
            yield replace(block, text=text.strip("\n").rstrip(), tight=tight)
            text, tight = "", True
        text += part
    if text.strip():
        yield replace(block, text=text.strip("\n").rstrip(), tight=tight)


def _small_parts(text: str) -> Iterator[str]:
    """The text in parts that fit, each with the space that follows it."""
    for line in text.splitlines(keepends=True):
        for sentence in [line] if tokens(line) <= TARGET_TOKENS else _parts(line, _SENTENCE_END):
            if tokens(sentence) <= TARGET_TOKENS:
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
