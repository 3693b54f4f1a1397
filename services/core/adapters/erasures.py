"""Erasures of customers in PostgreSQL. Rows of conversations, messages and turns stay, without what they said: the journal's
count stays true, and who reads an erased message finds that it is gone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from kit import failpoints
from kit.ids import OrganizationId
from kit.jobs import Queue
from kit.jobs.table import Jobs
from kit.journal import Journal
from services.core.adapters.customers import TREE, changing
from services.core.domain import (
    ConversationId,
    CustomerErased,
    CustomerId,
    CustomerIsMerged,
    CustomerNotFound,
    Erasure,
    ErasureNotFound,
)
from services.core.ports.customers import OWN_STORE

ERASURES = Queue("erasures", max_attempts=1000, max_running=4)
"""Erasures that are not finished where they were asked for. None is given up before its thousandth attempt."""
BATCH = 1000
"""Messages that are erased in one statement."""

_STATE = "select merged_into, erased from customer where organization = $1 and id = $2 for update"
# From here on, a customer who writes from one of the identities is a new one.
_BEGIN = """
with gone as (
    update customer set display_name = '', locale = '', erased = clock_timestamp(), revision = revision + 1,
        updated = clock_timestamp()
    where organization = $1 and id = any($2)
), identities as (
    delete from identity where organization = $1 and customer = any($2)
), recorded as (
    delete from merged_identity where organization = $1 and duplicate = any($2)
), conversations as (
    update conversation set receives = false, address_scope = '', address_value = ''
    where organization = $1 and customer = any($2)
)
insert into erasure (organization, customer, customers) values ($1, $3, cardinality($2::text[]))
"""
_CONFIRMATIONS = "insert into erasure_confirmation (organization, customer, store) select $1, $2, unnest($3::text[])"
_OPEN = """
select id from conversation where organization = $1 and customer = $2 and erased is null order by id
"""
_ERASE_MESSAGES = """
update message set text = '', content = null, citations = '[]', author_display_name = '', source = 'erased/' || id,
    request_id = '', erased = true
where organization = $1 and not erased and (conversation, seq) in (
    select m.conversation, m.seq from message m join conversation c on c.organization = m.organization and c.id = m.conversation
    where c.organization = $1 and c.customer = $2 and c.erased is not null and not m.erased limit $3
)
"""
_ERASE_TURNS = """
update turn t set error = '' from conversation c
where c.organization = $1 and c.customer = $2 and c.erased is not null and t.organization = c.organization
    and t.conversation = c.id and t.error <> ''
"""
_ERASE_STEPS = """
delete from turn_step s using conversation c
where c.organization = $1 and c.customer = $2 and c.erased is not null and s.organization = c.organization
    and s.conversation = c.id
"""
_ERASE_SUMMARIES = """
delete from summary s using conversation c
where c.organization = $1 and c.customer = $2 and c.erased is not null and s.organization = c.organization
    and s.conversation = c.id
"""
# Questions that evaluations took from the conversations, then the copies in runs: a run that begins locks the questions.
_ERASE_QUESTIONS = """
delete from {0} q using conversation c
where c.organization = $1 and c.customer = $2 and c.erased is not null and q.organization = c.organization
    and q.conversation = c.id
"""
_EXPIRE = """
select id from conversation c
where organization = $1 and erased is null and updated < clock_timestamp() - $2::interval and not exists (
    select from job where queue = $4 and organization = $1 and subject = 'conversations/' || c.id
)
order by updated limit $3
"""
_LEAVE = """
update conversation set receives = false, address_scope = '', address_value = ''
where organization = $1 and id = $2 and erased is not null returning customer
"""
_COUNT = """
update erasure e set
    conversations = (select count(*) from conversation c where c.organization = e.organization and c.customer = e.customer),
    messages = (
        select count(*) from conversation c join message m on m.organization = c.organization and m.conversation = c.id
        where c.organization = e.organization and c.customer = e.customer
    )
where organization = $1 and customer = $2
"""
_CONFIRM = """
update erasure_confirmation set finished = clock_timestamp()
where organization = $1 and customer = $2 and store = $3 and finished is null returning true
"""
_RECEIPTS = """
select e.*, (
    select jsonb_object_agg(c.store, c.finished) from erasure_confirmation c
    where c.organization = e.organization and c.customer = e.customer
) as confirmed
from erasure e where e.organization = $1
"""


class PostgresErasures:
    """The port Erasures."""

    def __init__(self, pool: Any, journal: Journal, jobs: Jobs, stores: Sequence[str]) -> None:
        self._pool = pool
        self._jobs = jobs
        self._journal = journal
        self._stores = stores

    async def begin(self, organization: OrganizationId, customer: CustomerId, resume_after: timedelta) -> bool:
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(_STATE, organization, customer)
            if row is None:
                raise CustomerNotFound(customer)
            if row["erased"]:
                return False
            if row["merged_into"]:
                raise CustomerIsMerged(customer, row["merged_into"])
            tree = [found["id"] for found in await connection.fetch(TREE, organization, customer)]
            await connection.execute(_BEGIN, organization, tree, customer)
            await connection.execute(_CONFIRMATIONS, organization, customer, [OWN_STORE, *self._stores])
            await self._jobs.add(connection, ERASURES, organization, f"customers/{customer}", after=resume_after)
            await failpoints.reach("core.erase.before_commit")
        await failpoints.reach("core.erase.after_commit")
        return True

    async def conversations(self, organization: OrganizationId, customer: CustomerId) -> list[ConversationId]:
        return [ConversationId(row["id"]) for row in await self._pool.fetch(_OPEN, organization, customer)]

    async def expire(self, organization: OrganizationId, age: timedelta, limit: int) -> int:
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_EXPIRE, organization, age, limit, ERASURES.name)
            for row in rows:
                await self._jobs.add(connection, ERASURES, organization, f"conversations/{row['id']}")
        if rows:
            self._jobs.wake(ERASURES)
        return len(rows)

    async def empty(self, organization: OrganizationId, conversation: ConversationId) -> None:
        if customer := await self._pool.fetchval(_LEAVE, organization, conversation):
            await self._empty(organization, customer)

    async def _empty(self, organization: OrganizationId, customer: CustomerId) -> None:
        """Empties what a customer's erased conversations have."""
        while int((await self._pool.execute(_ERASE_MESSAGES, organization, customer, BATCH)).split()[-1]):
            await failpoints.reach("core.erase.after_batch")
        await self._pool.execute(_ERASE_TURNS, organization, customer)
        await self._pool.execute(_ERASE_STEPS, organization, customer)
        await self._pool.execute(_ERASE_SUMMARIES, organization, customer)
        for table in ("question", "evaluation_result"):
            await self._pool.execute(_ERASE_QUESTIONS.format(table), organization, customer)

    async def finish(self, organization: OrganizationId, customer: CustomerId) -> None:
        await self._empty(organization, customer)
        async with changing(self._pool, self._journal, organization) as records:
            if not await records.connection.fetchval(_CONFIRM, organization, customer, OWN_STORE):
                return
            await records.connection.execute(_COUNT, organization, customer)
            tree = await records.connection.fetch(TREE, organization, customer)
            records.facts += [CustomerErased(CustomerId(row["id"])) for row in tree]

    async def confirm(self, organization: OrganizationId, customer: CustomerId, store: str) -> None:
        # A record that was merged has no receipt of its own.
        await self._pool.execute(_CONFIRM, organization, customer, store)

    async def get(self, organization: OrganizationId, customer: CustomerId) -> Erasure:
        row = await self._pool.fetchrow(_RECEIPTS + "and e.customer = $2", organization, customer)
        if row is None:
            raise ErasureNotFound(customer)
        return _erasure(row)

    async def page(self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int) -> list[Erasure]:
        created, id = before or (None, "")
        found = await self._pool.fetch(
            _RECEIPTS
            + "and ($2::timestamptz is null or (e.created, e.customer) < ($2, $3))"
            + " order by e.created desc, e.customer desc limit $4",
            *(organization, created, id, limit),
        )
        return [_erasure(row) for row in found]


def _erasure(row: Any) -> Erasure:
    confirmed = sorted(row["confirmed"].items(), key=lambda item: (item[0] != OWN_STORE, item[0]))
    return Erasure(
        organization=OrganizationId(row["organization"]),
        customer=CustomerId(row["customer"]),
        created=row["created"],
        customers=row["customers"],
        conversations=row["conversations"],
        messages=row["messages"],
        confirmed=tuple((store, datetime.fromisoformat(moment) if moment else None) for store, moment in confirmed),
    )
