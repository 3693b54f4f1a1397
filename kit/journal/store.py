"""A service's own journal: appends, and what was appended, to read and to watch.

Positions count up per shard without gaps and in the order of commits, because the counter's row stays locked from the append to
the commit; so a reader that has seen position n has seen everything before it.

What this process commits goes to its watchers from memory: a record follows what a watcher has seen when its position is the
next one. Where one is missing, another process wrote it, and the table is read. Hints (in the process, and by Redis between
processes) only make a watcher look sooner: without any it looks each second.
"""

import asyncio
import time
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from kit import errors, failpoints
from kit.journal.facts import Encode, Encoded, Filters, Record, encoded
from kit.shares import SHARDS

POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 2.0
BATCH = 500
HINT_SECONDS = 0.02
MAX_KEPT = 256
"""How many of a shard's newest records are kept in memory."""

APPEND = """
with counter as (update shard set position = position + cardinality($3::text[]) where shard = $1 returning position)
insert into event (shard, position, organization, kind, subject, labels, payload)
select $1, counter.position - cardinality($3::text[]) + item.n, $2, item.kind, item.subject,
    string_to_array(item.labels, ' '), item.payload
from counter, unnest($3::text[], $4::text[], $5::text[], $6::bytea[]) with ordinality
    as item (kind, subject, labels, payload, n)
returning position, created
"""
COLUMNS = "e.shard, e.position, e.organization, e.kind, e.subject, e.labels, e.payload, e.created"
_READ = f"""
select {COLUMNS}
from unnest($1::smallint[], $2::bigint[]) as wanted (shard, after)
join shard on shard.shard = wanted.shard and shard.position > wanted.after,
lateral (
    select * from event where shard = wanted.shard and position > wanted.after order by position limit $3
) e
order by e.shard, e.position
"""
_SELECT = f"""
select {COLUMNS}
from unnest($1::smallint[], $2::bigint[], $3::bigint[]) as wanted (shard, after, until)
join event e on e.shard = wanted.shard and e.position > wanted.after and e.position <= wanted.until
where %s
order by e.shard, e.position
"""
# From the end back: what is asked for lies near it.
_BEFORE = """
select wanted.shard, coalesce((
    select position from event where shard = wanted.shard and created < $2 order by position desc limit 1
), shard.deleted) as position
from unnest($1::smallint[]) as wanted (shard) join shard on shard.shard = wanted.shard
"""
_DELETED = """
select wanted.shard, shard.deleted from unnest($1::smallint[], $2::bigint[]) as wanted (shard, after)
join shard on shard.shard = wanted.shard and shard.deleted > wanted.after order by 1 limit 1
"""


class EventsDeleted(errors.OutOfRange):
    """A follower lies behind what the journal keeps."""

    reason = "EVENTS_DELETED"

    def __init__(self, shard: int, after: int, deleted: int) -> None:
        super().__init__(
            f"Events of shard {shard} up to position {deleted} are deleted, and position {after} was asked for: rebuild what "
            f"follows them from its owner, and follow after position {deleted}.",
            shard=shard,
            position=after,
            deleted=deleted,
        )


def shard_of(organization: str) -> int:
    """The shard that holds an organization's events: CRC-32 of its id, modulo 64."""
    return zlib.crc32(organization.encode()) % SHARDS


@dataclass
class Transaction:
    """An open transaction, and the facts that it will append."""

    connection: Any
    organization: str
    facts: dict[str, list[object]] = field(default_factory=dict)

    def add(self, *facts: object, organization: str = "") -> None:
        """Adds facts. They are appended as the last statement, because that locks the shard."""
        if facts:
            self.facts.setdefault(organization or self.organization, []).extend(facts)


class Journal:
    """One service's own journal. `encode` turns the service's facts into those of its contract."""

    def __init__(self, pool: Any, name: str, encode: Encode, redis: "Redis | None" = None) -> None:
        self._pool = pool
        self._name = name
        self._encode = encode
        self._redis = redis
        self._topic = f"{name}:journal"
        self._waiting: dict[int, set[_Waiter]] = {}
        self._kept: dict[int, dict[int, Record]] = {}
        self._ends: dict[int, int] = {}
        """The last position that is known to be committed, by shard."""
        self._unsent: set[int] = set()
        self._sending: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(
        self, organization: str, actor: str = "", *, connection: Any = None, failpoint: str = ""
    ) -> AsyncIterator[Transaction]:
        """A transaction whose facts are appended as its last statement, and handed to watchers after the commit.

        `actor`: the cause, such as `services/agent`, where it is not the caller of the running call. `connection`: one whose
        transaction somebody else commits, who then calls `hint`. `failpoint`: reached before and after the commit.
        """
        if connection is not None:
            within = Transaction(connection, organization)
            yield within
            await self._append_all(within, actor)
            return
        async with self._pool.acquire(timeout=1) as own, own.transaction():
            change = Transaction(own, organization)
            yield change
            records = await self._append_all(change, actor)
            if failpoint:
                await failpoints.reach(f"{failpoint}.before_commit")
        if failpoint:
            await failpoints.reach(f"{failpoint}.after_commit")
        self.committed(records)

    async def _append_all(self, change: Transaction, actor: str) -> list[Record]:
        records = []
        # Shards are counted up in one order, so that two that do this at once can't wait for each other.
        for organization in sorted(change.facts, key=shard_of):
            records += await self._append(change.connection, organization, change.facts[organization], actor)
        return records

    async def append(self, connection: Any, organization: str, facts: Sequence[object], actor: str = "") -> int:
        """Appends facts as the last statement of a transaction; returns the last position.

        Call `hint(organization)` after the commit.
        """
        return (await self._append(connection, organization, facts, actor))[-1].position

    async def _append(self, connection: Any, organization: str, facts: Sequence[object], actor: str) -> list[Record]:
        items = self.encoded(organization, facts, actor)
        shard = shard_of(organization)
        rows = await connection.fetch(APPEND, shard, organization, *columns(items))
        return records_of(shard, organization, items, rows)

    def encoded(self, organization: str, facts: Iterable[object], actor: str = "") -> list[Encoded]:
        """Facts ready to be stored, for a statement that appends as part of a larger one."""
        return encoded(self._encode, organization, facts, actor, self._name)

    def committed(self, records: Sequence[Record]) -> None:
        """Hands what this process has committed to its watchers, and tells other processes of it."""
        for record in records:
            self._keep(record)
        for shard in {record.shard for record in records}:
            self._wake(shard, here=True, known=True)
            self._announce(shard)

    def hint(self, organization: str) -> None:
        """Says that something was committed for an organization: wakes watchers here and, soon, in other processes."""
        shard = shard_of(organization)
        self._wake(shard, here=True)
        self._announce(shard)

    def _keep(self, record: Record) -> None:
        end = self._ends[record.shard] = max(self._ends.get(record.shard, 0), record.position)
        if record.position > end - MAX_KEPT:
            kept = self._kept.setdefault(record.shard, {})
            kept[record.position] = record
            if len(kept) > MAX_KEPT:
                del kept[next(iter(kept))]

    def _wake(self, shard: int, *, here: bool = False, known: bool = False) -> None:
        for waiter in self._waiting.get(shard, ()):
            waiter.wake(shard, here, known)

    def _announce(self, shard: int) -> None:
        if self._redis is None:
            return
        self._unsent.add(shard)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send_hints(self._redis))

    async def _send_hints(self, redis: "Redis") -> None:
        while self._unsent:
            shards, self._unsent = self._unsent, set()
            heard = 0
            with suppress(RedisError, OSError, TimeoutError):  # a lost hint costs a second
                await failpoints.reach("kit.hint.before_send")
                heard = await redis.publish(self._topic, ",".join(map(str, shards)))
            # Heard by nobody but this process itself: the next one can wait until somebody may have come.
            await asyncio.sleep(HINT_SECONDS if heard > 1 else POLL_SECONDS)

    async def hear(self) -> None:
        """A worker: wakes watchers here when another process has committed. Runs until cancelled."""
        while self._redis is not None:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(self._topic)
                    async for message in pubsub.listen():
                        if message["type"] == "message":
                            for shard in message["data"].decode().split(","):
                                self._wake(int(shard))
            except (RedisError, OSError, TimeoutError):
                await asyncio.sleep(POLL_SECONDS)

    async def end(self, organization: str) -> int:
        """The position of the last event in the organization's shard."""
        return int(await self._pool.fetchval("select position from shard where shard = $1", shard_of(organization)))

    async def before(self, shards: Sequence[int], moment: datetime) -> dict[int, int]:
        """The position of each shard's last event before a moment; where none is kept, that of the last deleted one, or 0."""
        rows = await self._pool.fetch(_BEFORE, list(shards), moment)
        return {row["shard"]: row["position"] for row in rows}

    async def ends(self) -> dict[int, int]:
        """The position of the last event of each shard."""
        return dict(await self._pool.fetch("select shard, position from shard"))

    async def deleted(self) -> dict[int, int]:
        """The position of the last event of each shard that is not kept any more; 0 when all are."""
        return dict(await self._pool.fetch("select shard, deleted from shard"))

    async def check(self, after: Mapping[int, int]) -> None:
        """Raises EventsDeleted when events after one of the positions are not kept any more."""
        if row := await self._pool.fetchrow(_DELETED, list(after), list(after.values())):
            raise EventsDeleted(row["shard"], after[row["shard"]], row["deleted"])

    async def read(self, after: Mapping[int, int], limit: int = BATCH) -> list[Record]:
        """At most `limit` events of each shard after its position."""
        rows = await self._pool.fetch(_READ, list(after), list(after.values()), limit)
        return [Record(*row) for row in rows]

    async def watch(
        self,
        after: Mapping[int, int],
        linger: float = 0.0,
        over: Callable[[], bool] = lambda: False,
        elsewhere: bool = False,
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> AsyncGenerator[list[Record], None]:
        """Batches of events after the given positions by shard, as they come; an empty batch each `heartbeat` seconds without.

        `linger`: seconds to wait after a hint, so that a busy journal is read in larger pieces. `over`: asked each second
        whether to stop. `elsewhere`: only other processes' hints wake it; this process's events come with the next look.

        Raises EventsDeleted.
        """
        await self.check(after)
        positions = dict(after)
        waiter = _Waiter(elsewhere)
        for shard in positions:
            self._waiting.setdefault(shard, set()).add(waiter)
        beat = looked = time.monotonic() - POLL_SECONDS
        try:
            while not over():
                now = time.monotonic()
                if all_due := now - looked >= POLL_SECONDS:
                    looked = now
                shards, unknown = (positions, positions) if all_due else (waiter.shards, waiter.unknown)
                waiter.rest()
                records = self._from_memory(positions, shards)
                if gaps := {s: positions[s] for s in shards if s in unknown or self._ends.get(s, 0) > positions[s]}:
                    found = await self.read(gaps)
                    for record in found:
                        self._keep(record)
                        positions[record.shard] = record.position
                    records += found
                    if len(found) >= BATCH:
                        looked -= POLL_SECONDS
                if records or now - beat >= heartbeat:
                    beat = now
                    yield records
                if len(records) >= BATCH:
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(max(0.0, looked + POLL_SECONDS - time.monotonic())):
                        await waiter.event.wait()
                        await asyncio.sleep(linger)
        finally:
            for shard in positions:
                self._waiting[shard].discard(waiter)

    def _from_memory(self, positions: dict[int, int], shards: Iterable[int]) -> list[Record]:
        """What is kept of some shards and follows on without a gap; moves the positions."""
        records = []
        for shard in shards:
            if kept := self._kept.get(shard):
                while (record := kept.get(positions[shard] + 1)) is not None:
                    records.append(record)
                    positions[shard] += 1
        return records

    async def replay(
        self, after: Mapping[int, int], ends: Mapping[int, int], filters: Filters
    ) -> AsyncGenerator[list[Record], None]:
        """Batches of the chosen events after the given positions by shard, up to `ends`. Raises EventsDeleted."""
        await self.check(after)
        condition, arguments = filters.condition(4)
        sql = _SELECT % condition
        positions = dict(after)
        while behind := {shard: position for shard, position in positions.items() if position < ends[shard]}:
            until = {shard: min(position + BATCH, ends[shard]) for shard, position in behind.items()}
            rows = await self._pool.fetch(sql, list(behind), list(behind.values()), list(until.values()), *arguments)
            positions |= until
            yield [Record(*row) for row in rows]


def columns(items: Sequence[Encoded]) -> tuple[list[str], list[str], list[str], list[bytes]]:
    """Encoded facts as the arrays that `APPEND` takes."""
    return (
        [item.kind for item in items],
        [item.subject for item in items],
        [" ".join(item.labels) for item in items],
        [item.payload for item in items],
    )


def records_of(shard: int, organization: str, items: Sequence[Encoded], rows: Iterable[Any]) -> list[Record]:
    """What was appended, by the rows of position and time that the statement returned."""
    return [
        Record(shard, row["position"], organization, item.kind, item.subject, item.labels, item.payload, row["created"])
        for item, row in zip(items, sorted(rows, key=lambda row: row["position"]), strict=True)
    ]


class _Waiter:
    """Waits for news of some shards."""

    def __init__(self, elsewhere: bool) -> None:
        self._elsewhere = elsewhere
        self.event = asyncio.Event()
        self.shards: set[int] = set()
        self.unknown: set[int] = set()
        """Those of which the table knows more than this process."""

    def wake(self, shard: int, here: bool, known: bool) -> None:
        """Tells that a shard has grown."""
        if not (here and self._elsewhere):
            self.shards.add(shard)
            if not known:
                self.unknown.add(shard)
            self.event.set()

    def rest(self) -> None:
        """Forgets what was told."""
        self.event.clear()
        self.shards, self.unknown = set(), set()
