"""`Limits` in Redis, atomic over all replicas; in this process alone while Redis is away."""

import asyncio
import logging
import time
from datetime import timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

# A bucket as one number, the moment at which it will be full again (GCRA): read, changed and written in one step.
_TAKE = """
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local step, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
if full - now > burst - step then
  return math.ceil(full - now - burst + step)
end
redis.call('SET', KEYS[1], full + step, 'PX', math.ceil(full + step - now) + 1000)
return 0
"""
_MINUTE = 60_000.0
_MOST_KEYS = 10_000

_log = logging.getLogger("frontdesk")


class LocalLimits:
    """Counts in this process."""

    def __init__(self) -> None:
        self._full: dict[str, float] = {}

    async def take(self, key: str, per_minute: int) -> timedelta:
        now, step = time.monotonic() * 1000, _MINUTE / per_minute
        full = max(self._full.get(key, 0.0), now)
        if full - now > _MINUTE - step:
            return timedelta(milliseconds=full - now - _MINUTE + step)
        if len(self._full) >= _MOST_KEYS:
            self._full = {key: full for key, full in self._full.items() if full > now}
        self._full[key] = full + step
        return timedelta()


class RedisLimits:
    """Counts in Redis: a bucket of `per_minute` calls that fills evenly."""

    def __init__(self, redis: Redis, timeout: float = 0.3) -> None:
        """`timeout`: seconds that a caller waits for Redis before this process counts alone."""
        self._timeout = timeout
        self._take = redis.register_script(_TAKE)
        self._local = LocalLimits()
        self._spared_until = 0.0

    async def take(self, key: str, per_minute: int) -> timedelta:
        if time.monotonic() < self._spared_until:
            return await self._local.take(key, per_minute)
        try:
            async with asyncio.timeout(self._timeout):
                milliseconds = await self._take(keys=[f"channel:limit:{{{key}}}"], args=[_MINUTE / per_minute, _MINUTE])
        except (RedisError, OSError, TimeoutError) as error:
            self._spared_until = time.monotonic() + 5
            _log.warning("Redis is away; limits count in this process", extra={"error": repr(error)[:200]})
            return await self._local.take(key, per_minute)
        return timedelta(milliseconds=int(milliseconds))
