"""Budgets in PostgreSQL: a row for each organization and day, locked only while it is added to."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from frontdesk.admin.internal import v1 as internal

from kit.clock import Clock
from kit.ids import OrganizationId
from kit.journal import Transaction
from services.core.domain import Cost, Limit

ZONES = internal.WatchEventsRequest(filters=[{"kinds": ["OrganizationCreated", "OrganizationUpdated"]}])
"""Of admin's facts: those that hold an organization's time zone."""

_RESERVE = """
insert into spending as s (organization, day, tokens, micros)
values ($1, ($6::timestamptz at time zone coalesce(
    (select time_zone from organization_zone where organization = $1), 'UTC'))::date, $2, $3)
on conflict (organization, day) do update set tokens = s.tokens + excluded.tokens, micros = s.micros + excluded.micros
where ($4 = 0 or s.tokens < $4) and ($5 = 0 or s.micros < $5)
returning day
"""
_SETTLE = """
update spending set tokens = tokens + $3, micros = micros + $4 where organization = $1 and day = $2
"""
# A zone that PostgreSQL does not know is not taken: that organization's day is UTC's, or stays as it was.
_ZONE = """
insert into organization_zone (organization, time_zone) select $1, name from pg_timezone_names where name = $2
on conflict (organization) do update set time_zone = excluded.time_zone
"""


class PostgresBudgets:
    """The port Budgets."""

    def __init__(self, pool: Any, now: Clock) -> None:
        self._pool = pool
        self._now = now

    async def reserve(self, organization: OrganizationId, most: Cost, limit: Limit) -> date | None:
        day: date | None = await self._pool.fetchval(
            _RESERVE, organization, most.tokens, most.micros, limit.tokens, limit.micros, self._now()
        )
        return day

    async def settle(self, organization: OrganizationId, day: date, most: Cost, charged: Cost) -> None:
        await self._pool.execute(_SETTLE, organization, day, charged.tokens - most.tokens, charged.micros - most.micros)

    async def used(self, organization: OrganizationId, day: date) -> Cost:
        row = await self._pool.fetchrow(
            "select tokens, micros from spending where organization = $1 and day = $2", organization, day
        )
        return Cost(row["tokens"], row["micros"]) if row else Cost()


def zone_handler() -> Callable[[Transaction, internal.Event], Awaitable[None]]:
    """Keeps organizations' time zones, for `kit.journal.follow`, in its transaction."""

    async def act(transaction: Transaction, event: internal.Event) -> None:
        fact = event.WhichOneof("fact")
        if fact in ("organization_created", "organization_updated"):
            await transaction.connection.execute(_ZONE, event.envelope.organization, getattr(event, fact).time_zone)

    return act
