"""Transactions that see one organization (row-level security) and end with the facts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from kit import postgres
from kit.ids import OrganizationId
from kit.journal import Journal, Transaction

EVERY = OrganizationId("*")
"""Names all organizations, for what is looked up by a secret before it is known whose it is."""


@dataclass(frozen=True)
class Work:
    """A running transaction."""

    transaction: Transaction

    @property
    def connection(self) -> Any:
        """Its connection."""
        return self.transaction.connection

    def add(self, *facts: object) -> None:
        """Adds facts, which are appended at the end."""
        self.transaction.add(*facts)

    async def see(self, organization: OrganizationId) -> None:
        """From now on the transaction sees this organization only, and its facts are the organization's."""
        self.transaction.organization = organization
        await self.connection.execute("select set_config('frontdesk.organization', $1, true)", organization)


class Database:
    """The pool and the journal of admin."""

    def __init__(self, pool: postgres.Pool, journal: Journal) -> None:
        self.pool = pool
        self._journal = journal

    @asynccontextmanager
    async def work(self, organization: OrganizationId) -> AsyncIterator[Work]:
        """A transaction within an organization; commits at the end."""
        async with self._journal.transaction(organization) as transaction:
            work = Work(transaction)
            await work.see(organization)
            yield work
