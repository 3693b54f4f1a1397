"""Fails a test in whose process a worker broke, or a call ended in an unexpected error: both are written in the log alone.

A test that provokes one says so by `@pytest.mark.breaks`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stack.testing_stack import TestStack

MESSAGES = ("a worker broke and starts again", "unexpected error")


class Breakage(logging.Handler):
    """Collects the errors of the test that runs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._found: list[str] = []
        logging.getLogger("frontdesk").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg in MESSAGES:
            self._found.append(self.format(record))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> object:
        """Fails after the test itself has passed."""
        result = yield
        found, self._found = self._found, []
        if found and item.get_closest_marker("breaks") is None:
            pytest.fail("\n".join(["Something broke beside the test:", *found]))
        return result

    def pytest_runtest_teardown(self) -> None:
        """Forgets errors after a test: they are not the next one's."""
        self._found.clear()


def broken(stack: TestStack) -> list[str]:
    """The same errors in the logs of a running stack."""
    texts = [path.read_text(errors="replace") for path in sorted(stack.home.logs.glob("*.log"))]
    found = [f'"message":"{message}"' for message in MESSAGES]
    return [
        line
        for text in texts
        for line in text.splitlines()
        if '"level":"ERROR"' in line and any(each in line for each in found)
    ]
