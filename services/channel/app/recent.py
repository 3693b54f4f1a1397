"""Values that many ask for at once, fetched once and kept for moments."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


@dataclass
class Recent(Generic[K, V]):
    """Fetches the value of a key at most once in `seconds`, for all callers. A failure is kept as long, too."""

    fetch: Callable[[K], Awaitable[V]]
    seconds: float
    most: int = 10_000
    """Keys that are kept; callers without a token choose them."""
    clock: Callable[[], float] = time.monotonic
    _fetched: dict[K, tuple[float, asyncio.Task[V]]] = field(default_factory=dict)

    async def get(self, key: K) -> V:
        """The value, at most `seconds` old. Raises what fetching it raised."""
        began, task = self._fetched.get(key, (0.0, None))
        if task is None or task.cancelled() or self.clock() - began >= self.seconds:
            self._fetched.pop(key, None)
            task = asyncio.create_task(self._run(key))
            task.add_done_callback(_heed)
            self._fetched[key] = self.clock(), task
            if len(self._fetched) > self.most:
                del self._fetched[next(iter(self._fetched))]
        return await asyncio.shield(task)  # a caller that leaves does not end it for the others

    async def _run(self, key: K) -> V:
        return await self.fetch(key)


def _heed(task: "asyncio.Task[V]") -> None:
    """Reads a failure, so that asyncio does not report one without a waiter."""
    with suppress(asyncio.CancelledError):
        task.exception()
