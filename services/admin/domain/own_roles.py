"""Roles of an organization's own: what may be in them, and who may change them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kit.errors import EtagMismatch
from services.admin.domain import errors
from services.admin.domain.facts import Fact, RoleCreated, RoleDeleted, RoleUpdated
from services.admin.domain.organizations import checked_display_name
from services.admin.domain.roles import ASSIGNABLE, BUILT_IN, Actor, Role

FIELDS = frozenset({"display_name", "description", "permissions"})
MAX_ROLES = 100
"""How many roles of its own an organization may have."""


@dataclass(frozen=True, slots=True)
class RoleUpdate:
    """New values; None leaves a field as it is."""

    display_name: str | None = None
    description: str | None = None
    permissions: frozenset[str] | None = None
    etag: str = ""


Decided = tuple[Role, Sequence[Fact]]
"""A role as it shall be, and what to write down."""


def create(
    id: str, display_name: str, description: str, permissions: frozenset[str], others: int, by: Actor, now: datetime
) -> Decided:
    """A new role, of an organization that has `others`. Raises PermissionNotHeld for what its maker doesn't hold."""
    if id in BUILT_IN:
        raise errors.RoleExists(id)
    if others >= MAX_ROLES:
        raise errors.TooManyRoles(MAX_ROLES)
    by.must_hold(_checked(permissions))
    role = Role(id, checked_display_name(display_name), description.strip(), permissions, created=now, updated=now)
    return role, (RoleCreated(str(by), id, tuple(sorted(permissions))),)


def update(role: Role, change: RoleUpdate, by: Actor, now: datetime) -> Decided:
    """A role with new values. The user who changes it must hold the permissions that it had before, too."""
    _check(role, change.etag)
    permissions = role.permissions if change.permissions is None else _checked(change.permissions)
    by.must_hold(role.permissions | permissions)
    after = replace(
        role,
        display_name=role.display_name if change.display_name is None else checked_display_name(change.display_name),
        description=role.description if change.description is None else change.description.strip(),
        permissions=permissions,
    )
    if after == role:
        return role, ()
    after = replace(after, updated=now, revision=role.revision + 1)
    return after, (RoleUpdated(str(by), role.id, tuple(sorted(permissions)), tuple(sorted(role.permissions))),)


def delete(role: Role, etag: str, by: Actor) -> Sequence[Fact]:
    """Checks that a role may be deleted, and says what to write down."""
    _check(role, etag)
    by.must_hold(role.permissions)
    return (RoleDeleted(str(by), role.id),)


def check_changeable(id: str) -> None:
    """Raises BuiltInRole."""
    if id in BUILT_IN:
        raise errors.BuiltInRole(id)


def _check(role: Role, etag: str) -> None:
    if etag and etag != str(role.revision):
        raise EtagMismatch(str(role.revision))


def _checked(permissions: frozenset[str]) -> frozenset[str]:
    for permission in sorted(permissions):
        if permission not in ASSIGNABLE:
            raise errors.UnknownPermission(permission)
    return permissions
