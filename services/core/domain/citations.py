"""Marks such as `[2]` in a reply: kept only when they name a passage that was recalled, and numbered in the order of use.

The model can't invent a source, because a mark is an index and the server resolves it. Works on a stream: what may be the
beginning of a mark is held back until it is one or is not.
"""

import re

from services.core.domain.values import MessageKind, Source

UNKNOWN = "[unknown]"
_MARK = re.compile(r"\[(\d{1,3}(?:\s{0,2},\s{0,2}\d{1,3}){0,19})\]")
_BEGINNING = re.compile(r"\[[\d\s,]*$")
_MAX_HELD = 160
"""No mark is longer."""


class Citations:
    """One reply's marks."""

    def __init__(self, recalled: tuple[Source, ...]) -> None:
        self._recalled = recalled
        self._used: dict[int, int] = {}
        self._held = ""
        self._begun = False
        self.kind = MessageKind.ANSWER

    @property
    def sources(self) -> tuple[Source, ...]:
        """The passages that the text so far rests on, in the order of their marks."""
        return tuple(self._recalled[index - 1] for index in self._used)

    def feed(self, piece: str) -> str:
        """The text that can be shown after another piece has come."""
        text = self._held + piece
        if not self._begun:
            start = text.lstrip()
            if self.kind is MessageKind.ANSWER and len(start) < len(UNKNOWN) and UNKNOWN.startswith(start.lower()):
                self._held = text
                return ""
            text = start
            if self.kind is MessageKind.ANSWER and start.lower().startswith(UNKNOWN):
                self.kind = MessageKind.UNKNOWN
                text = start[len(UNKNOWN) :].lstrip()
            self._begun = bool(text)
        beginning = _BEGINNING.search(text) if "[" in text else None
        at = beginning.start() if beginning is not None and len(text) - beginning.start() < _MAX_HELD else len(text)
        self._held, text = text[at:], text[:at]
        return _MARK.sub(self._resolve, text) if "[" in text else text

    def end(self) -> str:
        """What was held back when the reply ended."""
        text, self._held, self._begun = self._held, "", True
        return _MARK.sub(self._resolve, text)

    def _resolve(self, mark: re.Match[str]) -> str:
        numbers = [int(number) for number in mark[1].split(",")]
        known = [number for number in numbers if 1 <= number <= len(self._recalled)]
        return "".join(f"[{self._used.setdefault(number, len(self._used) + 1)}]" for number in known)
