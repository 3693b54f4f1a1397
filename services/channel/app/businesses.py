"""Settings of organizations that their customers see: business hours, and whether the assistant answers."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from kit.hours import Hours
from kit.ids import OrganizationId
from services.channel.domain.availability import Opened

_ALWAYS = Hours()


@dataclass(frozen=True, slots=True)
class Businesses:
    """By admin's facts, in memory."""

    _hours: dict[OrganizationId, Hours] = field(default_factory=dict)
    _time_zones: dict[OrganizationId, str] = field(default_factory=dict)
    _silent: set[OrganizationId] = field(default_factory=set)

    def change_hours(self, organization: OrganizationId, hours: Hours) -> None:
        """Sets business hours."""
        self._hours[organization] = hours

    def change_time_zone(self, organization: OrganizationId, time_zone: str) -> None:
        """Sets where an organization is: an IANA name."""
        self._time_zones[organization] = time_zone

    def change_assistant(self, organization: OrganizationId, disabled: bool) -> None:
        """Sets whether the assistant answers at all."""
        (self._silent.add if disabled else self._silent.discard)(organization)

    def opened(self, organization: OrganizationId, now: datetime) -> Opened:
        """Whether an organization's hours are open."""
        hours = self._hours.get(organization, _ALWAYS)
        status = replace(hours, time_zone=hours.time_zone or self._time_zones.get(organization, "")).at(now)
        return Opened(True, closes=status.changes) if status.open else Opened(False, opens=status.changes)

    def assistant_answers(self, organization: OrganizationId) -> bool:
        """Whether the assistant is on."""
        return organization not in self._silent
