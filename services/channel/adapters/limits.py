"""`Limits` in Redis, atomic over all replicas; in this process alone while Redis is unavailable."""

import asyncio
import logging
import time
from datetime import timedelta
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.channel.domain.limits import Bucket

# A bucket as one number, the moment at which it will be full again (GCRA): all are read, and changed only if each has room.
_TAKE = """
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local wait = 0
local full = {}
for i, key in ipairs(KEYS) do
  local step, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  full[i] = math.max(tonumber(redis.call('GET', key) or 0), now) + step
  wait = math.max(wait, full[i] - now - burst)
end
if wait > 0 then
  return math.ceil(wait)
end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, full[i], 'PX', math.ceil(full[i] - now) + 1000)
end
return 0
"""
_GIVE_BACK = """
for i, key in ipairs(KEYS) do
  local full = redis.call('GET', key)
  if full then
    redis.call('SET', key, full - ARGV[2 * i - 1], 'KEEPTTL')
  end
end
return 0
"""
_MINUTE = 60_000.0
_MAX_KEYS = 10_000
_SPARED_SECONDS = 5.0

_log = logging.getLogger("frontdesk")


class LocalLimits:
    """Counts in this process. It remembers the 10,000 to 20,000 buckets that were used last."""

    def __init__(self) -> None:
        self._full: dict[Bucket, float] = {}
        self._older: dict[Bucket, float] = {}

    async def take(self, *buckets: Bucket) -> timedelta:
        now = time.monotonic() * 1000
        full = [max(self._get(bucket), now) + _step(bucket) for bucket in buckets]
        wait = max(at - now - _step(bucket) * bucket.rate.burst for bucket, at in zip(buckets, full, strict=True))
        if wait > 1e-6:
            return timedelta(milliseconds=wait)
        if len(self._full) >= _MAX_KEYS:
            self._older, self._full = self._full, {}
        self._full.update(zip(buckets, full, strict=True))
        return timedelta()

    async def give_back(self, *buckets: Bucket) -> None:
        for bucket in buckets:
            self._full[bucket] = self._get(bucket) - _step(bucket)

    def _get(self, bucket: Bucket) -> float:
        return self._full.get(bucket) or self._older.get(bucket, 0.0)


class RedisLimits:
    """Counts in Redis."""

    def __init__(self, redis: Redis, timeout: float = 0.3) -> None:
        """`timeout`: seconds that a caller waits for Redis before this process counts alone."""
        self._timeout = timeout
        self._take = redis.register_script(_TAKE)
        self._give_back = redis.register_script(_GIVE_BACK)
        self._local = LocalLimits()
        self._spared_until = 0.0

    async def take(self, *buckets: Bucket) -> timedelta:
        milliseconds = await self._run(self._take, buckets)
        return await self._local.take(*buckets) if milliseconds is None else timedelta(milliseconds=int(milliseconds))

    async def give_back(self, *buckets: Bucket) -> None:
        if await self._run(self._give_back, buckets) is None:
            await self._local.give_back(*buckets)

    async def _run(self, script: Any, buckets: tuple[Bucket, ...]) -> Any:
        """What a script returns; None while Redis is unavailable."""
        if time.monotonic() < self._spared_until:
            return None
        keys = [f"channel:limit:{{{bucket.organization}}}:{bucket.key}" for bucket in buckets]
        args = [value for bucket in buckets for value in (_step(bucket), _step(bucket) * bucket.rate.burst)]
        try:
            async with asyncio.timeout(self._timeout):
                return await script(keys=keys, args=args)
        except (RedisError, OSError, TimeoutError) as error:
            self._spared_until = time.monotonic() + _SPARED_SECONDS
            _log.warning("Redis is unavailable; limits count in this process", extra={"error": repr(error)[:200]})
            return None


def _step(bucket: Bucket) -> float:
    """Milliseconds in which one call's room comes back."""
    return _MINUTE / bucket.rate.per_minute
