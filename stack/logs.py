"""`frontdesk logs`: the processes' files, merged as they come; the services' JSON as readable lines."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from stack.console import DIM, RED, YELLOW, Console
from stack.problems import Problem
from stack.settings import Settings

TAIL_BYTES = 200_000
POLL = 0.2
SHOWN = ("time", "level", "service", "logger", "message", "exception")


def show(settings: Settings, console: Console, names: Sequence[str], *, follow: bool, lines: int) -> int:
    """Prints the last lines of each log, then, if asked, what is added, until interrupted."""
    folder = settings.home.logs
    known = sorted(path.stem for path in folder.glob("*.log"))
    for name in names:
        if name not in known:
            raise Problem(f"there is no log of {name}; there are: {', '.join(known) or 'none yet'}.")
    files = {name: folder / f"{name}.log" for name in names or known}
    positions = {name: path.stat().st_size for name, path in files.items()}
    for name, path in files.items():
        for line in _tail(path, lines):
            console.line(readable(name, line, console))
    while follow:
        for name, path in files.items():
            for line in _added(name, path, positions):
                console.line(readable(name, line, console))
        time.sleep(POLL)
    return 0


def readable(name: str, line: str, console: Console) -> str:
    """A JSON line as `time service LEVEL message key=value`; any other line with its program's name in front."""
    try:
        entry = json.loads(line)
        assert isinstance(entry, dict)
    except (ValueError, AssertionError):
        return f"{console.paint(f'{name:<9}', DIM)} {line}"
    if {"t", "s", "msg"} <= entry.keys():  # mongod
        entry = _like_ours(entry)
    if "message" not in entry:
        return f"{console.paint(f'{name:<9}', DIM)} {_pairs(entry)}"
    level = str(entry.get("level", ""))
    colour = {"WARNING": YELLOW, "ERROR": RED, "CRITICAL": RED}.get(level)
    when = str(entry.get("time", ""))[11:23]
    word = console.paint(f"{level:<7}", colour) if colour else f"{level:<7}"
    rest = _pairs({key: value for key, value in entry.items() if key not in SHOWN})
    text = f"{console.paint(f'{name:<9}', DIM)} {when} {word} {entry['message']} {console.paint(rest, DIM)}".rstrip()
    return f"{text}\n{entry['exception']}" if entry.get("exception") else text


def _like_ours(entry: dict[str, Any]) -> dict[str, object]:
    level = {"W": "WARNING", "E": "ERROR", "F": "CRITICAL"}.get(entry["s"], "INFO")
    return {"time": entry["t"].get("$date", ""), "level": level, "message": entry["msg"], **(entry.get("attr") or {})}


def _pairs(values: dict[str, object]) -> str:
    return " ".join(f"{key}={value}" for key, value in values.items() if value not in ("", None, "-"))


def _tail(path: Path, count: int) -> list[str]:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return file.read().decode(errors="replace").splitlines()[-count:] if count else []


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
