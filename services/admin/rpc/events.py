"""EventService."""

import asyncio
import time
from collections.abc import AsyncIterator

from frontdesk.admin import v1 as pb

from kit import caller, journal, streams
from services.admin import convert
from services.admin.rpc.context import Context


class EventServicer(pb.EventServiceServicer):
    """Admin's journal, for its followers."""

    def __init__(self, facts: journal.Journal, draining: asyncio.Event) -> None:
        self._facts = facts
        self._draining = draining

    async def WatchEvents(self, request: pb.WatchEventsRequest, context: Context) -> AsyncIterator[pb.WatchEventsResponse]:
        end = time.monotonic() + streams.seconds_left(caller.current())

        def over() -> bool:
            return self._draining.is_set() or time.monotonic() >= end

        responses = journal.serve(self._facts, request, pb.WatchEventsResponse, convert.event_to_pb, over)
        async for response in responses:
            yield response
