"""The composition root: opens stores and core, and puts the use cases together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

import redis.asyncio
from frontdesk.admin.internal import v1 as admin_internal
from frontdesk.agent import v1 as pb
from frontdesk.agent.internal import v1 as agent_internal
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as core_internal

from kit import caller, client, clock, erasure, feeds, ids, journal, migrations, names, postgres, revocations, service
from kit.clock import Clock
from kit.jobs import Job
from kit.jobs.table import Jobs
from kit.jobs.worker import JobWorker
from services.agent import followers, rpc
from services.agent.adapters import core_journal
from services.agent.adapters.core_journal import GrpcCoreJournal
from services.agent.adapters.database import Database
from services.agent.adapters.grpc_core import GrpcCore
from services.agent.adapters.grpc_references import GrpcReferences
from services.agent.adapters.journal_feed import JournalFeed
from services.agent.adapters.postgres_agents import PostgresAgents
from services.agent.adapters.postgres_catalog import PostgresCannedReplies, PostgresQueues
from services.agent.adapters.postgres_custodies import PostgresCustodies
from services.agent.adapters.postgres_erasures import ERASURES, PostgresErasures
from services.agent.adapters.postgres_lines import PostgresLines
from services.agent.adapters.postgres_waiting import QUEUES
from services.agent.adapters.redis_heartbeats import RedisHeartbeats
from services.agent.app import App, Availabilities, Catalog, Desk, Inbox, Team
from services.agent.app.recount import Recounts
from services.agent.convert.facts import fact_to_pb
from services.agent.domain.agent import HeartbeatRules
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
        own = journal.Journal(pool, "agent", fact_to_pb, hints, journal.states(agent_internal))
        database = Database(pool, own)
        draining = asyncio.Event()
        revoked, followed = revocations.Revocations(), list[feeds.Feed]()
        feed = JournalFeed(
            pool, own, PostgresCustodies(database), PostgresAgents(database), draining, settings.inbox_most_unsent
        )
        rules = settings.heartbeat_rules()
        heartbeats = RedisHeartbeats(cache, rules.expires)
        core_calls = GrpcCore(channel, signer)
        app = compose(database, heartbeats, core_calls, feed, rules)
        jobs = Jobs(pool, "agent", hints)

        def committed(organization: str) -> None:
            jobs.wake(ERASURES)

        async def confirm_erasure(job: Job) -> None:
            await core_calls.confirm_erasure(job.organization, names.last(job.subject))

        eraser = JobWorker(jobs, ERASURES, confirm_erasure, draining, _UNAVAILABLE_ERRORS)
        facts = journal.Source(
            core_internal.EventServiceStub(channel).WatchEvents, followers.WANTED, signer.service_token, committed
        )
        verified = journal.Verified(pool, core_journal.NAME)
        compared = GrpcCoreJournal(channel, signer, verified, revoked.is_erased)
        recounts = Recounts(compared, PostgresCustodies(database))

        def desk_on(transaction: journal.Transaction) -> Desk:
            return compose(database.on(transaction), heartbeats, core_calls, feed, rules).desk

        core_follower = followers.CoreFollower(desk_on, partial(PostgresErasures, jobs=jobs), GrpcReferences(channel, signer))
        workers: list[service.Worker] = [
            feed.run,
            feed.end_streams,
            own.hear,
            partial(
                journal.follow,
                *(pool, "core", facts, core_follower.handle, core_follower.prepare, revoked.is_erased, own.transaction),
            ),
            jobs.hear,
            eraser,
            service.Every(
                journal.RETENTION_SECONDS,
                journal.Retention(pool, agent_internal, settings.journal_days).sweep,
                busy=journal.BUSY_SECONDS,
                unavailable=_UNAVAILABLE_ERRORS,
            ),
            service.Every(
                app.team.rules.sweeps.total_seconds(), app.team.sweep, rests_first=True, unavailable=_UNAVAILABLE_ERRORS
            ),
        ]
        job_workers = [eraser]
        if settings.admin_url:
            to_admin = await stack.enter_async_context(client.dial(settings.admin_url, admin_internal.SERVICES))
            from_admin = admin_internal.EventServiceStub(to_admin)
            opened = feeds.opener(from_admin.WatchEvents, signer)
            followed.append(revocations.feed(revoked, "admin", admin_internal, opened, revocations.USERS, pool))
            followed.append(revocations.suspensions(revoked, "admin", admin_internal, opened, SUSPENDS, pool))
            rows, quiet = erasure.Rows(pool), timedelta(seconds=settings.erasure_quiet_seconds)
            stores = (rows.erase, compared.erase, erasure.keys(cache, "agent"), rows.erase_events)
            erasing = erasure.workers(
                *(pool, jobs, stores, quiet, admin_internal, to_admin, signer, SUSPENDS, draining, _UNAVAILABLE_ERRORS)
            )
            workers += erasing
            job_workers.append(erasing[1])
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
        await asyncio.gather(*(worker.drain(timedelta(seconds=settings.drain_seconds)) for worker in job_workers))


def compose(
    database: Database,
    heartbeats: Heartbeats,
    core_calls: Core,
    feed: Feed,
    rules: HeartbeatRules,
    new_id: Callable[[], str] = ids.new,
    now: Clock = clock.utc_now,
) -> App:
    """The use cases on the service's own tables."""
    custodies, queues = PostgresCustodies(database), PostgresQueues(database)
    team = Team(PostgresAgents(database), heartbeats, now, rules)
    return App(
        team=team,
        desk=Desk(custodies, queues, team, core_calls, new_id, now),
        inbox=Inbox(custodies, team, feed),
        catalog=Catalog(queues, custodies, PostgresCannedReplies(database), new_id, now),
        availabilities=Availabilities(PostgresLines(database), now),
    )
