"""Admin's use cases on a real PostgreSQL, with a clock that is moved by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit.caller import Signer
from kit.ids import OrganizationId
from kit.journal import Journal
from kit.limits import LocalLimits
from services.admin import convert
from services.admin.adapters.keys import SignedDevices
from services.admin.adapters.postgres import (
    Database,
    PostgresApiKeys,
    PostgresOrganizations,
    PostgresOwnRoles,
    PostgresSessions,
    PostgresSettings,
    PostgresUsers,
)
from services.admin.adapters.postgres.database import EVERY
from services.admin.app import App
from services.admin.app.credentials import CredentialApp
from services.admin.app.roles import RoleApp
from services.admin.app.settings import SettingApp
from services.admin.domain import organizations
from services.admin.domain.roles import OWNER, Actor, permissions_of
from services.admin.domain.users import Draft, User
from tests.fakes.admin import NoKeys, PlainPasswords, RecordingAccessTokens
from tests.fakes.clock import HandClock

PASSWORD = "seven green bicycles"
KEY = Ed25519PrivateKey.generate()

DEMO = OrganizationId("demo")


@dataclass
class Desk:
    """Admin with everything a test wants to look at."""

    app: App
    database: Database
    clock: HandClock
    passwords: PlainPasswords
    tokens: RecordingAccessTokens

    async def facts(self) -> list[str]:
        """The kinds of all facts, in order."""
        return [kind for (kind,) in await self.rows("select kind from event order by position")]

    async def rows(self, query: str) -> Sequence[Any]:
        """The rows of a query over all organizations."""
        async with self.database.work(EVERY) as work:
            rows: Sequence[Any] = await work.connection.fetch(query)
            return rows

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
        return await self.app.get_user(id, f"{id}-owner")


def acting(user: User) -> Actor:
    """The user as the one who acts."""
    return Actor("users", user.id, permissions_of(user.roles))


def new_desk(pool: Any) -> Desk:
    """Admin on an empty schema."""
    database = Database(pool, Journal(pool, "admin", convert.fact_to_pb))
    clock, passwords, tokens = HandClock(), PlainPasswords(), RecordingAccessTokens()
    unused: Any = None
    app = App(
        organizations=PostgresOrganizations(database),
        users=PostgresUsers(database),
        sessions=PostgresSessions(database),
        api_keys=PostgresApiKeys(database),
        attempts=LocalLimits(lambda: clock().timestamp()),
        passwords=passwords,
        access_tokens=tokens,
        devices=SignedDevices(Signer("admin", KEY)),
        public_keys=NoKeys(),
        roles=RoleApp(PostgresOwnRoles(database), clock),
        settings=SettingApp(PostgresSettings(database), clock),
        credentials=CredentialApp(unused, unused, clock),
        now=clock,
    )
    return Desk(app, database, clock, passwords, tokens)
