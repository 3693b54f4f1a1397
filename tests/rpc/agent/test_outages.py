"""A store becomes unavailable and comes back: calls say so, and what was open continues."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest
from frontdesk.agent import v1 as pb

from tests.rpc.agent.office import ORGANIZATION, eventually, open_office, refusal

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def own_stores() -> Iterator[TestStores]:
    """Stores that no other test needs while they are unavailable."""
    from stack.testing import TestStores

    running = TestStores()
    yield running
    running.close()


async def test_without_redis_agents_stay_as_they_were(own_stores: TestStores, tmp_path: Path) -> None:
    async with open_office(own_stores, tmp_path, presence_interval_ms=100, presence_expires_ms=400) as office:
        agent = office.agent("a1")
        await agent.set_presence(pb.PRESENCE_STATE_ONLINE)
        own_stores.stop("redis")
        try:
            assert (await agent.heartbeat()).state == pb.PRESENCE_STATE_ONLINE
            await asyncio.sleep(1.5)
            assert (await agent.screen()).presences[0].state == pb.PRESENCE_STATE_ONLINE
            assert (await agent.set_presence(pb.PRESENCE_STATE_AWAY)).state == pb.PRESENCE_STATE_AWAY
            conversation = await office.ask_for_human()
            await agent.accept((await agent.entry(conversation)).handover)
        finally:
            own_stores.start("redis")


async def test_without_postgres_a_call_says_so_and_open_screens_continue_later(own_stores: TestStores, tmp_path: Path) -> None:
    async with open_office(own_stores, tmp_path) as office:
        agent = office.agent("a1")
        await agent.set_presence(pb.PRESENCE_STATE_ONLINE)
        call = agent.watch("0")
        await call.read()
        own_stores.stop("postgres")
        try:
            request = pb.ListQueuesRequest(parent=ORGANIZATION)
            refused = await refusal(agent.to.queues.ListQueues(request, metadata=agent.metadata))
            assert (refused.code, refused.reason) == ("UNAVAILABLE", "STORE_UNAVAILABLE")
            await asyncio.sleep(1.5)
        finally:
            own_stores.start("postgres")

        async def works_again() -> bool:
            try:
                await agent.set_presence(pb.PRESENCE_STATE_AWAY, "back soon")
            except grpc.aio.AioRpcError:
                return False
            return True

        await eventually(works_again)
        async with asyncio.timeout(60):
            reasons = set[str]()
            while "back soon" not in reasons:
                reasons = {event.presence_changed.away_reason for event in (await call.read()).inbox_events.events}
        call.cancel()
