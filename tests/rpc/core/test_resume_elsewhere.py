"""A customer's watch that continues at another replica."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from frontdesk.core import v1 as pb

from tests.rpc.core.conftest import Desk
from tests.rpc.core.test_takeovers import replicas, take

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.servers


@pytest.mark.parametrize("redis", [True, False])
async def test_a_watch_resumes_at_another_replica_without_a_gap_or_a_double(
    stores: TestStores, tmp_path: Path, redis: bool
) -> None:
    async with replicas(stores, tmp_path, redis) as r:
        conversation = await r.first.open()
        await take(r.first, conversation)  # so that the assistant says nothing in between
        seen: list[str] = []
        token = "0-0"

        async def watch_until(desk: Desk, last: str) -> None:
            nonlocal token
            async with asyncio.timeout(60), desk.watch(conversation, token) as frames:
                async for frame in frames:
                    token = frame.resume_token
                    if frame.WhichOneof("event") == "message_created":
                        seen.append(frame.message_created.text)
                        if seen[-1] == last:
                            return

        for number in range(12):
            said_at, watched_at = (r.first, r.second)[number % 2], (r.second, r.first)[number // 2 % 2]
            await said_at.say(conversation, f"m{number}", f"r{number}")
            if number % 3 == 2:
                await watch_until(watched_at, f"m{number}")
        assert seen == [f"m{number}" for number in range(12)]
        other = r.second.as_customer(await r.second.open("another"))
        request = pb.WatchConversationRequest(name=conversation.name, resume_token=token)
        with pytest.raises(Exception, match="no conversation"):
            await r.second.conversations.WatchConversation(request, metadata=other).read()
