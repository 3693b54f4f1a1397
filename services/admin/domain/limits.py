"""How often one may try to sign in."""

import hashlib
from datetime import timedelta

from kit import addresses
from kit.ids import OrganizationId
from kit.limits import Bucket, Rate

_SCOPE = "attempts"

_TIGHT = Rate(10, timedelta(minutes=15), burst=10)
"""Slow enough against guessing one password, wide enough for typing errors."""

_LOOSE = Rate(100, timedelta(minutes=15), burst=100)
"""An office behind one IP address shares this. To lock out an e-mail address, an attacker needs ten IP addresses."""

_CODES = Rate(50, timedelta(days=1), burst=50)
"""Of a million codes three are right at a time: at this rate a guess has one chance in 6,600 a day."""

_MAILS = Rate(3, timedelta(hours=1), burst=3)
"""Mails that a stranger can have sent to an address."""


def sign_in(organization: OrganizationId, email: str, address: str) -> list[Bucket]:
    """The buckets of a sign-in from a browser that is not known to have signed in before."""
    network = addresses.network_of(address)
    return [
        _bucket(_TIGHT, "pair", organization, email, network),
        _bucket(_LOOSE, "email", organization, email),
        _bucket(_LOOSE, "address", network),
    ]


def known_device(device: str) -> list[Bucket]:
    """The bucket of a sign-in from a browser that has signed in as this user before: others' attempts don't count."""
    return [_bucket(_TIGHT, "device", device)]


def password_change(organization: OrganizationId, user: str) -> list[Bucket]:
    """The bucket of a signed-in user's attempts to name the present password."""
    return [_bucket(_TIGHT, "user", organization, user)]


def second_factor(organization: OrganizationId, user: str) -> list[Bucket]:
    """The buckets of attempts to give a code of a user's second factor."""
    return [_bucket(_TIGHT, "code", organization, user), _bucket(_CODES, "codes", organization, user)]


def link(address: str) -> list[Bucket]:
    """The bucket of attempts to use a one-time link."""
    return [_bucket(_LOOSE, "link", addresses.network_of(address))]


def reset_request(organization: OrganizationId, email: str, address: str) -> list[Bucket]:
    """The buckets of requests for a mail with a link to a new password."""
    return [
        _bucket(_MAILS, "reset", organization, email),
        _bucket(_LOOSE, "resets", addresses.network_of(address)),
    ]


def _bucket(rate: Rate, kind: str, *parts: str) -> Bucket:
    """A bucket whose key reveals no personal data."""
    return Bucket(_SCOPE, f"{kind}:{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}", rate)
