"""The supervisor's state for other processes: a lock that only one holds, and the running programs, in a file and by a socket.

The file cannot be written while the disk is full, so readers that need the present state use the socket (`stack.control`).
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from stack.health import Health
from stack.home import Home, write_private
from stack.problems import AlreadyRunning


@dataclass(frozen=True)
class Running:
    """A program as the supervisor sees it. `pid` is None while it is down; `port` is where it listens."""

    name: str
    state: str
    """starting, up, stopped (on request), or external for a store that is not ours."""
    port: int
    pid: int | None
    restarts: int
    where: str
    metrics: str = ""
    """The URL of its metrics for Prometheus, or empty."""


@dataclass(frozen=True)
class State:
    """A supervisor that runs: what it started, and whether everything has been healthy once."""

    pid: int
    gateway: str
    ready: bool
    programs: tuple[Running, ...]
    broken: Mapping[str, str] = field(default_factory=dict)
    """The broken parts, by name, with the known reason: programs, stores, and "model", "followers", "disk"."""
    started: float = 0.0
    """When this run began (Unix time)."""
    health: Health | None = None
    """The effect on people; None while it starts."""


def write(home: Home, state: State) -> None:
    """Replaces the file as a whole."""
    write_private(_file(home), to_json(state))


def read(home: Home) -> State | None:
    """The state of the supervisor that holds the lock; None when none runs, and until one that starts has written its own."""
    current = _load(home)
    return current if current is not None and current.pid == _holder(home) else None


def _load(home: Home) -> State | None:
    with suppress(OSError, ValueError):
        return from_json(_file(home).read_text())
    return None


def to_json(state: State) -> str:
    """The state as `from_json` reads it."""
    return json.dumps(asdict(state))


def from_json(text: str) -> State:
    """Raises ValueError when it is none."""
    raw = json.loads(text)
    try:
        programs = tuple(Running(**each) for each in raw.pop("programs"))
        health = raw.pop("health", None)
        return State(**raw, programs=programs, health=Health(**health) if health else None)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no state of a supervisor: {error}") from None


@contextmanager
def lock(home: Home) -> Iterator[tuple[int, ...]]:
    """Holds the home for this process; raises `AlreadyRunning`. The kernel lets go when the process ends.

    Returns the process ids that the last supervisor left when it was killed: its programs may still be ending.
    """
    with _lock_file(home).open("a+") as file:
        if not _acquire(file):
            raise AlreadyRunning(str(home.path), _holder(home))
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        last = _load(home)
        _file(home).unlink(missing_ok=True)
        try:
            yield tuple(each.pid for each in last.programs if each.pid is not None) if last else ()
        finally:
            _file(home).unlink(missing_ok=True)


def _acquire(file: IO[str]) -> bool:
    for _ in range(10):  # a reader holds it for a moment
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


def locked(home: Home) -> bool:
    """Whether a supervisor runs from this home."""
    try:
        with _lock_file(home).open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _holder(home: Home) -> int | None:
    """The process that holds the lock: the state that a killed run left behind is of another one."""
    if not locked(home):
        return None
    pid = _lock_file(home).read_text().strip()
    return int(pid) if pid.isdigit() else None


def _file(home: Home) -> Path:
    return home.run / "state.json"


def _lock_file(home: Home) -> Path:
    return home.run / "supervisor.lock"
