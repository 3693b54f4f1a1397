"""The relay of unstored events on a real Redis."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from redis.asyncio import Redis

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
    async with Redis.from_url(stores.redis_url()) as one, Redis.from_url(stores.redis_url()) as two:
        here, there, screens = RedisRelay(one, "here"), RedisRelay(two, "there"), Screens()
        here.follow(C1)
        workers = [asyncio.create_task(work) for work in (here.count(), there.count(), here.hear(screens, screens))]
        async with asyncio.timeout(20):
            while not (await two.pubsub_numsub(TOPIC))[0][1]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            await two.publish(TOPIC, unreadable)
            await two.publish("core:checks", unreadable)
            while not screens.shown:
                there.read_on(C1, Role.AGENT, 3)
                await asyncio.sleep(0.05)
        assert [worker.done() for worker in workers] == [False, False, False]
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    assert screens.shown[0] == ("read_on", C1, Role.AGENT, 3)
