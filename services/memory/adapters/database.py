"""Transactions of this service: a change and its facts are committed together, then readers of the journal are woken."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from kit import postgres
from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from kit.journal import Journal
from services.memory.domain.facts import Fact


class Writing:
    """An open transaction, and the facts it appends."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.facts: list[Fact] = []

    def add(self, *facts: Fact) -> None:
        """Adds facts; they are appended as the last statement, because that locks the shard."""
        self.facts += facts


class Database:
    """The service's schema."""

    def __init__(self, pool: Any, journal: Journal) -> None:
        self._pool = pool
        self._journal = journal

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Any]:
        """A connection to read with."""
        with store_errors():
            async with self._pool.acquire() as connection:
                yield connection

    @asynccontextmanager
    async def write(self, organization: OrganizationId) -> AsyncIterator[Writing]:
        """A transaction for one organization."""
        with store_errors():
            async with self._pool.acquire() as connection, connection.transaction():
                writing = Writing(connection)
                yield writing
                if writing.facts:
                    await self._journal.append(connection, organization, writing.facts)
        if writing.facts:
            self._journal.hint(organization)


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns what the driver raises when PostgreSQL can't be reached into StoreUnavailable."""
    try:
        yield
    except postgres.UNAVAILABLE_ERRORS as error:
        raise StoreUnavailable("postgres", repr(error)) from error
