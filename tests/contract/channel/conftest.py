"""Each port of the channel service, in memory and on the real store: the fake is trusted because it passes here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from kit import migrations, postgres
from kit.journal import Journal
from kit.vault import Vault
from services.channel.adapters.in_memory import Facts, MemoryBlocks, MemoryChannels, MemoryInbounds
from services.channel.adapters.in_memory_deliveries import MemoryDeliveries, MemoryPolls
from services.channel.adapters.postgres.blocks import PostgresBlocks
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.adapters.postgres.deliveries import PostgresDeliveries, PostgresOutbox
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.adapters.postgres.polls import PostgresPolls
from services.channel.domain.channels import ChannelId, Kind
from services.channel.domain.deliveries import Delivery
from services.channel.ports import Blocks, Channels, Deliveries, Inbounds, Polls

if TYPE_CHECKING:
    from stack.testing import TestStores


PROVIDED = [Kind.WHATSAPP_TWILIO]


@dataclass
class Ports:
    """The stores of one kind."""

    channels: Channels
    inbounds: Inbounds
    deliveries: Deliveries
    polls: Polls
    blocks: Blocks
    pool: Any
    facts: Facts

    async def queue(self, *deliveries: Delivery) -> None:
        """Queues deliveries, as part of a transaction where there are any."""
        if isinstance(self.deliveries, MemoryDeliveries):
            await self.deliveries.add(deliveries)
            return
        async with self.pool.acquire() as connection, connection.transaction():
            await PostgresOutbox(connection, Journal(self.pool, "channel")).add(deliveries)

    async def seal(self, channel: str) -> None:
        """Takes away the key to a channel's credentials."""
        if isinstance(self.channels, MemoryChannels):
            self.channels.sealed.add(ChannelId(channel))
            return
        await self.pool.execute("update channel set credentials = 'lost:key' where id = $1", channel)

    async def told(self) -> list[str]:
        """The kinds of the facts told, in order."""
        if self.pool is None:
            return [type(fact).__name__ for _, fact in self.facts.told]
        return [row["kind"] for row in await self.pool.fetch("select kind from event order by shard, position")]


@pytest.fixture(scope="module")
def postgres_url(stores: TestStores) -> str:
    return stores.postgres_url("channel")


@pytest.fixture(params=["memory", "postgres"])
async def ports(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ports]:
    facts = Facts()
    if request.param == "memory":
        channels = MemoryChannels(facts.tell)
        inbounds = MemoryInbounds(facts.tell)
        polls = MemoryPolls(channels, PROVIDED)
        yield Ports(channels, inbounds, MemoryDeliveries(facts.tell), polls, MemoryBlocks(facts.tell), None, facts)
        return
    url = SecretStr(request.getfixturevalue("postgres_url"))
    async with postgres.open_pool(url) as pool:
        await migrations.apply(pool, "channel")
        await pool.execute(
            "truncate channel, session, session_secret, web_conversation, inbound, delivery, poll, blocked_customer, event"
        )
        journal = Journal(pool, "channel")
        real = PostgresChannels(pool, journal, Vault(tmp_path / "channel.secrets"))
        kept = PostgresInbounds(pool, journal)
        deliveries, real_polls = PostgresDeliveries(pool, journal), PostgresPolls(pool, real, PROVIDED)
        blocks = PostgresBlocks(pool, journal)
        yield Ports(real, kept, deliveries, real_polls, blocks, pool, facts)
        await kept.close()
