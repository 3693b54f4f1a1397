"""Deliveries on a real PostgreSQL with a scripted provider and core, worked on step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from kit.clock import utc_now
from kit.ids import OrganizationId
from kit.jobs import Done
from kit.jobs.table import Jobs
from kit.journal import Journal
from kit.revocations import Revocations
from kit.vault import Vault
from services.channel import convert
from services.channel.adapters.links import SignedLinks
from services.channel.adapters.media_folder import FolderFiles
from services.channel.adapters.postgres.blocks import PostgresBlocks
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.adapters.postgres.deliveries import PostgresDeliveries, PostgresOutbox
from services.channel.adapters.postgres.erasures import PostgresErasures
from services.channel.adapters.postgres.media import PostgresMedia
from services.channel.adapters.postgres.web_conversations import PostgresWebConversations
from services.channel.adapters.twilio.config import KIND, TwilioWhatsAppConfig
from services.channel.app.channels import ChannelApp
from services.channel.app.deliveries import DeliveryApp
from services.channel.app.dispatcher import Dispatcher
from services.channel.app.media import MediaApp
from services.channel.app.media_fetching import MediaFetching
from services.channel.app.outbound_files import OutboundFiles
from services.channel.app.participation import Participation
from services.channel.domain.channels import WEB_CHAT, WEB_CHAT_FORM, ChannelId, Draft
from services.channel.domain.deliveries import Delivery, DeliveryState, Outgoing
from services.channel.domain.media import Quotas
from services.channel.domain.providers import OutboundContent
from services.channel.domain.queues import DELIVERIES
from services.channel.domain.sessions import ConversationId
from services.channel.ports.providers import Provider
from tests.fakes.channel import ScriptedCore
from tests.fakes.providers import ScriptedProvider
from tests.support.serving import Keys

ACME = OrganizationId("acme")
TWILIO = Draft(
    KIND, "WhatsApp", None, TwilioWhatsAppConfig("AC1", "+1"), {"whatsapp_twilio.auth_token": "t"}, prefix="whatsapp_twilio"
)


@dataclass
class Delivering:
    """Everything that deliveries need."""

    pool: Any
    folder: Path
    reconciles: bool = True
    provider: ScriptedProvider = field(default_factory=ScriptedProvider)
    real: Provider | None = None
    """Instead of the scripted one."""

    def __post_init__(self) -> None:
        self.journal, self.jobs = Journal(self.pool, "channel", convert.fact_to_pb), Jobs(self.pool, "channel")
        provider = self.real or self.provider.provider(self.reconciles)
        kind = provider.form.kind
        self.providers = {kind: provider}
        forms = {kind: provider.form, WEB_CHAT: WEB_CHAT_FORM}
        vault = Vault(self.folder / "channel.secrets")
        self.channels = PostgresChannels(self.pool, self.journal, vault, self.jobs, forms, [kind])
        self.deliveries = PostgresDeliveries(self.pool, self.journal, self.jobs)
        self.core = ScriptedCore()
        self.app = DeliveryApp(self.channels, self.deliveries, self.providers, utc_now)
        self.records = PostgresMedia(self.pool, self.journal, self.jobs)
        links = SignedLinks(Keys(self.folder).signer("channel"), Revocations(), utc_now)
        files = OutboundFiles(self.records, links, utc_now, "https://desk.example")
        self.dispatcher = Dispatcher(self.deliveries, self.channels, self.core, self.providers, files)
        self.files = files
        self.media = MediaApp(
            records=self.records,
            participation=Participation(PostgresWebConversations(self.pool), self.core),
            files=FolderFiles(self.folder / "media"),
            links=links,
            quotas=Quotas(10, 40 << 20, 20 << 20),
            now=utc_now,
            unfinished_for=timedelta(hours=1),
            lease=timedelta(seconds=5),
        )
        self.blocks = PostgresBlocks(self.pool, self.journal)
        self.fetching = MediaFetching(self.records, self.media, self.channels, self.core, self.providers, self.blocks, utc_now)
        self.channel_app = ChannelApp(self.channels, forms, self.providers, utc_now)

    async def say(self, message: str, text: str = "", seq: int = 1, fenced: bool = True, conversation: str = "c1") -> None:
        """Something is said in a conversation, as the follower of core's journal queues it."""
        outgoing = Outgoing(ACME, ChannelId("wa"), ConversationId(conversation), message, seq, "+49", fenced)
        async with self.pool.acquire() as connection, connection.transaction():
            outbox = PostgresOutbox(connection, self.journal, self.jobs)
            await self.app.queue(outbox, outgoing, OutboundContent(text or message))

    async def erase(self, conversation: str = "c1") -> None:
        """A conversation's customer is erased."""
        async with self.pool.acquire() as connection, connection.transaction():
            erasures = PostgresErasures(connection, self.journal, self.jobs)
            await erasures.erase_conversation(ACME, ConversationId(conversation))

    async def work(self, rounds: int = 20) -> None:
        """Does what is due, until nothing more is."""
        for _ in range(rounds):
            claimed = await self.jobs.claim(DELIVERIES, 10)
            if not claimed:
                return
            for job in claimed:
                outcome = await self.dispatcher.handle(job)
                await self.jobs.settle(DELIVERIES, job, outcome or Done())

    async def pass_time(self, seconds: float) -> None:
        """Lets time go by for what waits."""
        by = timedelta(seconds=seconds)
        await self.pool.execute("update job set due = due - $1::interval", by)
        await self.pool.execute("update delivery set begun = begun - $1::interval", by)

    async def all(self) -> list[Delivery]:
        return list(await self.deliveries.list(ACME, None, None, None, 100))

    async def only(self) -> Delivery:
        (item,) = await self.all()
        return item

    async def states(self) -> dict[str, DeliveryState]:
        return {item.text: item.state for item in await self.all()}

    def texts(self) -> list[str]:
        """Messages that the provider accepted."""
        return [text for _, _, text in self.provider.sent]

    async def open_jobs(self) -> int:
        return int(await self.pool.fetchval("select count(*) from job where queue = 'deliveries' and state < 2"))
