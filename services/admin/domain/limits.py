"""How often one may try to sign in."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from kit import addresses
from kit.ids import OrganizationId


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` attempts at once, then one each `period / burst`."""

    burst: int
    period: timedelta

    @property
    def interval(self) -> timedelta:
        """After how long one more attempt is free."""
        return self.period / self.burst


Counter = tuple[str, Limit]
"""The key that attempts are counted under, which reveals no personal data, and how many it allows."""

_TIGHT = Limit(10, timedelta(minutes=15))
"""Slow enough against guessing one password, wide enough for typing errors."""

_LOOSE = Limit(100, timedelta(minutes=15))
"""An office behind one IP address shares this. To lock out an e-mail address, an attacker needs ten IP addresses."""


def sign_in(organization: OrganizationId, email: str, address: str) -> list[Counter]:
    """The counters of a sign-in from a browser that is not known to have signed in before."""
    network = addresses.network_of(address)
    return [
        (_key("pair", organization, email, network), _TIGHT),
        (_key("email", organization, email), _LOOSE),
        (_key("address", network), _LOOSE),
    ]


def known_device(device: str) -> list[Counter]:
    """The counter of a sign-in from a browser that has signed in as this user before: others' attempts don't count."""
    return [(_key("device", device), _TIGHT)]


def password_change(organization: OrganizationId, user: str) -> list[Counter]:
    """The counter of a signed-in user's attempts to name the present password."""
    return [(_key("user", organization, user), _TIGHT)]


def _key(kind: str, *parts: str) -> str:
    return f"{kind}:{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}"
