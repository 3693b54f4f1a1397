"""InvitationService."""

from functools import partial

from frontdesk.admin import v1 as pb

from kit import names, pages
from kit.clock import Clock
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin.app.invitations import InvitationApp
from services.admin.convert import accounts
from services.admin.domain.invitations import Draft
from services.admin.rpc.actor import current_actor


class InvitationServicer(pb.InvitationServiceServicer):
    """Invitations."""

    def __init__(self, invitations: InvitationApp, now: Clock) -> None:
        self._invitations = invitations
        self._now = now

    async def CreateInvitation(self, request: pb.CreateInvitationRequest, context: Context) -> pb.CreateInvitationResponse:
        organization, wanted = OrganizationId(names.last(request.parent)), request.invitation
        wish = Draft(wanted.email, wanted.display_name, [names.last(role) for role in wanted.roles])
        invited = await self._invitations.create(organization, wish, request.request_id, current_actor())
        return pb.CreateInvitationResponse(
            invitation=accounts.invitation_to_pb(invited.invitation, self._now()), link=invited.link, mailed=invited.mailed
        )

    async def GetInvitation(self, request: pb.GetInvitationRequest, context: Context) -> pb.Invitation:
        return accounts.invitation_to_pb(await self._invitations.get(*_ids(request.name)), self._now())

    async def ListInvitations(self, request: pb.ListInvitationsRequest, context: Context) -> pb.ListInvitationsResponse:
        organization, state = OrganizationId(names.last(request.parent)), accounts.state_from_pb(request.state)
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._invitations.page, organization, state),
            lambda invitation: pages.ByTime(invitation.created, invitation.id),
            filter=f"invitations\n{organization}\n{state or ''}",
        )
        now = self._now()
        shown = [accounts.invitation_to_pb(invitation, now) for invitation in found]
        return pb.ListInvitationsResponse(invitations=shown, next_page_token=more)

    async def RenewInvitation(self, request: pb.RenewInvitationRequest, context: Context) -> pb.RenewInvitationResponse:
        invited = await self._invitations.renew(*_ids(request.name), current_actor())
        return pb.RenewInvitationResponse(
            invitation=accounts.invitation_to_pb(invited.invitation, self._now()), link=invited.link, mailed=invited.mailed
        )

    async def RevokeInvitation(self, request: pb.RevokeInvitationRequest, context: Context) -> pb.Invitation:
        revoked = await self._invitations.revoke(*_ids(request.name), current_actor())
        return accounts.invitation_to_pb(revoked, self._now())


def _ids(name: str) -> tuple[OrganizationId, str]:
    ids = names.parse(accounts.INVITATION, name)
    return OrganizationId(ids["organization"]), ids["invitation"]
