"""Users: who signs in to an organization."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kit import ids
from kit.errors import EtagMismatch
from kit.ids import OrganizationId
from services.admin.domain import errors, roles
from services.admin.domain.facts import (
    EndReason,
    Fact,
    SecondFactorDisabled,
    SessionEnded,
    UserActivated,
    UserCreated,
    UserDeactivated,
    UserDeleted,
    UserPasswordChanged,
    UserRolesAssigned,
    UserUpdated,
)
from services.admin.domain.organizations import checked_display_name
from services.admin.domain.roles import Actor, Role

FIELDS = frozenset({"display_name", "email"})


class State(StrEnum):
    """Whether a user may sign in."""

    ACTIVE = "ACTIVE"
    DEACTIVATED = "DEACTIVATED"


@dataclass(frozen=True, slots=True)
class User:
    """Someone who signs in. The password's hash is not here, so that it can't get out with it."""

    organization: OrganizationId
    id: str
    email: str
    """In lower case."""
    display_name: str
    roles: tuple[str, ...]
    state: State
    created: datetime
    updated: datetime
    login: datetime | None = None
    """When the user last signed in with a password."""
    revision: int = 1
    granted: frozenset[str] = frozenset()
    """The permissions of those of the roles that are the organization's own."""
    second_factor: bool = False
    """Whether signing in asks for a code."""

    @property
    def permissions(self) -> frozenset[str]:
        """All permissions of the user's roles."""
        built_in = (role.permissions for id in self.roles if (role := roles.BUILT_IN.get(id)))
        return roles.together([*built_in, self.granted])

    @property
    def is_active_owner(self) -> bool:
        """Whether this user counts as one of the owners that an organization can't be without."""
        return self.state is State.ACTIVE and roles.OWNER in self.roles


@dataclass(frozen=True, slots=True)
class Draft:
    """The values of a new user."""

    email: str
    display_name: str
    roles: Sequence[str]
    id: str = ""
    """Empty: a new one is made."""


@dataclass(frozen=True, slots=True)
class UserUpdate:
    """New values; None leaves a field as it is."""

    email: str | None = None
    display_name: str | None = None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A user as decided, and what goes with it in the same transaction."""

    user: User
    facts: Sequence[Fact] = ()
    ends_sessions: datetime | None = None
    """Set: every session of the user ended then."""
    password_hash: str = ""
    """Set: replaces the hash."""
    deletes: bool = False
    removes_second_factor: bool = False
    revokes_links: bool = False
    """Those to a new password for the user, and those that the user or the user's API keys made, invitations' included."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which users to list."""

    state: State | None = None
    role: str = ""
    words: tuple[str, ...] = ()
    """In lower case; each must be part of the e-mail address or the display name."""


def create(
    organization: OrganizationId, draft: Draft, by: Actor, now: datetime, own: Mapping[str, Role] = roles.NO_ROLES
) -> tuple[User, Sequence[Fact]]:
    """A new user who may sign in, and what to write down. `own`: the organization's own roles."""
    by.must_hold(roles.permissions_of(draft.roles, own))
    user = User(
        organization=organization,
        id=draft.id or ids.new(),
        email=normalized_email(draft.email),
        display_name=checked_display_name(draft.display_name),
        roles=tuple(sorted(set(draft.roles))),
        state=State.ACTIVE,
        created=now,
        updated=now,
        granted=roles.permissions_of(roles.own_of(draft.roles), own),
    )
    return user, (UserCreated(str(by), user.id, user.display_name, user.roles),)


def update(user: User, change: UserUpdate, by: Actor, now: datetime) -> Change:
    """New e-mail address or display name. Nothing changes if nothing differs."""
    _may_change(user, by, change.etag)
    after = replace(
        user,
        email=user.email if change.email is None else normalized_email(change.email),
        display_name=user.display_name if change.display_name is None else checked_display_name(change.display_name),
    )
    if after == user:
        return Change(user)
    fact = UserUpdated(str(by), user.id, after.display_name, after.email != user.email)
    return Change(_touched(after, now), (fact,))


def assign(
    user: User,
    new: Sequence[str],
    etag: str,
    by: Actor,
    other_owners: int,
    now: datetime,
    own: Mapping[str, Role] = roles.NO_ROLES,
) -> Change:
    """Exactly these roles. Raises PermissionNotHeld for what the giver doesn't have, and LastOwner."""
    by.must_hold(roles.permissions_of(new, own))
    _may_change(user, by, etag)
    granted = roles.permissions_of(roles.own_of(new), own)
    after = replace(user, roles=tuple(sorted(set(new))), granted=granted)
    if after.roles == user.roles:
        return Change(user)
    if user.is_active_owner and not after.is_active_owner:
        _needs_another_owner(user, other_owners)
    return Change(_touched(after, now), (UserRolesAssigned(str(by), user.id, after.roles, user.roles),))


def deactivate(user: User, by: Actor, other_owners: int, now: datetime) -> Change:
    """No more signing in; every session ends, and one-time links are revoked for good. Twice is once."""
    _may_change(user, by)
    if user.state is State.DEACTIVATED:
        return Change(user)
    if user.is_active_owner:
        _needs_another_owner(user, other_owners)
    after = _touched(replace(user, state=State.DEACTIVATED), now)
    return Change(after, (UserDeactivated(str(by), user.id),), ends_sessions=now, revokes_links=True)


def activate(user: User, by: Actor, now: datetime) -> Change:
    """May sign in again. Twice is once."""
    _may_change(user, by)
    if user.state is State.ACTIVE:
        return Change(user)
    return Change(_touched(replace(user, state=State.ACTIVE), now), (UserActivated(str(by), user.id),))


def set_password(user: User, password_hash: str, by: Actor, now: datetime) -> Change:
    """Another password; every session ends."""
    if (by.kind, by.id) != ("users", user.id):
        _may_change(user, by)
    fact = UserPasswordChanged(str(by), user.id)
    return Change(user, (fact,), ends_sessions=now, password_hash=password_hash)


def reset_password(user: User, password_hash: str, clears_second_factor: bool, now: datetime) -> Change:
    """Another password, by a one-time link; every session ends. Raises LinkRevoked if the user is deactivated."""
    if user.state is not State.ACTIVE:
        raise errors.LinkRevoked
    change = set_password(user, password_hash, Actor("users", user.id, frozenset()), now)
    if not (clears_second_factor and user.second_factor):
        return change
    facts = (*change.facts, SecondFactorDisabled(f"users/{user.id}", user.id))
    return replace(change, facts=facts, removes_second_factor=True)


def check_resettable(user: User, by: Actor) -> None:
    """Whether `by` may make a link that resets the password. Raises PermissionNotHeld or UserDeactivated."""
    _may_change(user, by)
    if user.state is not State.ACTIVE:
        raise errors.UserDeactivated(user.id)


def remove_second_factor(user: User, by: Actor) -> Change:
    """The password alone signs in from now on. Twice is once."""
    _may_change(user, by)
    if not user.second_factor:
        return Change(user)
    fact = SecondFactorDisabled(str(by), user.id)
    return Change(replace(user, second_factor=False), (fact,), removes_second_factor=True)


def end_sessions(user: User, by: Actor, now: datetime) -> Change:
    """Every session ends; the user can sign in again."""
    _may_change(user, by)
    reason = EndReason.ENDED if (by.kind, by.id) == ("users", user.id) else EndReason.ENDED_BY_OTHER
    return Change(user, (SessionEnded(user.id, "", reason),), ends_sessions=now)


def delete(user: User, etag: str, by: Actor, other_owners: int) -> Change:
    """Gone, with sessions and API keys."""
    _may_change(user, by, etag)
    if user.is_active_owner:
        _needs_another_owner(user, other_owners)
    return Change(user, (UserDeleted(str(by), user.id),), deletes=True, revokes_links=True)


def normalized_email(email: str) -> str:
    """The form that is kept and compared: lower case. The contract has checked the rest. Raises InvalidEmail if empty."""
    email = email.strip().lower()
    if not email:
        raise errors.InvalidEmail
    return email


def parse_filter(text: str) -> Filter:
    """Reads `state:active role:agent word…`. Raises InvalidFilter."""
    state, role, words = None, "", []
    for term in text.split():
        key, colon, value = term.partition(":")
        if not colon:
            words.append(term.lower())
        elif key == "state" and value.upper() in set(State):
            state = State(value.upper())
        elif key == "role" and value:
            role = value
        else:
            raise errors.InvalidFilter(term)
    return Filter(state, role, tuple(words))


def _may_change(user: User, by: Actor, etag: str = "") -> None:
    by.must_hold(user.permissions)
    if etag and etag != str(user.revision):
        raise EtagMismatch(str(user.revision))


def _needs_another_owner(user: User, other_owners: int) -> None:
    if other_owners == 0:
        raise errors.LastOwner(user.id)


def _touched(user: User, now: datetime) -> User:
    return replace(user, updated=now, revision=user.revision + 1)
