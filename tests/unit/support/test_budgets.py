"""The budgets of tests fail tests, as seen in a session of its own, where a case may take a tenth of a second."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HEAD = """
import asyncio, time, pytest
from tests.support import budgets
budgets.ROOT = __import__("pathlib").Path({folder!r})
budgets.CASE_SECONDS = 0.1
budgets.slowness = lambda: 1.0
"""
BUSY = "end = time.process_time() + 0.12\n    while time.process_time() < end: pass"
CASES = {
    "busy": (f"def test_busy():\n    {BUSY}\n", "0.1 s are allowed"),
    "busy_for_a_reason": (f'@pytest.mark.budget(2, "why")\ndef test_busy_for_a_reason():\n    {BUSY}\n', ""),
    "sleeps": ("async def test_sleeps():\n    await asyncio.sleep(0.2)\n", "sleeps 0.2 s"),
    "sleeps_in_a_thread": ("def test_sleeps_in_a_thread():\n    time.sleep(0.2)\n", "sleeps 0.2 s"),
    "short": ("async def test_short():\n    await asyncio.sleep(0.01)\n", ""),
    "forever": ("async def test_forever():\n    asyncio.create_task(asyncio.sleep(60)).cancel()\n", ""),
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The cases that failed in a session at the unit level, each with its message."""
    folder = tmp_path_factory.mktemp("session")
    module = folder / "tests" / "unit" / "test_it.py"
    module.parent.mkdir(parents=True)
    module.write_text(HEAD.format(folder=str(folder)) + "".join(body for body, _ in CASES.values()))
    (folder / "conftest.py").write_text(
        "from tests.support.budgets import Budgets\ndef pytest_configure(config): config.pluginmanager.register(Budgets())\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    command += ["-c", "/dev/null", "-o", "asyncio_mode=auto", "--import-mode=importlib", str(module)]
    wide = {**os.environ, "COLUMNS": "300"}
    out = subprocess.run(command, cwd=ROOT, env=wide, capture_output=True, text=True).stdout
    assert len(re.findall(r"^(?:PASSED|FAILED) ", out, flags=re.M)) == len(CASES), out
    return dict(re.findall(r"^FAILED \S+::test_(\w+) - (.*)$", out, flags=re.M))


@pytest.mark.parametrize("case", CASES)
def test_a_case_over_its_budget_fails(failures: dict[str, str], case: str) -> None:
    message = CASES[case][1]
    assert message in failures.get(case, "")
    assert (case in failures) == bool(message)
