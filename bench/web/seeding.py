"""A large organization, written into the stores: 5,000 documents, 200 users, and 100,000 conversations with their messages.

One real conversation is copied with other ids, as `bench.growth.history` does, and then each copy gets words, a time, a state,
an agent, tags and a rating of its own by its number. No facts are written: the services' journals are left alone, and what
follows them (the agents' queue, transcripts, measurements for reports) is written as they would have.
"""

import asyncio
import json
from datetime import timedelta
from typing import Any

import asyncpg
from pymongo import MongoClient

from bench import chats
from bench.growth.history import COPY, HERE, as_pattern, own_rows
from services.core.domain.search_terms import search_terms, search_words
from stack.stores.mongo import Mongo
from stack.stores.postgres import Postgres
from stack.testing_stack import TestStack

ORGANIZATION = chats.CHANNEL.split("/")[1]
DOCUMENTS, USERS, CONVERSATIONS = 5_000, 200, 100_000
PORTION = 2_000
WORDS = ("tent", "lamp", "kettle", "jacket", "rucksack", "stove", "blanket", "mug", "bench", "axe")
TOPICS = (
    "Delivery of a {word} to {place} takes three working days; parcel {number} left our house this morning.",
    "You can return your {word} within 30 days, unopened, with the label that came with parcel {number}.",
    "Express delivery to {place} costs 12 euros for a {word}.",
    "We are sorry about the damaged {word}. Send us a picture of parcel {number} and we replace it.",
    "The address of order {number} can be changed to {place} until it leaves our house.",
    "The warranty of a {word} is five years from the day of the order.",
    "In {place} you can pay by card or on account for orders over {number} cents.",
    "Gift card {number} is worth 50 euros, and you can use it for a {word}.",
)
PLACES = ("Norway", "Portugal", "the islands", "Canada", "Vienna", "Ghent", "Osaka", "Lima", "Tartu", "Cork")
ACTIVE = 300
"""Conversations that wait or that an agent has; 100 each wait, are the signed-in agent's, and are others'."""
ONE = "select to_jsonb(t)::text from {table} t where organization = $1 and id = $2"
COPIES = """
insert into {table} select row.* from generate_series(1, $3::int) as n,
    jsonb_populate_record(null::{table}, $2::jsonb || {change}) as row
where row.organization = $1
"""
USER = """jsonb_build_object('id', 'person-' || n, 'email', 'person-' || n || '@example.com', 'request_id', null,
    'roles', to_jsonb(array[(array['agent', 'admin', 'agent'])[n % 3 + 1]]),
    'state', case n % 20 when 0 then 'DEACTIVATED' else 'ACTIVE' end,
    'display_name', concat_ws(' ', (array['Ada', 'Bert', 'Cleo', 'Dario', 'Edda'])[n % 5 + 1],
        (array['Lind', 'Moser', 'Okafor'])[n % 3 + 1], n),
    'created', now() - n * interval '1 hour')"""
SEAT = "jsonb_build_object('id', 'person-' || n, 'display_name', 'Person ' || n, 'shown', 'OFFLINE', 'chosen', 'OFFLINE')"
DOCUMENT = """jsonb_build_object('id', 'page-' || n, 'request_id', 'page-' || n, 'edition', '', 'content', '',
    'title', (array['Returning a ', 'Repairing a ', 'Choosing a ', 'Paying for a ', 'Sending a '])[n % 5 + 1]
        || ($4::text[])[n % 10 + 1] || ', part ' || n,
    'source', (array['text', 'file', 'web'])[n % 3 + 1],
    'file_name', case n % 3 when 1 then 'guide-' || n || '.pdf' else '' end,
    'source_uri', case n % 3 when 2 then 'https://shop.example/help/' || n else '' end,
    'state', case n % 25 when 0 then 'FAILED' else 'READY' end,
    'failure_reason', case n % 25 when 0 then 'no_text' else '' end,
    'failure_message', case n % 25 when 0 then 'It has no text.' else '' end,
    'created', now() - n * interval '10 minutes')"""
# `n` counts back in time; a conversation every four minutes is 100,000 in 278 days.
VARY = """
update core.conversation c set created = now() - s.n * interval '4 minutes', updated = now() - s.n * interval '4 minutes',
    state = case when s.n <= $2 / 3 then 'WAITING' when s.n <= $2 then 'ASSIGNED' when s.n % 20 < 3 then 'AUTOMATED'
        else 'CLOSED' end,
    agent = case when s.n <= $2 / 3 or s.n > $2 then null when s.n <= 2 * $2 / 3 then 'agent'
        else 'person-' || s.n % 200 + 1 end,
    agent_display_name = case when s.n > $2 / 3 and s.n <= $2 then 'Someone' else '' end,
    epoch = case when s.n <= $2 then 2 else 1 end,
    answered_seq = case s.n % 20 when 0 then 0 else c.last_seq end,
    tags = case when s.n % 10 = 0 then '{returns}' when s.n % 500 = 7 then '{damaged,urgent}' else '{}' end::text[],
    rating = case when s.n % 7 = 0 then (s.n / 7) % 5 + 1 end, rated = case when s.n % 7 = 0 then now() end,
    subject = case s.n % 3 when 0 then 'Order ' || s.n else '' end
from (
    select id, ('x' || right(id, 6))::bit(24)::int as n from core.conversation
    where organization = $1 and id like $3 and right(id, 6) ~ '^[0-9a-f]{6}$'
) s
where c.organization = $1 and c.id = s.id
"""
SAY = """
update core.message m set text = t.texts[case m.role when 'CUSTOMER' then 1 else 2 end], citations = '[]'
from said t where m.organization = $1 and m.conversation = t.conversation
"""
NAME = """
update core.customer set display_name = case when n % 2 = 0 then 'Customer ' || n else '' end
from (
    select id as own, ('x' || right(id, 6))::bit(24)::int as n from core.customer
    where organization = $1 and id like $2 and right(id, 6) ~ '^[0-9a-f]{6}$'
) s
where organization = $1 and id = own
"""
CUSTODY = """
insert into agent.custody select organization, id, epoch from core.conversation where organization = $1 and epoch = 2
"""
HANDOVER = """
insert into agent.handover
select organization, id, id, '', 'PENDING', 'asked for a human', '', channel, 'Where is my parcel?', updated,
    null, null, '', '{}', null
from core.conversation where organization = $1 and state = 'WAITING' and epoch = 2
"""
ASSIGNMENT = """
insert into agent.assignment select organization, id, id, agent, agent_display_name, '', channel, epoch,
    'Where is my parcel?', 1, updated, null, null, updated
from core.conversation where organization = $1 and state = 'ASSIGNED' and epoch = 2
"""
MEASURE = """
insert into admin.report_fact select c.organization, c.id, m.measure, '', c.updated, c.channel, '', m.bin, m.value
from core.conversation c cross join (values ('started', 0, 0), ('answered_alone', 0, 0), ('unanswered', 0, 0), ('rating', 0, 4),
    ('assistant_response', 40, 1200), ('cost', 0, 350)) as m(measure, bin, value)
where c.organization = $1 and c.epoch = 1 and c.last_seq > 0 and case m.measure when 'unanswered' then c.answered_seq = 0
    when 'rating' then c.rating is not null when 'answered_alone' then c.state = 'CLOSED' else true end
on conflict do nothing
"""
SUM = """
insert into admin.report_sum select organization, minutes, measure,
    date_bin(minutes * interval '1 minute', at, timestamptz 'epoch'), channel, agent, bin, count(*), sum(value)
from admin.report_fact cross join unnest(array[15, 60, 1440]::smallint[]) as width(minutes) where organization = $1
group by 1, 2, 3, 4, 5, 6, 7
"""


def seed(stack: TestStack, part: int = 1) -> None:
    """Fills the demo shop; with the `part`-th of everything but the active conversations, for a look."""
    asyncio.run(_seed(stack, part))


async def _seed(stack: TestStack, part: int) -> None:
    connection = await asyncpg.connect(Postgres(stack.home, stack.ports.postgres).admin_url(), command_timeout=1800)
    try:
        await _people(connection, USERS)
        await _documents(connection, DOCUMENTS // part)
        await _conversations(connection, stack, CONVERSATIONS // part)
        for statement in (CUSTODY, HANDOVER, ASSIGNMENT, "delete from admin.report_sum where organization = $1", MEASURE, SUM):
            await connection.execute(statement, ORGANIZATION)
        await connection.execute("vacuum analyze")
        await connection.execute("checkpoint")
    finally:
        await connection.close()


async def _people(connection: Any, count: int) -> None:
    """Users, and a seat for each that is already an agent's kind."""
    user = await connection.fetchval(ONE.format(table="admin.organization_user"), ORGANIZATION, "agent")
    await connection.execute(COPIES.format(table="admin.organization_user", change=USER), ORGANIZATION, user, count)
    first = "select to_jsonb(t)::text from agent.agent t where organization = $1 limit 1"
    seat = await connection.fetchval(first, ORGANIZATION)
    if seat is not None:
        await connection.execute(COPIES.format(table="agent.agent", change=SEAT), ORGANIZATION, seat, count)


async def _documents(connection: Any, count: int) -> None:
    page = await connection.fetchval(ONE.format(table="memory.document"), ORGANIZATION, "returns")
    await connection.execute(COPIES.format(table="memory.document", change=DOCUMENT), ORGANIZATION, page, count, list(WORDS))
    knows = "update memory.knowledge set documents = documents + $2 where organization = $1"
    await connection.execute(knows, ORGANIZATION, count)


async def _conversations(connection: Any, stack: TestStack, count: int) -> None:
    name = await _converse(stack)
    customer = await connection.fetchval(
        "select customer from core.conversation where organization = $1 and id = $2", ORGANIZATION, name
    )
    owners = {"customer": ("id", customer), "identity": ("customer", customer), "conversation": ("id", name)}
    rows = {
        table: await own_rows(connection, table, ORGANIZATION, *owners.get(table, ("conversation", name)), timedelta())
        for table in ("customer", "identity", "conversation", "message")
    }
    for first in range(1, count + 1, PORTION):
        last = min(first + PORTION - 1, count)
        async with connection.transaction():
            for table, patterns in rows.items():
                await connection.execute(COPY.format(table=table), patterns, first, last, HERE)
    said = [(numbered(name, n), [question(n), answer(n)]) for n in range(1, count + 1)]
    await connection.execute("create temporary table said (conversation text primary key, texts text[])")
    await connection.copy_records_to_table("said", records=said)
    await connection.execute(VARY, ORGANIZATION, ACTIVE, name[: -len(HERE)] + "%")
    await connection.execute(SAY, ORGANIZATION)
    await connection.execute(NAME, ORGANIZATION, customer[: -len(HERE)] + "%")
    await asyncio.to_thread(_transcripts, stack, name, count)


async def _converse(stack: TestStack) -> str:
    """Asks one question, and waits until it is in the transcripts; the conversation's id."""
    customers, results = chats.Customers(stack.gateway.removeprefix("http://"), 100, connections=1), chats.Results()
    try:
        session = await customers.open()
        async with customers.watch(session) as frames:
            await customers.ask(session, frames, 0.0, results)
    finally:
        await customers.close()
    if results.answers != 1:
        raise SystemExit("The conversation that is to be copied did not come about.")
    name = session.conversation.rpartition("/")[2]
    with MongoClient[dict[str, Any]](Mongo(stack.home, stack.ports.mongo).url) as client:
        async with asyncio.timeout(60):
            while client["core"]["messages"].count_documents({"conversation": name}) < 2:
                await asyncio.sleep(0.1)
    return name


def _transcripts(stack: TestStack, name: str, count: int) -> None:
    """The copies' transcripts."""
    with MongoClient[dict[str, Any]](Mongo(stack.home, stack.ports.mongo).url, tz_aware=True) as client:
        core = client["core"]
        conversation = core["conversations"].find_one({"conversation": name})
        assert conversation is not None
        messages = list(core["messages"].find({"conversation": name}).sort("seq"))
        for first in range(1, count + 1, PORTION):
            numbers = range(first, min(first + PORTION, count + 1))
            core["conversations"].insert_many([copied(conversation, n) for n in numbers], ordered=False)
            core["messages"].insert_many([_said(message, n) for n in numbers for message in messages], ordered=False)
            print(f"\r  {numbers[-1]:,} conversations", end="", flush=True)
        print()


def _said(message: dict[str, Any], number: int) -> dict[str, Any]:
    text = question(number) if message["role"] == "CUSTOMER" else answer(number)
    found_by = {"search_terms": search_terms(text), "words": search_words(text)}
    return {**copied(message, number), "text": text, **found_by, "citations": []}


def copied(row: dict[str, Any], number: int) -> dict[str, Any]:
    """A document of MongoDB with the copy's ids."""
    texts = {key: value for key, value in row.items() if isinstance(value, str)}
    copied: dict[str, Any] = json.loads(as_pattern(json.dumps(texts), timedelta()).replace(HERE, f"{number:06x}"))
    return {**row, **copied}


def numbered(id: str, number: int) -> str:
    """A copy's id."""
    return f"{id[: -len(HERE)]}{number:06x}"


def question(number: int) -> str:
    """A copy's question."""
    topic = chats.TOPICS[number % len(chats.TOPICS)]
    return topic.format(place=PLACES[number // 3 % 10], thing=WORDS[number // 7 % 10], number=number * 7919 % 100_000) + "?"


def answer(number: int) -> str:
    """Its answer."""
    topic = TOPICS[number % len(TOPICS)]
    return topic.format(place=PLACES[number // 3 % 10], word=WORDS[number // 7 % 10], number=number * 7919 % 100_000)
