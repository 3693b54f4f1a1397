"""Failpoints: what a setting arms, and what then happens."""

from __future__ import annotations

import ast
import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit import failpoints
from kit.failpoints import Action, FailpointReached

ROOT = Path(__file__).parents[3]
NAME, OTHER = "core.finish.after_commit", "channel.add.before_commit"


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    failpoints.arm("")


async def reached(name: str, times: int) -> int:
    """How many of so many reaches raised."""
    errors = 0
    for _ in range(times):
        try:
            await failpoints.reach(name)
        except FailpointReached:
            errors += 1
    return errors


def test_a_setting_is_a_list_of_names_and_actions() -> None:
    assert failpoints.parse(f"{NAME}:kill, {OTHER}:delay=250*3%20") == {
        NAME: Action("kill"),
        OTHER: Action("delay", 250, 3, 20),
    }


@pytest.mark.parametrize("setting", ["core.nowhere:kill", f"{NAME}:explode", f"{NAME}:delay", f"{NAME}:kill=3", NAME])
def test_what_is_not_understood_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="is no failpoint"):
        failpoints.arm(setting)


async def test_unset_nothing_happens_and_nothing_is_armed() -> None:
    failpoints.arm("")
    assert not failpoints.armed()
    assert await reached(NAME, 3) == 0


async def test_an_error_comes_as_often_as_it_may() -> None:
    failpoints.arm(f"{NAME}:error*2")
    assert await reached(NAME, 5) == 2
    assert await reached(OTHER, 5) == 0
    failpoints.arm(f"{NAME}:error%0")
    assert await reached(NAME, 50) == 0


async def test_a_delay_lets_others_continue() -> None:
    failpoints.arm(f"{NAME}:delay=30")
    steps: list[str] = []

    async def pass_by() -> None:
        steps.append("in")
        await failpoints.reach(NAME)
        steps.append("out")

    started = time.monotonic()
    await asyncio.gather(pass_by(), pass_by())
    assert time.monotonic() - started >= 0.03
    assert steps == ["in", "in", "out", "out"]


async def test_an_undeclared_name_is_found_out_as_soon_as_anything_is_armed() -> None:
    failpoints.arm(f"{NAME}:delay=1")
    with pytest.raises(KeyError):
        await failpoints.reach("core.nowhere.before_commit")


async def test_a_folder_can_be_armed_later_counts_for_all_and_remembers_what_was_reached(tmp_path: Path) -> None:
    (tmp_path / "armed").write_text("")
    failpoints.arm(f"@{tmp_path}")
    assert await reached(NAME, 2) == 0
    (tmp_path / "armed").write_text(f"{NAME}:error*2")
    (tmp_path / "acted").write_text(f"{NAME} 1\n")  # another process has had one of the two
    assert await reached(NAME, 5) == 1
    assert (tmp_path / "reached").read_text() == f"{NAME} {os.getpid()}\n"
    assert (tmp_path / "acted").read_text().splitlines() == [f"{NAME} 1", f"{NAME} {os.getpid()}"]


@pytest.mark.parametrize(("action", "number"), [("kill", signal.SIGKILL), ("stop", signal.SIGSTOP)])
def test_a_process_ends_or_stops_at_its_failpoint(action: str, number: signal.Signals) -> None:
    program = f"import asyncio; from kit import failpoints as f; f.arm('{NAME}:{action}'); asyncio.run(f.reach('{NAME}'))"
    child = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    _, status = os.waitpid(child.pid, os.WUNTRACED)
    if number is signal.SIGSTOP:
        assert os.WIFSTOPPED(status)
        child.kill()
        assert child.wait(10) == -signal.SIGKILL
    else:
        child.returncode = -os.WTERMSIG(status)
        assert os.WTERMSIG(status) == number


REACH = ast.dump(ast.parse("failpoints.reach", mode="eval").body)


def test_every_place_in_the_code_is_declared_and_every_declared_place_is_in_the_code() -> None:
    found = set()
    for path in [*(ROOT / "kit").rglob("*.py"), *(ROOT / "services").rglob("*.py")]:
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "failpoint" in text else ():
            if isinstance(node, ast.keyword) and node.arg == "failpoint" and isinstance(node.value, ast.Constant):
                found |= {f"{node.value.value!s}.{place}" for place in ("before_commit", "after_commit")}
            if isinstance(node, ast.Call) and ast.dump(node.func) == REACH:
                found.add(ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else "by kind")
    by_kind = {f"core.{kind}.{place}" for kind in failpoints.CHANGES for place in ("before_commit", "after_commit")}
    assert found - {"by kind"} | by_kind == set(failpoints.NAMES)
    assert len(failpoints.NAMES) == len(set(failpoints.NAMES))
