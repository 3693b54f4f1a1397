"""What this service does with the facts of core, whose messages it queues to leave, and of admin."""

from collections.abc import Awaitable, Callable
from typing import Any

from frontdesk.admin.internal import v1 as admin
from frontdesk.core.internal import v1 as internal

from kit import names
from kit.feeds import Feed
from kit.ids import OrganizationId
from services.channel import convert
from services.channel.app.deliveries import DeliveryApp
from services.channel.domain.limits import Rates
from services.channel.domain.sessions import CustomerId
from services.channel.ports import Blocks, Outbox

WANTED = internal.WatchEventsRequest(kinds=["MessageCreated", "CustomerBlocked", "CustomerUnblocked"], deliverable_only=True)
"""Of core's facts: messages that leave by a provider, and which customers are blocked."""


def handler(
    app: DeliveryApp, outbox_on: Callable[[Any], Outbox], blocks_on: Callable[[Any], Blocks]
) -> Callable[[Any, internal.Event], Awaitable[None]]:
    """Queues what was said, for `kit.journal.follow`, in the transaction of the connection that it gives."""

    async def act(connection: Any, event: internal.Event) -> None:
        if event.WhichOneof("fact") == "message_created":
            await app.queue(outbox_on(connection), *convert.outgoing_from_pb(event))
        elif (fact := event.WhichOneof("fact")) in ("customer_blocked", "customer_unblocked"):
            customer = CustomerId(names.last(getattr(event, fact).customer))
            await blocks_on(connection).put(OrganizationId(event.organization), customer, fact == "customer_blocked")

    return act


def settings_feed(rates: Rates, open: Any, pool: Any) -> Feed:
    """Follows how often organizations let their customers write."""

    def apply(event: admin.Event) -> None:
        value = event.setting_published.value
        if value.WhichOneof("kind") == "limits":
            limits = value.limits
            rates.change(
                OrganizationId(event.organization), limits.session_messages_per_minute, limits.customer_messages_per_minute
            )

    return Feed(
        name="admin/settings",
        request=admin.WatchEventsRequest,
        open=open,
        event=admin.Event,
        kinds=["SettingPublished"],
        key=lambda event: str(event.setting_published.setting),
        apply=apply,
        pool=pool,
    )
