"""How often something may happen: token buckets that hold a burst and refill evenly, counted by GCRA.

GCRA (the generic cell rate algorithm) keeps one number per bucket, the moment at which it will be full again. A call moves it
on by one interval, if that leaves it at most a burst ahead of now. `kit.limits.redis` counts over all replicas.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

_MAX_KEYS = 10_000
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """`calls` in each `period` in the long run, and at most `burst` at once."""

    calls: int
    period: timedelta
    burst: int

    def times(self, factor: int) -> "Rate":
        """So many times as often."""
        return Rate(self.calls * factor, self.period, self.burst * factor)

    @property
    def interval(self) -> int:
        """After how long one more call is free, in microseconds."""
        return self.period // _MICROSECOND // self.calls

    @property
    def capacity(self) -> int:
        """How far ahead of now a bucket may be filled, in microseconds."""
        return self.interval * self.burst


@dataclass(frozen=True, slots=True)
class Bucket:
    """The name of the calls that are counted together. Buckets of one call have the same `scope`, such as an organization."""

    scope: str
    key: str
    rate: Rate

    @property
    def name(self) -> str:
        """Names it in a store; Redis keeps names with the same braces in one slot."""
        return f"{{{self.scope}}}:{self.key}"


class Limits(Protocol):
    """Counts calls. A limiter with a fallback counts there while its own store is unavailable; others raise its errors."""

    async def take(self, *buckets: Bucket) -> timedelta:
        """Takes one call out of each bucket, or none at all; how long to wait when one has no room, otherwise zero."""

    async def give_back(self, *buckets: Bucket) -> None:
        """Puts one call back into each bucket: it had no effect."""


class LocalLimits:
    """Counts in this process. It remembers the 10,000 to 20,000 buckets that were used last."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._full: dict[str, int] = {}
        self._older: dict[str, int] = {}

    async def take(self, *buckets: Bucket) -> timedelta:
        now = int(self._seconds() * 1_000_000)
        full = {bucket.name: max(self._get(bucket), now) + bucket.rate.interval for bucket in buckets}
        wait = max(full[bucket.name] - now - bucket.rate.capacity for bucket in buckets)
        if wait > 0:
            return wait * _MICROSECOND
        if len(self._full) >= _MAX_KEYS:
            self._older, self._full = self._full, {}
        self._full.update(full)
        return timedelta()

    async def give_back(self, *buckets: Bucket) -> None:
        for bucket in buckets:
            self._full[bucket.name] = self._get(bucket) - bucket.rate.interval

    def _get(self, bucket: Bucket) -> int:
        return self._full.get(bucket.name) or self._older.get(bucket.name, 0)
