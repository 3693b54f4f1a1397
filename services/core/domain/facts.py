"""Core's facts. A fact of a conversation has it as it was right after; one of a customer has ids alone. The journal keeps what
a fact refers to, and none of its texts (`convert.facts`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.core.domain.identities import IdentityKind
from services.core.domain.steps import Step
from services.core.domain.values import Conversation, ConversationId, CustomerId, Message, Role, Turn, TurnId, TurnState

ASSISTANT = "assistants/default"


@dataclass(frozen=True, slots=True)
class ConversationOpened:
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class MessageCreated:
    conversation: Conversation
    message: Message


@dataclass(frozen=True, slots=True)
class TurnStarted:
    conversation: Conversation
    turn: TurnId


@dataclass(frozen=True, slots=True)
class TurnEnded:
    conversation: Conversation
    turn: TurnId
    state: TurnState
    attempt: int


@dataclass(frozen=True, slots=True)
class TurnCharged:
    """The model calls of an attempt took this. It has no conversation: a summary's call ends when that may have changed."""

    conversation: ConversationId
    turn: TurnId
    input_tokens: int
    output_tokens: int
    micros: int

    @classmethod
    def of(cls, conversation: ConversationId, turn: TurnId, steps: Sequence[Step]) -> "tuple[TurnCharged, ...]":
        """The fact of some steps; none where no model took anything."""
        calls = [step.model_call for step in steps if step.model_call is not None]
        tokens = sum(call.input_tokens for call in calls), sum(call.output_tokens for call in calls)
        micros = sum(call.micros or 0 for call in calls)
        return (cls(conversation, turn, *tokens, micros),) if any((*tokens, micros)) else ()


@dataclass(frozen=True, slots=True)
class HandoverRequested:
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationTaken:
    conversation: Conversation
    from_agent: str


@dataclass(frozen=True, slots=True)
class ConversationReturned:
    conversation: Conversation
    from_agent: str
    """The agent who gave it back; empty: the customer left the line."""


@dataclass(frozen=True, slots=True)
class ConversationClosed:
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationReopened:
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationTagged:
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationRated:
    """The customer gave an opinion; the conversation has it."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationUpdated:
    """Subject, priority or language changed, or whether the customer is blocked."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationMoved:
    """It has another customer, by a merge or a split."""

    conversation: Conversation
    from_customer: CustomerId


@dataclass(frozen=True, slots=True)
class ConversationErased:
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class CustomerCreated:
    customer: CustomerId


@dataclass(frozen=True, slots=True)
class CustomerUpdated:
    customer: CustomerId


@dataclass(frozen=True, slots=True)
class CustomerMerged:
    customer: CustomerId
    duplicate: CustomerId


@dataclass(frozen=True, slots=True)
class CustomerSplit:
    customer: CustomerId
    """The customer who was split off."""
    from_customer: CustomerId


@dataclass(frozen=True, slots=True)
class CustomerErased:
    """After the ConversationErased of their conversations."""

    customer: CustomerId


@dataclass(frozen=True, slots=True)
class IdentityAdded:
    customer: CustomerId
    identity_kind: IdentityKind
    verified: bool


@dataclass(frozen=True, slots=True)
class IdentityRemoved:
    customer: CustomerId
    identity_kind: IdentityKind


@dataclass(frozen=True, slots=True)
class CustomerBlocked:
    """Appended for the customer, and for each record that was merged into it."""

    customer: CustomerId


@dataclass(frozen=True, slots=True)
class CustomerUnblocked:
    customer: CustomerId


ConversationFact = (
    ConversationOpened
    | MessageCreated
    | TurnStarted
    | TurnEnded
    | HandoverRequested
    | ConversationTaken
    | ConversationReturned
    | ConversationClosed
    | ConversationReopened
    | ConversationTagged
    | ConversationRated
    | ConversationUpdated
    | ConversationMoved
    | ConversationErased
)
CustomerFact = (
    CustomerCreated
    | CustomerUpdated
    | CustomerMerged
    | CustomerSplit
    | CustomerErased
    | IdentityAdded
    | IdentityRemoved
    | CustomerBlocked
    | CustomerUnblocked
)
Fact = ConversationFact | CustomerFact | TurnCharged


@dataclass(frozen=True, slots=True)
class Change:
    """The decision of a rule: the conversation before and after, and what comes with it. Committed whole or not at all."""

    before: Conversation
    after: Conversation
    messages: tuple[Message, ...] = ()
    turns: tuple[Turn, ...] = ()
    facts: tuple[ConversationFact | TurnCharged, ...] = ()
    steps: tuple[Step, ...] = ()
    """Of the attempt that ends with it."""

    @property
    def actor(self) -> str:
        """The cause, as the journal names it; empty: the caller."""
        for message in self.messages:
            match message.role:
                case Role.CUSTOMER:
                    return f"customers/{self.after.customer}"
                case Role.AGENT:
                    return f"agents/{message.author}"
                case Role.ASSISTANT:
                    return ASSISTANT
        for fact in self.facts:
            match fact:
                case ConversationTaken():
                    return f"agents/{self.after.agent}"
                case ConversationReturned(from_agent=agent) if agent:
                    return f"agents/{agent}"
                case ConversationReturned() | ConversationRated():
                    return f"customers/{self.after.customer}"
        return ""
