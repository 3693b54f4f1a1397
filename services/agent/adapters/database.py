"""The service's schema: reads, and transactions that end with their facts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from kit.ids import OrganizationId
from kit.journal import Journal, Transaction


class Database:
    """The service's schema, by the pool, or within one transaction that someone else commits (`on`)."""

    def __init__(self, pool: Any, journal: Journal, connection: Any = None) -> None:
        self._pool = pool
        self._journal = journal
        self._connection = connection

    def on(self, connection: Any) -> "Database":
        """The same, within the transaction of a connection. The caller commits it and calls `hint` afterwards."""
        return Database(self._pool, self._journal, connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Any]:
        """A connection to read with."""
        if self._connection is not None:
            yield self._connection
            return
        async with self._pool.acquire(timeout=1) as connection:
            yield connection

    @asynccontextmanager
    async def write(self, organization: OrganizationId) -> AsyncIterator[Transaction]:
        """A transaction for one organization."""
        async with self._journal.transaction(organization, connection=self._connection) as change:
            yield change
