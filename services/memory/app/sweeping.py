"""Deletes texts that no document refers to: of deleted documents, of former revisions, and of what ended half-way."""

from dataclasses import dataclass

from kit import failpoints
from services.memory.ports import Orphans, Texts

BATCH = 20
"""Contents or editions deleted at once: an edition has up to 4,000 passages."""


@dataclass(frozen=True)
class Sweeper:
    """The row of an orphan is locked while its text is deleted, so no document can adopt it meanwhile."""

    orphans: Orphans
    texts: Texts

    async def sweep(self) -> bool:
        """Deletes a batch of what is due; whether there may be more."""
        await failpoints.reach("memory.sweep.before_commit")
        swept = await self.orphans.sweep(self.texts.remove, BATCH)
        return swept == BATCH
