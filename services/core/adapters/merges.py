"""Merges and splits of customers in PostgreSQL: identities and conversations move from one record to another in a transaction.

A merge records what it moved. Taking it back moves what is recorded, and the conversations that have begun since at an identity
that goes back.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from kit import failpoints, ids
from kit.ids import OrganizationId
from kit.journal import Journal
from services.core.adapters import rows
from services.core.adapters.customers import Records, changing, read
from services.core.adapters.postgres import LOAD
from services.core.domain import (
    MAX_IDENTITIES,
    Conversation,
    ConversationMoved,
    Customer,
    CustomerCreated,
    CustomerId,
    CustomerIsMerged,
    CustomerMerged,
    CustomersNotMerged,
    CustomerSplit,
    Identity,
    IdentityNotFound,
    NothingLeft,
    TooManyIdentities,
)

MAX_TRIES = 3

_RECORD_IDENTITIES = """
insert into merged_identity (organization, duplicate, kind, scope, value, verified, source, shared)
select d.organization, d.customer, d.kind, d.scope, d.value, d.verified, d.source, exists (
    select from identity s where s.organization = d.organization and s.customer = $3
        and s.kind = d.kind and s.scope = d.scope and s.value = d.value
)
from identity d where d.organization = $1 and d.customer = $2
"""
_RECORD_CONVERSATIONS = """
insert into merged_conversation (organization, duplicate, conversation)
select organization, customer, id from conversation where organization = $1 and customer = $2
"""
_MOVE_CONVERSATIONS = """
update conversation set customer = $3, revision = revision + 1 where organization = $1 and customer = $2 and id = any($4)
returning id
"""
_CHAIN = """
with recursive chain as (
    select id, merged_into from customer where organization = $1 and id = $2
    union
    select c.id, c.merged_into from chain join customer c on c.organization = $1 and c.id = chain.merged_into
)
select id from chain
"""
_RECORDED = "select * from merged_identity where organization = $1 and duplicate = $2 order by kind, scope, value"
# Conversations that the merge moved and the surviving record still has, and those begun since at an identity that goes back.
_GOING_BACK = """
select c.id from conversation c
where c.organization = $1 and c.customer = $3 and c.erased is null and (
    exists (
        select from merged_conversation m
        where m.organization = $1 and m.duplicate = $2 and m.conversation = c.id
    ) or c.created >= (select merged from customer where organization = $1 and id = $2) and exists (
        select from merged_identity m where m.organization = $1 and m.duplicate = $2 and not m.shared
            and (m.kind, m.scope, m.value) = (c.address_kind, c.address_scope, c.address_value)
            and (m.verified is not null) = c.address_verified
    )
)
"""
_AT_IDENTITIES = """
select c.id from conversation c join unnest($3::text[], $4::text[], $5::text[]) as k (kind, scope, value)
    on (k.kind, k.scope, k.value) = (c.address_kind, c.address_scope, c.address_value)
where c.organization = $1 and c.customer = $2 and c.erased is null
"""


Moved = tuple[Customer, list[Conversation]]


class PostgresMerges:
    """The port Merges."""

    def __init__(self, pool: Any, journal: Journal) -> None:
        self._pool = pool
        self._journal = journal

    async def merge(self, organization: OrganizationId, survivor: CustomerId, duplicate: CustomerId) -> Moved:
        if survivor == duplicate:
            raise CustomersNotMerged(survivor, "Both names are of the same record.")
        return await self._repeated(self._merge, organization, survivor, duplicate)

    async def _merge(self, organization: OrganizationId, survivor: CustomerId, duplicate: CustomerId) -> Moved:
        async with self._changing(organization) as records:
            kept, other = await records.lock(survivor, duplicate)
            if kept.merged_into is not None:
                raise CustomerIsMerged(kept.id, kept.merged_into)
            if other.merged_into == survivor:
                return kept, []
            if other.merged_into is not None:
                raise CustomerIsMerged(other.id, other.merged_into)
            if len({each.key for each in (*kept.identities, *other.identities)}) > MAX_IDENTITIES:
                raise TooManyIdentities
            await records.connection.execute(_RECORD_IDENTITIES, organization, duplicate, survivor)
            await records.connection.execute(_RECORD_CONVERSATIONS, organization, duplicate)
            await _delete(records, duplicate, other.identities)
            held = {each.key: each for each in kept.identities}
            for identity in other.identities:
                if identity.key not in held or held[identity.key].verified is None:
                    await records.put(survivor, identity)
            everything = await records.connection.fetch(
                "select id from conversation where organization = $1 and customer = $2", organization, duplicate
            )
            moved = await _move(records, duplicate, survivor, everything)
            await records.connection.execute(
                "update customer set merged_into = $3, merged = clock_timestamp() where organization = $1 and id = $2",
                *(organization, duplicate, survivor),
            )
            await records.touch(survivor, duplicate)
            records.facts.append(CustomerMerged(survivor, duplicate))
            return await read(records.connection, organization, survivor), moved

    async def undo(self, organization: OrganizationId, customer: CustomerId, duplicate: CustomerId) -> Moved:
        return await self._repeated(self._undo, organization, customer, duplicate)

    async def _undo(self, organization: OrganizationId, customer: CustomerId, duplicate: CustomerId) -> Moved:
        async with self._changing(organization) as records:
            kept, other = await records.lock(customer, duplicate)
            if other.merged_into is None:
                return other, []
            chain = [row["id"] for row in await records.connection.fetch(_CHAIN, organization, duplicate)]
            if customer not in chain or customer == duplicate:
                raise CustomersNotMerged(duplicate, f"Record {duplicate} was not merged into customer {customer}.")
            if kept.merged_into is not None:
                raise CustomerIsMerged(kept.id, kept.merged_into)
            going = await records.connection.fetch(_GOING_BACK, organization, duplicate, customer)
            recorded = await records.connection.fetch(_RECORDED, organization, duplicate)
            held = {each.key: each for each in kept.identities}
            for row in recorded:
                identity = rows.identity(row)
                if identity.key not in held:
                    continue  # it was removed since, or moved on
                if not row["shared"]:
                    await _delete(records, customer, [identity])
                elif identity.verified is not None:
                    await records.put(customer, identity.claimed())
                await records.put(duplicate, identity)
            between = chain[: chain.index(customer)]
            await _forget(records, [rows.identity(row) for row in recorded], [row["id"] for row in going], between)
            moved = await _move(records, customer, duplicate, going)
            await records.connection.execute(
                "update customer set merged_into = null, merged = null where organization = $1 and id = $2",
                *(organization, duplicate),
            )
            await records.touch(customer, duplicate)
            records.facts.append(CustomerSplit(duplicate, customer))
            return await read(records.connection, organization, duplicate), moved

    async def split(self, organization: OrganizationId, customer: CustomerId, keys: Collection[tuple[str, str, str]]) -> Moved:
        return await self._repeated(self._split, organization, customer, keys)

    async def _split(self, organization: OrganizationId, customer: CustomerId, keys: Collection[tuple[str, str, str]]) -> Moved:
        async with self._changing(organization) as records:
            kept = await records.standing(customer)
            going = [each for each in kept.identities if each.key in keys]
            if len(going) < len(set(keys)):
                if not going and (earlier := await _split_before(records, customer, keys)):
                    return earlier, []
                raise IdentityNotFound(customer)
            if len(going) == len(kept.identities):
                raise NothingLeft(customer)
            fresh = CustomerId(ids.new())
            await records.connection.execute(
                "insert into customer (organization, id, split_from) values ($1, $2, $3)", organization, fresh, customer
            )
            await _delete(records, customer, going)
            for identity in going:
                await records.put(fresh, identity)
            columns = [list(column) for column in zip(*(each.key for each in going), strict=True)]
            there = await records.connection.fetch(_AT_IDENTITIES, organization, customer, *columns)
            await _forget(records, going, [row["id"] for row in there])
            records.facts.append(CustomerCreated(fresh))
            moved = await _move(records, customer, fresh, there)
            await records.touch(customer)
            records.facts.append(CustomerSplit(fresh, customer))
            return await read(records.connection, organization, fresh), moved

    @asynccontextmanager
    async def _changing(self, organization: OrganizationId) -> AsyncIterator[Records]:
        async with changing(self._pool, self._journal, organization) as records:
            yield records
            await failpoints.reach("core.merge.before_commit")
        await failpoints.reach("core.merge.after_commit")

    async def _repeated(self, change: Callable[..., Awaitable[Moved]], *arguments: object) -> Moved:
        """Commits of several conversations at once may wait for each other in a circle: the database ends one of them."""
        for _ in range(MAX_TRIES - 1):
            try:
                return await change(*arguments)
            except (asyncpg.DeadlockDetectedError, asyncpg.UniqueViolationError):
                continue
        return await change(*arguments)


async def _move(records: Records, source: CustomerId, target: CustomerId, found: Sequence[Any]) -> list[Conversation]:
    """Gives conversations to another customer; the conversations as they are then."""
    chosen = sorted(row["id"] for row in found)
    await records.connection.execute(_MOVE_CONVERSATIONS, records.organization, source, target, chosen)
    there = await records.connection.fetch(
        LOAD + "where c.organization = $1 and c.id = any($2) and c.erased is null order by c.id", records.organization, chosen
    )
    moved = [rows.conversation(row) for row in there]
    records.facts += [ConversationMoved(conversation, source) for conversation in moved]
    return moved


async def _delete(records: Records, customer: CustomerId, identities: Sequence[Identity]) -> None:
    for identity in identities:
        await records.connection.execute(
            "delete from identity where organization = $1 and customer = $2 and kind = $3 and scope = $4 and value = $5",
            *(records.organization, customer, *identity.key),
        )


async def _forget(
    records: Records, identities: Sequence[Identity], conversations: Sequence[str], merges: Sequence[str] | None = None
) -> None:
    """Drops rows that moved on from the records of some merges, by their duplicates; without them, of any merge."""
    for identity in identities:
        await records.connection.execute(
            "delete from merged_identity where organization = $1 and kind = $2 and scope = $3 and value = $4"
            " and ($5::text[] is null or duplicate = any($5))",
            *(records.organization, *identity.key, merges),
        )
    await records.connection.execute(
        "delete from merged_conversation where organization = $1 and conversation = any($2)"
        " and ($3::text[] is null or duplicate = any($3))",
        *(records.organization, list(conversations), merges),
    )


async def _split_before(records: Records, customer: CustomerId, keys: Collection[tuple[str, str, str]]) -> Customer | None:
    """The customer that an earlier call has made of these identities."""
    owners = {
        await records.connection.fetchval(
            "select c.id from identity i join customer c on c.organization = i.organization and c.id = i.customer"
            " where i.organization = $1 and i.kind = $2 and i.scope = $3 and i.value = $4 and c.split_from = $5",
            *(records.organization, *key, customer),
        )
        for key in keys
    }
    if len(owners) != 1 or None in owners:
        return None
    return await read(records.connection, records.organization, CustomerId(owners.pop()))
