"""The use cases of invitations, on the side of those who invite."""

from dataclasses import dataclass
from datetime import datetime

from kit import ids
from kit.clock import Clock
from kit.ids import OrganizationId
from services.admin import ports
from services.admin.app.roles import RoleApp
from services.admin.domain import errors, invitations, links
from services.admin.domain.invitations import Draft, Invitation, State
from services.admin.domain.links import Kind
from services.admin.domain.roles import Actor


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with its link."""

    invitation: Invitation
    link: str
    """Empty: the request came before, and its link is shown to no one again."""
    mailed: bool


@dataclass(frozen=True)
class InvitationApp:
    """Inviting people, and taking that back."""

    organizations: ports.Organizations
    users: ports.Users
    invitations: ports.Invitations
    mail: ports.Mail
    roles: RoleApp
    public_url: str
    """Where people reach the gateway; empty: links are paths, and none is mailed."""
    now: Clock

    async def create(self, organization: OrganizationId, wish: Draft, request_id: str, by: Actor) -> Invited:
        """Invites someone."""
        now, own = self.now(), await self.roles.own(organization)
        invitation, facts = invitations.create(organization, wish, by, now, own)
        link, token = links.make(Kind.INVITATION, organization, invitation.id, by, "admin.invitations.create", now)
        kept = await self.invitations.add(invitation, link, request_id, facts, by)
        return await self._sent(kept, token) if kept.id == invitation.id else Invited(kept, "", False)

    async def renew(self, organization: OrganizationId, id: str, by: Actor) -> Invited:
        """Another link for an invitation that was not accepted."""
        now, own = self.now(), await self.roles.own(organization)
        link, token = links.make(Kind.INVITATION, organization, id, by, "admin.invitations.renew", now)
        changed = await self.invitations.change(
            organization, id, by, lambda found: invitations.renew(found, by, now, own), link
        )
        return await self._sent(_found(changed, id), token)

    async def revoke(self, organization: OrganizationId, id: str, by: Actor) -> Invitation:
        """Takes an invitation back."""
        now, own = self.now(), await self.roles.own(organization)
        changed = await self.invitations.change(organization, id, by, lambda found: invitations.revoke(found, by, now, own))
        return _found(changed, id)

    async def get(self, organization: OrganizationId, id: str) -> Invitation:
        """An invitation. Raises InvitationNotFound."""
        return _found(await self.invitations.get(organization, id), id)

    async def page(
        self, organization: OrganizationId, state: State | None, before: tuple[datetime, str] | None, limit: int
    ) -> list[Invitation]:
        """At most `limit` invitations, newest first, before a time and id."""
        return await self.invitations.page(organization, state or "", self.now(), before, limit)

    async def tidy(self) -> None:
        """Deletes invitations that ended long ago."""
        await self.invitations.tidy(self.now())

    async def _sent(self, invitation: Invitation, token: str) -> Invited:
        link = links.url(self.public_url, Kind.INVITATION, token)
        organization = await self.organizations.get(invitation.organization) if self.public_url else None
        if organization is None:
            return Invited(invitation, link, False)
        kind, _, id = invitation.inviter.partition("/")
        inviter = await self.users.get(invitation.organization, id) if kind == "users" else None
        name = inviter.display_name if inviter else ""
        return Invited(invitation, link, await self.mail.invite(organization, invitation, name, link, ids.new()))


def _found(invitation: Invitation | None, id: str) -> Invitation:
    if invitation is None:
        raise errors.InvitationNotFound(id)
    return invitation
