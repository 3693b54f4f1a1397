"""One agent's screen."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from kit import streams
from kit.ids import OrganizationId
from services.agent.app.team import Team
from services.agent.domain import inbox as rules
from services.agent.domain.agent import Agent, Me
from services.agent.domain.custody import Assignment, Handover
from services.agent.domain.facts import AgentPresenceChanged, Fact
from services.agent.ports import Batch, Custodies, Feed, Told

MAX_ENTRIES = 200
HEARTBEAT_SECONDS = 20.0
"""A screen for which nothing happened gets a heartbeat then, while others are busy."""


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

    async def watch(self, me: Me, resume_token: str, seconds: float) -> AsyncGenerator[Batch, None]:
        """The changes of the screen. Ends after `seconds`, by an error that has the token."""
        await self.team.enroll(me)
        feed = self.feed.watch(me.organization, streams.position(resume_token), seconds)
        async with aclosing(_shown(feed, lambda fact: rules.concerns(fact, me.id))) as shown:
            async for batch in shown:
                yield batch

    async def watch_presences(
        self, organization: OrganizationId, resume_token: str, seconds: float
    ) -> AsyncGenerator[Batch, None]:
        """Changes of presence alone."""
        feed = self.feed.watch(organization, streams.position(resume_token), seconds)
        async with aclosing(_shown(feed, lambda fact: isinstance(fact, AgentPresenceChanged))) as shown:
            async for batch in shown:
                yield batch


async def _shown(feed: AsyncGenerator[Batch, None], choose: Callable[[Fact], bool]) -> AsyncGenerator[Batch, None]:
    """Of each batch the chosen facts, and of each subject the newest. Nothing chosen for long becomes a heartbeat."""
    seconds = asyncio.get_running_loop().time
    last = seconds()
    async with aclosing(feed):
        async for batch in feed:
            told = newest([told for told in batch.told if choose(told.fact)])
            if told or not batch.told or seconds() - last >= HEARTBEAT_SECONDS:
                last = seconds()
                yield Batch(batch.position, told)


def newest(told: Sequence[Told]) -> list[Told]:
    """Facts in order, without those that a later one replaces."""
    last = {rules.subject(each.fact): each.position for each in told}
    return [each for each in told if (subject := rules.subject(each.fact)) is None or last[subject] == each.position]
