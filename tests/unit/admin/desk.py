"""Admin in memory, with a clock that is moved by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit.caller import Signer
from kit.ids import OrganizationId
from kit.limits import LocalLimits
from services.admin.adapters.in_memory import (
    InMemoryApiKeys,
    InMemoryOrganizations,
    InMemorySessions,
    InMemoryUsers,
    Memory,
    PlainPasswords,
)
from services.admin.adapters.keys import SignedDevices
from services.admin.app import App
from services.admin.app.credentials import CredentialApp
from services.admin.app.roles import RoleApp
from services.admin.app.settings import SettingApp
from services.admin.domain import organizations
from services.admin.domain.facts import Fact
from services.admin.domain.roles import OWNER, Actor, Role, permissions_of
from services.admin.domain.users import Draft, User

PASSWORD = "seven green bicycles"
KEY = Ed25519PrivateKey.generate()

DEMO = OrganizationId("demo")


@dataclass
class HandClock:
    """A clock that stands still until it is moved."""

    moment: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **span: float) -> None:
        self.moment += timedelta(**span)


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
class Desk:
    """Admin with everything a test wants to look at."""

    app: App
    memory: Memory
    clock: HandClock
    passwords: PlainPasswords
    tokens: RecordingAccessTokens

    @property
    def facts(self) -> list[Fact]:
        return [fact for _, fact in self.memory.facts]

    async def user(self, *roles: str, organization: OrganizationId = DEMO, email: str = "", id: str = "") -> User:
        """A user with these roles, made by the operator."""
        operator = Actor("services", "stack", frozenset({"*"}))
        draft = Draft(email or f"{id or '-'.join(roles) or 'nobody'}@demo.test", "Some User", roles, id)
        return await self.app.create_user(organization, draft, PASSWORD, "", operator)

    async def organization(self, id: OrganizationId = DEMO) -> User:
        """An organization; returns its owner."""
        operator = Actor("services", "stack", frozenset({"*"}))
        draft = Draft(f"owner@{id}.test", "First Owner", [OWNER], f"{id}-owner")
        wanted = organizations.create(id, "Demo Shop", "", "", self.clock())
        await self.app.create_organization(wanted, draft, PASSWORD, f"make-{id}", operator)
        return self.memory.users[id, f"{id}-owner"]


def acting(user: User) -> Actor:
    """The user as the one who acts."""
    return Actor("users", user.id, permissions_of(user.roles))


class NoRoles:
    """No organization has roles of its own here; `tests/rpc/admin` makes some."""

    async def all(self, organization: OrganizationId) -> dict[str, Role]:
        return {}

    add: Any = None
    change: Any = None
    delete: Any = None


class NotHere:
    """What is tried on real stores alone."""

    async def tidy(self, now: datetime) -> None:
        """There is nothing."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


def new_desk() -> Desk:
    """An empty one."""
    memory, clock, passwords, tokens = Memory(), HandClock(), PlainPasswords(), RecordingAccessTokens()
    app = App(
        organizations=InMemoryOrganizations(memory),
        users=InMemoryUsers(memory),
        sessions=InMemorySessions(memory),
        api_keys=InMemoryApiKeys(memory),
        attempts=LocalLimits(lambda: clock().timestamp()),
        passwords=passwords,
        access_tokens=tokens,
        devices=SignedDevices(Signer("admin", KEY)),
        public_keys=NoKeys(),
        roles=RoleApp(NoRoles(), clock),
        settings=SettingApp(NotHere(), clock),
        credentials=CredentialApp(NotHere(), NotHere(), clock),
        now=clock,
    )
    return Desk(app, memory, clock, passwords, tokens)
