"""An agent service without the world: every port in memory, and a clock that stands still."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from kit.ids import OrganizationId
from services.agent.adapters.in_memory import (
    InMemoryAgents,
    InMemoryCannedReplies,
    InMemoryCore,
    InMemoryCustodies,
    InMemoryFeed,
    InMemoryHeartbeats,
    InMemoryQueues,
)
from services.agent.app import App, Catalog, Desk, Inbox, Team
from services.agent.domain.agent import HeartbeatRules
from services.agent.domain.custody import Handover, Request
from services.agent.domain.ids import ConversationId, QueueId

ORGANIZATION = OrganizationId("acme")
CONVERSATION = ConversationId("c1")


class StoppedClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


class World:
    """The service's use cases and what is behind them."""

    def __init__(self) -> None:
        self.clock = StoppedClock()
        numbers = itertools.count(1)
        rules = HeartbeatRules()
        self.feed = InMemoryFeed(self.clock)
        self.custodies = InMemoryCustodies(self.feed)
        self.queues = InMemoryQueues(self.custodies)
        self.heartbeats = InMemoryHeartbeats(self.clock, rules.expires)
        self.core = InMemoryCore(self.clock)
        self.team = Team(InMemoryAgents(self.feed, self.custodies), self.heartbeats, self.clock, rules)
        self.desk = Desk(self.custodies, self.queues, self.team, self.core, lambda: f"id-{next(numbers):04}", self.clock)
        self.inbox = Inbox(self.custodies, self.team, self.feed)
        self.catalog = Catalog(
            self.queues, self.custodies, InMemoryCannedReplies(), lambda: f"id-{next(numbers):04}", self.clock
        )
        self.app = App(self.team, self.desk, self.inbox, self.catalog)

    def facts(self) -> list[str]:
        """The kinds of what was told, in order."""
        return [type(fact).__name__ for fact in self.feed.facts(ORGANIZATION)]

    async def ask_for_human(self, conversation: ConversationId = CONVERSATION, **about: str) -> Handover:
        """Core says that a conversation needs an agent; returns what is in line."""
        key = ORGANIZATION, conversation
        self.core.epochs[key] += 1
        request = Request(
            reason=about.get("reason", "The customer asked for a human."),
            customer_display_name="A customer",
            channel=about.get("channel", "organizations/acme/channels/web"),
            text=about.get("text", "Can I talk to a person?"),
            epoch=self.core.epochs[key],
            queue=QueueId(""),
        )
        await self.desk.requested(ORGANIZATION, conversation, request)
        pending = (await self.custodies.find(ORGANIZATION, conversation)).pending
        assert pending is not None
        return pending
