"""The use cases of roles."""

from collections.abc import Mapping
from dataclasses import dataclass

from kit.clock import Clock
from kit.ids import OrganizationId
from services.admin import ports
from services.admin.domain import errors, own_roles, roles
from services.admin.domain.own_roles import RoleUpdate
from services.admin.domain.roles import Actor, Role


@dataclass(frozen=True)
class RoleApp:
    """Roles: the built-in ones, and those of an organization's own."""

    roles: ports.OwnRoles
    now: Clock

    async def all_of(self, organization: OrganizationId) -> list[Role]:
        """The built-in roles, then the organization's own by id."""
        return [*roles.BUILT_IN.values(), *(await self.own(organization)).values()]

    async def own(self, organization: OrganizationId) -> Mapping[str, Role]:
        """The organization's own roles."""
        return await self.roles.all(organization)

    async def get(self, organization: OrganizationId, id: str) -> Role:
        """A role. Raises RoleNotFound."""
        return roles.BUILT_IN.get(id) or roles.find(id, await self.own(organization))

    async def create(self, organization: OrganizationId, draft: Role, request_id: str, by: Actor) -> Role:
        """Adds a role."""
        now, values = self.now(), (draft.id, draft.display_name, draft.description, draft.permissions)
        return await self.roles.add(organization, request_id, by, lambda others: own_roles.create(*values, others, by, now))

    async def update(self, organization: OrganizationId, id: str, change: RoleUpdate, by: Actor) -> Role:
        """New values for a role."""
        own_roles.check_changeable(id)
        now = self.now()
        changed = await self.roles.change(organization, id, by, lambda role: own_roles.update(role, change, by, now))
        if changed is None:
            raise errors.RoleNotFound(id)
        return changed

    async def delete(self, organization: OrganizationId, id: str, etag: str, by: Actor) -> None:
        """Removes a role, also from its users."""
        own_roles.check_changeable(id)
        if not await self.roles.delete(organization, id, by, lambda role: own_roles.delete(role, etag, by)):
            raise errors.RoleNotFound(id)
