"""One-time links: what their holder may do once, until a time. A token is kept as its hash."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kit.ids import OrganizationId
from services.admin.domain import errors
from services.admin.domain.roles import Actor
from services.admin.domain.sessions import hash_of

NOWHERE = OrganizationId("")
"""Stands for the organization of a link to the first one."""


class Kind(StrEnum):
    """The purpose of a link."""

    SETUP = "SETUP"
    INVITATION = "INVITATION"
    PASSWORD_RESET = "PASSWORD_RESET"


LIVES = {
    Kind.SETUP: timedelta(hours=1),
    Kind.INVITATION: timedelta(days=7),
    Kind.PASSWORD_RESET: timedelta(hours=1),
}
"""How long a link works."""
_FRAGMENTS = {Kind.SETUP: "setup", Kind.INVITATION: "invitation", Kind.PASSWORD_RESET: "reset"}


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link without its token."""

    organization: OrganizationId
    hash: bytes
    kind: Kind
    subject: str
    """The id of the invitation, or of the user whose password it resets; empty for a set-up link."""
    created: datetime
    expires: datetime
    used: datetime | None = None
    clears_second_factor: bool = False
    maker: str = ""
    """The actor who made it: `users/{user}`, `apiKeys/{api_key}` or `services/{service}`."""
    permission: str = ""
    """The permission by which a user or an API key made it. The link works only while its maker has it."""
    revoked: bool = False
    """For good, though its holder still reads why."""


def make(
    kind: Kind,
    organization: OrganizationId,
    subject: str,
    by: Actor,
    permission: str,
    now: datetime,
    clears_second_factor: bool = False,
) -> tuple[Link, str]:
    """A new link, and the token that its URL ends in. `permission`: the one that the call of its maker needs."""
    token = "fl_" + secrets.token_urlsafe(32)
    expires = now + LIVES[kind]
    return Link(
        organization, hash_of(token), kind, subject, now, expires, None, clears_second_factor, str(by), permission
    ), token


def check(link: Link | None, kind: Kind | None, now: datetime) -> Link:
    """The link, if it is of this kind and works. Raises InvalidLink, LinkUsed, LinkRevoked or LinkExpired."""
    if link is None or (kind is not None and link.kind is not kind):
        raise errors.InvalidLink
    if link.used:
        raise errors.LinkUsed
    if link.revoked:
        raise errors.LinkRevoked
    if link.expires <= now:
        raise errors.LinkExpired
    return link


def maker_of(maker: str, permission: str, needed: frozenset[str]) -> Actor:
    """The maker of a link as an actor who needs these permissions, and the one by which the link was made."""
    kind, _, id = maker.partition("/")
    return Actor(kind, id, needed | {permission} if permission else needed)


def url(base: str, kind: Kind, token: str) -> str:
    """The link as people open it. The token is in the fragment, which browsers send to no server; `base` may be empty."""
    return f"{base.rstrip('/')}/admin/#{_FRAGMENTS[kind]}={token}"
