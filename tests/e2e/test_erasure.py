"""An erased customer is in no store of a whole stack any more: a marker is searched for in every row, key, file and log."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis
from frontdesk.channel import v1 as channel_pb
from pymongo import MongoClient

from kit import client
from stack.stores.mongo import Mongo
from stack.stores.postgres import Postgres
from stack.stores.valkey import Valkey
from stack.testing_stack import TestStack
from tests.e2e.clients import CHANNEL, ORGANIZATION, Customer, Gateway

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]

PHYSICAL = ("postgres", "mongo", "valkey", "redis")
"""The stores' own files: deleted data may stay in them until they reuse the space. Queries search their content."""


@pytest.fixture
async def gateway(running_stack: TestStack) -> AsyncIterator[Gateway]:
    async with Gateway.connect(running_stack.gateway) as connected:
        yield connected


async def rows_with(stack: TestStack, marker: str) -> list[str]:
    """The tables of every schema that have the marker in a row, as text or as bytes."""
    found = []
    connection = await asyncpg.connect(Postgres(stack.home, stack.ports.postgres).admin_url())
    try:
        tables = await connection.fetch(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        )
        assert {row["schemaname"] for row in tables} >= {"core", "channel", "agent", "admin"}
        for schema, table in tables:
            sql = f'select count(*) from "{schema}"."{table}" t where strpos(lower(t::text), $1) + strpos(t::text, $2) > 0'
            if await connection.fetchval(sql, marker, marker.encode().hex()):
                found.append(f"{schema}.{table}")
    finally:
        await connection.close()
    return sorted(found)


def documents_with(stack: TestStack, marker: str) -> list[str]:
    """The collections of every database that have the marker in a document."""
    found = set()
    connected: MongoClient[dict[str, Any]]
    with MongoClient(Mongo(stack.home, stack.ports.mongo).url) as connected:
        for database in set(connected.list_database_names()) - {"admin", "config", "local"}:
            for collection in connected[database].list_collection_names():
                documents: list[dict[str, Any]] = list(connected[database][collection].find({}))
                if any(marker in str(document).lower() for document in documents):
                    found.add(f"{database}.{collection}")
    return sorted(found)


def keys_with(stack: TestStack, marker: str) -> list[str]:
    """The keys of Redis that have the marker in their name or value."""
    with redis.Redis.from_url(Valkey(stack.home, stack.ports.redis).url) as connected:
        keys = list(connected.scan_iter())
        return [str(key) for key in keys if marker.encode() in key.lower() + (connected.dump(key) or b"").lower()]


def files_with(stack: TestStack, marker: str) -> list[str]:
    """The files of the stack, logs included, that have the marker in their name or content."""

    def files(folder: Path) -> Iterator[Path]:
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                if path.name not in PHYSICAL:
                    yield from files(path)
            elif path.is_file():
                yield path

    wanted = marker.encode()
    return [str(path) for path in files(stack.home.path) if wanted in path.name.encode() + path.read_bytes().lower()]


async def anywhere(stack: TestStack, marker: str) -> dict[str, list[str]]:
    """Where the marker is."""
    return {
        "rows": await rows_with(stack, marker),
        "documents": await asyncio.to_thread(documents_with, stack, marker),
        "keys": await asyncio.to_thread(keys_with, stack, marker),
        "files": await asyncio.to_thread(files_with, stack, marker),
    }


async def test_nothing_of_an_erased_customer_is_left_in_any_store(running_stack: TestStack, gateway: Gateway) -> None:
    marker = f"zq{uuid.uuid4().hex}"
    stub = channel_pb.WebChatServiceStub(gateway.channel)
    opening = channel_pb.OpenSessionRequest(channel=CHANNEL, display_name=f"Sam {marker}")
    customer = Customer(gateway, await client.call(stub.OpenSession, opening, token="", timeout=10))
    question = f"How long can I return a kettle {marker}?"
    await customer.send(question)
    await customer.answered(question)
    announced = await gateway.rest(
        "POST",
        f"{ORGANIZATION}/media",
        token=customer.token,
        body={
            "requestId": uuid.uuid4().hex,
            "fileName": f"{marker}.txt",
            "sizeBytes": str(len(marker)),
            "conversation": customer.conversation,
        },
    )
    assert announced.status == 200, announced
    async with gateway.http.put(gateway.url + announced.body["upload"]["path"], data=marker.encode()) as uploaded:
        assert uploaded.status == 200
    await customer.ask_for_human()
    await customer.send(f"Is anyone there, {marker}?", uuid.uuid4().hex)
    admin = await gateway.login("admin@example.com")
    found = await gateway.rest("GET", customer.conversation, token=admin)
    assert found.body["summary"]["customerDisplayName"] == f"Sam {marker}"
    name = found.body["customer"]
    known_by = {"kind": "IDENTITY_KIND_EMAIL", "value": f"{marker}@shop.example"}
    added = await gateway.rest("POST", f"{name}:addIdentity", token=admin, body={"identity": known_by})
    assert added.status == 200, added
    async with asyncio.timeout(20):
        while not {"agent.handover", "core.message", "core.customer"} <= set(await rows_with(running_stack, marker)):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    before = await anywhere(running_stack, marker)
    assert "channel.session" in before["rows"]
    assert "core.messages" in before["documents"]
    assert "core.identity" in before["rows"]
    assert before["files"], "the file itself"

    deleted = await gateway.rest("DELETE", name, token=admin)
    assert deleted.status == 200, deleted
    receipt = name.replace("/customers/", "/customerErasures/")
    async with asyncio.timeout(60):
        while "finishTime" not in (told := await gateway.rest("GET", receipt, token=admin)).body:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert {each["store"] for each in told.body["confirmations"]} == {"core", "transcripts", "channel", "agent"}
    assert (told.body["customerCount"], told.body["conversationCount"]) == (1, "1")
    assert await anywhere(running_stack, marker) == {"rows": [], "documents": [], "keys": [], "files": []}

    assert (await gateway.rest("GET", name, token=admin)).status == 404
    assert (await gateway.rest("GET", customer.conversation, token=admin)).status == 404
    assert (await gateway.rest("GET", customer.conversation, token=customer.token)).status in (401, 404)
    done = await asyncio.to_thread(running_stack.run, "verify")
    assert done.returncode == 0, done.stdout + done.stderr
