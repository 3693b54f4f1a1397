"""The journal: nothing skipped, nothing doubled, whichever process is slow, dies or gets no notification."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from frontdesk.core.internal import v1 as internal
from frontdesk.event.v1 import ACTOR_KIND_SERVICE
from redis.asyncio import Redis

from kit import caller, errors, journal, log
from kit.journal import Fact, Journal, Record, shard_of, store
from kit.servicers import EventServicer
from kit.streams import StreamEnded

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.asyncio(loop_scope="session")

ACME = "acme"
SHARD = shard_of(ACME)
OTHER = next(name for name in map(str, range(100)) if shard_of(name) != SHARD)


@dataclass
class Happened:
    what: str


@dataclass
class Noticed:
    what: str


def encode(organization: str, fact: Happened | Noticed) -> Fact:
    """A simulator for a service's `convert`: what happened is the subject."""
    labels = ("noticed",) if isinstance(fact, Noticed) else ()
    return Fact(internal.Event(conversation_closed={}), f"organizations/{organization}/things/{fact.what}", labels)


def what(record: Record) -> str:
    return record.subject.rpartition("/")[2]


def parsed(response: Any) -> internal.WatchEventsResponse:
    """A response as a client reads it."""
    return internal.WatchEventsResponse.FromString(response.SerializeToString())


async def append(log: Journal, pool: Any, *facts: object, organization: str = ACME) -> int:
    async with pool.acquire() as connection, connection.transaction():
        return await log.append(connection, organization, facts)


async def test_positions_count_up_and_the_facts_come_back(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    log.trace_id.set("a" * 32)
    assert await append(kept, empty, Happened("one"), Noticed("two é \u2028")) == 2
    assert await append(kept, empty, Happened("three")) == 3
    assert await append(kept, empty, Happened("elsewhere"), organization=OTHER) == 1
    records = await kept.read({SHARD: 0})
    assert [(r.position, r.kind, r.organization, what(r), list(r.labels)) for r in records] == [
        (1, "Happened", ACME, "one", []),
        (2, "Noticed", ACME, "two é \u2028", ["noticed"]),
        (3, "Happened", ACME, "three", []),
    ]
    event = internal.Event.FromString(records[1].event)
    assert event.WhichOneof("fact") == "conversation_closed"
    envelope = event.envelope
    assert (envelope.organization, envelope.shard, envelope.position, envelope.kind) == (ACME, SHARD, 2, "Noticed")
    assert (envelope.subject, list(envelope.labels)) == ("organizations/acme/things/two é \u2028", ["noticed"])
    assert (envelope.trace_id, envelope.schema_version) == ("a" * 32, 1)
    assert (envelope.actor.kind, envelope.actor.id) == (ACTOR_KIND_SERVICE, "test")
    assert envelope.create_time.ToDatetime(UTC) == records[1].created
    assert await kept.end(ACME) == 3
    assert [r.position for r in await kept.read({SHARD: 2, shard_of(OTHER): 0})] in ([3, 1], [1, 3])
    assert [r.position for r in await kept.read({SHARD: 0}, limit=2)] == [1, 2]


async def test_what_is_rolled_back_leaves_no_gap(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await append(kept, empty, Happened("one"))

    async def break_off() -> None:
        async with empty.acquire() as connection, connection.transaction():
            await kept.append(connection, ACME, [Happened("never")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await break_off()
    assert await append(kept, empty, Happened("two")) == 2


async def test_a_reader_of_a_plain_sequence_skips_a_slow_transaction_and_a_reader_of_the_journal_does_not(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await empty.execute("create table if not exists naive (id bigserial primary key, what text)")
    async with empty.acquire() as slow, empty.acquire() as quick:
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute("insert into naive (what) values ('slow')")
        await kept.append(slow, ACME, [Happened("slow")])

        await quick.execute("insert into naive (what) values ('quick')")
        second = asyncio.create_task(append(kept, empty, Happened("quick")))
        seen = [row["what"] for row in await empty.fetch("select what from naive where id > 0 order by id")]
        last = await empty.fetchval("select max(id) from naive")
        journal_seen = await kept.read({SHARD: 0})
        assert (seen, journal_seen, second.done()) == (["quick"], [], False)

        await transaction.commit()
        assert await second == 2
        later = await empty.fetch("select what from naive where id > $1 order by id", last)
        assert [row["what"] for row in later] == [], "a plain sequence has lost the slow one for good"
        assert [(r.position, what(r) == "slow") for r in await kept.read({SHARD: 0})] == [(1, True), (2, False)]


async def test_under_long_transactions_a_reader_of_a_sequence_loses_events_and_a_reader_of_the_journal_none(empty: Any) -> None:
    """Twelve writers at once, whose transactions last up to 0.3 s; one begins first and commits last."""
    kept, chance = Journal(empty, "test", encode), random.Random(11)
    await empty.execute("drop table if exists naive; create table naive (id bigserial primary key, what text)")
    begun = asyncio.Event()

    async def write(what: str, seconds: float) -> None:
        async with empty.acquire() as connection, connection.transaction():
            await connection.execute("insert into naive (what) values ($1)", what)
            begun.set()
            await asyncio.sleep(seconds)
            await kept.append(connection, ACME, [Happened(what)])

    async def writer(name: int) -> None:
        for n in range(8):
            await write(f"{name}-{n}", chance.random() * 0.3)

    async def everything() -> None:
        slowest = asyncio.create_task(write("slowest", 2.5))
        await begun.wait()
        await asyncio.gather(*map(writer, range(11)), slowest)

    by_sequence: list[str] = []
    by_journal: list[Record] = []
    last, writing = 0, asyncio.create_task(everything())
    while True:
        ended = writing.done()  # asked first: what was committed by now is read below
        for row in await empty.fetch("select id, what from naive where id > $1 order by id", last):
            last, by_sequence = row["id"], [*by_sequence, row["what"]]
        by_journal += await kept.read({SHARD: by_journal[-1].position if by_journal else 0})
        assert [record.position for record in by_journal] == list(range(1, len(by_journal) + 1)), "never a gap to wait for"
        if ended:
            break
        await asyncio.sleep(0.005)
    await writing
    committed = {row["what"] for row in await empty.fetch("select what from naive")}
    assert len(committed) == 89
    assert {what(record) for record in by_journal} == committed
    assert "slowest" in committed - set(by_sequence)


async def test_a_reader_sees_every_position_once_in_order_while_many_write(empty: Any) -> None:
    kept, chance = Journal(empty, "test", encode), random.Random(7)
    count, at_once = 120, asyncio.Semaphore(16)  # fewer than the pool has connections: none waits too long for one

    async def write(n: int) -> None:
        await asyncio.sleep(chance.random() * 0.3)
        async with at_once, empty.acquire() as connection, connection.transaction():
            await connection.execute("insert into effect (what) values ($1)", str(n))
            await asyncio.sleep(chance.random() * 0.01)
            await kept.append(connection, ACME, [Happened(str(n))] * chance.randint(1, 3))
            await asyncio.sleep(chance.random() * 0.005)
            if n % 10 == 0:
                raise ZeroDivisionError
        kept.hint(ACME)

    writers = asyncio.gather(*map(write, range(count)), return_exceptions=True)
    seen: list[int] = []
    async with aclosing(kept.watch({SHARD: 0}, over=writers.done)) as batches:
        async for records in batches:
            seen += [record.position for record in records]
    failures = [result for result in await writers if result is not None]
    assert [type(failure) for failure in failures] == [ZeroDivisionError] * (count // 10), failures
    seen += [r.position for r in await kept.read({SHARD: max(seen)})]
    assert seen == list(range(1, await kept.end(ACME) + 1))
    assert len(seen) >= count * 0.9


async def first(batches: AsyncIterator[list[Record]]) -> list[Record]:
    """The first records that come."""
    async with asyncio.timeout(30):
        while not (records := await anext(batches)):
            pass
    return records


@pytest.fixture
def only_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    """No one looks by himself within a test's life: what is seen was hinted at."""
    monkeypatch.setattr(store, "POLL_SECONDS", 600.0)


@pytest.mark.usefixtures("only_hints")
async def test_a_watcher_is_woken_by_a_hint(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    async with aclosing(kept.watch({SHARD: 0})) as batches:
        waiting = asyncio.create_task(first(batches))
        await asyncio.sleep(0.2)
        await append(kept, empty, Happened("now"))
        kept.hint(ACME)
        assert [record.kind for record in await waiting] == ["Happened"]


async def test_without_a_hint_it_looks_each_second(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    async with aclosing(kept.watch({SHARD: 0, 1: 0})) as batches:
        waiting = asyncio.create_task(first(batches))
        await asyncio.sleep(0.2)
        await append(kept, empty, Happened("now"))
        assert [record.kind for record in await waiting] == ["Happened"]
    assert store.POLL_SECONDS == 1.0


@pytest.mark.usefixtures("only_hints")
async def test_a_hint_reaches_other_processes_by_redis(empty: Any, stores: TestStores) -> None:
    async with Redis.from_url(stores.redis_url()) as redis:
        here, there = Journal(empty, "test-hints", encode, redis), Journal(empty, "test-hints", encode, redis)
        hearing = asyncio.create_task(there.hear())
        try:
            for _ in range(100):
                if dict(await redis.pubsub_numsub("test-hints:journal"))[b"test-hints:journal"]:
                    break
                await asyncio.sleep(0.05)
            async with aclosing(there.watch({SHARD: 0}, elsewhere=True)) as batches:
                waiting = asyncio.create_task(first(batches))
                await asyncio.sleep(0.2)
                await append(here, empty, Happened("now"))
                here.hint(ACME)
                assert [record.kind for record in await waiting] == ["Happened"]
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError):
                await hearing


async def test_a_watch_that_is_left_is_forgotten(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await append(kept, empty, Happened("one"))
    async with aclosing(kept.watch({SHARD: 0})) as batches:
        await anext(batches)
        assert kept._waiting[SHARD]
    assert not kept._waiting[SHARD]


async def test_serving_leaves_out_what_was_not_asked_for_and_says_how_far_it_came(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await append(kept, empty, Happened("1"), Noticed("2"), Happened("3"), Noticed("4"))
    over = False
    request = internal.WatchEventsRequest(shards=[SHARD], filters=[{"labels": ["noticed"]}])
    stream = journal.serve(kept, request, internal.WatchEventsResponse, over=lambda: over)
    async with aclosing(stream):
        seen = [parsed(await anext(stream)).event.envelope.position for _ in range(2)]
        assert seen == [2, 4]
        await append(kept, empty, Happened("5"))
        kept.hint(ACME)
        assert dict((await anext(stream)).checkpoint.positions) == {SHARD: 5}
        over = True
        with pytest.raises(errors.Aborted) as caught:
            await anext(stream)
        assert caught.value.reason == "STREAM_ENDED"


@pytest.mark.parametrize("drains", [True, False], ids=["the process drains", "the token expires"])
async def test_a_followers_stream_ends_as_planned(empty: Any, drains: bool) -> None:
    draining = asyncio.Event()
    if drains:
        draining.set()
    expires = time.time() + (caller.MAX_SECONDS if drains else 0)
    caller.set_current(caller.Caller("*", caller.Kind.SERVICE, "agent", frozenset("*"), expires))
    servicer = EventServicer(internal, Journal(empty, "test", encode), draining)
    context: Any = None
    with pytest.raises(StreamEnded):
        await anext(servicer.WatchEvents(internal.WatchEventsRequest(shards=[SHARD]), context))


async def test_serving_continues_after_a_position(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await append(kept, empty, *(Happened(str(n)) for n in range(journal.BATCH + 20)))
    request = internal.WatchEventsRequest(shards=[SHARD], after={SHARD: 10})
    stream = journal.serve(kept, request, internal.WatchEventsResponse, over=lambda: False)
    async with aclosing(stream):
        positions = [parsed(await anext(stream)).event.envelope.position for _ in range(journal.BATCH + 10)]
    assert positions == list(range(11, journal.BATCH + 21))


async def test_serving_starts_with_what_happened_since(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await append(kept, empty, Happened("1"), Happened("2"))
    await empty.execute("update event set created = created - interval '1 hour'")
    await append(kept, empty, Happened("3"))
    since = datetime.now(UTC) - timedelta(minutes=10)
    assert await kept.before([SHARD, shard_of(OTHER)], since) == {SHARD: 2, shard_of(OTHER): 0}
    for after, expected_position in (({}, 3), ({SHARD: 1}, 2)):
        request = internal.WatchEventsRequest(shards=[SHARD], after=after, since=since)
        stream = journal.serve(kept, request, internal.WatchEventsResponse, over=lambda: False)
        async with aclosing(stream):
            assert parsed(await anext(stream)).event.envelope.position == expected_position


@dataclass
class _Followed:
    open: Any

    def handled(self, event: internal.Event) -> None: ...


class Follower:
    """A consumer that follows a journal into its table `effect`."""

    def __init__(self, pool: Any, kept: Journal, name: str = "one") -> None:
        self.pool, self.kept, self.name = pool, kept, name
        self.fails: dict[int, Exception] = {}
        self.handled: list[int] = []
        self.pause = asyncio.Event()
        self.pause.set()
        self.begin: Any = None

    async def open(self, shards: Sequence[int], after: Mapping[int, int]) -> AsyncGenerator[internal.WatchEventsResponse, None]:
        request = internal.WatchEventsRequest(shards=shards, after=after)
        async for response in journal.serve(self.kept, request, internal.WatchEventsResponse, over=lambda: False):
            yield parsed(response)

    async def handle(self, transaction: journal.Transaction, event: internal.Event) -> None:
        await transaction.connection.execute(
            "insert into effect (what) values ($1)", f"{event.envelope.shard}/{event.envelope.position}"
        )
        self.handled.append(event.envelope.position)
        await self.pause.wait()
        if (error := self.fails.pop(event.envelope.position, None)) is not None:
            if isinstance(error, ConnectionError):
                await transaction.connection.execute("select pg_terminate_backend(pg_backend_pid())")
            raise error

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(journal.follow(self.pool, "test", _Followed(self.open), self.handle, begin=self.begin))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def effects(pool: Any, count: int) -> list[str]:
    """The effects, once there are `count`."""
    async with asyncio.timeout(60):
        while len(found := await pool.fetch("select what from effect order by n")) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return [row["what"] for row in found]


def expected(count: int) -> list[str]:
    return [f"{SHARD}/{position}" for position in range(1, count + 1)]


async def test_a_crash_between_effect_and_commit_repeats_nothing_and_skips_nothing(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await append(kept, empty, *(Happened(str(n)) for n in range(10)))
    follower = Follower(empty, kept)
    follower.fails = {3: ValueError("a bug"), 6: ConnectionError("the database went away")}
    async with follower.running():
        assert await effects(empty, 10) == expected(10)
    assert follower.handled == [1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 10]
    assert await empty.fetchval("select position from cursor where source = 'test' and shard = $1", SHARD) == 10


async def test_with_a_transaction_of_the_own_journal_what_came_together_is_handled_in_one(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await append(kept, empty, *(Happened(str(n)) for n in range(300)))
    follower, opened = Follower(empty, kept), 0

    def begin() -> Any:
        nonlocal opened
        opened += 1
        return kept.transaction()

    follower.begin = begin
    async with follower.running():
        assert await effects(empty, 300) == expected(300)
    assert opened < 100
    assert await empty.fetchval("select position from cursor where source = 'test' and shard = $1", SHARD) == 300


async def test_a_fact_that_fails_undoes_only_itself_though_it_came_with_others(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await append(kept, empty, *(Happened(str(n)) for n in range(10)))
    follower = Follower(empty, kept)
    follower.begin = kept.transaction
    follower.fails = {3: ValueError("a bug"), 6: ConnectionError("the database went away")}
    async with follower.running():
        assert await effects(empty, 10) == expected(10)
    assert follower.handled[-1] == 10
    assert await empty.fetchval("select count(*) from effect") == 10


async def test_facts_of_a_transaction_within_another_are_appended_by_the_outer_one(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    with suppress(ValueError):
        async with kept.transaction() as outer:
            async with kept.transaction(ACME, within=outer) as inner:
                inner.add(Happened("lost"))
            raise ValueError
    assert await kept.end(ACME) == 0
    async with kept.transaction() as outer:
        for organization, what in ((ACME, "1"), (OTHER, "2"), (ACME, "3")):
            async with kept.transaction(organization, within=outer) as inner:
                inner.add(Happened(what))
        assert await kept.end(ACME) == 0, "the shards are locked last"
    assert (await kept.end(ACME), await kept.end(OTHER)) == (2, 1)


async def test_a_follower_that_is_stopped_in_the_middle_continues_where_it_was(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await append(kept, empty, *(Happened(str(n)) for n in range(5)))
    follower = Follower(empty, kept)
    async with follower.running():
        await effects(empty, 3)
        follower.pause.clear()
    await append(kept, empty, Happened("5"))
    follower.pause.set()
    async with follower.running():
        assert await effects(empty, 6) == expected(6)
    await asyncio.sleep(0.1)
    assert await effects(empty, 6) == expected(6)


async def test_a_checkpoint_moves_the_cursor_past_what_was_left_out(empty: Any) -> None:
    class Picky(Follower):
        async def open(
            self, shards: Sequence[int], after: Mapping[int, int]
        ) -> AsyncGenerator[internal.WatchEventsResponse, None]:
            request = internal.WatchEventsRequest(shards=shards, after=after, filters=[{"kinds": ["Noticed"]}])
            async for response in journal.serve(self.kept, request, internal.WatchEventsResponse, over=lambda: False):
                yield parsed(response)

    kept = Journal(empty, "test", encode)
    await append(kept, empty, Noticed("1"), Happened("2"), Happened("3"))
    async with Picky(empty, kept).running():
        await effects(empty, 1)
        async with asyncio.timeout(30):
            while await empty.fetchval("select position from cursor where shard = $1", SHARD) != 3:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_a_new_consumer_replays_from_zero_to_the_same_effects(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await append(kept, empty, *(Happened(str(n)) for n in range(5)))
    async with Follower(empty, kept).running():
        await effects(empty, 5)
        await append(kept, empty, *(Happened(str(n)) for n in range(5, 8)))
        kept.hint(ACME)
        live = await effects(empty, 8)
    await empty.execute("truncate effect; delete from cursor where source = 'test'")
    async with Follower(empty, kept).running():
        assert await effects(empty, 8) == live == expected(8)


async def test_a_cursor_that_is_set_back_under_a_running_follower_replays(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await append(kept, empty, *(Happened(str(n)) for n in range(3)))
    async with Follower(empty, kept).running():
        await effects(empty, 3)
        await empty.execute("truncate effect; update cursor set position = 0 where source = 'test'")
        await append(kept, empty, Happened("3"))
        kept.hint(ACME)
        assert await effects(empty, 4) == expected(4)
