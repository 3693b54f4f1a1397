"""Conversations and customers in PostgreSQL. Each change is one statement, fenced by the conversation's revision."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from kit import ids, journal
from kit.clock import utc_now
from services.core.adapters import rows
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
    OrganizationId,
    State,
    Turn,
    TurnId,
    TurnNotFound,
)
from services.core.ports import AlreadySaid, Conflict

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

# One statement, so that a change costs one round trip and holds no lock while Python thinks. Its parts see the row of
# `conversation` only if the revision is still the one that was decided on; the journal's counter comes last.
_COMMIT = """
with changed as (
    update conversation set
        state = $4, agent = $5, agent_display_name = $6, epoch = $7, last_seq = $8, last_customer_seq = $9, tags = $10,
        handover_reason = $11, updated = $12, revision = $3 + 1
    where organization = $1 and id = $2 and revision = $3
    returning 1
), turns as (
    insert into turn (
        organization, conversation, id, state, epoch, answers_seq, created, due, attempt, supersedes, assistant,
        input_tokens, output_tokens, recalled, error, finished, lease_until
    )
    select $1, $2, t.id, t.state, t.epoch, t.answers_seq, t.created, t.due, t.attempt, t.supersedes, t.assistant,
        t.input_tokens, t.output_tokens, t.recalled::jsonb, t.error, t.finished,
        case t.state when 'RUNNING' then clock_timestamp() + $13 end
    from changed, unnest(
        $14::text[], $15::text[], $16::bigint[], $17::bigint[], $18::timestamptz[], $19::timestamptz[], $20::int[],
        $21::int[], $22::text[], $23::int[], $24::int[], $25::text[], $26::text[], $27::timestamptz[]
    ) as t (
        id, state, epoch, answers_seq, created, due, attempt, supersedes, assistant, input_tokens, output_tokens, recalled,
        error, finished
    )
    on conflict (organization, id) do update set
        state = excluded.state, answers_seq = excluded.answers_seq, due = excluded.due, attempt = excluded.attempt,
        assistant = excluded.assistant, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
        recalled = excluded.recalled, error = excluded.error, finished = excluded.finished, lease_until = excluded.lease_until
), messages as (
    insert into message (
        organization, conversation, id, seq, role, author, author_display_name, kind, text, markdown, note, sources, turn,
        epoch, source, request_id, created
    )
    select $1, $2, m.id, m.seq, m.role, m.author, m.author_display_name, m.kind, m.text, m.markdown, m.note,
        m.sources::jsonb, m.turn, m.epoch, m.source, m.request_id, m.created
    from changed, unnest(
        $28::text[], $29::bigint[], $30::text[], $31::text[], $32::text[], $33::text[], $34::text[], $35::boolean[],
        $36::boolean[], $37::text[], $38::text[], $39::bigint[], $40::text[], $41::text[], $42::timestamptz[]
    ) as m (
        id, seq, role, author, author_display_name, kind, text, markdown, note, sources, turn, epoch, source, request_id,
        created
    )
), counter as (
    update shard set position = position + cardinality($44::text[])
    where shard = $43 and exists (select from changed)
    returning position
), events as (
    insert into event (shard, position, organization, kind, payload, trace)
    select $43, counter.position - cardinality($44::text[]) + item.n, $1, item.kind, item.payload::jsonb, $46
    from counter, unnest($44::text[], $45::text[]) with ordinality as item (kind, payload, n)
)
select count(*) from changed
"""

# The conversation is locked with its turn, and whatever is locked is left out: a commit locks the conversation first and then
# the turn, and a claim that waited for the one while it held the other would deadlock with it.
_FIND = f"""
select c.*, {_TURN}, a.customer as owner
from (select 1) as one
left join address a on a.organization = $1 and a.kind = $3 and a.value = $4
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
        organization, id, customer, channel, address_kind, address_value, state, created, updated
    )
    values ($1, $5, $6, $2, $3, $4, 'AUTOMATED', $10, $10)
), counter as (
    update shard set position = position + 1 where shard = $11 returning position
)
insert into event (shard, position, organization, kind, payload, trace)
select $11, counter.position, $1, $12, $13::text::jsonb, $14 from counter
"""

_CLAIM = """
with due as (
    select t.organization, t.id, t.conversation
    from turn t join conversation c on c.organization = t.organization and c.id = t.conversation
    where (t.state = 'PENDING' and t.due <= clock_timestamp()) or (t.state = 'RUNNING' and t.lease_until < clock_timestamp())
    order by t.due limit $2 for update of c, t skip locked
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
returning t.id
"""
_CUSTOMER = """
select c.*, array_agg(a.kind order by a.kind, a.value) filter (where a.kind is not null) as kinds,
    array_agg(a.value order by a.kind, a.value) filter (where a.kind is not null) as values
from customer c left join address a on a.organization = c.organization and a.customer = c.id
where c.organization = $1
"""


def _opened(organization: OrganizationId, channel: ChannelId, owner: str | None) -> Conversation:
    now = utc_now()
    return Conversation(
        organization=organization,
        id=ConversationId(ids.new()),
        customer=CustomerId(owner or ids.new()),
        channel=channel,
        state=State.AUTOMATED,
        created=now,
        updated=now,
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


class PostgresConversations:
    """The port Conversations."""

    def __init__(self, pool: Any, log: journal.Journal, lease: timedelta = LEASE) -> None:
        self._pool = pool
        self._journal = log
        self._lease = lease

    async def open(
        self, organization: OrganizationId, channel: ChannelId, address: Address, display_name: str, locale: str
    ) -> Conversation:
        while True:
            found = await self._pool.fetchrow(_FIND, organization, channel, address.kind, address.value)
            if found["id"]:
                return rows.conversation(found)
            conversation = _opened(organization, channel, found["owner"])
            shard, _, kinds, payloads, trace = journal.arguments(organization, [ConversationOpened(conversation)])
            try:
                await self._pool.execute(
                    _OPEN,
                    *(organization, channel, address.kind, address.value, conversation.id, conversation.customer),
                    *(found["owner"] is None, display_name, locale, conversation.created),
                    *(shard, kinds[0], payloads[0], trace),
                )
            except asyncpg.UniqueViolationError:
                continue  # somebody else opened it at the same time
            self._journal.hint(organization)
            return conversation

    async def load(self, organization: OrganizationId, conversation: ConversationId) -> Conversation:
        row = await self._pool.fetchrow(_LOAD + "where c.organization = $1 and c.id = $2", organization, conversation)
        if row is None:
            raise ConversationNotFound(conversation)
        return rows.conversation(row)

    async def commit(self, change: Change) -> None:
        c = change.after
        shard, _, kinds, payloads, trace = journal.arguments(c.organization, change.facts)
        try:
            count = await self._pool.fetchval(
                _COMMIT,
                *(c.organization, c.id, c.revision - 1, c.state, c.agent, c.agent_display_name, c.epoch, c.last_seq),
                *(c.last_customer_seq, c.tags, c.handover_reason, c.updated, self._lease),
                *_turn_columns(change.turns),
                *_message_columns(change.messages),
                *(shard, kinds, payloads, trace),
            )
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name in ("message_by_source", "message_by_id"):
                raise AlreadySaid from error
            raise Conflict from error
        if not count:
            raise Conflict
        if change.facts:
            self._journal.hint(c.organization)

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

    async def claim(self, lease: timedelta, limit: int) -> list[Conversation]:
        claimed = await self._pool.fetch(_CLAIM, lease, limit)
        return [await self.load(row["organization"], row["id"]) for row in claimed]

    async def extend(self, turns: Sequence[tuple[OrganizationId, TurnId, int]], lease: timedelta) -> set[TurnId]:
        organizations, turn_ids, attempts = ([turn[i] for turn in turns] for i in range(3))
        return {row["id"] for row in await self._pool.fetch(_EXTEND, organizations, turn_ids, attempts, lease)}

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


def _turn_columns(turns: Sequence[Turn]) -> list[list[object]]:
    return [
        [t.id for t in turns],
        [t.state for t in turns],
        [t.epoch for t in turns],
        [t.answers_seq for t in turns],
        [t.created for t in turns],
        [t.due for t in turns],
        [t.attempt for t in turns],
        [t.supersedes for t in turns],
        [t.assistant for t in turns],
        [t.input_tokens for t in turns],
        [t.output_tokens for t in turns],
        [_json(t.recalled) for t in turns],
        [t.error for t in turns],
        [t.finished for t in turns],
    ]


def _message_columns(messages: Sequence[Message]) -> list[list[object]]:
    return [
        [m.id for m in messages],
        [m.seq for m in messages],
        [m.role for m in messages],
        [m.author for m in messages],
        [m.author_display_name for m in messages],
        [m.kind for m in messages],
        [m.text for m in messages],
        [m.markdown for m in messages],
        [m.note for m in messages],
        [_json(m.sources) for m in messages],
        [m.turn for m in messages],
        [m.epoch for m in messages],
        [m.source for m in messages],
        [m.request_id for m in messages],
        [m.created for m in messages],
    ]
