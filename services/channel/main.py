"""The composition root of the channel service."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import asyncpg
from frontdesk.admin.internal import v1 as admin_internal
from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as channel_internal
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as core_internal
from redis.asyncio import Redis

from kit import client, feeds, migrations, names, plain_http, postgres, revocations
from kit.caller import Signer
from kit.clock import utc_now
from kit.errors import Unavailable
from kit.jobs import Job
from kit.jobs.table import Jobs
from kit.jobs.worker import JobWorker
from kit.journal import Journal, Source, follow
from kit.limits import LocalLimits
from kit.limits.redis import RedisLimits
from kit.service import Every, Service
from kit.vault import Vault
from services.channel import convert, followers, rpc
from services.channel.adapters import twilio
from services.channel.adapters.core import CoreConversations
from services.channel.adapters.core_journal import CoreMessages, GrpcCoreJournal
from services.channel.adapters.links import SignedLinks
from services.channel.adapters.media_folder import FolderFiles
from services.channel.adapters.postgres.blocks import PostgresBlocks
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.adapters.postgres.deliveries import PostgresDeliveries, PostgresOutbox
from services.channel.adapters.postgres.erasures import PostgresErasures
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.adapters.postgres.media import PostgresMedia
from services.channel.adapters.postgres.queues import QUEUES
from services.channel.adapters.postgres.sessions import PostgresSessions
from services.channel.adapters.postgres.web_conversations import PostgresWebConversations
from services.channel.adapters.tokens import SignedIdentities, SignedTokens
from services.channel.adapters.twilio.api import Api
from services.channel.app import App
from services.channel.app.channels import ChannelApp
from services.channel.app.deliveries import DeliveryApp
from services.channel.app.dispatcher import Dispatcher
from services.channel.app.inbound_forwarder import InboundForwarder
from services.channel.app.media import MediaApp
from services.channel.app.messages import MessageApp
from services.channel.app.participation import Participation
from services.channel.app.recount import Recounts
from services.channel.app.sessions import SessionApp
from services.channel.app.webhooks import WebhookApp
from services.channel.domain.channels import WEB_CHAT, WEB_CHAT_FORM
from services.channel.domain.deliveries import CALL
from services.channel.domain.limits import CustomerRates, Rates
from services.channel.domain.media import Quotas
from services.channel.domain.queues import DELIVERIES, ERASURES, POLLS
from services.channel.domain.sessions import CustomerId
from services.channel.ports.media import MediaFiles
from services.channel.ports.providers import by_kind
from services.channel.rpc.media_bytes import MediaBytes
from services.channel.rpc.webhooks import MAX_BYTES
from services.channel.settings import Settings

UNAVAILABLE_ERRORS: tuple[type[BaseException], ...] = (*postgres.UNAVAILABLE_ERRORS, asyncpg.PostgresError, TimeoutError)
POLL_SECONDS = 1.0
SWEEP_SECONDS = 600.0
SWEPT_AT_ONCE = 1000
RESEAL_SECONDS = 60.0
MEDIA_SWEEP_SECONDS = 30.0
ORPHANS_SECONDS = 3600.0
TRANSFERS_SECONDS = 5.0
"""How long uploads and downloads may still run when the calls have drained; they resume elsewhere."""

_log = logging.getLogger("frontdesk")
SUSPENDS = "OrganizationStateChanged"
"""Of admin's facts, the one that says whether an organization is active."""


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Service]:
    """Opens what the service needs and gives the service."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(postgres.open_pool(settings.postgres_url))
        await migrations.apply(pool, "channel")
        now = await postgres.database_clock(pool)
        redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_connect_timeout=0.5)
        stack.push_async_callback(redis.aclose)
        to_core = client.dial(settings.core_url, (*core.SERVICES, *core_internal.SERVICES))
        stack.push_async_callback(to_core.close)
        signer = Signer.load(settings.keys_dir, "channel")
        journal = Journal(pool, "channel", convert.fact_to_pb, redis)
        draining = asyncio.Event()
        jobs = Jobs(pool, "channel", redis)
        api = Api(settings.twilio_url)
        stack.push_async_callback(api.close)
        providers = by_kind(twilio.provider(api, now))
        forms = {WEB_CHAT: WEB_CHAT_FORM, **{kind: provider.form for kind, provider in providers.items()}}
        fetched = [kind for kind, provider in providers.items() if provider.fetcher]
        vault = Vault(settings.keys_dir / "channel.secrets")
        channels = PostgresChannels(pool, journal, vault, jobs, forms, fetched)
        await channels.begin_polls()
        conversations = CoreConversations(to_core, signer)
        inbounds = PostgresInbounds(pool, journal)
        stack.push_async_callback(inbounds.close)
        inbound_forwarder = InboundForwarder(inbounds, conversations, now)
        kept = PostgresDeliveries(pool, journal, jobs)
        settled = timedelta(seconds=settings.delivery_settled_seconds)
        dispatcher = Dispatcher(kept, channels, conversations, providers, settled)
        deliveries = DeliveryApp(channels, kept, providers, now)

        def committed(organization: str) -> None:
            journal.hint(organization)
            jobs.wake(DELIVERIES)
            jobs.wake(ERASURES)

        to_events = core_internal.EventServiceStub(to_core)
        facts = Source(to_events.WatchEvents, followers.WANTED, signer.service_token, committed)
        core_follower = followers.CoreFollower(deliveries, partial(_stores_on, journal, jobs), CoreMessages(to_core, signer))
        limits = RedisLimits(redis, "channel", fallback=LocalLimits())
        rates = Rates(CustomerRates.per_minute(settings.messages_per_minute, settings.typing_per_minute))
        revoked = revocations.Revocations()
        poll_every = timedelta(seconds=settings.poll_seconds)
        webhooks = WebhookApp(channels, kept, providers, inbound_forwarder, limits, rates, poll_every)
        participation = Participation(PostgresWebConversations(pool), conversations)
        messages = MessageApp(inbounds, conversations, inbound_forwarder, participation, now, limits, rates)
        sessions = SessionApp(
            channels=channels,
            sessions=PostgresSessions(pool, journal),
            known=PostgresWebConversations(pool),
            conversations=conversations,
            identities=SignedIdentities(),
            tokens=SignedTokens(signer, utc_now),
            limits=limits,
            blocks=PostgresBlocks(pool, journal),
            now=now,
            opens_per_minute=settings.sessions_per_minute,
            refreshes_per_minute=settings.refreshes_per_minute,
            conversations_per_hour=settings.conversations_per_hour,
            check_organization=revoked.check_organization,
        )
        every = partial(Every, unavailable=UNAVAILABLE_ERRORS)
        of_files = partial(Every, unavailable=(*UNAVAILABLE_ERRORS, Unavailable))
        claiming = partial(every, draining=draining)  # the others continue while the process drains
        own_facts = revocations.own_journal(journal, channel_internal)
        followed = [revocations.feed(revoked, "channel", channel_internal, own_facts, revocations.CUSTOMERS, None)]
        if settings.admin_url:
            from_admin = admin_internal.EventServiceStub(await stack.enter_async_context(client.dial(settings.admin_url)))
            opened = feeds.opener(from_admin.WatchEvents, signer)
            followed.append(revocations.feed(revoked, "admin", admin_internal, opened, revocations.USERS, pool))
            followed.append(revocations.suspensions(revoked, "admin", admin_internal, opened, SUSPENDS, pool))
            followed.append(followers.settings_feed(rates, opened, pool))
        media = MediaApp(
            records=PostgresMedia(pool, journal),
            participation=participation,
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
        transfers = MediaBytes(media, draining).application(UNAVAILABLE_ERRORS)
        port = await stack.enter_async_context(
            plain_http.serving(transfers, settings.media_listen, min(settings.drain_seconds, TRANSFERS_SECONDS))
        )
        _log.info("serving files", extra={"port": port})
        working = partial(JobWorker, jobs, draining=draining, unavailable=UNAVAILABLE_ERRORS)

        async def end_erasure(job: Job) -> None:
            while await media.sweep():
                pass
            await conversations.confirm_erasure(job.organization, CustomerId(names.last(job.subject)))

        workers = [
            working(DELIVERIES, dispatcher.handle),
            working(POLLS, webhooks.poll),
            working(ERASURES, end_erasure),
        ]
        yield Service(
            name="channel",
            register=partial(
                rpc.register,
                app=App(ChannelApp(channels, forms, providers, now), sessions, messages, webhooks, deliveries, media),
                journal=journal,
                draining=draining,
                recounts=Recounts(GrpcCoreJournal(to_core, signer), inbounds, now),
                jobs=jobs,
            ),
            services=(*pb.SERVICES, *channel_internal.SERVICES),
            workers=(
                claiming(POLL_SECONDS, inbound_forwarder.work_once),
                *workers,
                partial(follow, pool, "core", facts, core_follower.handle, core_follower.prepare),
                every(POLL_SECONDS, inbound_forwarder.flush_marks),
                every(SWEEP_SECONDS, partial(_sweep, sessions, messages), busy=1.0),
                every(RESEAL_SECONDS, partial(_reseal, channels)),
                of_files(MEDIA_SWEEP_SECONDS, media.sweep, busy=0.0),
                of_files(ORPHANS_SECONDS, media.sweep_orphans),
                now.keep,
                journal.hear,
                jobs.hear,
            ),
            unavailable=postgres.UNAVAILABLE_ERRORS,
            most_bytes=MAX_BYTES + (64 << 10),
            revocations=revoked,
            feeds=followed,
            series=(
                *postgres.series(pool),
                *postgres.queues(pool, QUEUES),
                *jobs.series(),
                *facts.following.series("core", "outbox"),
            ),
            draining=draining,
        )
        await asyncio.gather(*(worker.drain(CALL) for worker in workers))
        try:
            await inbound_forwarder.flush()
        except UNAVAILABLE_ERRORS as error:  # another process brings it over again, which core recognises
            _log.warning("what was brought over could not be marked", extra={"error": repr(error)[:200]})


def _stores_on(journal: Journal, jobs: Jobs, connection: Any) -> followers.Stores:
    """The stores that core's facts change, within a transaction."""
    return followers.Stores(
        PostgresOutbox(connection, journal=journal, jobs=jobs),
        PostgresBlocks(connection, journal),
        PostgresSessions(connection, journal),
        PostgresWebConversations(connection),
        PostgresErasures(connection, journal, jobs),
    )


async def _sweep(sessions: SessionApp, messages: MessageApp) -> bool:
    """Deletes what is too old to matter; whether there may be more."""
    return max(await sessions.sweep(), await messages.sweep()) >= SWEPT_AT_ONCE


async def _reseal(channels: PostgresChannels) -> None:
    """Seals credentials with the newest key, so that older keys can be removed."""
    if resealed := await channels.reseal():
        _log.info("credentials are sealed with the newest key", extra={"channels": resealed})


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
