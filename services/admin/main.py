"""Admin's composition root: only here it is chosen what the ports are made of."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import asyncpg
import grpc
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from frontdesk.channel.internal import v1 as channel_internal
from frontdesk.core.internal import v1 as core_internal
from redis.asyncio import Redis

from kit import client, clock, erasure, metrics, migrations, postgres, resealing, revocations
from kit.caller import Signer
from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.jobs.worker import JobWorker
from kit.journal import BUSY_SECONDS, RETENTION_SECONDS, Journal, Retention, Source, Transaction, follow, states
from kit.limits import Limits
from kit.limits.redis import RedisLimits
from kit.service import Every, Service, Worker
from kit.vault import Vault
from services.admin import convert, followers, rpc
from services.admin.adapters.argon2id import Argon2idPasswords, Cost
from services.admin.adapters.channel_mail import ChannelMail, NoMail
from services.admin.adapters.grpc_core import GrpcConversationTags, NotedSource
from services.admin.adapters.keys import PublicKeyFile, SignedAccessTokens, SignedChallenges, SignedDevices
from services.admin.adapters.postgres import (
    Database,
    PostgresApiKeys,
    PostgresCredentials,
    PostgresInvitations,
    PostgresLimits,
    PostgresLinks,
    PostgresMeasurements,
    PostgresOrganizations,
    PostgresOwnRoles,
    PostgresProgress,
    PostgresReports,
    PostgresResetRequests,
    PostgresSecondFactors,
    PostgresSessions,
    PostgresSettings,
    PostgresUsers,
)
from services.admin.adapters.postgres.reports import CURSOR
from services.admin.adapters.postgres.reset_requests import QUEUE as RESETS
from services.admin.adapters.urls import OutboundUrls
from services.admin.app import App
from services.admin.app.credentials import CredentialApp
from services.admin.app.deletions import DeletionApp
from services.admin.app.invitations import InvitationApp
from services.admin.app.links import LinkApp
from services.admin.app.reports import Measuring, ReportApp
from services.admin.app.roles import RoleApp
from services.admin.app.second_factors import SecondFactorApp
from services.admin.app.settings import SettingApp
from services.admin.app.sign_in import SignInApp
from services.admin.settings import Settings

TIDY_SECONDS = 600
SUSPENDS = "OrganizationStateChanged"
HASHES = metrics.Metric(
    "frontdesk.password.hashes",
    metrics.Kind.UP_DOWN_COUNTER,
    "{hash}",
    "Password hashes that are computed, or wait for a thread: each sign-in needs one.",
)
BUSY = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError, asyncpg.DeadlockDetectedError)

_log = logging.getLogger("frontdesk")


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Service]:
    """Opens what admin needs, brings its schema up to date, and gives the service."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(postgres.open_pool(settings.postgres_url))
        await migrations.apply(pool, "admin")
        redis = _redis(settings)
        if redis is not None:
            stack.push_async_callback(redis.aclose)
        journal = Journal(pool, "admin", convert.fact_to_pb, redis, states(internal))
        database = Database(pool, journal)
        passwords = Argon2idPasswords(
            Cost(settings.password_memory_kib, settings.password_iterations), settings.password_threads
        )
        stack.callback(passwords.close)
        in_postgres = PostgresLimits(database)
        in_redis = RedisLimits(redis, "admin", fallback=in_postgres) if redis is not None else None
        signer = Signer.load(settings.keys_dir, "admin")
        now = clock.utc_now
        jobs = Jobs(pool, "admin", redis)
        organizations = PostgresOrganizations(database, jobs)
        quiet = timedelta(seconds=settings.erasure_quiet_seconds)
        rows = erasure.Rows(pool, kept=SUSPENDS)
        cached = (erasure.keys(redis, "admin"),) if redis is not None else ()

        async def confirm(organization: OrganizationId, count: int) -> None:
            await organizations.confirm(organization, "admin", count)

        eraser = erasure.Eraser((rows.erase, *cached, rows.erase_events, organizations.remove), confirm, quiet)
        grace = timedelta(hours=settings.organization_grace_hours)
        deletions = DeletionApp(organizations, eraser.handle, grace, now)
        kept = PostgresCredentials(database, vault := Vault(settings.keys_dir / "admin.secrets"))
        factors = PostgresSecondFactors(database, vault)
        stores = Stores(database, jobs, organizations, kept, factors, in_redis or in_postgres)
        app = _app(settings, stores, signer, passwords, deletions, await _mail(settings, stack, signer))
        draining = asyncio.Event()
        deleter = JobWorker(jobs, erasure.QUEUE, deletions.proceed, draining, postgres.UNAVAILABLE_ERRORS)
        resetter = JobWorker(jobs, RESETS, app.links.mail_reset, draining, postgres.UNAVAILABLE_ERRORS)
        revoked = revocations.Revocations()
        own_facts = revocations.own_journal(journal, internal)
        core_facts = await _core_facts(settings, stack, signer)
        reporting = () if core_facts is None else (_reporting(database, journal, core_facts, revoked, signer),)
        yield Service(
            name="admin",
            register=partial(rpc.register, app=app, journal=journal, draining=draining, trusted_hops=settings.trusted_hops),
            services=(*pb.SERVICES, *internal.SERVICES),
            workers=(
                journal.hear,
                jobs.hear,
                deleter,
                resetter,
                Every(TIDY_SECONDS, partial(_tidy, app, in_postgres)),
                Every(resealing.SECONDS, kept.reseal),
                Every(resealing.SECONDS, factors.reseal),
                Every(RETENTION_SECONDS, Retention(pool, internal, settings.journal_days).sweep, busy=BUSY_SECONDS),
                *reporting,
            ),
            unavailable=(*postgres.UNAVAILABLE_ERRORS, *BUSY),
            revocations=revoked,
            feeds=[
                revocations.feed(revoked, "admin", internal, own_facts, revocations.USERS, None),
                revocations.suspensions(revoked, "admin", internal, own_facts, SUSPENDS, pool),
            ],
            series=(
                *postgres.series(pool),
                *jobs.series(),
                metrics.number(HASHES, lambda: passwords.pending),
                metrics.breaker("redis", lambda: in_redis is not None and in_redis.is_unavailable),
                *(() if core_facts is None else core_facts.source.following.series("core", "reports")),
            ),
            draining=draining,
        )
        await asyncio.gather(*(worker.drain(timedelta(seconds=settings.drain_seconds)) for worker in (deleter, resetter)))


@dataclass(frozen=True)
class Stores:
    """The stores that workers need beside the use cases."""

    database: Database
    jobs: Jobs
    organizations: PostgresOrganizations
    credentials: PostgresCredentials
    factors: PostgresSecondFactors
    attempts: Limits


async def _mail(settings: Settings, stack: AsyncExitStack, signer: Signer) -> ChannelMail | NoMail:
    if not settings.channel_url:
        return NoMail()
    return ChannelMail(await stack.enter_async_context(client.dial(settings.channel_url, channel_internal.SERVICES)), signer)


def _app(
    settings: Settings,
    stores: Stores,
    signer: Signer,
    passwords: Argon2idPasswords,
    deletions: DeletionApp,
    mail: ChannelMail | NoMail,
) -> App:
    """The use cases, with what they need."""
    database = stores.database
    users, sessions, invitations = PostgresUsers(database), PostgresSessions(database), PostgresInvitations(database)
    organizations, attempts, now = stores.organizations, stores.attempts, clock.utc_now
    urls = OutboundUrls(settings.egress(settings.redis_url.get_secret_value()))
    access_tokens = SignedAccessTokens(signer)
    roles, own_settings = RoleApp(PostgresOwnRoles(database), now), SettingApp(PostgresSettings(database), now)
    sign_in = SignInApp(
        organizations=organizations,
        users=users,
        sessions=sessions,
        second_factors=stores.factors,
        settings=own_settings,
        attempts=attempts,
        passwords=passwords,
        access_tokens=access_tokens,
        devices=SignedDevices(signer),
        challenges=SignedChallenges(signer),
        now=now,
    )
    links = LinkApp(
        organizations=organizations,
        users=users,
        links=PostgresLinks(database),
        invitations=invitations,
        mail=mail,
        requests=PostgresResetRequests(database, stores.jobs),
        passwords=passwords,
        attempts=attempts,
        roles=roles,
        sign_in=sign_in,
        public_url=settings.public_url,
        now=now,
    )
    return App(
        organizations=organizations,
        users=users,
        sessions=sessions,
        api_keys=PostgresApiKeys(database),
        attempts=attempts,
        passwords=passwords,
        access_tokens=access_tokens,
        public_keys=PublicKeyFile(settings.keys_dir),
        roles=roles,
        settings=own_settings,
        credentials=CredentialApp(stores.credentials, urls, now),
        reports=ReportApp(PostgresReports(database), organizations, now),
        deletions=deletions,
        sign_in=sign_in,
        links=links,
        invitations=InvitationApp(organizations, users, invitations, mail, roles, settings.public_url, now),
        second_factors=SecondFactorApp(users, stores.factors, own_settings, attempts, passwords, now),
        now=now,
    )


@dataclass(frozen=True)
class _CoreFacts:
    """Core's journal."""

    channel: grpc.aio.Channel
    source: Source


async def _core_facts(settings: Settings, stack: AsyncExitStack, signer: Signer) -> _CoreFacts | None:
    """Core's journal, which reports count; None where core has no address."""
    if not settings.core_url:
        return None
    channel = await stack.enter_async_context(client.dial(settings.core_url, core_internal.SERVICES))
    watch_events = core_internal.EventServiceStub(channel).WatchEvents
    return _CoreFacts(channel, Source(watch_events, followers.WANTED, signer.service_token, lambda organization: None))


def _reporting(
    database: Database, journal: Journal, facts: _CoreFacts, revoked: revocations.Revocations, signer: Signer
) -> Worker:
    """The worker that follows core's journal."""

    def measuring_on(transaction: Transaction) -> Measuring:
        return Measuring(PostgresMeasurements(transaction))

    follower = followers.CoreFollower(measuring_on, GrpcConversationTags(facts.channel, signer))
    noted = NotedSource(facts.source, PostgresProgress(database.pool), clock.utc_now)
    return partial(
        follow,
        *(database.pool, CURSOR, noted, follower.handle, follower.prepare, revoked.is_erased, journal.transaction),
    )


def _redis(settings: Settings) -> Redis | None:
    url = settings.redis_url.get_secret_value()
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=30) if url else None


async def _tidy(app: App, attempts: PostgresLimits) -> None:
    """Deletes what no one can use any more."""
    sessions = await app.tidy()
    await attempts.tidy()
    if sessions:
        _log.info("tidied", extra={"sessions": sessions})
