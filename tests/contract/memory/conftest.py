"""Each port of the memory service, in memory and on the real stores: the fakes are trusted because they pass here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kit.clock import utc_now
from kit.ids import OrganizationId
from services.memory.adapters import mongo
from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.in_memory import HashEmbedder, InMemoryStore, InMemoryVectors
from services.memory.adapters.mongo_documents import MongoDocuments
from services.memory.adapters.mongo_knowledge import MongoKnowledge
from services.memory.domain.documents import Document, DocumentId, MediaType, Passage, Source, SourceKind
from services.memory.ports import Documents, Embedded, Indexing, Knowledge, VectorLag

if TYPE_CHECKING:
    from stack.testing import TestStores

ACME, OTHER = OrganizationId("acme"), OrganizationId("other")
MINUTE = timedelta(minutes=1)
EMBEDDER = HashEmbedder()


@dataclass
class Store:
    """The ports that one store implements."""

    documents: Documents
    indexing: Indexing
    knowledge: Knowledge
    lag: VectorLag

    async def add(self, id: str, *texts: str, organization: OrganizationId = ACME) -> Document:
        """A document that is READY with a passage per text."""
        await self.documents.create(draft(id, organization), b"content", f"r-{id}", 1000)
        return await self.index(*texts)

    async def index(self, *texts: str) -> Document:
        """Indexes the document that waits, with a passage per text."""
        lease = await self.indexing.lease("worker", MINUTE)
        assert lease is not None
        await self.indexing.add(lease, await embedded(lease.document, *texts))
        await self.indexing.commit(lease, lease.document.title, 7, EMBEDDER.model, len(texts), utc_now())
        return await self.documents.get(lease.document.organization, lease.document.id)

    async def live(self, organization: OrganizationId = ACME) -> list[Embedded]:
        """All live passages."""
        return [item async for batch in self.knowledge.passages(organization) for item in batch]


def draft(id: str, organization: OrganizationId = ACME) -> Document:
    """A new document."""
    now = mongo.milliseconds(utc_now())
    source = Source(SourceKind.TEXT, MediaType.MARKDOWN)
    return Document(organization, DocumentId(id), f"About {id}", "/help", source, created=now, updated=now)


async def embedded(document: Document, *texts: str) -> list[Embedded]:
    """Passages of a document's revision."""
    passages = [
        Passage(document.organization, document.id, document.revision, n, document.title, "Heading", "/help", text)
        for n, text in enumerate(texts)
    ]
    vectors = await EMBEDDER.embed_passages([passage.context for passage in passages])
    return [Embedded(p, v, EMBEDDER.model) for p, v in zip(passages, vectors, strict=True)]


@pytest.fixture(scope="module")
def mongo_url(stores: TestStores) -> str:
    return stores.mongo_url()


@pytest.fixture(scope="module")
def chroma_url(stores: TestStores) -> str:
    return stores.chroma_url()


@asynccontextmanager
async def emptied(url: str) -> AsyncIterator[mongo.Database]:
    """The memory database without anything in it but its indexes."""
    async with mongo.open_database(url) as database:
        await mongo.prepare(database)
        for name in ("documents", "contents", "passages", "knowledge", "removals"):
            await database[name].delete_many({})
        yield database


@pytest.fixture(params=["memory", "mongo"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    if request.param == "memory":
        fake = InMemoryStore(utc_now)
        yield Store(fake, fake, fake, fake)
        return
    async with emptied(request.getfixturevalue("mongo_url")) as database:
        documents, knowledge = MongoDocuments(database), MongoKnowledge(database)
        yield Store(documents, documents, knowledge, knowledge)


@pytest.fixture(params=["memory", "chroma"])
async def vectors(request: pytest.FixtureRequest) -> AsyncIterator[InMemoryVectors | ChromaVectors]:
    if request.param == "memory":
        yield InMemoryVectors(EMBEDDER.model)
        return
    real = ChromaVectors(request.getfixturevalue("chroma_url"), EMBEDDER.model)
    yield real
    for organization in (ACME, OTHER):
        await real.drop(organization)
    real.close()
