"""Fixtures: the use cases on PostgreSQL, and two agents."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from kit import ids, journal, migrations, postgres
from kit.ids import OrganizationId
from services.agent.adapters.database import Database
from services.agent.adapters.journal_feed import JournalFeed
from services.agent.adapters.postgres_agents import PostgresAgents
from services.agent.adapters.postgres_custodies import PostgresCustodies
from services.agent.convert.facts import fact_to_pb
from services.agent.domain.agent import Me
from services.agent.domain.ids import AgentId
from tests.services.agent.ports import Ports, on_stores
from tests.services.agent.world import ORGANIZATION, World
from tests.support.tables import empty

if TYPE_CHECKING:
    from stack.testing import TestStores


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def stored(stores: TestStores) -> AsyncIterator[tuple[Any, Database, JournalFeed]]:
    """A pool on agent's schema, and the feed that reads its journal."""
    async with postgres.open_pool(SecretStr(stores.postgres_url("agent"))) as pool:
        await migrations.apply(pool, "agent")
        own = journal.Journal(pool, "agent", fact_to_pb)
        database = Database(pool, own)
        feed = JournalFeed(pool, own, PostgresCustodies(database), PostgresAgents(database), asyncio.Event())
        reading = asyncio.create_task(feed.run())
        yield pool, database, feed
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


@pytest_asyncio.fixture(loop_scope="session")
async def world(stored: tuple[Any, Database, JournalFeed]) -> World:
    await empty(stored[0])
    world = World(*stored)
    world.start = await world.feed.end(ORGANIZATION)
    return world


@pytest.fixture
def first() -> Me:
    return Me(ORGANIZATION, AgentId("a1"), "First Agent")


@pytest.fixture
def second() -> Me:
    return Me(ORGANIZATION, AgentId("a2"), "Second Agent")


@pytest.fixture(scope="session")
def agent_urls(stores: TestStores) -> tuple[str, str]:
    return stores.postgres_url("agent"), stores.redis_url()


@pytest_asyncio.fixture(loop_scope="session")
async def ports(agent_urls: tuple[str, str]) -> AsyncIterator[Ports]:
    async with on_stores(*agent_urls) as real:
        yield real


@pytest.fixture
def organization() -> OrganizationId:
    """An organization of the test's own."""
    return OrganizationId(f"o-{ids.new()}")
