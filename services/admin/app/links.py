"""The use cases of one-time links: what their holders do with them, and links to a new password."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kit import ids
from kit.clock import Clock
from kit.errors import FailedPrecondition, NotFound
from kit.ids import OrganizationId
from kit.jobs import Job, Outcome
from kit.limits import Limits
from services.admin import ports
from services.admin.app.attempts import Attempt
from services.admin.app.roles import RoleApp
from services.admin.app.sign_in import Challenged, SignedIn, SignInApp
from services.admin.domain import errors, invitations, limits, links, organizations, passwords, users
from services.admin.domain.facts import PasswordResetLinkCreated
from services.admin.domain.invitations import Invitation
from services.admin.domain.links import Kind, Link
from services.admin.domain.organizations import Organization
from services.admin.domain.roles import OWNER, Actor
from services.admin.domain.sessions import Origin, hash_of
from services.admin.domain.users import Change, Draft, State, User

ADMIN = Actor("services", "admin", frozenset({"*"}))


@dataclass(frozen=True, slots=True)
class Shown:
    """A link as its holder sees it."""

    link: Link
    organization: Organization | None = None
    email: str = ""
    display_name: str = ""
    inviter: str = ""
    """The name of the user who invites."""


@dataclass(frozen=True, slots=True)
class ResetLink:
    """A link to a new password."""

    link: str
    expires: datetime
    mailed: bool


@dataclass(frozen=True)
class LinkApp:
    """One-time links."""

    organizations: ports.Organizations
    users: ports.Users
    links: ports.Links
    invitations: ports.Invitations
    mail: ports.Mail
    requests: ports.ResetRequests
    passwords: ports.Passwords
    attempts: Limits
    roles: RoleApp
    sign_in: SignInApp
    public_url: str
    """Where people reach the gateway; empty: links are paths, and none is mailed."""
    now: Clock

    # For holders

    async def check(self, token: str, address: str) -> Shown:
        """The purpose of a link that can be used now. Raises what its use would raise."""
        link = await self._link(token, None, address)
        organization = await self.organizations.get(link.organization) if link.organization else None
        if link.kind is Kind.INVITATION:
            invitation = await self._invitation(link)
            own = await self.roles.own(link.organization)
            await self.links.check_maker(link.organization, invitations.inviter_of(invitation, link.permission, own))
            kind, _, id = invitation.inviter.partition("/")
            inviter = await self.users.get(link.organization, id) if kind == "users" else None
            name = inviter.display_name if inviter else ""
            return Shown(link, organization, invitation.email, invitation.display_name, name)
        if link.kind is Kind.PASSWORD_RESET:
            user = await self._user(link)
            await self.links.check_maker(link.organization, links.maker_of(link.maker, link.permission, user.permissions))
            return Shown(link, organization, user.email, user.display_name)
        if await self.organizations.any():
            raise errors.SetupComplete
        return Shown(link)

    async def create_first_organization(
        self, token: str, organization: Organization, owner: Draft, password: str, origin: Origin
    ) -> SignedIn | Challenged:
        """The first organization and its owner, who is signed in."""
        await self._link(token, Kind.SETUP, origin.address)
        if await self.organizations.any():
            raise errors.SetupComplete
        now = self.now()
        user, facts = users.create(organization.id, owner, ADMIN, now)
        password_hash = await self._hash(password, user.display_name, user.email)
        created = (*organizations.created(organization), *facts)
        await self.organizations.add_first(
            organization, user, password_hash, hash_of(token), created, lambda link: links.check(link, Kind.SETUP, now)
        )
        return await self._enter(user, password_hash, origin)

    async def accept_invitation(self, token: str, display_name: str, password: str, origin: Origin) -> SignedIn | Challenged:
        """The user of an invitation, who is signed in."""
        link = await self._link(token, Kind.INVITATION, origin.address)
        invitation, own, user = await self._invitation(link), await self.roles.own(link.organization), ids.new()
        await self.sign_in.check_state(link.organization, None)
        now = self.now()
        invitations.accept(invitation, user, display_name, now, own)  # before the slow hash; the store's lock asks again
        password_hash = await self._hash(password, display_name, invitation.email)

        def rule(link: Link, invitation: Invitation) -> invitations.Decided:
            links.check(link, Kind.INVITATION, now)
            return invitations.accept(invitation, user, display_name, now, own)

        decided = await self.invitations.accept(
            hash_of(token), password_hash, now, lambda link, found: invitations.inviter_of(found, link.permission, own), rule
        )
        if decided is None or decided.user is None:
            raise errors.InvalidLink
        return await self._enter(decided.user, password_hash, origin)

    async def reset_password(self, token: str, password: str, address: str) -> None:
        """Another password for the user of a link; every session ends."""
        link = await self._link(token, Kind.PASSWORD_RESET, address)
        user = await self._user(link)
        await self.sign_in.check_state(link.organization, user)
        password_hash, now = await self._hash(password, user.display_name, user.email), self.now()

        def rule(link: Link, user: User) -> Change:
            links.check(link, Kind.PASSWORD_RESET, now)
            return users.reset_password(user, password_hash, link.clears_second_factor, now)

        if await self.links.reset(hash_of(token), now, rule) is None:
            raise errors.InvalidLink

    # Making links

    async def create_setup(self) -> tuple[str, datetime]:
        """A link to the first organization, and when it expires. Raises SetupComplete."""
        if await self.organizations.any():
            raise errors.SetupComplete
        link, token = links.make(Kind.SETUP, links.NOWHERE, "", ADMIN, "", self.now())
        await self.links.add(link, (), ADMIN)
        return links.url("", Kind.SETUP, token), link.expires

    async def create_reset(self, organization: OrganizationId, id: str, by: Actor) -> ResetLink:
        """A link with which a user chooses a new password; by mail, too, where that is configured."""
        user = await self.users.get(organization, id)
        if user is None:
            raise errors.UserNotFound(id)
        return await self._reset(user, by, lambda user: users.check_resettable(user, by), mail=True)

    async def create_reset_for_operator(
        self, organization: OrganizationId, email: str, clears_second_factor: bool, by: Actor
    ) -> ResetLink:
        """A link for the user with this e-mail address, which may also remove a second factor."""
        email = users.normalized_email(email)
        found = await self.users.find(organization, email)
        if found is None:
            raise errors.UserNotFound(email)
        rule = lambda user: users.check_resettable(user, by)  # noqa: E731
        return await self._reset(found.user, by, rule, mail=False, clears_second_factor=clears_second_factor)

    async def request_reset(self, organization: OrganizationId, email: str, address: str) -> None:
        """Has a link mailed to the user with this e-mail address. Nothing shows whether there is one: a job looks."""
        email = users.normalized_email(email)
        if wait := await self.attempts.take(*limits.reset_request(organization, email, address)):
            raise errors.TooManyAttempts(wait)
        await self.requests.add(organization, email)

    async def mail_reset(self, job: Job) -> Outcome | None:
        """Does the job of a request: makes a link and mails it, if there is such a user who may sign in."""
        found = await self.users.find(job.organization, job.payload.decode())
        if found is None or found.user.state is not State.ACTIVE or not self.public_url:
            return None
        try:
            await self.sign_in.check_state(job.organization, found.user)
        except (FailedPrecondition, NotFound):  # closed: no one signs in
            return None
        rule = lambda user: users.check_resettable(user, ADMIN)  # noqa: E731
        await self._reset(found.user, ADMIN, rule, mail=True, replaces_own_only=True)  # anyone may have asked for it
        return None

    async def tidy(self) -> None:
        """Deletes links whose time is over, after a while in which their holders read why."""
        await self.links.tidy(self.now() - invitations.KEPT)

    async def _reset(
        self,
        user: User,
        by: Actor,
        rule: Callable[[User], None],
        mail: bool,
        clears_second_factor: bool = False,
        replaces_own_only: bool = False,
    ) -> ResetLink:
        permission = "" if by.kind == "services" else "admin.users.setPassword"
        link, token = links.make(
            Kind.PASSWORD_RESET, user.organization, user.id, by, permission, self.now(), clears_second_factor
        )
        fact = PasswordResetLinkCreated(str(by), user.id, clears_second_factor)
        if not await self.links.add(link, (fact,), by, rule, replaces_own_only):
            raise errors.UserNotFound(user.id)
        url = links.url(self.public_url, Kind.PASSWORD_RESET, token)
        organization = await self.organizations.get(user.organization) if mail and self.public_url else None
        mailed = organization is not None and await self.mail.reset_password(organization, user, url, link.expires, ids.new())
        return ResetLink(url, link.expires, mailed)

    async def _link(self, token: str, kind: Kind | None, address: str) -> Link:
        """The link of a token, if it works; a wrong token counts as an attempt."""
        async with Attempt(self.attempts, limits.link(address)) as attempt:
            found = await self.links.find(hash_of(token))
            attempt.was_good = found is not None
        return links.check(found, kind, self.now())

    async def _invitation(self, link: Link) -> Invitation:
        found = await self.invitations.get(link.organization, link.subject)
        if found is None:
            raise errors.InvalidLink
        invitations.check_pending(found)
        return found

    async def _user(self, link: Link) -> User:
        found = await self.users.get(link.organization, link.subject)
        if found is None:
            raise errors.InvalidLink
        if found.state is not State.ACTIVE:
            raise errors.LinkRevoked
        return found

    async def _hash(self, password: str, display_name: str, email: str) -> str:
        return await self.passwords.hash(passwords.check(password, display_name, email, email.partition("@")[0]))

    async def _enter(self, user: User, password_hash: str, origin: Origin) -> SignedIn | Challenged:
        signed_in = await self.sign_in.enter(user, password_hash, origin)
        if signed_in is None:
            raise errors.InvalidCredentials  # another's change in that moment: the new password signs in, or the user is out
        return signed_in


def first_owner(email: str, display_name: str) -> Draft:
    """The wanted owner of the first organization."""
    return Draft(email, display_name, [OWNER])
