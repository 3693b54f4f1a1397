"""OrganizationService and UserService."""

from functools import partial

from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from google.protobuf.empty_pb2 import Empty

from kit import caller, clock, names, pages
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin import convert
from services.admin.app import App
from services.admin.domain import organizations
from services.admin.domain.roles import OWNER
from services.admin.domain.users import Draft
from services.admin.rpc.actor import current_actor


class OrganizationServicer(pb.OrganizationServiceServicer, internal.OrganizationServiceServicer):
    """Organizations."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def GetOrganization(self, request: pb.GetOrganizationRequest, context: Context) -> pb.Organization:
        return convert.organization_to_pb(await self._app.get_organization(OrganizationId(names.last(request.name))))

    async def UpdateOrganization(self, request: pb.UpdateOrganizationRequest, context: Context) -> pb.Organization:
        id = OrganizationId(names.parse(convert.ORGANIZATION, request.organization.name)["organization"])
        change = convert.organization_update_from_pb(request.organization, request.update_mask)
        return convert.organization_to_pb(await self._app.update_organization(id, change, current_actor()))

    async def CreateOrganization(self, request: internal.CreateOrganizationRequest, context: Context) -> pb.Organization:
        wanted, owner = request.organization, request.owner
        organization = organizations.create(
            OrganizationId(request.organization_id), wanted.display_name, wanted.language, wanted.time_zone, clock.utc_now()
        )
        draft = Draft(owner.email, owner.display_name, [OWNER], owner.user_id)
        created = await self._app.create_organization(organization, draft, owner.password, request.request_id, current_actor())
        return convert.organization_to_pb(created)

    async def DeleteOrganization(
        self, request: pb.DeleteOrganizationRequest | internal.DeleteOrganizationRequest, context: Context
    ) -> pb.Organization:
        id, etag, grace = OrganizationId(names.last(request.name)), "", None
        if isinstance(request, pb.DeleteOrganizationRequest):
            etag = request.etag
        elif request.HasField("grace"):
            grace = request.grace.ToTimedelta()
        return convert.organization_to_pb(await self._app.deletions.delete(id, etag, grace, current_actor()))

    async def RestoreOrganization(self, request: internal.RestoreOrganizationRequest, context: Context) -> pb.Organization:
        id = OrganizationId(names.last(request.name))
        return convert.organization_to_pb(await self._app.deletions.restore(id, current_actor()))

    async def GetOrganizationErasure(
        self, request: internal.GetOrganizationErasureRequest, context: Context
    ) -> internal.OrganizationErasure:
        return convert.erasure_to_pb(await self._app.deletions.erasure(OrganizationId(request.organization_id)))

    async def ConfirmOrganizationErasure(
        self, request: internal.ConfirmOrganizationErasureRequest, context: Context
    ) -> internal.OrganizationErasure:
        id, service = OrganizationId(request.organization_id), caller.current().id
        return convert.erasure_to_pb(await self._app.deletions.confirm(id, service, request.item_count))

    async def SuspendOrganization(self, request: internal.SuspendOrganizationRequest, context: Context) -> pb.Organization:
        return await self._change_state(request.name, organizations.State.SUSPENDED)

    async def ResumeOrganization(self, request: internal.ResumeOrganizationRequest, context: Context) -> pb.Organization:
        return await self._change_state(request.name, organizations.State.ACTIVE)

    async def _change_state(self, name: str, state: organizations.State) -> pb.Organization:
        id = OrganizationId(names.last(name))
        return convert.organization_to_pb(await self._app.change_organization_state(id, state, current_actor()))

    async def ListOrganizations(
        self, request: internal.ListOrganizationsRequest, context: Context
    ) -> internal.ListOrganizationsResponse:
        found, more = await pages.page(
            request,
            pages.ById,
            lambda after, limit: self._app.list_organizations(after.id if after else "", limit),
            lambda organization: pages.ById(organization.id),
            filter="organizations",
        )
        return internal.ListOrganizationsResponse(organizations=map(convert.organization_to_pb, found), next_page_token=more)


class UserServicer(pb.UserServiceServicer):
    """Users."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def CreateUser(self, request: pb.CreateUserRequest, context: Context) -> pb.User:
        draft = convert.draft_from_pb(request.user, request.user_id)
        organization = OrganizationId(names.last(request.parent))
        user = await self._app.create_user(organization, draft, request.password, request.request_id, current_actor())
        return convert.user_to_pb(user)

    async def GetUser(self, request: pb.GetUserRequest, context: Context) -> pb.User:
        return convert.user_to_pb(await self._app.get_user(*_ids(request.name)))

    async def GetCurrentUser(self, request: pb.GetCurrentUserRequest, context: Context) -> pb.User:
        organization = OrganizationId(caller.current().organization)
        return convert.user_to_pb(await self._app.get_current_user(organization, current_actor()))

    async def ListUsers(self, request: pb.ListUsersRequest, context: Context) -> pb.ListUsersResponse:
        organization = OrganizationId(names.last(request.parent))
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._app.list_users, organization, request.filter),
            lambda user: pages.ByTime(user.created, user.id),
            filter=f"users\n{organization}\n{request.filter}",
        )
        return pb.ListUsersResponse(users=map(convert.user_to_pb, found), next_page_token=more)

    async def UpdateUser(self, request: pb.UpdateUserRequest, context: Context) -> pb.User:
        change = convert.user_update_from_pb(request.user, request.update_mask)
        return convert.user_to_pb(await self._app.update_user(*_ids(request.user.name), change, current_actor()))

    async def AssignRoles(self, request: pb.AssignRolesRequest, context: Context) -> pb.User:
        new = [names.last(role) for role in request.roles]
        return convert.user_to_pb(await self._app.assign_roles(*_ids(request.name), new, request.etag, current_actor()))

    async def DeactivateUser(self, request: pb.DeactivateUserRequest, context: Context) -> pb.User:
        return convert.user_to_pb(await self._app.deactivate_user(*_ids(request.name), current_actor()))

    async def ActivateUser(self, request: pb.ActivateUserRequest, context: Context) -> pb.User:
        return convert.user_to_pb(await self._app.activate_user(*_ids(request.name), current_actor()))

    async def SetPassword(self, request: pb.SetPasswordRequest, context: Context) -> Empty:
        await self._app.set_password(*_ids(request.name), request.password, current_actor())
        return Empty()

    async def ChangePassword(self, request: pb.ChangePasswordRequest, context: Context) -> Empty:
        organization = OrganizationId(caller.current().organization)
        await self._app.change_password(organization, request.current_password, request.new_password, current_actor())
        return Empty()

    async def CreatePasswordResetLink(
        self, request: pb.CreatePasswordResetLinkRequest, context: Context
    ) -> pb.CreatePasswordResetLinkResponse:
        made = await self._app.links.create_reset(*_ids(request.name), current_actor())
        return pb.CreatePasswordResetLinkResponse(link=made.link, expire_time=time_to_pb(made.expires), mailed=made.mailed)

    async def DeleteUser(self, request: pb.DeleteUserRequest, context: Context) -> Empty:
        await self._app.delete_user(*_ids(request.name), request.etag, current_actor())
        return Empty()


def _ids(name: str) -> tuple[OrganizationId, str]:
    """Organization and user of a user's name. Raises InvalidName."""
    ids = names.parse(convert.USER, name)
    return OrganizationId(ids["organization"]), ids["user"]
