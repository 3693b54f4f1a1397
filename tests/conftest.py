"""Fixtures for every level of tests: real stores, started when the first test asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.breakage import Breakage, broken
from tests.support.budgets import Budgets

if TYPE_CHECKING:
    from stack.testing import TestStores
    from stack.testing_stack import TestStack


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Budgets())
    config.pluginmanager.register(Breakage())


@pytest.fixture(scope="session")
def stores() -> Iterator[TestStores]:
    """Postgres, MongoDB, Valkey and Chroma, each started at its first use; see `stack.testing`."""
    from stack.testing import TestStores  # its drivers take two seconds to import, which a unit test need not wait for

    running = TestStores()
    yield running
    running.close()


@pytest.fixture(scope="session")
def twilio_port() -> int:
    """Where `running_stack` looks for Twilio. Nothing listens there until a test starts a simulator."""
    from stack.ports import free_ports

    return free_ports(1)[0]


@pytest.fixture(scope="session")
def running_stack(twilio_port: int) -> Iterator[TestStack]:
    """Everything `frontdesk up` starts, with the demo organization, on free ports; see `stack.testing_stack`."""
    from stack.testing_stack import TestStack

    twilio = {"FRONTDESK_TWILIO_URL": f"http://127.0.0.1:{twilio_port}"}
    stack = TestStack({"FRONTDESK_ERASURE_QUIET_SECONDS": "1", "FRONTDESK_FETCH_ALLOW": "127.0.0.1/32"} | twilio)
    yield stack.wait()
    found = broken(stack)
    stack.close()
    assert found == [], "something broke beside the tests"
