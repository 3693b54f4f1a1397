"""A reply as it comes in pieces, cut into sentences that are complete.

A sentence is also a list item, a table's row, a heading or a code block. Where it is unclear whether one ends, it continues: a
cut that comes too late only shows the text later. The same text gives the same sentences, however it is split into pieces.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.core.domain.citations import Cited

MAX_SENTENCE = 2_000
"""Characters. A longer one is cut there."""

_CLOSING = "\"'”’»)]}*_`）】」』"
# Each begins where its run of characters does and never gives one back, so that a search takes linear time.
_END = re.compile(rf"(?<![.!?…؟।。！？])(?:[.!?…؟।]++|(?P<wide>[。！？]++))[{re.escape(_CLOSING)}]*+(?P<space>\s*+)(?=\S)")
_LINE = re.compile(r"(?<!\s)(?P<space>[^\S\n]*+\n\s*+)(?=\S)")
_WORD = re.compile(r"([^\W_]+)\.*\Z")
_MAYBE_ENDING = ".!?…؟।。！？" + _CLOSING + "".join(filter(str.isspace, map(chr, range(0x3001))))
_STRUCTURE = "-*+|#>•0123456789"
_FENCE = re.compile(r"\A\s*(`{3,}|~{3,})")
_FENCE_END = re.compile(r"\n[ \t]*(`{3,}|~{3,})[ \t]*\n\s*+(?=\S)")
_ABBREVIATIONS_TEXT = """
abs approx art bspw bzgl bzw ca cf co corp dept dr etc evtl excl fig gem ggf hr incl inc inkl jr ltd max min mind mme mr
mrs ms mt nr no núm num pag pág prof resp sig sog sr sra st str tel usw vgl vs zzgl
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_TEXT.split())
_ENDED = re.compile(rf"[.!?…؟।。！？:][{re.escape(_CLOSING)}]*\Z")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the white space before it, and the marks in it."""

    space: str
    text: str
    marks: tuple[tuple[int, Cited], ...] = ()
    """Each with its place in the text."""
    whole: bool = True
    """It has an end of its own, and is not just where the reply ends."""
    too_long: bool = False
    """It is a part of a sentence that is too long to be read as one."""


class Sentences:
    """Cuts one reply."""

    def __init__(self) -> None:
        self._text = ""
        self._marks: list[tuple[int, Cited]] = []
        self._searched = 0
        """No sentence ends before this place."""
        self._cut = False
        """The text continues a sentence that was too long."""

    def feed(self, piece: str | Cited) -> list[Sentence]:
        """The sentences that are complete after another piece."""
        if isinstance(piece, Cited):
            self._marks.append((len(self._text), piece))
            return []
        self._text += piece
        return list(self._complete())

    def end(self) -> list[Sentence]:
        """The rest, when the reply ends."""
        text, marks = self._text, self._marks
        if not text.strip() and not marks:
            return []
        cited_last = bool(marks) and marks[-1][0] >= len(text.rstrip())
        whole = cited_last or bool(_ENDED.search(text.rstrip()))
        return [self._take(len(text), whole=whole, too_long=self._cut)]

    def _complete(self) -> Iterator[Sentence]:
        while True:
            start = self._border()
            if start is not None and start <= MAX_SENTENCE:
                yield self._take(start, too_long=self._cut)
                self._cut = False
            elif len(self._text) > MAX_SENTENCE:
                yield self._take(MAX_SENTENCE, too_long=True)
                self._cut = True
            else:
                return

    def _take(self, length: int, *, whole: bool = True, too_long: bool) -> Sentence:
        """Takes the text up to the next sentence's first letter. The white space before that is the next one's."""
        taken = self._text[:length]
        body = taken.strip()
        start = taken.index(body) if body else 0
        space, end = taken[:start], start + len(body)
        marks = tuple((min(max(at - start, 0), len(body)), mark) for at, mark in self._marks if at <= length)
        rest = self._text[end:]
        if body and (between := [at for at, _ in self._marks if end < at < length]):
            # White space on both sides of a mark, which is not shown, is one gap.
            before, after = self._text[end : between[-1]], self._text[between[-1] : length]
            rest = max(after, before, key=lambda gap: gap.count("\n")) + self._text[length:]
        shift = len(rest) - len(self._text)
        self._marks = [(at + shift, mark) for at, mark in self._marks if at > length]
        self._text, self._searched = rest, 0
        return Sentence(space, body, marks, whole, too_long)

    def _border(self) -> int | None:
        """Where the next sentence begins; None: not known yet."""
        text = self._text
        lead = len(text) - len(text.lstrip())
        if fence := _FENCE.match(text):
            ends = _FENCE_END.finditer(text, fence.end())
            return next((end.end() for end in ends if end[1].startswith(fence[1])), None)
        at = max(self._searched, lead)
        end, line = _END.search(text, at), _LINE.search(text, at)
        while first := min((found for found in (end, line) if found), key=lambda found: found.start("space"), default=None):
            if first is line or "\n" in first["space"]:
                if _breaks(text[lead : first.start("space")], first["space"], text[first.end()]):
                    return first.end()
            elif _ends(text[lead : first.end() - len(first["space"])], first, text[first.end()]):
                return first.end()
            at = first.end()
            if end and end.start() < at:
                end = _END.search(text, at)
            if line and line.start() < at:
                line = _LINE.search(text, at)
        # The marks and the white space with which the text ends may be the end of a sentence.
        self._searched = max(at, len(text.rstrip(_MAYBE_ENDING)))
        return None


def _breaks(line: str, space: str, following: str) -> bool:
    """Whether a line's end is a sentence's."""
    if space.count("\n") > 1 or following in _STRUCTURE or line.rpartition("\n")[2].lstrip()[:1] in _STRUCTURE:
        return True
    return bool(_ENDED.search(line)) or space.startswith("  ") or line.endswith("\\")


def _ends(sentence: str, end: re.Match[str], following: str) -> bool:
    """Whether a full stop, or another mark, is a sentence's end."""
    if not end["space"] and not end["wide"]:
        return False
    if sentence.count("**") % 2 or sentence.count("`") % 2 or _opens(sentence):
        return False
    if end["wide"]:
        return True
    if following.islower():
        return False
    if "." not in end[0]:
        return True
    word = _WORD.search(sentence.rstrip(_CLOSING))
    before = word[1].casefold() if word else ""
    short = (len(before) == 1 and before.isalpha()) or (len(before) <= 2 and before.isdigit())
    return not (short or before in _ABBREVIATIONS)


def _opens(sentence: str) -> bool:
    """Whether a bracket is open."""
    return any(sentence.count(opening) > sentence.count(closing) for opening, closing in ("()", "[]", "（）"))
