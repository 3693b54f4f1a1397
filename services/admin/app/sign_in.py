"""The use cases of signing in: the password, the second factor, and the tokens of a session."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kit import ids
from kit.clock import Clock
from kit.ids import OrganizationId
from kit.limits import Limits
from services.admin import ports
from services.admin.app.attempts import Attempt
from services.admin.app.settings import SettingApp
from services.admin.domain import errors, limits, organizations, passwords, second_factors, sessions, users
from services.admin.domain.facts import SessionStarted
from services.admin.domain.roles import own_of
from services.admin.domain.second_factors import Challenge, SecondFactor
from services.admin.domain.sessions import Origin, Outcome
from services.admin.domain.users import State, User


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


@dataclass(frozen=True, slots=True)
class Enrollment:
    """A new secret for an authenticator app, in the two forms that one can be given it."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class Challenged:
    """The password was right, and a code is needed."""

    token: str
    expires: datetime
    enrollment: Enrollment | None
    """Set: the user has no second factor, and needs one."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The end of the second step."""

    signed_in: SignedIn
    recovery_codes: Sequence[str]
    """New ones, after an enrollment."""
    recovery_codes_left: int


@dataclass(frozen=True)
class SignInApp:
    """Signing in and out."""

    organizations: ports.Organizations
    users: ports.Users
    sessions: ports.Sessions
    second_factors: ports.SecondFactors
    settings: SettingApp
    attempts: Limits
    passwords: ports.Passwords
    access_tokens: ports.AccessTokens
    devices: ports.Devices
    challenges: ports.Challenges
    now: Clock

    async def login(
        self, organization: OrganizationId, email: str, password: str, origin: Origin, device_token: str = ""
    ) -> SignedIn | Challenged:
        """Signs a user in, or asks for a code. Whatever is wrong, it is InvalidCredentials after the same work."""
        email = users.normalized_email(email)
        device = self.devices.read(device_token, organization, email)
        buckets = limits.known_device(device) if device else limits.sign_in(organization, email, origin.address)
        async with Attempt(self.attempts, buckets) as attempt:
            found = await self.users.find(organization, email)
            password = passwords.normalize(password)
            right = await self.passwords.verify(found.password_hash if found else None, password)
            if found is None or not right or found.user.state is not State.ACTIVE:
                raise errors.InvalidCredentials
            await self.check_state(organization, found.user)
            password_hash = await self._fresh_hash(found, password)
            signed_in = await self.enter(found.user, password_hash, origin, device)
            if signed_in is None:
                raise errors.InvalidCredentials
            attempt.was_good = True
        return signed_in

    async def enter(self, user: User, password_hash: str, origin: Origin, device: str = "") -> SignedIn | Challenged | None:
        """Starts a session of a user whose password is right, or asks for a code; None if the user may not sign in by now."""
        if user.second_factor or await self.settings.requires_second_factor(user.organization):
            return await self._challenge(user, password_hash, device)
        return await self._start(user, password_hash, origin, device, second_factor=False)

    async def verify(self, challenge_token: str, code: str, origin: Origin) -> Verified:
        """The second step. Raises InvalidChallenge or InvalidCode."""
        challenge, now = self.challenges.read(challenge_token), self.now()
        if challenge is None:
            raise errors.InvalidChallenge
        organization = challenge.organization
        async with Attempt(self.attempts, limits.second_factor(organization, challenge.user)) as attempt:
            found = await self.users.credentials(organization, challenge.user)
            if (
                found is None
                or found.user.state is not State.ACTIVE
                or challenge.fingerprint != _fingerprint(found.password_hash)
            ):
                raise errors.InvalidChallenge
            await self.check_state(organization, found.user)

            def rule(factor: SecondFactor | None) -> second_factors.Decided:
                if factor is None:  # it was removed meanwhile
                    raise errors.InvalidChallenge
                return (second_factors.use if factor.confirmed else second_factors.confirm)(factor, code, now)

            decided = await self.second_factors.change(organization, challenge.user, None, rule)
            signed_in = await self._start(found.user, found.password_hash, origin, challenge.device, second_factor=True)
            if decided is None or signed_in is None:
                raise errors.InvalidChallenge
            attempt.was_good = True
        left = len(decided.factor.recovery) if decided.factor else 0
        return Verified(signed_in, decided.codes, left)

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
        await self.check_state(user.organization, user)
        if not user.second_factor and await self.settings.requires_second_factor(user.organization):
            raise errors.InvalidRefreshToken
        access = self._access_token(user, refreshed.session.id, now)
        return SignedIn(user, access, refreshed.secret, sessions.token_end(refreshed, now))

    async def logout(self, refresh_token: str, all_sessions: bool) -> None:
        """Ends one session, or all of its user."""
        now = self.now()
        token_hash = sessions.hash_of(refresh_token)
        await self.sessions.change(token_hash, lambda found: sessions.logout(found, all_sessions, now))

    async def check_state(self, organization: OrganizationId, user: User | None) -> None:
        """Raises OrganizationSuspended or OrganizationDeleting, but for an owner. Raises OrganizationErased."""
        found = await self.organizations.get(organization)
        if found is not None:
            organizations.check_open(found, user is not None and user.is_active_owner)

    async def _challenge(self, user: User, password_hash: str, device: str) -> Challenged:
        now = self.now()
        challenge = Challenge(user.organization, user.id, _fingerprint(password_hash), device)
        enrollment = None
        if not user.second_factor:
            fresh = second_factors.start(user.organization, user.id, now)
            await self.second_factors.change(user.organization, user.id, None, lambda found: second_factors.begin(found, fresh))
            enrollment = enrollment_of(fresh, user)
        return Challenged(self.challenges.issue(challenge), expiry(now, second_factors.CHALLENGE), enrollment)

    async def _start(self, user: User, password_hash: str, origin: Origin, device: str, second_factor: bool) -> SignedIn | None:
        now = self.now()
        session, token, secret = sessions.start(user, now, origin, second_factor)
        started = await self.sessions.start(session, token, password_hash, (SessionStarted(user.id, session.id),))
        if started is None:
            return None
        access = self._access_token(started, session.id, now)
        device_token = self.devices.issue(device or ids.new(), started.organization, started.email)
        return SignedIn(started, access, secret, token.expires, device_token)

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
        return AccessToken(token, expiry(now, sessions.ACCESS))


def enrollment_of(factor: SecondFactor, user: User) -> Enrollment:
    """A new second factor, as its user is shown it once."""
    return Enrollment(second_factors.text_of(factor.secret), second_factors.uri(factor, user.email))


def expiry(now: datetime, life: timedelta) -> datetime:
    """When a token ends: it counts whole seconds."""
    return now.replace(microsecond=0) + life


def _fingerprint(password_hash: str) -> str:
    """Distinguishes one password from the next, and reveals neither."""
    return hashlib.sha256(password_hash.encode()).hexdigest()
