"""How often one may try to sign in."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` attempts at once, then one each `period / burst`."""

    burst: int
    period: timedelta

    @property
    def interval(self) -> timedelta:
        """After how long one more attempt is free."""
        return self.period / self.burst


BY_EMAIL = Limit(10, timedelta(minutes=15))
"""Slow enough against guessing one password, wide enough for somebody who mistypes."""

BY_ADDRESS = Limit(100, timedelta(minutes=15))
"""An office behind one IP address shares this; only failures stay counted."""


def email_key(organization: str, email: str) -> str:
    """What attempts on one e-mail address are counted under; does not tell the address."""
    return "email:" + _digest(f"{organization}\n{email}")


def address_key(address: str) -> str:
    """What attempts from one IP address are counted under."""
    return "address:" + _digest(address)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
