"""The files of evidence: each writer has its own, whose lines are on disk before the writer continues."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import msgspec

from tests.fault.evidence import Line

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Line)


@dataclass
class Journal:
    """A file of lines that only its owner writes. `write` returns when the line is on disk."""

    path: Path
    _file: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._file = self.path.open("ab")

    def write(self, line: Line, *, sync: bool = True) -> None:
        """Appends a line; without `sync` it is on disk with the next one that is."""
        self._file.write(_ENCODER.encode(line) + b"\n")
        if sync:
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Writes out what is left."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


def read(folder: Path) -> Iterator[Line]:
    """The lines of all journals in a folder; half a line at the end of a killed writer's file is left out."""
    for path in sorted(folder.glob("*.jsonl")):
        for raw in path.read_bytes().split(b"\n"):
            if raw:
                try:
                    yield _DECODER.decode(raw)
                except msgspec.DecodeError:
                    if not path.read_bytes().endswith(raw):
                        raise
