"""Erased data is in no store of a whole stack any more: a marker is searched for in every row, key, file and log."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
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
from tests.e2e.clients import CHANNEL, ORGANIZATION, Answer, Customer, Gateway

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


async def until(seconds: float, holds: Callable[[], Awaitable[object]]) -> None:
    """Asks until it holds."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.2)


async def holds_all(found: Awaitable[list[str]], wanted: set[str]) -> bool:
    """Whether all that is wanted is found."""
    return wanted <= set(await found)


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
    filled = {"agent.handover", "core.message", "core.customer"}
    await until(20, lambda: holds_all(rows_with(running_stack, marker), filled))
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


async def collections_of(stack: TestStack, gateway: Gateway, organization: str) -> list[str]:
    """The collections of vectors that an organization has."""
    path = "api/v2/tenants/default_tenant/databases/default_database/collections?limit=1000"
    async with gateway.http.get(f"http://127.0.0.1:{stack.ports.chroma}/{path}") as response:
        return [each["name"] for each in await response.json() if each["name"].startswith(f"{organization}.")]


async def reads(gateway: Gateway, customer: Customer, reason: str) -> bool:
    """Whether a customer's reading is refused for a reason; empty: it isn't."""
    return (await gateway.rest("GET", customer.conversation, customer.token)).reason == reason


async def is_finished(stack: TestStack, organization: str) -> bool:
    """Whether the receipt of an organization's erasure says that it is finished."""
    return (await asyncio.to_thread(stack.run, "organization", "receipt", organization)).returncode == 0


async def frontdesk(stack: TestStack, *arguments: str, typed: str = "", code: int = 0) -> str:
    """The output of a `frontdesk` command that must end with a code."""
    done = await asyncio.to_thread(stack.run, *arguments, typed=typed)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


async def test_nothing_of_an_erased_organization_is_left_and_another_one_continues(
    running_stack: TestStack, gateway: Gateway
) -> None:
    marker, id, password = f"zq{uuid.uuid4().hex}", f"gone-{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
    name, owner_email = f"organizations/{id}", f"{marker}@shop.example"
    who = ("--owner", owner_email, "--owner-name", f"Olga {marker}", "--display-name", f"Shop {marker}")
    await frontdesk(running_stack, "organization", "create", id, *who, typed=password)
    owner = await gateway.login(owner_email, password, name)

    async def made(method: str, path: str, body: object, token: str = owner) -> Answer:
        answer = await gateway.rest(method, f"{name}/{path}", token, body)
        assert answer.status == 200, (path, answer)
        return answer

    fresh = uuid.uuid4().hex
    await made("POST", "users", {"user": {"email": f"a{owner_email}", "displayName": marker}, "password": password})
    await made("POST", "roles", {"role": {"displayName": marker, "permissions": ["core.messages.read"]}, "roleId": "clerk"})
    await made("PATCH", "settings/assistant", {"draft": {"assistant": {"instructions": f"Say {marker}."}}})
    await made("POST", "settings/assistant:publish", {})
    await made("POST", "queues", {"displayName": marker})
    await made("POST", "cannedReplies", {"shortcut": "hi", "text": f"Hello {marker}"})
    text = f"A kettle {marker} can be returned for 30 days. Send the kettle back in its box."
    document = {"title": f"Kettles {marker}", "text": {"content": text, "mediaType": "text/plain"}}
    await made("POST", f"documents?requestId={fresh}", document)
    chat = {"displayName": marker, "kind": "CHANNEL_KIND_WEB_CHAT", "webChat": {"greeting": f"Hello {marker}"}}
    await made("POST", f"channels?channelId=web&requestId={fresh}", chat)
    customer = await Customer.open(gateway, f"{name}/channels/web")
    await until(30, lambda: collections_of(running_stack, gateway, id))
    question = f"How long can I return a kettle {marker}?"
    await customer.send(question)
    await customer.answered(question)
    size = str(len(marker))
    wish = {"requestId": fresh, "fileName": f"{marker}.txt", "sizeBytes": size, "conversation": customer.conversation}
    announced = await made("POST", "media", wish, customer.token)
    async with gateway.http.put(gateway.url + announced.body["upload"]["path"], data=marker.encode()) as uploaded:
        assert uploaded.status == 200
    await customer.ask_for_human()
    await until(20, lambda: holds_all(rows_with(running_stack, marker), {"agent.handover"}))
    before = await anywhere(running_stack, marker)
    assert {"admin.organization", "admin.event", "channel.channel", "core.message", "memory.document"} <= set(before["rows"])
    assert {"core.messages", "memory.passages", "memory.contents"} <= set(before["documents"])

    assert "DELETING" in await frontdesk(running_stack, "organization", "delete", id)
    await until(10, lambda: reads(gateway, customer, "ORGANIZATION_DELETING"))
    assert "ACTIVE" in await frontdesk(running_stack, "organization", "restore", id)
    await until(10, lambda: reads(gateway, customer, ""))
    await frontdesk(running_stack, "organization", "receipt", id, code=1)
    await frontdesk(running_stack, "organization", "delete", id, "--grace-hours", "0")
    await until(90, lambda: is_finished(running_stack, id))
    receipt = await frontdesk(running_stack, "organization", "receipt", id)
    assert [line.split()[0] for line in receipt.splitlines()] == ["admin", "agent", "channel", "core", "memory"]
    assert " 0 erased" not in receipt
    assert await anywhere(running_stack, marker) == {"rows": [], "documents": [], "keys": [], "files": []}
    assert await collections_of(running_stack, gateway, id) == []
    left = {"admin.event", "admin.organization_erasure", "admin.organization_erasure_confirmation"}
    copies = {f"{service}.feed_fact" for service in ("admin", "agent", "channel", "core", "memory")}
    assert set(await rows_with(running_stack, id)) == left | copies
    assert await asyncio.to_thread(documents_with, running_stack, id) == []
    assert await asyncio.to_thread(keys_with, running_stack, id) == []

    login = {"organization": name, "email": owner_email, "password": password}
    assert (await gateway.rest("POST", "auth:login", body=login)).reason == "ORGANIZATION_ERASED"
    assert (await gateway.rest("GET", name, owner)).reason == "ORGANIZATION_ERASED"
    again = await frontdesk(running_stack, "organization", "create", id, "--owner", owner_email, typed=password, code=1)
    assert "ORGANIZATION_EXISTS" in again
    other = await Customer.open(gateway)
    await other.send("How long can I return a parcel?")
    await other.answered("How long can I return a parcel?")
    await frontdesk(running_stack, "verify", "--full")
