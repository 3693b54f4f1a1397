"""Use cases on real stores: one event loop for the session, so that a pool serves all tests of a service."""

import inspect

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/services/" in str(item.path):
            item.add_marker(pytest.mark.servers)
            if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.function):
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
