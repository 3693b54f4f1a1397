"""`Blocks` in PostgreSQL."""

from typing import Any

from services.channel.domain.channels import OrganizationId
from services.channel.domain.sessions import CustomerId

_PUT = "insert into blocked_customer (organization, customer) values ($1, $2) on conflict do nothing"
_REMOVE = "delete from blocked_customer where organization = $1 and customer = $2"
_HAS = "select exists (select from blocked_customer where organization = $1 and customer = $2)"


class PostgresBlocks:
    """Over a pool, or over a connection and within its transaction."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def put(self, organization: OrganizationId, customer: CustomerId, blocked: bool) -> None:
        await self._connection.execute(_PUT if blocked else _REMOVE, organization, customer)

    async def has(self, organization: OrganizationId, customer: CustomerId) -> bool:
        return bool(await self._connection.fetchval(_HAS, organization, customer))
