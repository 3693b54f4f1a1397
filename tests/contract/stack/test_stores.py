"""The stores as the services get them: each role in its own schema, each test in an empty place."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import asyncpg
import pytest
import redis.asyncio
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from kit import migrations
from stack.keys import SERVICES
from stack.stores.chroma import COLLECTIONS
from stack.testing import TestStores


async def test_each_service_owns_a_schema_of_its_own(stores: TestStores) -> None:
    for service, url in stores.postgres_urls(*SERVICES).items():
        connection = await asyncpg.connect(url)
        try:
            await connection.execute("CREATE TABLE note (text text)")
            assert await connection.fetchval("SELECT to_regclass($1)", f"{service}.note") is not None
            assert await connection.fetchval("SELECT current_schema()") == service
            assert await connection.fetchval("SHOW is_superuser") == "off"
        finally:
            await connection.close()


async def test_core_cannot_read_what_admin_keeps(stores: TestStores) -> None:
    urls = stores.postgres_urls("core", "admin")
    admin, core = await asyncpg.connect(urls["admin"]), await asyncpg.connect(urls["core"])
    try:
        await admin.execute("CREATE TABLE secret (text text)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await core.fetch("SELECT * FROM admin.secret")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await core.execute("CREATE TABLE admin.mine (text text)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await core.execute("CREATE TABLE public.mine (text text)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await core.execute("CREATE ROLE another")
    finally:
        await admin.close()
        await core.close()


async def test_an_emptied_database_is_as_after_its_migrations(stores: TestStores) -> None:
    async def rows() -> dict[str, list[Any]]:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'core'")
        return {name: await connection.fetch(f'SELECT * FROM core."{name}"') for (name,) in tables}

    url = stores.emptied_urls("core", "memory")["core"]
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        await migrations.apply(pool, "core")
    connection = await asyncpg.connect(url)
    try:
        fresh = await rows()
        await connection.execute("INSERT INTO cursor VALUES ('admin', 1, 2)")
        await connection.execute("UPDATE shard SET position = 7, deleted = 3")
        assert await rows() != fresh
        assert stores.emptied_urls("core", "memory")["core"] == url
        assert await rows() == fresh
    finally:
        await connection.close()


async def test_each_database_is_new(stores: TestStores) -> None:
    first, second = stores.postgres_url("core"), stores.postgres_url("core")
    connection = await asyncpg.connect(first)
    await connection.execute("CREATE TABLE note (text text)")
    await connection.close()
    connection = await asyncpg.connect(second)
    try:
        assert await connection.fetchval("SELECT to_regclass('note')") is None
    finally:
        await connection.close()


async def test_mongo_is_a_replica_set_with_transactions_and_starts_empty(stores: TestStores) -> None:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(stores.mongo_url())
    async with client:
        async with client.start_session() as session, await session.start_transaction():
            await client["core"]["messages"].insert_one({"text": "hello"}, session=session)
        assert await client["core"]["messages"].count_documents({}) == 1
        await client["admin"]["audit"].insert_one({"what": "signed in"})
    stores.mongo_url()
    client = AsyncMongoClient(stores.mongo.url)
    async with client:
        assert await client["core"]["messages"].count_documents({}) == 0
        assert await client["admin"]["audit"].count_documents({}) == 0


async def test_a_service_reaches_its_own_mongo_database_alone(stores: TestStores) -> None:
    stores.mongo_url()
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(stores.mongo.service_url("memory"))
    async with client:
        await client.get_default_database()["documents"].insert_one({"text": "hello"})
        await client["memory"]["documents"].create_index("text")
        with pytest.raises(OperationFailure, match="not authorized on core"):
            await client["core"]["messages"].find_one()


async def test_redis_databases_do_not_meet(stores: TestStores) -> None:
    async with (
        redis.asyncio.from_url(stores.redis_url()) as first,
        redis.asyncio.from_url(stores.redis_url()) as second,
    ):
        await first.set("key", "value")
        assert await second.get("key") is None


def test_chroma_starts_without_collections(stores: TestStores) -> None:
    url = stores.chroma_url() + COLLECTIONS
    made = urllib.request.Request(url, data=b'{"name": "passages"}', headers={"content-type": "application/json"})
    urllib.request.urlopen(made).close()
    stores.chroma_url()
    with urllib.request.urlopen(url) as response:
        assert json.load(response) == []


async def test_a_store_can_be_stopped_and_started_again(stores: TestStores) -> None:
    url = stores.redis_url()
    stores.stop("redis")
    async with redis.asyncio.from_url(url) as client:
        with pytest.raises(redis.exceptions.ConnectionError):
            await client.ping()
        stores.start("redis")
        assert await client.ping()
