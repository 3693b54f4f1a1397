"""The use cases: managing documents, and searching. The background work is in `indexing`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kit import failpoints, ids
from kit.clock import Clock
from kit.ids import OrganizationId
from services.memory.domain import problems
from services.memory.domain.documents import (
    MAX_DOCUMENTS,
    Change,
    ContentId,
    Document,
    DocumentId,
    Passage,
    Source,
    SourceKind,
    State,
    again,
    revise,
)
from services.memory.ports import Documents, Embedder, Findings, Hints, Knowledge, Retriever, Texts

DEFAULT_RESULTS = 8


class Mode(StrEnum):
    """Which rankings a search uses."""

    HYBRID = "HYBRID"
    DENSE = "DENSE"
    LEXICAL = "LEXICAL"


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as someone wants it. An empty `id`: the server chooses."""

    id: str
    title: str
    uri: str
    source: Source
    content: bytes


@dataclass(frozen=True)
class App:
    """Everything a caller can ask of the memory service."""

    documents: Documents
    texts: Texts
    knowledge: Knowledge
    retriever: Retriever
    embedder: Embedder
    hints: Hints
    wake: Callable[[], None]
    """Says that a document was queued."""
    now: Clock
    max_documents: int = MAX_DOCUMENTS

    async def create_document(self, organization: OrganizationId, draft: Draft, request_id: str) -> Document:
        """Stores a document and queues it for indexing; the same `request_id` returns the first one."""
        first = await self.documents.of_request(organization, request_id)
        if first is not None:
            return first
        now = self.now()
        id = DocumentId(draft.id or ids.new())
        document = Document(
            organization=organization,
            id=id,
            title=draft.title,
            title_given=bool(draft.title),
            uri=draft.uri,
            source=draft.source,
            content=await self._keep(organization, id, draft.source, draft.content),
            created=now,
            updated=now,
            size=len(draft.content),
        )
        await failpoints.reach("memory.create.before_commit")
        stored = await self.documents.create(document, request_id, self.max_documents)
        await failpoints.reach("memory.create.after_commit")
        self.wake()
        return stored

    async def get_document(self, organization: OrganizationId, id: DocumentId) -> Document:
        """Raises DocumentNotFound."""
        return await self.documents.get(organization, id)

    async def list_documents(
        self, organization: OrganizationId, state: State | None, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Document]:
        """Newest first."""
        return await self.documents.newest(organization, state, before, limit)

    async def update_document(self, organization: OrganizationId, id: DocumentId, change: Change, etag: str) -> Document:
        """Makes a new revision and queues it. Raises DocumentNotFound or DocumentChanged."""
        current = await self.documents.get(organization, id)
        if etag and etag != current.etag:
            raise problems.DocumentChanged(name_of(organization, id))
        revised = revise(current, change, self.now())
        if change.source is not None:
            revised = replace(revised, content=await self._keep(organization, id, change.source, change.content or b""))
        await failpoints.reach("memory.update.before_commit")
        await self.documents.replace(revised, current.revision)
        await failpoints.reach("memory.update.after_commit")
        self.wake()
        return revised

    async def delete_document(self, organization: OrganizationId, id: DocumentId, etag: str) -> None:
        """Deletes a document and its passages. Raises DocumentNotFound or DocumentChanged."""
        revision = None
        if etag:
            current = await self.documents.get(organization, id)
            if etag != current.etag:
                raise problems.DocumentChanged(name_of(organization, id))
            revision = current.revision
        await failpoints.reach("memory.delete.before_commit")
        await self.documents.delete(organization, id, revision)
        await failpoints.reach("memory.delete.after_commit")
        await self.hints.announce(organization)

    async def reindex_document(self, organization: OrganizationId, id: DocumentId) -> Document:
        """Queues a document again; one that is PENDING stays where it is. Raises DocumentNotFound."""
        current = await self.documents.get(organization, id)
        if current.state is State.PENDING:
            return current
        revised = again(current, self.now())
        await self.documents.replace(revised, current.revision)
        self.wake()
        return revised

    async def reindex_documents(self, organization: OrganizationId) -> int:
        """Queues all documents again; returns how many were not queued."""
        count = await self.documents.reindex_all(organization, self.now())
        self.wake()
        return count

    async def get_passage(self, organization: OrganizationId, document: DocumentId, id: str) -> Passage:
        """Raises PassageNotFound, also for a passage of an older revision."""
        found = await self.knowledge.passage(organization, document, id)
        if found is None:
            raise problems.PassageNotFound(f"{name_of(organization, document)}/passages/{id}")
        return found

    async def list_passages(
        self, organization: OrganizationId, document: DocumentId, after: int, limit: int
    ) -> Sequence[Passage]:
        """The live passages of a document with an ordinal above `after`. Raises DocumentNotFound."""
        await self.documents.get(organization, document)
        return await self.knowledge.page(organization, document, after, limit)

    async def search(
        self, organization: OrganizationId, query: str, limit: int = DEFAULT_RESULTS, mode: Mode = Mode.HYBRID
    ) -> Findings:
        """The passages that answer a query best. Where a ranking can't be made, the findings say so."""
        vector, failed = None, False
        if mode is not Mode.LEXICAL:
            try:
                vector = await self.embedder.embed_query(query)
            except problems.EmbedderUnavailable:
                if mode is Mode.DENSE:
                    raise
                failed = True
        text = query if mode is not Mode.DENSE else None
        findings = await self.retriever.retrieve(organization, vector, text, limit)
        return replace(findings, dense_failed=True) if failed else findings

    async def _keep(self, organization: OrganizationId, document: DocumentId, source: Source, content: bytes) -> ContentId:
        """Stores a content that no document refers to yet. A web page has none: it is fetched when it is indexed."""
        if source.kind is SourceKind.WEB:
            return ContentId("")
        id = ContentId(ids.new())
        await self.documents.reserve(organization, document, id)
        await self.texts.put_content(organization, document, id, content)
        return id


def name_of(organization: OrganizationId, document: DocumentId) -> str:
    """A document's resource name."""
    return f"organizations/{organization}/documents/{document}"
