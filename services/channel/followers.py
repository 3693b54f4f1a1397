"""What this service does with facts of core, whose messages it queues and whose customers it follows, and of admin."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from frontdesk.admin.internal import v1 as admin
from frontdesk.core.internal import v1 as internal

from kit import names
from kit.feeds import Feed
from kit.ids import OrganizationId
from services.channel import convert
from services.channel.app.deliveries import DeliveryApp
from services.channel.domain.limits import Rates
from services.channel.domain.sessions import ConversationId, CustomerId
from services.channel.ports import Blocks, Outbox, Sessions, WebConversations

WANTED = internal.WatchEventsRequest(
    kinds=[
        "MessageCreated",
        "CustomerBlocked",
        "CustomerUnblocked",
        "CustomerMerged",
        "CustomerSplit",
        "CustomerErased",
        "ConversationMoved",
    ],
    deliverable_only=True,
)
"""Of core's facts: messages that leave by a provider, which customers are blocked, and whose a conversation is."""


@dataclass(frozen=True, slots=True)
class Stores:
    """What facts change, on the connection of a transaction."""

    outbox: Outbox
    blocks: Blocks
    sessions: Sessions
    known: WebConversations


def handler(app: DeliveryApp, stores_on: Callable[[Any], Stores]) -> Callable[[Any, internal.Event], Awaitable[None]]:
    """Handles facts for `kit.journal.follow`, in the transaction of the connection that it gives."""

    async def act(connection: Any, event: internal.Event) -> None:
        stores, organization = stores_on(connection), OrganizationId(event.organization)
        kind = str(event.WhichOneof("fact"))
        fact = getattr(event, kind)
        match kind:
            case "message_created":
                await app.queue(stores.outbox, *convert.outgoing_from_pb(event))
            case "customer_blocked" | "customer_unblocked":
                customer = CustomerId(names.last(fact.customer))
                await stores.blocks.put(organization, customer, kind == "customer_blocked")
            case "customer_merged":
                duplicate = CustomerId(names.last(fact.duplicate))
                await stores.sessions.merge_customer(organization, CustomerId(names.last(fact.customer)), duplicate)
            case "customer_split":
                source = CustomerId(names.last(fact.from_customer))
                await stores.sessions.split_customer(organization, CustomerId(names.last(fact.customer)), source)
            case "customer_erased":
                erased = CustomerId(names.last(fact.customer))
                await stores.sessions.erase_customer(organization, erased)
                await stores.known.erase(organization, erased)
            case "conversation_moved":
                moved, owner = names.last(fact.conversation.name), names.last(fact.conversation.customer)
                await stores.known.move(organization, ConversationId(moved), CustomerId(owner))

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
