"""An operator's checks and repairs: `frontdesk verify` and `frontdesk rebuild transcripts`, on the running stack."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from frontdesk.core.internal import v1 as internal
from pymongo import MongoClient

from kit import client
from kit.errors import FrontdeskError
from stack.stores.mongo import Mongo
from stack.stores.postgres import Postgres
from stack.testing_stack import TestStack
from tests.e2e.clients import ORGANIZATION, Agent, Customer, Gateway

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


@pytest.fixture
async def gateway(running_stack: TestStack) -> AsyncIterator[Gateway]:
    async with Gateway.connect(running_stack.gateway) as connected:
        yield connected


async def run(stack: TestStack, *arguments: str) -> tuple[int, str]:
    done = await asyncio.to_thread(stack.run, *arguments)
    return done.returncode, done.stdout + done.stderr


def documents(stack: TestStack) -> dict[str, list[Any]]:
    client: MongoClient[dict[str, Any]]
    with MongoClient(Mongo(stack.home, stack.ports.mongo).url) as client:
        return {name: list(client["core"][name].find({}).sort("_id")) for name in ("conversations", "messages")}


async def tamper(stack: TestStack, sql: str) -> None:
    connection = await asyncpg.connect(Postgres(stack.home, stack.ports.postgres).admin_url())
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def test_stores_agree_a_forged_row_is_found_and_a_rebuild_restores_the_same(
    running_stack: TestStack, gateway: Gateway
) -> None:
    customer = await Customer.open(gateway)
    await customer.send("Do you engrave kettles with zebras?", "upkeep-1")
    await customer.answered("Do you engrave kettles with zebras?")
    await customer.ask_for_human()
    code, said = await run(running_stack, "verify")
    assert code == 0, said
    lines = re.findall(r"^(core|agent|channel|memory) +(.+?) +OK +[\d,]+ counted$", said, flags=re.M)
    assert [(service, store) for service, store in lines] == [
        ("core", "journal"),
        ("core", "messages"),
        ("core", "conversations"),
        ("core", "turns"),
        ("core", "customers"),
        ("core", "transcripts: position"),
        ("core", "transcripts: conversations"),
        ("core", "transcripts: messages"),
        ("agent", "queue"),
        ("channel", "received messages"),
        ("memory", "documents"),
        ("memory", "texts"),
        ("memory", "vectors"),
    ]

    live = documents(running_stack)
    code, said = await run(running_stack, "rebuild", "transcripts")
    assert (code, said.splitlines()[-1]) == (0, "The transcripts match the journal.")
    assert documents(running_stack) == live

    where = f"conversation = '{customer.conversation.rpartition('/')[2]}' and seq = 1"
    try:
        await tamper(running_stack, f"update core.message set text = text || '!' where {where}")
        code, said = await run(running_stack, "verify", "--full")
        assert code == 1
        assert re.search(r"^core +transcripts: messages +1 DIFFER", said, flags=re.M), said
        assert re.search(r"^ +- message demo/\S+ differs in text$", said, flags=re.M), said
    finally:
        await tamper(running_stack, f"update core.message set text = rtrim(text, '!') where {where}")
    assert (await run(running_stack, "verify", "--full"))[0] == 0


async def test_agents_search_messages_over_rest(running_stack: TestStack, gateway: Gateway) -> None:
    customer = await Customer.open(gateway)
    await customer.send("My xylophone arrived broken", "upkeep-2")
    agent = await Agent.sign_in(gateway, "agent@example.com")
    async with asyncio.timeout(20):
        while True:
            answer = await gateway.rest("GET", f"{ORGANIZATION}/conversations:search?query=xylophones", agent.token)
            if results := answer.body.get("results"):
                break
            await asyncio.sleep(0.2)
    assert [result["conversation"]["name"] for result in results] == [customer.conversation]
    assert results[0]["message"]["text"] == "My xylophone arrived broken"
    refused = await gateway.rest("GET", f"{ORGANIZATION}/conversations:search?query=xylophones", customer.token)
    assert refused.status == 403


async def test_the_gateway_has_no_route_to_operators_calls(running_stack: TestStack, gateway: Gateway) -> None:
    stub = internal.VerificationServiceStub(gateway.channel)
    with pytest.raises(FrontdeskError):
        async for _ in client.stream(stub.VerifyStores, internal.VerifyStoresRequest(), token="", timeout=5):
            pass
