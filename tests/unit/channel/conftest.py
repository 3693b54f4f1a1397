"""A channel service without the world: every port in memory, and a clock that stands still."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from kit.ids import OrganizationId
from kit.limits import LocalLimits
from services.channel.adapters.in_memory import (
    Facts,
    MemoryChannels,
    MemoryConversations,
    MemoryInbounds,
)
from services.channel.adapters.twilio.config import FORM, KIND
from services.channel.app.channels import ChannelApp
from services.channel.app.inbound_forwarder import InboundForwarder
from services.channel.app.messages import MessageApp
from services.channel.app.participation import Participation
from services.channel.domain.channels import WEB_CHAT, WEB_CHAT_FORM, ChannelId
from services.channel.domain.inbound import Writer
from services.channel.domain.limits import CustomerRates, Rates
from services.channel.domain.sessions import ConversationId, CustomerId, SessionId
from services.channel.ports.providers import by_kind
from tests.fakes.providers import ScriptedProvider

ORGANIZATION = OrganizationId("acme")
RATES = Rates(CustomerRates.per_minute(messages=1000, typing=1000))


@dataclass
class StoppedClock:
    """A clock that moves when told."""

    moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


class Everybody(Participation):
    """Lets everybody take part everywhere."""

    async def check(self, writer: Writer) -> None:
        pass

    async def has(self, organization: OrganizationId, conversation: ConversationId, customer: CustomerId) -> bool:
        return True


EVERYBODY = Everybody(None, None)  # type: ignore[arg-type]


@dataclass
class World:
    """The service's use cases and what is behind them."""

    clock: StoppedClock = field(default_factory=StoppedClock)
    facts: Facts = field(default_factory=Facts)

    def __post_init__(self) -> None:
        self.channels = MemoryChannels(self.facts.tell)
        self.core = MemoryConversations(self.clock)
        self.inbounds = MemoryInbounds(self.facts.tell, self.clock)
        self.inbound_forwarder = InboundForwarder(self.inbounds, self.core, self.clock)
        self.limits = LocalLimits()
        self.messages = MessageApp(self.inbounds, self.core, self.inbound_forwarder, EVERYBODY, self.clock, self.limits, RATES)
        providers = by_kind(ScriptedProvider().provider())
        self.channel_app = ChannelApp(self.channels, {WEB_CHAT: WEB_CHAT_FORM, KIND: FORM}, providers, self.clock)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def writer() -> Writer:
    return Writer(ORGANIZATION, ChannelId("web"), SessionId("s1"), CustomerId("k1"), ConversationId("c1"))
