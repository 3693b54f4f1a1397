"""The things that facts refer to, as followers read them. None stands for a deleted one."""

from dataclasses import dataclass

from kit.ids import OrganizationId
from services.core.domain.identities import Address
from services.core.domain.values import Conversation, ConversationId, Message, MessageId


@dataclass(frozen=True, slots=True)
class MessageReference:
    """A message, and where its conversation's customer is reached."""

    organization: OrganizationId
    conversation: ConversationId
    id: MessageId
    message: Message | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class ConversationReference:
    """A conversation, its customer's name and the beginning of what the customer said last."""

    organization: OrganizationId
    id: ConversationId
    conversation: Conversation | None = None
    customer_display_name: str = ""
    last_text: str = ""
