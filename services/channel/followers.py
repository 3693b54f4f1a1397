"""Channel as a follower of facts of core, whose messages it queues and whose customers it follows, and of admin."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from frontdesk.admin import v1 as admin_public
from frontdesk.admin.internal import v1 as admin
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as internal

from kit import names
from kit.convert import hours_from_pb
from kit.feeds import Feed
from kit.ids import OrganizationId
from kit.journal import Transaction
from services.channel import convert
from services.channel.app.businesses import Businesses
from services.channel.app.deliveries import DeliveryApp
from services.channel.app.mail_answers import MailAnswers
from services.channel.domain.limits import Rates
from services.channel.domain.sessions import ConversationId, CustomerId
from services.channel.ports import Blocks, Erasures, Outbox, Sessions, WebConversations
from services.channel.ports.mail import CustomerAddresses

BY_PROVIDER = "by-provider"
"""A label of core's MessageCreated."""

WANTED = internal.WatchEventsRequest(
    filters=[
        {"kinds": ["MessageCreated"], "labels": ["by-provider"]},
        {"kinds": ["MessageCreated"], "labels": ["with-agents"]},
        {"kinds": ["MessageCreated"], "labels": ["by-assistant"]},
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
"""Of core's facts: messages that leave by a provider, those of agents and the assistant that may leave by mail, which customers
are blocked, and whose a conversation is.
"""

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
    mail: CustomerAddresses


class CoreFollower:
    """Acts on core's facts. The messages that they refer to are read for a whole batch."""

    def __init__(self, app: DeliveryApp, answers: MailAnswers, stores_on: Callable[[Any], Stores], read: Read) -> None:
        self._app = app
        self._answers = answers
        self._stores_on = stores_on
        self._read = read
        self._items: dict[str, internal.BatchGetMessagesResponse.Item] = {}

    async def prepare(self, events: Sequence[internal.Event]) -> None:
        """Reads what was said. Raises Unavailable when core can't be reached."""
        # The assistant answers far more often than agents do, and most customers leave no address: its answers are read only
        # where one is known. A customer who leaves one just before the transaction is in the chat, and sees this answer.
        assistants = {_place(event) for event in events if _is_answer(event, core.PARTICIPANT_ROLE_ASSISTANT)}
        mailed = await self._answers.mail.kept.mailed(assistants) if assistants else set()
        wanted = [
            event.envelope.subject
            for event in events
            if BY_PROVIDER in event.envelope.labels
            or _is_answer(event, core.PARTICIPANT_ROLE_AGENT)
            or (_is_answer(event, core.PARTICIPANT_ROLE_ASSISTANT) and _place(event) in mailed)
        ]
        self._items = {item.message.name: item for item in await self._read(wanted)} if wanted else {}

    async def handle(self, transaction: Transaction, event: internal.Event) -> None:
        """Acts on one fact, for `kit.journal.follow`, in its transaction."""
        stores, organization = self._stores_on(transaction.connection), OrganizationId(event.envelope.organization)
        customer = CustomerId(names.last(event.envelope.subject))
        match str(event.WhichOneof("fact")):
            case "message_created":
                await self._queue(stores, event)
            case "customer_blocked" | "customer_unblocked" as fact:
                await stores.blocks.put(organization, customer, fact == "customer_blocked")
            case "customer_merged":
                duplicate = CustomerId(names.last(event.customer_merged.duplicate))
                await stores.mail.remove(organization, duplicate)
                await stores.sessions.merge_customer(organization, customer, duplicate)
            case "customer_split":
                source = CustomerId(names.last(event.customer_split.from_customer))
                await stores.sessions.split_customer(organization, customer, source)
            case "customer_erased":
                await stores.sessions.erase_customer(organization, customer)
                await stores.known.erase(organization, customer)
                await stores.mail.remove(organization, customer)
                await stores.erasures.erase_customer(organization, customer)
            case "conversation_erased":
                erased = ConversationId(names.last(event.conversation.name))
                await stores.erasures.erase_conversation(organization, erased)
                await stores.mail.forget(organization, erased)
            case "conversation_moved":
                moved, owner = names.last(event.conversation.name), names.last(event.conversation.customer)
                await stores.known.move(organization, ConversationId(moved), CustomerId(owner))

    async def _queue(self, stores: Stores, event: internal.Event) -> None:
        item = self._items.get(event.envelope.subject)
        if item is None or item.erased:
            return
        outgoing, content = convert.outgoing_from_pb(event, item)
        if BY_PROVIDER in event.envelope.labels:
            await self._app.queue(stores.outbox, outgoing, content)
        else:
            await self._answers.queue(stores.outbox, stores.mail, outgoing, content)


def _is_answer(event: internal.Event, role: core.ParticipantRole) -> bool:
    """Whether a fact is an answer of this role in a web chat, which may leave by mail."""
    if event.WhichOneof("fact") != "message_created" or BY_PROVIDER in event.envelope.labels:
        return False
    created = event.message_created
    return created.role == role and not created.note


def _place(event: internal.Event) -> tuple[OrganizationId, ConversationId]:
    return OrganizationId(event.envelope.organization), ConversationId(names.last(event.conversation.name))


class Secrets(Protocol):
    """Keeps the secrets of credentials."""

    def expect(self, organization: OrganizationId, credential: str, number: int) -> None:
        """Says that a credential has this number now; 0: it is gone."""


class MailSettings(Protocol):
    """Keeps which mail servers organizations have set."""

    def change(self, organization: OrganizationId, setting: admin_public.MailSettings) -> None:
        """Follows what an organization has published."""


def settings_feed(rates: Rates, businesses: Businesses, open: Any, pool: Any) -> Feed:
    """Follows how often organizations let their customers write, when agents are there, and whether the assistant is."""

    def apply(event: admin.Event) -> None:
        value, organization = event.setting_published.value, OrganizationId(event.envelope.organization)
        match value.WhichOneof("kind"):
            case "limits":
                limits = value.limits
                rates.change(organization, limits.session_messages_per_minute, limits.customer_messages_per_minute)
            case "business_hours":
                businesses.change_hours(organization, hours_from_pb(value.business_hours))
            case "assistant":
                businesses.change_assistant(organization, value.assistant.disabled)

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


def businesses_feed(businesses: Businesses, open: Any, pool: Any) -> Feed:
    """Follows where organizations are: their business hours are of that time zone."""

    def apply(event: admin.Event) -> None:
        fact = getattr(event, event.WhichOneof("fact"))
        businesses.change_time_zone(OrganizationId(event.envelope.organization), fact.time_zone)

    return Feed(
        name="admin/businesses",
        request=admin.WatchEventsRequest,
        open=open,
        event=admin.Event,
        kinds=["OrganizationCreated", "OrganizationUpdated"],
        key=lambda event: f"organizations/{event.envelope.organization}/business",
        apply=apply,
        pool=pool,
    )


def mail_feed(mail: MailSettings, secrets: Secrets, open: Any, pool: Any) -> Feed:
    """Follows by which servers organizations' mails leave, and channel's credentials."""

    def apply(event: admin.Event) -> None:
        organization = OrganizationId(event.envelope.organization)
        match event.WhichOneof("fact"):
            case "setting_published" if event.setting_published.value.WhichOneof("kind") == "mail":
                mail.change(organization, event.setting_published.value.mail)
            case "credential_updated" if event.credential_updated.user == admin_public.CREDENTIAL_USER_CHANNEL:
                secrets.expect(organization, names.last(event.envelope.subject), event.credential_updated.revision)
            case "credential_deleted":
                secrets.expect(organization, names.last(event.envelope.subject), 0)

    return Feed(
        name="admin/mail",
        request=admin.WatchEventsRequest,
        open=open,
        event=admin.Event,
        kinds=["SettingPublished", "CredentialUpdated", "CredentialDeleted"],
        key=_of_mail,
        apply=apply,
        pool=pool,
    )


def _of_mail(event: admin.Event) -> str:
    """The key of a fact about mail; empty for other settings."""
    other = event.WhichOneof("fact") == "setting_published" and event.setting_published.value.WhichOneof("kind") != "mail"
    return "" if other else str(event.envelope.subject)
