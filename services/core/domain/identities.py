"""Identities of customers."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

MAX_IDENTITIES = 64


class IdentityKind(StrEnum):
    """The kinds of identity: see the contract's IdentityKind."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    WHATSAPP_USER = "WHATSAPP_USER"
    EXTERNAL_ID = "EXTERNAL_ID"
    BROWSER = "BROWSER"


IN_BROWSER = frozenset({IdentityKind.BROWSER, IdentityKind.EXTERNAL_ID})
"""The kinds of address that are reached on a screen of ours; no provider brings an answer there."""


class IdentitySource(StrEnum):
    """The proof of an identity, or its claimant."""

    PROVIDER = "PROVIDER"
    SIGNED_TOKEN = "SIGNED_TOKEN"
    SESSION = "SESSION"
    USER = "USER"
    CUSTOMER = "CUSTOMER"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a conversation's answers go: an identity, on the conversation's channel."""

    kind: IdentityKind
    value: str
    scope: str = ""
    verified: bool = True
    """False: the sender claimed to be this one."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity of a customer. Without `verified` it is a claim: it never leads to the customer of a verified identity."""

    kind: IdentityKind
    value: str
    scope: str = ""
    verified: datetime | None = None
    """Since when it is proven."""
    source: IdentitySource = IdentitySource.CUSTOMER

    @property
    def key(self) -> tuple[str, str, str]:
        """Its key: kind, scope and value."""
        return str(self.kind), self.scope, self.value

    @property
    def address(self) -> Address:
        """The address of a conversation with the customer of this identity."""
        return Address(self.kind, self.value, self.scope, self.verified is not None)

    def claimed(self) -> "Identity":
        """The same as a claim."""
        return replace(self, verified=None, source=IdentitySource.CUSTOMER)


def normal(kind: IdentityKind, value: str) -> str:
    """A value as it is compared: e-mail addresses in lower case."""
    value = value.strip()
    return value.lower() if kind is IdentityKind.EMAIL else value
