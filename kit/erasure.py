"""The erasure of an organization in one service, when its grace period is over.

admin says in its journal that an erasure begins. Each service follows that and adds a job, which erases everything of the
organization: the rows of each table that has a column `organization`, so that no new table is forgotten, and what the service
holds elsewhere. Calls and facts of the organization are refused meanwhile (`kit.revocations`), but some may be on their way. So
the job looks again after a quiet time, and confirms to admin when it found nothing.

The events of the organization stay in the journal as empty places: positions have no gaps.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from graphlib import TopologicalSorter
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from kit import client
from kit.caller import Signer
from kit.ids import OrganizationId
from kit.jobs import Again, Job, Outcome, Queue
from kit.jobs.table import Jobs
from kit.jobs.worker import JobWorker
from kit.journal import Source, Transaction, follow, shard_of

QUEUE = Queue("organization-erasures", max_attempts=1_000_000, max_running=1)
"""Organizations whose data is erased here. In admin a job begins with the grace period, at whose end it is due.

It is never given up: an erasure is owed, and the dead letters of agent and admin are in no list.
"""
SUBJECT = "organization"
ERASED = "Erased"
"""The kind of an event whose content is erased."""
BATCH = 1000
EVENTS = 5000
"""How many places of a journal are looked at in one statement."""
SLICE_SECONDS = 20.0
"""How long a job runs at a time."""
STATEMENT_SECONDS = 60

Erase = Callable[[OrganizationId], Awaitable[int]]
"""Erases a bounded part of what a store holds of an organization; returns how many things. 0: nothing was left."""

_TABLES = """
select c.oid::bigint as id, quote_ident(c.relname) as name from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization' and not a.attisdropped
where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname not in ('event', 'job')
"""
_REFERENCES = """
select confrelid::bigint as parent, conrelid::bigint as child from pg_constraint
where contype = 'f' and connamespace = current_schema()::regnamespace and conrelid <> confrelid
"""
_DELETE = "delete from {0} where ctid = any(array(select ctid from {0} where organization = $1 limit {1}))"
_JOBS = f"""
delete from job where ctid = any(array(
    select ctid from job where organization = $1 and queue <> '{QUEUE.name}' limit {BATCH}
))
"""
# Copies of admin's facts. The key of the organization itself says that it is erased: that stays.
_COPIES = f"""
delete from feed_fact where ctid = any(array(
    select ctid from feed_fact where starts_with(key, $1 || '/') or starts_with(key, 'organizations/' || $1 || '/')
    limit {BATCH}
))
"""
_LAST = "select max(position) from event where shard = $1 and organization = $2 and kind = $3"
# Events that retention has kept, in the deleted part of the journal, which has gaps.
_KEPT_EVENTS = """
with noted as (
    delete from kept_event where shard = $1 and position <> $4
        and (subject = 'organizations/' || $3 or starts_with(subject, 'organizations/' || $3 || '/'))
)
delete from event where shard = $1 and position <= $2 and organization = $3 and position <> $4
"""
_EVENTS = f"""
update event set organization = '', kind = '{ERASED}', subject = '', labels = '{{}}', payload = ''
where shard = $1 and position > $2 and position <= $2 + {EVENTS} and organization = $3 and position <> $4
"""


class Rows:
    """The rows of a service's schema that belong to an organization."""

    def __init__(self, pool: Any, kept: str = "") -> None:
        """`kept`: the kind of fact whose last one stays in the journal."""
        self._pool = pool
        self._kept = kept
        self._order: list[str] | None = None

    async def erase(self, organization: OrganizationId) -> int:
        """Deletes at most `BATCH` rows of one table, those that refer to others first."""
        if self._order is None:
            self._order = await self._tables()
        for statement in (*(_DELETE.format(table, BATCH) for table in self._order), _JOBS, _COPIES):
            if count := await self._execute(organization, statement, organization):
                return count
        return 0

    async def erase_events(self, organization: OrganizationId) -> int:
        """Empties all places of the organization in the journal."""
        shard = shard_of(organization)
        row = await self._pool.fetchrow("select position, deleted from shard where shard = $1", shard)
        last = await self._pool.fetchval(_LAST, shard, organization, self._kept) or 0
        count = await self._execute(organization, _KEPT_EVENTS, shard, row["deleted"], organization, last)
        for after in range(row["deleted"], row["position"], EVENTS):
            count += await self._execute(organization, _EVENTS, shard, after, organization, last)
        return count

    async def _execute(self, organization: OrganizationId, statement: str, *values: object) -> int:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(f"set local statement_timeout = '{STATEMENT_SECONDS}s'")
            await connection.execute("select set_config('frontdesk.organization', $1, true)", organization)
            done: str = await connection.execute(statement, *values, timeout=STATEMENT_SECONDS)
        return int(done.split()[-1])

    async def _tables(self) -> list[str]:
        names = {row["id"]: row["name"] for row in await self._pool.fetch(_TABLES)}
        order: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(names, ()))
        for row in await self._pool.fetch(_REFERENCES):
            if row["parent"] in names and row["child"] in names:
                order.add(row["parent"], row["child"])
        return [names[id] for id in order.static_order()]


def keys(redis: "Redis", service: str) -> Erase:
    """Erases the keys of a service that name an organization: `<service>:…{<organization>}:…`. They expire in any case."""

    async def erase(organization: OrganizationId) -> int:
        try:
            found = [key async for key in redis.scan_iter(match=f"{service}:*{{{organization}}}:*", count=BATCH)]
            return int(await redis.delete(*found)) if found else 0
        except RedisError:
            return 0

    return erase


@dataclass(frozen=True)
class Eraser:
    """Does the job of one organization."""

    stores: Sequence[Erase]
    confirm: Callable[[OrganizationId, int], Awaitable[object]]
    """Called with how much was erased, when nothing is left."""
    quiet: timedelta

    async def handle(self, job: Job) -> Outcome | None:
        """Erases what there is. Its payload is how much it has erased so far, once it has looked."""
        erased, begun = 0, time.monotonic()
        before = int(job.payload or b"0")
        for erase in self.stores:
            while count := await erase(job.organization):
                erased += count
                if time.monotonic() - begun > SLICE_SECONDS:
                    return Again(timedelta(), str(before + erased).encode())
        if erased or not job.payload:
            return Again(self.quiet, str(before + erased).encode())
        await self.confirm(job.organization, before)
        return None


def workers(
    pool: Any,
    jobs: Jobs,
    stores: Sequence[Erase],
    quiet: timedelta,
    contract: Any,
    admin: Any,
    signer: Signer,
    kind: str,
    draining: asyncio.Event,
    unavailable: tuple[type[BaseException], ...],
) -> tuple[Callable[[], Awaitable[None]], JobWorker]:
    """The workers of a service: one adds the job of each erasure that begins, the other does it.

    An erasure begins by facts of a `kind` whose `state` is erasing. `contract`: admin's internal contract. `admin`: the
    connection to it, which is asked for facts and notified when nothing is left.
    """
    organizations = contract.OrganizationServiceStub(admin)

    async def add(transaction: Transaction, event: Any) -> None:
        fact = getattr(event, event.WhichOneof("fact"))
        states = fact.DESCRIPTOR.fields_by_name["state"].enum_type.values_by_number
        if states[fact.state].name.endswith("_ERASING"):
            await jobs.add(transaction.connection, QUEUE, OrganizationId(event.envelope.organization), SUBJECT)

    async def confirm(organization: OrganizationId, count: int) -> None:
        request = contract.ConfirmOrganizationErasureRequest(organization_id=organization, item_count=count)
        await client.call(organizations.ConfirmOrganizationErasure, request, token=signer.service_token())

    wanted = contract.WatchEventsRequest(filters=[{"kinds": [kind]}], follower="erasures")
    watch_events = contract.EventServiceStub(admin).WatchEvents
    source = Source(watch_events, wanted, signer.service_token, lambda organization: jobs.wake(QUEUE))
    eraser = Eraser(stores, confirm, quiet)
    return partial(follow, pool, "admin/erasures", source, add), JobWorker(jobs, QUEUE, eraser.handle, draining, unavailable)
