"""Sessions of signed-in users, and the refresh tokens that keep them alive.

A refresh token works once and is then replaced by its successor. The successor is made from the old token and a random nonce
that is kept here until the successor is used: so a repeat whose first reply got lost can be given the very same successor,
while neither an old token alone nor a copy of the database leads to the next one.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from kit import ids
from kit.ids import OrganizationId
from services.admin.domain import errors
from services.admin.domain.facts import EndReason, Fact, SessionEnded
from services.admin.domain.roles import Actor
from services.admin.domain.users import State, User

ACCESS = timedelta(minutes=10)
"""How long an access token lives."""
IDLE = timedelta(days=14)
"""How long a refresh token lives if it is not used."""
LONGEST = timedelta(days=90)
"""How long a session lives at most."""
MAX_USER_AGENT = 300
GRACE = timedelta(seconds=10)
"""How long a used refresh token may come again and get the same successor."""


@dataclass(frozen=True, slots=True)
class Session:
    """A user being signed in on one device."""

    organization: OrganizationId
    id: str
    user: str
    created: datetime
    expires: datetime
    ended: datetime | None = None
    user_agent: str = ""
    """The name that the browser or program gave itself when it signed in."""
    address: str = ""
    """Where it signed in from."""
    used: datetime | None = None
    """When its tokens were last refreshed; None: never."""
    second_factor: bool = False
    """Whether a second factor was part of the sign-in."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sign-in comes from."""

    address: str
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """One refresh token as it is kept: its hash, never itself."""

    hash: bytes
    session: str
    number: int
    """1 for the first of the session."""
    expires: datetime
    replaced: datetime | None = None
    nonce: bytes = b""
    """Makes the successor out of the token; empty once the successor has been used."""


@dataclass(frozen=True, slots=True)
class Found:
    """The stored state of a refresh token that came in."""

    token: RefreshToken
    session: Session
    user: User


class Outcome(Enum):
    """The outcome of a refresh."""

    ROTATED = auto()
    REPEATED = auto()
    REFUSED = auto()
    REUSED = auto()


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The state to store after a refresh or a logout, and the answer."""

    outcome: Outcome
    session: Session
    token: RefreshToken
    """The one that came in, as it is now."""
    successor: RefreshToken | None = None
    """To be added. Also ends the grace of the token before the one that came in."""
    secret: str = ""
    """The successor itself, for the reply."""
    ends_all: bool = False
    """Ends every session of the user."""
    facts: Sequence[Fact] = ()


NOWHERE = Origin("")


def hash_of(secret: str) -> bytes:
    """The stored hash of a secret with 256 random bits: a plain SHA-256 is enough, there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()


def start(
    user: User, now: datetime, origin: Origin = NOWHERE, second_factor: bool = False
) -> tuple[Session, RefreshToken, str]:
    """A new session of a user, its first refresh token as it is kept, and the token itself."""
    session = Session(
        organization=user.organization,
        id=ids.new(),
        user=user.id,
        created=now,
        expires=now + LONGEST,
        user_agent=_one_line(origin.user_agent),
        address=origin.address,
        second_factor=second_factor,
    )
    secret = "fr_" + secrets.token_urlsafe(32)
    return session, RefreshToken(hash_of(secret), session.id, 1, _token_end(session, now)), secret


def refresh(secret: str, found: Found, now: datetime) -> Refreshed:
    """The outcome of a refresh token that came in: its successor, the same again, or the end of the session."""
    session, token = found.session, found.token
    if session.ended or session.expires <= now or token.expires <= now or found.user.state is not State.ACTIVE:
        return Refreshed(Outcome.REFUSED, session, token)
    if token.replaced is None:
        token = replace(token, replaced=now, nonce=secrets.token_bytes(32))
        successor_secret = _successor(secret, token.nonce)
        successor = RefreshToken(hash_of(successor_secret), session.id, token.number + 1, _token_end(session, now))
        return Refreshed(Outcome.ROTATED, replace(session, used=now), token, successor, successor_secret)
    if token.nonce and now - token.replaced <= GRACE:
        return Refreshed(Outcome.REPEATED, session, token, secret=_successor(secret, token.nonce))
    facts = (SessionEnded(session.user, session.id, EndReason.TOKEN_REUSED),)
    return Refreshed(Outcome.REUSED, replace(session, ended=now), token, facts=facts)


def logout(found: Found, all_sessions: bool, now: datetime) -> Refreshed:
    """Ends the session of a refresh token, or all sessions of its user. An ended session can't do either."""
    session = found.session
    if session.ended or session.expires <= now:
        return Refreshed(Outcome.REFUSED, session, found.token)
    facts = (SessionEnded(session.user, "" if all_sessions else session.id, EndReason.LOGOUT),)
    return Refreshed(Outcome.REFUSED, replace(session, ended=now), found.token, ends_all=all_sessions, facts=facts)


def end(session: Session | None, id: str, by: Actor, now: datetime) -> tuple[Session, Sequence[Fact]]:
    """Ends a session of who asks. Twice is once. Raises SessionNotFound."""
    if session is None or session.user != by.id:
        raise errors.SessionNotFound(id)
    if session.ended or session.expires <= now:
        return session, ()
    return replace(session, ended=now), (SessionEnded(session.user, session.id, EndReason.ENDED),)


def token_end(refreshed: Refreshed, now: datetime) -> datetime:
    """When the refresh token that is answered with expires: counted from when it was made, which a repeat doesn't change."""
    return _token_end(refreshed.session, refreshed.token.replaced or now)


def _token_end(session: Session, now: datetime) -> datetime:
    return min(now + IDLE, session.expires)


def _one_line(text: str) -> str:
    """A stranger's text, fit to be shown."""
    return "".join(character for character in text if character.isprintable())[:MAX_USER_AGENT]


def _successor(secret: str, nonce: bytes) -> str:
    mac = hmac.digest(nonce, secret.encode(), "sha256")
    return "fr_" + base64.urlsafe_b64encode(mac).decode().rstrip("=")
