"""Short outages of the store: what a turn needs from it is repeated, so that the outage costs the turn no attempt."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from kit.backoff import Backoff

BACKOFF = Backoff(first=0.1, maximum=1.0)
SECONDS = 300.0
"""How long a turn waits for its store: a restart or a failover takes less. Its lease may end meanwhile: if another process has
the turn when the store is back, what this one commits fails at its fence.
"""
T = TypeVar("T")

_log = logging.getLogger("frontdesk")


@dataclass(frozen=True)
class Patience:
    """Repeats calls to the store while it raises one of the `unavailable` errors, for so many seconds."""

    unavailable: tuple[type[BaseException], ...] = (OSError,)
    seconds: float = SECONDS

    async def repeat(self, what: str, do: Callable[[], Awaitable[T]]) -> T:
        """Returns what `do` returns; `what` names it in the log. Raises the store's error when the time is over."""
        now = asyncio.get_running_loop().time
        until, pauses = now() + self.seconds, BACKOFF.pauses()
        while True:
            try:
                return await do()
            except self.unavailable as error:
                delay = pauses.next()
                if now() + delay > until:
                    raise
                _log.warning("the store is unavailable; trying again", extra={"for": what, "error": repr(error)[:200]})
            await asyncio.sleep(delay)
