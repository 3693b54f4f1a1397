"""The settings of organizations, in the memory of this process. Followers keep it up to date; no one is asked."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from kit.ids import OrganizationId
from services.core.domain.policy import Policy, Standing

DEFAULT = Policy()


@dataclass(frozen=True)
class Policies:
    """The policy of each organization."""

    _of: dict[OrganizationId, Policy] = field(default_factory=dict)
    suspended: set[OrganizationId] = field(default_factory=set)
    """Those that are not active."""

    def of(self, organization: OrganizationId) -> Policy:
        """The settings that hold for an organization."""
        return self._of.get(organization, DEFAULT)

    def change(self, organization: OrganizationId, **values: Any) -> None:
        """Sets fields of an organization's policy."""
        policy = self._of[organization] = replace(self.of(organization), **values)
        if policy.standing is Standing.ACTIVE:
            self.suspended.discard(organization)
        else:
            self.suspended.add(organization)

    def retentions(self) -> dict[OrganizationId, timedelta]:
        """How long conversations are kept, of the organizations that have set it."""
        return {organization: policy.retention for organization, policy in self._of.items() if policy.retention}

    def limits(self) -> dict[OrganizationId, int]:
        """How many turns may run at once, of the organizations that have set it."""
        return {organization: policy.concurrent_turns for organization, policy in self._of.items() if policy.concurrent_turns}
