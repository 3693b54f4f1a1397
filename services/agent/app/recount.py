"""A recount of the queue and the assignments against core's journal."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

from kit import recounts
from services.agent.domain.holds import differences
from services.agent.ports import CoreJournal, Custodies


@dataclass(frozen=True)
class Recounts:
    """The stores that can be recounted here."""

    journal: CoreJournal
    custodies: Custodies

    def queue(self, full: bool) -> AsyncIterator[recounts.Recount]:
        """Compares the holder of each conversation with core's facts. Raises Unavailable when core can't be reached."""
        return recounts.lasting("queue", partial(self._look, full))

    async def _look(self, full: bool) -> tuple[int, set[str]]:
        expected = await self.journal.holds(full)
        return len(expected), differences(expected, await self.custodies.holds())
