"""Customers and their identities in PostgreSQL. A change locks the records that it changes, and appends its facts with it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg

from kit.ids import OrganizationId
from kit.journal import Journal
from kit.text import sought
from services.core.adapters import rows
from services.core.domain import (
    MAX_IDENTITIES,
    Customer,
    CustomerBlocked,
    CustomerId,
    CustomerIsMerged,
    CustomerNotFound,
    CustomerUnblocked,
    CustomerUpdated,
    Fact,
    Identity,
    IdentityAdded,
    IdentityRemoved,
    IdentityTaken,
    TooManyIdentities,
)

_PAGE = """
select * from customer c where organization = $1 and erased is null and merged_into is null
    and ($2 = '' or strpos(folded(display_name), (select folded($6))) > 0 or exists (
        select from identity x where x.organization = c.organization and x.customer = c.id
            and strpos(lower(x.value), lower($2)) > 0
    ))
    and ($3::timestamptz is null or (updated, id) < ($3, $4))
order by updated desc, id desc limit $5
"""
_IDENTITIES = """
select * from identity where organization = $1 and customer = any($2::text[])
order by customer, verified is null, created, kind, value
"""
# The record and all that were merged into it.
TREE = """
with recursive tree as (
    select id from customer where organization = $1 and id = $2
    union
    select c.id from tree join customer c on c.organization = $1 and c.merged_into = tree.id
)
select id from tree order by id
"""
_STANDING = """
with recursive chain as (
    select id, merged_into from customer where organization = $1 and id = $2
    union
    select c.id, c.merged_into from chain join customer c on c.organization = $1 and c.id = chain.merged_into
)
select id from chain where merged_into is null
"""
_BLOCK = """
update customer set blocked = $3::timestamptz, updated = clock_timestamp()
where organization = $1 and id = $2 and (blocked is null) <> ($3::timestamptz is null) returning true
"""
_TOUCH = "update customer set revision = revision + 1, updated = clock_timestamp() where organization = $1 and id = any($2)"
_OWNER = """
select customer from identity where organization = $1 and kind = $2 and scope = $3 and value = $4 and verified is not null
"""
_PUT = """
insert into identity (organization, customer, kind, scope, value, verified, source) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (organization, customer, kind, scope, value) do update set verified = excluded.verified, source = excluded.source
"""
# No conversation continues when someone writes from an address that is no longer the customer's.
_LEAVE = """
update conversation set receives = false where organization = $1 and customer = $2
    and address_kind = $3 and address_scope = $4 and address_value = $5
"""


class Records:
    """Customer records that are being changed, in one transaction."""

    def __init__(self, connection: Any, organization: OrganizationId) -> None:
        self.connection = connection
        self.organization = organization
        self.facts: list[Fact] = []

    async def lock(self, *customers: CustomerId) -> list[Customer]:
        """Locks records, in one order. Raises CustomerNotFound."""
        for id in sorted(set(customers)):
            found = await self.connection.fetchval(
                "select true from customer where organization = $1 and id = $2 and erased is null for update",
                *(self.organization, id),
            )
            if not found:
                raise CustomerNotFound(id)
        return [await read(self.connection, self.organization, id) for id in customers]

    async def standing(self, customer: CustomerId) -> Customer:
        """Locks a record that stands for itself. Raises CustomerNotFound or CustomerIsMerged."""
        [found] = await self.lock(customer)
        if found.merged_into is not None:
            raise CustomerIsMerged(found.id, found.merged_into)
        return found

    async def touch(self, *customers: CustomerId) -> None:
        """Notes that records have changed."""
        await self.connection.execute(_TOUCH, self.organization, customers)

    async def put(self, customer: CustomerId, identity: Identity) -> None:
        """Adds an identity, or verifies it. Raises IdentityTaken."""
        if identity.verified is not None:
            owner = await self.connection.fetchval(_OWNER, self.organization, *identity.key)
            if owner is not None and owner != customer:
                raise IdentityTaken(owner)
        kind, scope, value = identity.key
        await self.connection.execute(
            _PUT, self.organization, customer, kind, scope, value, identity.verified, str(identity.source)
        )


async def read(connection: Any, organization: OrganizationId, customer: CustomerId) -> Customer:
    """One record. Raises CustomerNotFound."""
    sql = "select * from customer where organization = $1 and id = $2 and erased is null"
    row = await connection.fetchrow(sql, organization, customer)
    if row is None:
        raise CustomerNotFound(customer)
    return rows.customer(row, await connection.fetch(_IDENTITIES, organization, [customer]))


@asynccontextmanager
async def changing(pool: Any, journal: Journal, organization: OrganizationId) -> AsyncIterator[Records]:
    """A transaction that changes customers. The facts that are collected in it are appended last."""
    async with journal.transaction(organization) as change:
        records = Records(change.connection, organization)
        yield records
        change.add(*records.facts)


class PostgresCustomers:
    """The port Customers."""

    def __init__(self, pool: Any, journal: Journal) -> None:
        self._pool = pool
        self._journal = journal

    async def get(self, organization: OrganizationId, customer: CustomerId) -> Customer:
        return await read(self._pool, organization, customer)

    async def page(
        self, organization: OrganizationId, query: str, before: tuple[datetime, str] | None, limit: int
    ) -> list[Customer]:
        name = sought(query)
        if query and not name:
            return []
        updated, id = before or (None, "")
        found = await self._pool.fetch(_PAGE, organization, " ".join(query.split()), updated, id, limit, name)
        identities: dict[str, list[Any]] = {row["id"]: [] for row in found}
        for row in await self._pool.fetch(_IDENTITIES, organization, list(identities)):
            identities[row["customer"]].append(row)
        return [rows.customer(row, identities[row["id"]]) for row in found]

    async def standing(self, organization: OrganizationId, customer: CustomerId) -> CustomerId:
        found = await self._pool.fetchval(_STANDING, organization, customer)
        return CustomerId(found or customer)

    async def block(self, organization: OrganizationId, customer: CustomerId, since: datetime | None) -> None:
        async with changing(self._pool, self._journal, organization) as records:
            await records.standing(customer)
            if await records.connection.fetchval(_BLOCK, organization, customer, since):
                fact = CustomerUnblocked if since is None else CustomerBlocked
                records.facts += [fact(id) for id in await _tree(records.connection, organization, customer)]

    async def update(
        self,
        organization: OrganizationId,
        customer: CustomerId,
        display_name: str | None,
        language: str | None,
        revision: int | None,
    ) -> Customer:
        async with changing(self._pool, self._journal, organization) as records:
            now = await records.standing(customer)
            now.check(revision)
            name = now.display_name if display_name is None else display_name
            spoken = now.language if language is None else language
            if (name, spoken) != (now.display_name, now.language):
                await records.connection.execute(
                    "update customer set display_name = $3, locale = $4 where organization = $1 and id = $2",
                    *(organization, customer, name, spoken),
                )
                await records.touch(customer)
                records.facts.append(CustomerUpdated(customer))
            return await read(records.connection, organization, customer)

    async def name(self, organization: OrganizationId, customer: CustomerId, display_name: str) -> None:
        """Sets a customer's name if it is empty."""
        known = await self._pool.fetchval(
            "select display_name <> '' from customer where organization = $1 and id = $2", organization, customer
        )
        if known is False:
            await self.update(organization, customer, display_name, None, None)

    async def add_identity(self, organization: OrganizationId, customer: CustomerId, identity: Identity) -> Customer:
        try:
            async with changing(self._pool, self._journal, organization) as records:
                now = await records.standing(customer)
                known = next((each for each in now.identities if each.key == identity.key), None)
                if known is None and len(now.identities) >= MAX_IDENTITIES:
                    raise TooManyIdentities
                if known is None or (known.verified is None and identity.verified is not None):
                    await records.put(customer, identity)
                    await records.touch(customer)
                    records.facts.append(IdentityAdded(customer, identity.kind, identity.verified is not None))
                return await read(records.connection, organization, customer)
        except asyncpg.UniqueViolationError as error:  # another customer got it at the same moment
            owner = await self._pool.fetchval(_OWNER, organization, *identity.key)
            raise IdentityTaken(owner or "") from error

    async def remove_identity(self, organization: OrganizationId, customer: CustomerId, identity: Identity) -> Customer:
        async with changing(self._pool, self._journal, organization) as records:
            await records.standing(customer)
            where = (organization, customer, *identity.key)
            deleted = await records.connection.fetchval(
                "delete from identity where organization = $1 and customer = $2 and kind = $3 and scope = $4 and value = $5"
                " returning true",
                *where,
            )
            if deleted:
                await records.connection.execute(_LEAVE, *where)
                await records.touch(customer)
                records.facts.append(IdentityRemoved(customer, identity.kind))
            return await read(records.connection, organization, customer)


async def _tree(connection: Any, organization: OrganizationId, customer: CustomerId) -> Sequence[CustomerId]:
    return [CustomerId(row["id"]) for row in await connection.fetch(TREE, organization, customer)]
