"""Handovers and conversations: actions of agents, and facts of core."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from kit.clock import Clock
from kit.ids import OrganizationId
from services.agent.app.team import Team
from services.agent.domain import custody as rules
from services.agent.domain.agent import Me
from services.agent.domain.custody import (
    Assignment,
    AssignmentNotFound,
    Custody,
    Handover,
    HandoverNotFound,
    HandoverState,
    HandoverTaken,
    HandoverWithdrawn,
    NotAssignedToYou,
    Request,
)
from services.agent.domain.facts import Author, Cause
from services.agent.domain.ids import AgentId, AssignmentId, ConversationId, HandoverId
from services.agent.domain.queue import DEFAULT_QUEUE, route
from services.agent.ports import ConversationTaken, Core, Custodies, Queues, Said, Taken, Written


@dataclass(frozen=True, slots=True)
class Accepted:
    """The result of accepting a handover, and the names of the assistant's messages that may still arrive."""

    handover: Handover
    assignment: Assignment
    on_the_wire: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """The waiting conversations, and the agents of the others. Core decides; what is stored here follows."""

    custodies: Custodies
    queues: Queues
    team: Team
    core: Core
    new_id: Callable[[], str]
    now: Clock

    # The facts of core, in the order of its journal; each may have been applied already, by an agent's own call.

    async def requested(self, organization: OrganizationId, conversation: ConversationId, request: Request) -> None:
        """Core says that a conversation needs an agent: it gets in line."""
        queue = route(await self.queues.all(organization), request.reason, request.channel)
        now = self.now()
        routed = replace(request, queue=queue.id if queue else DEFAULT_QUEUE, due=queue.due(now) if queue else None)
        id = HandoverId(self.new_id())
        await self.custodies.change(organization, conversation, lambda c: rules.queue_up(c, routed, id, now))

    async def taken(
        self, organization: OrganizationId, conversation: ConversationId, agent: AgentId, display_name: str, taken: Taken
    ) -> rules.Change:
        """Core says that an agent has a conversation."""
        id, now = AssignmentId(self.new_id()), self.now()
        return await self.custodies.change(
            organization,
            conversation,
            lambda c: rules.take(c, agent, display_name, taken.epoch, taken.channel, id, now),
        )

    async def taken_at_core(
        self, organization: OrganizationId, conversation: ConversationId, agent: AgentId, taken: Taken
    ) -> None:
        """Core's journal says that an agent has a conversation. The agent's name is the one that is known here."""
        known = await self.team.agents.get(organization, agent)
        await self.taken(organization, conversation, agent, known.display_name if known else "", taken)

    async def released(
        self, organization: OrganizationId, conversation: ConversationId, cause: Cause, epoch: int
    ) -> rules.Change:
        """Core says that a conversation is the assistant's again (RETURNED), or closed (RESOLVED)."""
        now = self.now()
        return await self.custodies.change(organization, conversation, lambda c: rules.release(c, cause, epoch, now))

    async def heard(
        self, organization: OrganizationId, conversation: ConversationId, message: str, author: Author, text: str
    ) -> None:
        """Core says that a message was written (not a note) in a conversation that waits or that an agent has."""
        now = self.now()
        await self.custodies.change(organization, conversation, lambda c: rules.hear(c, message, author, text, now))

    # The actions of agents.

    async def handover(self, organization: OrganizationId, id: HandoverId) -> Handover:
        """One handover. Raises HandoverNotFound."""
        handover = await self.custodies.handover(organization, id)
        if handover is None:
            raise HandoverNotFound(organization, id)
        return handover

    async def handovers(
        self,
        organization: OrganizationId,
        state: HandoverState | None,
        conversation: ConversationId | None,
        before: HandoverId | None,
        limit: int,
    ) -> list[Handover]:
        """Handovers, the newest first."""
        return await self.custodies.handovers(organization, state, conversation, before, limit)

    async def request(self, me: Me, conversation: ConversationId, reason: str) -> Handover | None:
        """Asks core that an agent takes a conversation over; the handover, if it is in a queue already."""
        await self.core.request_handover(me.organization, conversation, reason)
        return (await self.custodies.find(me.organization, conversation)).pending

    async def accept(self, me: Me, id: HandoverId) -> Accepted:
        """Takes the conversation of a handover. Raises HandoverNotFound, HandoverTaken, HandoverWithdrawn; errors of core.

        The winner may repeat it, and core is asked again: the call before may not have heard that the assistant is silent.
        Core decides between two who accept at once.
        """
        agent = await self.team.enroll(me)
        handover = await self.handover(me.organization, id)
        if handover.agent == me.id:
            mine = await self._still_mine(me, handover)
            taken = await self.core.take(me.organization, handover.conversation, me.id, agent.display_name)
            return Accepted(handover, mine, taken.on_the_wire)
        rules.check_pending(handover)
        try:
            taken = await self.core.take(me.organization, handover.conversation, me.id, agent.display_name)
        except ConversationTaken as error:
            raise HandoverTaken(me.organization, id, error.agent, error.display_name) from error
        change = await self.taken(me.organization, handover.conversation, me.id, agent.display_name, taken)
        current = change.custody.current
        if current is None or current.agent != me.id:  # news from core overtook us: someone has it since
            rules.check_pending(await self.handover(me.organization, id))
            raise AssignmentNotFound(me.organization, handover.conversation)
        return Accepted(await self.handover(me.organization, id), current, taken.on_the_wire)

    async def _still_mine(self, me: Me, handover: Handover) -> Assignment:
        current = (await self.custodies.find(me.organization, handover.conversation)).current
        if current is None:
            raise HandoverWithdrawn(me.organization, handover.id)
        if current.agent != me.id:
            raise HandoverTaken(me.organization, handover.id, current.agent, current.agent_display_name)
        return current

    async def decline(self, me: Me, id: HandoverId, reason: str) -> Handover:
        """The caller won't take it. Raises HandoverNotFound, HandoverTaken, HandoverWithdrawn."""
        await self.team.enroll(me)
        handover = await self.handover(me.organization, id)
        rules.check_pending(handover)

        def change(custody: Custody) -> rules.Change:
            newest = custody.handover
            return rules.decline(custody, newest if newest and newest.id == id else handover, me.id, reason.strip())

        declined = await self.custodies.change(me.organization, handover.conversation, change)
        return declined.custody.handover or handover

    async def transfer(self, me: Me, conversation: ConversationId, to: AgentId, *, manages: bool) -> Assignment:
        """Passes a conversation to another agent. Raises AssignmentNotFound, AgentNotFound, NotAssignedToYou."""
        current = (await self.custodies.find(me.organization, conversation)).current
        if current is not None and current.agent == to:
            return current
        current = _of(current, me, conversation, manages=manages)
        target = await self.team.get(me.organization, to)
        try:
            taken = await self.core.take(me.organization, conversation, to, target.display_name, from_agent=current.agent)
        except ConversationTaken as error:
            has = replace(current, agent=error.agent, agent_display_name=error.display_name)
            raise NotAssignedToYou(has) from error
        change = await self.taken(me.organization, conversation, to, target.display_name, taken)
        return _of(change.custody.current, me, conversation, manages=True)

    async def give_back(self, me: Me, conversation: ConversationId, *, manages: bool) -> Assignment:
        """Gives a conversation back to the assistant. Raises AssignmentNotFound, NotAssignedToYou."""
        custody = await self.custodies.find(me.organization, conversation)
        if done := _already(custody, Cause.RETURNED):
            return done
        current = _of(custody.current, me, conversation, manages=manages)
        given = await self.core.give_back(me.organization, conversation, current.agent)
        change = await self.released(me.organization, conversation, Cause.RETURNED, given.epoch)
        return change.ended or _ended(change.custody, current)

    async def resolve(self, me: Me, conversation: ConversationId, *, manages: bool) -> Assignment:
        """Closes a conversation at core. Raises AssignmentNotFound, NotAssignedToYou."""
        custody = await self.custodies.find(me.organization, conversation)
        if done := _already(custody, Cause.RESOLVED):
            return done
        current = _of(custody.current, me, conversation, manages=manages)
        closed = await self.core.close(me.organization, conversation)
        change = await self.released(me.organization, conversation, Cause.RESOLVED, closed.epoch)
        return change.ended or _ended(change.custody, current)

    async def reply(self, me: Me, conversation: ConversationId, said: Said, request_id: str) -> Written:
        """Says something to the customer. Raises AssignmentNotFound, NotAssignedToYou; errors of core."""
        current = (await self.custodies.find(me.organization, conversation)).current
        _of(current, me, conversation, manages=False)
        return await self.core.post(me.organization, conversation, me.id, said, request_id)

    async def note(self, me: Me, conversation: ConversationId, said: Said, request_id: str) -> Written:
        """Writes a note. Errors of core."""
        agent = await self.team.enroll(me)
        return await self.core.note(me.organization, conversation, me.id, agent.display_name, said, request_id)


def _of(current: Assignment | None, me: Me, conversation: ConversationId, *, manages: bool) -> Assignment:
    if current is None:
        raise AssignmentNotFound(me.organization, conversation)
    if current.agent != me.id and not manages:
        raise NotAssignedToYou(current)
    return current


def _already(custody: Custody, cause: Cause) -> Assignment | None:
    newest = custody.assignment
    return newest if newest is not None and newest.cause is cause and custody.pending is None else None


def _ended(custody: Custody, was: Assignment) -> Assignment:
    """The assignment as core's journal ended it, when that came before this call's own change."""
    newest = custody.assignment
    return newest if newest is not None and newest.id == was.id else was
