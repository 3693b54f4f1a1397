"""The journal: facts that a service writes in the transaction of the change, and that others follow without loss or doubles.

Positions count up per shard without gaps and in the order of commits, because the counter's row stays locked from the append to
the commit; so a reader that has seen position n has seen everything before it. Hints (in the process, and by Redis between
processes) only make a reader look sooner: without any it looks each second.
"""

import asyncio
import time
import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from kit import client, failpoints, log
from kit.metrics import Following
from kit.shares import SHARDS as SHARDS
from kit.shares import CursorConflict, share
from kit.streams import StreamEnded

POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 2.0
CHECKPOINT_SECONDS = 5.0
BATCH = 500
HINT_SECONDS = 0.02

APPEND = """
with counter as (update shard set position = position + cardinality($3::text[]) where shard = $1 returning position)
insert into event (shard, position, organization, kind, payload, trace)
select $1, counter.position - cardinality($3::text[]) + item.n, $2, item.kind, item.payload::jsonb, $5
from counter, unnest($3::text[], $4::text[]) with ordinality as item (kind, payload, n)
returning position
"""
_READ = """
select e.shard, e.position, e.organization, e.kind, e.payload::text as payload, e.trace, e.created
from unnest($1::smallint[], $2::bigint[]) as wanted (shard, after)
join shard on shard.shard = wanted.shard and shard.position > wanted.after,
lateral (
    select * from event where shard = wanted.shard and position > wanted.after order by position limit $3
) e
order by e.shard, e.position
"""
_SELECT = """
select e.shard, e.position, e.organization, e.kind, e.payload::text as payload, e.trace, e.created
from unnest($1::smallint[], $2::bigint[], $3::bigint[]) as wanted (shard, after, until)
join event e on e.shard = wanted.shard and e.position > wanted.after and e.position <= wanted.until
where cardinality($4::text[]) = 0 or e.kind = any($4)
order by e.shard, e.position
"""
# From the end back: what is asked for lies near it.
_BEFORE = """
select wanted.shard, coalesce((
    select position from event where shard = wanted.shard and created < $2 order by position desc limit 1
), 0) as position
from unnest($1::smallint[]) as wanted (shard)
"""


def shard_of(organization: str) -> int:
    """The shard that holds an organization's events: CRC-32 of its id, modulo 64."""
    return zlib.crc32(organization.encode()) % SHARDS


@dataclass(frozen=True, slots=True)
class Record:
    """An event as it lies in the journal."""

    shard: int
    position: int
    organization: str
    kind: str
    payload: str
    """JSON."""
    trace: str
    created: datetime


def arguments(organization: str, facts: Iterable[object]) -> tuple[int, str, list[str], list[str], str]:
    """The arguments of `APPEND`, for a statement that appends as part of a larger one. A fact is a dataclass."""
    kinds, payloads = [], []
    for fact in facts:
        kinds.append(type(fact).__name__)
        payloads.append(msgspec.json.encode(fact).decode())
    return shard_of(organization), organization, kinds, payloads, log.trace_id.get()


class Journal:
    """One service's own journal: appends, and streams of what was appended."""

    def __init__(self, pool: Any, name: str, redis: "Redis | None" = None) -> None:
        self._pool = pool
        self._redis = redis
        self._topic = f"{name}:journal"
        self._waiting: dict[int, set[_Waiter]] = {}
        self._unsent: set[int] = set()
        self._sending: asyncio.Task[None] | None = None

    async def append(self, connection: Any, organization: str, facts: Sequence[object]) -> int:
        """Appends facts (dataclasses) as the last statement of a transaction; returns the last position.

        Call `hint(organization)` after the commit.
        """
        rows = await connection.fetch(APPEND, *arguments(organization, facts))
        return int(rows[-1]["position"])

    def hint(self, organization: str) -> None:
        """Says that something was committed for an organization: wakes readers here and, soon, in other processes."""
        shard = shard_of(organization)
        self._wake(shard, here=True)
        if self._redis is None:
            return
        self._unsent.add(shard)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send_hints(self._redis))

    def _wake(self, shard: int, here: bool = False) -> None:
        for waiter in self._waiting.get(shard, ()):
            waiter.wake(shard, here)

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
        """A worker: wakes readers here when another process has committed. Runs until cancelled."""
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
        """The position of each shard's last event before a moment; 0 where there is none."""
        rows = await self._pool.fetch(_BEFORE, list(shards), moment)
        return {row["shard"]: row["position"] for row in rows}

    async def ends(self) -> dict[int, int]:
        """The position of the last event of each shard."""
        return dict(await self._pool.fetch("select shard, position from shard"))

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
        """
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
                shards = positions if all_due else waiter.shards
                waiter.rest()
                records = await self.read({shard: positions[shard] for shard in shards})
                for record in records:
                    positions[record.shard] = record.position
                if records or now - beat >= heartbeat:
                    beat = now
                    yield records
                if len(records) >= BATCH:
                    looked -= POLL_SECONDS
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(max(0.0, looked + POLL_SECONDS - time.monotonic())):
                        await waiter.event.wait()
                        await asyncio.sleep(linger)
        finally:
            for shard in positions:
                self._waiting[shard].discard(waiter)

    async def replay(
        self, after: Mapping[int, int], ends: Mapping[int, int], kinds: Collection[str]
    ) -> AsyncGenerator[list[Record], None]:
        """Batches of events after the given positions by shard, up to `ends`; of these kinds, or of all."""
        positions = dict(after)
        while behind := {shard: position for shard, position in positions.items() if position < ends[shard]}:
            until = {shard: min(position + BATCH, ends[shard]) for shard, position in behind.items()}
            rows = await self._pool.fetch(_SELECT, list(behind), list(behind.values()), list(until.values()), list(kinds))
            positions |= until
            yield [Record(*row) for row in rows]


class _Waiter:
    """Who waits for news of some shards."""

    def __init__(self, elsewhere: bool) -> None:
        self._elsewhere = elsewhere
        self.event = asyncio.Event()
        self.shards: set[int] = set()

    def wake(self, shard: int, here: bool) -> None:
        """Tells that a shard has grown."""
        if not (here and self._elsewhere):
            self.shards.add(shard)
            self.event.set()

    def rest(self) -> None:
        """Forgets what was told."""
        self.event.clear()
        self.shards = set()


async def serve(
    journal: Journal,
    request: Any,
    response: Callable[..., Any],
    convert: Callable[[Record], Any],
    over: Callable[[], bool],
    wanted: Callable[[Record], bool] = lambda record: True,
) -> AsyncGenerator[Any, None]:
    """The body of every service's `EventService.WatchEvents`.

    `response` is the contract's `WatchEventsResponse`, `convert` makes its `Event`. Facts that the request's `kinds` leave out,
    or that are not `wanted`, are not sent; a checkpoint, at most each 5 s, says how far the stream has come past them. Shards
    whose position the request leaves out start with what happened `since`, or at their beginning. With `until_now` it ends,
    with a checkpoint, where the journal ended at the call.
    """
    after = {shard: request.after.get(shard, 0) for shard in request.shards}
    if request.HasField("since") and (unknown := [shard for shard in after if shard not in request.after]):
        after |= await journal.before(unknown, request.since.ToDatetime(UTC))
    kinds = frozenset(request.kinds)
    if request.until_now:
        ends = await journal.ends()
        async for records in journal.replay(after, ends, kinds):
            for record in filter(wanted, records):
                yield response(event=convert(record))
        yield response(checkpoint={"positions": {shard: ends[shard] for shard in after if ends[shard] > after[shard]}})
        return
    passed: dict[int, int] = {}
    told = 0.0
    async for records in journal.watch(after, linger=0.02, over=over):
        for record in records:
            passed[record.shard] = record.position
            if (not kinds or record.kind in kinds) and wanted(record):
                del passed[record.shard]
                await failpoints.reach("kit.events.before_send")
                yield response(event=convert(record))
        if not records or (passed and time.monotonic() - told >= CHECKPOINT_SECONDS):
            yield response(checkpoint={"positions": passed})
            passed, told = {}, time.monotonic()
    raise StreamEnded


Open = Callable[[Sequence[int], Mapping[int, int]], AsyncGenerator[Any, None]]
"""Opens a stream of `WatchEventsResponse` for shards, after positions."""
Handle = Callable[[Any, Any], Awaitable[None]]
"""Acts on one event, within the transaction of the given connection."""


@dataclass(frozen=True)
class Source:
    """Another service's journal, as `follow` reads it."""

    watch_events: Any
    """`EventService.WatchEvents` of its stub."""
    wanted: Any
    """Its `WatchEventsRequest`, without shards and positions: which facts are sent."""
    token: Callable[[], str]
    committed: Callable[[str], None]
    """Told the organization of an event after the transaction that handled it."""
    following: Following = field(default_factory=Following)

    async def open(self, shards: Sequence[int], after: Mapping[int, int]) -> AsyncGenerator[Any, None]:
        """Opens the stream of some shards after positions."""
        request = type(self.wanted)(shards=shards, after=after)
        request.MergeFrom(self.wanted)
        async for response in client.stream(self.watch_events, request, token=self.token()):
            self.following.heard_response(response)
            yield response
            if response.WhichOneof("item") == "event":
                self.following.handled()
                self.committed(response.event.organization)


_BEGIN = """
insert into cursor (source, shard, position) select $1, shard, 0 from unnest($2::smallint[]) as wanted (shard)
on conflict (source, shard) do nothing
"""
_POSITIONS = "select shard, position from cursor where source = $1 and shard = any($2::smallint[])"
_MOVE = "update cursor set position = $4 where source = $1 and shard = $2 and position = $3 returning true"


async def follow(pool: Any, source: str, open_stream: Open, handle: Handle) -> None:
    """A worker: follows another service's journal and acts on each event exactly once. Runs until cancelled.

    Replicas share the shards. The position moves in the transaction of the effect, and only from where this replica found it: a
    crash repeats nothing and skips nothing, and a replica that has slept while others went on can do nothing. An event that
    can't be handled is tried again with a growing pause, because order is part of the promise.
    """
    await share(pool, source, partial(_follow_shards, pool, source, open_stream, handle))


async def _follow_shards(pool: Any, source: str, open_stream: Open, handle: Handle, shards: list[int]) -> None:
    await pool.execute(_BEGIN, source, shards)
    positions: dict[int, int] = dict(await pool.fetch(_POSITIONS, source, shards))
    async with aclosing(open_stream(shards, dict(positions))) as responses:
        async for response in responses:
            if response.WhichOneof("item") == "event":
                event = response.event
                async with pool.acquire() as connection, connection.transaction():
                    # First: it locks the row, so nobody else handles an event of this shard until this one is committed.
                    await _move(connection, source, event.shard, positions, event.position)
                    await handle(connection, event)
                    await failpoints.reach("kit.follow.before_commit")
                await failpoints.reach("kit.follow.after_commit")
                positions[event.shard] = event.position
                continue
            for shard, position in response.checkpoint.positions.items():
                await _move(pool, source, shard, positions, position)
                positions[shard] = position


async def _move(connection: Any, source: str, shard: int, positions: Mapping[int, int], to: int) -> None:
    """Moves a cursor from where this follower found it. Raises CursorConflict if it is elsewhere by now."""
    if not await connection.fetchval(_MOVE, source, shard, positions[shard], to):
        raise CursorConflict
