"""Presence of agents: true within seconds, whatever happens to Redis."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import redis.asyncio
from frontdesk.agent import v1 as pb

from tests.rpc.agent.office import ORGANIZATION, Agent, Office, open_office, refusal

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.servers
QUICK: dict[str, Any] = {"presence_interval_ms": 100, "presence_expires_ms": 1_500}


async def state(agent: Agent) -> pb.PresenceState:
    request = pb.GetPresenceRequest(name=f"{agent.name}/presence")
    return (await agent.to.presence.GetPresence(request, metadata=agent.metadata)).state


async def test_who_falls_silent_is_offline_for_all_and_comes_back(stores: TestStores, tmp_path: Path) -> None:
    async with open_office(stores, tmp_path, **QUICK) as office:
        agent, other = office.agent("a1"), office.agent("a2")
        token = (await other.screen()).resume_token
        watch = pb.WatchPresencesRequest(parent=ORGANIZATION, resume_token=token)
        call: Any = other.to.presence.WatchPresences(watch, metadata=other.metadata)
        await agent.set_presence(pb.PRESENCE_STATE_AWAY, "lunch")
        assert await _told(call) == (pb.PRESENCE_STATE_AWAY, "lunch")
        for _ in range(20):
            assert (await agent.heartbeat()).state == pb.PRESENCE_STATE_AWAY
            await asyncio.sleep(0.1)
        assert await state(agent) == pb.PRESENCE_STATE_AWAY
        assert await _told(call) == (pb.PRESENCE_STATE_OFFLINE, "lunch"), "silent"
        assert await state(agent) == pb.PRESENCE_STATE_OFFLINE
        assert (await agent.heartbeat()).state == pb.PRESENCE_STATE_AWAY
        assert await _told(call) == (pb.PRESENCE_STATE_AWAY, "lunch")
        call.cancel()
        later: Any = other.to.presence.WatchPresences(watch, metadata=other.metadata)
        assert await _told(later) == (pb.PRESENCE_STATE_AWAY, "lunch"), "a screen that resumes needs the newest state alone"
        later.cancel()


async def _told(call: Any) -> tuple[pb.PresenceState, str]:
    """The next presence of a stream; other frames are heartbeats."""
    while not (frame := await call.read()).HasField("presence"):
        pass
    return frame.presence.state, frame.presence.away_reason


async def test_a_flushed_redis_shows_no_one_offline_who_still_sends(stores: TestStores, tmp_path: Path) -> None:
    async with open_office(stores, tmp_path, **QUICK) as office:
        agent = office.agent("a1")
        await agent.set_presence(pb.PRESENCE_STATE_ONLINE)
        async with redis.asyncio.from_url(office.redis_url) as client:
            for _ in range(2):
                await client.flushdb()
                for _ in range(20):
                    await agent.heartbeat()
                    await asyncio.sleep(0.1)
        token = (await agent.screen()).resume_token
        watch = pb.WatchPresencesRequest(parent=ORGANIZATION, resume_token="0")
        call: Any = agent.to.presence.WatchPresences(watch, metadata=agent.metadata)
        first = await call.read()
        assert (first.presence.state, first.resume_token) == (pb.PRESENCE_STATE_ONLINE, token)
        call.cancel()


async def test_presence_is_the_agents_own(office: Office) -> None:
    agent = office.agent("a1")
    request = pb.SetPresenceRequest(name=f"{ORGANIZATION}/agents/a2/presence", state=pb.PRESENCE_STATE_ONLINE)
    refused = await refusal(agent.to.presence.SetPresence(request, metadata=agent.metadata))
    assert (refused.code, refused.reason) == ("PERMISSION_DENIED", "NOT_YOUR_PRESENCE")
