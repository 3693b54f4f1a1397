"""A journal as a stream for other services."""

import time
from collections.abc import AsyncGenerator, Callable
from datetime import UTC
from typing import Any

from google.protobuf.message import Message

from kit import failpoints
from kit.convert import Serialized
from kit.journal.facts import Filters, Record, delimited
from kit.journal.store import Journal
from kit.streams import StreamEnded

CHECKPOINT_SECONDS = 5.0
LINGER_SECONDS = 0.02
_EVENT = 1
"""The field of `WatchEventsResponse` that holds an event, in every contract."""


class Served(Serialized):
    """A `WatchEventsResponse` that is already serialized."""

    __slots__ = ()

    def __init__(self, response: type[Message], record: Record) -> None:
        super().__init__(response, delimited(_EVENT, record.event))


async def serve(journal: Journal, request: Any, response: type[Any], over: Callable[[], bool]) -> AsyncGenerator[Any, None]:
    """The body of every service's `EventService.WatchEvents`.

    `response`: the contract's `WatchEventsResponse`. The stream has the facts that the request's `filters` choose. A
    checkpoint, at most each 5 s, says how far it has passed the others. Shards without a position in the request start with
    the facts `since` a moment, or with all that are kept. With `until_now` the stream ends with a checkpoint where the
    journal ended at the call. Raises EventsDeleted.
    """
    filters = Filters(request.filters)
    after = {shard: request.after.get(shard, 0) for shard in request.shards}
    if request.HasField("since") and (unknown := [shard for shard in after if shard not in request.after]):
        after |= await journal.before(unknown, request.since.ToDatetime(UTC))
    deleted = await journal.deleted()
    journal.check(after, deleted, filters)
    if behind := {shard: position for shard, position in after.items() if position < deleted[shard]}:
        async for record in journal.kept(behind, deleted, filters):
            yield Served(response, record)
        passed_over = {shard: deleted[shard] for shard in behind}
        yield response(checkpoint={"positions": passed_over})
        after |= passed_over
    if request.until_now:
        ends = await journal.ends()
        async for records in journal.replay(after, ends, filters):
            for record in records:
                yield Served(response, record)
        yield response(checkpoint={"positions": {shard: ends[shard] for shard in after if ends[shard] > after[shard]}})
        return
    passed: dict[int, int] = {}
    sent = 0.0
    async for records in journal.watch(after, linger=LINGER_SECONDS, over=over, gaps=journal.needs_newest_only(filters)):
        for record in records:
            passed[record.shard] = record.position
            if filters.choose(record):
                del passed[record.shard]
                await failpoints.reach("kit.events.before_send")
                yield Served(response, record)
        if not records or (passed and time.monotonic() - sent >= CHECKPOINT_SECONDS):
            yield response(checkpoint={"positions": passed})
            passed, sent = {}, time.monotonic()
    raise StreamEnded
