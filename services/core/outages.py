"""Going on when the store is away for a moment: a turn's attempt is not lost by it."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from services.core.domain import LEASE

MIN_PAUSE = 0.1
MAX_PAUSE = 1.0
T = TypeVar("T")

_log = logging.getLogger("frontdesk")


@dataclass(frozen=True)
class Patience:
    """What the store raises when it can't be reached, and for how many seconds that is borne: as long as a lease may last."""

    unavailable: tuple[type[BaseException], ...] = (OSError,)
    seconds: float = LEASE.total_seconds()

    async def go_on(self, what: str, do: Callable[[], Awaitable[T]]) -> T:
        """What `do` returns, which may be called again. Raises the store's error when it is away for too long."""
        now = asyncio.get_running_loop().time
        until, pause = now() + self.seconds, MIN_PAUSE
        while True:
            try:
                return await do()
            except self.unavailable as error:
                if now() + pause > until:
                    raise
                _log.warning("the store is away; trying again", extra={"for": what, "error": repr(error)[:200]})
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(2 * pause, MAX_PAUSE)
