"""Conversations and customers in PostgreSQL. A change is one statement (`commits`), fenced by the conversation's revision."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from kit import failpoints, ids, journal
from kit.clock import Clock
from kit.ids import OrganizationId
from services.core.adapters import rows
from services.core.adapters.commits import Commits
from services.core.domain import (
    LEASE,
    Address,
    Change,
    ChannelId,
    Conversation,
    ConversationId,
    ConversationNotFound,
    ConversationOpened,
    Customer,
    CustomerId,
    CustomerNotFound,
    Message,
    MessageId,
    MessageNotFound,
    State,
    Turn,
    TurnId,
    TurnNotFound,
)
from services.core.ports import MAX_CLAIMED, NOTHING_TAKEN

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
    "recalled",
    "error",
    "finished",
]
_TURN = ", ".join(f"t.{name} as turn_{name}" for name in _TURN_COLUMNS)
_LOAD = f"""
select c.*, {_TURN}
from conversation c
left join turn t on t.organization = c.organization and t.conversation = c.id and t.state in ('PENDING', 'RUNNING')
"""
_MESSAGE = "select * from message where organization = $1 and "

# The conversation is locked with its turn, and whatever is locked is left out: a commit locks the conversation first and then
# the turn, and a claim that waited for the one while it held the other would deadlock with it.
_FIND = f"""
select c.*, {_TURN}, a.customer as owner, o.blocked is not null as owner_blocked
from (select 1) as one
left join address a on a.organization = $1 and a.kind = $3 and a.value = $4
left join customer o on o.organization = $1 and o.id = a.customer
left join conversation c
    on c.organization = $1 and c.channel = $2 and c.address_kind = $3 and c.address_value = $4
left join turn t on t.organization = c.organization and t.conversation = c.id and t.state in ('PENDING', 'RUNNING')
"""
_OPEN = """
with customers as (
    insert into customer (organization, id, display_name, locale, created, updated)
    select $1, $6, $8, $9, $10, $10 where $7
), addresses as (
    insert into address (organization, kind, value, customer) select $1, $3, $4, $6 where $7
), conversations as (
    insert into conversation (
        organization, id, customer, channel, address_kind, address_value, state, created, updated, blocked
    )
    values ($1, $5, $6, $2, $3, $4, 'AUTOMATED', $10, $10, $15)
), counter as (
    update shard set position = position + 1 where shard = $11 returning position
)
insert into event (shard, position, organization, kind, payload, trace)
select $11, counter.position, $1, $12, $13::text::jsonb, $14 from counter
"""

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
        select organization, id, due from turn where state = 'RUNNING' and lease_until < statement_timestamp()
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
        or (t.state = 'RUNNING' and t.lease_until < statement_timestamp())
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
_CUSTOMER = """
select c.*, array_agg(a.kind order by a.kind, a.value) filter (where a.kind is not null) as kinds,
    array_agg(a.value order by a.kind, a.value) filter (where a.kind is not null) as values
from customer c left join address a on a.organization = c.organization and a.customer = c.id
where c.organization = $1
"""


def _opened(
    organization: OrganizationId, channel: ChannelId, address: Address, owner: str | None, now: datetime, blocked: bool
) -> Conversation:
    return Conversation(
        organization=organization,
        id=ConversationId(ids.new()),
        customer=CustomerId(owner or ids.new()),
        channel=channel,
        state=State.AUTOMATED,
        created=now,
        updated=now,
        address=address,
        blocked=blocked,
    )


class PostgresConversations:
    """The port Conversations."""

    def __init__(self, pool: Any, log: journal.Journal, now: Clock, lease: timedelta = LEASE) -> None:
        self._pool = pool
        self._journal = log
        self._now = now
        self._commits = Commits(pool, lease)

    async def open(
        self, organization: OrganizationId, channel: ChannelId, address: Address, display_name: str, locale: str
    ) -> Conversation:
        while True:
            found = await self._pool.fetchrow(_FIND, organization, channel, address.kind, address.value)
            if found["id"]:
                return rows.conversation(found)
            conversation = _opened(organization, channel, address, found["owner"], self._now(), found["owner_blocked"])
            shard, _, kinds, payloads, trace = journal.arguments(organization, [ConversationOpened(conversation)])
            await failpoints.reach("core.open.before_commit")
            try:
                await self._pool.execute(
                    _OPEN,
                    *(organization, channel, address.kind, address.value, conversation.id, conversation.customer),
                    *(found["owner"] is None, display_name, locale, conversation.created),
                    *(shard, kinds[0], payloads[0], trace, conversation.blocked),
                )
            except asyncpg.UniqueViolationError:
                continue  # somebody else opened it at the same time
            await failpoints.reach("core.open.after_commit")
            self._journal.hint(organization)
            return conversation

    async def load(self, organization: OrganizationId, conversation: ConversationId) -> Conversation:
        row = await self._pool.fetchrow(_LOAD + "where c.organization = $1 and c.id = $2", organization, conversation)
        if row is None:
            raise ConversationNotFound(conversation)
        return rows.conversation(row)

    async def commit(self, change: Change) -> None:
        await self._commits.add(change)
        if change.facts:
            self._journal.hint(change.after.organization)

    async def said(self, organization: OrganizationId, source: str) -> tuple[ConversationId, Message] | None:
        row = await self._pool.fetchrow(_MESSAGE + "source = $2", organization, source)
        return (ConversationId(row["conversation"]), rows.message(row)) if row else None

    async def message(self, organization: OrganizationId, conversation: ConversationId, message: MessageId) -> Message:
        row = await self._pool.fetchrow(_MESSAGE + "conversation = $2 and id = $3", organization, conversation, message)
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

    async def page(
        self, organization: OrganizationId, states: Sequence[State], before: tuple[datetime, str] | None, limit: int
    ) -> list[Conversation]:
        updated, id = before or (None, "")
        found = await self._pool.fetch(
            _LOAD
            + "where c.organization = $1 and (cardinality($2::text[]) = 0 or c.state = any($2))"
            + " and ($3::timestamptz is null or (c.updated, c.id) < ($3, $4))"
            + " order by c.updated desc, c.id desc limit $5",
            *(organization, [str(state) for state in states], updated, id, limit),
        )
        return [rows.conversation(row) for row in found]

    async def claim(
        self, lease: timedelta, limit: int, most: int = MAX_CLAIMED, taken: Mapping[OrganizationId, int] = NOTHING_TAKEN
    ) -> list[Conversation]:
        claimed = await self._pool.fetch(_CLAIM, lease, limit, most, list(taken), list(taken.values()))
        return [await self.load(row["organization"], row["id"]) for row in claimed]

    async def extend(self, turns: Sequence[tuple[OrganizationId, TurnId, int]], lease: timedelta) -> None:
        organizations, turn_ids, attempts = ([turn[i] for turn in turns] for i in range(3))
        await self._pool.execute(_EXTEND, organizations, turn_ids, attempts, lease)

    async def turn(self, organization: OrganizationId, conversation: ConversationId, turn: TurnId) -> Turn:
        sql = "select * from turn where organization = $1 and conversation = $2 and id = $3"
        row = await self._pool.fetchrow(sql, organization, conversation, turn)
        if row is None:
            raise TurnNotFound(turn)
        return rows.turn(row)

    async def turns(
        self, organization: OrganizationId, conversation: ConversationId, before: str | None, limit: int
    ) -> list[Turn]:
        found = await self._pool.fetch(
            "select * from turn where organization = $1 and conversation = $2 and ($3::text is null or id < $3)"
            " order by id desc limit $4",
            *(organization, conversation, before, limit),
        )
        return [rows.turn(row) for row in found]


class PostgresCustomers:
    """The port Customers."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def get(self, organization: OrganizationId, customer: CustomerId) -> Customer:
        row = await self._pool.fetchrow(_CUSTOMER + "and c.id = $2 group by c.organization, c.id", organization, customer)
        if row is None:
            raise CustomerNotFound(customer)
        return rows.customer(row)

    async def block(self, organization: OrganizationId, customer: CustomerId, since: datetime | None) -> None:
        await self._pool.execute(
            "update customer set blocked = case when $3::timestamptz is null then null else coalesce(blocked, $3) end"
            " where organization = $1 and id = $2",
            *(organization, customer, since),
        )

    async def page(
        self, organization: OrganizationId, query: str, before: tuple[datetime, str] | None, limit: int
    ) -> list[Customer]:
        updated, id = before or (None, "")
        found = await self._pool.fetch(
            _CUSTOMER
            + "and ($2 = '' or strpos(lower(c.display_name), lower($2)) > 0 or exists (select from address x"
            + " where x.organization = c.organization and x.customer = c.id and strpos(lower(x.value), lower($2)) > 0))"
            + " and ($3::timestamptz is null or (c.updated, c.id) < ($3, $4))"
            + " group by c.organization, c.id order by c.updated desc, c.id desc limit $5",
            *(organization, query, updated, id, limit),
        )
        return [rows.customer(row) for row in found]
