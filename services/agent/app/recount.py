"""A recount of the queue and the assignments against core's journal."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from kit import recounts
from services.agent.domain.holds import differences
from services.agent.ports import CoreJournal, Custodies


@dataclass(frozen=True)
class Recounts:
    """What can be recounted here."""

    journal: CoreJournal
    custodies: Custodies

    def queue(self, full: bool) -> AsyncIterator[recounts.Recount]:
        """Who waits and who has which conversation. Raises Unavailable when core is unavailable."""
        return recounts.lasting("queue", self._look)

    async def _look(self) -> tuple[int, set[str]]:
        told = await self.journal.holds()
        return len(told), differences(told, await self.custodies.holds())
