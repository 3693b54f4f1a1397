"""JSON Web Tokens: the ones given to customers, and the ones by which a business says who its customer is."""

from datetime import UTC, datetime, timedelta

import jwt

from kit.caller import MAX_SECONDS, Signer
from kit.clock import Clock
from services.channel.domain.channels import ChannelId
from services.channel.domain.sessions import Identity, IdentityInvalid, Session

PERMISSIONS = [
    "channel.media.create",
    "channel.media.read",
    "channel.webChat.use",
    "core.conversations.list",
    "core.conversations.read",
    "core.conversations.watch",
    "core.messages.read",
]
"""A customer's permissions, all of them in their own conversations alone."""


class SignedTokens:
    """`Tokens` signed with this service's key. The session claim is `<channel>/<session>`, so that a call needs no look-up."""

    def __init__(self, signer: Signer, now: Clock) -> None:
        self._signer = signer
        self._now = now

    def issue(self, session: Session, known: datetime) -> tuple[str, datetime]:
        expires = self._now() + timedelta(seconds=MAX_SECONDS)
        token = self._signer.sign(
            f"customers/{session.customer}",
            session.organization,
            PERMISSIONS,
            moment=known.timestamp(),
            session=f"{session.channel}/{session.id}",
            name=session.display_name,
        )
        return token, expires.astimezone(UTC)


class SignedIdentities:
    """`Identities` from HS256 tokens with `sub` and `exp`."""

    def verify(self, channel: ChannelId, secret: str, token: str) -> Identity:
        try:
            claims = jwt.decode(token, secret, algorithms=["HS256"], leeway=30, options={"require": ["exp", "sub"]})
        except jwt.ExpiredSignatureError as error:
            raise IdentityInvalid(channel, "expired") from error
        except jwt.PyJWTError as error:
            raise IdentityInvalid(channel, "badly signed or incomplete") from error
        subject, name = claims["sub"], claims.get("name", "")
        if not isinstance(subject, str) or not 0 < len(subject) <= 120 or not isinstance(name, str):
            raise IdentityInvalid(channel, "without a usable subject")
        return Identity(subject, name[:120])
