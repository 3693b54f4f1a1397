"""Retention: old facts are deleted once every follower has passed them.

Of facts that set a state (`frontdesk.event.v1.state`, an option of the fact's message) the newest for each subject is kept, so
a new follower of settings, or of the conversations that wait for an agent, begins with all that is true now. `shard.deleted`
says up to where other facts are deleted.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

from frontdesk.event.v1 import state

RETENTION_SECONDS = 600.0
"""How often the worker looks; while there is more to delete, it looks again after `BUSY_SECONDS`."""
BUSY_SECONDS = 0.2
BATCH = 2_000
"""How many facts one transaction deletes, of one shard."""
FORGET_AFTER = 3
"""A follower that hasn't called for so many times the age is forgotten. It finds `EVENTS_DELETED` when it comes back."""

_log = logging.getLogger("frontdesk")

# How far each shard can be swept: no further than its followers and verifications, and a batch at most.
_DUE = """
select s.shard, s.deleted, (
    select max(first.position) from (
        select e.position, e.created from event e
        where e.shard = s.shard and e.position > s.deleted
            and e.position <= least(s.position, passed.by_followers, passed.by_verifications)
        order by e.position limit $3
    ) as first where first.created < clock_timestamp() - $1::interval
) as until
from shard s
cross join lateral (
    select (
        select min(f.position) from journal_follower f
        where f.shard = s.shard and f.seen > clock_timestamp() - $4::interval
    ) as by_followers, (
        select min(coalesce(v.position, 0)) from unnest($2::text[]) as wanted (name)
        left join verification v on v.name = wanted.name and v.shard = s.shard
    ) as by_verifications
) as passed
where s.position > s.deleted and (
    select created from event e where e.shard = s.shard and e.position > s.deleted order by e.position limit 1
) < clock_timestamp() - $1::interval
"""
# Both `replaced` and `newest` see the tables as they were before the statement.
_DELETE = """
with newest as (
    select known.state, e.subject, max(e.position) as position
    from event e join unnest($4::text[], $5::text[]) as known (kind, state) using (kind)
    where e.shard = $1 and e.position > $2 and e.position <= $3 group by known.state, e.subject
),
replaced as (
    delete from event where shard = $1 and position in (
        select kept.position from kept_event kept join newest using (state, subject) where kept.shard = $1
    )
),
noted as (
    insert into kept_event (shard, state, subject, position) select $1, state, subject, position from newest
    on conflict (shard, state, subject) do update set position = excluded.position
)
delete from event where shard = $1 and position > $2 and position <= $3 and position not in (select position from newest)
"""
_DELETED = "update shard set deleted = $3 where shard = $1 and deleted = $2 returning true"
_OVERDUE = """
select s.shard from shard s, lateral (
    select created from event e where e.shard = s.shard and e.position > s.deleted order by e.position limit 1
) as first where s.position > s.deleted and first.created < clock_timestamp() - $1::interval
"""


class SweptElsewhere(Exception):
    """Another replica has swept the shard at the same time."""


def states(contract: Any) -> Mapping[str, str]:
    """The facts of a contract that set a state: kind → state."""
    facts = contract.Event.DESCRIPTOR.oneofs_by_name["fact"].fields
    found = {fact.message_type.name: fact.message_type.GetOptions().Extensions[cast(Any, state)] for fact in facts}
    return {kind: name for kind, name in found.items() if name}


class Retention:
    """Deletes a service's old facts. Replicas may do it at the same time."""

    def __init__(self, pool: Any, contract: Any, days: float, verifications: Sequence[str] = ()) -> None:
        """`verifications`: the names of those whose snapshots have to be past a fact before it is deleted."""
        self._pool = pool
        self._states = states(contract)
        self._age = timedelta(days=days)
        self._verifications = list(verifications)
        self._held: set[int] = set()

    async def sweep(self) -> bool:
        """Deletes a batch of each shard; whether there may be more at once."""
        due = await self._pool.fetch(_DUE, self._age, self._verifications, BATCH, self._age * FORGET_AFTER)
        more = False
        for shard, deleted, until in due:
            if until is None:
                continue
            more |= until - deleted == BATCH
            try:
                await self._delete(shard, deleted, until)
            except SweptElsewhere:
                more = True
        if not more:
            await self._say_what_is_held()
        return more

    async def _delete(self, shard: int, deleted: int, until: int) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_DELETE, shard, deleted, until, list(self._states), list(self._states.values()))
            # Last: it locks the shard against appends.
            if not await connection.fetchval(_DELETED, shard, deleted, until):
                raise SweptElsewhere

    async def _say_what_is_held(self) -> None:
        """Logs a warning when a shard begins to keep facts for twice their age: someone has not passed them."""
        held = {row["shard"] for row in await self._pool.fetch(_OVERDUE, self._age * 2)}
        if held - self._held:
            _log.warning(
                "old facts can't be deleted: a follower or a verification has not passed them",
                extra={"shards": sorted(held)},
            )
        self._held = held
