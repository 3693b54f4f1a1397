"""What this service does with core's facts: the queue and the assignments are a projection of core's journal."""

from collections.abc import Awaitable, Callable
from typing import Any

from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as internal

from kit.ids import OrganizationId
from services.agent.app import Desk
from services.agent.domain.custody import Request
from services.agent.domain.facts import Author, Cause
from services.agent.domain.ids import AgentId, ConversationId, QueueId
from services.agent.ports import Taken

WANTED = internal.WatchEventsRequest(
    kinds=["HandoverRequested", "ConversationTaken", "ConversationReturned", "ConversationClosed", "MessageCreated"],
    handed_over_only=True,
)
"""Of core's facts: without the messages that no agent waits for or has."""

_AUTHORS = {
    core.PARTICIPANT_ROLE_CUSTOMER: Author.CUSTOMER,
    core.PARTICIPANT_ROLE_ASSISTANT: Author.ASSISTANT,
    core.PARTICIPANT_ROLE_AGENT: Author.AGENT,
}


async def handle(desk: Desk, event: internal.Event) -> None:
    """Acts on one fact of core. Doing it twice changes nothing more."""
    organization = OrganizationId(event.organization)
    match event.WhichOneof("fact"):
        case "handover_requested":
            requested = event.handover_requested
            request = Request(
                reason=requested.reason,
                customer_display_name=requested.customer_display_name,
                channel=requested.conversation.channel,
                text=requested.last_text,
                epoch=requested.conversation.epoch,
                queue=QueueId(""),
            )
            await desk.requested(organization, _id(requested.conversation.name), request)
        case "conversation_taken":
            conversation = event.conversation_taken.conversation
            agent = AgentId(conversation.agent.rpartition("/")[2])
            taken = Taken(conversation.epoch, conversation.channel)
            await desk.taken(organization, _id(conversation.name), agent, conversation.agent_display_name, taken)
        case "conversation_returned":
            conversation = event.conversation_returned.conversation
            await desk.released(organization, _id(conversation.name), Cause.RETURNED, conversation.epoch)
        case "conversation_closed":
            conversation = event.conversation_closed.conversation
            await desk.released(organization, _id(conversation.name), Cause.RESOLVED, conversation.epoch)
        case "message_created":
            message = event.message_created.message
            if not message.note and message.role in _AUTHORS:
                await desk.heard(organization, _id(message.name), message.name, _AUTHORS[message.role], message.text)


def handler(desk_on: Callable[[Any], Desk]) -> Callable[[Any, internal.Event], Awaitable[None]]:
    """`handle` for `kit.journal.follow`, in the transaction of the connection that it gives."""

    async def act(connection: Any, event: internal.Event) -> None:
        await handle(desk_on(connection), event)

    return act


def _id(name: str) -> ConversationId:
    """The conversation's id in its resource name, or in that of a message in it."""
    return ConversationId(name.split("/")[3])
