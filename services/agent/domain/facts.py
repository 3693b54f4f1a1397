"""The facts of agent, in the past tense. Names and fields are those of the contract's messages; ids are bare.

They hold references: what screens show beside them is read from the tables.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from services.agent.domain.agent import PresenceState
from services.agent.domain.ids import AgentId, AssignmentId, ConversationId, HandoverId, QueueId


class Author(StrEnum):
    """The author of a message."""

    CUSTOMER = "CUSTOMER"
    ASSISTANT = "ASSISTANT"
    AGENT = "AGENT"


class Cause(StrEnum):
    """Why an assignment ended."""

    TRANSFERRED = "TRANSFERRED"
    RETURNED = "RETURNED"
    RESOLVED = "RESOLVED"


@dataclass(frozen=True, slots=True)
class HandoverQueued:
    handover: HandoverId
    conversation: ConversationId
    queue: QueueId


@dataclass(frozen=True, slots=True)
class HandoverAccepted:
    handover: HandoverId
    conversation: ConversationId
    queue: QueueId
    agent: AgentId
    wait_duration: timedelta


@dataclass(frozen=True, slots=True)
class HandoverDeclined:
    handover: HandoverId
    conversation: ConversationId
    agent: AgentId
    reason: str


@dataclass(frozen=True, slots=True)
class HandoverWithdrawn:
    handover: HandoverId
    conversation: ConversationId
    queue: QueueId


@dataclass(frozen=True, slots=True)
class AssignmentStarted:
    assignment: AssignmentId
    conversation: ConversationId
    agent: AgentId
    epoch: int


@dataclass(frozen=True, slots=True)
class AssignmentFinished:
    assignment: AssignmentId
    conversation: ConversationId
    agent: AgentId
    cause: Cause
    duration: timedelta


@dataclass(frozen=True, slots=True)
class AgentPresenceChanged:
    agent: AgentId
    state: PresenceState


@dataclass(frozen=True, slots=True)
class AgentChanged:
    agent: AgentId


@dataclass(frozen=True, slots=True)
class AssignedMessageCreated:
    conversation: ConversationId
    message: str
    """Its resource name at core."""
    author: Author
    agent: AgentId | None
    """The agent that has the conversation; None while it waits."""


Fact = (
    HandoverQueued
    | HandoverAccepted
    | HandoverDeclined
    | HandoverWithdrawn
    | AssignmentStarted
    | AssignmentFinished
    | AgentPresenceChanged
    | AgentChanged
    | AssignedMessageCreated
)
