"""Admin's stores behind one face."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from kit import ids, journal, migrations, postgres
from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from services.admin import convert, ports
from services.admin.adapters.postgres import (
    Database,
    PostgresApiKeys,
    PostgresInvitations,
    PostgresLinks,
    PostgresOrganizations,
    PostgresSessions,
    PostgresUsers,
)
from services.admin.domain.organizations import Organization
from services.admin.domain.roles import Actor
from services.admin.domain.users import State, User

OPERATOR = Actor("services", "stack", frozenset({"*"}))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Stores:
    """One kind of store, and what its journal says about an organization: kinds in order."""

    organizations: ports.Organizations
    users: ports.Users
    sessions: ports.Sessions
    api_keys: ports.ApiKeys
    invitations: ports.Invitations
    links: ports.Links
    journal: Callable[[OrganizationId], Awaitable[list[str]]]

    async def organization(self) -> OrganizationId:
        """A new organization with its owner, `u0`, whose hash is `hash-u0`."""
        id = OrganizationId("o-" + ids.new())
        organization = Organization(id, "Demo Shop", "en", "UTC", NOW, NOW)
        await self.organizations.add(organization, some_user(id, "u0", "owner"), "hash-u0", "r0", [])
        return id


def some_user(organization: OrganizationId, id: str, *roles: str) -> User:
    """An active user with an e-mail address made of the id."""
    return User(organization, id, f"{id}@demo.test", f"User {id}", roles, State.ACTIVE, NOW, NOW)


@asynccontextmanager
async def open_pool(url: str) -> AsyncIterator[Any]:
    """A pool on admin's schema, brought up to date."""
    async with postgres.open_pool(SecretStr(url)) as pool:
        await migrations.apply(pool, "admin")
        yield pool


def in_postgres(pool: Any) -> Stores:
    database = Database(pool, journal.Journal(pool, "admin", convert.fact_to_pb))

    async def kinds(organization: OrganizationId) -> list[str]:
        query = "select kind from event where organization = $1 order by position"
        return [row["kind"] for row in await pool.fetch(query, organization)]

    return Stores(
        PostgresOrganizations(database, Jobs(pool, "admin")),
        PostgresUsers(database),
        PostgresSessions(database),
        PostgresApiKeys(database),
        PostgresInvitations(database),
        PostgresLinks(database),
        kinds,
    )
