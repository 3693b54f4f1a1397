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
from frontdesk.agent.internal import v1 as agent_internal
from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as channel_internal
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as core_internal
from redis.asyncio import Redis

from kit import client, erasure, feeds, migrations, names, plain_http, postgres, resealing, revocations
from kit.caller import Signer
from kit.clock import utc_now
from kit.errors import Unavailable
from kit.jobs import Job
from kit.jobs.dead_letters import Below
from kit.jobs.table import Jobs
from kit.jobs.worker import JobWorker
from kit.journal import BUSY_SECONDS, RETENTION_SECONDS, Journal, Retention, Source, Verified, follow, states
from kit.limits import LocalLimits
from kit.limits.redis import RedisLimits
from kit.outbound import Outbound
from kit.secrets import SecretStore
from kit.service import Every, Service, Worker
from kit.vault import Vault
from services.channel import convert, followers, rpc
from services.channel.adapters import mail_servers, twilio
from services.channel.adapters.agent import AgentTeams
from services.channel.adapters.core import CoreConversations
from services.channel.adapters.core_journal import CoreMessages, GrpcCoreJournal
from services.channel.adapters.core_transcripts import CoreTranscripts
from services.channel.adapters.links import SignedLinks
from services.channel.adapters.mail_servers import OrganizationMailServers
from services.channel.adapters.media_folder import FolderFiles
from services.channel.adapters.postgres.blocks import PostgresBlocks
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.adapters.postgres.deliveries import PostgresDeliveries, PostgresOutbox
from services.channel.adapters.postgres.erasures import PostgresErasures
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.adapters.postgres.mail_addresses import PostgresCustomerAddresses
from services.channel.adapters.postgres.mails import PostgresMails
from services.channel.adapters.postgres.media import PostgresMedia
from services.channel.adapters.postgres.queues import QUEUES
from services.channel.adapters.postgres.sessions import PostgresSessions
from services.channel.adapters.postgres.web_conversations import PostgresWebConversations
from services.channel.adapters.smtp import SmtpSender
from services.channel.adapters.tokens import SignedIdentities, SignedTokens
from services.channel.adapters.twilio.api import Api
from services.channel.adapters.twilio.files import Files
from services.channel.app import App, mail_answers
from services.channel.app.businesses import Businesses
from services.channel.app.channels import ChannelApp
from services.channel.app.chat_mail import ChatMailApp
from services.channel.app.conversations import ConversationApp
from services.channel.app.deliveries import DeliveryApp
from services.channel.app.dispatcher import Dispatcher
from services.channel.app.inbound_forwarder import InboundForwarder
from services.channel.app.mail_answers import MailAnswers
from services.channel.app.mails import MailApp
from services.channel.app.media import MediaApp
from services.channel.app.media_fetching import MediaFetching
from services.channel.app.messages import MessageApp
from services.channel.app.outbound_files import OutboundFiles
from services.channel.app.participation import Participation
from services.channel.app.recount import Recounts
from services.channel.app.sessions import SessionApp
from services.channel.app.webhooks import WebhookApp
from services.channel.app.widgets import WidgetApp
from services.channel.domain.channels import WEB_CHAT, WEB_CHAT_FORM
from services.channel.domain.deliveries import CALL
from services.channel.domain.limits import CustomerRates, Rates
from services.channel.domain.media import Quotas
from services.channel.domain.queues import DELIVERIES, ERASURES, FILES, MAILS, POLLS
from services.channel.domain.sessions import CustomerId
from services.channel.ports.media import MediaFiles
from services.channel.ports.providers import by_kind
from services.channel.rpc.media_bytes import MediaBytes
from services.channel.rpc.webhooks import MAX_BYTES
from services.channel.rpc.widget_pages import WidgetPages
from services.channel.settings import Settings

UNAVAILABLE_ERRORS: tuple[type[BaseException], ...] = (*postgres.UNAVAILABLE_ERRORS, asyncpg.PostgresError, TimeoutError)
POLL_SECONDS = 1.0
SWEEP_SECONDS = 600.0
SWEPT_AT_ONCE = 1000
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
        journal = Journal(pool, "channel", convert.fact_to_pb, redis, states(channel_internal))
        draining = asyncio.Event()
        jobs = Jobs(pool, "channel", redis)
        guarded = Outbound(settings.provider_egress)
        api = Api(settings.twilio_url)
        stack.push_async_callback(api.close)
        files = Files(settings.twilio_url, guarded)
        providers = by_kind(twilio.provider(api, files, now, sends_files=bool(settings.public_url)))
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
        deliveries = DeliveryApp(channels, kept, providers, now)

        def committed(organization: str) -> None:
            journal.hint(organization)
            jobs.wake(DELIVERIES)
            jobs.wake(ERASURES)

        to_events = core_internal.EventServiceStub(to_core)
        facts = Source(to_events.WatchEvents, followers.WANTED, signer.service_token, committed)
        limits = RedisLimits(redis, "channel", fallback=LocalLimits())
        rates = Rates(CustomerRates.per_minute(settings.messages_per_minute, settings.typing_per_minute))
        revoked = revocations.Revocations()
        poll_every = timedelta(seconds=settings.poll_seconds)
        participation = Participation(PostgresWebConversations(pool), conversations)
        messages = MessageApp(inbounds, conversations, inbound_forwarder, participation, now, limits, rates)
        blocks = PostgresBlocks(pool, journal)
        businesses = Businesses()
        teams = None
        if settings.agent_url:
            to_agent = await stack.enter_async_context(client.dial(settings.agent_url, agent_internal.SERVICES))
            teams = AgentTeams(to_agent, signer)
        sessions = SessionApp(
            channels=channels,
            sessions=PostgresSessions(pool, journal),
            known=PostgresWebConversations(pool),
            conversations=conversations,
            identities=SignedIdentities(),
            tokens=SignedTokens(signer, utc_now),
            limits=limits,
            blocks=blocks,
            now=now,
            opens_per_minute=settings.sessions_per_minute,
            returns_per_minute=settings.returns_per_minute,
            refreshes_per_minute=settings.refreshes_per_minute,
            conversations_per_hour=settings.conversations_per_hour,
            check_organization=revoked.check_organization,
            own_hosts=settings.own_hosts,
        )
        every = partial(Every, unavailable=UNAVAILABLE_ERRORS)
        of_files = partial(Every, unavailable=(*UNAVAILABLE_ERRORS, Unavailable))
        claiming = partial(every, draining=draining)  # the others continue while the process drains
        own_facts = revocations.own_journal(journal, channel_internal)
        followed = [revocations.feed(revoked, "channel", channel_internal, own_facts, revocations.CUSTOMERS, None)]
        to_admin, secrets = None, None
        servers = OrganizationMailServers(settings.mail_server(), None, mail_servers.versions(None, signer))
        mails, addresses = PostgresMails(pool, jobs, vault), PostgresCustomerAddresses(pool, jobs, vault)
        if settings.admin_url:
            to_admin = await stack.enter_async_context(client.dial(settings.admin_url, admin_internal.SERVICES))
            from_admin = admin_internal.EventServiceStub(to_admin)
            fetch = mail_servers.fetcher(admin_internal.SecretServiceStub(to_admin), signer)
            secrets = SecretStore(pool, vault, fetch)
            read_version = mail_servers.versions(admin_internal.SettingServiceStub(to_admin), signer)
            servers = OrganizationMailServers(settings.mail_server(), secrets, read_version)
            opened = feeds.opener(from_admin.WatchEvents, signer)
            followed.append(revocations.feed(revoked, "admin", admin_internal, opened, revocations.USERS, pool))
            followed.append(revocations.suspensions(revoked, "admin", admin_internal, opened, SUSPENDS, pool))
            followed.append(followers.settings_feed(rates, businesses, opened, pool))
            followed.append(followers.businesses_feed(businesses, opened, pool))
            followed.append(followers.mail_feed(servers, secrets, opened, pool))
        mail = MailApp(mails, servers, SmtpSender(guarded, now), limits, settings.mail_limits, now)
        chat_mail = ChatMailApp(
            mail=mail,
            kept=addresses,
            participation=participation,
            channels=channels,
            sessions=sessions,
            transcripts=CoreTranscripts(to_core, signer),
            now=now,
            public_url=settings.public_url,
            check_organization=revoked.check_organization,
        )
        answers = MailAnswers(chat_mail, timedelta(seconds=settings.mail_after_seconds))
        stores_on = partial(_stores_on, journal, jobs)
        core_follower = followers.CoreFollower(deliveries, answers, stores_on, CoreMessages(to_core, signer))
        records, links = PostgresMedia(pool, journal, jobs), SignedLinks(signer, revoked, utc_now)
        outbound_files = OutboundFiles(records, links, now, settings.public_url)
        senders = {**providers, WEB_CHAT: mail_answers.provider(answers)}
        dispatcher = Dispatcher(kept, channels, conversations, senders, outbound_files, settled)
        media_files = await stack.enter_async_context(_media_files(settings))
        has_files, suspended = media_files is not None, revoked.check_organization
        widgets = WidgetApp(channels, teams, businesses, now, has_files, suspended)
        known = PostgresWebConversations(pool)
        customer_app = ConversationApp(participation, conversations, known, widgets, limits, rates)
        media = MediaApp(
            records=records,
            participation=participation,
            files=media_files,
            links=links,
            quotas=Quotas(
                settings.media_unfinished_uploads, settings.media_bytes_per_day, settings.media_customer_bytes_per_day
            ),
            now=now,
            unfinished_for=timedelta(seconds=settings.media_unfinished_seconds),
            lease=timedelta(seconds=settings.media_lease_seconds),
        )
        fetching = MediaFetching(records, media, channels, conversations, providers, blocks, now)
        webhooks = WebhookApp(channels, kept, providers, inbound_forwarder, limits, rates, fetching, now, poll_every)
        # Last: no request is answered before `serve` has said which revocations have to be known first.
        transfers = MediaBytes(media, draining).application(UNAVAILABLE_ERRORS)
        WidgetPages(widgets, chat_mail, UNAVAILABLE_ERRORS).add_to(transfers)
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
            working(FILES, fetching.handle),
            working(MAILS, mail.handle),
        ]
        erasing: list[Worker] = []
        if to_admin is not None:
            rows, quiet = erasure.Rows(pool), timedelta(seconds=settings.erasure_quiet_seconds)
            stores = (media.erase, rows.erase, erasure.keys(redis, "channel"), rows.erase_events)
            erasing += erasure.workers(
                *(pool, jobs, stores, quiet, admin_internal, to_admin, signer, SUSPENDS, draining, UNAVAILABLE_ERRORS)
            )
        yield Service(
            name="channel",
            register=partial(
                rpc.register,
                app=App(
                    *(ChannelApp(channels, forms, providers, now), sessions, messages, webhooks, deliveries, media, fetching),
                    *(widgets, customer_app),
                    mail=mail,
                    chat_mail=chat_mail,
                ),
                journal=journal,
                draining=draining,
                recounts=Recounts(GrpcCoreJournal(to_core, signer), inbounds, Verified(pool, "received messages"), now),
                jobs=jobs,
                dead_letters_below=Below(("core", "memory"), core_internal, to_core, signer),
            ),
            services=(*pb.SERVICES, *channel_internal.SERVICES),
            workers=(
                claiming(POLL_SECONDS, inbound_forwarder.work_once),
                *workers,
                *erasing,
                partial(follow, pool, "core", facts, core_follower.handle, core_follower.prepare, revoked.is_erased),
                every(POLL_SECONDS, inbound_forwarder.flush_marks),
                every(SWEEP_SECONDS, partial(_sweep, sessions, messages), busy=1.0),
                every(resealing.SECONDS, channels.reseal),
                every(resealing.SECONDS, mails.reseal),
                every(resealing.SECONDS, addresses.reseal),
                every(SWEEP_SECONDS, mail.sweep, busy=1.0),
                every(SWEEP_SECONDS, chat_mail.sweep, busy=1.0),
                *((secrets.follow, every(resealing.SECONDS, secrets.reseal)) if secrets else ()),
                of_files(MEDIA_SWEEP_SECONDS, media.sweep, busy=0.0),
                of_files(ORPHANS_SECONDS, media.sweep_orphans),
                now.keep,
                journal.hear,
                jobs.hear,
                every(RETENTION_SECONDS, Retention(pool, channel_internal, settings.journal_days).sweep, busy=BUSY_SECONDS),
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
        PostgresCustomerAddresses(connection, jobs),
    )


async def _sweep(sessions: SessionApp, messages: MessageApp) -> bool:
    """Deletes what is too old to matter; whether there may be more."""
    return max(await sessions.sweep(), await messages.sweep()) >= SWEPT_AT_ONCE


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
