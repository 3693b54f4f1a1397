"""An installation of an earlier version: memory says what to do, and touches nothing."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import TEXT, AsyncMongoClient

from services.memory.adapters import mongo
from stack.testing import TestStores
from tests.rpc.memory.library import new_keys, settings_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


@pytest.fixture(scope="module")
def stores() -> Iterator[TestStores]:
    """Stores of this module's own: it replaces the collections of the service that the others share."""
    own = TestStores()
    yield own
    own.close()


async def _made(url: str, documents: int) -> None:
    """The collections of version 0.1."""
    client: AsyncMongoClient[dict[str, Any]]
    async with AsyncMongoClient(url) as client:
        database: Any = client["memory"]
        for name in ("documents", "passages", "contents"):
            await database.create_collection(name)
        await database["passages"].create_index([("organization", 1), ("live", 1), ("text", TEXT)], name="words")
        if documents:
            await database["documents"].insert_one({"_id": "acme/returns"})


async def test_documents_that_are_in_mongo_alone_end_the_process_with_a_sentence(stores: TestStores, tmp_path: Path) -> None:
    settings = settings_for(stores, new_keys(tmp_path), "http://127.0.0.1:1/v1")
    await _made(settings.mongo_url.get_secret_value(), documents=1)
    environment = {
        "PATH": os.environ["PATH"],
        "FRONTDESK_KEYS_DIR": str(settings.keys_dir),
        "FRONTDESK_POSTGRES_URL": settings.postgres_url.get_secret_value(),
        "FRONTDESK_MONGO_URL": settings.mongo_url.get_secret_value(),
        "FRONTDESK_CHROMA_URL": settings.chroma_url,
        "FRONTDESK_EMBEDDINGS_URL": settings.embeddings_url,
    }
    arguments = (sys.executable, "-m", "services.memory")
    process = await asyncio.create_subprocess_exec(*arguments, env=environment, stderr=asyncio.subprocess.PIPE)
    async with asyncio.timeout(60):
        _, written = await process.communicate()
    assert process.returncode == 1
    assert written.decode().splitlines()[-1] == f"services.memory.adapters.mongo.OldDocuments: {mongo.OldDocuments()}"
    async with mongo.open_database(settings.mongo_url.get_secret_value()) as database:
        assert await database["documents"].count_documents({}) == 1


async def test_collections_without_documents_are_replaced(stores: TestStores) -> None:
    url = stores.mongo_url()
    await _made(url, documents=0)
    async with mongo.open_database(url) as database:
        await mongo.prepare(database)
        assert sorted(await database.list_collection_names()) == ["content_pieces", "former_passages", "passages"]
        await mongo.prepare(database)
