"""Channel as a follower of facts of core, whose messages it queues and whose customers it follows, and of admin."""

from collections.abc import Callable, Sequence
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
from services.channel.ports import Blocks, Erasures, Outbox, Sessions, WebConversations

WANTED = internal.WatchEventsRequest(
    filters=[
        {"kinds": ["MessageCreated"], "labels": ["by-provider"]},
        {
            "kinds": [
                "CustomerBlocked",
                "CustomerUnblocked",
                "CustomerMerged",
                "CustomerSplit",
                "ConversationErased",
                "CustomerErased",
                "ConversationMoved",
            ]
        },
    ]
)
"""Of core's facts: messages that leave by a provider, which customers are blocked, and whose a conversation is."""

Read = Callable[[Sequence[str]], Any]
"""Reads messages at core by their names, as `BatchGetMessages` does."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The changes by facts, on the connection of a transaction."""

    outbox: Outbox
    blocks: Blocks
    sessions: Sessions
    known: WebConversations
    erasures: Erasures


class CoreFollower:
    """Acts on core's facts. The messages that they refer to are read for a whole batch."""

    def __init__(self, app: DeliveryApp, stores_on: Callable[[Any], Stores], read: Read) -> None:
        self._app = app
        self._stores_on = stores_on
        self._read = read
        self._items: dict[str, internal.BatchGetMessagesResponse.Item] = {}

    async def prepare(self, events: Sequence[internal.Event]) -> None:
        """Reads what was said. Raises Unavailable when core can't be reached."""
        wanted = [event.envelope.subject for event in events if event.WhichOneof("fact") == "message_created"]
        self._items = {item.message.name: item for item in await self._read(wanted)} if wanted else {}

    async def handle(self, connection: Any, event: internal.Event) -> None:
        """Acts on one fact, for `kit.journal.follow`, in the transaction of the connection that it gives."""
        stores, organization = self._stores_on(connection), OrganizationId(event.envelope.organization)
        customer = CustomerId(names.last(event.envelope.subject))
        match str(event.WhichOneof("fact")):
            case "message_created":
                item = self._items[event.envelope.subject]
                if not item.erased:
                    await self._app.queue(stores.outbox, *convert.outgoing_from_pb(event, item))
            case "customer_blocked" | "customer_unblocked" as fact:
                await stores.blocks.put(organization, customer, fact == "customer_blocked")
            case "customer_merged":
                duplicate = CustomerId(names.last(event.customer_merged.duplicate))
                await stores.sessions.merge_customer(organization, customer, duplicate)
            case "customer_split":
                source = CustomerId(names.last(event.customer_split.from_customer))
                await stores.sessions.split_customer(organization, customer, source)
            case "customer_erased":
                await stores.sessions.erase_customer(organization, customer)
                await stores.known.erase(organization, customer)
                await stores.erasures.erase_customer(organization, customer)
            case "conversation_erased":
                erased = ConversationId(names.last(event.conversation.name))
                await stores.erasures.erase_conversation(organization, erased)
            case "conversation_moved":
                moved, owner = names.last(event.conversation.name), names.last(event.conversation.customer)
                await stores.known.move(organization, ConversationId(moved), CustomerId(owner))


def settings_feed(rates: Rates, open: Any, pool: Any) -> Feed:
    """Follows how often organizations let their customers write."""

    def apply(event: admin.Event) -> None:
        value = event.setting_published.value
        if value.WhichOneof("kind") == "limits":
            limits = value.limits
            organization = OrganizationId(event.envelope.organization)
            rates.change(organization, limits.session_messages_per_minute, limits.customer_messages_per_minute)

    return Feed(
        name="admin/settings",
        request=admin.WatchEventsRequest,
        open=open,
        event=admin.Event,
        kinds=["SettingPublished"],
        key=lambda event: str(event.envelope.subject),
        apply=apply,
        pool=pool,
    )
