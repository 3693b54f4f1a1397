"""The ports of admin.

Stores that keep a change and the facts about it do both in one transaction. Where a rule must see what is stored, the store
takes the rule as a pure function, and calls it between locking and saving. A change that an actor (`by`) asks for
happens only if the actor may still act, whose row is locked until the commit. Otherwise it raises TokenRevoked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kit.ids import OrganizationId
from services.admin.domain import own_roles
from services.admin.domain.credentials import Credential
from services.admin.domain.credentials import Decided as DecidedCredential
from services.admin.domain.facts import Fact
from services.admin.domain.links import Link
from services.admin.domain.measures import Measured, Story
from services.admin.domain.organizations import Organization, OrganizationErasure
from services.admin.domain.reports import Query, Report
from services.admin.domain.roles import Actor, Role
from services.admin.domain.settings import Rule, Setting, Version
from services.admin.domain.users import Change, Filter, User
from services.admin.ports.sign_in import (
    AccessTokens,
    ApiKeys,
    Challenges,
    Devices,
    Invitations,
    Links,
    Mail,
    ResetRequests,
    SecondFactors,
    Sessions,
)

__all__ = [
    "AccessTokens",
    "ApiKeys",
    "Challenges",
    "ConversationTags",
    "CredentialStore",
    "Credentials",
    "Devices",
    "Invitations",
    "Links",
    "Mail",
    "Measurements",
    "Organizations",
    "OwnRoles",
    "Passwords",
    "Progress",
    "PublicKeys",
    "Reports",
    "ResetRequests",
    "SecondFactors",
    "Sessions",
    "Settings",
    "Urls",
    "Users",
]


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with the hash of the password, for signing in only."""

    user: User
    password_hash: str


class Organizations(Protocol):
    """Keeps organizations."""

    async def add(
        self,
        organization: Organization,
        owner: User,
        password_hash: str,
        request_id: str,
        facts: Sequence[Fact],
    ) -> Organization:
        """Adds an organization with its owner; returns what there is already for the same id and request_id.

        Raises OrganizationExists if another request made it.
        """

    async def add_first(
        self,
        organization: Organization,
        owner: User,
        password_hash: str,
        hash: bytes,
        facts: Sequence[Fact],
        rule: Callable[[Link | None], Link],
    ) -> None:
        """Adds the first organization with its owner, and notes that the link of this hash was used, if the rule allows it.

        Raises SetupComplete if there is an organization, or OrganizationExists for the id of an erased one.
        """

    async def any(self) -> bool:
        """Whether there is an organization."""

    async def get(self, id: OrganizationId) -> Organization | None:
        """An organization."""

    async def page(self, after: str, limit: int) -> list[Organization]:
        """At most `limit` organizations whose ids come after `after`, by id."""

    async def change(
        self, id: OrganizationId, by: Actor, rule: Callable[[Organization], tuple[Organization, Sequence[Fact]]]
    ) -> Organization | None:
        """Locks an organization, saves what the rule makes of it, and returns that; None if there is none.

        One that gets DELETING gets a job, due when its grace period ends; one that gets ERASING a
        receipt.
        """

    async def erasure(self, id: OrganizationId) -> OrganizationErasure | None:
        """The receipt of an erasure that has begun."""

    async def confirm(self, id: OrganizationId, service: str, count: int) -> None:
        """Notes that a service has erased so many things, and makes the job of the deletion due. The first time counts."""

    async def remove(self, id: OrganizationId) -> int:
        """Removes an organization to which nothing belongs any more; how many that were."""


class Users(Protocol):
    """Keeps users and the hashes of their passwords."""

    async def add(self, user: User, password_hash: str, request_id: str, facts: Sequence[Fact], by: Actor) -> User:
        """Adds a user; returns the one that the same request_id (if any) has added before.

        Raises EmailTaken, UserExists, or RequestIdReused if that one has another e-mail address.
        """

    async def get(self, organization: OrganizationId, id: str) -> User | None:
        """A user."""

    async def find(self, organization: OrganizationId, email: str) -> Credentials | None:
        """A user by e-mail address, with the hash."""

    async def credentials(self, organization: OrganizationId, id: str) -> Credentials | None:
        """A user by id, with the hash."""

    async def page(
        self, organization: OrganizationId, filter: Filter, after: tuple[datetime, str] | None, limit: int
    ) -> list[User]:
        """At most `limit` users by time of creation, then id, after the given ones."""

    async def change(
        self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[User, int], Change]
    ) -> User | None:
        """Locks a user, saves what the rule makes of it, and returns that; None if there is none.

        The rule is given the user and how many other active owners there are; no one becomes or ceases to be an owner
        meanwhile. Raises EmailTaken.
        """

    async def rehash(self, organization: OrganizationId, id: str, old: str, new: str) -> bool:
        """Replaces the hash of an unchanged password; does nothing and says False if it is no longer `old`."""


class Passwords(Protocol):
    """Hashes passwords, slowly on purpose, without holding up anything else."""

    async def hash(self, password: str) -> str:
        """The hash, with its parameters and salt."""

    async def verify(self, hash: str | None, password: str) -> bool:
        """Whether the password is the one. None costs the same time and is never right."""

    def is_outdated(self, hash: str) -> bool:
        """Whether a hash was made with other parameters than one would be now."""


class PublicKeys(Protocol):
    """The keys that others verify tokens with."""

    async def document(self) -> bytes:
        """A JSON Web Key Set (RFC 7517)."""


class OwnRoles(Protocol):
    """Keeps organizations' own roles."""

    async def all(self, organization: OrganizationId) -> dict[str, Role]:
        """The organization's own roles, by id and in that order."""

    async def add(
        self, organization: OrganizationId, request_id: str, by: Actor, rule: Callable[[int], own_roles.Decided]
    ) -> Role:
        """Adds the role that the rule makes, given how many there are; or the one that the same request_id has added before.

        Raises RoleExists, or RequestIdReused if that one has another id.
        """

    async def change(
        self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[Role], own_roles.Decided]
    ) -> Role | None:
        """Locks a role, saves what the rule makes of it, and returns that; None if there is none."""

    async def delete(self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[Role], Sequence[Fact]]) -> bool:
        """Deletes a role that the rule lets go, and takes it from its users; False if there is none."""


class Settings(Protocol):
    """Keeps settings and their versions."""

    async def get(self, organization: OrganizationId, id: str) -> Setting:
        """A setting; one that was never saved has no versions."""

    async def saved(self, organization: OrganizationId) -> dict[str, Setting]:
        """The settings that were saved at least once, by their ids."""

    async def version(self, organization: OrganizationId, id: str, number: int) -> Version | None:
        """A version of a setting."""

    async def versions(
        self, organization: OrganizationId, id: str, before: int, published_only: bool, limit: int
    ) -> list[Version]:
        """At most `limit` versions, newest first, before a number; 0: from the newest."""

    async def change(self, organization: OrganizationId, id: str, by: Actor, rule: Rule) -> Setting:
        """Locks a setting, saves what the rule makes of it, and returns that."""

    async def tidy(self, now: datetime) -> None:
        """Deletes drafts that later ones replaced long ago."""


class CredentialStore(Protocol):
    """Keeps credentials and their secrets."""

    async def get(self, organization: OrganizationId, id: str) -> Credential | None:
        """A credential."""

    async def page(self, organization: OrganizationId, after: str, limit: int) -> list[Credential]:
        """At most `limit` credentials by id, after one."""

    async def secret(self, organization: OrganizationId, id: str, service: str) -> tuple[Credential, str] | None:
        """A credential of a service, with its secret."""

    async def add(
        self, organization: OrganizationId, request_id: str, by: Actor, rule: Callable[[int], DecidedCredential]
    ) -> Credential:
        """Adds the credential that the rule makes, given how many there are; or the one that the same request has added.

        Raises CredentialExists, or RequestIdReused if that one has another id.
        """

    async def change(
        self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[Credential], DecidedCredential]
    ) -> Credential | None:
        """Locks a credential, saves what the rule makes of it, and returns that; None if there is none."""

    async def delete(
        self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[Credential], Sequence[Fact]]
    ) -> bool:
        """Deletes a credential that the rule lets go; False if there is none."""


class Urls(Protocol):
    """Says which addresses a service may send a secret to."""

    async def check(self, field: str, url: str) -> None:
        """Raises UrlNotAllowed, with the field by its JSON name."""


class Measurements(Protocol):
    """Keeps what reports measure, within one transaction."""

    async def story(self, organization: OrganizationId, conversation: str, channel: str) -> tuple[str, Story]:
        """The story of a conversation, with its channel, locked. `channel`: replaces it unless empty."""

    async def save(self, organization: OrganizationId, conversation: str, channel: str, measured: Measured) -> None:
        """Saves what a fact changed."""

    async def tag(self, organization: OrganizationId, conversation: str, tags: Sequence[str]) -> None:
        """Replaces the tags of a conversation, if anything was measured of it."""


class Progress(Protocol):
    """Says until when everything is measured."""

    async def note(self, positions: dict[int, int], at: datetime) -> None:
        """Notes that at a moment the shards of core's journal had no fact after these positions."""


class ConversationTags(Protocol):
    """Reads tags at core."""

    async def of(self, conversations: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The tags that conversations have now, by their resource names; of one that was erased, none.

        Raises Unavailable.
        """


class Reports(Protocol):
    """Counts measurements."""

    async def query(self, query: Query, limit: int, offset: int, with_total: bool) -> Report:
        """At most `limit` rows after `offset` others. Raises InvalidTimeZone for a zone that the store doesn't know."""
