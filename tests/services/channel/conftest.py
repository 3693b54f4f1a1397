"""Fixtures: channel's use cases on PostgreSQL, with a core and a provider that follow a script, and a clock moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest_asyncio
from pydantic import SecretStr

from kit import migrations, postgres
from kit.clock import utc_now
from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from kit.limits import LocalLimits
from kit.vault import Vault
from services.channel import convert
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.adapters.postgres.sessions import PostgresSessions
from services.channel.adapters.postgres.web_conversations import PostgresWebConversations
from services.channel.adapters.twilio.config import FORM, KIND
from services.channel.app.channels import ChannelApp
from services.channel.app.inbound_forwarder import InboundForwarder
from services.channel.app.messages import MessageApp
from services.channel.app.participation import Participation
from services.channel.domain.channels import WEB_CHAT, WEB_CHAT_FORM, ChannelId, Draft
from services.channel.domain.facts import SessionOpened
from services.channel.domain.inbound import Writer
from services.channel.domain.limits import CustomerRates, Rates
from services.channel.domain.sessions import ConversationId, CustomerId, Session, SessionId, WebConversation
from services.channel.ports.providers import by_kind
from tests.fakes.channel import ScriptedCore
from tests.fakes.clock import HandClock
from tests.fakes.providers import ScriptedProvider
from tests.support.tables import empty

if TYPE_CHECKING:
    from stack.testing import TestStores

ORGANIZATION = OrganizationId("acme")
RATES = Rates(CustomerRates.per_minute(messages=1000, typing=1000))
FORMS = {WEB_CHAT: WEB_CHAT_FORM, KIND: FORM}


@dataclass
class World:
    """The service's use cases, and what is behind them."""

    pool: Any
    folder: Path
    clock: HandClock = field(default_factory=lambda: HandClock(utc_now()))

    def __post_init__(self) -> None:
        journal = Journal(self.pool, "channel", convert.fact_to_pb)
        vault = Vault(self.folder / "channel.secrets")
        self.channels = PostgresChannels(self.pool, journal, vault, Jobs(self.pool, "channel"), FORMS)
        self.sessions = PostgresSessions(self.pool, journal)
        self.known = PostgresWebConversations(self.pool)
        self.inbounds = PostgresInbounds(self.pool, journal)
        self.core = ScriptedCore(self.clock)
        self.inbound_forwarder = InboundForwarder(self.inbounds, self.core, self.clock)
        participation = Participation(self.known, self.core)
        self.messages = MessageApp(
            *(self.inbounds, self.core, self.inbound_forwarder, participation, self.clock, LocalLimits(), RATES)
        )
        providers = by_kind(ScriptedProvider().provider())
        self.channel_app = ChannelApp(self.channels, FORMS, providers, self.clock)

    async def told(self) -> list[str]:
        """The kinds of the facts in the journal, in order."""
        return [row["kind"] for row in await self.pool.fetch("select kind from event order by shard, position")]

    async def writer(self, number: int = 1) -> Writer:
        """A customer's session in a conversation of their own."""
        customer, conversation = CustomerId(f"k{number}"), ConversationId(f"c{number}")
        opened = self.clock()
        session = Session(
            *(ORGANIZATION, ChannelId("web"), SessionId(f"s{number}"), customer, "", ""), opened, opened + timedelta(days=30)
        )
        await self.sessions.add(session, b"", SessionOpened(session.id, conversation, customer, False))
        await self.known.put(WebConversation(ORGANIZATION, conversation, session.channel, customer))
        return Writer(ORGANIZATION, session.channel, session.id, customer, conversation)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def pool(stores: TestStores) -> AsyncIterator[Any]:
    async with postgres.open_pool(SecretStr(stores.postgres_url("channel"))) as pool:
        await migrations.apply(pool, "channel")
        yield pool


@pytest_asyncio.fixture(loop_scope="session")
async def world(pool: Any, tmp_path: Path) -> AsyncIterator[World]:
    await empty(pool)
    world = World(pool, tmp_path)
    yield world
    await world.inbounds.close()


@pytest_asyncio.fixture(loop_scope="session")
async def writer(world: World) -> Writer:
    """A customer of the one web chat."""
    await world.channel_app.create(ORGANIZATION, "web", Draft(WEB_CHAT, "Chat", None, None), "")
    return await world.writer()
