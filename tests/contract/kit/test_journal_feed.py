"""The journal's feed from memory, its filters, what followers prepare, and facts by their fields, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from frontdesk.admin.internal import v1 as admin
from frontdesk.agent import v1 as agent_pb
from frontdesk.agent.internal import v1 as agent
from frontdesk.core.internal import v1 as internal
from frontdesk.event.v1 import ACTOR_KIND_SERVICE, ACTOR_KIND_USER, Filter

from kit import failpoints, journal
from kit.journal import Fact, Filters, Journal, Record, by_fields, store

pytestmark = pytest.mark.asyncio(loop_scope="session")

ACME = "acme"
SHARD = journal.shard_of(ACME)
MAX_PREPARED = 100
"""Core answers for at most so many at once."""


@dataclass
class Happened:
    n: int = 0
    labels: tuple[str, ...] = ()


@dataclass
class Noticed(Happened):
    pass


def encode(organization: str, fact: Happened) -> Fact:
    return Fact(internal.Event(conversation_closed={}), f"organizations/{organization}/things/{fact.n}", fact.labels)


class Reads:
    """A pool that counts how often the journal reads events from the table, and how often it looks at the counters."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self.count = self.looks = 0
        self.broken = False

    async def fetch(self, sql: str, *arguments: Any) -> Any:
        self.count += "from event" in sql
        self.looks += "from shard" in sql
        if self.broken:
            raise ConnectionError
        return await self._pool.fetch(sql, *arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)


@dataclass
class Watcher:
    """Keeps what a watch gives."""

    batches: AsyncGenerator[list[Record], None]
    seen: list[int] = field(default_factory=list)

    async def until(self, position: int) -> list[int]:
        """The positions seen, once there is this one."""
        async with asyncio.timeout(20):
            while position not in self.seen:
                self.seen += [record.position for record in await anext(self.batches)]
        return self.seen


async def write(kept: Journal, count: int = 1) -> None:
    async with kept.transaction(ACME) as tx:
        tx.add(*(Happened(n) for n in range(count)))


async def append_unheard(kept: Journal, pool: Any) -> Record:
    """A commit of another process while its hint is lost."""
    async with pool.acquire() as connection, connection.transaction():
        position = await kept.append(connection, ACME, [Happened()])
    (record,) = await kept.read({SHARD: position - 1})
    return record


@pytest.fixture
def only_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No one looks without a notification within a test's life."""
    monkeypatch.setattr(store, "POLL_SECONDS", 600.0)


@pytest.mark.usefixtures("only_told")
async def test_what_this_process_commits_is_not_read_from_the_table(empty: Any) -> None:
    reads = Reads(empty)
    kept = Journal(reads, "test", encode)
    await write(kept)
    async with aclosing(kept.watch({SHARD: 0})) as one, aclosing(kept.watch({SHARD: 0})) as two:
        watchers = Watcher(one), Watcher(two)
        for watcher in watchers:
            assert await watcher.until(1) == [1]
        before = reads.count
        for n in range(2, 7):
            await write(kept)
            assert [await watcher.until(n) for watcher in watchers] == [list(range(1, n + 1))] * 2
        assert reads.count == before > 0


@pytest.mark.usefixtures("only_told")
async def test_a_gap_is_read_from_the_table(empty: Any) -> None:
    reads = Reads(empty)
    here, there = Journal(reads, "test", encode), Journal(empty, "test", encode)
    async with aclosing(here.watch({SHARD: 0})) as batches:
        watcher = Watcher(batches)
        await anext(batches)
        await write(here)
        assert await watcher.until(1) == [1]
        before = reads.count
        await append_unheard(there, empty)
        await append_unheard(there, empty)
        await write(here)
        assert await watcher.until(4) == [1, 2, 3, 4]
        assert reads.count == before + 1
        await write(here)
        assert await watcher.until(5) == [1, 2, 3, 4, 5]
        assert reads.count == before + 1


@pytest.mark.usefixtures("only_told")
async def test_commits_that_are_handed_over_in_the_wrong_order_are_seen_once_in_order(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    async with aclosing(kept.watch({SHARD: 0})) as batches:
        watcher = Watcher(batches)
        await anext(batches)
        first, second, third = [await append_unheard(kept, empty) for _ in range(3)]
        kept.committed([third])
        assert await watcher.until(3) == [1, 2, 3]
        kept.committed([second])
        kept.committed([first])
        await write(kept)
        assert await watcher.until(4) == [1, 2, 3, 4]


@pytest.mark.usefixtures("only_told")
async def test_a_watcher_that_is_further_behind_than_memory_reaches_loses_nothing(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    async with aclosing(kept.watch({SHARD: 0})) as batches:
        watcher = Watcher(batches)
        await anext(batches)
        for _ in range(4):
            await write(kept, store.MAX_RECENT // 3)
        assert len(kept._recent[SHARD]) == store.MAX_RECENT
        end = await kept.end(ACME)
        assert end > store.MAX_RECENT
        assert await watcher.until(end) == list(range(1, end + 1))


async def test_a_transaction_that_is_rolled_back_reaches_no_watcher(empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Journal(empty, "test", encode)

    async def fail(point: str) -> None:
        if point == "test.before_commit":
            raise ZeroDivisionError

    async def break_off() -> None:
        async with kept.transaction(ACME, failpoint="test") as tx:
            tx.add(Happened())

    monkeypatch.setattr(failpoints, "reach", fail)

    async with aclosing(kept.watch({SHARD: 0})) as batches:
        watcher = Watcher(batches)
        with pytest.raises(ZeroDivisionError):
            await break_off()
        assert SHARD not in kept._recent, "what is not committed is handed to no one"
        await write(kept)
        assert await watcher.until(1) == [1]
        (record,) = kept._recent[SHARD].values()
        (row,) = await kept.read({SHARD: 0})
        assert record.event == row.event, "memory and table give the same bytes"


async def test_watchers_of_two_processes_that_write_at_once_see_each_position_once(
    empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "POLL_SECONDS", 0.02)
    processes = [Journal(empty, "test", encode) for _ in range(2)]
    chance = random.Random(3)

    async def writer(kept: Journal) -> None:
        for _ in range(15):
            await asyncio.sleep(chance.random() * 0.01)
            await write(kept, chance.randint(1, 3))

    writing = asyncio.gather(*(writer(kept) for kept in processes * 3))
    async with aclosing(processes[0].watch({SHARD: 0})) as one, aclosing(processes[1].watch({SHARD: 0})) as two:
        watchers = Watcher(one), Watcher(two)
        await asyncio.gather(writing, *(watcher.until(90) for watcher in watchers))
        end = await processes[0].end(ACME)
        for watcher in watchers:
            assert await watcher.until(end) == list(range(1, end + 1))


async def test_all_watchers_of_a_process_share_one_look(empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "POLL_SECONDS", 0.01)
    reads = Reads(empty)
    here, there = Journal(reads, "test", encode), Journal(empty, "test", encode)
    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(aclosing(here.watch({SHARD: 0}, heartbeat=0.0))) for _ in range(20)]
        watchers = [Watcher(stream) for stream in streams]
        await asyncio.gather(*(anext(stream) for stream in streams))
        before, began = reads.count, time.monotonic()
        for _ in range(10):
            await asyncio.gather(*(anext(stream) for stream in streams))
        assert reads.count == before
        assert 1 <= reads.looks <= (time.monotonic() - began) / store.POLL_SECONDS + 1
        await append_unheard(there, empty)
        assert await asyncio.gather(*(watcher.until(1) for watcher in watchers)) == [[1]] * 20
        reads.broken = True
        for watcher in watchers:
            with pytest.raises(ConnectionError):
                await watcher.until(2)


FACTS = [
    Happened(1, ("by-provider",)),
    Happened(2, ("by-provider", "with-agents")),
    Noticed(3, ("with-agents",)),
    Noticed(4),
    Happened(5),
]


@pytest.mark.parametrize(
    ("filters", "positions"),
    [
        ([], [1, 2, 3, 4, 5]),
        ([Filter()], [1, 2, 3, 4, 5]),
        ([Filter(kinds=["Noticed"])], [3, 4]),
        ([Filter(kinds=["Noticed", "Other"], labels=["with-agents"])], [3]),
        ([Filter(labels=["with-agents", "by-provider"])], [2]),
        ([Filter(labels=["with-agents"]), Filter(kinds=["Noticed"])], [2, 3, 4]),
        ([Filter(kinds=["Other"])], []),
        ([Filter(labels=["with"])], []),
    ],
)
async def test_a_replay_and_a_watch_choose_the_same_facts(empty: Any, filters: list[Filter], positions: list[int]) -> None:
    kept = Journal(empty, "test", encode)
    async with kept.transaction(ACME) as tx:
        tx.add(*FACTS)
    chosen = Filters(filters)
    replayed = [r async for records in kept.replay({SHARD: 0}, {SHARD: 5}, chosen) for r in records]
    assert [record.position for record in replayed] == positions
    assert [record.position for record in await kept.read({SHARD: 0}) if chosen.choose(record)] == positions


async def test_a_replay_is_made_in_batches_and_ends_where_it_was_asked_to(empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BATCH", 2)
    kept = Journal(empty, "test", encode)
    async with kept.transaction(ACME) as tx:
        tx.add(*FACTS, *FACTS)
    batches = [[r.position for r in batch] async for batch in kept.replay({SHARD: 1}, {SHARD: 8}, Filters())]
    assert batches == [[2, 3], [4, 5], [6, 7], [8]]


class Prepared:
    """A follower that prepares what comes together, and fails once if asked to."""

    def __init__(self, pool: Any, kept: Journal) -> None:
        self._pool, self._kept = pool, kept
        self.calls: list[str] = []
        self.fails = 0

    async def open(self, shards: Sequence[int], after: Mapping[int, int]) -> AsyncGenerator[Any, None]:
        request = internal.WatchEventsRequest(shards=shards, after=after)
        async for response in journal.serve(self._kept, request, internal.WatchEventsResponse, over=lambda: False):
            yield internal.WatchEventsResponse.FromString(response.SerializeToString())

    def handled(self, event: internal.Event) -> None: ...

    async def prepare(self, events: Sequence[internal.Event]) -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the owner of the texts is unavailable")
        self.calls += [f"prepare {event.envelope.position}" for event in events]
        assert 0 < len(events) <= MAX_PREPARED

    async def handle(self, transaction: journal.Transaction, event: internal.Event) -> None:
        self.calls.append(f"handle {event.envelope.position}")
        await transaction.connection.execute("insert into effect (what) values ($1)", str(event.envelope.position))

    async def until(self, count: int) -> list[str]:
        """Follows until there are so many effects, which it gives."""
        following = asyncio.create_task(journal.follow(self._pool, "test", self, self.handle, self.prepare))
        try:
            async with asyncio.timeout(30):
                while len(rows := await self._pool.fetch("select what from effect order by n")) < count:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
        return [row["what"] for row in rows]


async def test_each_event_is_prepared_before_it_is_handled(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await write(kept, 250)
    follower = Prepared(empty, kept)
    assert await follower.until(250) == [str(n) for n in range(1, 251)]
    for n in range(1, 251):
        assert follower.calls.index(f"prepare {n}") < follower.calls.index(f"handle {n}")
    prepared = [int(call.split()[1]) for call in follower.calls if call.startswith("prepare")]
    assert prepared == list(range(1, 251))
    turns = sum(
        a.startswith("prepare") and b.startswith("handle") for a, b in zip(follower.calls, follower.calls[1:], strict=False)
    )
    assert turns < 50, "what has come together is prepared together"


async def test_when_preparing_fails_nothing_is_handled_and_it_is_tried_again(empty: Any) -> None:
    kept = Journal(empty, "test", encode)
    await write(kept, 3)
    follower = Prepared(empty, kept)
    follower.fails = 2
    assert await follower.until(3) == ["1", "2", "3"]
    assert follower.calls == [f"prepare {n}" for n in (1, 2, 3)] + [f"handle {n}" for n in (1, 2, 3)]


class Cause(StrEnum):
    RESOLVED = "RESOLVED"


@dataclass(frozen=True)
class AssignmentFinished:
    assignment: str
    conversation: str
    agent: str | None
    cause: Cause
    duration: timedelta


@dataclass(frozen=True)
class ApiKeyCreated:
    actor: str
    api_key: str
    display_name: str
    scopes: tuple[str, ...]
    expire_time: datetime


@dataclass(frozen=True)
class OrganizationUpdated:
    actor: str
    display_name: str


@dataclass(frozen=True)
class SettingDrafted:
    actor: str
    version: str
    value: Mapping[str, object]


async def stored(pool: Any, contract: Any, collections: Mapping[str, str], fact: object) -> Any:
    """The event of a fact, as a follower parses it."""
    kept = Journal(pool, "test", by_fields(contract, collections))
    async with kept.transaction(ACME) as tx:
        tx.add(fact)
    return contract.Event.FromString((await kept.read({SHARD: 0}))[-1].event)


async def test_ids_become_names_and_enums_and_times_those_of_the_contract(empty: Any) -> None:
    ids = {"assignment": "assignments/{}", "conversation": "conversations/{}", "agent": "agents/{}"}
    fact = AssignmentFinished("s1", "organizations/acme/conversations/c1", "a1", Cause.RESOLVED, timedelta(seconds=90))
    event = await stored(empty, agent, ids, fact)
    assert event.WhichOneof("fact") == "assignment_finished"
    assert event.envelope.subject == "organizations/acme/assignments/s1"
    assert (event.envelope.kind, event.envelope.actor.kind) == ("AssignmentFinished", ACTOR_KIND_SERVICE)
    told = event.assignment_finished
    assert told.conversation == "organizations/acme/conversations/c1", "a name stays what it is"
    assert (told.agent, told.cause) == ("organizations/acme/agents/a1", agent_pb.ASSIGNMENT_END_CAUSE_RESOLVED)
    assert told.duration.ToTimedelta() == timedelta(seconds=90)
    nobody = await stored(empty, agent, ids, AssignmentFinished("s1", "c2", None, Cause.RESOLVED, timedelta()))
    assert (nobody.assignment_finished.agent, nobody.assignment_finished.conversation) == (
        "",
        "organizations/acme/conversations/c2",
    )


async def test_the_actor_goes_to_the_envelope_and_the_subject_without_an_id_is_the_organization(empty: Any) -> None:
    expires = datetime(2030, 1, 2, tzinfo=UTC)
    event = await stored(empty, admin, {"api_key": "apiKeys/{}"}, ApiKeyCreated("users/u1", "k1", "CI", ("a", "b"), expires))
    assert (event.envelope.actor.kind, event.envelope.actor.id) == (ACTOR_KIND_USER, "u1")
    assert event.envelope.subject == "organizations/acme/apiKeys/k1"
    told = event.api_key_created
    assert (told.display_name, list(told.scopes), told.expire_time.ToDatetime(UTC)) == ("CI", ["a", "b"], expires)
    event = await stored(empty, admin, {}, OrganizationUpdated("users/u1", "Acme"))
    assert (event.envelope.subject, event.organization_updated.display_name) == ("organizations/acme", "Acme")


async def test_a_mapping_becomes_the_message_that_its_json_is(empty: Any) -> None:
    value = {"budget": {"daily": {"currencyCode": "EUR", "units": "5"}, "warnRatio": 0.5}}
    event = await stored(empty, admin, {"version": "settings/{}"}, SettingDrafted("users/u1", "budget/versions/1", value))
    assert event.envelope.subject == "organizations/acme/settings/budget/versions/1"
    budget = event.setting_drafted.value.budget
    assert (budget.daily.currency_code, budget.daily.units, budget.warn_ratio) == ("EUR", 5, 0.5)
