"""Fixtures of the browser tests."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser

from stack.testing_stack import TestStack
from tests.e2e.browser import Screens, chromium

MAX_SEEN = 6_000
"""Characters of a screen in a report."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds the open screens to the report of a test that failed."""
    report = yield
    screens = getattr(item, "funcargs", {}).get("screens")
    if report.failed and call.when == "call" and isinstance(screens, Screens):
        report.sections += [(f"screen {address}", seen[:MAX_SEEN]) for address, seen in screens.seen()]
    return report


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a module."""
    with chromium() as running:
        yield running


@pytest.fixture
def screens(running_stack: TestStack, browser: Browser) -> Iterator[Screens]:
    """Screens on the running stack. A test in which one of their consoles shows an error or a warning fails."""
    opened = Screens(browser, running_stack.gateway)
    yield opened
    opened.close()
    assert opened.complaints == []
