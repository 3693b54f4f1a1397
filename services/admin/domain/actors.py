"""Whether the user or the program that acts may still do so, by what is stored now and not by what a token says."""

from kit.errors import TokenRevoked
from services.admin.domain import roles
from services.admin.domain.api_keys import ApiKey
from services.admin.domain.roles import EVERYTHING, Actor
from services.admin.domain.users import State, User


def check_user(by: Actor, user: User | None, session_is_open: bool) -> None:
    """Raises TokenRevoked unless the user is active, the session open, and everything in the token still theirs."""
    if user is None or user.state is not State.ACTIVE or not session_is_open:
        raise TokenRevoked
    _check_permissions(by, user.permissions)


def check_key(by: Actor, key: ApiKey | None, creator: User | None) -> None:
    """Raises TokenRevoked unless the key and its creator are good, and everything in the token is still the key's."""
    if key is None or key.revoked or creator is None or creator.state is not State.ACTIVE:
        raise TokenRevoked
    _check_permissions(by, roles.intersection(frozenset(key.scopes), creator.permissions))


def _check_permissions(by: Actor, held: frozenset[str]) -> None:
    if EVERYTHING not in held and not by.permissions <= held:
        raise TokenRevoked
