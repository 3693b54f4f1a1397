"""`Sessions` in PostgreSQL."""

from datetime import datetime
from typing import Any

import asyncpg

from kit import failpoints
from kit.ids import OrganizationId
from kit.journal import Journal, shard_of
from kit.journal.store import records_of
from services.channel.domain.channels import ChannelId, ChannelNotFound
from services.channel.domain.facts import CustomerTokensRevoked, Fact
from services.channel.domain.sessions import CustomerId, SecretUse, Session, SessionId

_COLUMNS = "organization, channel, id, customer, subject, display_name, created, expires"

_ADD = f"""
with added as (
    insert into session ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)
), secrets as (
    insert into session_secret (session, hash, created) values ($3, $9, $7)
), counter as (
    update shard set position = position + 1 where shard = $10 returning position
)
insert into event (shard, position, organization, kind, subject, labels, payload)
select $10, counter.position, $1, $11, $12, '{{}}', $13 from counter
returning position, created
"""


class PostgresSessions:
    """Over a pool; what happens to customers over a connection, within its transaction."""

    def __init__(self, pool: Any, journal: Journal) -> None:
        self._pool = pool
        self._journal = journal

    async def add(self, session: Session, secret_hash: bytes, fact: Fact) -> None:
        organization, shard = session.organization, shard_of(session.organization)
        items = self._journal.encoded(organization, [fact])
        try:
            await failpoints.reach("channel.session.before_commit")
            appended = await self._pool.fetch(
                _ADD,
                *(organization, session.channel, session.id, session.customer, session.subject, session.display_name),
                *(session.created, session.expires, secret_hash),
                *(shard, items[0].kind, items[0].subject, items[0].payload),
            )
            await failpoints.reach("channel.session.after_commit")
        except asyncpg.ForeignKeyViolationError as error:
            raise ChannelNotFound(session.channel) from error
        self._journal.committed(records_of(shard, organization, items, appended))

    async def get(self, organization: OrganizationId, channel: ChannelId, id: SessionId) -> Session | None:
        row = await self._pool.fetchrow(
            f"select {_COLUMNS} from session where id = $1 and organization = $2 and channel = $3",
            id,
            organization,
            channel,
        )
        return Session(**row) if row else None

    async def look_up(self, id: SessionId, secret_hash: bytes) -> SecretUse | None:
        row = await self._pool.fetchrow(
            """select used, exists (
                select from session_secret child
                where child.session = s.session and child.parent = s.hash and child.used is not null
            ) as successor_used from session_secret s where session = $1 and hash = $2""",
            id,
            secret_hash,
        )
        return SecretUse(row["used"], row["successor_used"]) if row else None

    async def rotate(self, session: Session, old_hash: bytes, new_hash: bytes, now: datetime) -> None:
        await self._pool.execute(
            """with old as (
                update session_secret set used = coalesce(used, $4) where session = $1 and hash = $2 returning session
            ), longer as (
                update session set expires = $5, customer = case when customer = '' then $6 else customer end,
                candidates = '{}' where id in (select session from old) returning id
            ) insert into session_secret (session, hash, parent, created) select id, $3, $2, $4 from longer""",
            *(session.id, old_hash, new_hash, now, session.expires, session.customer),
        )

    async def add_secret(self, session: Session, secret_hash: bytes, now: datetime) -> None:
        await self._pool.execute(
            """with longer as (update session set expires = $4 where id = $1 returning id)
            insert into session_secret (session, hash, created) select id, $2, $3 from longer""",
            *(session.id, secret_hash, now, session.expires),
        )

    async def end(self, organization: OrganizationId, id: SessionId, fact: Fact) -> None:
        async with self._journal.transaction(organization) as tx:
            if await tx.connection.fetchval("delete from session where id = $1 returning true", id):
                tx.add(fact)

    async def merge_customer(self, organization: OrganizationId, customer: CustomerId, duplicate: CustomerId) -> None:
        await self._pool.execute(
            """update session set customer = case when customer = $3 then $2 else customer end,
            candidates = case when $3 = any(candidates) then candidates || $2 else candidates end
            where organization = $1 and (customer = $3 or candidates @> array[$3])""",
            *(organization, customer, duplicate),
        )
        await self._journal.append(self._pool, organization, [CustomerTokensRevoked(duplicate)])

    async def split_customer(self, organization: OrganizationId, customer: CustomerId, source: CustomerId) -> None:
        await self._pool.execute(
            """update session set customer = '', candidates = array[$2, $3] where organization = $1 and customer = $3""",
            *(organization, customer, source),
        )
        await self._journal.append(self._pool, organization, [CustomerTokensRevoked(source)])

    async def erase_customer(self, organization: OrganizationId, customer: CustomerId) -> None:
        await self._pool.execute(
            "delete from session where organization = $1 and (customer = $2 or candidates @> array[$2])",
            *(organization, customer),
        )
        await self._journal.append(self._pool, organization, [CustomerTokensRevoked(customer)])

    async def sweep(self, now: datetime) -> int:
        status = await self._pool.execute(
            """delete from session where id in (
                select id from session where expires < $1 order by expires limit 1000 for update skip locked
            )""",
            now,
        )
        return int(status.split()[-1])
