"""What the journal says happened. Each fact has the conversation as it was right after."""

from dataclasses import dataclass

from services.core.domain.values import Conversation, Message, Turn, TurnId, TurnState


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
class HandoverRequested:
    conversation: Conversation
    reason: str
    customer_display_name: str
    last_text: str


@dataclass(frozen=True, slots=True)
class ConversationTaken:
    conversation: Conversation
    from_agent: str


@dataclass(frozen=True, slots=True)
class ConversationReturned:
    conversation: Conversation
    from_agent: str


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
class CustomerBlocked:
    """Told of each conversation of the customer, as all facts are."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class CustomerUnblocked:
    conversation: Conversation


Fact = (
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
    | CustomerBlocked
    | CustomerUnblocked
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule decided: the conversation before and after, and what comes with it. Committed whole or not at all."""

    before: Conversation
    after: Conversation
    messages: tuple[Message, ...] = ()
    turns: tuple[Turn, ...] = ()
    facts: tuple[Fact, ...] = ()
