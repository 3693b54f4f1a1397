"""Facts as messages of the contract: for the services that follow the journal, and for agents' screens."""

from typing import Any

from frontdesk.agent import v1 as pb
from frontdesk.agent.internal import v1 as internal
from frontdesk.core import v1 as core_pb

from kit.convert import Serialized, time_to_pb
from kit.ids import OrganizationId
from kit.journal import by_fields
from kit.journal.facts import delimited
from services.agent.convert import assignment_to_pb, presence_state_to_pb, presence_to_pb
from services.agent.domain import facts
from services.agent.domain.agent import Agent
from services.agent.domain.custody import Custody, Handover
from services.agent.domain.facts import Author, Cause
from services.agent.ports import Batch, Told

fact_to_pb = by_fields(
    internal,
    {
        "handover": "handovers/{}",
        "conversation": "conversations/{}",
        "queue": "queues/{}",
        "agent": "agents/{}",
        "assignment": "assignments/{}",
    },
)
"""Facts as the journal keeps them."""

_TOKEN = pb.WatchInboxResponse.RESUME_TOKEN_FIELD_NUMBER
_EVENTS = pb.WatchInboxResponse.INBOX_EVENTS_FIELD_NUMBER
_EVENT = pb.WatchInboxResponse.InboxEvents.EVENTS_FIELD_NUMBER
_CAUSE = {
    Cause.TRANSFERRED: pb.ASSIGNMENT_END_CAUSE_TRANSFERRED,
    Cause.RETURNED: pb.ASSIGNMENT_END_CAUSE_RETURNED,
    Cause.RESOLVED: pb.ASSIGNMENT_END_CAUSE_RESOLVED,
}
_AUTHOR = {
    Author.CUSTOMER: core_pb.PARTICIPANT_ROLE_CUSTOMER,
    Author.ASSISTANT: core_pb.PARTICIPANT_ROLE_ASSISTANT,
    Author.AGENT: core_pb.PARTICIPANT_ROLE_AGENT,
}


def inbox_frame(organization: OrganizationId, batch: Batch) -> Any:
    """A frame of WatchInbox. Screens share the bytes of their events, which are most of its cost."""
    if not batch.told:
        return pb.WatchInboxResponse(resume_token=str(batch.position), heartbeat={})
    events = b"".join([told.encoded or _encode(organization, told) for told in batch.told])
    frame = delimited(_TOKEN, str(batch.position).encode()) + delimited(_EVENTS, events)
    return Serialized(pb.WatchInboxResponse, frame)


def _encode(organization: OrganizationId, told: Told) -> bytes:
    told.encoded = delimited(_EVENT, inbox_event_to_pb(organization, told).SerializeToString())
    return told.encoded


def inbox_event_to_pb(organization: OrganizationId, told: Told) -> pb.InboxEvent:
    """A fact as an agent's screen learns of it."""
    event = pb.InboxEvent(create_time=time_to_pb(told.created))
    root = f"organizations/{organization}"
    match told.fact:
        case facts.HandoverQueued() as fact:
            event.queue_entry_added.CopyFrom(_queued_to_pb(root, fact, told))
        case facts.HandoverAccepted() as fact:
            event.queue_entry_removed.CopyFrom(
                pb.QueueEntryRemoved(
                    handover=f"{root}/handovers/{fact.handover}",
                    conversation=f"{root}/conversations/{fact.conversation}",
                    cause=pb.QUEUE_ENTRY_REMOVAL_CAUSE_ACCEPTED,
                    agent=f"{root}/agents/{fact.agent}",
                    agent_display_name=told.about.agent_display_name if isinstance(told.about, Handover) else "",
                )
            )
        case facts.HandoverWithdrawn() as fact:
            event.queue_entry_removed.CopyFrom(
                pb.QueueEntryRemoved(
                    handover=f"{root}/handovers/{fact.handover}",
                    conversation=f"{root}/conversations/{fact.conversation}",
                    cause=pb.QUEUE_ENTRY_REMOVAL_CAUSE_WITHDRAWN,
                )
            )
        case facts.HandoverDeclined() as fact:
            event.handover_declined.handover = f"{root}/handovers/{fact.handover}"
            event.handover_declined.agent = f"{root}/agents/{fact.agent}"
        case facts.AssignmentStarted() as fact:
            event.assignment_started.CopyFrom(_started_to_pb(root, fact, told))
        case facts.AssignmentFinished() as fact:
            event.assignment_ended.CopyFrom(
                pb.AssignmentEnded(
                    assignment=f"{root}/assignments/{fact.assignment}",
                    conversation=f"{root}/conversations/{fact.conversation}",
                    agent=f"{root}/agents/{fact.agent}",
                    cause=_CAUSE[fact.cause],
                )
            )
        case facts.AssignedMessageCreated() as fact:
            event.message_created.CopyFrom(
                pb.InboxMessage(
                    conversation=f"{root}/conversations/{fact.conversation}",
                    message=fact.message,
                    author=_AUTHOR[fact.author],
                    preview=_preview(told),
                    unanswered_count=_unanswered(told),
                )
            )
        case facts.AgentPresenceChanged() as fact:
            event.presence_changed.CopyFrom(presence_changed_to_pb(organization, told, fact))
    return event


def presence_changed_to_pb(organization: OrganizationId, told: Told, fact: facts.AgentPresenceChanged) -> pb.Presence:
    """An agent's presence: the state that the fact says, with what else is known of the agent now."""
    name = f"organizations/{organization}/agents/{fact.agent}/presence"
    presence = presence_to_pb(told.about) if isinstance(told.about, Agent) else pb.Presence(name=name)
    presence.MergeFrom(pb.Presence(state=presence_state_to_pb(fact.state), state_time=time_to_pb(told.created)))
    return presence


def _queued_to_pb(root: str, fact: facts.HandoverQueued, told: Told) -> pb.QueueEntry:
    entry = pb.QueueEntry(
        name=f"{root}/queues/{fact.queue}/entries/{fact.handover}",
        handover=f"{root}/handovers/{fact.handover}",
        conversation=f"{root}/conversations/{fact.conversation}",
        wait_time=time_to_pb(told.created),
    )
    if isinstance(told.about, Handover):
        handover = told.about
        entry.customer_display_name, entry.preview = handover.customer_display_name, handover.preview
        entry.channel, entry.reason, entry.customer = handover.channel, handover.reason, handover.customer
        entry.MergeFrom(pb.QueueEntry(wait_time=time_to_pb(handover.created), due_time=time_to_pb(handover.due)))
    return entry


def _started_to_pb(root: str, fact: facts.AssignmentStarted, told: Told) -> pb.Assignment:
    newest = told.about.assignment if isinstance(told.about, Custody) else None
    if newest is not None and newest.id == fact.assignment:
        assignment = assignment_to_pb(newest)
        assignment.ClearField("end_time")  # its end is a fact of its own
        return assignment
    return pb.Assignment(
        name=f"{root}/assignments/{fact.assignment}",
        conversation=f"{root}/conversations/{fact.conversation}",
        agent=f"{root}/agents/{fact.agent}",
        epoch=fact.epoch,
        start_time=time_to_pb(told.created),
    )


def _preview(told: Told) -> str:
    custody = told.about
    if not isinstance(custody, Custody):
        return ""
    shown = custody.current or custody.pending
    return shown.preview if shown is not None else ""


def _unanswered(told: Told) -> int:
    current = told.about.current if isinstance(told.about, Custody) else None
    return current.unanswered if current is not None else 0
