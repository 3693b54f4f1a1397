"""The conversation's summary: written after a turn whose prompt lacked messages, given to the next, erased with its text."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from frontdesk.core import v1 as pb
from pydantic import SecretStr

from kit import erasure
from kit.ids import OrganizationId
from stack.testing import TestStores
from tests.rpc.core import model as models
from tests.rpc.core.conftest import Desk, Knowledge, run_core
from tests.rpc.core.model import Model
from tests.rpc.core.test_steps import prompt_of, steps_of

pytestmark = pytest.mark.timeout(60)
LONG = "Ann writes about order A-7, and it is brown. " * 25


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    """Writes summaries that are numbered by their order."""
    async with Model().serving() as running:
        reply, written = running.usual, 0

        async def answer(writer: asyncio.StreamWriter) -> None:
            nonlocal written
            if running.asked[-1].get("stream"):
                await reply(writer)
            else:
                written += 1
                await models.short(f"Summary {written}: Ann has\u0000 order A-7.\n")(writer)

        running.usual = answer
        yield running


@pytest.fixture
def postgres_url(stores: TestStores) -> str:
    return stores.emptied_urls("core")["core"]


@pytest.fixture
async def database(postgres_url: str, desk: Desk) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()


@pytest.fixture
async def desk(stores: TestStores, tmp_path: Path, postgres_url: str, model: Model) -> AsyncIterator[Desk]:
    settings = {"assistant": "openai", "openai_base_url": model.url, "openai_api_key": SecretStr("sk-secret")}
    settings |= {"openai_model": "gpt-4o", "openai_query_seconds": 0, "openai_judge_seconds": 0, "context_tokens": 1_200}
    async with run_core(stores, tmp_path, postgres_url, Knowledge(), **settings) as running:
        yield running


async def say(desk: Desk, conversation: pb.Conversation, number: int) -> pb.Message:
    """Message 2 * `number` - 1, and its answer."""
    await desk.say(conversation, f"{number}: How long can I return a parcel? {LONG}", f"m{number}")
    return (await desk.until(conversation, 2 * number))[-1]


async def summarized(database: asyncpg.Connection, until: int) -> None:
    async with asyncio.timeout(20):
        while (await database.fetchval("select max(until) from summary") or 0) < until:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def talk(desk: Desk, conversation: pb.Conversation, database: asyncpg.Connection) -> pb.Message:
    """A conversation that has a summary; the last answer before it."""
    for number in range(1, 6):
        answer = await say(desk, conversation, number)
        left_out = (await steps_of(desk, answer.turn))[1].model_call.prompt.left_out_messages
        if left_out:
            await summarized(database, left_out[-1].messages.last_seq)
            return answer
    raise AssertionError("everything fits")


async def test_the_next_prompt_has_a_summary_of_what_it_lacks(desk: Desk, model: Model, database: asyncpg.Connection) -> None:
    conversation = await desk.open("long")
    before = await talk(desk, conversation, database)
    recall, reply, wrote = await steps_of(desk, before.turn)
    assert (recall.HasField("recall"), reply.model_call.message) == (True, before.name)
    folded = wrote.model_call
    assert folded.purpose == pb.MODEL_CALL_PURPOSE_SUMMARIZE
    assert folded.output.string_value == "Summary 1: Ann has order A-7."
    assert (folded.tokens.input_tokens, folded.cost.nanos > 0, folded.prompt.summary_last_seq) == (50, True, 0)
    until = folded.prompt.messages[-1].last_seq
    rebuilt = await prompt_of(desk, wrote)
    assert (rebuilt.exact, rebuilt.request) == (True, model.bodies[-1])

    number = int(before.seq) // 2 + 1
    after = await say(desk, conversation, number)
    sent = next(body for body in reversed(model.bodies) if json.loads(body).get("stream"))
    system, first = json.loads(sent)["messages"][:2]
    assert first["content"].startswith("<summary-")
    assert "\nSummary 1: Ann has order A-7.\n</summary-" in first["content"]
    assert "Ann" not in system["content"]
    steps = await steps_of(desk, after.turn)
    prompt = steps[1].model_call.prompt
    assert (list(prompt.steps), prompt.summary_last_seq) == ([steps[0].name, wrote.name], until)
    assert prompt.token_count <= prompt.token_budget == 1_200

    await summarized(database, until + 1)
    assert await database.fetchval("select text from summary") == "Summary 2: Ann has order A-7."
    again = await prompt_of(desk, steps[1])
    assert (again.exact, again.request) == (True, sent), "though a newer one has replaced it"
    last = (await steps_of(desk, after.turn))[-1]
    assert (last.model_call.prompt.summary_last_seq, (await prompt_of(desk, last)).exact) == (until, True)
    given = json.loads(json.loads(model.bodies[-1])["messages"][1]["content"])
    assert given["summary"] == "Summary 1: Ann has order A-7."
    assert not await database.fetchval("select count(*) from job where queue = 'summaries'")
    await database.execute("delete from turn_step where turn = $1", wrote.name.split("/")[5])
    gone = await prompt_of(desk, steps[1])
    assert not gone.exact
    assert "\n[erased]\n" in gone.messages[1].text


async def test_a_summary_goes_with_its_customer_and_none_comes_after(
    desk: Desk, model: Model, database: asyncpg.Connection
) -> None:
    conversation = await desk.open("goes")
    before = await talk(desk, conversation, database)
    asked, answered, usual = asyncio.Event(), asyncio.Event(), model.usual

    async def late(writer: asyncio.StreamWriter) -> None:
        if not model.asked[-1].get("stream"):
            asked.set()
            await answered.wait()
        await usual(writer)

    model.usual = late
    await say(desk, conversation, int(before.seq) // 2 + 1)
    async with asyncio.timeout(20):
        await asked.wait()
    assert await database.fetchval("select count(*) from summary") == 1
    delete = pb.DeleteCustomerRequest(name=conversation.customer)
    await desk.customers.DeleteCustomer(delete, metadata=desk.as_user("core.customers.delete"))
    async with asyncio.timeout(20):
        while await database.fetchval("select count(*) from summary"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        answered.set()
        while await database.fetchval("select count(*) from job where queue = 'summaries'"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert await database.fetchval("select (select count(*) from summary) + (select count(*) from turn_step)") == 0


async def test_a_summary_goes_with_its_organization(
    desk: Desk, model: Model, database: asyncpg.Connection, postgres_url: str
) -> None:
    await talk(desk, await desk.open("all"), database)
    async with asyncpg.create_pool(postgres_url, min_size=1, max_size=1) as pool:
        rows = erasure.Rows(pool)
        while await rows.erase(OrganizationId("acme")):
            pass
    assert await database.fetchval("select count(*) from summary") == 0
