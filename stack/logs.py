"""`frontdesk logs`: the processes' files in order of time, chosen by time, level, words and request; JSON as readable lines.

Every program has its own log format. `Entry.parse` finds time and level in it. Lines that have neither, such as those of a
traceback, belong to the line before them.
"""

from __future__ import annotations

import heapq
import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from stack.console import DIM, RED, YELLOW, Console
from stack.problems import Problem
from stack.settings import Settings

BLOCK_BYTES = 200_000
MAX_BYTES = 50_000_000
"""How far back a search reads in each file."""
LINES = 20
POLL = 0.2
SHOWN = ("time", "level", "service", "logger", "message", "exception")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
OLDEST = datetime.min.replace(tzinfo=UTC)
_DATE = re.compile(r"\[?(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)[.,]?(\d{0,6})")
_WORDS = re.compile(r"\b(DEBUG|INFO|LOG|WARNING|ERROR|FATAL|PANIC|CRITICAL|warning|error|critical|info|debug)\b")
_SAME = {"LOG": "INFO", "FATAL": "CRITICAL", "PANIC": "CRITICAL"}


@dataclass(frozen=True)
class Entry:
    """A line of a log, with the lines that belong to it."""

    program: str
    text: str
    time: datetime
    level: str
    fields: Mapping[str, Any]
    """Its JSON fields; empty for any other line."""

    @classmethod
    def parse(cls, program: str, line: str, before: datetime = OLDEST) -> Entry:
        """Reads a line; one without a time has that of the line before it."""
        try:
            fields = json.loads(line)
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            date, word = _DATE.match(line), _WORDS.search(line[:100])
            level = _SAME.get(word[1].upper(), word[1].upper()) if word else ""
            return cls(program, line, _time(f"{date[1]}T{date[2]}.{date[3] or 0}") if date else before, level, {})
        if {"t", "s", "msg"} <= fields.keys():  # mongod
            fields = _like_ours(fields)
        level = str(fields.get("level", "")) or _level_of_status(fields.get("status"))
        return cls(program, line, _time(str(fields.get("time", "")), before), level, fields)

    def readable(self, console: Console) -> str:
        """A JSON line as `time service LEVEL message key=value`; any other line with its program's name in front."""
        name = console.paint(f"{self.program:<9}", DIM)
        if not self.fields:
            return f"{name} {self.text}"
        if "message" not in self.fields:
            return f"{name} {_pairs(self.fields)}"
        level = str(self.fields.get("level", ""))
        colour = {"WARNING": YELLOW, "ERROR": RED, "CRITICAL": RED}.get(level)
        when = str(self.fields.get("time", ""))[11:23]
        word = console.paint(f"{level:<7}", colour) if colour else f"{level:<7}"
        rest = _pairs({key: value for key, value in self.fields.items() if key not in SHOWN})
        text = f"{name} {when} {word} {self.fields['message']} {console.paint(rest, DIM)}".rstrip()
        return f"{text}\n{self.fields['exception']}" if self.fields.get("exception") else text


@dataclass(frozen=True)
class Filter:
    """Which entries are shown."""

    since: datetime = OLDEST
    level: str = ""
    words: str = ""
    request: str = ""

    @classmethod
    def parse(cls, since: str | None, level: str | None, words: str | None, request: str | None) -> Filter:
        """Reads the command line's values; raises a `Problem` that names the valid ones."""
        age = re.fullmatch(r"(\d{1,6})([smhd])", since or "0s")
        if age is None:
            raise Problem(f"--since is {since!r}; give an age such as 90s, 10m, 2h or 1d.")
        if level and level.upper() not in LEVELS:
            raise Problem(f"--level is {level!r}; give debug, info, warning, error or critical.")
        moment = datetime.now(UTC) - timedelta(seconds=int(age[1]) * UNITS[age[2]]) if since else OLDEST
        return cls(moment, (level or "").upper(), (words or "").casefold(), request or "")

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == Filter()

    def passes(self, entry: Entry) -> bool:
        """Whether an entry is shown. One without a level counts as INFO."""
        level = entry.level if entry.level in LEVELS else "INFO"
        return (
            entry.time >= self.since
            and (not self.level or LEVELS.index(level) >= LEVELS.index(self.level))
            and self.words in entry.text.casefold()
            and (not self.request or self.request in (entry.fields.get("request_id"), entry.fields.get("trace_id")))
        )


def show(
    settings: Settings, console: Console, names: Sequence[str], wanted: Filter, *, follow: bool, lines: int | None = None
) -> int:
    """Prints the entries that pass, in order of time. With `follow` it then prints new entries until interrupted.

    Without a filter it prints the last lines of each log; with one it searches all of it and prints the last `lines` found.
    """
    folder = settings.home.logs
    known = sorted(path.stem for path in folder.glob("*.log"))
    for name in names:
        if name not in known:
            raise Problem(f"there is no log of {name}; there are: {', '.join(known) or 'none yet'}.")
    files = {name: folder / f"{name}.log" for name in names or known}
    positions = {name: path.stat().st_size for name, path in files.items()}
    if wanted.is_empty:
        found = list(_merged(_entries(n, _tail(path, LINES if lines is None else lines)) for n, path in files.items()))
    else:
        found = [e for e in _merged(_entries(n, _whole(path)) for n, path in files.items()) if wanted.passes(e)]
        found = found if lines is None else found[-lines:] if lines else []
    for entry in found:
        console.line(entry.readable(console))
    while follow:
        added = (_entries(name, list(_added(name, path, positions))) for name, path in files.items())
        for entry in _merged(added):
            if replace(wanted, since=OLDEST).passes(entry):
                console.line(entry.readable(console))
        time.sleep(POLL)
    return 0


def _merged(logs: Iterable[Iterator[Entry]]) -> Iterator[Entry]:
    return heapq.merge(*logs, key=lambda entry: entry.time)


def _entries(name: str, lines: Iterable[str]) -> Iterator[Entry]:
    latest = OLDEST
    for line in lines:
        entry = Entry.parse(name, line, latest)
        latest = max(latest, entry.time)  # merging needs this; within one file, clocks hardly go back
        yield replace(entry, time=latest)


def _time(text: str, otherwise: datetime = OLDEST) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _level_of_status(status: object) -> str:
    """The gateway's lines have an HTTP status instead of a level."""
    return "ERROR" if isinstance(status, int) and status >= 500 else "INFO"


def _like_ours(entry: dict[str, Any]) -> dict[str, Any]:
    level = {"W": "WARNING", "E": "ERROR", "F": "CRITICAL"}.get(entry["s"], "INFO")
    return {"time": entry["t"].get("$date", ""), "level": level, "message": entry["msg"], **(entry.get("attr") or {})}


def _pairs(values: Mapping[str, object]) -> str:
    return " ".join(f"{key}={value}" for key, value in values.items() if value not in ("", None, "-"))


def _tail(path: Path, count: int) -> list[str]:
    """The last lines of a log, read from its end."""
    with path.open("rb") as file:
        end, size = file.seek(0, os.SEEK_END), BLOCK_BYTES
        while True:
            start = max(0, end - size)
            file.seek(start)
            lines = file.read(end - start).decode(errors="replace").splitlines()[1 if start else 0 :]
            if not start or len(lines) >= count:
                return lines[-count:] if count else []
            size *= 4


def _whole(path: Path) -> Iterator[str]:
    """A log from its older part on."""
    for each in (path.with_suffix(".log.1"), path):
        if each.exists():
            with each.open("rb") as file:
                if file.seek(max(0, each.stat().st_size - MAX_BYTES)):
                    file.readline()  # the rest of a line
                for line in file:
                    yield line.decode(errors="replace").rstrip("\n")


def _added(name: str, path: Path, positions: dict[str, int]) -> Iterator[str]:
    size = path.stat().st_size if path.exists() else 0
    if size < positions[name]:  # a new file took its place
        positions[name] = 0
    if size == positions[name]:
        return
    with path.open("rb") as file:
        file.seek(positions[name])
        whole, newline, _ = file.read().rpartition(b"\n")
    positions[name] += len(whole) + len(newline)
    yield from whole.decode(errors="replace").splitlines()
