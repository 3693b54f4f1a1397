"""EventService."""

import asyncio
import random
import time
from collections.abc import AsyncIterator

from frontdesk.channel import v1 as pb

from kit import journal, streams
from services.channel import convert


class Events(pb.EventServiceServicer):
    def __init__(self, own: journal.Journal, draining: asyncio.Event) -> None:
        self._journal = own
        self.draining = draining

    async def WatchEvents(self, request: pb.WatchEventsRequest, context: object) -> AsyncIterator[pb.WatchEventsResponse]:
        end = time.monotonic() + random.uniform(streams.SHORTEST_SECONDS, streams.LONGEST_SECONDS)

        def over() -> bool:
            return self.draining.is_set() or time.monotonic() > end

        async for response in journal.serve(self._journal, request, pb.WatchEventsResponse, convert.event_to_pb, over):
            yield response
