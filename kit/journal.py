"""The journal: facts that a service writes in the transaction of the change, and that others follow without loss or doubles.

Positions count up per shard without gaps and in the order of commits, because the counter's row stays locked from the append to
the commit; so a reader that has seen position n has seen everything before it. Hints (in the process, and by Redis between
processes) only make a reader look sooner: without any it looks each second.
"""

import asyncio
import logging
import random
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from kit import errors, failpoints, log

SHARDS = 64
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 20.0
CHECKPOINT_SECONDS = 5.0
BATCH = 500
HINT_SECONDS = 0.02

_log = logging.getLogger("frontdesk")

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
    ) -> AsyncIterator[list[Record]]:
        """Batches of events after the given positions by shard, as they come; an empty batch is a heartbeat.

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
                if records or now - beat >= HEARTBEAT_SECONDS:
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
    since: datetime | None = None,
) -> AsyncIterator[Any]:
    """The body of every service's `EventService.WatchEvents`.

    `response` is the contract's `WatchEventsResponse`, `convert` makes its `Event`. Facts that the request's `kinds` leave out,
    or that are not `wanted`, are not sent; a checkpoint, at most each 5 s, says how far the stream has come past them. Shards
    whose position the request leaves out start with what happened `since`, or at their beginning.
    """
    after = {shard: request.after.get(shard, 0) for shard in request.shards}
    if since is not None and (unknown := [shard for shard in after if shard not in request.after]):
        after |= await journal.before(unknown, since)
    kinds = frozenset(request.kinds)
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
    raise errors.Aborted("The stream ended as planned; go on after the last position.", reason="STREAM_ENDED")


Open = Callable[[Sequence[int], Mapping[int, int]], AsyncIterator[Any]]
"""Opens a stream of `WatchEventsResponse` for shards, after positions."""
Handle = Callable[[Any, Any], Awaitable[None]]
"""Acts on one event, within the transaction of the given connection."""

_ADVANCE = """
insert into cursor (source, shard, position) values ($1, $2, $3)
on conflict (source, shard) do update set position = excluded.position where cursor.position < excluded.position
returning true
"""

# Advisory locks are the database's, so the schema is part of the key: several services follow the same source.
_LOCK = "select pg_try_advisory_lock(hashtext('follow ' || current_schema() || ' ' || $1))"
_UNLOCK = "select pg_advisory_unlock(hashtext('follow ' || current_schema() || ' ' || $1))"


async def follow(pool: Any, source: str, open_stream: Open, handle: Handle) -> None:
    """A worker: follows another service's journal and acts on each event exactly once. Runs until cancelled.

    The position moves in the transaction of the effect, so a crash repeats nothing and skips nothing. Of several replicas one
    follows at a time (a session lock); when it ends, another goes on. An event that can't be handled is tried again with a
    growing pause, because order is part of the promise.
    """
    pause = 0.1
    while True:
        try:
            async with pool.acquire() as keeper:
                while not await keeper.fetchval(_LOCK, source):  # noqa: ASYNC110
                    await asyncio.sleep(POLL_SECONDS)
                try:
                    await _follow_once(pool, source, open_stream, handle)
                finally:
                    with suppress(Exception):  # a connection that is gone has let go of the lock
                        await keeper.execute(_UNLOCK, source)
            pause = 0.1
        except errors.Aborted:
            pause = 0.1  # the stream's planned end
        except Exception as error:
            level = logging.WARNING if isinstance(error, errors.Unavailable | OSError) else logging.ERROR
            detail = {"source": source, "error": repr(error)[:300]}
            _log.log(level, "following was interrupted", extra=detail, exc_info=level == logging.ERROR)
            pause = min(pause * 2, 5.0)
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))


async def _follow_once(pool: Any, source: str, open_stream: Open, handle: Handle) -> None:
    rows = await pool.fetch("select shard, position from cursor where source = $1", source)
    after = dict.fromkeys(range(SHARDS), 0) | {row["shard"]: row["position"] for row in rows}
    async for response in open_stream(list(after), after):
        if response.WhichOneof("item") != "event":
            for shard, position in getattr(getattr(response, "checkpoint", None), "positions", {}).items():
                await pool.execute(_ADVANCE, source, shard, position)
            continue
        event = response.event
        async with pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(_ADVANCE, source, event.shard, event.position):
                await handle(connection, event)
            await failpoints.reach("kit.follow.before_commit")
        await failpoints.reach("kit.follow.after_commit")
