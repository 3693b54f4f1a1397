"""Recounts: what a store holds, compared with what a journal says that it should."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

MAX_TOLD = 20
LOOKS = 4
PAUSE_SECONDS = 1.5


@dataclass(slots=True)
class Recount:
    """The result of a recount of one store so far."""

    store: str
    counted: int = 0
    """How many things the journal names."""
    different: int = 0
    differences: list[str] = field(default_factory=list)
    """The first of them: a name, and what is the matter with it."""

    def add(self, counted: int, differences: list[str]) -> None:
        """Adds a part."""
        self.counted += counted
        self.different += len(differences)
        self.differences += differences[: MAX_TOLD - len(self.differences)]


Recounting = Callable[[bool], AsyncIterator[Recount]]
"""Recounts one store or several: in full, or only what has happened since the last recount that found no difference."""
Look = Callable[[], Awaitable[tuple[int, set[str]]]]
"""Counts the things that a journal names, and returns those that differ."""


async def lasting(store: str, look: Look) -> AsyncIterator[Recount]:
    """Compares again for some seconds, since a store in use is ahead or behind for moments; returns the lasting differences."""
    counted, differences = await look()
    for _ in range(LOOKS - 1):
        if not differences:
            break
        await asyncio.sleep(PAUSE_SECONDS)
        counted, now = await look()
        differences &= now
    recount = Recount(store)
    recount.add(counted, sorted(differences))
    yield recount
