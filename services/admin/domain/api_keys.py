"""API keys: what programs sign in with."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kit import ids
from kit.ids import OrganizationId
from services.admin.domain import errors, roles
from services.admin.domain.facts import ApiKeyCreated, ApiKeyRevoked, ApiKeyRotated, ApiKeySecretsEnded, Fact
from services.admin.domain.organizations import checked_display_name
from services.admin.domain.roles import Actor
from services.admin.domain.sessions import hash_of
from services.admin.domain.users import State, User

ACCESS = timedelta(minutes=5)
"""How long an access token lives that a key was exchanged for."""
DEFAULT_LIFE = timedelta(days=90)
MAX_DAYS = 366
PREFIX = "fd_"
HINT = 8
"""How many characters distinguish keys."""
MAX_OLDER_SECRETS = 5
"""How many older secrets of a key may be good at once."""
SEEN_EACH = timedelta(minutes=1)
"""The last use is kept to the minute, so that a busy key does not write at each exchange."""


class Tier(StrEnum):
    """How much a key may call; the gateway knows how many requests that is."""

    BASIC = "BASIC"
    STANDARD = "STANDARD"
    PREMIUM = "PREMIUM"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key without its secret."""

    organization: OrganizationId
    id: str
    display_name: str
    scopes: tuple[str, ...]
    tier: Tier
    hint: str
    """The first 8 characters, to distinguish keys."""
    creator: str
    """The id of the user who made it."""
    created: datetime
    expires: datetime
    used: datetime | None = None
    revoked: datetime | None = None
    rotated: datetime | None = None
    """When it last got a new secret."""
    previous_expires: datetime | None = None
    """Until when older secrets are good, if any was; perhaps over by now."""


@dataclass(frozen=True, slots=True)
class ApiKeyDraft:
    """The wanted values of a key."""

    display_name: str
    scopes: Sequence[str]
    tier: Tier
    expires: datetime | None
    """None: in 90 days."""


def create(organization: OrganizationId, wish: ApiKeyDraft, by: Actor, now: datetime) -> tuple[ApiKey, str, Sequence[Fact]]:
    """A new key, its secret, and what to write down. No one gives a scope that they don't hold."""
    if by.kind != "users":
        raise errors.UserRequired
    if not wish.scopes:
        raise errors.ScopesRequired
    for scope in wish.scopes:
        if scope not in roles.PERMISSIONS:
            raise errors.UnknownPermission(scope)
    by.must_hold(frozenset(wish.scopes))
    expires = wish.expires or now + DEFAULT_LIFE
    if not now < expires <= now + timedelta(days=MAX_DAYS):
        raise errors.InvalidExpiry(MAX_DAYS)
    secret = _new_secret()
    key = ApiKey(
        organization=organization,
        id=ids.new(),
        display_name=checked_display_name(wish.display_name),
        scopes=tuple(sorted(set(wish.scopes))),
        tier=wish.tier,
        hint=secret[:HINT],
        creator=by.id,
        created=now,
        expires=expires,
    )
    return key, secret, (ApiKeyCreated(str(by), key.id, key.display_name, key.scopes, key.expires),)


def revoke(key: ApiKey, by: Actor, now: datetime) -> tuple[ApiKey, Sequence[Fact]]:
    """The key, good for nothing from now on. Twice is once."""
    if key.revoked:
        return key, ()
    return replace(key, revoked=now), (ApiKeyRevoked(str(by), key.id),)


def rotate(key: ApiKey, overlap: timedelta, older: int, by: Actor, now: datetime) -> tuple[ApiKey, str, Sequence[Fact]]:
    """The key with a new secret, that secret, and what to write down. `older`: how many older secrets are good now."""
    if by.kind != "users":
        raise errors.UserRequired
    by.must_hold(frozenset(key.scopes))
    if key.revoked or key.expires <= now:
        raise errors.ApiKeyEnded(key.id)
    if overlap and older >= MAX_OLDER_SECRETS:
        raise errors.TooManySecrets(MAX_OLDER_SECRETS)
    secret, until = _new_secret(), min(now + overlap, key.expires)
    after = replace(key, hint=secret[:HINT], rotated=now, previous_expires=until if overlap else None)
    rotated = ApiKeyRotated(str(by), key.id, until)
    return after, secret, (rotated,) if overlap else (rotated, ApiKeySecretsEnded(str(by), key.id))


def granted(key: ApiKey, creator: User, now: datetime) -> frozenset[str]:
    """The key's permissions now: its scopes, less those that its maker does not hold any more. Raises InvalidApiKey."""
    if key.revoked or key.expires <= now or creator.state is not State.ACTIVE:
        raise errors.InvalidApiKey
    return roles.intersection(frozenset(key.scopes), creator.permissions)


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


__all__ = ["ACCESS", "PREFIX", "SEEN_EACH", "ApiKey", "ApiKeyDraft", "Tier", "create", "granted", "hash_of", "revoke", "rotate"]
