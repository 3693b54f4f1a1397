"""Prints the output of commands, with colours on a terminal only.

Texts come from file names, logs, customers and servers, so whatever would command the terminal is shown instead of sent
(`visible`). Only sequences that `Console.control` marked get through: the mark is random, so no text can have it.
"""

from __future__ import annotations

import re
import secrets
import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

from stack.disk import NO_ROOM

GREEN, RED, YELLOW, BOLD, DIM = "32", "31", "33", "1", "2"
_MARK = f"\0{secrets.token_hex(8)}:"
_MARKED = re.compile(f"{_MARK}([^\0]*)\0")
_COMMANDING = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, those that turn the direction of writing, and bytes of a file's name that are no text."""


def visible(text: str, keep: str = "") -> str:
    """A text in one line in which each character that would command a terminal is shown as an escape; `keep`: but these."""
    return _COMMANDING.sub(lambda found: found[0] if found[0] in keep else _escape(ord(found[0])), text)


def _escape(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was not UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


@dataclass(frozen=True)
class Console:
    """Writes lines at once, also into a pipe."""

    stream: TextIO = field(default_factory=lambda: sys.stdout)

    def paint(self, text: str, *styles: str) -> str:
        """The text, in colour on a terminal."""
        if not self.stream.isatty():
            return text
        begin, end = (self.control(f"\033[{style}m") for style in (";".join(styles), "0"))
        return f"{begin}{text}{end}"

    def control(self, sequence: str) -> str:
        """A sequence of our own for the terminal, as part of a text to print."""
        return f"{_MARK}{sequence}\0"

    def write(self, text: str) -> None:
        """Prints a text at once, without what in it would command the terminal."""
        parts = _MARKED.split(text)  # every second one is ours
        shown = (part if number % 2 else visible(part, "\n\t") for number, part in enumerate(parts))
        print("".join(shown), end="", file=self.stream, flush=True)

    def line(self, text: str = "") -> None:
        """Prints a line. If the output is a file on a full disk, the line is dropped: continuing matters more."""
        try:
            self.write(f"{text}\n")
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise

    def up(self, name: str, seconds: float, where: str) -> None:
        """A program became healthy."""
        self.line(f"  {self.paint('up', GREEN)}  {name:<11}{seconds:5.1f} s  {self.paint(where, DIM)}")

    def say(self, name: str, what: str) -> None:
        """Something happened to a program."""
        self.line(f"{time.strftime('%H:%M:%S')}  {self.paint(name, YELLOW)}: {what}")

    def problem(self, text: str) -> None:
        """Reports the reason for stopping."""
        self.line(f"{self.paint('frontdesk', RED, BOLD)}: {text}")
