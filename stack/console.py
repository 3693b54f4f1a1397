"""Prints the output of `frontdesk up`: a line per event, with colours on a terminal only."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

from stack.disk import NO_ROOM

GREEN, RED, YELLOW, BOLD, DIM = "32", "31", "33", "1", "2"


@dataclass(frozen=True)
class Console:
    """Writes lines at once, also into a pipe."""

    stream: TextIO = field(default_factory=lambda: sys.stdout)

    def paint(self, text: str, *styles: str) -> str:
        """The text, in colour on a terminal."""
        return f"\033[{';'.join(styles)}m{text}\033[0m" if self.stream.isatty() else text

    def line(self, text: str = "") -> None:
        """Prints a line. If the output is a file on a full disk, the line is dropped: continuing matters more."""
        try:
            print(text, file=self.stream, flush=True)
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
