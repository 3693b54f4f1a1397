"""Citations: which passage supports which span of a reply.

    Marks       splits a model's text into text and the marks that the prompt asked for, such as `[1]`
    CitedText   joins text and marks into clean text with spans

The text that is shown and stored holds no marks. The model can't invent a source, because a mark is an index into the recalled
passages and the server resolves it. Both classes work on a stream: `Marks` holds back the possible beginning of a mark,
`CitedText` white space, so that a mark leaves no gap.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kit.excerpts import excerpt
from kit.passages import HEADING_MARK
from services.core.domain.values import Citation, MessageKind, Passage, Source

MAX_QUOTE = 400
"""The longest quote of a passage, in characters."""
MAX_CITATIONS = 100
"""Of a reply: those after them are left out, so that no reply grows beyond what its readers take at once."""
UNKNOWN = "unknown"
"""The word in the mark with which a reply begins whose passages hold no answer."""
SIGN = "#"

_HEADING = re.compile(rf"^{re.escape(HEADING_MARK)}(.+)$", re.M)
_LIKE_A_MARK = re.compile(r"\[(#*)(?:[0-9]|unknown)", re.I)
_BEGINNING = re.compile(r"\[[#0-9\s,]*\Z")
_MAX_HELD = 160
"""No mark without signs is longer."""
_MAX_NUMBERS = 20
_BLOCK = re.compile(r"\n\s*\n|\n(?=[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t])")
"""The border between two paragraphs or list items."""
_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+")
_CLOSING = ".,;:!?…)]}»”’、。，；：！？）】」』"
_BETWEEN = re.compile(rf"[\s{re.escape(_CLOSING)}]*")


@dataclass(frozen=True, slots=True)
class Cited:
    """The text since the last citation rests on these passages, by their numbers in the prompt, from 1."""

    passages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """The reply says that the passages hold no answer. Comes before its text."""


def sign_for(texts: Sequence[str]) -> str:
    """The sign after the bracket that distinguishes marks from all that these texts hold: `[#1]` where one of them has a `[1]`.

    The same for the same texts.
    """
    taken = {len(found[1]) for text in texts if "[" in text for found in _LIKE_A_MARK.finditer(text)}
    return SIGN * next(length for length in range(len(taken) + 1) if length not in taken)


class Marks:
    """Splits the text of one reply at its marks."""

    def __init__(self, sign: str = "") -> None:
        self._mark = _mark(sign)
        self._unknown = f"[{sign}{UNKNOWN}]"
        self._max_held = _MAX_HELD + (_MAX_NUMBERS + 1) * len(sign)
        self._held = ""
        self._begun = False
        self._known = True
        """The reply does not begin with the mark of not knowing, as far as it was read."""

    def feed(self, piece: str) -> list[str | Cited | Unknown]:
        """The text and marks that are complete after another piece."""
        text = self._held + piece
        found: list[str | Cited | Unknown] = []
        if not self._begun:
            text = text.lstrip()
            if self._known and len(text) < len(self._unknown) and self._unknown.startswith(text.lower()):
                self._held = text
                return found
            if self._known and text.lower().startswith(self._unknown):
                self._known = False
                found.append(Unknown())
                text = text[len(self._unknown) :].lstrip()
            self._begun = bool(text)
        self._held = ""
        if "[" in text:
            at = text.rfind("[")
            if len(text) - at < self._max_held and _BEGINNING.match(text, at):
                text, self._held = text[:at], text[at:]
        found += self._split(text)
        return found

    def end(self) -> list[str | Cited | Unknown]:
        """The text that was held back when the reply ended: it was no mark."""
        held, self._held, self._begun = self._held, "", True
        return [held] if held else []

    def _split(self, text: str) -> Iterator[str | Cited]:
        end = 0
        for mark in self._mark.finditer(text) if "[" in text else ():
            if mark.start() > end:
                yield text[end : mark.start()]
            yield Cited(tuple(int(number) for number in re.findall("[0-9]+", mark[1])))
            end = mark.end()
        if end < len(text):
            yield text[end:]


@cache
def _mark(sign: str) -> re.Pattern[str]:
    number = "[0-9]{1,3}"
    more = rf"(?:\s{{0,2}},\s{{0,2}}(?:{sign})?{number}){{0,{_MAX_NUMBERS - 1}}}"
    return re.compile(rf"\[{sign}({number}{more})\]")


class CitedText:
    """One reply as it grows: text without marks, and its citations."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self.text = ""
        """Begins and ends without white space."""
        self.citations: tuple[Citation, ...] = ()
        self.kind = MessageKind.ANSWER
        self._space = ""
        """White space that waits for the text after it."""
        self._before_mark: str | None = None
        """The white space between the text and the marks that follow it; None: no mark follows the text."""
        self._span = 0, 0
        """The last span that was cited."""

    def add(self, piece: str | Cited | Unknown) -> bool:
        """Adds a piece. Returns whether the text or its citations have grown."""
        match piece:
            case str():
                return self._write(piece)
            case Unknown():
                self.kind = MessageKind.UNKNOWN
                return False
            case Cited(passages=numbers):
                return self._cite(numbers)

    def add_all(self, pieces: Iterable[str | Cited | Unknown]) -> bool:
        """Adds pieces. Returns whether the text or its citations have grown."""
        grown = [self.add(piece) for piece in pieces]
        return any(grown)

    def _write(self, piece: str) -> bool:
        body = piece.strip()
        if not body:
            self._space += piece
            return False
        start = piece.index(body)
        space = self._gap(self._space + piece[:start], body) if self.text else ""
        self.text += space + body
        self._space, self._before_mark = piece[start + len(body) :], None
        return True

    def _gap(self, space: str, body: str) -> str:
        """The white space before `body`: none where a mark before a full stop was removed, and nowhere a double one."""
        before = self._before_mark
        if before is None:
            return space
        if space:
            return max(space, before, key=lambda gap: gap.count("\n"))
        return "" if body[0] in _CLOSING else before

    def _cite(self, numbers: Sequence[int]) -> bool:
        self._before_mark = max(self._before_mark or "", self._space, key=len)
        self._space = ""
        known = [number for number in dict.fromkeys(numbers) if 1 <= number <= len(self._passages)]
        if not known:
            return False
        self._span = start, end = self._next_span()
        found = (Citation(start, end, _source(self._passages[number - 1])) for number in known)
        fresh = tuple(citation for citation in found if citation not in self.citations[-len(self._passages) :])
        self.citations += fresh[: MAX_CITATIONS - len(self.citations)]
        return bool(fresh)

    def _next_span(self) -> tuple[int, int]:
        """From the last citation, or the beginning of the paragraph or list item, to the end of the text."""
        text, end = self.text, len(self.text)
        start = self._span[1]
        for border in _BLOCK.finditer(text, start):
            start = border.end()
        between = _BETWEEN.match(text, start)
        start = between.end() if between and start else start
        if (start == 0 or text[start - 1] == "\n") and (item := _ITEM.match(text, start)):
            start = item.end()
        return (start, end) if start < end else self._span


def _source(passage: Passage) -> Source:
    return Source(
        document=passage.document,
        revision=passage.revision,
        passage=passage.name,
        title=passage.title,
        heading=passage.heading,
        uri=passage.uri,
        quote=excerpt(_HEADING.sub(r"**\1**  ", passage.text), MAX_QUOTE),
    )
