"""The port Replicas in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from kit.ids import OrganizationId
from services.core.domain import TurnId

FORGOTTEN = timedelta(minutes=1)
"""A process whose row is older than this has ended."""

# `now()` is when the statement's transaction began, so it is never later than what the statement sees.
_RENEW = """
with renewed as (
    insert into replica (id, checked, applied) values ($1, now(), $5)
    on conflict (id) do update set checked = excluded.checked, applied = excluded.applied
), forgotten as (
    delete from replica where id <> $1 and checked < now() - $6::interval
)
select now() as moment, array(
    select (t.id, t.attempt) from unnest($2::text[], $3::text[], $4::int[]) as shown (organization, id, attempt)
    join turn t on t.organization = shown.organization and t.id = shown.id and t.attempt = shown.attempt
    where t.state = 'RUNNING'
) as running
"""
_SHOWING = """
select now() as moment, array(
    select id from replica where id <> $1 and checked > now() - $2::interval and (applied > $3) is not true
) as ids
"""


class PostgresReplicas:
    """The port Replicas."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def renew(
        self, replica: str, turns: Sequence[tuple[OrganizationId, TurnId, int]], applied: datetime | None
    ) -> tuple[datetime, set[tuple[TurnId, int]]]:
        organizations, ids, attempts = ([turn[i] for turn in turns] for i in range(3))
        row = await self._pool.fetchrow(_RENEW, replica, organizations, ids, attempts, applied, FORGOTTEN)
        return row["moment"], {(TurnId(id), attempt) for id, attempt in row["running"]}

    async def showing(self, but: str, within: timedelta, since: datetime | None = None) -> tuple[datetime, set[str]]:
        row = await self._pool.fetchrow(_SHOWING, but, within, since)
        return row["moment"], set(row["ids"])
