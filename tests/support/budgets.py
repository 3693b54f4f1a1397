"""Time budgets of tests, by CPU time, so that a busy machine fails none; and no sleeping of real seconds.

- A case of `tests/unit` takes at most a second of CPU time, unless `@pytest.mark.budget(seconds, reason)` allows more.
  A property, which Hypothesis tries with many examples, may take three seconds.
- All cases of `tests/unit` together take at most twenty.
- Outside of `tests/e2e`, `tests/fault` and `tests/foreign` a test sleeps at most a tenth of a second at a time: it waits for
  something, or moves a clock. `WAITS` lists the files that may, with the reason; the list should shrink.

A machine that computes more slowly than the one where the budgets were set gets more time: see `slowness`. A
test of something that has to be quick with any input uses `assert_quick`, never a clock of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
CASE_SECONDS = 1.0
PROPERTY_SECONDS = 3.0
UNIT_SECONDS = 20.0
MAX_SLEEP = 0.1
FOR_EVER = 30.0
"""A sleep this long stands for something that never answers; it is cancelled."""
REAL_TIME = ("tests/e2e/", "tests/fault/", "tests/foreign/", "tests/twilio/")
WAITS = {
    "tests/services/agent/test_agents_and_heartbeats.py": "keys of Redis expire",
    "tests/contract/kit/test_limits.py": "a limit's own wait is over",
    "tests/contract/kit/test_outbound.py": "a slow server",
    "tests/contract/kit/test_jobs.py": "leases of the database's clock run out",
    "tests/contract/kit/test_journal.py": "nothing arrives for a while",
    "tests/contract/kit/test_postgres.py": "a server stops",
    "tests/contract/kit/test_shares.py": "leases of the database's clock run out",
    "tests/gateway/test_replies.py": "a slow client, for as long as Envoy's timeouts",
    "tests/rpc/agent/test_outages.py": "a store is unavailable for longer than its timeout",
    "tests/rpc/channel/test_messages.py": "a batch of marks is written",
    "tests/rpc/channel/test_with_core.py": "nothing arrives for a while",
    "tests/rpc/core/test_outages.py": "a store is unavailable for longer than its timeout",
    "tests/rpc/core/test_takeovers.py": "rights of the database's clock run out",
    "tests/rpc/feeds/test_feeds.py": "a feed is silent",
    "tests/rpc/feeds/test_suspension.py": "nothing arrives for a while",
    "tests/rpc/kit/test_metrics.py": "the loop is blocked",
    "tests/rpc/kit/test_pings.py": "pings come at least ten seconds apart",
    "tests/rpc/kit/test_streams_and_life.py": "a process drains",
    "tests/rpc/memory/test_outages.py": "what was confirmed within the last second is still answered",
    "tests/rpc/revocations/test_matrix.py": "a token of the same moment may be of before",
}
REFERENCE_SECONDS = 0.012
"""CPU time of `_work` where the budgets were set."""

_sleep, _pause = asyncio.sleep, time.sleep


class SleptTooLong(AssertionError):
    """A test slept."""


def _checked(delay: float) -> None:
    frame = sys._getframe(2)
    file = frame.f_code.co_filename
    if not MAX_SLEEP < delay < FOR_EVER or not file.startswith(str(ROOT / "tests")):
        return
    name = file.removeprefix(f"{ROOT}/")
    if not name.startswith(REAL_TIME) and name not in WAITS:
        raise SleptTooLong(f"{name}:{frame.f_lineno} sleeps {delay} s: wait for what you expect, or move a clock by hand.")


def _async_sleep(delay: float, result: Any = None) -> Coroutine[Any, Any, Any]:
    if type(asyncio.get_running_loop()).time is asyncio.BaseEventLoop.time:  # else its clock jumps
        _checked(delay)
    return _sleep(delay, result)


def _thread_sleep(seconds: float) -> None:
    _checked(seconds)
    _pause(seconds)


def _work() -> None:
    for number in range(20_000):
        hashlib.sha256(str(number).encode()).hexdigest()


def slowness() -> float:
    """By how much this machine computes more slowly at this moment than the one where the budgets were set; at least 1."""
    spent = []
    for _ in range(5):
        started = time.process_time()
        _work()
        spent.append(time.process_time() - started)
    return max(1.0, median(spent) / REFERENCE_SECONDS)


@settings(database=None, deadline=None, max_examples=5, suppress_health_check=list(HealthCheck))
@given(st.text(), st.binary(), st.integers(), st.floats())
def _first_property(text: str, data: bytes, whole: int, number: float) -> None:
    """Draws, and nothing more."""


_limited: list[float] = []
"""The CPU time of a case that `assert_quick` limits, in seconds."""


def assert_quick(seconds: float, work: Callable[[], object]) -> None:
    """Some work takes at most so much CPU time where the budgets were set, and elsewhere as much more as it is slower.

    It has three tries: another program that uses the same core makes one of them slow, and work that grows too fast makes all.
    No budget counts them.
    """
    spent, began = [], time.process_time()
    try:
        for _ in range(3):
            started = time.process_time()
            work()
            spent.append(time.process_time() - started)
            if spent[-1] <= seconds or spent[-1] <= seconds * slowness():
                return
    finally:
        _limited.append(time.process_time() - began)
    told = ", ".join(f"{each:.2f}" for each in spent)
    raise AssertionError(f"It took {told} s of CPU time; {seconds} s are allowed, {slowness():.1f} times that here.")


class Budgets:
    """The plugin."""

    def __init__(self) -> None:
        self.unit_seconds = 0.0
        self._started = 0.0

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "budget(seconds, reason): a unit case that may take more CPU time than others")
        asyncio.sleep, time.sleep = _async_sleep, _thread_sleep  # type: ignore[assignment]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Hypothesis reads Unicode's tables and all loaded modules' constants once: seconds that count for no case."""
        if any(item.path.is_relative_to(ROOT / "tests" / "unit") for item in session.items):
            _first_property()

    def pytest_unconfigure(self) -> None:
        asyncio.sleep, time.sleep = _sleep, _pause

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Any:
        _limited.clear()
        started = time.process_time()
        result = yield
        spent = time.process_time() - started - sum(_limited)
        if item.path.is_relative_to(ROOT / "tests" / "unit"):
            self.unit_seconds += spent
            marker = item.get_closest_marker("budget")
            usual = PROPERTY_SECONDS if hasattr(getattr(item, "obj", None), "hypothesis") else CASE_SECONDS
            allowed = marker.args[0] if marker else usual
            if spent > allowed and spent > allowed * slowness():
                pytest.fail(f"It took {spent:.2f} s of CPU time; {allowed} s are allowed.", pytrace=False)
        return result

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.unit_seconds > UNIT_SECONDS and self.unit_seconds > UNIT_SECONDS * slowness() and not session.exitstatus:
            print(
                f"\nThe unit tests took {self.unit_seconds:.1f} s of CPU time; {UNIT_SECONDS} s are allowed.", file=sys.stderr
            )
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
