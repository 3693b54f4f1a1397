"""The worker beside the calls: a loop over the use cases of `indexing`, until the process drains."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from services.memory.app.indexing import Synchronizer
from services.memory.domain import problems

IDLE_SECONDS = 1.0
AWAY_SECONDS = 3.0
CHECK_SECONDS = 60.0

_log = logging.getLogger("memory.background")


class Wakeup:
    """Rung when there is something to do, so that no one need wait for the next look."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wakes who waits, or who waits next."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Returns when rung, or after `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()


@dataclass(frozen=True)
class SyncWorker:
    """Keeps the vector index in step with the published passages, and renews vectors of a former model."""

    synchronizer: Synchronizer
    used: Callable[[], Sequence[OrganizationId]]
    """Organizations whose index is worth checking now and then."""
    draining: asyncio.Event
    bell: Wakeup = field(default_factory=Wakeup)

    async def run(self) -> None:
        """Runs until the process drains."""
        checked = time.monotonic()
        while not self.draining.is_set():
            try:
                busy = await self.synchronizer.renew_next() or await self.synchronizer.sync_next() > 0
                if not busy and time.monotonic() - checked > CHECK_SECONDS:
                    checked = time.monotonic()
                    for organization in self.used():
                        await self.synchronizer.check(organization)
                if not busy:
                    await self.bell.wait(IDLE_SECONDS)
            except (StoreUnavailable, problems.EmbedderUnavailable) as problem:
                _log.warning("the vector index waits", extra={"error": problem.detail})
                await asyncio.sleep(AWAY_SECONDS)
