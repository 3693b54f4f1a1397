"""Facts of the own journal, as screens learn of them."""

from typing import Any

from frontdesk.agent import v1 as pb
from frontdesk.agent.internal import v1 as agent_internal
from frontdesk.core import v1 as core

from kit import names
from kit.journal import Record
from services.agent.domain import facts
from services.agent.domain.agent import PresenceState
from services.agent.domain.facts import Author, Cause
from services.agent.domain.ids import AgentId, AssignmentId, ConversationId, HandoverId, QueueId


def decode(record: Record) -> facts.Fact | None:
    """A fact; None for one that this version does not know."""
    event = agent_internal.Event.FromString(record.payload)
    member = event.WhichOneof("fact")
    subject = names.last(record.subject)
    said: Any = getattr(event, member) if member else None
    match member:
        case "handover_queued":
            return facts.HandoverQueued(HandoverId(subject), _conversation(said), QueueId(names.last(said.queue)))
        case "handover_accepted":
            waited = said.wait_duration.ToTimedelta()
            queue = QueueId(names.last(said.queue))
            return facts.HandoverAccepted(HandoverId(subject), _conversation(said), queue, _agent(said), waited)
        case "handover_declined":
            return facts.HandoverDeclined(HandoverId(subject), _conversation(said), _agent(said), said.reason)
        case "handover_withdrawn":
            return facts.HandoverWithdrawn(HandoverId(subject), _conversation(said), QueueId(names.last(said.queue)))
        case "assignment_started":
            return facts.AssignmentStarted(AssignmentId(subject), _conversation(said), _agent(said), said.epoch)
        case "assignment_finished":
            cause = Cause(pb.AssignmentEndCause.Name(said.cause).removeprefix("ASSIGNMENT_END_CAUSE_"))
            lasted = said.duration.ToTimedelta()
            return facts.AssignmentFinished(AssignmentId(subject), _conversation(said), _agent(said), cause, lasted)
        case "agent_presence_changed":
            state = PresenceState(pb.PresenceState.Name(said.state).removeprefix("PRESENCE_STATE_"))
            return facts.AgentPresenceChanged(AgentId(subject), state)
        case "agent_changed":
            return facts.AgentChanged(AgentId(subject))
        case "assigned_message_created":
            author = Author(core.ParticipantRole.Name(said.author).removeprefix("PARTICIPANT_ROLE_"))
            agent = _agent(said) if said.agent else None
            return facts.AssignedMessageCreated(ConversationId(subject), said.message, author, agent)
    return None


def _conversation(said: Any) -> ConversationId:
    return ConversationId(names.last(said.conversation))


def _agent(said: Any) -> AgentId:
    return AgentId(names.last(said.agent))
