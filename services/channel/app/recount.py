"""A recount of the messages that were forwarded to core, against core's journal."""

from collections.abc import AsyncIterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from kit import recounts
from kit.clock import Clock
from kit.ids import OrganizationId
from services.channel.app.messages import KEPT
from services.channel.ports import CoreJournal, Inbounds, Verified

MARGIN = timedelta(minutes=10)
"""How much longer each wider part of a recount reaches back, so that none depends on clocks or on the order of commits."""
SWEPT = timedelta(hours=1)
"""A message that is about to be swept, or was a moment ago, is no difference."""


@dataclass(frozen=True)
class Recounts:
    """The stores that can be recounted here."""

    journal: CoreJournal
    inbounds: Inbounds
    verified: Verified
    now: Clock

    async def received_messages(self, full: bool) -> AsyncIterator[recounts.Recount]:
        """Compares the messages that are marked as forwarded with core's facts, in both directions.

        Compares what has happened since the last recount without a difference; with `full`, all messages that are kept here.
        Raises Unavailable when core can't be reached.
        """
        begun = self.now()
        oldest, last = begun - KEPT + SWEPT, (await self.verified.load(full)).get(0, (0, None))[1]
        since = oldest if last is None else max(oldest, last - 2 * MARGIN)
        async for recount in recounts.lasting("received messages", partial(self._look, since)):
            if not recount.different:
                await self.verified.store(0, 0, begun)
            yield recount

    async def _look(self, since: datetime) -> tuple[int, set[str]]:
        """Compares core's facts since a moment. Both sides know a message at about the same time: see MARGIN."""
        differences: set[str] = set()
        counted, seen = 0, set[OrganizationId]()
        async for part in self.journal.received(since):
            for organization, at_core in part.items():
                forwarded = await self.inbounds.accepted_since(organization, since - MARGIN)
                differences |= _named(organization, at_core.keys() - forwarded.keys(), "is at core alone")
                differences |= _unknown_to_core(organization, forwarded, at_core.keys(), since)
                counted += len(at_core)
                seen.add(organization)
        for organization in await self.inbounds.organizations(since):
            if organization not in seen:
                forwarded = await self.inbounds.accepted_since(organization, since)
                differences |= _unknown_to_core(organization, forwarded, set(), since)
        return counted, differences


def _unknown_to_core(
    organization: OrganizationId, forwarded: Mapping[str, datetime], at_core: Set[str], since: datetime
) -> set[str]:
    recent = {id for id, accepted in forwarded.items() if accepted > since + MARGIN}
    return _named(organization, recent - at_core, "was forwarded to core, which does not know it")


def _named(organization: OrganizationId, messages: Set[str], problem: str) -> set[str]:
    return {f"message {organization}/{message} {problem}" for message in messages}
