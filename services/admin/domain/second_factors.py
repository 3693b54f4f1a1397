"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes that stand for the app once each."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from kit.ids import OrganizationId
from services.admin.domain import errors
from services.admin.domain.facts import (
    Fact,
    RecoveryCodesRegenerated,
    RecoveryCodeUsed,
    SecondFactorDisabled,
    SecondFactorEnabled,
)
from services.admin.domain.sessions import hash_of

CHALLENGE = timedelta(minutes=5)
"""How long the second step of a sign-in may wait."""
RECOVERY_CODES = 10
ISSUER = "Frontdesk"
_DIGITS = 6
_SECONDS = 30
_SECRET_BYTES = 20
"""As RFC 4226 recommends and every app reads."""
_RECOVERY_BYTES = 10
"""80 random bits: nothing to guess, so a plain SHA-256 is enough."""
_STEPS = (0, -1, 1)
"""How far a telephone's clock may be off, in steps of 30 seconds."""


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A user's second factor, as it is stored; its secret is sealed there."""

    organization: OrganizationId
    user: str
    secret: bytes
    created: datetime
    confirmed: datetime | None = None
    """None: a code of it has not been given yet, and signing in does not ask for one."""
    step: int = 0
    """The newest step of time whose code was accepted: that one and older ones are refused."""
    recovery: frozenset[bytes] = frozenset()
    """The hashes of the recovery codes that have not been used."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A second factor as it shall be (None: removed), and what goes with it in the same transaction."""

    factor: SecondFactor | None
    facts: Sequence[Fact] = ()
    codes: Sequence[str] = ()
    """New recovery codes, to be shown once."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A sign-in that waits for its second step."""

    organization: OrganizationId
    user: str
    fingerprint: str
    """Of the password that was right: with another one by now, the challenge is revoked."""
    device: str


def start(organization: OrganizationId, user: str, now: datetime) -> SecondFactor:
    """A new second factor that is not confirmed."""
    return SecondFactor(organization, user, secrets.token_bytes(_SECRET_BYTES), now)


def begin(found: SecondFactor | None, fresh: SecondFactor) -> Decided:
    """Puts a new one in the place of one that was not confirmed. Raises SecondFactorOn."""
    if found is not None and found.confirmed:
        raise errors.SecondFactorOn
    return Decided(fresh)


def confirm(found: SecondFactor | None, code: str, now: datetime) -> Decided:
    """Turns it on, by a code of it. Raises SecondFactorOff, SecondFactorOn or InvalidCode."""
    if found is None:
        raise errors.SecondFactorOff
    if found.confirmed:
        raise errors.SecondFactorOn
    step = _accepted_step(found, _plain(code), now)
    codes = _new_codes()
    after = replace(found, confirmed=now, step=step, recovery=_hashes(codes))
    return Decided(after, (SecondFactorEnabled(_actor(found), found.user),), codes)


def use(found: SecondFactor | None, code: str, now: datetime) -> Decided:
    """Takes a code of the app or a recovery code, which works no second time. Raises SecondFactorOff or InvalidCode."""
    if found is None or not found.confirmed:
        raise errors.SecondFactorOff
    plain = _plain(code)
    if len(plain) == _DIGITS and plain.isdigit():
        return Decided(replace(found, step=_accepted_step(found, plain, now)))
    hash = hash_of(plain)
    if hash not in found.recovery:
        raise errors.InvalidCode
    left = found.recovery - {hash}
    return Decided(replace(found, recovery=left), (RecoveryCodeUsed(_actor(found), found.user, len(left)),))


def regenerate(found: SecondFactor | None, code: str, now: datetime) -> Decided:
    """New recovery codes in place of the old ones."""
    used, codes = use(found, code, now), _new_codes()
    assert used.factor is not None
    fact = RecoveryCodesRegenerated(_actor(used.factor), used.factor.user)
    return Decided(replace(used.factor, recovery=_hashes(codes)), (*used.facts, fact), codes)


def disable(found: SecondFactor | None, code: str, required: bool, now: datetime) -> Decided:
    """Turns it off, by a code of it. Raises SecondFactorRequired if the organization requires one."""
    if found is None or not found.confirmed:
        raise errors.SecondFactorOff
    if required:
        raise errors.SecondFactorRequired
    used = use(found, code, now)
    return Decided(None, (*used.facts, SecondFactorDisabled(_actor(found), found.user)))


def uri(factor: SecondFactor, email: str) -> str:
    """The secret as an authenticator app reads it from a QR code."""
    return _totp(factor.secret).get_provisioning_uri(email, ISSUER)


def text_of(secret: bytes) -> str:
    """The secret as a person types it: base32, as RFC 4648 has it, without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def _accepted_step(found: SecondFactor, code: str, now: datetime) -> int:
    """The step of time that a code is of, newer than all accepted before. Raises InvalidCode."""
    current, totp = int(now.timestamp()) // _SECONDS, _totp(found.secret)
    for step in (current + offset for offset in _STEPS):
        right = totp.generate(step * _SECONDS)
        if step > found.step and hmac.compare_digest(right, code.encode()):
            return step
    raise errors.InvalidCode


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, _DIGITS, SHA1(), _SECONDS)


def _plain(code: str) -> str:
    """A code as it is compared: blanks, dashes and case don't count."""
    return "".join(character for character in code.lower() if character.isalnum() and character.isascii())


def _new_codes() -> list[str]:
    codes = (text_of(secrets.token_bytes(_RECOVERY_BYTES)).lower() for _ in range(RECOVERY_CODES))
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


def _hashes(codes: Sequence[str]) -> frozenset[bytes]:
    return frozenset(hash_of(_plain(code)) for code in codes)


def _actor(factor: SecondFactor) -> str:
    return f"users/{factor.user}"
