"""The ports by which people and programs get in: sessions, links, second factors, keys, and what is signed."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from kit.ids import OrganizationId
from services.admin.domain.api_keys import ApiKey
from services.admin.domain.facts import Fact
from services.admin.domain.invitations import Decided as DecidedInvitation
from services.admin.domain.invitations import Invitation
from services.admin.domain.links import Link
from services.admin.domain.organizations import Organization
from services.admin.domain.roles import Actor
from services.admin.domain.second_factors import Challenge, SecondFactor
from services.admin.domain.second_factors import Decided as DecidedFactor
from services.admin.domain.sessions import Found, Refreshed, RefreshToken, Session
from services.admin.domain.users import Change, User


class Sessions(Protocol):
    """Keeps sessions and the hashes of refresh tokens."""

    async def start(self, session: Session, token: RefreshToken, password_hash: str, facts: Sequence[Fact]) -> User | None:
        """Adds a session and notes the login; the user as found under the lock.

        None, and nothing, if the user isn't active or has another password by now.
        """

    async def change(self, token_hash: bytes, rule: Callable[[Found], Refreshed]) -> Refreshed | None:
        """Locks the session of a refresh token, saves what the rule makes of it, and returns that; None if there is none.

        Two calls with the same token happen one after the other. A successor that is added ends the grace of the token before
        the one that came in.
        """

    async def page(
        self, organization: OrganizationId, user: str, now: datetime, before: tuple[datetime, str] | None, limit: int
    ) -> list[Session]:
        """At most `limit` open sessions of a user, newest first, before the given one."""

    async def end(
        self, organization: OrganizationId, by: Actor, id: str, rule: Callable[[Session | None], tuple[Session, Sequence[Fact]]]
    ) -> None:
        """Locks the actor's sessions, and saves what the rule makes of the session of an id."""

    async def end_others(self, organization: OrganizationId, by: Actor, now: datetime, fact: Callable[[str], Fact]) -> int:
        """Ends the sessions of the actor but the one of the token, and adds the fact for each id; how many."""

    async def tidy(self, now: datetime) -> int:
        """Deletes sessions that have expired or ended more than a day ago, with their tokens; says how many."""


class ApiKeys(Protocol):
    """Keeps API keys and the hashes of their secrets."""

    async def add(self, key: ApiKey, secret_hash: bytes, request_id: str, facts: Sequence[Fact], by: Actor) -> ApiKey:
        """Adds a key; returns the one that the same request_id (if any) has added before.

        Raises RequestIdReused if that one has other scopes or another maker.
        """

    async def get(self, organization: OrganizationId, id: str) -> ApiKey | None:
        """A key."""

    async def find(self, secret_hash: bytes, now: datetime) -> tuple[ApiKey, User] | None:
        """A key by the hash of a good secret, with the user who made it, neither of which is being changed."""

    async def page(self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int) -> list[ApiKey]:
        """At most `limit` keys, newest first, before the given one."""

    async def change(
        self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[ApiKey], tuple[ApiKey, Sequence[Fact]]]
    ) -> ApiKey | None:
        """Locks a key, saves what the rule makes of it, and returns that; None if there is none."""

    async def rotate(
        self,
        organization: OrganizationId,
        id: str,
        by: Actor,
        now: datetime,
        rule: Callable[[ApiKey, int], tuple[ApiKey, bytes, Sequence[Fact]]],
    ) -> ApiKey | None:
        """Locks a key, gives it the secret whose hash the rule makes, and returns it; None if there is none.

        The rule is given the key and how many older secrets of it are good. These, and the one that was the newest, are good
        until the `previous_expires` of the new state; not at all if that is None.
        """

    async def note_use(self, organization: OrganizationId, id: str, now: datetime, unless_since: datetime) -> None:
        """Notes that a key was used, unless a use since `unless_since` is noted already."""


class Links(Protocol):
    """Keeps one-time links and the hashes of their tokens."""

    async def find(self, hash: bytes) -> Link | None:
        """A link by the hash of its token."""

    async def add(
        self,
        link: Link,
        facts: Sequence[Fact],
        by: Actor,
        rule: Callable[[User], None] | None = None,
        replaces_own_only: bool = False,
    ) -> bool:
        """Adds a link, which replaces those for the same user that were not used: all, or those of the same maker.

        A rule looks at its user first; False if there is none.
        """

    async def reset(self, hash: bytes, now: datetime, rule: Callable[[Link, User], Change]) -> User | None:
        """Locks a link that resets a password, and its user; notes that it was used, and saves what the rule makes of the user.

        None if there is no such link, or no user any more. Raises LinkRevoked unless its maker may still make one for the user
        as they are now.
        """

    async def check_maker(self, organization: OrganizationId, maker: Actor) -> None:
        """Raises LinkRevoked unless the maker of a link may still make it."""

    async def tidy(self, now: datetime) -> None:
        """Deletes links whose time was over at `now`."""


class Invitations(Protocol):
    """Keeps invitations."""

    async def add(self, invitation: Invitation, link: Link, request_id: str, facts: Sequence[Fact], by: Actor) -> Invitation:
        """Adds an invitation with its link; returns the one that the same request_id (if any) has added before.

        Raises EmailTaken, InvitationExists, TooManyInvitations, or RequestIdReused if that one has another e-mail address.
        """

    async def get(self, organization: OrganizationId, id: str) -> Invitation | None:
        """An invitation."""

    async def page(
        self, organization: OrganizationId, state: str, now: datetime, before: tuple[datetime, str] | None, limit: int
    ) -> list[Invitation]:
        """At most `limit` invitations, newest first, before the given one. `state`: as it is now; empty for all."""

    async def change(
        self,
        organization: OrganizationId,
        id: str,
        by: Actor,
        rule: Callable[[Invitation], DecidedInvitation],
        link: Link | None = None,
    ) -> Invitation | None:
        """Locks an invitation, saves what the rule makes of it, with a new link if given; None if there is none."""

    async def accept(
        self,
        hash: bytes,
        password_hash: str,
        now: datetime,
        inviter: Callable[[Link, Invitation], Actor],
        rule: Callable[[Link, Invitation], DecidedInvitation],
    ) -> DecidedInvitation | None:
        """Locks a link and its invitation, saves what the rule makes of it, and adds the user; None if there is no such link.

        Raises LinkRevoked if the inviter may not act any more, or lacks the permissions that `inviter` says; EmailTaken.
        """

    async def tidy(self, now: datetime) -> None:
        """Deletes invitations that ended long ago."""


class SecondFactors(Protocol):
    """Keeps users' second factors, their secrets sealed."""

    async def get(self, organization: OrganizationId, user: str) -> SecondFactor | None:
        """A user's second factor."""

    async def change(
        self, organization: OrganizationId, user: str, by: Actor | None, rule: Callable[[SecondFactor | None], DecidedFactor]
    ) -> DecidedFactor | None:
        """Locks a user, saves what the rule makes of the user's second factor, and returns that; None if there is no user.

        `by` None: the user signs in, and acts by the code alone.
        """


class Challenges(Protocol):
    """Carries a sign-in from its first step to its second."""

    def issue(self, challenge: Challenge) -> str:
        """A signed token that expires soon, and gives access to nothing."""

    def read(self, token: str) -> Challenge | None:
        """The challenge of a token that was issued here and has not expired."""


class ResetRequests(Protocol):
    """Keeps requests for links to a new password until a job has looked at them."""

    async def add(self, organization: OrganizationId, email: str) -> None:
        """Adds a request; the same work whether or not anybody has the e-mail address."""


class Mail(Protocol):
    """Sends mail to users. Each call says whether it is on its way: False where no mail is configured."""

    async def invite(self, organization: Organization, invitation: Invitation, inviter: str, link: str, key: str) -> bool:
        """A link to an invitation. `inviter`: a name, may be empty. A second call with the same `key` sends nothing again."""

    async def reset_password(self, organization: Organization, user: User, link: str, expires: datetime, key: str) -> bool:
        """A link to a new password."""


class AccessTokens(Protocol):
    """Signs access tokens."""

    def issue(
        self,
        subject: str,
        organization: OrganizationId,
        permissions: frozenset[str],
        known: datetime,
        life: timedelta,
        **claims: str,
    ) -> str:
        """A signed token, such as for `users/u1`.

        `known`: a moment before the permissions were read. A later revocation revokes the token, whenever it is signed.
        """


class Devices(Protocol):
    """Recognises browsers and programs that have signed in before."""

    def issue(self, device: str, organization: OrganizationId, email: str) -> str:
        """A signed device token, which gives access to nothing."""

    def read(self, token: str, organization: OrganizationId, email: str) -> str:
        """The device of a token that was issued for this organization and e-mail address; empty if it is not valid."""
