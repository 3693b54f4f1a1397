"""Fixtures for every level of tests: real stores, started when the first test asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.budgets import Budgets

if TYPE_CHECKING:
    from stack.testing import TestStores
    from stack.testing_stack import TestStack


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Budgets())


@pytest.fixture(scope="session")
def stores() -> Iterator[TestStores]:
    """Postgres, MongoDB, Valkey and Chroma, each started at its first use; see `stack.testing`."""
    from stack.testing import TestStores  # its drivers take two seconds to import, which a unit test need not wait for

    running = TestStores()
    yield running
    running.close()


@pytest.fixture(scope="session")
def running_stack() -> Iterator[TestStack]:
    """Everything `frontdesk up` starts, with the demo organization, on free ports; see `stack.testing_stack`."""
    from stack.testing_stack import TestStack

    stack = TestStack()
    yield stack.wait()
    stack.close()
