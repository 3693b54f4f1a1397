"""Steps of turns in PostgreSQL. The commit that ends an attempt writes them; see `commits`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from kit.ids import OrganizationId
from kit.journal import Journal, shard_of
from kit.journal.store import columns, records_of
from services.core.domain import (
    ConversationId,
    MessageId,
    ModelCall,
    Recall,
    Step,
    StepState,
    TurnCharged,
    TurnId,
    TurnStepNotFound,
)

BATCH = 2_000
"""Steps that one statement deletes."""

INSERT = """
    insert into turn_step (
        organization, conversation, turn, number, attempt, state, problem, created, finished, recall, model_call
    )
    select c.organization, c.id, s.turn, s.number + coalesce(
            (select max(b.number) from turn_step b where b.organization = c.organization and b.turn = s.turn), 0
        ), s.attempt, s.state, s.problem, s.created, s.finished, s.recall, s.model_call
"""
# Of a turn that this process no longer has. A conversation that was erased meanwhile gets none.
CHARGED = """
fact as (
    select * from unnest($4::text[], $5::text[], $6::bytea[]) as item (kind, subject, payload) where exists (select from step)
), counter as (
    update shard set position = position + 1 where shard = $7 and exists (select from fact) returning position
), appended as (
    insert into event (shard, position, organization, kind, subject, labels, payload)
    select $7, counter.position, $1, kind, subject, '{}', payload from counter, fact
    returning position, created
)
"""
"""The fact of what the stored `step`s took, as the last part of a statement; its parameters are `Charge.values`."""
_ADD = f"""
with step as (
    {INSERT} from conversation c, jsonb_populate_recordset(null::turn_step, $3::jsonb) as s
    where c.organization = $1 and c.id = $2 and c.erased is null
    returning turn
), {CHARGED}
select position, created from appended
"""
# The last call of a turn that was answered wrote its message. A summary is written after it.
_READ = """
select s.*, case when s.model_call is not null and s.state = 'DONE'
    and coalesce(s.model_call ->> 'purpose', 'REPLY') = 'REPLY' then m.id end as message
from turn_step s left join message m on m.organization = s.organization and m.source = 'turn/' || s.turn || '/1'
    and m.kind <> 'HOLDING' and not exists (
        select from turn_step later
        where later.organization = s.organization and later.turn = s.turn and later.number > s.number
            and coalesce(later.model_call ->> 'purpose', '') <> 'SUMMARIZE'
    )
where s.organization = $1 and s.conversation = $2 and s.turn = $3
"""
_DELETE = """
delete from turn_step where ctid = any(array(
    select ctid from turn_step where created < $1 and ($2::text is null or organization = $2) order by created limit $3
))
"""


class Charge:
    """The fact of what some steps took, for a statement with `CHARGED` that stores them."""

    def __init__(self, log: Journal, organization: OrganizationId, conversation: ConversationId, steps: Sequence[Step]) -> None:
        self._journal = log
        self._organization = organization
        self._shard = shard_of(organization)
        facts = TurnCharged.of(conversation, steps[0].turn, steps)
        self._items = log.encoded(organization, facts, "services/core")
        kinds, subjects, _, payloads = columns(self._items)
        self.values = (kinds, subjects, payloads, self._shard)

    def appended(self, rows: Sequence[Any]) -> None:
        """Passes the fact to the watchers; `rows`: its position and time, or nothing."""
        self._journal.committed(records_of(self._shard, self._organization, self._items[: len(rows)], rows))


class PostgresTurnSteps:
    """The port TurnSteps."""

    def __init__(self, pool: Any, log: Journal) -> None:
        self._pool = pool
        self._journal = log

    async def add(self, organization: OrganizationId, conversation: ConversationId, steps: Sequence[Step]) -> None:
        charge = Charge(self._journal, organization, conversation, steps)
        charge.appended(await self._pool.fetch(_ADD, organization, conversation, msgspec.json.encode(steps), *charge.values))

    async def get(self, organization: OrganizationId, conversation: ConversationId, turn: TurnId, number: int) -> Step:
        row = await self._pool.fetchrow(_READ + "and s.number = $4", organization, conversation, turn, number)
        if row is None:
            raise TurnStepNotFound(number)
        return _step(row)

    async def page(
        self, organization: OrganizationId, conversation: ConversationId, turn: TurnId, after: int, limit: int
    ) -> list[Step]:
        sql = _READ + "and s.number > $4 order by s.number limit $5"
        return [_step(row) for row in await self._pool.fetch(sql, organization, conversation, turn, after, limit)]

    async def delete_before(self, moment: datetime, organization: OrganizationId | None = None) -> bool:
        return bool((await self._pool.execute(_DELETE, moment, organization, BATCH)).split()[-1] == str(BATCH))


def _step(row: Any) -> Step:
    return Step(
        turn=TurnId(row["turn"]),
        attempt=row["attempt"],
        number=row["number"],
        state=StepState(row["state"]),
        created=row["created"],
        finished=row["finished"],
        problem=row["problem"],
        recall=msgspec.convert(row["recall"], Recall) if row["recall"] else None,
        model_call=msgspec.convert(row["model_call"], ModelCall) if row["model_call"] else None,
        message=MessageId(row["message"]) if row["message"] else None,
    )
