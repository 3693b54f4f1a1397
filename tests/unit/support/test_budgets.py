"""The budgets of tests fail tests, each seen in a session of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HEAD = """
import asyncio, time, pytest
from tests.support import budgets
budgets.ROOT = __import__("pathlib").Path({folder!r})
budgets.slowness = lambda: 1.0
"""
BUSY = "end = time.process_time() + 1.2\n    while time.process_time() < end: pass"


def session(folder: Path, body: str) -> str:
    """What pytest prints for one test file at the unit level."""
    case = folder / "tests" / "unit" / "test_it.py"
    case.parent.mkdir(parents=True)
    case.write_text(HEAD.format(folder=str(folder)) + body)
    (folder / "conftest.py").write_text(
        "from tests.support.budgets import Budgets\ndef pytest_configure(config): config.pluginmanager.register(Budgets())\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), "-c", "/dev/null"]
    command += ["-o", "asyncio_mode=auto", "--import-mode=importlib", str(case)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (f"def test_a():\n    {BUSY}\n", "1.0 s are allowed"),
        (f'@pytest.mark.budget(2, "why")\ndef test_a():\n    {BUSY}\n', "1 passed"),
        ("async def test_a():\n    await asyncio.sleep(0.2)\n", "sleeps 0.2 s"),
        ("def test_a():\n    time.sleep(0.2)\n", "sleeps 0.2 s"),
        ("async def test_a():\n    await asyncio.sleep(0.01)\n", "1 passed"),
        ("async def test_a():\n    asyncio.create_task(asyncio.sleep(60)).cancel()\n", "1 passed"),
    ],
    ids=["busy", "busy for a reason", "sleeps", "sleeps in a thread", "short", "forever"],
)
def test_a_case_over_its_budget_fails(tmp_path: Path, body: str, told: str) -> None:
    assert told in session(tmp_path, body)
