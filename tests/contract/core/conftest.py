"""Each port of core, in memory and on the real store: the fake is trusted because it passes here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from kit import ids, migrations, postgres
from kit.clock import utc_now
from kit.ids import OrganizationId
from kit.journal import Journal, shard_of
from services.core.adapters.customers import PostgresCustomers
from services.core.adapters.dispatches import PostgresDispatches
from services.core.adapters.in_memory import (
    InMemoryConversations,
    InMemoryCustomers,
    InMemoryDispatches,
    InMemoryReplicas,
)
from services.core.adapters.postgres import PostgresConversations
from services.core.adapters.replicas import PostgresReplicas
from services.core.convert.facts import fact_to_pb
from services.core.domain import ChannelId, Content, Conversation, Identity, IdentityKind, IdentitySource, Opening, receive
from services.core.ports import Conversations, Customers, Dispatches, Replicas

if TYPE_CHECKING:
    from stack.testing import TestStores

WEB = ChannelId("web")


@dataclass
class Kept:
    """The ports of one kind, with an organization that no one else has."""

    conversations: Conversations
    customers: Customers
    dispatches: Dispatches
    replicas: Replicas
    organization: OrganizationId
    pool: Any = None

    async def open(self, address: str = "b1", name: str = "Sam") -> Conversation:
        identity = Identity(IdentityKind.BROWSER, address, verified=utc_now(), source=IdentitySource.SESSION)
        return await self.conversations.open(self.organization, Opening(WEB, identity, display_name=name, language="en"))

    async def asked(self, address: str = "b1", text: str = "How long?", source: str = "channel/web/m1") -> Conversation:
        """A conversation in which the customer has said something, and the assistant owes an answer."""
        change = receive(await self.open(address), Content.of(text), source, utc_now())
        await self.conversations.commit(change)
        return change.after

    async def facts(self) -> list[str]:
        """The kinds of the facts told of conversations, in the journal's order."""
        if isinstance(self.conversations, InMemoryConversations):
            return [type(fact).__name__ for owner, fact in self.conversations.facts if owner == self.organization]
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


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Any:
    """The pool of the real store, or None for the one in memory."""
    return request.getfixturevalue("pool") if request.param == "postgres" else None


@pytest_asyncio.fixture(loop_scope="session")
async def kept(store: Any) -> Kept:
    organization = OrganizationId(f"o-{ids.new()}")
    if store is None:
        customers = InMemoryCustomers()
        memory = InMemoryConversations(customers)
        return Kept(memory, customers, InMemoryDispatches(memory), InMemoryReplicas(memory), organization)
    await store.execute("truncate replica, event, turn, message, dispatch, conversation, identity, customer cascade")
    await store.execute("update shard set position = 0")
    log = Journal(store, "core", fact_to_pb)
    conversations = PostgresConversations(store, log, await postgres.database_clock(store))
    dispatches, replicas = PostgresDispatches(store), PostgresReplicas(store)
    return Kept(conversations, PostgresCustomers(store, log), dispatches, replicas, organization, store)
