"""Each port of the channel service, in memory and on the real store: the fake is trusted because it passes here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from kit import migrations, postgres
from kit.jobs.table import Jobs
from kit.journal import Journal
from kit.vault import Vault
from services.channel import convert
from services.channel.adapters.in_memory import Facts, MemoryBlocks, MemoryChannels, MemoryInbounds
from services.channel.adapters.postgres.blocks import PostgresBlocks
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.adapters.twilio.config import FORM, KIND
from services.channel.domain.channels import WEB_CHAT, WEB_CHAT_FORM, ChannelId
from services.channel.ports import Blocks, Channels, Inbounds

if TYPE_CHECKING:
    from stack.testing import TestStores


FORMS = {WEB_CHAT: WEB_CHAT_FORM, KIND: FORM}


@dataclass
class Ports:
    """The stores of one kind."""

    channels: Channels
    inbounds: Inbounds
    blocks: Blocks
    pool: Any
    facts: Facts

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
        yield Ports(channels, inbounds, MemoryBlocks(facts.tell), None, facts)
        return
    async with emptied(request.getfixturevalue("postgres_url")) as pool:
        journal, jobs = Journal(pool, "channel", convert.fact_to_pb), Jobs(pool, "channel")
        real = PostgresChannels(pool, journal, Vault(tmp_path / "channel.secrets"), jobs, FORMS)
        kept = PostgresInbounds(pool, journal)
        yield Ports(real, kept, PostgresBlocks(pool, journal), pool, facts)
        await kept.close()


@asynccontextmanager
async def emptied(url: str) -> AsyncIterator[Any]:
    """A pool on empty tables."""
    async with postgres.open_pool(SecretStr(url)) as pool:
        await migrations.apply(pool, "channel")
        await pool.execute("truncate channel, inbound, delivery, job, blocked_customer, event cascade")
        yield pool


@pytest.fixture
async def pool(postgres_url: str) -> AsyncIterator[Any]:
    async with emptied(postgres_url) as pool:
        yield pool
