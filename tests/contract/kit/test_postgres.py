"""The pool: it waits for a database, knows one that is unavailable, finds it again, and has limits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr

from kit import postgres
from kit.clock import utc_now
from kit.metrics import Distribution, Metric
from stack.testing import TestStores

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(scope="module")
def own() -> Iterator[TestStores]:
    """Stores of this module's own: no one else notices when they stop."""
    stores = TestStores()
    yield stores
    stores.close()


def counted(pool: Any) -> dict[Metric, float]:
    """The pool's counts, over all labels."""
    found: dict[Metric, float] = {}
    for series in postgres.series(pool):
        for value, _ in series.read():
            assert not isinstance(value, Distribution)
            found[series.metric] = found.get(series.metric, 0) + value
    return found


async def answers(pool: Any) -> bool:
    try:
        return bool(await pool.fetchval("select 1") == 1)
    except postgres.UNAVAILABLE_ERRORS:
        return False


async def test_it_waits_for_a_database_that_comes_later_and_outlives_one_that_goes(own: TestStores) -> None:
    url = SecretStr(own.postgres_url("core"))
    await asyncio.to_thread(own.stop, "postgres")
    context = postgres.open_pool(url)
    opening = asyncio.create_task(context.__aenter__())
    await asyncio.sleep(0.5)
    assert not opening.done()
    await asyncio.to_thread(own.start, "postgres")
    pool = await asyncio.wait_for(opening, 60)
    try:
        assert await pool.fetchval("select 1") == 1
        await asyncio.to_thread(own.stop, "postgres")
        for _ in range(3):
            with pytest.raises(postgres.UNAVAILABLE_ERRORS):
                await pool.fetchval("select 1")
        await asyncio.to_thread(own.start, "postgres")
        async with asyncio.timeout(60):
            while not await answers(pool):  # noqa: ASYNC110  # a database announces to no one that it is back
                await asyncio.sleep(0.1)
    finally:
        await context.__aexit__(None, None, None)


async def test_statements_and_locks_have_limits(pool: Any) -> None:
    assert await pool.fetchval("show statement_timeout") == "5s"
    assert await pool.fetchval("show lock_timeout") == "2s"
    assert await pool.fetchval("show idle_in_transaction_session_timeout") == "10s"


async def test_a_statement_that_runs_too_long_is_ended(url: SecretStr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "STATEMENT_SECONDS", 1)
    async with postgres.open_pool(url, size=1) as pool:
        with pytest.raises(asyncpg.QueryCanceledError, match="statement timeout"):
            await pool.fetchval("select pg_sleep(60)")
        assert await pool.fetchval("select 1") == 1, "the connection is good for the next"
    assert issubclass(asyncpg.QueryCanceledError, postgres.UNAVAILABLE_ERRORS)


async def test_waiting_too_long_for_a_row_is_an_error(pool: Any) -> None:
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute("update shard set position = position where shard = 0")
        with pytest.raises(asyncpg.LockNotAvailableError, match="lock timeout"):
            await pool.execute("update shard set position = position where shard = 0")
    assert issubclass(asyncpg.LockNotAvailableError, postgres.UNAVAILABLE_ERRORS)


async def test_getting_no_connection_in_time_is_an_error(url: SecretStr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ACQUIRE_SECONDS", 0.2)
    async with postgres.open_pool(url, size=2) as pool:
        async with pool.acquire(), pool.acquire():
            for call in (pool.fetchval("select 1"), pool.execute("select 1")):
                with pytest.raises(postgres.PoolExhausted):
                    await call
        assert await pool.fetchval("select 1") == 1, "nothing is left over of those who gave up"
        waiting = []
        async with pool.acquire(), pool.acquire():
            waiting = [asyncio.create_task(pool.fetchval("select 1")) for _ in range(20)]
            await asyncio.sleep(0)
            assert counted(pool)[postgres.PENDING] == 20
        assert await asyncio.gather(*waiting) == [1] * 20
        assert counted(pool)[postgres.PENDING] == 0
        assert (counted(pool)[postgres.TIMEOUTS], counted(pool)[postgres.WAITS]) == (2, 22)
        assert counted(pool)[postgres.WAITED] > 0.4
        assert (counted(pool)[postgres.CONNECTIONS], counted(pool)[postgres.MAX_CONNECTIONS]) == (2, 2)
    assert issubclass(postgres.PoolExhausted, postgres.UNAVAILABLE_ERRORS)


async def test_json_columns_are_python_values(pool: Any) -> None:
    value = {"a": [1, None, "é"], "b": {"c": True}}
    assert await pool.fetchval("select $1::jsonb", value) == value
    assert await pool.fetchval("select $1::jsonb", b'{"raw": 1}') == {"raw": 1}


async def test_without_a_url_the_process_says_what_is_missing() -> None:
    with pytest.raises(SystemExit, match="FRONTDESK_POSTGRES_URL"):
        async with postgres.open_pool(SecretStr("")):
            pass


async def test_a_peer_that_vanished_is_noticed(own: TestStores) -> None:
    async with postgres.open_pool(SecretStr(own.postgres_url("core"))) as pool:
        shown = [await pool.fetchval(f"show tcp_keepalives_{what}") for what in ("idle", "interval", "count")]
    assert shown == ["10", "5", "3"], "in seconds; a vanished machine's locks are free after 25 of them"


async def test_the_time_is_the_databases_whatever_the_process_thinks(own: TestStores) -> None:
    url = SecretStr(own.postgres_url("core"))
    async with postgres.open_pool(url) as pool:
        schema = await pool.fetchval("select current_schema()")
        await pool.execute(
            "create function clock_timestamp() returns timestamptz return pg_catalog.clock_timestamp() + interval '1 hour'"
        )
    async with postgres.open_pool(url, more={"search_path": f"{schema}, pg_catalog"}) as pool:
        now = await postgres.database_clock(pool)
        hour = timedelta(hours=1)
        assert abs(now() - utc_now() - hour) < timedelta(seconds=1)
        await asyncio.to_thread(own.stop, "postgres")
        with pytest.raises(postgres.UNAVAILABLE_ERRORS):
            await now.ask()
        first = now()
        await asyncio.sleep(0.05)
        assert timedelta(seconds=0.05) <= now() - first < timedelta(seconds=1), "it continues while the database is unavailable"
    await asyncio.to_thread(own.start, "postgres")
