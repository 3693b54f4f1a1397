"""A service's own journal: it appends facts, reads them and watches for new ones.

The counter's row stays locked from the append to the commit. So positions have no gaps in a shard and are in the order of
commits: a reader that has seen position n has seen everything before it. Only deleted facts leave gaps (`retention`).

Watchers get the facts that this process commits from memory, as long as each record's position is the next one. Where a
position is missing, another process wrote it, and the watcher reads the table. Hints, in the process and by Redis between
processes, make a watcher look sooner. Without hints, one look a second at the shards' counters serves all watchers of a
process; a watcher reads the table only where the counter is ahead of it.
"""

import asyncio
import time
import zlib
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
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
MAX_RECENT = 256
"""How many of a shard's newest records are held in memory."""

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
# Searches from the end back, since the moment is recent.
_BEFORE = """
select wanted.shard, greatest(coalesce((
    select position from event where shard = wanted.shard and created < $2 order by position desc limit 1
), 0), shard.deleted) as position
from unnest($1::smallint[]) as wanted (shard) join shard on shard.shard = wanted.shard
"""
_NOTE_FOLLOWER = """
insert into journal_follower (follower, shard, position, seen)
select $1, *, clock_timestamp() from unnest($2::smallint[], $3::bigint[])
on conflict (follower, shard) do update set position = excluded.position, seen = excluded.seen
"""


class EventsDeleted(errors.OutOfRange):
    """A follower has not passed facts that were deleted."""

    reason = "EVENTS_DELETED"

    def __init__(self, shard: int, after: int, deleted: int) -> None:
        super().__init__(
            f"The facts of shard {shard} up to position {deleted} were deleted, and the follower has only passed position "
            f"{after}: reset its cursor of this journal to 0, so that it begins again with the facts that are kept.",
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
    """One service's own journal.

    `encode` turns the service's facts into those of its contract. `states`: which facts set a state (`retention.states`).
    """

    def __init__(
        self, pool: Any, name: str, encode: Encode, redis: "Redis | None" = None, states: Collection[str] = ()
    ) -> None:
        self._pool = pool
        self._name = name
        self._encode = encode
        self._states = frozenset(states)
        self._redis = redis
        self._topic = f"{name}:journal"
        self._waiting: dict[int, set[_Waiter]] = {}
        self._recent: dict[int, dict[int, Record]] = {}
        self._ends: dict[int, int] = {}
        """The last position that is known to be committed, by shard."""
        self._looking: asyncio.Task[None] | None = None
        self._looked = 0.0
        """When the newest look began."""
        self._unsent: set[int] = set()
        self._sending: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(
        self, organization: str = "", actor: str = "", *, within: Transaction | None = None, failpoint: str = ""
    ) -> AsyncIterator[Transaction]:
        """A transaction that appends its facts as the last statement, and passes them to watchers after the commit.

        `actor`: the cause, such as `services/agent`, if it is not the caller of the running call. `within`: an open
        transaction of this journal, which appends these facts, too. `failpoint`: reached before and after the commit.
        """
        if within is not None:
            yield Transaction(within.connection, organization, within.facts)
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
        # Every transaction locks shards in the same order, so two of them can't deadlock.
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
        """Passes committed facts to the watchers of this process, and sends a hint to other processes."""
        for record in records:
            self._remember(record)
        for shard in {record.shard for record in records}:
            self._wake(shard, here=True, known=True)
            self._announce(shard)

    def hint(self, organization: str) -> None:
        """Wakes the watchers of an organization after a commit: here at once, and in other processes soon."""
        shard = shard_of(organization)
        self._wake(shard, here=True)
        self._announce(shard)

    def _remember(self, record: Record) -> None:
        end = self._ends[record.shard] = max(self._ends.get(record.shard, 0), record.position)
        if record.position > end - MAX_RECENT:
            recent = self._recent.setdefault(record.shard, {})
            recent[record.position] = record
            if len(recent) > MAX_RECENT:
                del recent[next(iter(recent))]

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
            # Only this process listens, so the next hint can wait until another process may have started.
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
        """The position of each shard's last event before a moment; without one, that of the last deleted event, or 0."""
        rows = await self._pool.fetch(_BEFORE, list(shards), moment)
        return {row["shard"]: row["position"] for row in rows}

    async def ends(self) -> dict[int, int]:
        """The position of the last event of each shard."""
        return dict(await self._pool.fetch("select shard, position from shard"))

    async def note_follower(self, follower: str, positions: Mapping[int, int]) -> None:
        """Notes how far another service has come: facts that it has not passed are not deleted."""
        await self._pool.execute(_NOTE_FOLLOWER, follower, list(positions), list(positions.values()))

    async def deleted(self) -> dict[int, int]:
        """Up to which position each shard's events are deleted; 0 when none are."""
        return dict(await self._pool.fetch("select shard, deleted from shard"))

    def needs_newest_only(self, filters: Filters) -> bool:
        """Whether the filters choose nothing but states: of each the newest fact is kept, and is enough."""
        return filters.only(self._states)

    def check(self, after: Mapping[int, int], deleted: Mapping[int, int], filters: Filters) -> None:
        """Raises EventsDeleted when facts after one of the positions were deleted, and the filters could choose them.

        A position of 0 begins with the facts that are kept. Of facts that set a state, the newest are.
        """
        if self.needs_newest_only(filters):
            return
        for shard, position in after.items():
            if 0 < position < deleted[shard]:
                raise EventsDeleted(shard, position, deleted[shard])

    async def kept(
        self, after: Mapping[int, int], deleted: Mapping[int, int], filters: Filters
    ) -> AsyncGenerator[Record, None]:
        """The chosen facts after the given positions by shard that were kept while others, up to `deleted`, were deleted."""
        positions = dict(after)
        while positions:
            records = await self.read(positions, BATCH)
            for record in records:
                positions[record.shard] = record.position
                if record.position <= deleted[record.shard] and filters.choose(record):
                    yield record
            read = Counter(record.shard for record in records)
            positions = {s: p for s, p in positions.items() if p < deleted[s] and read[s] == BATCH}

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
        gaps: bool = False,
    ) -> AsyncGenerator[list[Record], None]:
        """Batches of events after positions by shard, as they come; an empty one after `heartbeat` seconds without any.

        `linger`: seconds to wait after a hint, so that a busy journal is read in larger pieces. `over`: called each second,
        says whether to stop. `elsewhere`: only hints of other processes wake it; it finds this process's events at its next
        look. `gaps`: passes over facts that were deleted; without it, it raises EventsDeleted where one was.
        """
        positions = dict(after)
        waiter = _Waiter(elsewhere)
        for shard in positions:
            self._waiting.setdefault(shard, set()).add(waiter)
        beat = looked = time.monotonic() - POLL_SECONDS
        unknown: Collection[int] = positions  # at first the table is read as it is, without a look that may be a second old
        try:
            while not over():
                now = time.monotonic()
                if all_due := now - looked >= POLL_SECONDS:
                    looked = now
                    if not unknown:
                        await self._look()
                shards: Collection[int] = positions if all_due else waiter.shards
                unknown = unknown or waiter.unknown
                waiter.rest()
                records = self._from_memory(positions, shards)
                if behind := {s: positions[s] for s in shards if s in unknown or self._ends.get(s, 0) > positions[s]}:
                    found = await self.read(behind)
                    for record in found:
                        shard, position = record.shard, positions[record.shard]
                        if record.position != position + 1 and not gaps:
                            raise EventsDeleted(shard, position, (await self.deleted())[shard])
                        self._remember(record)
                        positions[record.shard] = record.position
                    records += found
                    if len(found) >= BATCH:
                        looked -= POLL_SECONDS
                if records or now - beat >= heartbeat:
                    beat = now
                    yield records
                unknown = ()
                if len(records) >= BATCH:
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(max(0.0, looked + POLL_SECONDS - time.monotonic())):
                        await waiter.event.wait()
                        await asyncio.sleep(linger)
        finally:
            for shard in positions:
                self._waiting[shard].discard(waiter)

    async def _look(self) -> None:
        """Learns how far each shard has come, at most once a second for all watchers, and wakes those that lack something.

        Each watcher calls it each second, so each learns when the table can't be read.
        """
        if self._looking is None or (self._looking.done() and time.monotonic() - self._looked >= POLL_SECONDS):
            self._looked = time.monotonic()
            self._looking = asyncio.create_task(self._learn_ends())
            self._looking.add_done_callback(lambda look: look.cancelled() or look.exception())  # though no watcher is left
        await asyncio.shield(self._looking)

    async def _learn_ends(self) -> None:
        for shard, position in await self._pool.fetch("select shard, position from shard where position > 0"):
            if position > self._ends.get(shard, 0):
                self._ends[shard] = position
                self._wake(shard, known=True)

    def _from_memory(self, positions: dict[int, int], shards: Iterable[int]) -> list[Record]:
        """The records in memory that continue some shards without a gap; moves the positions."""
        records = []
        for shard in shards:
            if recent := self._recent.get(shard):
                while (record := recent.get(positions[shard] + 1)) is not None:
                    records.append(record)
                    positions[shard] += 1
        return records

    async def replay(
        self, after: Mapping[int, int], ends: Mapping[int, int], filters: Filters
    ) -> AsyncGenerator[list[Record], None]:
        """Batches of the chosen events after the given positions by shard, up to `ends`."""
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
    """The appended records, by the rows of position and time that the statement returned."""
    return [
        Record(shard, row["position"], organization, item.kind, item.subject, item.labels, item.payload, row["created"])
        for item, row in zip(items, sorted(rows, key=lambda row: row["position"]), strict=True)
    ]


class _Waiter:
    """Waits for new events of some shards."""

    def __init__(self, elsewhere: bool) -> None:
        self._elsewhere = elsewhere
        self.event = asyncio.Event()
        self.shards: set[int] = set()
        self.unknown: set[int] = set()
        """The shards whose newest events are only in the table."""

    def wake(self, shard: int, here: bool, known: bool) -> None:
        """Notes that a shard has grown."""
        if not (here and self._elsewhere):
            self.shards.add(shard)
            if not known:
                self.unknown.add(shard)
            self.event.set()

    def rest(self) -> None:
        """Forgets which shards have grown."""
        self.event.clear()
        self.shards, self.unknown = set(), set()
