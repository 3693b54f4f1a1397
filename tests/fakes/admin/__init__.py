"""Needs of admin beside its stores: password hashes in no time, tokens that say nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kit.ids import OrganizationId
from services.admin.domain.invitations import Invitation
from services.admin.domain.organizations import Organization
from services.admin.domain.users import User


class PlainPasswords:
    """Passwords that are "hashed" in no time. `cost` plays the parameters."""

    def __init__(self, cost: int = 1) -> None:
        self.cost = cost
        self.verified: list[str | None] = []

    async def hash(self, password: str) -> str:
        return f"{self.cost}:{password}"

    async def verify(self, hash: str | None, password: str) -> bool:
        self.verified.append(hash)
        return hash is not None and hash.partition(":")[2] == password

    def is_outdated(self, hash: str) -> bool:
        return hash.partition(":")[0] != str(self.cost)


@dataclass
class Issued:
    """A token as it was asked for."""

    subject: str
    organization: OrganizationId
    permissions: frozenset[str]
    known: datetime
    life: timedelta
    claims: dict[str, str]


@dataclass
class RecordingAccessTokens:
    """Issues tokens that say nothing, and remembers what they should have said."""

    issued: list[Issued] = field(default_factory=list)

    def issue(
        self,
        subject: str,
        organization: OrganizationId,
        permissions: frozenset[str],
        known: datetime,
        life: timedelta,
        **claims: str,
    ) -> str:
        self.issued.append(Issued(subject, organization, permissions, known, life, claims))
        return f"token-{len(self.issued)}"


class NoKeys:
    async def document(self) -> bytes:
        return b'{"keys":[]}'


@dataclass
class RecordingMail:
    """Mail that goes nowhere: the links in it, and to whom."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    configured: bool = True

    async def invite(self, organization: Organization, invitation: Invitation, inviter: str, link: str, key: str) -> bool:
        return self._send(invitation.email, link)

    async def reset_password(self, organization: Organization, user: User, link: str, expires: datetime, key: str) -> bool:
        return self._send(user.email, link)

    def _send(self, email: str, link: str) -> bool:
        if self.configured:
            self.sent.append((email, link))
        return self.configured
