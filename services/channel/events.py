"""What this service does with core's facts: what is said to customers of providers is queued to leave."""

from collections.abc import Awaitable, Callable
from typing import Any

from frontdesk.core import v1 as core

from services.channel import convert
from services.channel.app.deliveries import DeliveryApp
from services.channel.ports import Outbox

WANTED = core.WatchEventsRequest(kinds=["MessageCreated"], deliverable_only=True)
"""Of core's facts: only messages that leave by a provider."""


def handler(app: DeliveryApp, outbox_on: Callable[[Any], Outbox]) -> Callable[[Any, core.Event], Awaitable[None]]:
    """Queues what was said, for `kit.journal.follow`, in the transaction of the connection that it gives."""

    async def act(connection: Any, event: core.Event) -> None:
        if event.WhichOneof("fact") == "message_created":
            await app.queue(outbox_on(connection), *convert.outgoing_from_pb(event))

    return act
