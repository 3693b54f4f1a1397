"""Transactions of this service: a change and its facts are committed together, then readers of the journal are woken."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from kit.ids import OrganizationId
from kit.journal import Journal
from services.agent.domain.facts import Fact


class Writing:
    """An open transaction, and the facts it will tell."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.facts: list[Fact] = []

    def tell(self, facts: Iterable[Fact]) -> None:
        """Adds facts; they are appended as the last statement, because that locks the shard."""
        self.facts.extend(facts)


class Database:
    """The service's schema, by the pool, or within one transaction that somebody else commits (`on`)."""

    def __init__(self, pool: Any, journal: Journal, connection: Any = None) -> None:
        self._pool = pool
        self._journal = journal
        self._connection = connection

    def on(self, connection: Any) -> "Database":
        """The same, within the transaction of a connection. Who commits it calls `hint` afterwards."""
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
    async def write(self, organization: OrganizationId) -> AsyncIterator[Writing]:
        """A transaction for one organization."""
        if self._connection is not None:
            async with self._write(self._connection, organization) as writing:
                yield writing
            return
        async with (
            self._pool.acquire(timeout=1) as connection,
            connection.transaction(),
            self._write(connection, organization) as writing,
        ):
            yield writing
        if writing.facts:
            self._journal.hint(organization)

    @asynccontextmanager
    async def _write(self, connection: Any, organization: OrganizationId) -> AsyncIterator[Writing]:
        writing = Writing(connection)
        yield writing
        if writing.facts:
            await self._journal.append(connection, organization, writing.facts)
