"""The custody of a conversation, by core's facts: it waits (a pending handover), an agent has it (an open assignment), or
neither.

The functions here take a custody and what happened, and return what it is then, with the facts to append. Each may receive the
same thing twice, by core's answer and by core's journal, in either order: the epoch says which news is old.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kit import errors, excerpts
from kit.ids import OrganizationId
from services.agent.domain import facts
from services.agent.domain.facts import Author, Cause, Fact
from services.agent.domain.ids import AgentId, AssignmentId, ConversationId, HandoverId, QueueId

PREVIEW_CHARACTERS = 200


class HandoverNotFound(errors.NotFound):
    reason = "HANDOVER_NOT_FOUND"

    def __init__(self, organization: OrganizationId, handover: HandoverId) -> None:
        name = f"organizations/{organization}/handovers/{handover}"
        super().__init__(f"There is no handover {name}.", handover=name)


class HandoverTaken(errors.FailedPrecondition):
    reason = "HANDOVER_TAKEN"

    def __init__(self, organization: OrganizationId, handover: HandoverId, agent: AgentId, display_name: str) -> None:
        super().__init__(
            f"{display_name or 'Another agent'} was first and has the conversation now.",
            handover=f"organizations/{organization}/handovers/{handover}",
            agent=f"organizations/{organization}/agents/{agent}",
            agent_display_name=display_name,
        )


class HandoverWithdrawn(errors.FailedPrecondition):
    reason = "HANDOVER_WITHDRAWN"

    def __init__(self, organization: OrganizationId, handover: HandoverId) -> None:
        super().__init__(
            "The conversation no longer waits: it was closed or went back to the assistant.",
            handover=f"organizations/{organization}/handovers/{handover}",
        )


class AssignmentNotFound(errors.NotFound):
    reason = "ASSIGNMENT_NOT_FOUND"

    def __init__(self, organization: OrganizationId, conversation: ConversationId) -> None:
        name = f"organizations/{organization}/conversations/{conversation}"
        super().__init__("No agent has this conversation; accept its handover first.", conversation=name)


class NotAssignedToYou(errors.FailedPrecondition):
    reason = "NOT_ASSIGNED_TO_YOU"

    def __init__(self, assignment: "Assignment") -> None:
        super().__init__(
            f"{assignment.agent_display_name or 'Another agent'} has this conversation.",
            conversation=f"organizations/{assignment.organization}/conversations/{assignment.conversation}",
            agent=f"organizations/{assignment.organization}/agents/{assignment.agent}",
            agent_display_name=assignment.agent_display_name,
        )


class HandoverState(StrEnum):
    """How far a handover is."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Handover:
    """The passing of one conversation from the assistant to the agents."""

    organization: OrganizationId
    id: HandoverId
    conversation: ConversationId
    queue: QueueId
    state: HandoverState
    reason: str
    customer_display_name: str
    channel: str
    """Resource name of the channel the customer writes on."""
    preview: str
    created: datetime
    due: datetime | None
    agent: AgentId | None = None
    agent_display_name: str = ""
    declined_by: tuple[AgentId, ...] = ()
    ended: datetime | None = None
    customer: str = ""
    """Resource name; empty: an earlier release stored it."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """That an agent has a conversation, from when to when."""

    organization: OrganizationId
    id: AssignmentId
    conversation: ConversationId
    agent: AgentId
    agent_display_name: str
    customer_display_name: str
    channel: str
    epoch: int
    preview: str
    unanswered: int
    started: datetime
    ended: datetime | None = None
    cause: Cause | None = None
    messaged: datetime | None = None
    customer: str = ""
    """Resource name; empty: an earlier release stored it."""


@dataclass(frozen=True, slots=True)
class Custody:
    """The custody of one conversation: its newest handover and newest assignment, either of which may be over."""

    organization: OrganizationId
    conversation: ConversationId
    epoch: int = 0
    handover: Handover | None = None
    assignment: Assignment | None = None

    @property
    def pending(self) -> Handover | None:
        """The handover that waits for an agent."""
        waits = self.handover is not None and self.handover.state is HandoverState.PENDING
        return self.handover if waits else None

    @property
    def current(self) -> Assignment | None:
        """The assignment that lasts."""
        lasts = self.assignment is not None and self.assignment.ended is None
        return self.assignment if lasts else None


@dataclass(frozen=True, slots=True)
class Change:
    """A custody as it is now, the rows that changed, and the facts to append."""

    custody: Custody
    facts: tuple[Fact, ...] = ()
    ended: Assignment | None = None
    """The assignment that this change ended."""


@dataclass(frozen=True, slots=True)
class Request:
    """Core's fact that a conversation needs an agent."""

    reason: str
    customer_display_name: str
    channel: str
    text: str
    epoch: int
    queue: QueueId
    due: datetime | None = field(default=None)
    customer: str = ""
    """Resource name."""


def preview(text: str) -> str:
    """The beginning of a text on one line."""
    return excerpts.excerpt(" ".join(text.split()), PREVIEW_CHARACTERS)


def queue_up(custody: Custody, request: Request, id: HandoverId, now: datetime) -> Change:
    """Puts a conversation in line. One that waits, or that an agent has, stays as it is."""
    if request.epoch < custody.epoch or custody.pending or custody.current:
        return Change(custody)
    handover = Handover(
        organization=custody.organization,
        id=id,
        conversation=custody.conversation,
        queue=request.queue,
        state=HandoverState.PENDING,
        reason=request.reason,
        customer_display_name=request.customer_display_name,
        channel=request.channel,
        preview=preview(request.text),
        created=now,
        due=request.due,
        customer=request.customer,
    )
    fact = facts.HandoverQueued(handover.id, handover.conversation, handover.queue)
    return Change(replace(custody, epoch=request.epoch, handover=handover), (fact,))


def take(
    custody: Custody, agent: AgentId, display_name: str, epoch: int, channel: str, id: AssignmentId, now: datetime
) -> Change:
    """An agent has the conversation since `epoch`: ends who had it before, ends the waiting, begins an assignment."""
    had = custody.current
    if epoch < custody.epoch or (custody.assignment is not None and custody.assignment.epoch >= epoch):
        return Change(custody)
    told: list[Fact] = []
    ended, finished = _finish(had, Cause.TRANSFERRED, now)
    told += finished
    handover = custody.handover
    if waiting := custody.pending:
        handover = replace(waiting, state=HandoverState.ACCEPTED, agent=agent, agent_display_name=display_name, ended=now)
        waited = _between(waiting.created, now)
        told.append(facts.HandoverAccepted(waiting.id, waiting.conversation, waiting.queue, agent, waited))
    about = had or handover
    assignment = Assignment(
        organization=custody.organization,
        id=id,
        conversation=custody.conversation,
        agent=agent,
        agent_display_name=display_name,
        customer_display_name=about.customer_display_name if about else "",
        channel=channel or (about.channel if about else ""),
        epoch=epoch,
        preview=about.preview if about else "",
        unanswered=had.unanswered if had else 1,
        started=now,
        customer=about.customer if about else "",
    )
    told.append(facts.AssignmentStarted(id, custody.conversation, agent, epoch))
    return Change(replace(custody, epoch=epoch, handover=handover, assignment=assignment), tuple(told), ended)


def release(custody: Custody, cause: Cause, epoch: int, now: datetime) -> Change:
    """The conversation was closed or went back to the assistant: no one has it and it no longer waits."""
    if epoch < custody.epoch:
        return Change(custody)
    ended, told = _finish(custody.current, cause, now)
    handover = custody.handover
    if waiting := custody.pending:
        handover = replace(waiting, state=HandoverState.WITHDRAWN, ended=now)
        told.append(facts.HandoverWithdrawn(waiting.id, waiting.conversation, waiting.queue))
    assignment = ended or custody.assignment
    return Change(replace(custody, epoch=epoch, handover=handover, assignment=assignment), tuple(told), ended)


def decline(custody: Custody, handover: Handover, agent: AgentId, reason: str) -> Change:
    """An agent won't take it; it waits on for the others. Raises what `check_pending` raises."""
    check_pending(handover)
    if agent in handover.declined_by:
        return Change(custody)
    declined = replace(handover, declined_by=(*handover.declined_by, agent))
    fact = facts.HandoverDeclined(handover.id, handover.conversation, agent, reason)
    return Change(replace(custody, handover=declined), (fact,))


def hear(custody: Custody, message: str, author: Author, text: str, now: datetime) -> Change:
    """A message was written: the screens of who waits for it, or has it, show its beginning."""
    short = preview(text)
    if current := custody.current:
        unanswered = current.unanswered + 1 if author is Author.CUSTOMER else 0
        assignment = replace(current, preview=short, unanswered=unanswered, messaged=now)
        fact = facts.AssignedMessageCreated(custody.conversation, message, author, current.agent)
        return Change(replace(custody, assignment=assignment), (fact,))
    if (waiting := custody.pending) and author is Author.CUSTOMER:
        fact = facts.AssignedMessageCreated(custody.conversation, message, author, None)
        return Change(replace(custody, handover=replace(waiting, preview=short)), (fact,))
    return Change(custody)


def check_pending(handover: Handover) -> None:
    """Raises HandoverTaken or HandoverWithdrawn when the handover no longer waits."""
    if handover.state is HandoverState.ACCEPTED and handover.agent is not None:
        raise HandoverTaken(handover.organization, handover.id, handover.agent, handover.agent_display_name)
    if handover.state is HandoverState.WITHDRAWN:
        raise HandoverWithdrawn(handover.organization, handover.id)


def _finish(assignment: Assignment | None, cause: Cause, now: datetime) -> tuple[Assignment | None, list[Fact]]:
    if assignment is None:
        return None, []
    fact = facts.AssignmentFinished(
        assignment.id, assignment.conversation, assignment.agent, cause, _between(assignment.started, now)
    )
    return replace(assignment, ended=now, cause=cause), [fact]


def _between(start: datetime, end: datetime) -> timedelta:
    return max(timedelta(), end - start)
