"""A journal as a stream for other services."""

import time
from collections.abc import AsyncGenerator, Callable
from datetime import UTC
from typing import Any

from kit import failpoints
from kit.journal.facts import Filters, Record, delimited
from kit.journal.store import Journal
from kit.streams import StreamEnded

CHECKPOINT_SECONDS = 5.0
LINGER_SECONDS = 0.02
_EVENT = 1
"""The field of `WatchEventsResponse` that holds an event, in every contract."""


class Served:
    """A `WatchEventsResponse` that is bytes already."""

    __slots__ = ("_data",)

    def __init__(self, record: Record) -> None:
        self._data = delimited(_EVENT, record.event)

    def SerializeToString(self) -> bytes:
        """As a message does it."""
        return self._data


async def serve(
    journal: Journal, request: Any, response: Callable[..., Any], over: Callable[[], bool]
) -> AsyncGenerator[Any, None]:
    """The body of every service's `EventService.WatchEvents`.

    `response` is the contract's `WatchEventsResponse`. Facts that the request's `filters` don't choose are not sent; a
    checkpoint, at most each 5 s, says how far the stream has come past them. Shards whose position the request leaves out start
    with what happened `since`, or at their beginning. With `until_now` it ends, with a checkpoint, where the journal ended at
    the call. Raises EventsDeleted.
    """
    after = {shard: request.after.get(shard, 0) for shard in request.shards}
    if request.HasField("since") and (unknown := [shard for shard in after if shard not in request.after]):
        after |= await journal.before(unknown, request.since.ToDatetime(UTC))
    filters = Filters(request.filters)
    if request.until_now:
        ends = await journal.ends()
        async for records in journal.replay(after, ends, filters):
            for record in records:
                yield Served(record)
        yield response(checkpoint={"positions": {shard: ends[shard] for shard in after if ends[shard] > after[shard]}})
        return
    passed: dict[int, int] = {}
    told = 0.0
    async for records in journal.watch(after, linger=LINGER_SECONDS, over=over):
        for record in records:
            passed[record.shard] = record.position
            if filters.choose(record):
                del passed[record.shard]
                await failpoints.reach("kit.events.before_send")
                yield Served(record)
        if not records or (passed and time.monotonic() - told >= CHECKPOINT_SECONDS):
            yield response(checkpoint={"positions": passed})
            passed, told = {}, time.monotonic()
    raise StreamEnded
