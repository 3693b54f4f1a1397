"""Invitations: someone who may become a user, with which roles, and by whose right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kit import ids
from kit.ids import OrganizationId
from services.admin.domain import errors, links, roles
from services.admin.domain.facts import (
    Fact,
    InvitationAccepted,
    InvitationCreated,
    InvitationRenewed,
    InvitationRevoked,
    UserCreated,
)
from services.admin.domain.organizations import checked_display_name
from services.admin.domain.roles import Actor, Role
from services.admin.domain.users import State as UserState
from services.admin.domain.users import User, normalized_email

MAX_PENDING = 1000
"""How many invitations of an organization may be pending at once."""
KEPT = timedelta(days=30)
"""How long an invitation is kept that has ended: it holds an e-mail address."""


class State(StrEnum):
    """Where an invitation stands."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    """As PENDING is shown when its time is over; never stored."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation without its link."""

    organization: OrganizationId
    id: str
    email: str
    """In lower case."""
    display_name: str
    """A suggestion; may be empty."""
    roles: tuple[str, ...]
    state: State
    inviter: str
    """The actor by whose right it works: `users/{user}`, `apiKeys/{api_key}` or `services/{service}`."""
    created: datetime
    expires: datetime
    ended: datetime | None = None
    """When it was accepted or revoked."""
    user: str = ""
    """The id of the user who came of it."""

    def state_at(self, now: datetime) -> State:
        """Where it stands at a time."""
        return State.EXPIRED if self.state is State.PENDING and self.expires <= now else self.state


@dataclass(frozen=True, slots=True)
class Draft:
    """The wanted values of an invitation."""

    email: str
    display_name: str
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Decided:
    """An invitation as it shall be, and what goes with it in the same transaction."""

    invitation: Invitation
    facts: Sequence[Fact] = ()
    user: User | None = None
    """To be added."""


def create(
    organization: OrganizationId, wish: Draft, by: Actor, now: datetime, own: Mapping[str, Role] = roles.NO_ROLES
) -> tuple[Invitation, Sequence[Fact]]:
    """A new invitation, and what to write down. `own`: the organization's own roles."""
    by.must_hold(roles.permissions_of(wish.roles, own))
    invitation = Invitation(
        organization=organization,
        id=ids.new(),
        email=normalized_email(wish.email),
        display_name=checked_display_name(wish.display_name) if wish.display_name.strip() else "",
        roles=tuple(sorted(set(wish.roles))),
        state=State.PENDING,
        inviter=str(by),
        created=now,
        expires=now + links.LIVES[links.Kind.INVITATION],
    )
    return invitation, (InvitationCreated(str(by), invitation.id, invitation.roles),)


def renew(invitation: Invitation, by: Actor, now: datetime, own: Mapping[str, Role] = roles.NO_ROLES) -> Decided:
    """The invitation for another time, now by the right of who renews it."""
    by.must_hold(roles.permissions_of(invitation.roles, own))
    if invitation.state is not State.PENDING:
        raise errors.InvitationEnded(invitation.id)
    after = replace(invitation, inviter=str(by), expires=now + links.LIVES[links.Kind.INVITATION])
    return Decided(after, (InvitationRenewed(str(by), invitation.id),))


def revoke(invitation: Invitation, by: Actor, now: datetime, own: Mapping[str, Role] = roles.NO_ROLES) -> Decided:
    """The invitation, good for nothing. Twice is once."""
    by.must_hold(roles.permissions_of(invitation.roles, own))
    if invitation.state is State.ACCEPTED:
        raise errors.InvitationEnded(invitation.id)
    if invitation.state is State.REVOKED:
        return Decided(invitation)
    return Decided(replace(invitation, state=State.REVOKED, ended=now), (InvitationRevoked(str(by), invitation.id),))


def accept(
    invitation: Invitation, user: str, display_name: str, now: datetime, own: Mapping[str, Role] = roles.NO_ROLES
) -> Decided:
    """The invitation, accepted, with the user of this id to be added. Raises LinkUsed, LinkRevoked or InvalidDisplayName."""
    check_pending(invitation)
    added = User(
        organization=invitation.organization,
        id=user,
        email=invitation.email,
        display_name=checked_display_name(display_name),
        roles=invitation.roles,
        state=UserState.ACTIVE,
        created=now,
        updated=now,
        granted=roles.permissions_of(roles.own_of(invitation.roles), own),
    )
    actor = f"users/{added.id}"
    facts = (
        UserCreated(actor, added.id, added.display_name, added.roles),
        InvitationAccepted(actor, invitation.id, added.id),
    )
    return Decided(replace(invitation, state=State.ACCEPTED, ended=now, user=added.id), facts, added)


def check_pending(invitation: Invitation) -> None:
    """Raises LinkUsed or LinkRevoked for an invitation that ended."""
    if invitation.state is State.ACCEPTED:
        raise errors.LinkUsed
    if invitation.state is not State.PENDING:
        raise errors.LinkRevoked


def inviter_of(invitation: Invitation, permission: str, own: Mapping[str, Role] = roles.NO_ROLES) -> Actor:
    """The inviter as an actor who needs the permissions of the invitation's roles, and the one by which they invited."""
    return links.maker_of(invitation.inviter, permission, roles.permissions_of(invitation.roles, own))
