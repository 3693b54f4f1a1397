"""Replicas of a consumer share the shards, whichever comes, leaves, is killed, or sleeps past its lease."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from frontdesk.core.internal import v1 as internal
from pydantic import SecretStr

from kit import shares
from kit.journal import Fact, Journal, shard_of
from kit.shares import SHARDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

ORGANIZATIONS = [f"shop-{n}" for n in range(40)]


@dataclass
class Happened:
    what: str


def encode(organization: str, fact: Happened) -> Fact:
    return Fact(internal.Event(), f"organizations/{organization}/things/{fact.what}")


@dataclass
class Worker:
    """Work that only remembers which shards it has."""

    pool: Any
    shards: list[int] = field(default_factory=list)
    breaks: bool = False

    async def work(self, shards: list[int]) -> None:
        self.shards = shards
        try:
            if self.breaks:
                raise ZeroDivisionError
            await asyncio.Event().wait()
        finally:
            self.shards = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(shares.share(self.pool, "test", self.work))
        try:
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def within(seconds: float, condition: Callable[[], bool]) -> None:
    """Returns when the condition holds; fails when it does not hold in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def shared_by(*workers: Worker) -> bool:
    """Whether each has shards, about as many as the others, and each shard has one worker."""
    sizes = [len(worker.shards) for worker in workers]
    every = sorted(shard for worker in workers for shard in worker.shards)
    return every == list(range(SHARDS)) and max(sizes) - min(sizes) <= 1


async def test_replicas_have_equal_shares_soon_after_one_comes_or_leaves(empty: Any) -> None:
    one, two, three = Worker(empty), Worker(empty), Worker(empty)
    async with one.running():
        await within(1, lambda: shared_by(one))
        async with two.running():
            await within(1.5, lambda: shared_by(one, two))
            async with three.running():
                await within(1.5, lambda: shared_by(one, two, three))
            await within(1.5, lambda: shared_by(one, two))
        await within(1.5, lambda: shared_by(one))
    assert await empty.fetch("select * from follower") == []


async def test_a_replica_whose_work_breaks_leaves_its_shards_to_the_others(empty: Any) -> None:
    broken, whole = Worker(empty, breaks=True), Worker(empty)
    async with broken.running(), whole.running():
        await within(20, lambda: shared_by(whole))


async def test_sources_are_shared_out_on_their_own(empty: Any) -> None:
    one = Worker(empty)
    elsewhere = asyncio.create_task(shares.share(empty, "other", Worker(empty).work))
    async with one.running():
        await within(1, lambda: shared_by(one))
        await asyncio.sleep(shares.BEAT_SECONDS * 2)
        assert shared_by(one)
    elsewhere.cancel()
    with suppress(asyncio.CancelledError):
        await elsewhere


async def test_more_replicas_than_shards_wait_in_reserve(empty: Any) -> None:
    await empty.execute(
        "insert into follower select 'test', '!' || n, clock_timestamp() + interval '3 s' from generate_series(1, 64) n"
    )
    reserve = Worker(empty)
    async with reserve.running():
        await asyncio.sleep(1)
        assert reserve.shards == []
        await within(5, lambda: shared_by(reserve))


class Replicas:
    """Consumers in processes of their own, each with a name."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        program = Path(__file__).with_name("replica.py")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._running[name] = subprocess.Popen([sys.executable, str(program), self._url, name], env=environment)

    def signal(self, name: str, number: signal.Signals) -> None:
        self._running[name].send_signal(number)

    def end(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait(10)


@contextmanager
def replicas(url: SecretStr, *names: str) -> Iterator[Replicas]:
    started = Replicas(url.get_secret_value())
    try:
        for name in names:
            started.start(name)
        yield started
    finally:
        started.end()


async def happen(pool: Any, kept: Journal, enough: asyncio.Event) -> None:
    """Events of all organizations, some a moment apart, until it is enough."""
    n = 0
    while not enough.is_set():
        for organization in ORGANIZATIONS[n % 4 :: 4]:
            async with pool.acquire() as connection, connection.transaction():
                await kept.append(connection, organization, [Happened(str(n))])
            kept.hint(organization)
        n += 1
        await asyncio.sleep(0.02)


async def workers_of(pool: Any, position_after: int = 0) -> set[str]:
    rows = await pool.fetch("select distinct who from effect where n > $1", position_after)
    return {row["who"] for row in rows}


async def until_all_work(pool: Any, *names: str) -> None:
    """Returns once each has had an effect."""
    async with asyncio.timeout(30):
        while await workers_of(pool) != set(names):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def check_effects(pool: Any) -> None:
    """Waits until each event has had its effect, then holds them to the journal: each once, each shard's in order."""
    async with asyncio.timeout(30):
        while await pool.fetchval(  # noqa: ASYNC110
            "select sum(s.position) > sum(coalesce(c.position, 0)) from shard s left join cursor c using (shard)"
        ):
            await asyncio.sleep(0.05)
    by_shard: dict[int, list[int]] = defaultdict(list)
    for row in await pool.fetch("select what from effect order by n"):
        shard, _, position = row["what"].partition("/")
        by_shard[int(shard)].append(int(position))
    ends = dict(await pool.fetch("select shard, position from shard where position > 0"))
    assert set(ends) == {shard_of(organization) for organization in ORGANIZATIONS}
    assert by_shard == {shard: list(range(1, end + 1)) for shard, end in ends.items()}


async def last_effect(pool: Any) -> int:
    return int(await pool.fetchval("select coalesce(max(n), 0) from effect"))


@pytest.mark.parametrize("names", [("a", "b"), ("a", "b", "c")])
async def test_a_killed_replicas_shards_continue_within_two_seconds_and_nothing_is_lost_doubled_or_reordered(
    empty: Any, url: SecretStr, names: tuple[str, ...]
) -> None:
    kept = Journal(empty, "test", encode)
    with replicas(url, *names) as running:
        happening = asyncio.create_task(happen(empty, kept, enough := asyncio.Event()))
        await until_all_work(empty, *names)
        await asyncio.sleep(1.5)
        running.signal("b", signal.SIGKILL)
        await asyncio.sleep(0.1)
        lasts = await empty.fetch("select split_part(what, '/', 1) as shard from effect where who = 'b' group by 1")
        orphaned = {row["shard"] for row in lasts}
        mark, killed = await last_effect(empty), time.monotonic()
        async with asyncio.timeout(10):
            while orphaned - {  # noqa: ASYNC110
                row["shard"]
                for row in await empty.fetch("select distinct split_part(what, '/', 1) as shard from effect where n > $1", mark)
            }:
                await asyncio.sleep(0.05)
        took = time.monotonic() - killed
        running.start("d")
        await asyncio.sleep(3)
        enough.set()
        await happening
        await check_effects(empty)
    assert took < 5, "a lease of 1.5 s, a heartbeat of 0.5 s, and a busy machine"
    assert await workers_of(empty, mark) <= {*names, "d"} - {"b"}


async def test_a_replica_that_slept_past_its_lease_cannot_act_on_what_others_have_done(empty: Any, url: SecretStr) -> None:
    kept = Journal(empty, "test", encode)
    with replicas(url, "a", "zombie") as running:
        happening = asyncio.create_task(happen(empty, kept, enough := asyncio.Event()))
        await until_all_work(empty, "a", "zombie")
        for _ in range(2):
            running.signal("zombie", signal.SIGSTOP)
            await asyncio.sleep(3)
            running.signal("zombie", signal.SIGCONT)
            await asyncio.sleep(1)
        enough.set()
        await happening
        await check_effects(empty)
        assert await workers_of(empty) == {"a", "zombie"}
