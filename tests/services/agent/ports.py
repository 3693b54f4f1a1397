"""The agent service's ports on real stores."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import redis.asyncio
from pydantic import SecretStr

from kit import journal, migrations, postgres
from kit.ids import OrganizationId
from kit.streams import WatcherTooSlow
from services.agent.adapters.database import Database
from services.agent.adapters.journal_feed import JournalFeed
from services.agent.adapters.postgres_agents import PostgresAgents
from services.agent.adapters.postgres_catalog import PostgresCannedReplies, PostgresQueues
from services.agent.adapters.postgres_custodies import PostgresCustodies
from services.agent.adapters.redis_heartbeats import RedisHeartbeats
from services.agent.convert.facts import fact_to_pb
from services.agent.domain.facts import Fact
from services.agent.ports import Agents, CannedReplies, Custodies, Feed, Heartbeats, Queues

EXPIRES = timedelta(seconds=1)


@dataclass(frozen=True)
class Ports:
    """Every port of the service that keeps something."""

    agents: Agents
    heartbeats: Heartbeats
    custodies: Custodies
    queues: Queues
    canned_replies: CannedReplies
    feed: Feed


async def no_pause() -> None:
    """Between two batches of a feed, where a test counts no frames."""


@asynccontextmanager
async def on_stores(
    postgres_url: str, redis_url: str, most_unsent: int = 1_000, pause: Callable[[], Awaitable[None]] = no_pause
) -> AsyncIterator[Ports]:
    """The adapters that run in production, on real servers."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(postgres.open_pool(SecretStr(postgres_url), size=4))
        client = await stack.enter_async_context(redis.asyncio.from_url(redis_url))
        await migrations.apply(pool, "agent")
        own = journal.Journal(pool, "agent", fact_to_pb)
        database = Database(pool, own)
        custodies, agents = PostgresCustodies(database), PostgresAgents(database)
        feed = JournalFeed(pool, own, custodies, agents, asyncio.Event(), most_unsent, pause)
        reading = asyncio.create_task(feed.run())
        stack.callback(reading.cancel)
        yield Ports(
            PostgresAgents(database),
            RedisHeartbeats(client, EXPIRES),
            PostgresCustodies(database),
            PostgresQueues(database),
            PostgresCannedReplies(database),
            feed,
        )


async def take_told(feed: Feed, organization: OrganizationId, after: int | None, count: int) -> list[tuple[int, Fact]]:
    """The next facts of a feed, with their positions; who is too slow continues with the token, as a client does."""
    found: list[tuple[int, Fact]] = []
    while len(found) < count:
        stream = feed.watch(organization, after, seconds=60)
        try:
            while len(found) < count:
                batch = await anext(stream)
                found += [(told.position, told.fact) for told in batch.told]
        except WatcherTooSlow as ended:
            after = int(ended.metadata["resume_token"])
        finally:
            await stream.aclose()
    return found


def ids_of(rows: Iterable[object]) -> list[str]:
    """The ids of agents, queues, handovers and the like."""
    return [str(getattr(row, "id", "")) for row in rows]
