"""The service's schema: reads, and transactions that end with their facts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from kit.ids import OrganizationId
from kit.journal import Journal, Transaction


class Database:
    """The service's schema, by the pool, or within one transaction that someone else commits (`on`)."""

    def __init__(self, pool: Any, journal: Journal, within: Transaction | None = None) -> None:
        self._pool = pool
        self._journal = journal
        self._within = within

    def on(self, transaction: Transaction) -> "Database":
        """The same, within an open transaction of the service's journal."""
        return Database(self._pool, self._journal, transaction)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Any]:
        """A connection to read with."""
        if self._within is not None:
            yield self._within.connection
            return
        async with self._pool.acquire(timeout=1) as connection:
            yield connection

    @asynccontextmanager
    async def write(self, organization: OrganizationId) -> AsyncIterator[Transaction]:
        """A transaction for one organization."""
        async with self._journal.transaction(organization, within=self._within) as change:
            yield change
