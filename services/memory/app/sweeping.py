"""Deletes texts that no document refers to: of deleted documents, unfinished work, and, after some days, former revisions."""

from dataclasses import dataclass
from datetime import timedelta

from kit import failpoints
from services.memory.ports import Orphans, Texts

BATCH = 20
"""Contents or editions deleted at once: an edition has up to 10,000 passages."""


@dataclass(frozen=True)
class Sweeper:
    """The row of an orphan is locked while its text is deleted, so no document can adopt it meanwhile."""

    orphans: Orphans
    texts: Texts
    keep: timedelta = timedelta(days=30)
    """How long passages of former revisions can be read."""

    async def sweep(self) -> bool:
        """Deletes a batch of what is due; whether there may be more."""
        await failpoints.reach("memory.sweep.before_commit")
        swept = await self.orphans.sweep(self.texts.remove, self.texts.retire, self.keep, BATCH)
        return swept == BATCH
