"""A recount of what was brought to core against core's journal."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from kit import recounts
from kit.clock import Clock
from kit.ids import OrganizationId
from services.channel.app.messages import KEPT
from services.channel.ports import CoreJournal, Inbounds

MARGIN = timedelta(hours=1)
"""What is about to be swept, or was a moment ago, is no difference."""


@dataclass(frozen=True)
class Recounts:
    """What can be recounted here."""

    journal: CoreJournal
    inbounds: Inbounds
    now: Clock

    def received_messages(self, full: bool) -> AsyncIterator[recounts.Recount]:
        """Each message that is marked as brought over is at core, and each of core's came through here.

        The second for as long as they are kept here. Raises Unavailable when core is unavailable.
        """
        return recounts.lasting("received messages", self._look)

    async def _look(self) -> tuple[int, set[str]]:
        since = self.now() - KEPT + MARGIN
        differences: set[str] = set()
        counted, seen = 0, set[OrganizationId]()
        async for part in self.journal.received():
            for organization, told in part.items():
                brought = await self.inbounds.brought(organization)
                recent = {id for id, when in told.items() if when > since}
                differences |= _named(organization, recent - brought, "is at core alone")
                differences |= _named(organization, brought - told.keys(), "was brought to core, which does not know it")
                counted += len(told)
                seen.add(organization)
        for organization in await self.inbounds.organizations():
            if organization not in seen:
                brought = await self.inbounds.brought(organization)
                differences |= _named(organization, brought, "was brought to core, which does not know it")
        return counted, differences


def _named(organization: OrganizationId, messages: set[str], what: str) -> set[str]:
    return {f"message {organization}/{message} {what}" for message in messages}
