"""LinkService, and SetupService for the operator's command."""

from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from google.protobuf.empty_pb2 import Empty

from kit import clock, names
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin.app.links import LinkApp, first_owner
from services.admin.convert import accounts
from services.admin.domain import organizations
from services.admin.rpc.actor import current_actor
from services.admin.rpc.auth import client_address, origin_of


class LinkServicer(pb.LinkServiceServicer):
    """Calls of the holders of one-time links."""

    def __init__(self, links: LinkApp, trusted_hops: int) -> None:
        self._links = links
        self._trusted_hops = trusted_hops

    async def CheckLink(self, request: pb.CheckLinkRequest, context: Context) -> pb.CheckLinkResponse:
        address = client_address(context, self._trusted_hops)
        return accounts.shown_to_pb(await self._links.check(request.token, address))

    async def CreateFirstOrganization(self, request: pb.CreateFirstOrganizationRequest, context: Context) -> pb.LoginResponse:
        wanted, owner = request.organization, request.owner
        organization = organizations.create(
            OrganizationId(request.organization_id), wanted.display_name, wanted.language, wanted.time_zone, clock.utc_now()
        )
        draft = first_owner(owner.email, owner.display_name)
        create, origin = self._links.create_first_organization, origin_of(context, self._trusted_hops)
        return accounts.login_to_pb(await create(request.token, organization, draft, owner.password, origin))

    async def AcceptInvitation(self, request: pb.AcceptInvitationRequest, context: Context) -> pb.LoginResponse:
        accept, origin = self._links.accept_invitation, origin_of(context, self._trusted_hops)
        return accounts.login_to_pb(await accept(request.token, request.display_name, request.password, origin))

    async def ResetPassword(self, request: pb.ResetPasswordRequest, context: Context) -> Empty:
        address = client_address(context, self._trusted_hops)
        await self._links.reset_password(request.token, request.new_password, address)
        return Empty()


class SetupServicer(internal.SetupServiceServicer):
    """Links that the operator makes."""

    def __init__(self, links: LinkApp) -> None:
        self._links = links

    async def CreateSetupLink(
        self, request: internal.CreateSetupLinkRequest, context: Context
    ) -> internal.CreateSetupLinkResponse:
        link, expires = await self._links.create_setup()
        return internal.CreateSetupLinkResponse(link=link, expire_time=time_to_pb(expires))

    async def CreateResetLink(
        self, request: internal.CreateResetLinkRequest, context: Context
    ) -> internal.CreateResetLinkResponse:
        organization, create = OrganizationId(names.last(request.organization)), self._links.create_reset_for_operator
        made = await create(organization, request.email, request.clear_second_factor, current_actor())
        return internal.CreateResetLinkResponse(link=made.link, expire_time=time_to_pb(made.expires))
