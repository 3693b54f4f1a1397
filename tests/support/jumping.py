"""A loop whose clock jumps, so that an hour of sleep takes no time; and a real PostgreSQL that lives by that clock."""

from __future__ import annotations

import asyncio
import math
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pydantic import SecretStr

from kit import migrations, postgres

T = TypeVar("T")
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
"""The time at which each play of `StepStore` begins."""

CLOCKS = ("now", "clock_timestamp", "statement_timestamp")
_CLOCK = "create function {}() returns timestamptz language sql stable as $$ select current_setting('test.now')::timestamptz $$"


def _never() -> bool:
    return False


class _Jumping(selectors.DefaultSelector):
    """Instead of waiting until a time, lets the loop's clock jump there, unless someone outside works for us."""

    def __init__(self, busy: Callable[[], bool]) -> None:
        super().__init__()
        self.now = 1000.0
        self._busy = busy

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self._busy():
            return super().select(1)
        if timeout is None:
            raise RuntimeError("Everybody waits, and nothing will ever happen.")
        self.now += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop on which an hour of sleep takes no time. Its clock stands still while `busy` says so."""

    def __init__(self, busy: Callable[[], bool] = _never) -> None:
        self._jumping = _Jumping(busy)
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def round(self) -> None:
        """Moves the clock on to a whole second."""
        self._jumping.now = math.ceil(self._jumping.now)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine on a loop whose clock jumps."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(work)


class StepPool:
    """A pool's single statements, during which the loop's clock stands still; the database has the loop's time."""

    def __init__(self, pool: Any, now: Callable[[], datetime]) -> None:
        self._pool = pool
        self._now = now
        self._set: dict[int, datetime] = {}
        self.running = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in ("fetch", "fetchrow", "fetchval", "execute"):
            raise AttributeError(name)

        async def call(*args: Any) -> Any:
            self.running += 1
            try:
                async with self._pool.acquire() as connection:
                    now, id = self._now(), connection.get_server_pid()
                    if self._set.get(id) != now and any(f"{clock}()" in args[0] for clock in CLOCKS):
                        await connection.execute(f"set test.now = '{now.isoformat()}'")
                        self._set[id] = now
                    return await getattr(connection, name)(*args)
            finally:
                self.running -= 1

        return call


class StepStore:
    """A service's schema in a real PostgreSQL whose `now()` and the like are the time of a loop that jumps."""

    def __init__(self, url: SecretStr, service: str) -> None:
        self._loop = JumpingLoop(self._busy)
        self._runner = asyncio.Runner(loop_factory=lambda: self._loop)
        self._began = 0.0
        self._opening = True
        self.pool: StepPool
        self._runner.run(self._open(url, service))
        self._opening = False

    def play(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Runs on empty tables; whatever still runs at the end is cancelled."""
        return self._runner.run(self._play(work))

    def now(self) -> datetime:
        """The time of the loop and of the database."""
        return START + timedelta(seconds=self._loop.time() - self._began)

    def close(self) -> None:
        """Closes the connections."""
        self._opening = True
        self._runner.run(self._close())
        self._runner.close()

    def _busy(self) -> bool:
        return self._opening or self.pool.running > 0

    async def _open(self, url: SecretStr, service: str) -> None:
        async with postgres.open_pool(url) as pool:
            await migrations.apply(pool, service)
            for name in CLOCKS:
                await pool.execute(_CLOCK.format(name))
            schema = await pool.fetchval("select current_schema()")
            rows = await pool.fetch("select tablename from pg_tables where schemaname = $1", schema)
            self._tables = [name for (name,) in rows if name not in ("migration", "shard")]
        self._context = postgres.open_pool(url, more={"search_path": f"{schema}, pg_catalog"})
        pool = await self._context.__aenter__()
        for holder in pool._holders:
            holder._max_inactive_time = 0  # else hours that pass in no time would close its connection
        self.pool = StepPool(pool, self.now)

    async def _play(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        filled = [f"select '{table}' as name where exists (select from {table})" for table in self._tables]
        if rows := await self.pool.fetch(" union all ".join(filled)):
            await self.pool.execute(f"truncate {', '.join(row['name'] for row in rows)} cascade")
        self._loop.round()
        self._began = self._loop.time()
        try:
            return await work()
        finally:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    async def _close(self) -> None:
        await self._context.__aexit__(None, None, None)
