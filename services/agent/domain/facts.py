"""What happened, in the past tense: the payloads of this service's journal. Their class names are the journal's `kind`.

Ids are bare; the organization is the journal record's. Times are aware.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, get_args

import msgspec

from services.agent.domain.agent import PresenceState
from services.agent.domain.ids import AgentId, AssignmentId, ConversationId, HandoverId, QueueId


class Author(StrEnum):
    """Who wrote a message."""

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
    reason: str
    customer_display_name: str
    channel: str
    preview: str
    queued: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True)
class HandoverAccepted:
    handover: HandoverId
    conversation: ConversationId
    queue: QueueId
    agent: AgentId
    agent_display_name: str
    wait_ms: int


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
    agent_display_name: str
    customer_display_name: str
    channel: str
    preview: str
    epoch: int
    started: datetime


@dataclass(frozen=True, slots=True)
class AssignmentFinished:
    assignment: AssignmentId
    conversation: ConversationId
    agent: AgentId
    cause: Cause
    duration_ms: int


@dataclass(frozen=True, slots=True)
class AgentPresenceChanged:
    agent: AgentId
    agent_display_name: str
    state: PresenceState
    away_reason: str
    since: datetime
    capacity: int
    assignment_count: int


@dataclass(frozen=True, slots=True)
class AgentChanged:
    agent: AgentId
    display_name: str


@dataclass(frozen=True, slots=True)
class AssignedMessageCreated:
    conversation: ConversationId
    message: str
    author: Author
    preview: str
    unanswered: int
    agent: AgentId | None
    """Who has the conversation; None while it waits."""


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

_KINDS: dict[str, Any] = {kind.__name__: kind for kind in get_args(Fact)}


def decode(kind: str, payload: str) -> Fact | None:
    """A fact from the journal's kind and JSON; None for a kind that this version does not know."""
    known = _KINDS.get(kind)
    return None if known is None else msgspec.json.decode(payload, type=known)
