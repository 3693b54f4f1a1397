"""A long past, written into core's tables and journal: one real conversation, copied with other ids at an earlier date.

So every row and every fact has the form that the code writes, and tables and journal agree, as `frontdesk verify` says. All of
it is the demo shop's, and so in one shard, where its new messages go too: the worst case.
"""

import json
import re
from datetime import timedelta
from typing import Any

import asyncpg

from bench import chats
from bench.__main__ import TOKENS, Bench
from bench.growth.stores import postgres
from kit.clock import utc_now
from kit.journal import shard_of

ORGANIZATION = chats.CHANNEL.split("/")[1]
TURNS = 6
"""Of the conversation that is copied: 25 facts with its opening."""
AGO = timedelta(days=60)
"""Older than channel's records of forwarded messages: channel has swept them."""
PORTION = 1_000
"""Copies in a transaction."""
ID = re.compile(r"\b[0-9a-hjkmnp-tv-z]{26}\b")
HERE = "~~~~~~"
"""Where a copy's number goes, in place of the last characters of an id."""
TABLES = ("customer", "identity", "conversation", "turn", "message")

_OWN = """
select to_jsonb(t)::text from core.{table} t
where organization = $1 and {column} = $2 {order}
"""
COPY = """
insert into core.{table}
select row.* from unnest($1::text[]) with ordinality as doc (text, n), generate_series($2::int, $3::int) as copy,
    jsonb_populate_record(null::core.{table}, replace(doc.text, $4, lpad(to_hex(copy), 6, '0'))::jsonb) as row
order by copy, doc.n
"""
# The ids in a payload are text of a fixed length, so a copy's number replaces the mark there too.
_ADD_FACTS = """
with counter as (
    update core.shard set position = position + cardinality($1::text[]) * ($3::int - $2::int + 1)
    where shard = $5::smallint returning position
)
insert into core.event (shard, position, organization, kind, subject, labels, payload, created)
select $5::smallint, counter.position - cardinality($1::text[]) * ($3::int - copy + 1) + doc.n, row.organization, row.kind,
    row.subject, row.labels, decode(replace(
        encode(row.payload, 'hex'), encode(convert_to($4, 'UTF8'), 'hex'),
        encode(convert_to(lpad(to_hex(copy), 6, '0'), 'UTF8'), 'hex')
    ), 'hex'), row.created
from counter, unnest($1::text[]) with ordinality as doc (text, n), generate_series($2::int, $3::int) as copy,
    jsonb_populate_record(null::core.event, replace(doc.text, $4, lpad(to_hex(copy), 6, '0'))::jsonb) as row
"""
_CUSTOMER = "select customer from core.conversation where organization = $1 and id = $2"
_PAST = """
select (to_jsonb(e) - 'payload')::text as row, payload from core.event e
where shard = $1 and (subject like '%/conversations/' || $2 || '%' or subject like '%/customers/' || $3) order by position
"""
# The copied conversation itself: positions and times go up together, by which followers find what is recent.
_AGE = "update core.event set created = created - $1::interval where shard = $2 and position <= $3"
_SWEEP = "delete from channel.inbound where organization = $1 and conversation = $2"


async def write(bench: Bench, facts: int) -> int:
    """Writes at least so many facts of the demo shop's past; how many it became."""
    name = await _converse(bench)
    connection = await asyncpg.connect(postgres(bench).admin_url())
    try:
        shard = shard_of(ORGANIZATION)
        end = await connection.fetchval("select position from core.shard where shard = $1", shard)
        written = await copy(connection, name, facts)
        await connection.execute(_AGE, AGO, shard, end)
        await connection.execute(_SWEEP, ORGANIZATION, name)
        return written
    finally:
        await connection.close()


async def copy(connection: Any, name: str, facts: int, ago: timedelta = AGO, organization: str = ORGANIZATION) -> int:
    """Copies a conversation, by its id, until there are at least so many facts; how many it became."""
    customer = await connection.fetchval(_CUSTOMER, organization, name)
    past = await connection.fetch(_PAST, shard_of(organization), name, customer)
    events = [_event(row["row"], row["payload"], ago) for row in past]
    owners = {"customer": ("id", customer), "identity": ("customer", customer), "conversation": ("id", name)}
    tables = {
        table: await own_rows(connection, table, organization, *owners.get(table, ("conversation", name)), ago)
        for table in TABLES
    }
    copies = -(-facts // len(events))
    for first in range(1, copies + 1, PORTION):
        last = min(first + PORTION - 1, copies)
        async with connection.transaction():
            for table, rows in tables.items():
                await connection.execute(COPY.format(table=table), rows, first, last, HERE, timeout=600)
            await connection.execute(_ADD_FACTS, events, first, last, HERE, shard_of(organization), timeout=600)
        print(f"\r  {last * len(events):,} facts", end="", flush=True)
    print()
    return copies * len(events)


def as_pattern(row: str, ago: timedelta = AGO) -> str:
    """A row's JSON with a mark in each id where a copy's number goes, and at an earlier date."""
    marked = ID.sub(lambda id: id[0][: -len(HERE)] + HERE, row)
    today, then = (f"{moment:%Y-%m-%d}T" for moment in (utc_now(), utc_now() - ago))
    return marked.replace(today, then)


def _event(row: str, payload: bytes, ago: timedelta) -> str:
    """A fact's row as a pattern, with its payload."""
    marked = re.sub(ID.pattern.encode(), lambda id: id[0][: -len(HERE)] + HERE.encode(), payload)
    fields: dict[str, object] = json.loads(as_pattern(row, ago))
    return json.dumps({**fields, "payload": f"\\x{marked.hex()}"})


async def _converse(bench: Bench) -> str:
    """Has a conversation; its id."""
    customers, results = chats.Customers(bench.gateway, TOKENS, connections=1), chats.Results()
    try:
        session = await customers.open()
        async with customers.watch(session) as frames:
            for _ in range(TURNS):
                await customers.ask(session, frames, 0.0, results)
    finally:
        await customers.close()
    if results.answers != TURNS:
        raise SystemExit("The conversation that is to be copied did not come about.")
    return session.conversation.rpartition("/")[2]


async def own_rows(connection: Any, table: str, organization: str, column: str, value: str, ago: timedelta) -> list[str]:
    """A conversation's rows in a table, as patterns."""
    order = {"turn": "order by id", "message": "order by seq"}.get(table, "")
    found = await connection.fetch(_OWN.format(table=table, column=column, order=order), organization, value)
    return [as_pattern(row[0], ago) for row in found]
