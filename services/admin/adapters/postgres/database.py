"""Transactions that see one organization (row-level security) and end with the facts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from kit import postgres
from kit.ids import OrganizationId
from kit.journal import Journal
from services.admin.domain.facts import Fact

EVERY = OrganizationId("*")
"""Names all organizations, for what is looked up by a secret before it is known whose it is."""


@dataclass
class Work:
    """A running transaction."""

    connection: Any
    organization: OrganizationId
    facts: list[Fact] = field(default_factory=list)
    """Appended to the journal at the end, as the last statement before the commit."""

    async def see(self, organization: OrganizationId) -> None:
        """From now on the transaction sees this organization only."""
        self.organization = organization
        await self.connection.execute("select set_config('frontdesk.organization', $1, true)", organization)


class Database:
    """The pool and the journal of admin."""

    def __init__(self, pool: postgres.Pool, journal: Journal) -> None:
        self.pool = pool
        self._journal = journal

    @asynccontextmanager
    async def work(self, organization: OrganizationId) -> AsyncIterator[Work]:
        """A transaction within an organization; commits at the end."""
        async with self.pool.acquire(timeout=1) as connection, connection.transaction():
            work = Work(connection, organization)
            await work.see(organization)
            yield work
            if work.facts:
                await self._journal.append(connection, work.organization, work.facts)
        if work.facts:
            self._journal.hint(work.organization)
