"""The service's schema: reads, and transactions that end with their facts."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from kit import postgres
from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from kit.journal import Journal, Transaction


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
    async def write(self, organization: OrganizationId) -> AsyncIterator[Transaction]:
        """A transaction for one organization."""
        with store_errors():
            async with self._journal.transaction(organization) as change:
                yield change


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns what the driver raises when PostgreSQL can't be reached into StoreUnavailable."""
    try:
        yield
    except postgres.UNAVAILABLE_ERRORS as error:
        raise StoreUnavailable("postgres", repr(error)) from error
