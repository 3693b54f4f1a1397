"""The services that several contracts have alike, of which each service says only what differs.

`contract` is the module of the service's own contract, such as `frontdesk.core.v1`: the kit knows none itself.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import grpc

from kit import caller, streams
from kit.interceptors import Context
from kit.journal import Journal, serve
from kit.recounts import Recounting


class EventServicer:
    """`EventService`: a journal, for the services that follow it."""

    def __init__(
        self,
        contract: Any,
        journal: Journal,
        draining: asyncio.Event,
    ) -> None:
        self._response = contract.WatchEventsResponse
        self._journal = journal
        self._draining = draining

    async def WatchEvents(self, request: Any, context: Context) -> AsyncIterator[Any]:
        who = caller.current()
        if request.follower:
            positions = {shard: request.after.get(shard, 0) for shard in request.shards}
            await self._journal.note_follower(f"{who.id}/{request.follower}", positions)
        end = time.monotonic() + streams.seconds_left(who)

        def over() -> bool:
            return self._draining.is_set() or time.monotonic() >= end

        async for response in serve(self._journal, request, self._response, over):
            yield response


class VerificationServicer:
    """`VerificationService`: recounts for the operator."""

    def __init__(self, contract: Any, recounts: tuple[Recounting, ...]) -> None:
        self._response = contract.VerifyStoresResponse
        self._recounts = recounts

    async def VerifyStores(self, request: Any, context: Context) -> AsyncIterator[Any]:
        for recount in self._recounts:
            async for found in recount(request.full):
                yield self._response(
                    store=found.store, counted=found.counted, different=found.different, differences=found.differences
                )


def add_event_service(server: grpc.aio.Server, contract: Any, journal: Journal, draining: asyncio.Event) -> None:
    """Adds `EventService`."""
    contract.add_EventServiceServicer_to_server(EventServicer(contract, journal, draining), server)


def add_verification_service(server: grpc.aio.Server, contract: Any, *recounts: Recounting) -> None:
    """Adds `VerificationService`, which makes the recounts one after the other."""
    contract.add_VerificationServiceServicer_to_server(VerificationServicer(contract, recounts), server)
