"""RoleService."""

from frontdesk.admin import v1 as pb
from google.protobuf.empty_pb2 import Empty

from kit import names, pages
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin import convert
from services.admin.app.roles import RoleApp
from services.admin.domain.roles import Role
from services.admin.rpc.actor import current_actor


class RoleServicer(pb.RoleServiceServicer):
    """Roles, and the permissions that they are made of."""

    def __init__(self, roles: RoleApp) -> None:
        self._roles = roles

    async def ListRoles(self, request: pb.ListRolesRequest, context: Context) -> pb.ListRolesResponse:
        organization = OrganizationId(names.last(request.parent))

        async def fetch(after: pages.ByNumber | None, limit: int) -> list[tuple[int, Role]]:
            first = after.number if after else 0
            return list(enumerate(await self._roles.all_of(organization), start=1))[first : first + limit]

        filter = f"roles\n{organization}"
        found, more = await pages.page(request, pages.ByNumber, fetch, lambda role: pages.ByNumber(role[0]), filter=filter)
        return pb.ListRolesResponse(roles=[convert.role_to_pb(role, organization) for _, role in found], next_page_token=more)

    async def GetRole(self, request: pb.GetRoleRequest, context: Context) -> pb.Role:
        organization, id = _ids(request.name)
        return convert.role_to_pb(await self._roles.get(organization, id), organization)

    async def ListPermissions(self, request: pb.ListPermissionsRequest, context: Context) -> pb.ListPermissionsResponse:
        return pb.ListPermissionsResponse(permissions=convert.permissions_to_pb())

    async def CreateRole(self, request: pb.CreateRoleRequest, context: Context) -> pb.Role:
        organization, wanted = OrganizationId(names.last(request.parent)), request.role
        draft = Role(request.role_id, wanted.display_name, wanted.description, frozenset(wanted.permissions))
        return convert.role_to_pb(
            await self._roles.create(organization, draft, request.request_id, current_actor()), organization
        )

    async def UpdateRole(self, request: pb.UpdateRoleRequest, context: Context) -> pb.Role:
        organization, id = _ids(request.role.name)
        change = convert.role_update_from_pb(request.role, request.update_mask)
        return convert.role_to_pb(await self._roles.update(organization, id, change, current_actor()), organization)

    async def DeleteRole(self, request: pb.DeleteRoleRequest, context: Context) -> Empty:
        await self._roles.delete(*_ids(request.name), request.etag, current_actor())
        return Empty()


def _ids(name: str) -> tuple[OrganizationId, str]:
    """Organization and role of a role's name. Raises InvalidName."""
    ids = names.parse(convert.ROLE, name)
    return OrganizationId(ids["organization"]), ids["role"]
