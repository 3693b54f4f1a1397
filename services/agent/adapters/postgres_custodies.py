"""Handovers and assignments in PostgreSQL."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any

from kit.ids import OrganizationId
from services.agent.adapters.database import Database
from services.agent.domain.custody import Assignment, Change, Custody, Handover, HandoverState
from services.agent.domain.facts import Cause
from services.agent.domain.holds import Hold
from services.agent.domain.ids import AgentId, ConversationId, HandoverId, QueueId

_LOCK = """
insert into custody (organization, conversation) values ($1, $2)
on conflict (organization, conversation) do update set epoch = custody.epoch returning epoch
"""
_EPOCH = "update custody set epoch = $3 where organization = $1 and conversation = $2"
_HANDOVER = "select * from handover where organization = $1 and conversation = $2 order by created desc, id desc limit 1"
_ASSIGNMENT = "select * from assignment where organization = $1 and conversation = $2 order by epoch desc limit 1"
_HANDOVERS = """
select * from handover
where organization = $1 and ($2::text is null or state = $2) and ($3::text is null or conversation = $3)
    and ($4::text is null or id < $4)
order by id desc limit $5
"""
_WAITING = """
select * from handover
where organization = $1 and state = 'PENDING' and ($2::text is null or queue = $2)
    and ($3::timestamptz is null or (created, id) > ($3, $4))
order by created, id limit $5
"""
_HOLDS = """
select organization, conversation, null as agent, 0 as epoch from handover where state = 'PENDING'
union all select organization, conversation, agent, epoch from assignment where ended is null
"""
_HELD_BY = """
select * from assignment where organization = $1 and agent = $2 and ended is null
order by coalesce(messaged, started) desc, id desc
"""


def _upsert(kind: type[Handover] | type[Assignment], table: str) -> str:
    columns = [field.name for field in fields(kind)]
    values = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in ("organization", "id"))
    return (
        f"insert into {table} ({', '.join(columns)}) values ({values}) on conflict (organization, id) do update set {changes}"
    )


_PUT_HANDOVER = _upsert(Handover, "handover")
_PUT_ASSIGNMENT = _upsert(Assignment, "assignment")


class PostgresCustodies:
    """`ports.Custodies` on the tables `custody`, `handover` and `assignment`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, organization: OrganizationId, conversation: ConversationId) -> Custody:
        async with self._database.read() as connection:
            epoch = await connection.fetchval(
                "select epoch from custody where organization = $1 and conversation = $2", organization, conversation
            )
            if epoch is None:
                return Custody(organization, conversation)
            return await _load(connection, organization, conversation, epoch)

    async def change(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        change: Callable[[Custody], Change],
    ) -> Change:
        async with self._database.write(organization) as tx:
            epoch = await tx.connection.fetchval(_LOCK, organization, conversation)
            before = await _load(tx.connection, organization, conversation, epoch)
            changed = change(before)
            await _store(tx.connection, before, changed)
            tx.add(*changed.facts)
            return changed

    async def holds(self) -> set[Hold]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_HOLDS)
        return {Hold(*row) for row in rows}

    async def handover(self, organization: OrganizationId, id: HandoverId) -> Handover | None:
        async with self._database.read() as connection:
            row = await connection.fetchrow("select * from handover where organization = $1 and id = $2", organization, id)
        return None if row is None else _handover(row)

    async def handovers(
        self,
        organization: OrganizationId,
        state: HandoverState | None,
        conversation: ConversationId | None,
        before: HandoverId | None,
        limit: int,
    ) -> list[Handover]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_HANDOVERS, organization, state, conversation, before, limit)
        return [_handover(row) for row in rows]

    async def waiting(
        self, organization: OrganizationId, queue: QueueId | None, after: tuple[datetime, HandoverId] | None, limit: int
    ) -> list[Handover]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_WAITING, organization, queue, *(after or (None, None)), limit)
        return [_handover(row) for row in rows]

    async def held_by(self, organization: OrganizationId, agent: AgentId) -> list[Assignment]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_HELD_BY, organization, agent)
        return [_assignment(row) for row in rows]


async def _load(connection: Any, organization: OrganizationId, conversation: ConversationId, epoch: int) -> Custody:
    handover = await connection.fetchrow(_HANDOVER, organization, conversation)
    assignment = await connection.fetchrow(_ASSIGNMENT, organization, conversation)
    return Custody(
        organization,
        conversation,
        epoch,
        None if handover is None else _handover(handover),
        None if assignment is None else _assignment(assignment),
    )


async def _store(connection: Any, before: Custody, changed: Change) -> None:
    after = changed.custody
    if after.epoch != before.epoch:
        await connection.execute(_EPOCH, after.organization, after.conversation, after.epoch)
    if after.handover is not None and after.handover != before.handover:
        await connection.execute(_PUT_HANDOVER, *_values(after.handover))
    for assignment in (changed.ended, after.assignment):  # the old one ends before the new one begins
        if assignment is not None and assignment != before.assignment:
            await connection.execute(_PUT_ASSIGNMENT, *_values(assignment))


def _values(row: Handover | Assignment) -> list[object]:
    values = [getattr(row, field.name) for field in fields(row)]
    return [list(value) if isinstance(value, tuple) else value for value in values]


def _handover(row: Any) -> Handover:
    values = dict(row)
    values["state"] = HandoverState(values["state"])
    values["declined_by"] = tuple(values["declined_by"])
    return Handover(**values)


def _assignment(row: Any) -> Assignment:
    values = dict(row)
    values["cause"] = Cause(values["cause"]) if values["cause"] else None
    return Assignment(**values)
