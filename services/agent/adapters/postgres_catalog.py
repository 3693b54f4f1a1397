"""Queues and canned replies in PostgreSQL."""

from collections.abc import Callable
from typing import Any

import asyncpg
import msgspec

from kit.ids import OrganizationId
from services.agent.adapters.database import Database
from services.agent.domain.canned_reply import CannedReply, CannedReplyAlreadyExists, CannedReplyNotFound
from services.agent.domain.ids import CannedReplyId, QueueId
from services.agent.domain.queue import Queue, QueueAlreadyExists, QueueNotFound, Rule

_QUEUES = """
select queue.*, (
    select count(*) from handover
    where handover.organization = queue.organization and handover.queue = queue.id and state = 'PENDING'
) as entries
from queue where organization = $1 and ($2::text is null or id = $2)
"""
_ADD_QUEUE = """
insert into queue (organization, id, display_name, rules, rank, skills, accept_target, created, updated, version, request_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning id
"""
_QUEUE_OF_REQUEST = "select id from queue where organization = $1 and request_id = $2"
_CHANGE_QUEUE = """
update queue set display_name = $3, rules = $4, rank = $5, skills = $6, accept_target = $7, created = $8, updated = $9,
    version = $10
where organization = $1 and id = $2
"""
_INHERIT = "update handover set queue = $3 where organization = $1 and queue = $2 and state = 'PENDING'"
_REPLY = "select * from canned_reply where organization = $1 and id = $2"
_ADD_REPLY = """
insert into canned_reply (organization, id, shortcut, text, created, updated, version, request_id)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id
"""
_CHANGE_REPLY = """
update canned_reply set shortcut = $3, text = $4, created = $5, updated = $6, version = $7
where organization = $1 and id = $2
"""


class PostgresQueues:
    """`ports.Queues` on the table `queue`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, organization: OrganizationId) -> list[Queue]:
        async with self._database.read() as connection:
            return [_queue(row) for row in await connection.fetch(_QUEUES, organization, None)]

    async def get(self, organization: OrganizationId, id: QueueId) -> Queue | None:
        async with self._database.read() as connection:
            row = await connection.fetchrow(_QUEUES, organization, id)
        return None if row is None else _queue(row)

    async def add(self, queue: Queue, request_id: str = "") -> Queue:
        async with self._database.write(queue.organization) as tx:
            if await tx.connection.fetchval(_ADD_QUEUE, *_queue_values(queue), request_id or None):
                return queue
            known = await tx.connection.fetchval(_QUEUE_OF_REQUEST, queue.organization, request_id or None)
        earlier = await self.get(queue.organization, QueueId(known)) if known else None
        if earlier is None:
            raise QueueAlreadyExists(queue.organization, queue.id)
        return earlier

    async def change(self, organization: OrganizationId, id: QueueId, change: Callable[[Queue], Queue]) -> Queue:
        async with self._database.write(organization) as tx:
            row = await tx.connection.fetchrow(_QUEUES + " for update of queue", organization, id)
            if row is None:
                raise QueueNotFound(organization, id)
            changed = change(_queue(row))
            await tx.connection.execute(_CHANGE_QUEUE, *_queue_values(changed))
            return changed

    async def remove(self, organization: OrganizationId, id: QueueId, heir: QueueId) -> None:
        async with self._database.write(organization) as tx:
            deleted = await tx.connection.fetchval(
                "delete from queue where organization = $1 and id = $2 returning id", organization, id
            )
            if deleted is None:
                raise QueueNotFound(organization, id)
            await tx.connection.execute(_INHERIT, organization, id, heir)


class PostgresCannedReplies:
    """`ports.CannedReplies` on the table `canned_reply`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, organization: OrganizationId, id: CannedReplyId) -> CannedReply | None:
        async with self._database.read() as connection:
            row = await connection.fetchrow(_REPLY, organization, id)
        return None if row is None else _reply(row)

    async def page(self, organization: OrganizationId, after: str | None, limit: int) -> list[CannedReply]:
        query = "select * from canned_reply where organization = $1 and shortcut > $2 order by shortcut limit $3"
        async with self._database.read() as connection:
            return [_reply(row) for row in await connection.fetch(query, organization, after or "", limit)]

    async def add(self, reply: CannedReply, request_id: str = "") -> CannedReply:
        async with self._database.write(reply.organization) as tx:
            if await tx.connection.fetchval(_ADD_REPLY, *_reply_values(reply), request_id or None):
                return reply
            row = await tx.connection.fetchrow(
                "select * from canned_reply where organization = $1 and request_id = $2",
                reply.organization,
                request_id or None,
            )
        if row is None:
            raise CannedReplyAlreadyExists(reply.shortcut)
        return _reply(row)

    async def change(
        self, organization: OrganizationId, id: CannedReplyId, change: Callable[[CannedReply], CannedReply]
    ) -> CannedReply:
        async with self._database.write(organization) as tx:
            row = await tx.connection.fetchrow(_REPLY + " for update", organization, id)
            if row is None:
                raise CannedReplyNotFound(organization, id)
            changed = change(_reply(row))
            try:
                await tx.connection.execute(_CHANGE_REPLY, *_reply_values(changed))
            except asyncpg.UniqueViolationError as error:
                raise CannedReplyAlreadyExists(changed.shortcut) from error
            return changed

    async def remove(self, organization: OrganizationId, id: CannedReplyId) -> None:
        async with self._database.write(organization) as tx:
            deleted = await tx.connection.fetchval(
                "delete from canned_reply where organization = $1 and id = $2 returning id", organization, id
            )
        if deleted is None:
            raise CannedReplyNotFound(organization, id)


def _queue_values(queue: Queue) -> tuple[object, ...]:
    return (
        queue.organization, queue.id, queue.display_name, list(queue.rules), queue.order, list(queue.skills),
        queue.accept_target, queue.created, queue.updated, queue.version,
    )  # fmt: skip


def _queue(row: Any) -> Queue:
    return Queue(
        organization=row["organization"],
        id=row["id"],
        display_name=row["display_name"],
        rules=tuple(msgspec.convert(row["rules"], list[Rule])),
        order=row["rank"],
        skills=tuple(row["skills"]),
        accept_target=row["accept_target"],
        created=row["created"],
        updated=row["updated"],
        version=row["version"],
        entry_count=row["entries"],
    )


def _reply_values(reply: CannedReply) -> tuple[object, ...]:
    return (
        reply.organization, reply.id, reply.shortcut, reply.text, reply.created, reply.updated, reply.version,
    )  # fmt: skip


def _reply(row: Any) -> CannedReply:
    return CannedReply(
        organization=row["organization"],
        id=row["id"],
        shortcut=row["shortcut"],
        text=row["text"],
        created=row["created"],
        updated=row["updated"],
        version=row["version"],
    )
