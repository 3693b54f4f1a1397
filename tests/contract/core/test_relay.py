"""The relay of unstored events on a real Redis."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError

from services.core.adapters.redis import RedisRelay
from services.core.domain import ConversationId, Role

if TYPE_CHECKING:
    from stack.testing import TestStores

C1 = ConversationId("c1")
TOPIC = "core:live:c1"


class Screens:
    """Collects what it is shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **more: self.shown.append((name, *args))


@pytest.mark.parametrize(
    "unreadable", [b"", b"{", b"\xff", b'{"by": 7}', b'{"by": "there", "state": "DREAMING"}', b'{"by": "there", "role": "BOT"}']
)
async def test_an_update_that_can_not_be_read_is_left_out(stores: TestStores, unreadable: bytes) -> None:
    url = stores.redis_url()
    async with Redis.from_url(url) as one, Redis.from_url(url) as two:
        here, there, screens = RedisRelay(url, one, "here"), RedisRelay(url, two, "there"), Screens()
        here.follow(C1)
        hearing = here.hear(screens, screens), there.hear(Screens(), Screens())
        workers = [asyncio.create_task(work) for work in (here.count(), there.count(), *hearing)]
        async with asyncio.timeout(20):
            while not (await two.pubsub_numsub(TOPIC))[0][1]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            await two.publish(TOPIC, unreadable)
            await two.publish("core:checks", unreadable)
            while not screens.shown:
                there.read_on(C1, Role.AGENT, 3)
                await asyncio.sleep(0.05)
        assert [worker.done() for worker in workers] == [False] * 4
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    assert screens.shown[0] == ("read_on", C1, Role.AGENT, 3)


async def test_connections_that_break_are_made_again_and_break_no_others(stores: TestStores) -> None:
    url = stores.redis_url()
    async with Redis.from_url(url) as shared, Redis.from_url(url) as other, Redis.from_url(url) as killer:
        here, there, screens = RedisRelay(url, shared, "here"), RedisRelay(url, other, "there"), Screens()
        hearing = here.hear(screens, screens), there.hear(Screens(), Screens())
        workers = [asyncio.create_task(work) for work in (here.count(), there.count(), *hearing)]
        async with asyncio.timeout(60):
            for number in range(30):
                for each in range(20):
                    here.follow(ConversationId(f"c{number}-{each}"))
                with suppress(ConnectionError):
                    await killer.client_kill_filter(_type="pubsub", skipme=True)
                for each in range(15):
                    here.leave(ConversationId(f"c{number}-{each}"))
                await asyncio.sleep(0.1)
                with suppress(ConnectionError):
                    assert await shared.ping()
            newest = ConversationId("c29-19")
            while not screens.shown:
                there.read_on(newest, Role.AGENT, 3)
                await asyncio.sleep(0.05)
        assert screens.shown[0] == ("read_on", newest, Role.AGENT, 3)
        assert [worker.done() for worker in workers] == [False] * 4
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
