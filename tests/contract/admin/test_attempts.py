"""Attempts are counted alike in memory, in PostgreSQL and in Redis, also when many come at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from kit import clock, ids
from kit.journal import Journal
from services.admin.adapters.in_memory import InMemoryAttempts
from services.admin.adapters.postgres import Database, PostgresAttempts
from services.admin.adapters.redis import AttemptsWithSpare, RedisAttempts
from services.admin.domain.limits import Limit
from services.admin.ports import Attempts
from stack.testing import TestStores

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]

LIMIT = Limit(5, timedelta(minutes=10))


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def redis(stores: TestStores) -> AsyncIterator[Redis]:
    client = Redis.from_url(stores.redis_url())
    yield client
    await client.aclose()


@pytest.fixture(params=["memory", "postgres", "redis", "redis away"])
def attempts(request: pytest.FixtureRequest) -> Attempts:
    if request.param == "memory":
        return InMemoryAttempts(clock.utc_now)
    if request.param == "redis":
        return RedisAttempts(request.getfixturevalue("redis"))
    pool: Any = request.getfixturevalue("pool")
    spare = PostgresAttempts(Database(pool, Journal(pool, "admin")))
    if request.param == "postgres":
        return spare
    return AttemptsWithSpare(RedisAttempts(Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=1)), spare)


async def test_after_the_burst_one_waits(attempts: Attempts) -> None:
    key, other = ids.new(), ids.new()
    for _ in range(5):
        assert await attempts.take(key, LIMIT) is None
    wait = await attempts.take(key, LIMIT)
    assert wait is not None
    assert timedelta(seconds=100) < wait <= timedelta(seconds=120)
    assert await attempts.take(other, LIMIT) is None


async def test_a_good_attempt_is_given_back(attempts: Attempts) -> None:
    key = ids.new()
    for _ in range(5):
        await attempts.take(key, LIMIT)
    await attempts.give_back(key, LIMIT)
    assert await attempts.take(key, LIMIT) is None
    assert await attempts.take(key, LIMIT) is not None
    await attempts.give_back("never " + key, LIMIT)


async def test_giving_back_all_leaves_no_more_than_the_burst(attempts: Attempts) -> None:
    key = ids.new()
    await attempts.take(key, LIMIT)
    await attempts.give_back(key, LIMIT)
    await attempts.give_back(key, LIMIT)
    assert sum([await attempts.take(key, LIMIT) is None for _ in range(7)]) == 5


async def test_of_many_at_once_no_more_pass_than_the_burst(attempts: Attempts) -> None:
    key = ids.new()
    taken = await asyncio.gather(*(attempts.take(key, LIMIT) for _ in range(20)))
    assert taken.count(None) == 5


async def test_an_empty_bucket_goes_by_itself(redis: Redis) -> None:
    key = ids.new()
    await RedisAttempts(redis).take(key, LIMIT)
    assert 100_000 < await redis.pttl(f"admin:attempts:{key}") <= 120_000
