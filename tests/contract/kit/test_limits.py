"""`Limits` are counted alike in Redis, in this process, in admin's PostgreSQL, and while Redis is unavailable."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from pydantic import SecretStr
from redis.asyncio import ConnectionPool, Redis

from kit import ids, migrations, postgres
from kit.journal import Journal
from kit.limits import Bucket, Limits, LocalLimits, Rate
from kit.limits.redis import RedisLimits
from services.admin import convert
from services.admin.adapters.postgres import Database, PostgresLimits

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]

MINUTE = timedelta(minutes=1)
NOWHERE: Any = None
"""Instead of a fallback: a script that fails must not pass for an outage."""
PATIENT = 60.0


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def redis(stores: TestStores) -> AsyncIterator[Redis]:
    async with Redis.from_url(stores.redis_url()) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def nobody() -> AsyncIterator[Redis]:
    """A Redis that refuses connections."""
    async with Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def in_postgres(stores: TestStores) -> AsyncIterator[PostgresLimits]:
    async with postgres.open_pool(SecretStr(stores.postgres_url("admin"))) as pool:
        await migrations.apply(pool, "admin")
        yield PostgresLimits(Database(pool, Journal(pool, "admin", convert.fact_to_pb)))


@pytest.fixture(params=["redis", "this process", "PostgreSQL", "without Redis: this process", "without Redis: PostgreSQL"])
def limits(request: pytest.FixtureRequest) -> Limits:
    fixture: Callable[[str], Any] = request.getfixturevalue
    match request.param:
        case "redis":
            return RedisLimits(fixture("redis"), "test", NOWHERE, timeout=PATIENT)
        case "this process":
            return LocalLimits()
        case "PostgreSQL":
            in_postgres: Limits = fixture("in_postgres")
            return in_postgres
        case "without Redis: this process":
            return RedisLimits(fixture("nobody"), "test", LocalLimits())
        case _:
            return RedisLimits(fixture("nobody"), "test", fixture("in_postgres"))


@pytest.fixture
def scope() -> str:
    return ids.new()


def bucket(scope: str, calls: int, burst: int, key: str = "a") -> Bucket:
    return Bucket(scope, key, Rate(calls, MINUTE, burst))


async def test_a_bucket_holds_a_burst_and_fills_evenly(limits: Limits, scope: str) -> None:
    waits = [await limits.take(bucket(scope, 2, 6)) for _ in range(7)]
    assert not any(waits[:6])
    assert 20 < waits[6].total_seconds() <= 30
    assert not await limits.take(bucket(scope, 2, 6, "b"))


async def test_a_caller_that_waits_as_asked_is_let_in(limits: Limits, scope: str) -> None:
    often = Bucket(scope, "often", Rate(100, timedelta(seconds=1), burst=2))
    while not (wait := await limits.take(often)):
        pass
    await asyncio.sleep(wait.total_seconds() + 0.001)
    assert not await limits.take(often)


async def test_a_refused_call_does_not_count(limits: Limits, scope: str) -> None:
    waits = [await limits.take(bucket(scope, 2, 2)) for _ in range(22)]
    assert not any(waits[:2])
    assert timedelta() < waits[21] <= waits[2]


async def test_of_many_at_once_no_more_pass_than_the_burst(limits: Limits, scope: str) -> None:
    waits = await asyncio.gather(*(limits.take(bucket(scope, 1, 5)) for _ in range(20)))
    assert sum(not wait for wait in waits) == 5


async def test_a_call_counts_in_all_its_buckets_or_in_none(limits: Limits, scope: str) -> None:
    wide, narrow = bucket(scope, 1, 3, "customer"), bucket(scope, 1, 1, "session")
    waits = [await limits.take(wide, narrow) for _ in range(5)]
    assert [bool(wait) for wait in waits] == [False, True, True, True, True]
    assert not any([await limits.take(wide) for _ in range(2)])
    assert await limits.take(wide)


async def test_calls_that_name_their_buckets_in_any_order_wait_for_no_one(limits: Limits, scope: str) -> None:
    one, other = bucket(scope, 1, 10, "one"), bucket(scope, 1, 10, "other")
    async with asyncio.timeout(PATIENT):
        waits = await asyncio.gather(*(limits.take(*pair) for pair in [(one, other), (other, one)] * 10))
    assert sum(not wait for wait in waits) == 10


async def test_what_had_no_effect_is_given_back(limits: Limits, scope: str) -> None:
    pair = bucket(scope, 1, 1), bucket(scope, 1, 1, "b")
    assert not await limits.take(*pair)
    await limits.give_back(*pair)
    assert not await limits.take(*pair)
    assert await limits.take(*pair)
    await limits.give_back(bucket(scope, 1, 1, "never taken"))


async def test_giving_back_more_than_was_taken_leaves_no_more_than_the_burst(limits: Limits, scope: str) -> None:
    few = bucket(scope, 1, 5)
    await limits.take(few)
    for _ in range(3):
        await limits.give_back(few)
    assert sum([not await limits.take(few) for _ in range(7)]) == 5


async def test_a_full_bucket_is_forgotten_by_redis(redis: Redis, scope: str) -> None:
    await RedisLimits(redis, "test", NOWHERE, timeout=PATIENT).take(bucket(scope, 1, 3))
    assert 30_000 < await redis.pttl(f"test:rate:{{{scope}}}:a") <= 60_000


async def test_replicas_share_their_buckets(redis: Redis, scope: str) -> None:
    replicas = [RedisLimits(redis, "test", NOWHERE, timeout=PATIENT) for _ in range(3)]
    waits = [await replica.take(bucket(scope, 1, 4)) for replica in replicas * 3]
    assert sum(not wait for wait in waits) == 4


async def test_a_redis_that_hangs_is_waited_for_once(scope: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the kernel takes connections, and nothing answers them
        async with Redis.from_url(f"redis://127.0.0.1:{silent.getsockname()[1]}") as redis:
            limits = RedisLimits(redis, "test", LocalLimits(), timeout=0.5)
            await limits.take(bucket(scope, 1, 5))
            started = time.monotonic()
            waits = [await limits.take(bucket(scope, 1, 5)) for _ in range(20)]
    assert sum(not wait for wait in waits) == 4
    assert time.monotonic() - started < 5, "twenty calls did not wait 0.5 s each"


async def test_a_redis_that_is_back_counts_again(stores: TestStores, scope: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "frontdesk")
    async with Redis.from_url(stores.redis_url()) as redis:
        limits = RedisLimits(redis, "test", LocalLimits(), timeout=PATIENT, retry=0.0)
        where = redis.connection_pool.connection_kwargs
        real, where["port"] = where["port"], 1
        waits = [await limits.take(bucket(scope, 1, 1)) for _ in range(3)]
        await redis.aclose()
        redis.connection_pool = ConnectionPool(**{**where, "port": real})
        waits += [await limits.take(bucket(scope, 1, 1)) for _ in range(2)]
    assert [bool(wait) for wait in waits] == [False, True, True, False, True]
    assert [record.message.partition(";")[0] for record in caplog.records] == ["Redis is unavailable", "Redis is back"]


async def test_a_process_that_counts_alone_does_not_grow_without_end(scope: str) -> None:
    limits = LocalLimits()
    for number in range(50_000):
        await limits.take(bucket(scope, 1, 1, str(number)))
    assert len(limits._full) + len(limits._older) <= 20_000
    assert await limits.take(bucket(scope, 1, 1, "49999"))
