"""PostgreSQL: a pool with the limits every service has, and JSON columns as Python values."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import asyncpg
import msgspec
from pydantic import SecretStr

from kit import metrics
from kit.metrics import Kind, Metric

STATEMENT_SECONDS = 5
LOCK_SECONDS = 2
POOL_SIZE = 10
ACQUIRE_SECONDS = 1.0
"""How long a statement waits for a connection while all are in use."""
CLOCK_SECONDS = 60.0
"""How often the database is asked for the time."""
MAX_CLOCK_RTT_SECONDS = 0.1
"""An answer that took longer says too little about the time now."""
NOTHING: Mapping[str, str] = MappingProxyType({})
POINT_LOOKUP_PLANS: Mapping[str, str] = MappingProxyType({"enable_hashjoin": "off", "enable_mergejoin": "off"})
"""For sessions that find rows by their keys: a join that reads a small table whole is still in use when the table has grown."""

CONNECTIONS = Metric(
    "db.client.connection.count",
    Kind.UP_DOWN_COUNTER,
    "{connection}",
    "Connections of the process's pool to PostgreSQL, by state: idle or used.",
    ("db.client.connection.pool.name", "db.client.connection.state"),
)
MAX_CONNECTIONS = Metric(
    "db.client.connection.max",
    Kind.UP_DOWN_COUNTER,
    "{connection}",
    "The most connections that the pool may have.",
    ("db.client.connection.pool.name",),
)
PENDING = Metric(
    "db.client.connection.pending_requests",
    Kind.UP_DOWN_COUNTER,
    "{request}",
    "Statements that wait for a connection now.",
    ("db.client.connection.pool.name",),
)
TIMEOUTS = Metric(
    "db.client.connection.timeouts",
    Kind.COUNTER,
    "{timeout}",
    "Statements that got no connection within a second: their callers get UNAVAILABLE.",
    ("db.client.connection.pool.name",),
)
WAITS = Metric(
    "frontdesk.postgres.waits",
    Kind.COUNTER,
    "{wait}",
    "Statements that had to wait for a connection, since all were in use.",
    ("db.client.connection.pool.name",),
)
WAITED = Metric(
    "frontdesk.postgres.wait_time",
    Kind.COUNTER,
    "s",
    "Time that statements waited for a connection, all together.",
    ("db.client.connection.pool.name",),
)

Pool = asyncpg.Pool
Connection = asyncpg.Connection

UNAVAILABLE_ERRORS: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.DeadlockDetectedError,
    ConnectionError,
    OSError,
)
"""The errors raised when the database can't be reached, or can't do it now: the interceptor makes UNAVAILABLE of it."""

_NOT_YET: tuple[type[BaseException], ...] = (*UNAVAILABLE_ERRORS, TimeoutError)

_log = logging.getLogger("frontdesk")


class _Connection(asyncpg.Connection):
    def get_reset_query(self) -> str:
        return ""  # we set nothing on a session, so a returned connection needs no statement of its own


class PoolExhausted(asyncpg.InterfaceError):
    """All connections are in use, and none became free in time: reported as UNAVAILABLE, as all of UNAVAILABLE_ERRORS."""

    def __init__(self) -> None:
        super().__init__(f"no connection became free within {ACQUIRE_SECONDS:g} s")


class _Pool(asyncpg.Pool):
    _queue: asyncio.Queue[Any]
    waits = timeouts = pending = 0
    waited = 0.0

    async def _acquire(self, timeout: float | None) -> Any:
        # Its own time-out would also cut off a connection that is being made, and would cost each statement a task.
        acquired = super()._acquire(timeout)  # type: ignore[misc]  # the stubs leave it out
        if not self._queue.empty():
            return await acquired
        began = time.monotonic()
        self.waits += 1
        self.pending += 1
        try:
            async with asyncio.timeout(ACQUIRE_SECONDS):
                return await acquired
        except TimeoutError:
            self.timeouts += 1
            raise PoolExhausted from None
        finally:
            self.pending -= 1
            self.waited += time.monotonic() - began


def series(pool: Any, name: str = "postgresql") -> list[metrics.Series]:
    """The counts of a pool of `open_pool`."""

    def number(metric: Metric, read: Callable[[], float], **labels: str) -> metrics.Series:
        return metrics.number(metric, read, {"db.client.connection.pool.name": name, **labels})

    return [
        number(CONNECTIONS, pool.get_idle_size, **{"db.client.connection.state": "idle"}),
        number(CONNECTIONS, lambda: pool.get_size() - pool.get_idle_size(), **{"db.client.connection.state": "used"}),
        number(MAX_CONNECTIONS, pool.get_max_size),
        number(PENDING, lambda: pool.pending),
        number(TIMEOUTS, lambda: pool.timeouts),
        number(WAITS, lambda: pool.waits),
        number(WAITED, lambda: pool.waited),
    ]


def queues(pool: Any, statement: str) -> tuple[metrics.Series, ...]:
    """Queues in tables. The statement gives a row for each: its name, its depth up to 10,000, and the age in seconds of the
    oldest item counted. It must find them by an index.
    """

    async def ask() -> dict[str, metrics.Backlog]:
        return {name: metrics.Backlog(depth, age) for name, depth, age in await pool.fetch(statement)}

    return metrics.queues(ask)


@asynccontextmanager
async def open_pool(url: SecretStr, size: int = POOL_SIZE, more: Mapping[str, str] = NOTHING) -> AsyncIterator[Any]:
    """A pool of at most `size` connections; waits for the database to be there, and says so. `more`: further settings of its
    sessions.
    """
    if not url.get_secret_value():
        raise SystemExit("FRONTDESK_POSTGRES_URL is missing: postgresql://role:password@host:port/frontdesk")
    pool = None
    while pool is None:
        try:
            pool = await _Pool(
                url.get_secret_value(),
                min_size=1,
                max_size=size,
                max_queries=50_000,
                max_inactive_connection_lifetime=300.0,
                loop=None,
                record_class=asyncpg.Record,
                timeout=5,
                command_timeout=STATEMENT_SECONDS + 1,
                connection_class=_Connection,
                init=_prepare,
                server_settings={
                    "statement_timeout": str(STATEMENT_SECONDS * 1000),
                    "lock_timeout": str(LOCK_SECONDS * 1000),
                    "idle_in_transaction_session_timeout": "10000",
                    # Rows that a vanished machine had locked are free again after 25 s.
                    "tcp_keepalives_idle": "10",
                    "tcp_keepalives_interval": "5",
                    "tcp_keepalives_count": "3",
                    "jit": "off",
                    **more,
                },
            )
        except _NOT_YET as error:
            _log.warning("PostgreSQL is not there yet; trying again in a second", extra={"error": repr(error)[:200]})
            await asyncio.sleep(1)
    try:
        yield pool
    finally:
        pool.terminate()


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + (value if isinstance(value, bytes) else msgspec.json.encode(value)),
        decoder=lambda raw: msgspec.json.decode(raw[1:]),
    )


class DatabaseClock:
    """The database's time as a `kit.clock.Clock`: what a process stamps or puts off by it holds for all, whatever its own says.

    Between two questions it continues by the monotonic clock, so it takes no part in the machine's being set forward or back,
    and a database that is unavailable does not stop it.
    """

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._at: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        """The time now, aware, in UTC; right to half of `MAX_CLOCK_RTT_SECONDS`. Only after `ask`."""
        assert self._at is not None, "the database has not been asked yet"
        then, monotonic = self._at
        return then + timedelta(seconds=time.monotonic() - monotonic)

    async def ask(self) -> None:
        """Asks the database for the time."""
        async with self._pool.acquire() as connection:
            began = time.monotonic()
            then = await connection.fetchval("select clock_timestamp()")
            took = time.monotonic() - began
        if took <= MAX_CLOCK_RTT_SECONDS or self._at is None:
            self._at = then, began + took / 2

    async def keep(self) -> None:
        """A worker: asks again and again, since no two clocks run alike."""
        while True:
            await asyncio.sleep(CLOCK_SECONDS)
            try:
                await self.ask()
            except UNAVAILABLE_ERRORS as error:
                _log.debug("the database did not return the time", extra={"error": repr(error)[:200]})


async def database_clock(pool: Any) -> DatabaseClock:
    """A clock that has been asked once; run its `keep` as a worker."""
    clock = DatabaseClock(pool)
    await clock.ask()
    return clock
