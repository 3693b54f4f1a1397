"""Whether humans are there, for the service that customers talk to."""

from dataclasses import dataclass

from kit.clock import Clock
from kit.ids import OrganizationId
from services.agent.domain.availability import RECENT, Availability, availability
from services.agent.ports import Lines


@dataclass(frozen=True)
class Availabilities:
    """How many agents are online, and the lines in which conversations wait."""

    lines: Lines
    now: Clock

    async def of(self, organization: OrganizationId) -> Availability:
        """One organization's."""
        online = await self.lines.agents_online(organization)
        waits = await self.lines.waits(organization, self.now() - RECENT)
        return availability(online, await self.lines.waiting(organization), waits)
