"""Hints over Redis: at once when it is there, harmless when it is not."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from redis.asyncio import Redis

from kit.ids import OrganizationId
from services.memory.adapters.redis_hints import CHANNEL, RedisHints
from tests.contract.memory.conftest import ACME

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.servers


async def test_another_process_learns_of_a_change(stores: TestStores) -> None:
    url = stores.redis_url()
    heard: asyncio.Queue[OrganizationId] = asyncio.Queue()
    async with Redis.from_url(url) as one, Redis.from_url(url) as two:
        listening = asyncio.create_task(RedisHints(two, heard.put_nowait).run())
        while not (await one.pubsub_numsub(CHANNEL))[0][1]:  # noqa: ASYNC110
            await asyncio.sleep(0)
        async with asyncio.timeout(60):
            while heard.empty():  # a hint may be lost: publishing waits half a second and no longer
                await RedisHints(one, lambda _: None).announce(ACME)
                await asyncio.sleep(0.05)
        assert await heard.get() == ACME
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def test_without_redis_a_hint_stays_in_this_process() -> None:
    heard: list[OrganizationId] = []
    async with Redis.from_url("redis://127.0.0.1:9/0", socket_connect_timeout=0.2) as nowhere:
        await RedisHints(nowhere, heard.append).announce(ACME)
    assert heard == [ACME]
