"""One agent's screen."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from kit.ids import OrganizationId
from services.agent.app.team import Team
from services.agent.domain import inbox as rules
from services.agent.domain.agent import Agent, Me
from services.agent.domain.custody import Assignment, Handover
from services.agent.domain.facts import AgentPresenceChanged
from services.agent.ports import Custodies, Feed, Told

MAX_ENTRIES = 200


@dataclass(frozen=True)
class Screen:
    """All an agent's screen shows, and where its stream continues."""

    position: int
    waiting: list[Handover]
    assignments: list[Assignment]
    agents: list[Agent]


@dataclass(frozen=True)
class Inbox:
    """An agent's screen, now and as it changes."""

    custodies: Custodies
    team: Team
    feed: Feed

    async def list(self, me: Me) -> Screen:
        """The screen. Its position is read first: what happens in between comes twice, never not at all."""
        await self.team.enroll(me)
        position = await self.feed.end(me.organization)
        return Screen(
            position=position,
            waiting=await self.custodies.waiting(me.organization, None, None, MAX_ENTRIES),
            assignments=await self.custodies.held_by(me.organization, me.id),
            agents=await self.team.page(me.organization, None, MAX_ENTRIES),
        )

    async def watch(self, me: Me, resume_token: str, seconds: float) -> AsyncGenerator[Told | int, None]:
        """The changes of the screen; a bare position is a heartbeat. Ends after `seconds`, by an error that has the token."""
        await self.team.enroll(me)
        feed = self.feed.watch(me.organization, rules.position(resume_token), seconds)
        async with aclosing(feed):
            async for told in feed:
                if isinstance(told, int) or rules.concerns(told.fact, me.id):
                    yield told

    async def watch_presences(
        self, organization: OrganizationId, resume_token: str, seconds: float
    ) -> AsyncGenerator[Told | int, None]:
        """Changes of presence alone."""
        feed = self.feed.watch(organization, rules.position(resume_token), seconds)
        async with aclosing(feed):
            async for told in feed:
                if isinstance(told, int) or isinstance(told.fact, AgentPresenceChanged):
                    yield told
