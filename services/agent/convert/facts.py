"""Facts as messages of the contract: for the services that follow the journal, and for agents' screens."""

from datetime import timedelta

from frontdesk.agent import v1 as pb
from frontdesk.agent.internal import v1 as internal
from frontdesk.core import v1 as core_pb

from kit import convert
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from kit.journal import Record
from services.agent.convert import presence_state_to_pb
from services.agent.domain import facts
from services.agent.domain.facts import Author, Cause
from services.agent.ports import Told

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


def presence_changed_to_pb(organization: OrganizationId, fact: facts.AgentPresenceChanged) -> pb.Presence:
    return pb.Presence(
        name=f"organizations/{organization}/agents/{fact.agent}/presence",
        state=presence_state_to_pb(fact.state),
        away_reason=fact.away_reason,
        state_time=time_to_pb(fact.since),
        agent_display_name=fact.agent_display_name,
        assignment_count=fact.assignment_count,
        capacity=fact.capacity,
    )


def inbox_event_to_pb(organization: OrganizationId, told: Told) -> pb.InboxEvent:
    """A fact as an agent's screen hears of it."""
    event = pb.InboxEvent(create_time=time_to_pb(told.created))
    root = f"organizations/{organization}"
    match told.fact:
        case facts.HandoverQueued() as fact:
            event.queue_entry_added.CopyFrom(_queued_to_pb(root, fact))
        case facts.HandoverAccepted() as fact:
            event.queue_entry_removed.CopyFrom(
                pb.QueueEntryRemoved(
                    handover=f"{root}/handovers/{fact.handover}",
                    conversation=f"{root}/conversations/{fact.conversation}",
                    cause=pb.QUEUE_ENTRY_REMOVAL_CAUSE_ACCEPTED,
                    agent=f"{root}/agents/{fact.agent}",
                    agent_display_name=fact.agent_display_name,
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
            event.assignment_started.CopyFrom(_started_to_pb(root, fact))
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
                    preview=fact.preview,
                    unanswered_count=fact.unanswered,
                )
            )
        case facts.AgentPresenceChanged() as fact:
            event.presence_changed.CopyFrom(presence_changed_to_pb(organization, fact))
    return event


def _queued_to_pb(root: str, fact: facts.HandoverQueued) -> pb.QueueEntry:
    return pb.QueueEntry(
        name=f"{root}/queues/{fact.queue}/entries/{fact.handover}",
        handover=f"{root}/handovers/{fact.handover}",
        conversation=f"{root}/conversations/{fact.conversation}",
        customer_display_name=fact.customer_display_name,
        channel=fact.channel,
        reason=fact.reason,
        wait_time=time_to_pb(fact.queued),
        due_time=time_to_pb(fact.due),
        preview=fact.preview,
    )


def _started_to_pb(root: str, fact: facts.AssignmentStarted) -> pb.Assignment:
    return pb.Assignment(
        name=f"{root}/assignments/{fact.assignment}",
        conversation=f"{root}/conversations/{fact.conversation}",
        agent=f"{root}/agents/{fact.agent}",
        agent_display_name=fact.agent_display_name,
        customer_display_name=fact.customer_display_name,
        channel=fact.channel,
        epoch=fact.epoch,
        preview=fact.preview,
        start_time=time_to_pb(fact.started),
    )


def event_to_pb(record: Record) -> internal.Event:
    """A journal record as followers get it; one of a kind that this version does not know has no fact."""
    event = convert.event_to_pb(internal.Event, record)
    root = f"organizations/{record.organization}"
    match facts.decode(record.kind, record.payload):
        case facts.HandoverQueued() as fact:
            event.handover_queued.CopyFrom(
                internal.HandoverQueued(**_handover(root, fact), queue=f"{root}/queues/{fact.queue}", reason=fact.reason)
            )
        case facts.HandoverAccepted() as fact:
            event.handover_accepted.CopyFrom(
                internal.HandoverAccepted(
                    **_handover(root, fact),
                    agent=f"{root}/agents/{fact.agent}",
                    wait_duration=timedelta(milliseconds=fact.wait_ms),
                    queue=f"{root}/queues/{fact.queue}",
                )
            )
        case facts.HandoverDeclined() as fact:
            event.handover_declined.CopyFrom(
                internal.HandoverDeclined(**_handover(root, fact), agent=f"{root}/agents/{fact.agent}", reason=fact.reason)
            )
        case facts.HandoverWithdrawn() as fact:
            event.handover_withdrawn.CopyFrom(
                internal.HandoverWithdrawn(**_handover(root, fact), queue=f"{root}/queues/{fact.queue}")
            )
        case facts.AssignmentStarted() as fact:
            event.assignment_started.CopyFrom(
                internal.AssignmentStarted(
                    assignment=f"{root}/assignments/{fact.assignment}",
                    conversation=f"{root}/conversations/{fact.conversation}",
                    agent=f"{root}/agents/{fact.agent}",
                    epoch=fact.epoch,
                )
            )
        case facts.AssignmentFinished() as fact:
            event.assignment_finished.CopyFrom(
                internal.AssignmentFinished(
                    assignment=f"{root}/assignments/{fact.assignment}",
                    conversation=f"{root}/conversations/{fact.conversation}",
                    agent=f"{root}/agents/{fact.agent}",
                    cause=_CAUSE[fact.cause],
                    duration=timedelta(milliseconds=fact.duration_ms),
                )
            )
        case facts.AgentPresenceChanged() as fact:
            event.agent_presence_changed.CopyFrom(
                internal.AgentPresenceChanged(
                    agent=f"{root}/agents/{fact.agent}",
                    state=presence_state_to_pb(fact.state),
                    away_reason=fact.away_reason,
                )
            )
        case facts.AgentChanged() as fact:
            event.agent_changed.CopyFrom(
                internal.AgentChanged(agent=f"{root}/agents/{fact.agent}", display_name=fact.display_name)
            )
        case facts.AssignedMessageCreated() as fact:
            event.assigned_message_created.CopyFrom(
                internal.AssignedMessageCreated(
                    conversation=f"{root}/conversations/{fact.conversation}",
                    message=fact.message,
                    author=_AUTHOR[fact.author],
                    agent=f"{root}/agents/{fact.agent}" if fact.agent else "",
                )
            )
    return event


def _handover(
    root: str,
    fact: facts.HandoverQueued | facts.HandoverAccepted | facts.HandoverDeclined | facts.HandoverWithdrawn,
) -> dict[str, str]:
    return {
        "handover": f"{root}/handovers/{fact.handover}",
        "conversation": f"{root}/conversations/{fact.conversation}",
    }
