"""Reports: what is measured of core's facts, and what is asked about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kit.clock import Clock
from kit.ids import OrganizationId
from services.admin import ports
from services.admin.domain import errors, measures, reports
from services.admin.domain.measures import Seen
from services.admin.domain.reports import MAX_ROWS, Query, Report


@dataclass(frozen=True)
class Measuring:
    """Measures what happens in conversations. Each fact must come once, and in order."""

    measurements: ports.Measurements

    async def see(self, organization: OrganizationId, conversation: str, channel: str, seen: Seen) -> None:
        """Measures a fact. `channel`: the conversation's; empty: as it was before."""
        channel, story = await self.measurements.story(organization, conversation, channel)
        await self.measurements.save(organization, conversation, channel, measures.measure(story, seen))

    async def tag(self, organization: OrganizationId, conversation: str, tags: Sequence[str]) -> None:
        """Notes the tags that a conversation has now."""
        await self.measurements.tag(organization, conversation, tags)


@dataclass(frozen=True)
class ReportApp:
    """Answers questions about an organization's numbers."""

    reports: ports.Reports
    organizations: ports.Organizations
    now: Clock

    async def query(self, query: Query, limit: int, offset: int) -> Report:
        """At most `limit` rows after `offset` others, never more than `MAX_ROWS` in all; the total with the first ones.

        An empty time zone is the organization's. Raises UnknownDimension, InvalidInterval or InvalidTimeZone.
        """
        if not query.time_zone:
            organization = await self.organizations.get(query.organization)
            if organization is None:
                raise errors.OrganizationNotFound(query.organization)
            query = replace(query, time_zone=organization.time_zone)
        return await self.reports.query(reports.checked(query), max(0, min(limit, MAX_ROWS - offset)), offset, offset == 0)
