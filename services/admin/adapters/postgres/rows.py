"""Rows as values of the domain."""

from typing import Any

from services.admin.domain.api_keys import ApiKey, Tier
from services.admin.domain.users import State, User

USER = "organization, id, email, display_name, roles, state, created, updated, login, revision"
KEY = "organization, id, display_name, scopes, tier, hint, creator, created, expires, used, revoked"


def user_of(row: Any) -> User:
    """The user in the first columns of a row, which are `USER`."""
    organization, id, email, display_name, role_ids, state, *rest = tuple(row)[:10]
    return User(organization, id, email, display_name, tuple(role_ids), State(state), *rest)


def key_of(row: Any) -> ApiKey:
    """The API key in a row of the columns `KEY`."""
    organization, id, display_name, scopes, tier, *rest = tuple(row)
    return ApiKey(organization, id, display_name, tuple(scopes), Tier(tier), *rest)
