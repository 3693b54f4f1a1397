"""The composition root: opens stores and core, and puts the use cases together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import redis.asyncio
from frontdesk.admin.internal import v1 as admin_internal
from frontdesk.agent import v1 as pb
from frontdesk.agent.internal import v1 as agent_internal
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as core_internal

from kit import caller, client, clock, feeds, ids, journal, migrations, names, postgres, revocations, service
from kit.jobs import Job
from kit.jobs.table import Jobs
from kit.jobs.worker import JobWorker
from services.agent import followers, rpc
from services.agent.adapters.core_journal import GrpcCoreJournal
from services.agent.adapters.database import Database
from services.agent.adapters.grpc_core import GrpcCore
from services.agent.adapters.grpc_references import GrpcReferences
from services.agent.adapters.journal_feed import JournalFeed
from services.agent.adapters.postgres_agents import PostgresAgents
from services.agent.adapters.postgres_catalog import PostgresCannedReplies, PostgresQueues
from services.agent.adapters.postgres_custodies import PostgresCustodies
from services.agent.adapters.postgres_erasures import ERASURES, PostgresErasures
from services.agent.adapters.postgres_waiting import QUEUES
from services.agent.adapters.redis_heartbeats import RedisHeartbeats
from services.agent.app import App, Catalog, Desk, Inbox, Team
from services.agent.app.recount import Recounts
from services.agent.convert.facts import fact_to_pb
from services.agent.ports import Core, Feed, Heartbeats
from services.agent.settings import Settings

_UNAVAILABLE_ERRORS: tuple[type[BaseException], ...] = (*postgres.UNAVAILABLE_ERRORS, TimeoutError)
SUSPENDS = "OrganizationStateChanged"
"""Of admin's facts, the one that says whether an organization is active."""


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[service.Service]:
    """The agent service on its stores."""
    redis_url = settings.redis_url.get_secret_value()
    async with (
        postgres.open_pool(settings.postgres_url) as pool,
        redis.asyncio.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2) as cache,
        # Hearing others' hints blocks on its connection, which a time-out for commands would cut.
        redis.asyncio.from_url(redis_url, socket_connect_timeout=2) as hints,
        client.dial(settings.core_url, (*core.SERVICES, *core_internal.SERVICES)) as channel,
        AsyncExitStack() as stack,
    ):
        await migrations.apply(pool, "agent")
        signer = caller.Signer.load(settings.keys_dir, "agent")
        own = journal.Journal(pool, "agent", fact_to_pb, hints)
        database = Database(pool, own)
        draining = asyncio.Event()
        feed = JournalFeed(
            pool, own, PostgresCustodies(database), PostgresAgents(database), draining, settings.inbox_most_unsent
        )
        heartbeats = RedisHeartbeats(cache, settings.heartbeat_rules().expires)
        core_calls = GrpcCore(channel, signer)
        app = _app(database, heartbeats, core_calls, feed, settings)
        jobs = Jobs(pool, "agent", hints)

        def committed(organization: str) -> None:
            own.hint(organization)
            jobs.wake(ERASURES)

        async def confirm_erasure(job: Job) -> None:
            await core_calls.confirm_erasure(job.organization, names.last(job.subject))

        eraser = JobWorker(jobs, ERASURES, confirm_erasure, draining, _UNAVAILABLE_ERRORS)
        facts = journal.Source(
            core_internal.EventServiceStub(channel).WatchEvents, followers.WANTED, signer.service_token, committed
        )
        recounts = Recounts(GrpcCoreJournal(channel, signer), PostgresCustodies(database))

        def desk_on(connection: Any) -> Desk:
            return _app(database.on(connection), heartbeats, core_calls, feed, settings).desk

        core_follower = followers.CoreFollower(desk_on, partial(PostgresErasures, jobs=jobs), GrpcReferences(channel, signer))
        workers: list[service.Worker] = [
            feed.run,
            feed.end_streams,
            own.hear,
            partial(journal.follow, pool, "core", facts, core_follower.handle, core_follower.prepare),
            jobs.hear,
            eraser,
            service.Every(
                app.team.rules.sweeps.total_seconds(), app.team.sweep, rests_first=True, unavailable=_UNAVAILABLE_ERRORS
            ),
        ]
        revoked, followed = revocations.Revocations(), []
        if settings.admin_url:
            from_admin = admin_internal.EventServiceStub(await stack.enter_async_context(client.dial(settings.admin_url)))
            opened = feeds.opener(from_admin.WatchEvents, signer)
            followed.append(revocations.feed(revoked, "admin", admin_internal, opened, revocations.USERS, pool))
            followed.append(revocations.suspensions(revoked, "admin", admin_internal, opened, SUSPENDS, pool))
        yield service.Service(
            name="agent",
            register=partial(rpc.register, app=app, journal=own, draining=draining, recounts=recounts),
            services=(*pb.SERVICES, *agent_internal.SERVICES),
            workers=workers,
            unavailable=postgres.UNAVAILABLE_ERRORS,
            revocations=revoked,
            feeds=followed,
            series=(
                *postgres.series(pool),
                *postgres.queues(pool, QUEUES),
                *jobs.series(),
                *facts.following.series("core", "desk"),
            ),
            draining=draining,
        )
        await eraser.drain(timedelta(seconds=settings.drain_seconds))


def _app(database: Database, heartbeats: Heartbeats, core_calls: Core, feed: Feed, settings: Settings) -> App:
    custodies, queues = PostgresCustodies(database), PostgresQueues(database)
    team = Team(PostgresAgents(database), heartbeats, clock.utc_now, settings.heartbeat_rules())
    return App(
        team=team,
        desk=Desk(custodies, queues, team, core_calls, ids.new, clock.utc_now),
        inbox=Inbox(custodies, team, feed),
        catalog=Catalog(queues, custodies, PostgresCannedReplies(database), ids.new, clock.utc_now),
    )
