"""Hints over Redis: an organization's knowledge changed. Lost ones are repaired by asking each second."""

import asyncio
import logging
from collections.abc import Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from kit.ids import OrganizationId

CHANNEL = "frontdesk:memory:knowledge"
RETRY_SECONDS = 2.0

_log = logging.getLogger("memory.hints")


class RedisHints:
    """Implements Hints. `changed` is called for each hint, also for those of this process, at once and without Redis."""

    def __init__(self, redis: "Redis", changed: Callable[[OrganizationId], None]) -> None:
        self._redis = redis
        self._changed = changed

    async def announce(self, organization: OrganizationId) -> None:
        self._changed(organization)
        try:
            async with asyncio.timeout(0.5):
                await self._redis.publish(CHANNEL, organization)
        except (RedisError, OSError, TimeoutError) as error:
            _log.info("a hint is lost", extra={"error": repr(error)[:200]})

    async def run(self) -> None:
        """Listens for hints of other processes, forever; while Redis is unavailable, tries again."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.subscribe(CHANNEL)
                    async for message in subscription.listen():
                        self._changed(OrganizationId(message["data"].decode()))
            except (RedisError, OSError) as error:
                _log.info("no hints for now", extra={"error": repr(error)[:200]})
            await asyncio.sleep(RETRY_SECONDS)


class LocalHints:
    """Implements Hints within one process, where there is no Redis."""

    def __init__(self, changed: Callable[[OrganizationId], None]) -> None:
        self._changed = changed

    async def announce(self, organization: OrganizationId) -> None:
        self._changed(organization)
