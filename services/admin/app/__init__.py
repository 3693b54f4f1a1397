"""Admin's use cases. The rules are in `domain`; this says in which order the world is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from kit import ids
from kit.clock import Clock
from kit.errors import NotFound, OrganizationSuspended
from kit.ids import OrganizationId
from kit.limits import Bucket, Limits
from services.admin import ports
from services.admin.app.credentials import CredentialApp
from services.admin.app.roles import RoleApp
from services.admin.app.settings import SettingApp
from services.admin.domain import api_keys, errors, limits, organizations, passwords, sessions, users
from services.admin.domain.api_keys import ApiKey, ApiKeyDraft
from services.admin.domain.facts import SessionStarted
from services.admin.domain.organizations import Organization, OrganizationUpdate
from services.admin.domain.organizations import State as OrganizationState
from services.admin.domain.roles import Actor, own_of
from services.admin.domain.sessions import Outcome
from services.admin.domain.users import Change, Draft, State, User, UserUpdate

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The access token of a program."""

    token: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The tokens of a user: one for calls, and one to get the next."""

    user: User
    access: AccessToken
    refresh_token: str
    refresh_expires: datetime
    device_token: str = ""
    """After a login: lets this browser sign in again while others' attempts are refused."""


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
    devices: ports.Devices
    public_keys: ports.PublicKeys
    roles: RoleApp
    settings: SettingApp
    credentials: CredentialApp
    now: Clock

    # Signing in

    async def login(
        self, organization: OrganizationId, email: str, password: str, address: str, device_token: str = ""
    ) -> SignedIn:
        """Signs a user in. Whatever is wrong, it is InvalidCredentials after the same work."""
        email = users.normalized_email(email)
        device = self.devices.read(device_token, organization, email)
        buckets = limits.known_device(device) if device else limits.sign_in(organization, email, address)
        async with _Attempt(self.attempts, buckets) as attempt:
            found = await self.users.find(organization, email)
            password = passwords.normalize(password)
            right = await self.passwords.verify(found.password_hash if found else None, password)
            if found is None or not right or found.user.state is not State.ACTIVE:
                raise errors.InvalidCredentials
            await self._check_state(organization, found.user)
            now = self.now()
            session, token, secret = sessions.start(found.user, now)
            facts = (SessionStarted(found.user.id, session.id),)
            password_hash = await self._fresh_hash(found, password)
            user = await self.sessions.start(session, token, password_hash, facts)
            if user is None:
                raise errors.InvalidCredentials
            attempt.was_good = True
        access = self._access_token(user, session.id, now)
        return SignedIn(user, access, secret, token.expires, self.devices.issue(device or ids.new(), organization, email))

    async def refresh(self, refresh_token: str) -> SignedIn:
        """The next access token and refresh token. Raises InvalidRefreshToken or RefreshTokenReused."""
        now, user = self.now(), None

        def rule(found: sessions.Found) -> sessions.Refreshed:
            nonlocal user
            user = found.user
            return sessions.refresh(refresh_token, found, now)

        refreshed = await self.sessions.change(sessions.hash_of(refresh_token), rule)
        if refreshed is None or user is None or refreshed.outcome is Outcome.REFUSED:
            raise errors.InvalidRefreshToken
        if refreshed.outcome is Outcome.REUSED:
            raise errors.RefreshTokenReused
        await self._check_state(user.organization, user)
        access = self._access_token(user, refreshed.session.id, now)
        return SignedIn(user, access, refreshed.secret, sessions.token_end(refreshed, now))

    async def logout(self, refresh_token: str, all_sessions: bool) -> None:
        """Ends one session, or all of its user."""
        now = self.now()
        token_hash = sessions.hash_of(refresh_token)
        await self.sessions.change(token_hash, lambda found: sessions.logout(found, all_sessions, now))

    async def exchange_api_key(self, secret: str) -> AccessToken:
        """An access token for an API key. Raises InvalidApiKey."""
        # Looked up by SHA-256: how long the comparison takes shows nothing about a key of 256 random bits.
        now = self.now()
        found = await self.api_keys.find(sessions.hash_of(secret)) if secret.startswith(api_keys.PREFIX) else None
        if found is None:
            raise errors.InvalidApiKey
        key, creator = found
        await self._check_state(key.organization, None)
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
        return AccessToken(token, _expiry(now, api_keys.ACCESS))

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

    async def _check_state(self, organization: OrganizationId, user: User | None) -> None:
        """Raises OrganizationSuspended, but for an owner."""
        found = await self.organizations.get(organization)
        suspended = found is not None and found.state is OrganizationState.SUSPENDED
        if suspended and not (user is not None and user.is_active_owner):
            raise OrganizationSuspended(organization)

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
        async with _Attempt(self.attempts, limits.password_change(organization, id)) as attempt:
            if not await self.passwords.verify(found.password_hash, passwords.normalize(current)):
                raise errors.InvalidCredentials
            attempt.was_good = True
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

    # Housekeeping

    async def tidy(self) -> int:
        """Deletes what no one can use any more; says how many sessions that were."""
        await self.settings.tidy()
        return await self.sessions.tidy(self.now())

    async def _change_user(self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[User, int], Change]) -> User:
        return _found(await self.users.change(organization, id, by, rule), errors.UserNotFound(id))

    async def _hash(self, password: str, user: User) -> str:
        names = (user.display_name, user.email, user.email.partition("@")[0])
        return await self.passwords.hash(passwords.check(password, *names))

    async def _fresh_hash(self, found: ports.Credentials, password: str) -> str:
        """The hash that is kept from now on: made again if it was made with other parameters than today's."""
        old = found.password_hash
        if not self.passwords.is_outdated(old):
            return old
        new = await self.passwords.hash(password)
        return new if await self.users.rehash(found.user.organization, found.user.id, old, new) else old

    def _access_token(self, user: User, session: str, now: datetime) -> AccessToken:
        token = self.access_tokens.issue(
            f"users/{user.id}",
            user.organization,
            user.permissions,
            now,
            sessions.ACCESS,
            name=user.display_name,
            session=session,
            roles=" ".join(own_of(user.roles)),
        )
        return AccessToken(token, _expiry(now, sessions.ACCESS))


class _Attempt:
    """An attempt that stays counted unless it was good."""

    def __init__(self, attempts: Limits, buckets: Sequence[Bucket]) -> None:
        self._attempts = attempts
        self._buckets = buckets
        self.was_good = False

    async def __aenter__(self) -> "_Attempt":
        if wait := await self._attempts.take(*self._buckets):
            raise errors.TooManyAttempts(wait)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.was_good:
            await self._attempts.give_back(*self._buckets)


def _found(thing: T | None, missing: NotFound) -> T:
    if thing is None:
        raise missing
    return thing


def _user_id(by: Actor) -> str:
    if by.kind != "users":
        raise errors.UserRequired
    return by.id


def _expiry(now: datetime, life: timedelta) -> datetime:
    return now.replace(microsecond=0) + life  # a token counts whole seconds
