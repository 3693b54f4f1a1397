"""The state of a supervisor as other processes see it: while it starts, runs and ends, and after it was killed."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from stack import state
from stack.home import Home
from stack.problems import AlreadyRunning
from stack.state import Running, State

KILLED = 4_194_305
"""A process id that no process has."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.run.mkdir()
    return home


def of(pid: int) -> State:
    return State(pid, "http://127.0.0.1:1", True, (Running("core", "up", 1, KILLED, 0, "127.0.0.1:1"),))


def was_killed(home: Home) -> None:
    """A killed supervisor leaves both files."""
    (home.run / "supervisor.lock").write_text(str(KILLED))
    state.write(home, of(KILLED))


def test_the_state_is_there_while_its_supervisor_runs(home: Home) -> None:
    assert state.read(home) is None
    with state.lock(home) as left:
        assert left == ()
        assert state.read(home) is None
        state.write(home, of(os.getpid()))
        assert state.read(home) == of(os.getpid())
        with pytest.raises(AlreadyRunning, match=str(os.getpid())), state.lock(home):
            pass
    assert state.read(home) is None


def test_a_killed_runs_state_is_not_shown(home: Home) -> None:
    was_killed(home)
    assert state.read(home) is None


def test_a_killed_runs_state_is_not_the_next_ones(home: Home) -> None:
    was_killed(home)
    with state.lock(home) as left:
        assert left == (KILLED,)
        assert state.read(home) is None
        state.write(home, of(KILLED))  # as if its file had not been deleted yet
        assert state.read(home) is None


def test_a_supervisor_that_has_not_said_who_it_is_has_no_state(home: Home) -> None:
    state.write(home, of(KILLED))
    with (home.run / "supervisor.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert state.locked(home)
        assert state.read(home) is None
