"""Follows another service's journal: each event has its effect exactly once, in order."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from kit import client, failpoints
from kit.journal.store import Transaction
from kit.metrics import Following
from kit.shares import CursorConflict, share

MAX_AHEAD = 100
"""How many responses are read ahead. Events that have arrived together are prepared together."""
FOLLOWER = "follow"
"""The name of the cursor at the journal's owner. A second cursor of a service for the same journal needs a name of its own."""

Handle = Callable[[Transaction, Any], Awaitable[None]]
"""Acts on one event, within a transaction."""
Begin = Callable[[], AbstractAsyncContextManager[Transaction]]
"""Opens a transaction."""
Prepare = Callable[[Sequence[Any]], Awaitable[None]]
"""Reads the things that the next events refer to, before any of them is handled."""


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
    """Called with the organization of an event after the transaction that handled it."""
    following: Following = field(default_factory=Following)

    async def open(self, shards: Sequence[int], after: Mapping[int, int]) -> AsyncGenerator[Any, None]:
        """Opens the stream of some shards after positions."""
        request = type(self.wanted)(shards=shards, after=after, follower=FOLLOWER)
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
_MOVE = """
update cursor set position = moved.after
from unnest($2::smallint[], $3::bigint[], $4::bigint[]) as moved (shard, before, after)
where source = $1 and cursor.shard = moved.shard and cursor.position = moved.before returning cursor.shard
"""


async def follow(
    pool: Any,
    source: str,
    journal: Followed,
    handle: Handle,
    prepare: Prepare | None = None,
    passes: Callable[[str], bool] = lambda organization: False,
    begin: Begin | None = None,
) -> None:
    """A worker: follows another service's journal, so that each event has its effect exactly once. Runs until cancelled.

    Replicas share the shards. The cursor moves in the transaction of the effect, and only from the position where this replica
    found it. So a crash repeats and skips nothing, and a replica whose shards were reassigned changes nothing. An event that
    can't be handled is retried after a growing pause, since later events must not overtake it.

    `source` names the cursor. `prepare` reads the things that events refer to, for all that have arrived together, at most 100.
    `passes`: whether an organization's events are passed over. `begin`: opens a transaction in which all events that have
    arrived together are handled; if one of them fails, each gets a transaction of its own. Without it, each always does.
    """
    follower = _Follower(pool, source, journal, handle, begin)
    await share(pool, source, partial(_follow_shards, follower, prepare, passes))


async def _follow_shards(
    follower: "_Follower", prepare: Prepare | None, passes: Callable[[str], bool], shards: list[int]
) -> None:
    await follower.start(shards)
    responses = follower.journal.open(shards, dict(follower.positions))
    async with aclosing(responses), aclosing(_together(responses)) as batches:
        async for batch in batches:
            events, positions = list[Any](), dict[int, int]()
            for response in batch:
                if response.WhichOneof("item") == "checkpoint":
                    positions |= response.checkpoint.positions
                    continue
                positions[response.event.envelope.shard] = response.event.envelope.position
                if not passes(response.event.envelope.organization):
                    events.append(response.event)
            if prepare is not None and events:
                await prepare(events)
            await follower.handle_all(events, positions)


@dataclass
class _Follower:
    """Handles events, and keeps the cursor of the shards that this replica follows."""

    pool: Any
    source: str
    journal: Followed
    act: Handle
    begin: Begin | None
    positions: dict[int, int] = field(default_factory=dict)

    async def start(self, shards: list[int]) -> None:
        """Finds the cursor of these shards."""
        await self.pool.execute(_BEGIN, self.source, shards)
        self.positions = dict(await self.pool.fetch(_POSITIONS, self.source, shards))

    async def handle_all(self, events: Sequence[Any], positions: Mapping[int, int]) -> None:
        """Handles events in their order, and moves the cursor to positions by shard, which may be past the last event."""
        if events and self.begin is not None:
            try:
                await self._handle(events, positions, self.begin())
                return
            except CursorConflict:
                raise
            except Exception:
                if len(events) == 1:
                    raise  # otherwise those before the one that fails are handled below
        for event in events:
            position = {event.envelope.shard: event.envelope.position}
            await self._handle([event], position, self.begin() if self.begin else self._transaction())
        await self._move(self.pool, positions)
        self.positions |= positions

    async def _handle(
        self, events: Sequence[Any], positions: Mapping[int, int], begin: AbstractAsyncContextManager[Transaction]
    ) -> None:
        async with begin as transaction:
            # First: it locks the rows, so no other replica handles an event of these shards before the commit.
            await self._move(transaction.connection, positions)
            for event in events:
                await self.act(transaction, event)
            await failpoints.reach("kit.follow.before_commit")
        await failpoints.reach("kit.follow.after_commit")
        self.positions |= positions
        for event in events:
            self.journal.handled(event)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        async with self.pool.acquire() as connection, connection.transaction():
            yield Transaction(connection, "")

    async def _move(self, connection: Any, to: Mapping[int, int]) -> None:
        """Moves the cursor from where this follower found it. Raises CursorConflict if it is elsewhere by now."""
        moved = [(shard, self.positions[shard], position) for shard, position in sorted(to.items())]
        moved = [row for row in moved if row[1] != row[2]]
        if moved and len(await connection.fetch(_MOVE, self.source, *map(list, zip(*moved, strict=True)))) < len(moved):
            raise CursorConflict


async def _together(responses: AsyncIterator[Any]) -> AsyncGenerator[list[Any], None]:
    """The responses of a stream, in batches that arrived while the last batch was handled. Raises the stream's errors."""
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
