"""Agent as a follower of core's facts: the queue and the assignments are a projection of core's journal."""

from collections.abc import Callable, Sequence
from typing import Any

from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as internal

from kit import names
from kit.ids import OrganizationId
from kit.journal import Transaction
from services.agent.app import Desk
from services.agent.domain.custody import Request
from services.agent.domain.facts import Author, Cause
from services.agent.domain.ids import AgentId, ConversationId, QueueId
from services.agent.ports import Erasures, References, Requested, Taken

WANTED = internal.WatchEventsRequest(
    filters=[
        {"kinds": ["HandoverRequested", "ConversationTaken", "ConversationReturned", "ConversationClosed"]},
        {"kinds": ["ConversationErased", "CustomerErased"]},
        {"kinds": ["MessageCreated"], "labels": ["with-agents"]},
    ]
)
"""Of core's facts: without the messages that no agent waits for or has."""

_AUTHORS = {
    core.PARTICIPANT_ROLE_CUSTOMER: Author.CUSTOMER,
    core.PARTICIPANT_ROLE_ASSISTANT: Author.ASSISTANT,
    core.PARTICIPANT_ROLE_AGENT: Author.AGENT,
}


class CoreFollower:
    """Acts on core's facts. Their references are read for a whole batch; acting twice on one changes nothing more."""

    def __init__(
        self, desk_on: Callable[[Transaction], Desk], erasures_on: Callable[[Any], Erasures], references: References
    ) -> None:
        self._desk_on = desk_on
        self._erasures_on = erasures_on
        self._references = references
        self._texts: dict[str, str] = {}
        self._requested: dict[str, Requested] = {}

    async def prepare(self, events: Sequence[internal.Event]) -> None:
        """Reads the texts of messages, and why conversations need an agent. Raises Unavailable when core can't be reached."""
        messages = [event.envelope.subject for event in events if _is_said(event)]
        requested = [event.envelope.subject for event in events if event.WhichOneof("fact") == "handover_requested"]
        self._texts = await self._references.texts(messages) if messages else {}
        self._requested = await self._references.requested(requested) if requested else {}

    async def handle(self, transaction: Transaction, event: internal.Event) -> None:
        """Acts on one fact, for `kit.journal.follow`, in its transaction."""
        desk = self._desk_on(transaction)
        organization, now = OrganizationId(event.envelope.organization), event.conversation
        conversation = ConversationId(names.last(now.name))
        match event.WhichOneof("fact"):
            case "handover_requested":
                told = self._requested[event.envelope.subject]
                request = Request(
                    reason=told.reason,
                    customer_display_name=told.customer_display_name,
                    channel=now.channel,
                    text=told.text,
                    epoch=now.epoch,
                    queue=QueueId(""),
                    customer=told.customer,
                )
                await desk.requested(organization, conversation, request)
            case "conversation_taken":
                taken = Taken(now.epoch, now.channel)
                await desk.taken_at_core(organization, conversation, AgentId(names.last(now.agent)), taken)
            case "conversation_returned":
                await desk.released(organization, conversation, Cause.RETURNED, now.epoch)
            case "conversation_closed":
                await desk.released(organization, conversation, Cause.RESOLVED, now.epoch)
            case "conversation_erased":
                await desk.released(organization, conversation, Cause.RESOLVED, now.epoch)
                await self._erasures_on(transaction.connection).erase_conversation(organization, conversation)
            case "customer_erased":
                customer = names.last(event.envelope.subject)
                await self._erasures_on(transaction.connection).erase_customer(organization, customer)
            case "message_created" if _is_said(event):
                author, text = _AUTHORS[event.message_created.role], self._texts[event.envelope.subject]
                await desk.heard(organization, conversation, event.envelope.subject, author, text)


def _is_said(event: internal.Event) -> bool:
    said = event.message_created
    return event.WhichOneof("fact") == "message_created" and not said.note and said.role in _AUTHORS
