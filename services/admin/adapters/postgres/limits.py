"""Attempts counted in PostgreSQL, for the time that Redis is unavailable. The clock is the database's."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from kit.limits import Bucket
from services.admin.adapters.postgres.database import Database

# A row says until when its bucket is filled; an attempt fills it by `interval` more, if that stays within `capacity` from now.
_TAKE = """
insert into attempt (key, until) values ($1, clock_timestamp() + $2)
on conflict (key) do update set until = greatest(attempt.until, clock_timestamp()) + $2
where greatest(attempt.until, clock_timestamp()) + $2 <= clock_timestamp() + $3
returning true
"""
_WAIT = "select until + $2::interval - $3::interval - clock_timestamp() from attempt where key = $1"
_GIVE_BACK = "update attempt set until = until - $2::interval where key = $1"


class PostgresLimits:
    """Counts in the table `attempt`, which is unlogged: a crash of the database forgets."""

    def __init__(self, database: Database) -> None:
        self._pool = database.pool

    async def take(self, *buckets: Bucket) -> timedelta:
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                for bucket in _in_order(buckets):
                    await _take(connection, bucket)
        except _Full as full:
            return full.wait
        return timedelta()

    async def give_back(self, *buckets: Bucket) -> None:
        await self._pool.executemany(_GIVE_BACK, [(bucket.name, _interval(bucket)) for bucket in _in_order(buckets)])

    async def tidy(self) -> None:
        """Deletes buckets that are empty by now."""
        await self._pool.execute("delete from attempt where until < clock_timestamp()")


class _Full(Exception):
    """A bucket has no room; the transaction is rolled back, and with it what the others gave."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait


async def _take(connection: Any, bucket: Bucket) -> None:
    args = (bucket.name, _interval(bucket), timedelta(microseconds=bucket.rate.capacity))
    if not await connection.fetchval(_TAKE, *args):
        wait: timedelta | None = await connection.fetchval(_WAIT, *args)
        raise _Full(max(wait or timedelta(), timedelta(milliseconds=1)))


def _in_order(buckets: Sequence[Bucket]) -> list[Bucket]:
    """The same order in every transaction, so that no two wait for each other's rows."""
    return sorted(buckets, key=lambda bucket: bucket.name)


def _interval(bucket: Bucket) -> timedelta:
    return timedelta(microseconds=bucket.rate.interval)
