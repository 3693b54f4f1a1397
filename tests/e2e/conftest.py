"""Fixtures of the browser tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from stack.testing_stack import TestStack
from tests.e2e.browser import Screens, chromium


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
