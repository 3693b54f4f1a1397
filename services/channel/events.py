"""What this service does with core's facts: what is said to customers of providers is queued to leave."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frontdesk.core import v1 as core

from kit import caller, client
from services.channel import convert
from services.channel.app.deliveries import DeliveryApp
from services.channel.ports import Outbox

KINDS = ("MessageCreated",)


@dataclass(frozen=True)
class CoreFacts:
    """Core's journal as `kit.journal.follow` reads it: only messages that leave by a provider."""

    stub: core.EventServiceStub
    signer: caller.Signer
    committed: Callable[[str], None]
    """Told the organization of an event after the transaction that handled it."""

    async def open(self, shards: Sequence[int], after: Mapping[int, int]) -> AsyncGenerator[core.WatchEventsResponse, None]:
        """Opens the stream of some shards after positions."""
        request = core.WatchEventsRequest(shards=shards, after=after, kinds=KINDS, deliverable_only=True)
        async for response in client.stream(self.stub.WatchEvents, request, token=self.signer.service_token()):
            yield response
            if response.WhichOneof("item") == "event":
                self.committed(response.event.organization)


def handler(app: DeliveryApp, outbox_on: Callable[[Any], Outbox]) -> Callable[[Any, core.Event], Awaitable[None]]:
    """Queues what was said, for `kit.journal.follow`, in the transaction of the connection that it gives."""

    async def act(connection: Any, event: core.Event) -> None:
        if event.WhichOneof("fact") == "message_created":
            await app.queue(outbox_on(connection), *convert.outgoing_from_pb(event))

    return act
