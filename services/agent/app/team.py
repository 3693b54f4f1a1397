"""Agents and presence."""

from dataclasses import dataclass

from kit.clock import Clock
from kit.ids import OrganizationId
from services.agent.domain import roster
from services.agent.domain.agent import Agent, AgentNotFound, HeartbeatRules, Me, PresenceState
from services.agent.domain.ids import AgentId
from services.agent.ports import Agents, Heartbeats


@dataclass(frozen=True)
class Team:
    """The agents, and their presence."""

    agents: Agents
    heartbeats: Heartbeats
    now: Clock
    rules: HeartbeatRules

    async def enroll(self, me: Me) -> Agent:
        """The caller's record, made when there is none."""
        known = await self.agents.get(me.organization, me.id)
        return known or await self.agents.add(*roster.enroll(me, self.now()))

    async def get(self, organization: OrganizationId, id: AgentId) -> Agent:
        """One agent. Raises AgentNotFound."""
        agent = await self.agents.get(organization, id)
        if agent is None:
            raise AgentNotFound(organization, id)
        return agent

    async def page(self, organization: OrganizationId, after: tuple[str, str] | None, limit: int) -> list[Agent]:
        """Agents by display name."""
        return await self.agents.page(organization, after, limit)

    async def edit(
        self,
        organization: OrganizationId,
        id: AgentId,
        etag: str,
        display_name: str | None = None,
        skills: tuple[str, ...] | None = None,
        capacity: int | None = None,
    ) -> Agent:
        """Changes a record; None leaves a value as it is. Raises AgentNotFound and EtagMismatch."""

        def change(agent: Agent) -> roster.Changed:
            agent.check(etag)
            return roster.edit(agent, self.now(), display_name, skills, capacity)

        return await self.agents.change(organization, id, change)

    async def choose(self, me: Me, state: PresenceState, away_reason: str) -> Agent:
        """The caller chooses a state. Setting the same twice changes nothing."""
        await self.enroll(me)
        await self.heartbeats.mark(me.organization, me.id, state)
        return await self.agents.change(
            me.organization, me.id, lambda agent: roster.choose(agent, state, away_reason, self.now())
        )

    async def heartbeat(self, me: Me) -> PresenceState:
        """The caller's screen is open. Restores what the caller chose when heartbeats had stopped.

        Usually only Redis is asked.
        """
        marked = await self.heartbeats.beat(me.organization, me.id)
        if marked is not None:
            return marked
        agent = await self.enroll(me)
        await self.heartbeats.mark(me.organization, me.id, agent.presence.chosen)
        if agent.presence.shown is not agent.presence.chosen:
            agent = await self.agents.change(me.organization, me.id, lambda a: roster.notice(a, alive=True, now=self.now()))
        return agent.presence.shown

    async def sweep(self) -> int:
        """Shows those as OFFLINE who have fallen silent; returns how many. Any number of replicas may do it."""
        gone = await self.heartbeats.silent(await self.agents.shown_present())
        for organization, id in gone:
            await self.agents.change(organization, id, lambda a: roster.notice(a, alive=False, now=self.now()))
            # A heartbeat may have come in between: forgetting it makes the next one look here and restore the state.
            await self.heartbeats.drop(organization, id)
        return len(gone)
