"""Domain values as messages of the contract, and back; `facts` does the same for what happened."""

from datetime import datetime, timedelta

from frontdesk.agent import v1 as pb
from frontdesk.agent.internal import v1 as internal

from kit.convert import time_to_pb
from kit.ids import OrganizationId
from services.agent.domain.agent import Agent, PresenceState
from services.agent.domain.availability import Availability
from services.agent.domain.canned_reply import CannedReply
from services.agent.domain.custody import Assignment, Handover, HandoverState
from services.agent.domain.ids import AgentId, QueueId
from services.agent.domain.queue import Queue, Rule

_PRESENCE = {
    PresenceState.ONLINE: pb.PRESENCE_STATE_ONLINE,
    PresenceState.AWAY: pb.PRESENCE_STATE_AWAY,
    PresenceState.OFFLINE: pb.PRESENCE_STATE_OFFLINE,
}
_HANDOVER = {
    HandoverState.PENDING: pb.HANDOVER_STATE_PENDING,
    HandoverState.ACCEPTED: pb.HANDOVER_STATE_ACCEPTED,
    HandoverState.WITHDRAWN: pb.HANDOVER_STATE_WITHDRAWN,
}


def presence_state_to_pb(state: PresenceState) -> pb.PresenceState:
    return _PRESENCE[state]


def presence_state_from_pb(state: pb.PresenceState) -> PresenceState:
    return next(ours for ours, theirs in _PRESENCE.items() if theirs == state)


def handover_state_from_pb(state: pb.HandoverState) -> HandoverState | None:
    """None for unspecified."""
    return next((ours for ours, theirs in _HANDOVER.items() if theirs == state), None)


def agent_to_pb(agent: Agent) -> pb.Agent:
    return pb.Agent(
        name=agent.name,
        display_name=agent.display_name,
        skills=agent.skills,
        capacity=agent.capacity,
        assignment_count=agent.assignment_count,
        presence_state=_PRESENCE[agent.presence.shown],
        create_time=time_to_pb(agent.created),
        update_time=time_to_pb(agent.updated),
        etag=str(agent.version),
    )


def presence_to_pb(agent: Agent) -> pb.Presence:
    return pb.Presence(
        name=f"{agent.name}/presence",
        state=_PRESENCE[agent.presence.shown],
        away_reason=agent.presence.away_reason,
        state_time=time_to_pb(agent.presence.since),
        agent_display_name=agent.display_name,
        assignment_count=agent.assignment_count,
        capacity=agent.capacity,
    )


def queue_to_pb(queue: Queue) -> pb.Queue:
    return pb.Queue(
        name=queue.name,
        display_name=queue.display_name,
        rules=[pb.QueueRule(reasons=rule.reasons, channels=rule.channels) for rule in queue.rules],
        order=queue.order,
        skills=queue.skills,
        accept_target=queue.accept_target,
        entry_count=queue.entry_count,
        create_time=time_to_pb(queue.created),
        update_time=time_to_pb(queue.updated),
        etag=str(queue.version),
    )


def rules_from_pb(queue: pb.Queue) -> tuple[Rule, ...]:
    return tuple(Rule(tuple(rule.reasons), tuple(rule.channels)) for rule in queue.rules)


def target_from_pb(queue: pb.Queue) -> timedelta | None:
    return queue.accept_target.ToTimedelta() if queue.HasField("accept_target") else None


def queue_from_pb(organization: OrganizationId, id: QueueId, queue: pb.Queue, now: datetime) -> Queue:
    return Queue(
        organization=organization,
        id=id,
        display_name=queue.display_name,
        rules=rules_from_pb(queue),
        order=queue.order,
        skills=tuple(queue.skills),
        accept_target=target_from_pb(queue),
        created=now,
        updated=now,
    )


def entry_to_pb(handover: Handover, position: int, me: AgentId | None) -> pb.QueueEntry:
    organization = f"organizations/{handover.organization}"
    return pb.QueueEntry(
        name=f"{organization}/queues/{handover.queue}/entries/{handover.id}",
        handover=f"{organization}/handovers/{handover.id}",
        conversation=f"{organization}/conversations/{handover.conversation}",
        customer_display_name=handover.customer_display_name,
        channel=handover.channel,
        reason=handover.reason,
        position=position,
        wait_time=time_to_pb(handover.created),
        due_time=time_to_pb(handover.due),
        preview=handover.preview,
        declined=me in handover.declined_by,
        customer=handover.customer,
    )


def handover_to_pb(handover: Handover) -> pb.Handover:
    organization = f"organizations/{handover.organization}"
    return pb.Handover(
        name=f"{organization}/handovers/{handover.id}",
        conversation=f"{organization}/conversations/{handover.conversation}",
        queue=f"{organization}/queues/{handover.queue}",
        state=_HANDOVER[handover.state],
        reason=handover.reason,
        agent=f"{organization}/agents/{handover.agent}" if handover.agent else "",
        agent_display_name=handover.agent_display_name,
        declined_by=[f"{organization}/agents/{agent}" for agent in handover.declined_by],
        create_time=time_to_pb(handover.created),
        end_time=time_to_pb(handover.ended),
    )


def assignment_to_pb(assignment: Assignment) -> pb.Assignment:
    organization = f"organizations/{assignment.organization}"
    return pb.Assignment(
        name=f"{organization}/assignments/{assignment.id}",
        conversation=f"{organization}/conversations/{assignment.conversation}",
        agent=f"{organization}/agents/{assignment.agent}",
        agent_display_name=assignment.agent_display_name,
        customer_display_name=assignment.customer_display_name,
        channel=assignment.channel,
        epoch=assignment.epoch,
        preview=assignment.preview,
        unanswered_count=assignment.unanswered,
        start_time=time_to_pb(assignment.started),
        end_time=time_to_pb(assignment.ended),
        message_time=time_to_pb(assignment.messaged),
        customer=assignment.customer,
    )


def canned_reply_to_pb(reply: CannedReply) -> pb.CannedReply:
    return pb.CannedReply(
        name=reply.name,
        shortcut=reply.shortcut,
        text=reply.text,
        create_time=time_to_pb(reply.created),
        update_time=time_to_pb(reply.updated),
        etag=str(reply.version),
    )


def availability_to_pb(found: Availability) -> internal.GetAvailabilityResponse:
    return internal.GetAvailabilityResponse(
        agents_online=found.agents_online,
        usual_wait=found.usual_wait,
        lines=[
            internal.GetAvailabilityResponse.Line(
                entries=[
                    internal.GetAvailabilityResponse.Entry(conversation=entry.conversation, create_time=time_to_pb(entry.since))
                    for entry in line.entries
                ],
                usual_wait=line.usual_wait,
            )
            for line in found.lines
        ],
    )
