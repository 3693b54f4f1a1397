"""Each test runs in an organization of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from kit import ids
from kit.ids import OrganizationId
from tests.contract.agent.ports import Ports, on_stores

if TYPE_CHECKING:
    from stack.testing import TestStores

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def agent_urls(stores: TestStores) -> tuple[str, str]:
    return stores.postgres_url("agent"), stores.redis_url()


@pytest.fixture
async def ports(agent_urls: tuple[str, str]) -> AsyncIterator[Ports]:
    async with on_stores(*agent_urls) as real:
        yield real


@pytest.fixture
def organization() -> OrganizationId:
    return OrganizationId(f"o-{ids.new()}")
