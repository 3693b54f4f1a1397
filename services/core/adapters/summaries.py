"""Summaries of conversations in PostgreSQL: one of each, which the next one replaces."""

from typing import Any

import msgspec

from kit.ids import OrganizationId
from kit.jobs import Queue
from kit.jobs.table import Jobs
from kit.journal import Journal
from services.core.adapters import steps
from services.core.domain import ConversationId, Step, TurnId
from services.core.domain.summaries import MAX_ATTEMPTS, Summary, SummaryReference

SUMMARIES = Queue("summaries", max_attempts=MAX_ATTEMPTS, max_running=4)

# An erasure marks the conversation, and then empties it: the lock makes it wait, or finds the mark.
_STORE = f"""
with held as (
    select organization, id from conversation where organization = $1 and id = $2 and erased is null for share
), step as (
    {steps.INSERT} from held c, jsonb_populate_recordset(null::turn_step, $3::jsonb) as s
    returning turn, number, model_call ->> 'output' as text, model_call ->> 'model' as model
), stored as (
    insert into summary (organization, conversation, until, text, model, turn, step, created)
    select $1, $2, $8, text, model, turn, number, clock_timestamp() from step
    on conflict (organization, conversation) do update set until = excluded.until, text = excluded.text,
        model = excluded.model, turn = excluded.turn, step = excluded.step, created = excluded.created
    where summary.until < excluded.until
), {steps.CHARGED}
select position, created from appended
"""


class PostgresSummaries:
    """The port Summaries."""

    def __init__(self, pool: Any, jobs: Jobs, log: Journal) -> None:
        self._pool = pool
        self._journal = log
        self._jobs = jobs

    async def get(self, organization: OrganizationId, conversation: ConversationId) -> Summary | None:
        sql = "select until, text, turn, step from summary where organization = $1 and conversation = $2"
        row = await self._pool.fetchrow(sql, organization, conversation)
        if row is None:
            return None
        return Summary(SummaryReference(row["until"], TurnId(row["turn"]), row["step"]), row["text"])

    async def request(self, organization: OrganizationId, conversation: ConversationId, subject: str, payload: bytes) -> None:
        await self._jobs.add(self._pool, SUMMARIES, organization, subject, payload, ordering_key=conversation)
        self._jobs.wake(SUMMARIES)

    async def store(self, organization: OrganizationId, conversation: ConversationId, until: int, step: Step) -> None:
        charge = steps.Charge(self._journal, organization, conversation, [step])
        values = (organization, conversation, msgspec.json.encode([step]), *charge.values, until)
        charge.appended(await self._pool.fetch(_STORE, *values))
