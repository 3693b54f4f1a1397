"""`Blocks` in PostgreSQL."""

from typing import Any

from kit.ids import OrganizationId
from kit.journal import Journal
from services.channel.domain.facts import CustomerBlocked
from services.channel.domain.sessions import CustomerId

_PUT = "insert into blocked_customer (organization, customer) values ($1, $2) on conflict do nothing returning true"
_REMOVE = "delete from blocked_customer where organization = $1 and customer = $2"
_HAS = "select exists (select from blocked_customer where organization = $1 and customer = $2)"


class PostgresBlocks:
    """Over a pool, or over a connection and within its transaction."""

    def __init__(self, connection: Any, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal

    async def put(self, organization: OrganizationId, customer: CustomerId, blocked: bool) -> None:
        if not blocked:
            await self._connection.execute(_REMOVE, organization, customer)
        elif await self._connection.fetchval(_PUT, organization, customer):
            await self._journal.append(self._connection, organization, [CustomerBlocked(customer)])

    async def has(self, organization: OrganizationId, customer: CustomerId) -> bool:
        return bool(await self._connection.fetchval(_HAS, organization, customer))
