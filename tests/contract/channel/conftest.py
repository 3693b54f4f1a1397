"""The ports of the channel service on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
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
from services.channel.adapters.postgres.blocks import PostgresBlocks
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.adapters.twilio.config import FORM, KIND
from services.channel.domain.channels import WEB_CHAT, WEB_CHAT_FORM

if TYPE_CHECKING:
    from stack.testing import TestStores


FORMS = {WEB_CHAT: WEB_CHAT_FORM, KIND: FORM}


@dataclass
class Ports:
    """The stores."""

    channels: PostgresChannels
    inbounds: PostgresInbounds
    blocks: PostgresBlocks
    pool: Any

    async def told(self) -> list[str]:
        """The kinds of the facts in the journal, in order."""
        return [row["kind"] for row in await self.pool.fetch("select kind from event order by shard, position")]


@pytest.fixture(scope="module")
def postgres_url(stores: TestStores) -> str:
    return stores.postgres_url("channel")


@pytest.fixture
async def ports(pool: Any, tmp_path: Path) -> AsyncIterator[Ports]:
    journal, jobs = Journal(pool, "channel", convert.fact_to_pb), Jobs(pool, "channel")
    channels = PostgresChannels(pool, journal, Vault(tmp_path / "channel.secrets"), jobs, FORMS)
    inbounds = PostgresInbounds(pool, journal)
    yield Ports(channels, inbounds, PostgresBlocks(pool, journal), pool)
    await inbounds.close()


@pytest.fixture
async def pool(postgres_url: str) -> AsyncIterator[Any]:
    """A pool on empty tables."""
    async with postgres.open_pool(SecretStr(postgres_url)) as pool:
        await migrations.apply(pool, "channel")
        await pool.execute("truncate channel, inbound, delivery, job, blocked_customer, media, media_day, event cascade")
        yield pool
