"""The kit on a real PostgreSQL, in the schema of a service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from kit import migrations, postgres

if TYPE_CHECKING:
    from stack.testing import TestStores


@pytest.fixture(scope="session")
def url(stores: TestStores) -> SecretStr:
    return SecretStr(stores.postgres_url("agent"))


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def pool(url: SecretStr) -> AsyncIterator[Any]:
    async with postgres.open_pool(url, size=20) as pool:
        await migrations.apply(pool, "agent")
        await pool.execute("create table effect (n serial, what text not null, who text)")
        yield pool


@pytest_asyncio.fixture(loop_scope="session")
async def empty(pool: Any) -> Any:
    """The pool, with an empty journal that no one has followed."""
    await pool.execute("truncate event, cursor, effect, follower, journal_follower, kept_event, verification, feed, feed_fact")
    await pool.execute("update shard set position = 0, deleted = 0")
    return pool
