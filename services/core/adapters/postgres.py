"""Conversations in PostgreSQL. A change is one statement (`commits`), fenced by the conversation's revision."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from kit import failpoints, ids, journal
from kit.clock import Clock
from kit.ids import OrganizationId
from kit.journal.store import columns, records_of
from services.core.adapters import lists, named, rows
from services.core.adapters.commits import Commits
from services.core.domain import (
    LEASE,
    Change,
    Conversation,
    ConversationId,
    ConversationNotFound,
    ConversationOpened,
    CustomerCreated,
    CustomerId,
    Fact,
    IdentityAdded,
    Message,
    MessageId,
    MessageNotFound,
    Opening,
    Overview,
    State,
    Turn,
    TurnId,
    TurnNotFound,
    Wanted,
)
from services.core.ports.conversations import MAX_CLAIMED, NOTHING_TAKEN

_TURN_COLUMNS = [
    "id",
    "state",
    "epoch",
    "answers_seq",
    "created",
    "due",
    "attempt",
    "supersedes",
    "assistant",
    "input_tokens",
    "output_tokens",
    "error",
    "finished",
]
_TURN = ", ".join(f"t.{name} as turn_{name}" for name in _TURN_COLUMNS)
_SAID = ", ".join(
    f"m.{name} as said_{name}"
    for name in (
        *("id", "seq", "role", "author", "author_display_name", "kind", "text", "markdown", "note", "citations", "turn"),
        *("epoch", "source", "request_id", "created", "content"),
    )
)
LOAD = f"""
select c.*, {_TURN}
from conversation c
left join turn t on t.organization = c.organization and t.conversation = c.id and t.state in ('PENDING', 'RUNNING')
"""
# Some conversations with their customers' names, and the messages that were said last: their columns begin with `said_`.
# $2: notes too.
_OVERVIEW = f"""
select c.*, {_TURN}, k.display_name as customer_display_name, {_SAID}
from (select * from conversation c where organization = $1 and erased is null and %s) c
join customer k on k.organization = c.organization and k.id = c.customer
left join turn t on t.organization = c.organization and t.conversation = c.id and t.state in ('PENDING', 'RUNNING')
left join lateral (
    select * from message where organization = c.organization and conversation = c.id and ($2 or not note)
    order by seq desc limit 1
) m on true
"""
# A merged customer takes part in the conversations of the surviving record.
_TAKES_PART = """
with recursive me as (
    select id, merged_into from customer where organization = $1 and id = $3
    union
    select c.id, c.merged_into from me join customer c on c.organization = $1 and c.id = me.merged_into
)
select exists (
    select from conversation
    where organization = $1 and id = $2 and erased is null and customer in (select id from me)
)
"""
_TURNS = """
select t.*, (
    select sum((s.model_call ->> 'micros')::bigint)::bigint from turn_step s
    where s.organization = t.organization and s.turn = t.id
) as micros
from turn t where t.organization = $1 and t.conversation = $2 and """
_MESSAGE = "select * from message where organization = $1 and "

# The conversation is locked with its turn, and whatever is locked is left out: a commit locks the conversation first and then
# the turn, and a claim that waited for the one while it held the other would deadlock with it.
_FIND = f"""
select c.*, {_TURN}, case when $6 then i.customer else c.customer end as owner, o.blocked is not null as owner_blocked
from (select 1) as one
left join identity i on i.organization = $1 and i.kind = $3 and i.scope = $4 and i.value = $5 and i.verified is not null and $6
left join conversation c on c.organization = $1 and c.channel = $2 and c.address_kind = $3 and c.address_scope = $4
    and c.address_value = $5 and c.address_verified = $6 and c.thread_key = $7 and c.receives
left join customer o on o.organization = $1 and o.id = i.customer
left join turn t on t.organization = c.organization and t.conversation = c.id and t.state in ('PENDING', 'RUNNING')
"""
_OPEN = """
with customers as (
    insert into customer (organization, id, display_name, locale, created, updated)
    select $1, $6, $8, $9, $10, $10 where $7
), identities as (
    insert into identity (organization, customer, kind, scope, value, verified, source)
    select $1, $6, $3, $16, $4, $17, $18 where $7
), conversations as (
    insert into conversation (
        organization, id, customer, channel, address_kind, address_value, state, created, updated, blocked, address_scope,
        address_verified, thread_key, subject, language
    )
    values ($1, $5, $6, $2, $3, $4, 'AUTOMATED', $10, $10, $15, $16, $17::timestamptz is not null, $19, $20, $9)
), counter as (
    update shard set position = position + cardinality($12::text[]) where shard = $11 returning position
)
insert into event (shard, position, organization, kind, subject, labels, payload)
select $11, counter.position - cardinality($12::text[]) + item.n, $1, item.kind, item.subject, '{}', item.payload
from counter, unnest($12::text[], $13::text[], $14::bytea[]) with ordinality as item (kind, subject, payload, n)
returning position, created
"""

# No commit: the revision stays, and a commit that was decided on it still holds.
_READ = """
update conversation set customer_read_seq = least($3, last_seq)
where organization = $1 and id = $2 and erased is null and customer_read_seq < least($3, last_seq) returning customer_read_seq
"""
_LEAVE = "update conversation set receives = false where organization = $1 and id = $2"
_CLAIM = """
with recursive owner as (
    (select organization from turn where state = 'PENDING' order by organization limit 1)
    union all
    select (
        select t.organization from turn t where t.state = 'PENDING' and t.organization > owner.organization
        order by t.organization limit 1
    )
    from owner where owner.organization is not null
), candidate as (
    select t.* from owner, lateral (
        select organization, id, due from turn
        where organization = owner.organization and state = 'PENDING' and due <= statement_timestamp() order by due limit $2
    ) t
    union all
    (
        select organization, id, due from turn where $6 and state = 'RUNNING' and lease_until < statement_timestamp()
        order by lease_until limit 1000
    )
), ranked as (
    select *, row_number() over (partition by organization order by due) as rank from candidate
), chosen as (
    select r.organization, r.id
    from ranked r left join unnest($4::text[], $5::int[]) as taken (organization, count) using (organization)
    where r.rank <= $3 - coalesce(taken.count, 0) order by r.rank, r.due limit $2
), due as (
    select t.organization, t.id, t.conversation
    from chosen join turn t using (organization, id)
    join conversation c on c.organization = t.organization and c.id = t.conversation
    where (t.state = 'PENDING' and t.due <= statement_timestamp())
        or ($6 and t.state = 'RUNNING' and t.lease_until < statement_timestamp())
    for update of c, t skip locked
), claimed as (
    update turn t set state = 'RUNNING', attempt = attempt + 1, lease_until = clock_timestamp() + $1
    from due where t.organization = due.organization and t.id = due.id
)
update conversation c set revision = revision + 1 from due
where c.organization = due.organization and c.id = due.conversation
returning c.organization, c.id
"""
_EXTEND = """
update turn t set lease_until = clock_timestamp() + $4
from unnest($1::text[], $2::text[], $3::int[]) as mine (organization, id, attempt)
where t.organization = mine.organization and t.id = mine.id and t.attempt = mine.attempt and t.state = 'RUNNING'
"""


def _opened(
    organization: OrganizationId, opening: Opening, owner: str | None, now: datetime, blocked: bool
) -> tuple[Conversation, list[Fact]]:
    customer = CustomerId(owner or ids.new())
    conversation = Conversation(
        organization=organization,
        id=ConversationId(ids.new()),
        customer=customer,
        channel=opening.channel,
        state=State.AUTOMATED,
        created=now,
        updated=now,
        address=opening.identity.address,
        thread_key=opening.thread_key,
        subject=opening.subject,
        language=opening.language,
        blocked=blocked,
    )
    made: list[Fact] = []
    if owner is None:
        verified = opening.identity.verified is not None
        made = [CustomerCreated(customer), IdentityAdded(customer, opening.identity.kind, verified)]
    return conversation, [*made, ConversationOpened(conversation)]


class PostgresConversations:
    """The port Conversations."""

    def __init__(self, pool: Any, log: journal.Journal, now: Clock, lease: timedelta = LEASE) -> None:
        self._pool = pool
        self._journal = log
        self._now = now
        self._commits = Commits(pool, log, lease)

    async def open(self, organization: OrganizationId, opening: Opening) -> Conversation:
        identity, channel = opening.identity, opening.channel
        address, key = identity.address, opening.thread_key
        where = (organization, channel, address.kind, address.scope, address.value, address.verified, key)
        while True:
            found = await self._pool.fetchrow(_FIND, *where)
            if found["id"] and found["customer"] == found["owner"]:
                return rows.conversation(found)
            if opening.existing:
                raise ConversationNotFound("of this identity")
            if found["id"]:
                # The identity has another customer since: this conversation is no longer what its address continues with.
                await self._pool.execute(_LEAVE, organization, found["id"])
            blocked = bool(found["owner_blocked"])
            conversation, facts = _opened(organization, opening, found["owner"], self._now(), blocked)
            items = self._journal.encoded(organization, facts, f"customers/{conversation.customer}")
            shard = journal.shard_of(organization)
            kinds, subjects, _, payloads = columns(items)
            await failpoints.reach("core.open.before_commit")
            try:
                appended = await self._pool.fetch(
                    _OPEN,
                    *(organization, channel, address.kind, address.value, conversation.id, conversation.customer),
                    *(found["owner"] is None, opening.display_name, opening.language, conversation.created),
                    *(shard, kinds, subjects, payloads, conversation.blocked),
                    *(address.scope, identity.verified, identity.source, opening.thread_key, opening.subject),
                )
            except asyncpg.UniqueViolationError:
                continue  # someone else opened it at the same time
            await failpoints.reach("core.open.after_commit")
            self._journal.committed(records_of(shard, organization, items, appended))
            return conversation

    async def load(self, organization: OrganizationId, conversation: ConversationId) -> Conversation:
        row = await self._pool.fetchrow(
            LOAD + "where c.organization = $1 and c.id = $2 and c.erased is null", organization, conversation
        )
        if row is None:
            raise ConversationNotFound(conversation)
        return rows.conversation(row)

    async def commit(self, change: Change) -> None:
        await self._commits.add(change)

    async def mark_read(self, organization: OrganizationId, conversation: ConversationId, seq: int) -> int | None:
        found: int | None = await self._pool.fetchval(_READ, organization, conversation, seq)
        return found

    async def said(self, organization: OrganizationId, source: str) -> tuple[ConversationId, Message] | None:
        row = await self._pool.fetchrow(_MESSAGE + "source = $2", organization, source)
        return (ConversationId(row["conversation"]), rows.message(row)) if row else None

    async def message(self, organization: OrganizationId, conversation: ConversationId, message: MessageId) -> Message:
        sql = _MESSAGE + "conversation = $2 and id = $3 and not erased"
        row = await self._pool.fetchrow(sql, organization, conversation, message)
        if row is None:
            raise MessageNotFound(message)
        return rows.message(row)

    async def messages(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        *,
        after: int = 0,
        before: int | None = None,
        limit: int = 100,
        notes: bool = True,
    ) -> list[Message]:
        found = await self._pool.fetch(
            _MESSAGE + "conversation = $2 and seq > $3 and seq < $4 and (not note or $5) order by seq desc limit $6",
            *(organization, conversation, after, before if before is not None else 2**62, notes, limit),
        )
        return [rows.message(row) for row in reversed(found)]

    async def of_customer(self, organization: OrganizationId, customer: CustomerId) -> list[ConversationId]:
        sql = "select id from conversation where organization = $1 and customer = $2 order by id"
        return [ConversationId(row["id"]) for row in await self._pool.fetch(sql, organization, customer)]

    async def overview(self, organization: OrganizationId, conversation: ConversationId, notes: bool) -> Overview:
        row = await self._pool.fetchrow(_OVERVIEW % "id = $3", organization, notes, conversation)
        if row is None:
            raise ConversationNotFound(conversation)
        return rows.overview(row)

    async def page(
        self,
        organization: OrganizationId,
        wanted: Wanted,
        before: tuple[datetime, str] | None,
        limit: int,
        *,
        notes: bool = True,
    ) -> list[Overview]:
        condition, values = lists.condition(wanted, 3)
        if before is not None:
            condition += f" and (c.updated, c.id) < (${len(values) + 3}, ${len(values) + 4})"
            values += before
        page = f"{condition} {lists.ORDER} limit {limit:d}"
        found = await self._pool.fetch(f"{_OVERVIEW % page} {lists.ORDER}", organization, notes, *values)
        return [rows.overview(row) for row in found]

    async def named(
        self, organization: OrganizationId, query: str, wanted: Wanted, limit: int, *, notes: bool
    ) -> list[Overview]:
        values = named.values(query)
        found = await self._pool.fetch(named.FOUND, organization, *values) if values else []
        if not found:
            return []
        chosen = replace(wanted, customers=tuple(CustomerId(row["id"]) for row in found))
        return await self.page(organization, chosen, None, limit, notes=notes)

    async def among(self, organization: OrganizationId, wanted: Wanted, ids: Sequence[ConversationId]) -> set[ConversationId]:
        condition, values = lists.condition(replace(wanted, ids=tuple(ids)), 2)
        sql = f"select id from conversation c where organization = $1 and erased is null and {condition}"
        return {ConversationId(row["id"]) for row in await self._pool.fetch(sql, organization, *values)}

    async def takes_part(self, organization: OrganizationId, conversation: ConversationId, customer: CustomerId) -> bool:
        return bool(await self._pool.fetchval(_TAKES_PART, organization, conversation, customer))

    async def claim(
        self,
        lease: timedelta,
        limit: int,
        most: int = MAX_CLAIMED,
        taken: Mapping[OrganizationId, int] = NOTHING_TAKEN,
        abandoned: bool = True,
    ) -> list[tuple[OrganizationId, ConversationId]]:
        claimed = await self._pool.fetch(_CLAIM, lease, limit, most, list(taken), list(taken.values()), abandoned)
        return [(row["organization"], row["id"]) for row in claimed]

    async def extend(self, turns: Sequence[tuple[OrganizationId, TurnId, int]], lease: timedelta) -> None:
        organizations, turn_ids, attempts = ([turn[i] for turn in turns] for i in range(3))
        await self._pool.execute(_EXTEND, organizations, turn_ids, attempts, lease)

    async def turn(self, organization: OrganizationId, conversation: ConversationId, turn: TurnId) -> Turn:
        sql = _TURNS + "t.id = $3"
        row = await self._pool.fetchrow(sql, organization, conversation, turn)
        if row is None:
            raise TurnNotFound(turn)
        return rows.turn(row)

    async def turns(
        self, organization: OrganizationId, conversation: ConversationId, before: str | None, limit: int
    ) -> list[Turn]:
        found = await self._pool.fetch(
            _TURNS + "($3::text is null or t.id < $3) order by t.id desc limit $4",
            *(organization, conversation, before, limit),
        )
        return [rows.turn(row) for row in found]
