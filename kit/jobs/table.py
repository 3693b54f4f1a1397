"""Jobs in PostgreSQL: the table `job` of a service's schema (kit/0002_jobs.sql). Times are the database's clock."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from kit import failpoints, metrics
from kit.ids import OrganizationId
from kit.jobs import (
    MAX_PAYLOAD_BYTES,
    MAX_PROBLEM_CHARACTERS,
    Again,
    Bury,
    DeadLetter,
    Done,
    Fail,
    Job,
    JobId,
    LeaseLost,
    Outcome,
    Park,
    PayloadTooLarge,
    Queue,
)

MAX_COUNTED = 10_000
RETRY_SECONDS = 5.0
_MET_SECONDS = 0.005

_ADD = """
insert into job (queue, organization, subject, ordering_key, payload, due)
values ($1, $2, $3, $4, $5, clock_timestamp() + $6::interval)
on conflict (queue, organization, subject) do nothing returning id
"""
# Of a key only the first open job is claimed, and none while one runs; `job_running` holds that for two claims at once too.
# The due jobs and the time of the next one are read at one moment, so that no job gets due in between unseen.
_CLAIM = """
with due as (
    select j.id from job j where j.queue = $1 and j.state < 2 and j.due <= statement_timestamp()
    and (j.ordering_key = '' or not exists (
        select from job e where e.queue = j.queue and e.organization = j.organization and e.ordering_key = j.ordering_key
        and e.state < 2 and e.id <> j.id and (e.id < j.id or e.state = 1) and j.ordering_key <> '' and e.ordering_key <> ''
    ))
    order by j.due limit $2 for update skip locked
), claimed as (
    update job set state = 1, attempts = attempts + 1, fence = fence + 1, due = clock_timestamp() + $3::interval
    where id in (select id from due)
    returning id, queue, organization, subject, payload, attempts, fence, created, problem
)
select claimed.*, next.seconds from (
    select extract(epoch from min(due) - statement_timestamp())::float8 as seconds from job
    where queue = $1 and state < 2 and due > statement_timestamp()
) next left join claimed on true order by claimed.id
"""
_EXTEND = """
update job set due = clock_timestamp() + $3::interval
from unnest($1::bigint[], $2::bigint[]) as held (id, fence)
where job.id = held.id and job.fence = held.fence and state = 1 returning job.id
"""
_END = "delete from job where id = $1 and fence = $2 and state = 1 returning id"
_PUT_OFF = """
update job set state = 0, due = clock_timestamp() + $3::interval, attempts = $4, payload = coalesce($5, payload), problem = $6
where id = $1 and fence = $2 and state = 1 returning id
"""
_BURY = """
update job set state = 2, due = clock_timestamp(), problem = $3 where id = $1 and fence = $2 and state = 1 returning id
"""
_HASTEN = """
update job set due = clock_timestamp() where queue = $1 and organization = $2 and subject = $3 and state = 0 returning id
"""
_DEAD = "id, organization, queue, subject, attempts, problem, created, due as died"
_DEAD_LETTERS = f"""
select {_DEAD} from job where organization = $1 and state = 2 and ($2 = '' or queue = $2)
and ($3::timestamptz is null or (due, ($6 || id::text) collate "C") < ($3, $4 collate "C"))
order by due desc, ($6 || id::text) collate "C" desc limit $5
"""
# It goes behind the others of its key, which have continued without it.
_REVIVE = f"""
update job set id = default, state = 0, attempts = 0, due = clock_timestamp()
where organization = $1 and state = 2 and id = $2 returning {_DEAD}
"""
_BEGIN_AGAIN = """
insert into job (queue, organization, subject, ordering_key) values ($1, $2, $3, $4)
on conflict (queue, organization, subject) do update
set id = default, state = 0, attempts = 0, due = clock_timestamp(), fence = job.fence + 1
"""
_BURY_SUBJECT = """
insert into job (queue, organization, subject, ordering_key, state, problem) values ($1, $2, $3, $4, 2, $5)
on conflict (queue, organization, subject) do update
set state = 2, due = clock_timestamp(), problem = excluded.problem, fence = job.fence + 1
"""
# The age is how long the oldest job that is due has waited: a job may well be put off on purpose.
_DEPTHS = f"""
select queue, count(*)::int, coalesce(extract(epoch from max(age)), 0)::float8 from (
    select queue, case when state = 0 then greatest(clock_timestamp() - due, interval '0') end as age
    from job where state < 2 limit {MAX_COUNTED}
) waiting group by queue
union all
select 'dead-letters', count(*)::int, coalesce(extract(epoch from clock_timestamp() - min(due)), 0)::float8
from (select due from job where state = 2 limit {MAX_COUNTED}) dead
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The jobs that a worker got."""

    jobs: Sequence[Job]
    next_due: float | None
    """Seconds until a further job gets due, or a lease ends; None: there is none."""


class Jobs:
    """The jobs of one service."""

    def __init__(self, pool: Any, service: str, redis: "Redis | None" = None) -> None:
        self._pool = pool
        self.service = service
        self._redis = redis
        self._topic = f"{service}:jobs"
        self._wakers: dict[str, Callable[[], bool]] = {}
        self._unsent: set[str] = set()
        self._sending: asyncio.Task[None] | None = None

    async def add(
        self,
        connection: Any,
        queue: Queue,
        organization: OrganizationId,
        subject: str,
        payload: bytes = b"",
        ordering_key: str = "",
        after: timedelta = timedelta(),
    ) -> JobId | None:
        """Adds a job within the transaction of `connection`; None when the queue has one of this subject, dead or alive.

        Call `wake(queue)` after the commit: without it the job is found by the next look.
        """
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise PayloadTooLarge(len(payload))
        id = await connection.fetchval(_ADD, queue.name, organization, subject, ordering_key, payload, after)
        return id and JobId(id)

    def wake(self, queue: Queue) -> None:
        """Says that jobs were committed: the worker of this process looks at once. Others are notified when it has no room."""
        waker = self._wakers.get(queue.name)
        if waker is not None and waker():
            return
        if self._redis is not None:
            self._unsent.add(queue.name)
            if self._sending is None or self._sending.done():
                self._sending = asyncio.create_task(self._send_hints(self._redis))

    async def hasten(self, connection: Any, queue: Queue, organization: OrganizationId, subject: str) -> bool:
        """Makes a waiting job due now, within the transaction of `connection`; whether there is one. Call `wake` afterwards."""
        return await connection.fetchval(_HASTEN, queue.name, organization, subject) is not None

    async def end(self, connection: Any, job: Job) -> None:
        """Ends a job within the transaction of its effect; its handler returns `Ended`. Raises LeaseLost."""
        if await connection.fetchval(_END, job.id, job.fence) is None:
            raise LeaseLost

    async def begin_again(
        self, connection: Any, queue: Queue, organization: OrganizationId, subject: str, ordering_key: str
    ) -> None:
        """Lets the work on a subject begin again, within the transaction of `connection`, whatever became of its job.

        It goes behind the others of its key. Call `wake` after the commit.
        """
        await connection.execute(_BEGIN_AGAIN, queue.name, organization, subject, ordering_key)

    async def give_up(
        self, connection: Any, queue: Queue, organization: OrganizationId, subject: str, ordering_key: str, problem: str
    ) -> None:
        """Makes a dead letter of a subject, within the transaction of `connection`: also of one whose job is done, or runs."""
        problem = problem[:MAX_PROBLEM_CHARACTERS]
        await connection.execute(_BURY_SUBJECT, queue.name, organization, subject, ordering_key, problem)

    async def drop(self, connection: Any, queue: Queue, organization: OrganizationId, subject: str) -> None:
        """Deletes a subject's job, within the transaction of `connection`, because there is nothing left to work on."""
        await connection.execute(
            "delete from job where queue = $1 and organization = $2 and subject = $3", queue.name, organization, subject
        )

    def listen(self, queue: Queue, waker: Callable[[], bool]) -> None:
        """Has `waker` called when there is work in a queue; it returns whether it has room for it."""
        self._wakers[queue.name] = waker

    async def claim(self, queue: Queue, limit: int) -> Sequence[Job]:
        """Takes the jobs that are due, each with a lease."""
        return (await self.look(queue, limit)).jobs

    async def look(self, queue: Queue, limit: int) -> Claimed:
        """Takes the jobs that are due, each with a lease, and says when to look again."""
        await failpoints.reach("kit.claim.before_commit")
        try:
            rows = await self._pool.fetch(_CLAIM, queue.name, limit, queue.lease)
        except asyncpg.UniqueViolationError:  # two claims at once met in one key: the next one sees who was first
            return Claimed([], _MET_SECONDS)
        seconds = rows[0]["seconds"]
        jobs = [Job(*tuple(row)[:-1]) for row in rows if row["id"] is not None]
        if jobs:
            await failpoints.reach("kit.claim.after_commit")
        return Claimed(jobs, seconds)

    async def extend(self, queue: Queue, held: Sequence[Job]) -> set[JobId]:
        """Extends leases; returns the jobs that are still held."""
        rows = await self._pool.fetch(_EXTEND, [job.id for job in held], [job.fence for job in held], queue.lease)
        return {row["id"] for row in rows}

    async def settle(self, queue: Queue, job: Job, outcome: Outcome, connection: Any = None) -> None:
        """Writes down what became of a job. Raises LeaseLost.

        With a `connection`, within its transaction, which holds the effect too; the handler returns `Ended` then.
        """
        on = connection or self._pool
        await failpoints.reach("kit.settle.before_commit")
        changed: object = True
        match outcome:
            case Done():
                changed = await on.fetchval(_END, job.id, job.fence)
            case Again(after, payload):
                if payload is not None and len(payload) > MAX_PAYLOAD_BYTES:
                    raise PayloadTooLarge(len(payload))
                changed = await on.fetchval(_PUT_OFF, job.id, job.fence, after, 0, payload, "")
            case Park(after, problem):
                changed = await _put_off(on, job, after, job.attempts - 1, problem)
            case Fail(problem) if job.attempts < queue.max_attempts:
                after = timedelta(seconds=queue.backoff.delay(job.attempts))
                changed = await _put_off(on, job, after, job.attempts, problem)
            case Fail(problem) | Bury(problem):
                changed = await on.fetchval(_BURY, job.id, job.fence, problem[:MAX_PROBLEM_CHARACTERS])
        if changed is None:
            raise LeaseLost
        await failpoints.reach("kit.settle.after_commit")

    async def dead_letters(
        self, organization: OrganizationId, queue: str, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[DeadLetter]:
        """Jobs that were given up, the newest first; of one queue, or (empty) of all.

        `before`: the time and the id, such as `memory-7`, of the last one seen, which may be another service's.
        """
        rows = await self._pool.fetch(_DEAD_LETTERS, organization, queue, *(before or (None, "")), limit, f"{self.service}-")
        return [DeadLetter(**row) for row in rows]

    async def revive(self, organization: OrganizationId, id: JobId) -> DeadLetter | None:
        """Lets a dead letter run again, with all attempts before it and under a new id, behind the others of its key.

        None when there is none of this id.
        """
        row = await self._pool.fetchrow(_REVIVE, organization, id)
        if row is None:
            return None
        self.wake(Queue(row["queue"]))
        return DeadLetter(**row)

    async def delete(self, organization: OrganizationId, id: JobId) -> None:
        """Drops a dead letter. Dropping what isn't there does nothing."""
        await self._pool.execute("delete from job where organization = $1 and state = 2 and id = $2", organization, id)

    async def hear(self) -> None:
        """A worker: wakes this process's workers by other processes' hints. Runs until cancelled."""
        if self._redis is None:
            return
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(self._topic)
                    async for message in pubsub.listen():
                        if message["type"] == "message" and (waker := self._wakers.get(message["data"].decode())):
                            waker()
            except RedisError:  # without hints a look comes each few seconds
                await asyncio.sleep(RETRY_SECONDS)

    async def _send_hints(self, redis: "Redis") -> None:
        try:
            while self._unsent:
                await redis.publish(self._topic, self._unsent.pop())
        except (RedisError, OSError):
            self._unsent.clear()

    def series(self) -> tuple[metrics.Series, ...]:
        """Depth and age of each queue, and of the dead letters."""

        async def ask() -> dict[str, metrics.Backlog]:
            return {name: metrics.Backlog(depth, age) for name, depth, age in await self._pool.fetch(_DEPTHS)}

        return metrics.queues(ask)


async def _put_off(on: Any, job: Job, after: timedelta, attempts: int, problem: str) -> object:
    return await on.fetchval(_PUT_OFF, job.id, job.fence, after, attempts, None, problem[:MAX_PROBLEM_CHARACTERS])
