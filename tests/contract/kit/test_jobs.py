"""Jobs on a real PostgreSQL: none lost, none at once with another of its key, none held forever by a worker that is gone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from kit import erasure, errors, postgres
from kit.backoff import Backoff
from kit.ids import OrganizationId
from kit.jobs import (
    MAX_PAYLOAD_BYTES,
    Again,
    Bury,
    Ended,
    Fail,
    Handler,
    Job,
    LeaseLost,
    Outcome,
    Park,
    PayloadTooLarge,
    Queue,
    table,
    worker,
)
from kit.jobs.table import Jobs
from kit.jobs.worker import JobWorker
from services.agent.adapters.postgres_erasures import ERASURES

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.asyncio(loop_scope="session")

ACME = OrganizationId("acme")
QUEUE = Queue("test", max_attempts=3, backoff=Backoff(first=0.01, maximum=0.02), lease=timedelta(seconds=5), max_running=5)
NEVER = 60.0
"""Seconds between looks: what runs in a test was found by a timer or by a notification."""


@pytest_asyncio.fixture(loop_scope="session")
async def jobs(pool: Any) -> Jobs:
    await pool.execute("truncate job")
    return Jobs(pool, "agent")


async def add(jobs: Jobs, subject: str, key: str = "", after: float = 0.0, payload: bytes = b"", queue: Queue = QUEUE) -> None:
    async with jobs._pool.acquire() as connection, connection.transaction():
        await jobs.add(connection, queue, ACME, subject, payload, key, timedelta(seconds=after))
    jobs.wake(queue)


@asynccontextmanager
async def working(jobs: Jobs, handle: Handler, queue: Queue = QUEUE, look: float = NEVER) -> AsyncIterator[JobWorker]:
    running = JobWorker(jobs, queue, handle, asyncio.Event(), postgres.UNAVAILABLE_ERRORS, look)
    task = asyncio.create_task(running())
    try:
        yield running
    finally:
        running.draining.set()
        await running.drain(timedelta(seconds=1))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  # what it asks for happens in the store or another task
            await asyncio.sleep(0.002)


async def eventually(ask: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(5):
        while not await ask():  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.002)


def noting(done: list[str], *outcomes: Outcome | None) -> Handler:
    """A handler that notes subjects, and ends the first attempts with `outcomes`."""
    given = iter(outcomes)

    async def handle(job: Job) -> Outcome | None:
        done.append(job.subject)
        return next(given, None)

    return handle


async def open_jobs(pool: Any) -> int:
    return int(await pool.fetchval("select count(*) from job"))


async def none_left(pool: Any) -> bool:
    return not await open_jobs(pool)


async def test_a_job_runs_as_soon_as_its_transaction_is_committed_and_never_if_it_is_not(jobs: Jobs, pool: Any) -> None:
    done: list[str] = []
    async with working(jobs, noting(done)):
        await asyncio.sleep(0.01)
        async with pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            await jobs.add(connection, QUEUE, ACME, "rolled-back")
            await transaction.rollback()
        began = time.monotonic()
        await add(jobs, "committed")
        await until(lambda: bool(done))  # it is notified: it never looks on its own
        assert time.monotonic() - began < 1
    assert done == ["committed"]
    assert await open_jobs(pool) == 0


async def test_a_queue_has_one_job_of_a_subject_dead_or_alive(jobs: Jobs, pool: Any) -> None:
    await add(jobs, "once")
    await add(jobs, "once")
    done: list[str] = []
    async with working(jobs, noting(done, Bury("it is bad"))):
        await until(lambda: done == ["once"])
    await add(jobs, "once")
    assert await open_jobs(pool) == 1
    assert done == ["once"]


async def test_jobs_of_a_key_run_one_after_the_other_and_others_beside_them(jobs: Jobs) -> None:
    running: set[str] = set()
    done: list[str] = []
    most = 0

    async def handle(job: Job) -> None:
        nonlocal most
        key = job.subject[0]
        assert key not in running
        running.add(key)
        most = max(most, len(running))
        await asyncio.sleep(0.005)
        running.discard(key)
        done.append(job.subject)

    for n in range(5):
        for key in "abc":
            await add(jobs, f"{key}{n}", key)
    async with working(jobs, handle):
        await until(lambda: len(done) == 15)
    assert most == 3
    for key in "abc":
        assert [subject for subject in done if subject[0] == key] == [f"{key}{n}" for n in range(5)]


async def test_a_timer_runs_a_job_at_its_due_time(jobs: Jobs) -> None:
    done: list[str] = []
    began = time.monotonic()
    async with working(jobs, noting(done)):
        await add(jobs, "later", after=0.1)
        await until(lambda: bool(done))
        assert 0.09 < time.monotonic() - began < 1


async def test_what_fails_is_tried_again_and_becomes_a_dead_letter_that_holds_no_one_up(jobs: Jobs) -> None:
    done: list[str] = []
    await add(jobs, "bad", "key")
    await add(jobs, "good", "key")
    async with working(jobs, noting(done, Fail("no"), Fail("not yet"), Fail("never"))):
        await until(lambda: len(done) == 4)
        assert done == ["bad", "bad", "bad", "good"]
        (letter,) = await jobs.dead_letters(ACME, "", None, 10)
        assert (letter.subject, letter.problem, letter.attempts, letter.queue) == ("bad", "never", 3, "test")
        assert await jobs.dead_letters(OrganizationId("other"), "", None, 10) == []
        assert await jobs.revive(OrganizationId("other"), letter.id) is None
        assert await jobs.revive(ACME, letter.id) is not None
        await until(lambda: len(done) == 5)
    assert await jobs.revive(ACME, letter.id) is None
    assert await jobs.dead_letters(ACME, "", None, 10) == []


async def test_an_exception_is_a_failure_and_its_words_stay_in_the_log(jobs: Jobs) -> None:
    async def handle(job: Job) -> None:
        raise KeyError("a customer's name")

    await add(jobs, "broken")
    async with working(jobs, handle, replace(QUEUE, max_attempts=1)):
        await eventually(lambda: jobs.dead_letters(ACME, "test", None, 10))
    (letter,) = await jobs.dead_letters(ACME, "test", None, 10)
    assert "customer" not in letter.problem
    await jobs.delete(ACME, letter.id)
    assert await jobs.dead_letters(ACME, "", None, 10) == []


async def test_what_is_parked_or_continues_uses_up_no_attempt(jobs: Jobs) -> None:
    seen: list[tuple[int, bytes]] = []
    soon = timedelta(milliseconds=5)
    outcomes: Iterator[Outcome] = iter(
        [Park(soon, "away"), Park(soon), Park(soon), Fail("once"), Again(soon, b"further"), Park(soon), Again(soon)]
    )

    async def handle(job: Job) -> Outcome | None:
        seen.append((job.attempts, job.payload))
        return next(outcomes, None)

    await add(jobs, "patient", payload=b"begin")
    async with working(jobs, handle):
        await until(lambda: len(seen) == 8)
    assert seen == [(1, b"begin")] * 4 + [(2, b"begin")] + [(1, b"further")] * 3


async def test_an_outage_of_another_service_uses_up_no_attempt(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_OUTAGE", timedelta(milliseconds=1))
    seen: list[int] = []

    async def handle(job: Job) -> None:
        seen.append(job.attempts)
        if len(seen) <= 2 * QUEUE.max_attempts:
            raise errors.Unavailable("core can't be reached")

    await add(jobs, "patient")
    async with working(jobs, handle):
        await until(lambda: len(seen) > 2 * QUEUE.max_attempts)
    assert seen == [1] * (2 * QUEUE.max_attempts + 1)
    assert await jobs.dead_letters(ACME, "", None, 10) == []


@pytest.mark.parametrize("queue", [ERASURES, erasure.QUEUE])
async def test_an_erasure_that_no_one_could_retry_is_not_given_up(jobs: Jobs, pool: Any, queue: Queue) -> None:
    """Agent's and admin's dead letters are in no list."""
    await add(jobs, "customers/c1", queue=queue)
    await pool.execute("update job set attempts = 100000")

    async def is_put_off() -> bool:
        state = "state = 0 and problem = 'broken' and due < now() + interval '7 minutes'"
        return bool(await pool.fetchval(f"select count(*) from job where {state}"))

    async with working(jobs, noting([], Fail("broken")), queue):
        await eventually(is_put_off)


async def test_a_job_whose_worker_is_gone_runs_again_and_the_old_worker_can_do_nothing(jobs: Jobs, pool: Any) -> None:
    await add(jobs, "held", "key")
    short = replace(QUEUE, lease=timedelta(milliseconds=60))
    (old,) = await jobs.claim(short, 10)
    assert not await jobs.claim(short, 10)
    done: list[str] = []
    async with working(jobs, noting(done, Park(timedelta(seconds=60)))):
        await until(lambda: bool(done))
        with pytest.raises(LeaseLost):
            await jobs.settle(QUEUE, old, Fail("too late"))
        async with pool.acquire() as connection, connection.transaction():
            with pytest.raises(LeaseLost):
                await jobs.end(connection, old)
    assert await open_jobs(pool) == 1


async def test_a_job_that_kills_each_of_its_workers_is_given_up(jobs: Jobs) -> None:
    await add(jobs, "poison")
    gone = replace(QUEUE, lease=timedelta())
    for _ in range(QUEUE.max_attempts):
        assert len(await jobs.claim(gone, 10)) == 1
    done: list[str] = []
    async with working(jobs, noting(done)):
        await eventually(lambda: jobs.dead_letters(ACME, "", None, 10))
    assert done == []


async def test_of_one_key_two_claims_at_once_get_one(jobs: Jobs) -> None:
    for n in range(20):
        await add(jobs, f"job {n}", "key")
    for _ in range(20):
        claims = await asyncio.gather(*(jobs.claim(QUEUE, 5) for _ in range(8)))
        (held,) = [job for claimed in claims for job in claimed]
        await jobs.settle(QUEUE, held, Park(timedelta()) if held.attempts % 2 else Ended())
        if not held.attempts % 2:
            await jobs._pool.execute("delete from job where id = $1", held.id)


async def test_an_older_job_that_is_retried_waits_for_the_one_that_runs(jobs: Jobs) -> None:
    await add(jobs, "older", "key")
    (older,) = await jobs.claim(QUEUE, 1)
    await jobs.settle(QUEUE, older, Bury("bad"))
    await add(jobs, "newer", "key")
    (newer,) = await jobs.claim(QUEUE, 1)
    await jobs.revive(ACME, older.id)
    assert not await jobs.claim(QUEUE, 5)
    await jobs.settle(QUEUE, newer, Park(timedelta()))
    assert [job.subject for job in await jobs.claim(QUEUE, 5)] == ["newer"], "what was retried goes behind"


async def test_a_lease_is_extended_while_the_work_continues(jobs: Jobs, pool: Any) -> None:
    gate = asyncio.Event()

    async def handle(job: Job) -> None:
        await gate.wait()

    async def extended() -> bool:
        return bool(await pool.fetchval("select due > created + $1::interval from job", timedelta(seconds=0.4)))

    async with working(jobs, handle, replace(QUEUE, lease=timedelta(seconds=0.3))):
        await add(jobs, "long")
        await eventually(extended)
        gate.set()


async def test_work_whose_lease_was_lost_is_cancelled(jobs: Jobs, pool: Any) -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def handle(job: Job) -> None:
        begun.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    await add(jobs, "stolen")
    async with working(jobs, handle, replace(QUEUE, lease=timedelta(milliseconds=60))):
        await asyncio.wait_for(begun.wait(), 5)
        await pool.execute("update job set fence = fence + 1")
        await asyncio.wait_for(cancelled.wait(), 5)


async def test_a_job_ends_with_its_effect_or_not_at_all(jobs: Jobs, pool: Any) -> None:
    async def handle(job: Job) -> Outcome:
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("insert into effect (what) values ('job')")
            await jobs.end(connection, job)
            if job.attempts == 1:
                raise ZeroDivisionError
        return Ended()

    await pool.execute("truncate effect")
    await add(jobs, "effect")
    async with working(jobs, handle):
        await eventually(lambda: none_left(pool))
    assert await pool.fetchval("select count(*) from effect") == 1


async def test_no_more_run_at_once_than_may_and_draining_begins_no_more(jobs: Jobs, pool: Any) -> None:
    begun: list[str] = []
    gate = asyncio.Event()

    async def handle(job: Job) -> None:
        begun.append(job.subject)
        await gate.wait()

    for n in range(12):
        await add(jobs, str(n))
    async with working(jobs, handle) as running:
        await until(lambda: len(begun) == 5)
        running.draining.set()
        gate.set()
        await running.drain(timedelta(seconds=5))
    assert len(begun) == 5
    assert await open_jobs(pool) == 7


async def test_another_process_is_notified_when_this_one_has_no_room(jobs: Jobs, pool: Any, stores: TestStores) -> None:
    done: list[str] = []
    async with Redis.from_url(stores.redis_url()) as redis:
        here, there = Jobs(pool, "hinted", redis), Jobs(pool, "hinted", redis)
        hearing = asyncio.create_task(there.hear())

        async def subscribed() -> bool:
            return bool((await redis.pubsub_numsub("hinted:jobs"))[0][1])

        async with working(there, noting(done)):
            await eventually(subscribed)
            await add(here, "told")
            await until(lambda: done == ["told"])
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)


async def test_what_no_one_announced_is_found_by_the_next_look(jobs: Jobs, pool: Any) -> None:
    done: list[str] = []
    async with working(jobs, noting(done), look=0.02):
        async with pool.acquire() as connection, connection.transaction():
            await jobs.add(connection, QUEUE, ACME, "quiet")
        await until(lambda: done == ["quiet"])


async def test_a_waiting_job_can_be_hastened(jobs: Jobs, pool: Any) -> None:
    done: list[str] = []
    async with working(jobs, noting(done)):
        await add(jobs, "later", after=60)
        assert await jobs.hasten(pool, QUEUE, ACME, "later")
        assert not await jobs.hasten(pool, QUEUE, ACME, "another")
        jobs.wake(QUEUE)
        await until(lambda: done == ["later"])


async def test_a_payload_is_bounded(jobs: Jobs, pool: Any) -> None:
    with pytest.raises(PayloadTooLarge, match="refer to them"):
        await jobs.add(pool, QUEUE, ACME, "large", b"x" * (MAX_PAYLOAD_BYTES + 1))


async def test_depth_and_age_are_counted(jobs: Jobs, pool: Any) -> None:
    for n in range(3):
        await add(jobs, str(n), after=60.0 * n)
    await pool.execute("update job set due = clock_timestamp() - interval '30 seconds' where subject = '0'")
    rows = {row[0]: (row[1], row[2]) for row in await pool.fetch(table._DEPTHS)}
    assert rows["test"][0] == 3
    assert 29 < rows["test"][1] < 60
    assert rows["dead-letters"] == (0, 0.0)
