"""Use cases of deleting an organization: a grace period, the erasure in each service, and the receipt."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from kit.clock import Clock
from kit.ids import OrganizationId
from kit.jobs import Again, Job, Outcome
from services.admin import ports
from services.admin.domain import errors, organizations
from services.admin.domain.organizations import Organization, OrganizationErasure, State
from services.admin.domain.roles import Actor

LOOK_AGAIN = timedelta(minutes=1)
"""When the job looks again after the services; their confirmations come sooner."""
ADMIN = Actor("services", "admin", frozenset())


@dataclass(frozen=True)
class DeletionApp:
    """The use cases of deletions."""

    organizations: ports.Organizations
    own: Callable[[Job], Awaitable[Outcome | None]]
    """Erases what admin holds of an organization, and confirms; its other services have done so before."""
    grace: timedelta
    now: Clock

    async def delete(self, id: OrganizationId, etag: str, grace: timedelta | None, by: Actor) -> Organization:
        """Deletes an organization, which can be restored for a grace period."""
        now, wait = self.now(), self.grace if grace is None else grace
        changed = await self.organizations.change(id, by, lambda found: organizations.delete(found, etag, wait, by, now))
        return _found(changed, id)

    async def restore(self, id: OrganizationId, by: Actor) -> Organization:
        """Takes a deletion back. Raises OrganizationErased."""
        now = self.now()
        return _found(await self.organizations.change(id, by, lambda found: organizations.restore(found, by, now)), id)

    async def erasure(self, id: OrganizationId) -> OrganizationErasure:
        """A receipt. Raises OrganizationErasureNotFound."""
        found = await self.organizations.erasure(id)
        if found is None:
            raise errors.OrganizationErasureNotFound(id)
        return found

    async def confirm(self, id: OrganizationId, service: str, count: int) -> OrganizationErasure:
        """Notes that nothing is left in another service. Raises OrganizationErasureNotFound."""
        await self.organizations.confirm(id, service, count)
        return await self.erasure(id)

    async def proceed(self, job: Job) -> Outcome | None:
        """Brings a deletion on: begins the erasure when its time has come, and erases admin's own data last."""
        begun = await self.organizations.erasure(job.organization)
        if begun is None:
            now = self.now()
            after = await self.organizations.change(
                job.organization, ADMIN, lambda found: organizations.begin_erasure(found, ADMIN, now)
            )
            if after is None or after.state in (State.ACTIVE, State.SUSPENDED):
                return None
            return Again(after.purge - now if after.state is State.DELETING and after.purge else LOOK_AGAIN)
        return Again(LOOK_AGAIN) if begun.open_elsewhere else await self.own(job)


def _found(organization: Organization | None, id: OrganizationId) -> Organization:
    if organization is None:
        raise errors.OrganizationNotFound(id)
    return organization
