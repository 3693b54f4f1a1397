"""Another service's journal, followed: each event is acted on exactly once, in order."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from kit import client, failpoints
from kit.metrics import Following
from kit.shares import CursorConflict, share

MAX_AHEAD = 100
"""How many responses are read ahead: what has come together is prepared together."""

Handle = Callable[[Any, Any], Awaitable[None]]
"""Acts on one event, within the transaction of the given connection."""
Prepare = Callable[[Sequence[Any]], Awaitable[None]]
"""Reads what the events that come next refer to, before any of them is handled."""


class Followed(Protocol):
    """A journal that can be followed."""

    def open(self, shards: Sequence[int], after: Mapping[int, int]) -> AsyncGenerator[Any, None]:
        """Opens a stream of `WatchEventsResponse` for shards, after positions."""
        ...

    def handled(self, event: Any) -> None:
        """Called after the transaction that handled an event."""
        ...


@dataclass(frozen=True)
class Source:
    """Another service's journal, by its RPC."""

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

    def handled(self, event: Any) -> None:
        """Notes that an event was handled."""
        self.following.handled()
        self.committed(event.envelope.organization)


_BEGIN = """
insert into cursor (source, shard, position) select $1, shard, 0 from unnest($2::smallint[]) as wanted (shard)
on conflict (source, shard) do nothing
"""
_POSITIONS = "select shard, position from cursor where source = $1 and shard = any($2::smallint[])"
_MOVE = "update cursor set position = $4 where source = $1 and shard = $2 and position = $3 returning true"


async def follow(
    pool: Any,
    source: str,
    journal: Followed,
    handle: Handle,
    prepare: Prepare | None = None,
) -> None:
    """A worker: follows another service's journal and acts on each event exactly once. Runs until cancelled.

    Replicas share the shards. The position moves in the transaction of the effect, and only from where this replica found it: a
    crash repeats nothing and skips nothing, and a replica that has slept while others went on can do nothing. An event that
    can't be handled is tried again with a growing pause, because order is part of the promise.

    `source` names the cursor. `prepare` reads what facts refer to, for all that have come together, at most 100.
    """
    await share(pool, source, partial(_follow_shards, pool, source, journal, handle, prepare))


async def _follow_shards(
    pool: Any,
    source: str,
    journal: Followed,
    handle: Handle,
    prepare: Prepare | None,
    shards: list[int],
) -> None:
    await pool.execute(_BEGIN, source, shards)
    positions: dict[int, int] = dict(await pool.fetch(_POSITIONS, source, shards))
    async with aclosing(journal.open(shards, dict(positions))) as responses, aclosing(_together(responses)) as batches:
        async for batch in batches:
            if prepare is not None and (events := [r.event for r in batch if r.WhichOneof("item") == "event"]):
                await prepare(events)
            for response in batch:
                if response.WhichOneof("item") == "event":
                    await _handle(pool, source, response.event, handle, positions)
                    journal.handled(response.event)
                    continue
                for shard, position in response.checkpoint.positions.items():
                    await _move(pool, source, shard, positions, position)
                    positions[shard] = position


async def _handle(pool: Any, source: str, event: Any, handle: Handle, positions: dict[int, int]) -> None:
    shard, position = event.envelope.shard, event.envelope.position
    async with pool.acquire() as connection, connection.transaction():
        # First: it locks the row, so nobody else handles an event of this shard until this one is committed.
        await _move(connection, source, shard, positions, position)
        await handle(connection, event)
        await failpoints.reach("kit.follow.before_commit")
    await failpoints.reach("kit.follow.after_commit")
    positions[shard] = position


async def _together(responses: AsyncIterator[Any]) -> AsyncGenerator[list[Any], None]:
    """The responses of a stream, in batches of what came while the last batch was handled. Raises what the stream raises."""
    arrived: asyncio.Queue[Any] = asyncio.Queue(MAX_AHEAD)

    async def read() -> None:
        try:
            async for response in responses:
                await arrived.put(response)
        except Exception as error:
            await arrived.put(error)
        else:
            await arrived.put(None)

    reading = asyncio.create_task(read())
    try:
        while True:
            batch = [await arrived.get()]
            while not arrived.empty():
                batch.append(arrived.get_nowait())
            end = next((n for n, item in enumerate(batch) if item is None or isinstance(item, Exception)), len(batch))
            if end:
                yield batch[:end]
            if end < len(batch):
                if isinstance(batch[end], Exception):
                    raise batch[end]
                return
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


async def _move(connection: Any, source: str, shard: int, positions: Mapping[int, int], to: int) -> None:
    """Moves a cursor from where this follower found it. Raises CursorConflict if it is elsewhere by now."""
    if not await connection.fetchval(_MOVE, source, shard, positions[shard], to):
        raise CursorConflict
