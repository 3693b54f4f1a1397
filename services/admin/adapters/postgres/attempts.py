"""Attempts counted in PostgreSQL, for the time that Redis is away. The clock is the database's."""

from datetime import timedelta

from services.admin.adapters.postgres.database import Database
from services.admin.domain.limits import Limit

# A row says until when its bucket is filled; an attempt fills it by `interval` more, if that stays within `period` from now.
_TAKE = """
insert into attempt (key, until) values ($1, clock_timestamp() + $2)
on conflict (key) do update set until = greatest(attempt.until, clock_timestamp()) + $2
where greatest(attempt.until, clock_timestamp()) + $2 <= clock_timestamp() + $3
returning true
"""
_WAIT = "select until + $2::interval - $3::interval - clock_timestamp() from attempt where key = $1"
_GIVE_BACK = "update attempt set until = until - $2::interval where key = $1"


class PostgresAttempts:
    """Counts in the table `attempt`, which is unlogged: a crash of the database forgets."""

    def __init__(self, database: Database) -> None:
        self._pool = database.pool

    async def take(self, key: str, limit: Limit) -> timedelta | None:
        if await self._pool.fetchval(_TAKE, key, limit.interval, limit.period):
            return None
        wait: timedelta | None = await self._pool.fetchval(_WAIT, key, limit.interval, limit.period)
        return max(wait or timedelta(), timedelta(milliseconds=1))

    async def give_back(self, key: str, limit: Limit) -> None:
        await self._pool.execute(_GIVE_BACK, key, limit.interval)

    async def tidy(self) -> None:
        """Deletes buckets that are empty by now."""
        await self._pool.execute("delete from attempt where until < clock_timestamp()")
