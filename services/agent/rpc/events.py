"""EventService: the journal, for the services that follow it."""

import time
from collections.abc import AsyncIterator, Callable

from frontdesk.agent import v1 as pb

from kit import caller, journal, streams
from services.agent.convert.facts import event_to_pb
from services.agent.rpc import calls


class EventServicer(pb.EventServiceServicer):
    """Facts in the order of their commits."""

    def __init__(self, own: journal.Journal, draining: Callable[[], bool]) -> None:
        self._journal = own
        self._draining = draining

    async def WatchEvents(
        self, request: pb.WatchEventsRequest, context: calls.Context
    ) -> AsyncIterator[pb.WatchEventsResponse]:
        until = time.monotonic() + streams.seconds_left(caller.current())
        events = journal.serve(
            self._journal,
            request,
            pb.WatchEventsResponse,
            event_to_pb,
            lambda: self._draining() or time.monotonic() >= until,
        )
        async for response in events:
            yield response
