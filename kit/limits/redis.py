"""`Limits` in Redis: one script per call, so that two calls at once can't both be the last one allowed."""

import asyncio
import logging
import time
from datetime import timedelta
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from kit.limits import Bucket, Limits

# The value of a key is when its bucket will be full, in microseconds of Redis's own clock.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local wait = 0
local full = {}
for i, key in ipairs(KEYS) do
  local interval, capacity = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  full[i] = math.max(tonumber(redis.call('GET', key) or 0), now) + interval
  wait = math.max(wait, full[i] - now - capacity)
end
if wait > 0 then
  return wait
end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, full[i], 'PX', math.ceil((full[i] - now) / 1000))
end
return 0
"""
_GIVE_BACK = """
for i, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then
    redis.call('DECRBY', key, ARGV[2 * i - 1])
  end
end
return 0
"""
TIMEOUT_SECONDS = 0.3
"""How long a call waits for Redis before it counts elsewhere."""
RETRY_SECONDS = 5.0
"""How long Redis is left alone after it failed."""

_log = logging.getLogger("frontdesk")


class RedisLimits:
    """Counts in keys `<prefix>:rate:{scope}:key`, and in `fallback` while Redis is unavailable."""

    def __init__(
        self,
        redis: Redis,
        prefix: str,
        fallback: Limits,
        timeout: float = TIMEOUT_SECONDS,
        retry: float = RETRY_SECONDS,
    ) -> None:
        self._prefix = prefix
        self._fallback = fallback
        self._timeout = timeout
        self._retry = retry
        self._take = redis.register_script(_TAKE)
        self._give_back = redis.register_script(_GIVE_BACK)
        self.is_unavailable = False
        """Whether Redis was unavailable at the last call."""
        self._retry_at = 0.0

    async def take(self, *buckets: Bucket) -> timedelta:
        microseconds = await self._run(self._take, buckets)
        return await self._fallback.take(*buckets) if microseconds is None else timedelta(microseconds=microseconds)

    async def give_back(self, *buckets: Bucket) -> None:
        if await self._run(self._give_back, buckets) is None:
            await self._fallback.give_back(*buckets)

    async def _run(self, script: Any, buckets: tuple[Bucket, ...]) -> int | None:
        """The script's result; None while Redis is unavailable."""
        if time.monotonic() < self._retry_at:
            return None
        keys = [f"{self._prefix}:rate:{bucket.name}" for bucket in buckets]
        args = [value for bucket in buckets for value in (bucket.rate.interval, bucket.rate.capacity)]
        try:
            async with asyncio.timeout(self._timeout):
                result = int(await script(keys=keys, args=args))
        except (RedisError, OSError, TimeoutError) as error:
            self._retry_at = time.monotonic() + self._retry
            self._note(unavailable=True, error=repr(error)[:200])
            return None
        self._note(unavailable=False)
        return result

    def _note(self, unavailable: bool, error: str = "") -> None:
        """Logs that Redis became unavailable, and that it is back; not each call between."""
        if unavailable and not self.is_unavailable:
            _log.warning("Redis is unavailable; limits are counted without it", extra={"error": error})
        elif self.is_unavailable and not unavailable:
            _log.info("Redis is back; limits are counted there again")
        self.is_unavailable = unavailable
