"""The right to see and write in a conversation of a web chat."""

from dataclasses import dataclass

from kit.ids import OrganizationId
from services.channel.domain.inbound import Writer
from services.channel.domain.sessions import ConversationId, ConversationMismatch, CustomerId, WebConversation
from services.channel.ports import Conversations, WebConversations


@dataclass(frozen=True, slots=True)
class Participation:
    """Compares a token's customer with the conversation's: as it is known here, otherwise as core says."""

    known: WebConversations
    conversations: Conversations

    async def check(self, writer: Writer) -> None:
        """Raises ConversationMismatch unless it is one of the customer's conversations on the channel of their session."""
        found = await self._find(writer.organization, writer.conversation, writer.customer)
        if found is None or found.channel != writer.channel:
            raise ConversationMismatch(writer.conversation)

    async def has(self, organization: OrganizationId, conversation: ConversationId, customer: CustomerId) -> bool:
        """Whether it is one of the customer's conversations, on any channel."""
        return bool(conversation) and await self._find(organization, conversation, customer) is not None

    async def _find(self, organization: OrganizationId, id: ConversationId, customer: CustomerId) -> WebConversation | None:
        """The conversation, if it is the customer's. Raises Unavailable when only core knows it."""
        known = await self.known.get(organization, id)
        if known is None or known.customer != customer:
            ref = await self.conversations.find(organization, id)
            if ref is None or ref.customer != customer:
                return None
            known = WebConversation(organization, id, ref.channel, ref.customer)
            await self.known.put(known)
        return known
