"""Admin's composition root: only here it is chosen what the ports are made of."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import asyncpg
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from redis.asyncio import Redis

from kit import clock, metrics, migrations, postgres, revocations
from kit.caller import Signer
from kit.journal import Journal
from kit.limits.redis import RedisLimits
from kit.service import Every, Service
from kit.vault import Vault
from services.admin import convert, rpc
from services.admin.adapters.argon2id import Argon2idPasswords, Cost
from services.admin.adapters.keys import PublicKeyFile, SignedAccessTokens, SignedDevices
from services.admin.adapters.postgres import (
    Database,
    PostgresApiKeys,
    PostgresCredentials,
    PostgresLimits,
    PostgresOrganizations,
    PostgresOwnRoles,
    PostgresSessions,
    PostgresSettings,
    PostgresUsers,
)
from services.admin.adapters.urls import OutboundUrls
from services.admin.app import App
from services.admin.app.credentials import CredentialApp
from services.admin.app.roles import RoleApp
from services.admin.app.settings import SettingApp
from services.admin.settings import Settings

TIDY_SECONDS = 600
RESEAL_SECONDS = 60.0
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
        journal = Journal(pool, "admin", convert.fact_to_pb, redis)
        database = Database(pool, journal)
        passwords = Argon2idPasswords(
            Cost(settings.password_memory_kib, settings.password_iterations), settings.password_threads
        )
        stack.callback(passwords.close)
        in_postgres = PostgresLimits(database)
        in_redis = RedisLimits(redis, "admin", fallback=in_postgres) if redis is not None else None
        signer = Signer.load(settings.keys_dir, "admin")
        now = clock.utc_now
        kept = PostgresCredentials(database, Vault(settings.keys_dir / "admin.secrets"))
        urls = OutboundUrls(settings.egress(settings.redis_url.get_secret_value()))
        app = App(
            organizations=PostgresOrganizations(database),
            users=PostgresUsers(database),
            sessions=PostgresSessions(database),
            api_keys=PostgresApiKeys(database),
            attempts=in_redis or in_postgres,
            passwords=passwords,
            access_tokens=SignedAccessTokens(signer),
            devices=SignedDevices(signer),
            public_keys=PublicKeyFile(settings.keys_dir),
            roles=RoleApp(PostgresOwnRoles(database), now),
            settings=SettingApp(PostgresSettings(database), now),
            credentials=CredentialApp(kept, urls, now),
            now=now,
        )
        draining = asyncio.Event()
        revoked = revocations.Revocations()
        own_facts = revocations.own_journal(journal, internal)
        yield Service(
            name="admin",
            register=partial(rpc.register, app=app, journal=journal, draining=draining, trusted_hops=settings.trusted_hops),
            services=(*pb.SERVICES, *internal.SERVICES),
            workers=(
                journal.hear,
                Every(TIDY_SECONDS, partial(_tidy, app, in_postgres)),
                Every(RESEAL_SECONDS, kept.reseal),
            ),
            unavailable=(*postgres.UNAVAILABLE_ERRORS, *BUSY),
            revocations=revoked,
            feeds=[
                revocations.feed(revoked, "admin", internal, own_facts, revocations.USERS, None),
                revocations.suspensions(revoked, "admin", internal, own_facts, SUSPENDS, pool),
            ],
            series=(
                *postgres.series(pool),
                metrics.number(HASHES, lambda: passwords.pending),
                metrics.breaker("redis", lambda: in_redis is not None and in_redis.is_unavailable),
            ),
            draining=draining,
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
