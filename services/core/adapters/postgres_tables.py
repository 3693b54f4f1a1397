"""Core's tables, recounted against its journal in SQL. A shard is compared as of one moment: later commits do not matter."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from kit.journal import SHARDS, shard_of
from kit.recounts import Recount

LONG_SECONDS = 300

_ORGANIZATIONS = "select organization from conversation union select organization from event"

_JOURNAL = """
select s.position as counted, array_remove(array[
    case when s.position <> coalesce(max(e.position), 0) then 'shard ' || s.shard || ' does not end where its counter says' end,
    case when count(e.position) <> coalesce(max(e.position), 0) then 'shard ' || s.shard || ' has gaps' end
], null) as differences
from shard s left join event e on e.shard = s.shard where s.shard = $1 and $2::text[] is not null group by s.shard
"""

# Each gives how many things the journal tells of, and what is wrong with the table's.
_MESSAGES = """
with told as (
    select organization, payload -> 'conversation' ->> 'id' as conversation, payload -> 'message' as m
    from event where shard = $1 and kind = 'MessageCreated'
), compared as (
    select coalesce(k.organization, t.organization) || '/' || coalesce(k.id, m ->> 'id') as name, case
        when k.id is null then 'is missing'
        when m is null then 'is not in the journal'
        when k.erased then case
            when k.text <> '' or k.content is not null or k.sources <> '[]' then 'is erased and still says something'
            when (k.conversation, k.seq, k.role, k.created)
                is distinct from (t.conversation, (m ->> 'seq')::bigint, m ->> 'role', (m ->> 'created')::timestamptz)
            then 'differs'
        end
        when (k.conversation, k.seq, k.role, k.author, k.author_display_name, k.kind, k.text, k.markdown, k.note, k.sources,
                k.turn, k.epoch, k.source, k.request_id, k.created, k.content)
            is distinct from (t.conversation, (m ->> 'seq')::bigint, m ->> 'role', m ->> 'author', m ->> 'author_display_name',
                m ->> 'kind', m ->> 'text', (m ->> 'markdown')::boolean, (m ->> 'note')::boolean, m -> 'sources', m ->> 'turn',
                (m ->> 'epoch')::bigint, m ->> 'source', m ->> 'request_id', (m ->> 'created')::timestamptz,
                nullif(m -> 'content', 'null'))
        then 'differs'
    end as wrong
    from told t full join (select * from message where organization = any($2)) k
        on k.organization = t.organization and k.id = m ->> 'id'
)
select (select count(*) from told) as counted,
    array(select 'message ' || name || ' ' || wrong from compared where wrong is not null order by name) as differences
"""

# A claim raises the revision, and a retry the time of the update, without a fact: the table may be ahead in both.
# What was told before there was an `answered_seq` says nothing of it.
_CONVERSATIONS = """
with told as (
    select distinct on (organization, payload -> 'conversation' ->> 'id') organization, payload -> 'conversation' as c
    from event where shard = $1 and payload ? 'conversation'
    order by organization, payload -> 'conversation' ->> 'id', position desc
), compared as (
    select coalesce(k.organization, t.organization) || '/' || coalesce(k.id, c ->> 'id') as name, case
        when k.id is null then 'is missing'
        when c is null then 'is not in the journal'
        when k.revision < (c ->> 'revision')::bigint or k.updated < (c ->> 'updated')::timestamptz then 'is older than told'
        when (k.customer, k.channel, k.state, k.agent, k.agent_display_name, k.epoch, k.last_seq, k.last_customer_seq,
                k.answered_seq, to_jsonb(k.tags), k.handover_reason, k.created)
            is distinct from (c ->> 'customer', c ->> 'channel', c ->> 'state', c ->> 'agent', c ->> 'agent_display_name',
                (c ->> 'epoch')::bigint, (c ->> 'last_seq')::bigint, (c ->> 'last_customer_seq')::bigint,
                coalesce((c ->> 'answered_seq')::bigint, k.answered_seq), c -> 'tags', c ->> 'handover_reason',
                (c ->> 'created')::timestamptz)
        then 'differs'
    end as wrong
    from told t full join (select * from conversation where organization = any($2)) k
        on k.organization = t.organization and k.id = c ->> 'id'
)
select (select count(*) from told) as counted,
    array(select 'conversation ' || name || ' ' || wrong from compared where wrong is not null order by name) as differences
"""

_TURNS = """
with told as (
    select organization, payload ->> 'turn' as turn, min(payload -> 'conversation' ->> 'id') as conversation,
        count(*) filter (where kind = 'TurnStarted') as started, count(*) filter (where kind = 'TurnEnded') as ended,
        min(payload ->> 'state') as state, min((payload ->> 'attempt')::int) as attempt
    from event where shard = $1 and kind in ('TurnStarted', 'TurnEnded') group by organization, payload ->> 'turn'
), compared as (
    select coalesce(k.organization, t.organization) || '/' || coalesce(k.id, t.turn) as name, case
        when k.id is null then 'is missing'
        when t.turn is null then 'is not in the journal'
        when t.started <> 1 or t.ended > 1 then 'is told ' || t.started || ' times to start and ' || t.ended || ' times to end'
        when t.ended = 0 and k.state not in ('PENDING', 'RUNNING') then 'has ended in the table alone'
        when t.conversation <> k.conversation or (t.ended = 1 and (k.state, k.attempt) <> (t.state, t.attempt)) then 'differs'
    end as wrong
    from told t full join (select * from turn where organization = any($2)) k
        on k.organization = t.organization and k.id = t.turn
)
select (select count(*) from told) as counted,
    array(select 'turn ' || name || ' ' || wrong from compared where wrong is not null order by name) as differences
"""

_CHECKS = {"journal": _JOURNAL, "messages": _MESSAGES, "conversations": _CONVERSATIONS, "turns": _TURNS}


class PostgresTables:
    """The port Tables."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def recount(self) -> AsyncIterator[Recount]:
        by_shard: defaultdict[int, list[str]] = defaultdict(list)
        async with self._long_transaction() as connection:
            for row in await connection.fetch(_ORGANIZATIONS, timeout=LONG_SECONDS):
                by_shard[shard_of(row["organization"])].append(row["organization"])
        for store, check in _CHECKS.items():
            recount = Recount(store)
            for shard in range(SHARDS):
                async with self._long_transaction() as connection:
                    row = await connection.fetchrow(check, shard, by_shard[shard], timeout=LONG_SECONDS)
                recount.add(row["counted"], row["differences"])
            yield recount

    @asynccontextmanager
    async def _long_transaction(self) -> AsyncIterator[Any]:
        """A connection that may take its time, and changes nothing."""
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            await connection.execute(f"set local statement_timeout = '{LONG_SECONDS}s'")
            yield connection
