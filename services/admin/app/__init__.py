"""Admin's use cases. The rules are in `domain`; this says in which order the world is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from kit.clock import Clock
from kit.errors import NotFound
from kit.ids import OrganizationId
from kit.limits import Limits
from services.admin import ports
from services.admin.app.attempts import Attempt
from services.admin.app.credentials import CredentialApp
from services.admin.app.deletions import DeletionApp
from services.admin.app.invitations import InvitationApp
from services.admin.app.links import LinkApp
from services.admin.app.reports import ReportApp
from services.admin.app.roles import RoleApp
from services.admin.app.second_factors import SecondFactorApp
from services.admin.app.settings import SettingApp
from services.admin.app.sign_in import AccessToken, SignInApp, expiry
from services.admin.domain import api_keys, errors, limits, organizations, passwords, sessions, users
from services.admin.domain.api_keys import ApiKey, ApiKeyDraft
from services.admin.domain.facts import EndReason, Fact, SessionEnded
from services.admin.domain.organizations import Organization, OrganizationUpdate
from services.admin.domain.organizations import State as OrganizationState
from services.admin.domain.roles import Actor, own_of
from services.admin.domain.sessions import Session
from services.admin.domain.users import Change, Draft, User, UserUpdate

T = TypeVar("T")
ME = "me"
"""Stands for the id of the user who calls."""


@dataclass(frozen=True)
class App:
    """Everything admin does."""

    organizations: ports.Organizations
    users: ports.Users
    sessions: ports.Sessions
    api_keys: ports.ApiKeys
    attempts: Limits
    passwords: ports.Passwords
    access_tokens: ports.AccessTokens
    public_keys: ports.PublicKeys
    roles: RoleApp
    settings: SettingApp
    credentials: CredentialApp
    reports: ReportApp
    deletions: DeletionApp
    sign_in: SignInApp
    links: LinkApp
    invitations: InvitationApp
    second_factors: SecondFactorApp
    now: Clock

    # Programs

    async def exchange_api_key(self, secret: str) -> AccessToken:
        """An access token for an API key. Raises InvalidApiKey."""
        # Looked up by SHA-256: how long the comparison takes shows nothing about a key of 256 random bits.
        now = self.now()
        found = await self.api_keys.find(sessions.hash_of(secret), now) if secret.startswith(api_keys.PREFIX) else None
        if found is None:
            raise errors.InvalidApiKey
        key, creator = found
        await self.sign_in.check_state(key.organization, None)
        permissions = api_keys.granted(key, creator, now)
        await self.api_keys.note_use(key.organization, key.id, now, now - api_keys.SEEN_EACH)
        token = self.access_tokens.issue(
            f"apiKeys/{key.id}",
            key.organization,
            permissions,
            now,
            api_keys.ACCESS,
            name=key.display_name,
            tier=key.tier.value,
            roles=" ".join(own_of(creator.roles)),
        )
        return AccessToken(token, expiry(now, api_keys.ACCESS))

    async def jwks(self) -> bytes:
        """The public keys, as JSON."""
        return await self.public_keys.document()

    # Organizations

    async def create_organization(
        self, organization: Organization, owner: Draft, password: str, request_id: str, by: Actor
    ) -> Organization:
        """Adds an organization with its first owner."""
        user, facts = users.create(organization.id, owner, by, self.now())
        password_hash = await self._hash(password, user)
        created = organizations.created(organization)
        return await self.organizations.add(organization, user, password_hash, request_id, (*created, *facts))

    async def get_organization(self, id: OrganizationId) -> Organization:
        """An organization. Raises OrganizationNotFound."""
        return _found(await self.organizations.get(id), errors.OrganizationNotFound(id))

    async def list_organizations(self, after: str, limit: int) -> list[Organization]:
        """At most `limit` organizations by id, after one."""
        return await self.organizations.page(after, limit)

    async def update_organization(self, id: OrganizationId, change: OrganizationUpdate, by: Actor) -> Organization:
        """New values for an organization."""
        now = self.now()
        changed = await self.organizations.change(id, by, lambda found: organizations.update(found, change, by, now))
        return _found(changed, errors.OrganizationNotFound(id))

    async def change_organization_state(self, id: OrganizationId, state: OrganizationState, by: Actor) -> Organization:
        """Suspends an organization, or makes it active again."""
        now = self.now()
        changed = await self.organizations.change(id, by, lambda found: organizations.change_state(found, state, by, now))
        return _found(changed, errors.OrganizationNotFound(id))

    # Users

    async def create_user(self, organization: OrganizationId, draft: Draft, password: str, request_id: str, by: Actor) -> User:
        """Adds a user who may sign in at once."""
        user, facts = users.create(organization, draft, by, self.now(), await self.roles.own(organization))
        return await self.users.add(user, await self._hash(password, user), request_id, facts, by)

    async def get_user(self, organization: OrganizationId, id: str) -> User:
        """A user. Raises UserNotFound."""
        return _found(await self.users.get(organization, id), errors.UserNotFound(id))

    async def get_current_user(self, organization: OrganizationId, by: Actor) -> User:
        """The user who calls. Raises UserRequired for anybody else."""
        return await self.get_user(organization, _user_id(by))

    async def list_users(
        self, organization: OrganizationId, filter: str, after: tuple[datetime, str] | None, limit: int
    ) -> list[User]:
        """At most `limit` users, oldest first, after a time and id."""
        return await self.users.page(organization, users.parse_filter(filter), after, limit)

    async def update_user(self, organization: OrganizationId, id: str, change: UserUpdate, by: Actor) -> User:
        """New e-mail address or display name."""
        now = self.now()
        return await self._change_user(organization, id, by, lambda user, _: users.update(user, change, by, now))

    async def assign_roles(self, organization: OrganizationId, id: str, new: Sequence[str], etag: str, by: Actor) -> User:
        """Exactly these roles."""
        now, own = self.now(), await self.roles.own(organization)
        return await self._change_user(
            organization, id, by, lambda user, others: users.assign(user, new, etag, by, others, now, own)
        )

    async def deactivate_user(self, organization: OrganizationId, id: str, by: Actor) -> User:
        """Ends a user's access at once."""
        now = self.now()
        return await self._change_user(organization, id, by, lambda user, others: users.deactivate(user, by, others, now))

    async def activate_user(self, organization: OrganizationId, id: str, by: Actor) -> User:
        """Lets a user sign in again."""
        now = self.now()
        return await self._change_user(organization, id, by, lambda user, _: users.activate(user, by, now))

    async def set_password(self, organization: OrganizationId, id: str, password: str, by: Actor) -> None:
        """Another password for a user, whose sessions end."""
        user = await self.get_user(organization, id)
        by.must_hold(user.permissions)  # before the slow hash; the rule asks again
        password_hash = await self._hash(password, user)
        await self._change_user(organization, id, by, lambda user, _: users.set_password(user, password_hash, by, self.now()))

    async def change_password(self, organization: OrganizationId, current: str, new: str, by: Actor) -> None:
        """Another password for the caller, who must know the present one."""
        id = _user_id(by)
        found = _found(await self.users.credentials(organization, id), errors.UserNotFound(id))
        async with Attempt(self.attempts, limits.password_change(organization, id)) as attempt:
            if not await self.passwords.verify(found.password_hash, passwords.normalize(current)):
                raise errors.InvalidCredentials
            attempt.was_good = True
        if passwords.normalize(new) == passwords.normalize(current):
            raise errors.WeakPassword("UNCHANGED", "This is the present password; choose another one.")
        password_hash = await self._hash(new, found.user)
        await self._change_user(organization, id, by, lambda user, _: users.set_password(user, password_hash, by, self.now()))

    async def delete_user(self, organization: OrganizationId, id: str, etag: str, by: Actor) -> None:
        """Removes a user, with sessions and API keys."""
        await self._change_user(organization, id, by, lambda user, others: users.delete(user, etag, by, others))

    # API keys

    async def create_api_key(
        self, organization: OrganizationId, wish: ApiKeyDraft, request_id: str, by: Actor
    ) -> tuple[ApiKey, str]:
        """A new API key with its secret, which is empty if the request came before."""
        key, secret, facts = api_keys.create(organization, wish, by, self.now())
        kept = await self.api_keys.add(key, sessions.hash_of(secret), request_id, facts, by)
        return kept, secret if kept.id == key.id else ""

    async def get_api_key(self, organization: OrganizationId, id: str) -> ApiKey:
        """An API key. Raises ApiKeyNotFound."""
        return _found(await self.api_keys.get(organization, id), errors.ApiKeyNotFound(id))

    async def list_api_keys(
        self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int
    ) -> list[ApiKey]:
        """At most `limit` API keys, newest first, before a time and id."""
        return await self.api_keys.page(organization, before, limit)

    async def revoke_api_key(self, organization: OrganizationId, id: str, by: Actor) -> ApiKey:
        """Makes an API key good for nothing."""
        now = self.now()
        changed = await self.api_keys.change(organization, id, by, lambda key: api_keys.revoke(key, by, now))
        return _found(changed, errors.ApiKeyNotFound(id))

    async def rotate_api_key(self, organization: OrganizationId, id: str, overlap: timedelta, by: Actor) -> tuple[ApiKey, str]:
        """A new secret for an API key; the old ones are good for the overlap."""
        now, secret = self.now(), ""

        def rule(key: ApiKey, older: int) -> tuple[ApiKey, bytes, Sequence[Fact]]:
            nonlocal secret
            after, secret, facts = api_keys.rotate(key, overlap, older, by, now)
            return after, sessions.hash_of(secret), facts

        rotated = await self.api_keys.rotate(organization, id, by, now, rule)
        return _found(rotated, errors.ApiKeyNotFound(id)), secret

    # Sessions

    async def list_sessions(
        self, organization: OrganizationId, user: str, by: Actor, before: tuple[datetime, str] | None, limit: int
    ) -> list[Session]:
        """At most `limit` open sessions of a user (`me`: the caller), newest first. Raises PermissionNotHeld for another's."""
        id = _user_id(by) if user == ME else user
        if (by.kind, by.id) != ("users", id):
            by.must_hold(frozenset({"admin.users.read"}))
            await self.get_user(organization, id)
        return await self.sessions.page(organization, id, self.now(), before, limit)

    async def end_session(self, organization: OrganizationId, id: str, by: Actor) -> None:
        """Ends a session of the caller's. Raises SessionNotFound."""
        _user_id(by)
        now = self.now()
        await self.sessions.end(organization, by, id, lambda found: sessions.end(found, id, by, now))

    async def end_other_sessions(self, organization: OrganizationId, by: Actor) -> int:
        """Ends the caller's sessions but the one that calls; how many."""
        user = _user_id(by)
        return await self.sessions.end_others(organization, by, self.now(), lambda id: SessionEnded(user, id, EndReason.ENDED))

    async def end_all_sessions(self, organization: OrganizationId, id: str, by: Actor) -> None:
        """Ends all sessions of a user."""
        now = self.now()
        await self._change_user(organization, id, by, lambda user, _: users.end_sessions(user, by, now))

    async def remove_second_factor(self, organization: OrganizationId, id: str, by: Actor) -> User:
        """Lets a user sign in by the password alone again."""
        return await self._change_user(organization, id, by, lambda user, _: users.remove_second_factor(user, by))

    # Housekeeping

    async def tidy(self) -> int:
        """Deletes what no one can use any more; says how many sessions that were."""
        await self.settings.tidy()
        await self.links.tidy()
        await self.invitations.tidy()
        return await self.sessions.tidy(self.now())

    async def _change_user(self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[User, int], Change]) -> User:
        return _found(await self.users.change(organization, id, by, rule), errors.UserNotFound(id))

    async def _hash(self, password: str, user: User) -> str:
        names = (user.display_name, user.email, user.email.partition("@")[0])
        return await self.passwords.hash(passwords.check(password, *names))


def _found(thing: T | None, missing: NotFound) -> T:
    if thing is None:
        raise missing
    return thing


def _user_id(by: Actor) -> str:
    if by.kind != "users":
        raise errors.UserRequired
    return by.id
