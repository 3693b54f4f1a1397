"""Agent's use cases on a real PostgreSQL, with a core of the tests and a clock that is moved by hand."""

from __future__ import annotations

import itertools
from typing import Any

from kit.ids import OrganizationId
from services.agent.adapters.database import Database
from services.agent.adapters.journal_feed import JournalFeed
from services.agent.adapters.postgres_catalog import PostgresQueues
from services.agent.adapters.postgres_custodies import PostgresCustodies
from services.agent.domain.agent import HeartbeatRules
from services.agent.domain.custody import Handover, Request
from services.agent.domain.ids import ConversationId, QueueId
from services.agent.main import compose
from tests.fakes.agent import FakeCore, HandHeartbeats
from tests.fakes.clock import HandClock

ORGANIZATION = OrganizationId("acme")
CONVERSATION = ConversationId("c1")


class World:
    """The service's use cases and what is behind them."""

    def __init__(self, pool: Any, database: Database, feed: JournalFeed) -> None:
        self.pool = pool
        self.clock = HandClock()
        self.start = 0
        """Where the journal stood before the test."""
        numbers = itertools.count(1)
        rules = HeartbeatRules()
        self.feed = feed
        self.custodies = PostgresCustodies(database)
        self.queues = PostgresQueues(database)
        self.heartbeats = HandHeartbeats(self.clock, rules.expires)
        self.core = FakeCore(self.clock)
        self.app = compose(database, self.heartbeats, self.core, feed, rules, lambda: f"id-{next(numbers):04}", self.clock)
        self.team, self.desk, self.inbox, self.catalog = self.app.team, self.app.desk, self.app.inbox, self.app.catalog

    async def facts(self) -> list[str]:
        """The kinds of the facts in the journal, in order."""
        return [kind for (kind,) in await self.pool.fetch("select kind from event order by position")]

    async def ask_for_human(self, conversation: ConversationId = CONVERSATION, **about: str) -> Handover:
        """Core says that a conversation needs an agent; returns the queue."""
        key = ORGANIZATION, conversation
        self.core.epochs[key] += 1
        request = Request(
            reason=about.get("reason", "The customer asked for a human."),
            customer_display_name="A customer",
            channel=about.get("channel", "organizations/acme/channels/web"),
            text=about.get("text", "Can I talk to a person?"),
            epoch=self.core.epochs[key],
            queue=QueueId(""),
            customer="organizations/acme/customers/k1",
        )
        await self.desk.requested(ORGANIZATION, conversation, request)
        pending = (await self.custodies.find(ORGANIZATION, conversation)).pending
        assert pending is not None
        return pending
