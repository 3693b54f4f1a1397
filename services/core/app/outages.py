"""Short outages of the store: what a turn needs from it is repeated, so that the outage costs the turn no attempt."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from kit.backoff import Backoff
from services.core.domain import LEASE

BACKOFF = Backoff(first=0.1, maximum=1.0)
T = TypeVar("T")

_log = logging.getLogger("frontdesk")


@dataclass(frozen=True)
class Patience:
    """Repeats calls to the store while it raises one of the `unavailable` errors, for as many seconds as a lease may last."""

    unavailable: tuple[type[BaseException], ...] = (OSError,)
    seconds: float = LEASE.total_seconds()

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
