"""Rows as values of the domain."""

from typing import Any

from services.admin.domain.api_keys import ApiKey, Tier
from services.admin.domain.users import State, User

USER_COLUMNS = "organization, id, email, display_name, roles, state, created, updated, login, revision"
USER = f"""{USER_COLUMNS}, array(
    select distinct unnest(permissions) from role
    where role.organization = organization_user.organization and role.id = any(organization_user.roles)
) as granted, exists(
    select from second_factor
    where second_factor.organization = organization_user.organization and second_factor.user_id = organization_user.id
        and second_factor.confirmed is not null
) as second_factor"""
"""With the permissions of the organization's own roles, and whether the user has a second factor."""
KEY = "organization, id, display_name, scopes, tier, hint, creator, created, expires, used, revoked, rotated, previous_expires"


def user_of(row: Any) -> User:
    """The user in the first columns of a row, which are `USER`."""
    organization, id, email, display_name, role_ids, state, created, updated, login, revision, granted, second = tuple(row)[:12]
    values = (organization, id, email, display_name, tuple(role_ids), State(state), created, updated, login, revision)
    return User(*values, frozenset(granted), second)


def key_of(row: Any) -> ApiKey:
    """The API key in a row of the columns `KEY`."""
    organization, id, display_name, scopes, tier, *rest = tuple(row)
    return ApiKey(organization, id, display_name, tuple(scopes), Tier(tier), *rest)
