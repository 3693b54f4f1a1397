"""Admin's use cases on a real PostgreSQL, with a clock that is moved by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit.caller import Signer
from kit.ids import OrganizationId
from kit.jobs import Job, JobId
from kit.jobs.table import Jobs
from kit.journal import Journal
from kit.limits import LocalLimits
from kit.vault import Vault
from services.admin import convert
from services.admin.adapters.keys import SignedChallenges, SignedDevices
from services.admin.adapters.postgres import (
    Database,
    PostgresApiKeys,
    PostgresInvitations,
    PostgresLinks,
    PostgresOrganizations,
    PostgresOwnRoles,
    PostgresResetRequests,
    PostgresSecondFactors,
    PostgresSessions,
    PostgresSettings,
    PostgresUsers,
)
from services.admin.adapters.postgres.database import EVERY
from services.admin.app import App
from services.admin.app.credentials import CredentialApp
from services.admin.app.deletions import DeletionApp
from services.admin.app.invitations import InvitationApp
from services.admin.app.links import LinkApp
from services.admin.app.roles import RoleApp
from services.admin.app.second_factors import SecondFactorApp
from services.admin.app.settings import SettingApp
from services.admin.app.sign_in import SignedIn, SignInApp
from services.admin.domain import organizations
from services.admin.domain.roles import OWNER, Actor, permissions_of
from services.admin.domain.sessions import Origin
from services.admin.domain.users import Draft, User
from tests.fakes.admin import NoKeys, PlainPasswords, RecordingAccessTokens, RecordingMail
from tests.fakes.clock import HandClock

PASSWORD = "seven green bicycles"
KEY = Ed25519PrivateKey.generate()

DEMO = OrganizationId("demo")
PUBLIC_URL = "https://support.demo.test"


@dataclass
class Desk:
    """Admin with everything a test wants to look at."""

    app: App
    database: Database
    clock: HandClock
    passwords: PlainPasswords
    tokens: RecordingAccessTokens
    mail: RecordingMail

    async def login(
        self, organization: OrganizationId, email: str, password: str, address: str, device_token: str = ""
    ) -> SignedIn:
        """Signs in a user without a second factor."""
        signed_in = await self.app.sign_in.login(organization, email, password, Origin(address, "Test"), device_token)
        assert isinstance(signed_in, SignedIn)
        return signed_in

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


def new_desk(pool: Any, folder: Path) -> Desk:
    """Admin on an empty schema."""
    database = Database(pool, Journal(pool, "admin", convert.fact_to_pb))
    clock, passwords, tokens = HandClock(), PlainPasswords(), RecordingAccessTokens()
    unused: Any = None
    stored = PostgresOrganizations(database, Jobs(pool, "admin"))
    users, sessions, invitations = PostgresUsers(database), PostgresSessions(database), PostgresInvitations(database)
    attempts, mail = LocalLimits(lambda: clock().timestamp()), RecordingMail()
    roles, settings = RoleApp(PostgresOwnRoles(database), clock), SettingApp(PostgresSettings(database), clock)
    factors, signer = PostgresSecondFactors(database, Vault(folder / "admin.secrets")), Signer("admin", KEY)
    sign_in = SignInApp(
        organizations=stored,
        users=users,
        sessions=sessions,
        second_factors=factors,
        settings=settings,
        attempts=attempts,
        passwords=passwords,
        access_tokens=tokens,
        devices=SignedDevices(signer),
        challenges=SignedChallenges(signer),
        now=clock,
    )
    links = LinkApp(
        organizations=stored,
        users=users,
        links=PostgresLinks(database),
        invitations=invitations,
        mail=mail,
        requests=PostgresResetRequests(database, Jobs(pool, "admin")),
        passwords=passwords,
        attempts=attempts,
        roles=roles,
        sign_in=sign_in,
        public_url=PUBLIC_URL,
        now=clock,
    )
    app = App(
        organizations=stored,
        users=users,
        sessions=sessions,
        api_keys=PostgresApiKeys(database),
        attempts=attempts,
        passwords=passwords,
        access_tokens=tokens,
        public_keys=NoKeys(),
        roles=roles,
        settings=settings,
        credentials=CredentialApp(unused, unused, clock),
        reports=unused,
        deletions=DeletionApp(stored, unused, timedelta(days=7), clock),
        sign_in=sign_in,
        links=links,
        invitations=InvitationApp(stored, users, invitations, mail, roles, PUBLIC_URL, clock),
        second_factors=SecondFactorApp(users, factors, settings, attempts, passwords, clock),
        now=clock,
    )
    return Desk(app, database, clock, passwords, tokens, mail)


def reset_job(organization: OrganizationId, email: str) -> Job:
    """A request for a link to a new password, as its worker gets it."""
    return Job(JobId(1), "password-resets", organization, "s", email.encode(), 1, 1, HandClock().moment)
