"""Attempts counted in Redis, atomically over all replicas, with somewhere to go when it is away."""

import asyncio
import logging
from datetime import timedelta
from math import ceil

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.admin.domain.limits import Limit
from services.admin.ports import Attempts

PATIENCE_SECONDS = 0.25
AWAY = (RedisError, OSError, TimeoutError)

# The key says until when its bucket is filled, in milliseconds by Redis's own clock, and goes when it is empty. An attempt
# fills it by ARGV[1] more, if that stays within ARGV[2] from now; else the answer is how long to wait.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local filled = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + tonumber(ARGV[1])
local wait = filled - tonumber(ARGV[2]) - now
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%.0f', filled), 'PX', string.format('%.0f', filled - now))
return 0
"""
_GIVE_BACK = """
local left = redis.call('PTTL', KEYS[1]) - tonumber(ARGV[1])
if left <= 0 then return redis.call('DEL', KEYS[1]) end
redis.call('DECRBY', KEYS[1], ARGV[1])
return redis.call('PEXPIRE', KEYS[1], left)
"""

_log = logging.getLogger("frontdesk")


class RedisAttempts:
    """Counts in keys `admin:attempts:…`, one script per attempt, so that two at once can't both be the last one allowed."""

    def __init__(self, redis: Redis) -> None:
        self._take = redis.register_script(_TAKE)
        self._give_back = redis.register_script(_GIVE_BACK)

    async def take(self, key: str, limit: Limit) -> timedelta | None:
        wait = await self._take(keys=[_name(key)], args=[_milliseconds(limit.interval), _milliseconds(limit.period)])
        return timedelta(milliseconds=wait) if wait else None

    async def give_back(self, key: str, limit: Limit) -> None:
        await self._give_back(keys=[_name(key)], args=[_milliseconds(limit.interval)])


class AttemptsWithSpare:
    """Counts in one place, and in another while the first is away. Nobody gets unlimited attempts by an outage."""

    def __init__(self, first: Attempts, spare: Attempts) -> None:
        self._first = first
        self._spare = spare
        self._away = False

    @property
    def away(self) -> bool:
        """Whether the first did not answer last."""
        return self._away

    async def take(self, key: str, limit: Limit) -> timedelta | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                wait = await self._first.take(key, limit)
        except AWAY as error:
            self._say(away=True, why=repr(error)[:200])
            return await self._spare.take(key, limit)
        self._say(away=False)
        return wait

    async def give_back(self, key: str, limit: Limit) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._first.give_back(key, limit)
        except AWAY:
            await self._spare.give_back(key, limit)

    def _say(self, away: bool, why: str = "") -> None:
        """Logs when Redis goes and when it is back, not at each attempt between."""
        if away and not self._away:
            _log.warning("Redis is away; attempts are counted in PostgreSQL", extra={"error": why})
        elif self._away and not away:
            _log.info("Redis is back; attempts are counted there again")
        self._away = away


def _name(key: str) -> str:
    return f"admin:attempts:{key}"


def _milliseconds(span: timedelta) -> int:
    return ceil(span.total_seconds() * 1000)
