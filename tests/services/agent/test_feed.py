"""`ports.Feed`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg
import pytest

from kit.ids import OrganizationId
from kit.streams import ResumeTokenExpired, StreamEnded, WatcherTooSlow
from services.agent.domain import roster
from services.agent.domain.agent import Me
from services.agent.domain.facts import AgentChanged
from services.agent.domain.ids import AgentId
from services.agent.ports import Batch
from tests.services.agent.ports import Ports, on_stores, take_told

if TYPE_CHECKING:
    from stack.testing import TestStores

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def happen(ports: Ports, organization: OrganizationId, *ids: str) -> None:
    for id in ids:
        await ports.agents.add(*roster.enroll(Me(organization, AgentId(id), "Some Agent"), NOW))


def agents_in(told: list[tuple[int, object]]) -> list[str]:
    return [fact.agent for _, fact in told if isinstance(fact, AgentChanged)]


async def drain(stream: AsyncGenerator[Batch, None]) -> None:
    async for _ in stream:
        pass


async def test_a_watcher_gets_what_it_missed_then_what_happens(ports: Ports, organization: OrganizationId) -> None:
    await happen(ports, organization, "a1", "a2")
    watching = asyncio.create_task(take_told(ports.feed, organization, 0, 4))
    await asyncio.sleep(0.05)
    await happen(ports, OrganizationId(f"{organization}x"), "b1")
    await happen(ports, organization, "a3", "a4")
    told = await watching
    assert agents_in(list(told)) == ["a1", "a2", "a3", "a4"]
    resumed = await take_told(ports.feed, organization, told[1][0], 2)
    assert resumed == told[2:]


async def test_a_watcher_without_a_token_starts_now(ports: Ports, organization: OrganizationId) -> None:
    await happen(ports, organization, "a1")
    await take_told(ports.feed, organization, 0, 1)  # the reader has come this far
    watching = asyncio.create_task(take_told(ports.feed, organization, None, 1))
    await asyncio.sleep(0.05)
    await happen(ports, organization, "a2")
    assert agents_in(list(await watching)) == ["a2"]


async def test_a_quiet_watcher_gets_its_position_within_a_second(ports: Ports, organization: OrganizationId) -> None:
    await happen(ports, organization, "a1")
    [(position, _)] = await take_told(ports.feed, organization, 0, 1)
    stream = ports.feed.watch(organization, position, seconds=60)
    async with asyncio.timeout(1):
        assert await anext(stream) == Batch(position)
    await stream.aclose()


async def test_a_position_of_the_future_is_refused(ports: Ports, organization: OrganizationId) -> None:
    stream = ports.feed.watch(organization, 1_000_000, seconds=1)
    with pytest.raises(ResumeTokenExpired):
        await anext(stream)


async def test_a_stream_ends_in_time_with_its_position(ports: Ports, organization: OrganizationId) -> None:
    await happen(ports, organization, "a1")
    await take_told(ports.feed, organization, 0, 1)  # the reader has come this far, so that it gets this whatever the time
    stream = ports.feed.watch(organization, 0, seconds=0.2)
    first = await anext(stream)
    assert first.told
    with pytest.raises(StreamEnded) as error:
        await drain(stream)
    assert int(error.value.metadata["resume_token"]) >= first.position


@pytest.mark.servers
async def test_a_slow_watcher_is_ended_and_can_continue_without_a_gap(
    agent_urls: tuple[str, str], organization: OrganizationId
) -> None:
    async with on_stores(*agent_urls, most_unsent=3) as ports:
        await happen(ports, organization, "a0")
        ((position, _),) = await take_told(ports.feed, organization, 0, 1)  # the reader has come this far
        stream = ports.feed.watch(organization, 0, seconds=60)
        first = await anext(stream)
        assert first.told
        assert first.position == position
        await happen(ports, organization, *(f"a{n}" for n in range(1, 9)))
        await take_told(ports.feed, organization, first.position, 8)  # now the reader has handed all of them out
        with pytest.raises(WatcherTooSlow) as error:
            await drain(stream)
        resume = int(error.value.metadata["resume_token"])
        told = await take_told(ports.feed, organization, resume, 8)
        assert agents_in(list(told)) == [f"a{n}" for n in range(1, 9)]


@pytest.mark.servers
async def test_what_happens_between_two_frames_is_one_batch(agent_urls: tuple[str, str], organization: OrganizationId) -> None:
    paused, over = asyncio.Event(), asyncio.Event()

    async def pause() -> None:
        paused.set()
        await over.wait()

    async with on_stores(*agent_urls, pause=pause) as ports:
        stream = ports.feed.watch(organization, None, seconds=60)
        await anext(stream)
        await happen(ports, organization, "a0")
        first = await anext(stream)
        second = asyncio.create_task(anext(stream))
        await paused.wait()
        await happen(ports, organization, *(f"a{n}" for n in range(1, 9)))
        await _handed_out(ports, organization)
        assert not second.done()
        over.set()
        batch = await second
        assert [told.fact.agent for told in batch.told if isinstance(told.fact, AgentChanged)] == [f"a{n}" for n in range(1, 9)]
        assert batch.position == batch.told[-1].position
        resumed = await take_told(ports.feed, organization, first.position, 8)
        assert resumed == [(told.position, told.fact) for told in batch.told]
        await stream.aclose()


async def _handed_out(ports: Ports, organization: OrganizationId) -> None:
    """Returns when the feed's reader has handed out all that has happened: a heartbeat says so."""
    end = await ports.feed.end(organization)
    async with aclosing(ports.feed.watch(organization, None, seconds=60)) as stream:
        async for batch in stream:
            if batch.position >= end:
                return


@pytest.mark.servers
async def test_a_position_whose_events_are_gone_is_refused(stores: TestStores, organization: OrganizationId) -> None:
    url = stores.postgres_url("agent")
    async with on_stores(url, stores.redis_url()) as ports:
        await happen(ports, organization, "a1", "a2")
        told = await take_told(ports.feed, organization, 0, 2)
        connection = await asyncpg.connect(url)
        await connection.execute("delete from event where position <= $1", told[0][0])
        await connection.close()
        stream = ports.feed.watch(organization, 0, seconds=1)
        with pytest.raises(ResumeTokenExpired):
            await anext(stream)
