"""The parts of conversations."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from kit.errors import EtagMismatch
from kit.ids import OrganizationId
from services.core.domain.content import Content
from services.core.domain.identities import Address, Identity

ConversationId = NewType("ConversationId", str)
CustomerId = NewType("CustomerId", str)
ChannelId = NewType("ChannelId", str)
MessageId = NewType("MessageId", str)
TurnId = NewType("TurnId", str)
AgentId = NewType("AgentId", str)


class State(StrEnum):
    """The one who answers the customer now."""

    AUTOMATED = "AUTOMATED"
    WAITING = "WAITING"
    ASSIGNED = "ASSIGNED"
    CLOSED = "CLOSED"


class Role(StrEnum):
    """The author's role of a message."""

    CUSTOMER = "CUSTOMER"
    ASSISTANT = "ASSISTANT"
    AGENT = "AGENT"


class MessageKind(StrEnum):
    """The kind of a message: see the contract's MessageKind."""

    ANSWER = "ANSWER"
    UNKNOWN = "UNKNOWN"
    HOLDING = "HOLDING"


class TurnState(StrEnum):
    """Where the assistant is with its turn. PENDING and RUNNING turns are open; a conversation has at most one open turn."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


class Priority(StrEnum):
    """How urgent a conversation is."""

    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"
    URGENT = "URGENT"


class Responder(StrEnum):
    """The one to answer a customer's message."""

    ASSISTANT = "ASSISTANT"
    AGENTS = "AGENTS"
    """The assistant is off: the conversation waits for an agent."""
    NOBODY = "NOBODY"
    """The message is stored, and starts nothing."""


@dataclass(frozen=True, slots=True)
class Customer:
    """The person who writes in."""

    organization: OrganizationId
    id: CustomerId
    display_name: str
    language: str
    identities: tuple[Identity, ...]
    created: datetime
    updated: datetime
    blocked: datetime | None = None
    """Since when the customer is blocked."""
    revision: int = 1
    """Counts the changes of the record."""
    merged_into: CustomerId | None = None
    """The record that has its identities and conversations."""

    def check(self, revision: int | None) -> None:
        """Raises EtagMismatch when the record is no longer of a revision that was read."""
        if revision is not None and revision != self.revision:
            raise EtagMismatch(str(self.revision))


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of the organization's knowledge."""

    name: str
    document: str
    revision: int
    """The document's."""
    title: str
    heading: str
    uri: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that supports an answer."""

    document: str
    revision: int
    passage: str
    title: str
    heading: str
    uri: str
    quote: str
    """Its own words, at most 400 characters."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of a text, `start` to `end` in code points, and the passage that supports it."""

    start: int
    end: int
    source: Source


@dataclass(frozen=True, slots=True)
class Message:
    """One utterance; it never changes."""

    id: MessageId
    seq: int
    role: Role
    text: str
    """The words of its content."""
    created: datetime
    source: str
    """The key that makes it unique in its organization: where it came from, and the id it had there."""
    author: str = ""
    author_display_name: str = ""
    kind: MessageKind = MessageKind.ANSWER
    markdown: bool = False
    note: bool = False
    citations: tuple[Citation, ...] = ()
    turn: TurnId | None = None
    epoch: int = 0
    request_id: str = ""
    content: Content | None = None
    """Its parts, where the text does not say everything."""

    @property
    def written(self) -> str:
        """The author's own words: without the names of files, places and contacts, which may be in any language."""
        return self.text if self.content is None else self.content.written


@dataclass(frozen=True, slots=True)
class Turn:
    """The assistant's one obligation to answer what the customer has said since its last answer."""

    id: TurnId
    state: TurnState
    epoch: int
    answers_seq: int
    created: datetime
    due: datetime
    attempt: int = 0
    supersedes: int = 0
    """How many turns before it were superseded without an answer."""
    assistant: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    error: str = ""
    finished: datetime | None = None
    micros: int | None = None
    """The cost of its steps; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The content that a provider's channel carries to a customer."""

    files: bool = False
    max_options: int = 0
    """Of an interactive message."""
    window_closes: datetime | None = None
    """Until when messages can be sent; None: at any time."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One continuous exchange with a customer, with its open turn."""

    organization: OrganizationId
    id: ConversationId
    customer: CustomerId
    channel: ChannelId
    state: State
    created: datetime
    updated: datetime
    address: Address | None = None
    """Where answers go; None when the conversation was erased."""
    agent: AgentId | None = None
    agent_display_name: str = ""
    epoch: int = 1
    last_seq: int = 0
    last_customer_seq: int = 0
    answered_seq: int = 0
    """Up to where the customer has been answered, or the matter was closed. Later messages are open."""
    tags: tuple[str, ...] = ()
    handover_reason: str = ""
    thread_key: str = ""
    """Which of the conversations at its address it is."""
    subject: str = ""
    priority: Priority = Priority.NORMAL
    language: str = ""
    erased: datetime | None = None
    """When what was said in it was erased with its customer."""
    blocked: bool = False
    """Whether its customer is blocked: what they write is stored, and starts nothing."""
    revision: int = 0
    """Counts every commit to the conversation: what is decided on an older revision can't be committed."""
    capabilities: Capabilities | None = None
    """None: its channel carries everything, at any time."""
    rating: int | None = None
    """The customer's opinion, 1 to 5; None: none was given."""
    rating_comment: str = ""
    rated: datetime | None = None
    """When it was given."""
    turn: Turn | None = None

    @property
    def unanswered(self) -> bool:
        """Whether the customer has said something that no one has answered."""
        return self.last_customer_seq > self.answered_seq


@dataclass(frozen=True, slots=True)
class Opening:
    """By what a conversation is found, and what it begins with."""

    channel: ChannelId
    identity: Identity
    thread_key: str = ""
    display_name: str = ""
    language: str = ""
    subject: str = ""
    claims: tuple[Identity, ...] = ()
    """Other identities that the customer claims."""
    existing: bool = False
    """Nothing is made where there is none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations a list shows: those for which all conditions hold."""

    states: tuple[State, ...] = ()
    """One of these; empty: any."""
    customer: CustomerId | None = None
    customers: tuple[CustomerId, ...] | None = None
    """One of these; None: any."""
    channel: ChannelId | None = None
    agent: AgentId | None = None
    tags: tuple[str, ...] = ()
    """All of these."""
    unanswered: bool | None = None
    ratings: tuple[int, ...] = ()
    """One of these; empty: any, or none."""
    changed_since: datetime | None = None
    changed_before: datetime | None = None
    ids: tuple[ConversationId, ...] | None = None


EVERY = Wanted()


@dataclass(frozen=True, slots=True)
class Overview:
    """A conversation as a list shows it: with the customer, and what was said last."""

    conversation: Conversation
    customer_display_name: str
    last: Message | None
    customer_read_seq: int = 0
    """The number of the newest message that the customer has read."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The assistant's answer to a turn."""

    text: str
    kind: MessageKind
    citations: tuple[Citation, ...]
    assistant: str
    input_tokens: int = 0
    output_tokens: int = 0


NOT_KNOWN = "The assistant did not know the answer several times."


@dataclass(frozen=True, slots=True)
class HandOver:
    """That agents take over after a reply."""

    notice: str = ""
    """To the customer, beside the reply; "": none."""
    reason: str = NOT_KNOWN
    """To the agents."""
