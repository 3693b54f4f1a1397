"""Memory on real stores, one PostgreSQL, MongoDB and Chroma for all tests; each begins with empty tables and collections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from kit import ids, migrations, postgres
from kit.clock import utc_now
from kit.ids import OrganizationId
from kit.jobs import Job
from kit.jobs.table import Jobs
from kit.journal import Journal
from services.memory import convert
from services.memory.adapters import mongo
from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.database import Database
from services.memory.adapters.mongo_texts import MongoTexts
from services.memory.adapters.postgres_documents import PostgresDocuments
from services.memory.adapters.postgres_indexing import PostgresIndexing
from services.memory.adapters.postgres_uploads import PostgresUploads
from services.memory.adapters.published import PublishedKnowledge
from services.memory.app.indexing import document_of
from services.memory.domain.documents import (
    ContentId,
    Document,
    DocumentId,
    EditionId,
    MediaType,
    Passage,
    Source,
    SourceKind,
)
from services.memory.ports import INDEXING, Embedded
from tests.fakes.memory import HashEmbedder

if TYPE_CHECKING:
    from stack.testing import TestStores

ACME, OTHER = OrganizationId("acme"), OrganizationId("other")
EMBEDDER = HashEmbedder()


@dataclass(frozen=True)
class Begun:
    """A document that a worker indexes."""

    job: Job
    document: Document
    edition: EditionId


class Store:
    """Memory's adapters on its stores."""

    def __init__(self, pool: Any, collections: mongo.Database) -> None:
        self.pool = pool
        self.collections = collections
        self.jobs = Jobs(pool, "memory")
        self.journal = Journal(pool, "memory", convert.fact_to_pb)
        self.database = Database(pool, self.journal)
        self.texts = MongoTexts(collections)
        self.documents = PostgresDocuments(self.database, self.jobs)
        self.uploads = PostgresUploads(self.database)
        self.indexing = PostgresIndexing(self.database, self.jobs)
        self.knowledge = self.lag = PublishedKnowledge(self.database, self.texts)

    async def create(
        self,
        id: str,
        content: bytes = b"content",
        request_id: str = "",
        organization: OrganizationId = ACME,
        maximum: int = 1000,
    ) -> Document:
        """A new document that waits to be indexed."""
        document = draft(id, organization)
        await self.documents.reserve(organization, document.id, document.content)
        await self.texts.put_content(organization, document.id, document.content, content)
        return await self.documents.create(document, request_id or f"r-{id}", maximum)

    async def begin(self) -> Begun:
        """Claims a document that waits and begins to index it."""
        (job,) = await self.jobs.claim(INDEXING, 1)
        edition = EditionId(ids.new())
        document = await self.indexing.begin(job.organization, document_of(job), edition, job.attempts)
        assert document is not None
        return Begun(job, document, edition)

    async def index(self, *texts: str) -> Document:
        """Indexes the document that waits, with a passage per text."""
        begun = await self.begin()
        await self.texts.put_passages(await embedded(begun.document, *texts, edition=begun.edition))
        await self.publish(begun, len(texts))
        return await self.documents.get(begun.document.organization, begun.document.id)

    async def publish(self, begun: Begun, count: int, title: str = "") -> None:
        """Publishes what was made of a document."""
        made = replace(begun.document, title=title or begun.document.title, edition=begun.edition, passage_count=count)
        await self.indexing.publish(begun.job, replace(made, size=7, embedding_model=EMBEDDER.model, indexed=utc_now()))

    async def add(self, id: str, *texts: str, organization: OrganizationId = ACME) -> Document:
        """A document that is READY with a passage per text."""
        await self.create(id, organization=organization)
        return await self.index(*texts)

    async def live(self, organization: OrganizationId = ACME) -> list[Embedded]:
        """All published passages."""
        return [item async for batch in self.knowledge.passages(organization) for item in batch]

    async def facts(self) -> list[str]:
        """The kinds of all facts, in the order of their commits."""
        return [row["kind"] for row in await self.pool.fetch("select kind from event order by created, position")]

    async def counts(self) -> dict[str, int]:
        """How many texts MongoDB has."""
        return {name: await self.collections[name].count_documents({}) for name in ("contents", "passages")}

    async def orphans(self) -> int:
        """How many texts no document refers to."""
        return int(await self.pool.fetchval("select count(*) from orphan"))


def draft(id: str, organization: OrganizationId = ACME) -> Document:
    """A new document."""
    now = utc_now()
    source = Source(SourceKind.TEXT, MediaType.MARKDOWN)
    content = ContentId(ids.new())
    return Document(organization, DocumentId(id), f"About {id}", "/help", source, created=now, updated=now, content=content)


async def embedded(document: Document, *texts: str, edition: str = "") -> list[Embedded]:
    """Passages of a document's revision."""
    of = EditionId(edition or f"e-{document.organization}-{document.id}")
    passages = [
        Passage(document.organization, document.id, document.revision, of, n, document.title, "Heading", "/help", text)
        for n, text in enumerate(texts)
    ]
    vectors = await EMBEDDER.embed_passages([passage.context for passage in passages])
    return [Embedded(p, v, EMBEDDER.model) for p, v in zip(passages, vectors, strict=True)]


@pytest.fixture(scope="session")
def chroma_url(stores: TestStores) -> str:
    return stores.chroma_url()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def pool(stores: TestStores) -> AsyncIterator[Any]:
    async with postgres.open_pool(SecretStr(stores.postgres_url("memory"))) as pool:
        await migrations.apply(pool, "memory")
        yield pool


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def collections(stores: TestStores) -> AsyncIterator[mongo.Database]:
    async with mongo.open_database(stores.mongo_url()) as database:
        yield database


@pytest_asyncio.fixture(loop_scope="session")
async def store(pool: Any, collections: mongo.Database) -> Store:
    await pool.execute("truncate document, knowledge, synced, removal, orphan, upload, job, event")
    await pool.execute("truncate site, crawl, crawl_page, site_page, host_pace")
    await pool.execute("update shard set position = 0")
    await mongo.prepare(collections)  # another folder's tests may have wiped the server
    for name in ("contents", mongo.PIECES, "passages", mongo.FORMER):
        await collections[name].delete_many({})
    return Store(pool, collections)


@pytest_asyncio.fixture(loop_scope="session")
async def vectors(chroma_url: str) -> AsyncIterator[ChromaVectors]:
    real = ChromaVectors(chroma_url, EMBEDDER.model)
    yield real
    for organization in (ACME, OTHER):
        await real.drop(organization)
    real.close()
