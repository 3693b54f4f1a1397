"""The ports of core on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest_asyncio
from pydantic import SecretStr

from kit import ids, migrations, postgres
from kit.clock import utc_now
from kit.ids import OrganizationId
from kit.journal import Journal, shard_of
from services.core.adapters.customers import PostgresCustomers
from services.core.adapters.dispatches import PostgresDispatches
from services.core.adapters.postgres import PostgresConversations
from services.core.adapters.replicas import PostgresReplicas
from services.core.convert.facts import fact_to_pb
from services.core.domain import ChannelId, Content, Conversation, Identity, IdentityKind, IdentitySource, Opening, receive
from tests.support.tables import empty

if TYPE_CHECKING:
    from stack.testing import TestStores

WEB = ChannelId("web")


@dataclass
class Kept:
    """The stores, with an organization that no one else has."""

    conversations: PostgresConversations
    customers: PostgresCustomers
    dispatches: PostgresDispatches
    replicas: PostgresReplicas
    organization: OrganizationId
    pool: Any
    journal: Journal

    async def open(self, address: str = "b1", name: str = "Sam") -> Conversation:
        identity = Identity(IdentityKind.BROWSER, address, verified=utc_now(), source=IdentitySource.SESSION)
        return await self.conversations.open(self.organization, Opening(WEB, identity, display_name=name, language="en"))

    async def asked(self, address: str = "b1", text: str = "How long?", source: str = "channel/web/m1") -> Conversation:
        """A conversation in which the customer has said something, and the assistant owes an answer."""
        change = receive(await self.open(address), Content.of(text), source, utc_now())
        await self.conversations.commit(change)
        return change.after

    async def claim(self, *args: Any, **more: Any) -> list[Conversation]:
        """Claims as `Conversations.claim`, and reads what it got."""
        return [await self.conversations.load(*key) for key in await self.conversations.claim(*args, **more)]

    async def facts(self) -> list[str]:
        """The kinds of the facts about conversations, in the journal's order."""
        told = await self.pool.fetch(
            "select position, kind from event where shard = $1 order by position", shard_of(self.organization)
        )
        assert [row["position"] for row in told] == list(range(1, len(told) + 1))
        return [row["kind"] for row in told if not row["kind"].startswith(("Customer", "Identity"))]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def pool(stores: TestStores) -> AsyncIterator[Any]:
    async with postgres.open_pool(SecretStr(stores.postgres_url("core"))) as pool:
        await migrations.apply(pool, "core")
        yield pool


@pytest_asyncio.fixture(loop_scope="session")
async def kept(pool: Any) -> Kept:
    await empty(pool)
    await pool.execute("update shard set position = 0, deleted = 0")
    log = Journal(pool, "core", fact_to_pb)
    conversations = PostgresConversations(pool, log, await postgres.database_clock(pool))
    dispatches, replicas = PostgresDispatches(pool), PostgresReplicas(pool)
    return Kept(conversations, PostgresCustomers(pool, log), dispatches, replicas, OrganizationId(f"o-{ids.new()}"), pool, log)
