"""The composition root of the channel service."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial

import asyncpg
from frontdesk.admin import v1 as admin
from frontdesk.channel import v1 as pb
from frontdesk.core import v1 as core
from redis.asyncio import Redis

from kit import client, migrations, plain_http, postgres, revocations
from kit.caller import Signer
from kit.clock import utc_now
from kit.journal import Journal, Source, follow
from kit.service import Service
from services.channel import convert, followers, rpc
from services.channel.adapters.core import CoreConversations
from services.channel.adapters.core_journal import GrpcCoreJournal
from services.channel.adapters.limits import RedisLimits
from services.channel.adapters.links import SignedLinks
from services.channel.adapters.media_folder import FolderFiles
from services.channel.adapters.postgres.blocks import PostgresBlocks
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.adapters.postgres.deliveries import PostgresDeliveries, PostgresOutbox
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.adapters.postgres.media import PostgresMedia
from services.channel.adapters.postgres.polls import PostgresPolls
from services.channel.adapters.postgres.sessions import PostgresSessions
from services.channel.adapters.tokens import SignedIdentities, SignedTokens
from services.channel.adapters.twilio import TwilioWhatsApp
from services.channel.adapters.twilio.api import Api
from services.channel.adapters.vault import Vault
from services.channel.app.channels import ChannelApp
from services.channel.app.courier import Courier
from services.channel.app.deliveries import DeliveryApp
from services.channel.app.dispatcher import Dispatcher
from services.channel.app.media import MediaApp
from services.channel.app.messages import MessageApp
from services.channel.app.recount import Recounts
from services.channel.app.sessions import SessionApp
from services.channel.app.webhooks import WebhookApp
from services.channel.domain.channels import Kind
from services.channel.domain.deliveries import CALL
from services.channel.domain.limits import CustomerRates
from services.channel.domain.media import Quotas
from services.channel.ports import Providers
from services.channel.ports.media import MediaFiles
from services.channel.rpc.events import Events
from services.channel.rpc.media_bytes import MediaBytes
from services.channel.rpc.webhooks import MOST_BYTES
from services.channel.settings import Settings

AWAY: tuple[type[BaseException], ...] = (*postgres.AWAY, asyncpg.PostgresError, TimeoutError)
POLL_SECONDS = 1.0
DISPATCH_SECONDS = 0.2
SWEEP_SECONDS = 600.0
SWEPT_AT_ONCE = 1000
MEDIA_SWEEP_SECONDS = 30.0
ORPHANS_SECONDS = 3600.0
TRANSFERS_SECONDS = 5.0
"""How long uploads and downloads may still run when the calls have drained; they resume elsewhere."""

_log = logging.getLogger("frontdesk")


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Service]:
    """Opens what the service needs and gives the service."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(postgres.open_pool(settings.postgres_url))
        await migrations.apply(pool, "channel")
        now = await postgres.database_clock(pool)
        redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_connect_timeout=0.5)
        stack.push_async_callback(redis.aclose)
        to_core = client.dial(settings.core_url, core.SERVICES)
        stack.push_async_callback(to_core.close)
        signer = Signer.load(settings.keys_dir, "channel")
        journal = Journal(pool, "channel", redis)
        draining = asyncio.Event()
        channels = PostgresChannels(pool, journal, Vault(settings.keys_dir / "channel.secrets"))
        conversations = CoreConversations(to_core, signer)
        inbounds = PostgresInbounds(pool, journal)
        stack.push_async_callback(inbounds.close)
        courier = Courier(inbounds, conversations, now)
        twilio = Api(settings.twilio_url)
        stack.push_async_callback(twilio.close)
        providers: Providers = {Kind.WHATSAPP_TWILIO: TwilioWhatsApp(twilio)}
        kept = PostgresDeliveries(pool, journal)
        settled = timedelta(seconds=settings.delivery_settled_seconds)
        dispatcher = Dispatcher(kept, channels, conversations, providers, settled)
        deliveries = DeliveryApp(channels, kept, providers, now)
        polls = PostgresPolls(pool, channels, list(providers))
        facts = Source(core.EventServiceStub(to_core).WatchEvents, followers.WANTED, signer.service_token, journal.hint)
        to_outbox = followers.handler(
            deliveries, partial(PostgresOutbox, journal=journal), partial(PostgresBlocks, journal=journal)
        )
        limits = RedisLimits(redis)
        rates = CustomerRates.per_minute(settings.messages_per_minute, settings.typing_per_minute)
        webhooks = WebhookApp(channels, kept, polls, providers, courier, limits, rates)
        messages = MessageApp(inbounds, conversations, courier, now, limits, rates)
        sessions = SessionApp(
            channels=channels,
            sessions=PostgresSessions(pool, journal),
            conversations=conversations,
            identities=SignedIdentities(),
            tokens=SignedTokens(signer, utc_now),
            limits=limits,
            blocks=PostgresBlocks(pool, journal),
            now=now,
            opens_per_minute=settings.sessions_per_minute,
            refreshes_per_minute=settings.refreshes_per_minute,
        )
        revoked_by = [revocations.own_feed("channel", journal, pb, convert.event_to_pb)]
        if settings.admin_url:
            from_admin = admin.EventServiceStub(await stack.enter_async_context(client.dial(settings.admin_url)))
            revoked_by.append(revocations.feed_of("admin", from_admin.WatchEvents, admin.WatchEventsRequest, signer))
        revoked = revocations.Revocations()
        media = MediaApp(
            records=PostgresMedia(pool, journal),
            files=await stack.enter_async_context(_media_files(settings)),
            links=SignedLinks(signer, revoked, utc_now),
            quotas=Quotas(
                settings.media_unfinished_uploads, settings.media_bytes_per_day, settings.media_customer_bytes_per_day
            ),
            now=now,
            unfinished_for=timedelta(seconds=settings.media_unfinished_seconds),
            lease=timedelta(seconds=settings.media_lease_seconds),
        )
        # Last: no request is answered before `serve` has said which revocations have to be known first.
        transfers = MediaBytes(media, draining).application(AWAY)
        port = await stack.enter_async_context(
            plain_http.serving(transfers, settings.media_listen, min(settings.drain_seconds, TRANSFERS_SECONDS))
        )
        _log.info("serving files", extra={"port": port})
        yield Service(
            name="channel",
            register=partial(
                rpc.register,
                channels=ChannelApp(channels, providers, now),
                sessions=sessions,
                messages=messages,
                webhooks=webhooks,
                deliveries=deliveries,
                media=media,
                events=Events(journal, draining),
                recounts=Recounts(GrpcCoreJournal(to_core, signer), inbounds, now),
            ),
            services=pb.SERVICES,
            workers=(
                partial(_work, courier, draining),
                partial(_dispatch, dispatcher, draining),
                partial(_look, dispatcher, draining),
                partial(_poll, webhooks, draining, timedelta(seconds=settings.poll_seconds)),
                partial(follow, pool, "core", facts.open, to_outbox),
                partial(_mark, courier),
                partial(_sweep, sessions, messages),
                partial(_sweep_media, media),
                partial(_sweep_orphans, media),
                now.keep,
                journal.hear,
            ),
            away=postgres.AWAY,
            most_bytes=MOST_BYTES + (64 << 10),
            revocations=revoked,
            revoked_by=revoked_by,
            draining=draining,
        )
        async with asyncio.timeout(CALL.total_seconds()):
            await dispatcher.drain()
        try:
            await courier.flush()
        except AWAY as error:  # another process brings it over again, which core recognises
            _log.warning("what was brought over could not be marked", extra={"error": repr(error)[:200]})


async def _work(courier: Courier, draining: asyncio.Event) -> None:
    """A worker: brings over what stayed behind."""
    while not draining.is_set():
        moved = 0
        with _patience():
            moved = await courier.work_once()
        await asyncio.sleep(0 if moved else POLL_SECONDS)


async def _dispatch(dispatcher: Dispatcher, draining: asyncio.Event) -> None:
    """A worker: hands over what is queued. What is under way when the process drains is waited for."""
    while not draining.is_set():
        begun = 0
        with _patience():
            begun = await dispatcher.work_once()
        await asyncio.sleep(0.05 if begun else DISPATCH_SECONDS)


async def _look(dispatcher: Dispatcher, draining: asyncio.Event) -> None:
    """A worker: finds out what became of deliveries whose outcome nobody knows."""
    while not draining.is_set():
        with _patience():
            await dispatcher.look_once()
        await asyncio.sleep(POLL_SECONDS)


async def _poll(webhooks: WebhookApp, draining: asyncio.Event, every: timedelta) -> None:
    """A worker: fetches what no webhook brought, at the start and then regularly."""
    while not draining.is_set():
        polled = 0
        with _patience():
            polled = await webhooks.poll(every)
        await asyncio.sleep(0 if polled else POLL_SECONDS)


async def _mark(courier: Courier) -> None:
    """A worker: writes down what was brought over. Runs until cancelled."""
    while True:
        with _patience():
            await courier.mark_once()
            continue
        await asyncio.sleep(POLL_SECONDS)


async def _sweep(sessions: SessionApp, messages: MessageApp) -> None:
    """A worker: deletes what is too old to matter. Runs until cancelled."""
    while True:
        deleted = 0
        with _patience():
            deleted = max(await sessions.sweep(), await messages.sweep())
        await asyncio.sleep(1.0 if deleted >= SWEPT_AT_ONCE else SWEEP_SECONDS)


async def _sweep_media(media: MediaApp) -> None:
    """A worker: removes files that expired. Runs until cancelled."""
    while True:
        removed = 0
        with _patience():
            removed = await media.sweep()
        await asyncio.sleep(0 if removed else MEDIA_SWEEP_SECONDS)


async def _sweep_orphans(media: MediaApp) -> None:
    """A worker: removes bytes that no record knows. Runs until cancelled."""
    while True:
        with _patience():
            await media.sweep_orphans()
        await asyncio.sleep(ORPHANS_SECONDS)


@asynccontextmanager
async def _media_files(settings: Settings) -> AsyncIterator[MediaFiles | None]:
    """Where files are kept: a bucket, a folder, or nowhere."""
    if not settings.media_s3_bucket:
        yield FolderFiles(settings.media_dir) if settings.media_dir else None
        return
    from services.channel.adapters.media_s3 import Bucket, open_bucket  # it takes a second to load, and 27 MB

    bucket = Bucket(
        name=settings.media_s3_bucket,
        endpoint=settings.media_s3_url,
        region=settings.media_s3_region,
        access_key=settings.media_s3_access_key,
        secret_key=settings.media_s3_secret_key.get_secret_value(),
        prefix=settings.media_s3_prefix,
    )
    async with open_bucket(bucket) as files:
        yield files


@contextmanager
def _patience() -> Iterator[None]:
    """Lets a worker outlast a database that is away: it tries again in its next round."""
    try:
        yield
    except AWAY as error:
        _log.warning("the database is away; trying again", extra={"error": repr(error)[:200]})
