"""The use cases: managing documents, and searching. What runs in the background is in `indexing`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kit import ids
from kit.clock import Clock
from kit.ids import OrganizationId
from services.memory.domain import problems
from services.memory.domain.documents import MAX_DOCUMENTS, Change, Document, DocumentId, Passage, Source, State, again, revise
from services.memory.ports import Documents, Embedder, Findings, Hints, Knowledge, Retriever

DEFAULT_RESULTS = 8


class Mode(StrEnum):
    """Which rankings a search uses."""

    HYBRID = "HYBRID"
    DENSE = "DENSE"
    LEXICAL = "LEXICAL"


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as somebody wants it. An empty `id`: the server chooses."""

    id: str
    title: str
    uri: str
    source: Source
    content: bytes


@dataclass(frozen=True)
class App:
    """Everything a caller can ask of the memory service."""

    documents: Documents
    knowledge: Knowledge
    retriever: Retriever
    embedder: Embedder
    hints: Hints
    wake: Callable[[], None]
    """Tells the background that a document waits."""
    now: Clock
    most_documents: int = MAX_DOCUMENTS

    async def create_document(self, organization: OrganizationId, draft: Draft, request_id: str) -> Document:
        """Stores a document and puts it in line for indexing; the same `request_id` returns the first one."""
        now = self.now()
        document = Document(
            organization=organization,
            id=DocumentId(draft.id or ids.new()),
            title=draft.title,
            title_given=bool(draft.title),
            uri=draft.uri,
            source=draft.source,
            created=now,
            updated=now,
            size=len(draft.content),
        )
        stored = await self.documents.create(document, draft.content, request_id, self.most_documents)
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
        """Makes a new revision and puts it in line. Raises DocumentNotFound or DocumentChanged."""
        current = await self.documents.get(organization, id)
        if etag and etag != current.etag:
            raise problems.DocumentChanged(name_of(organization, id))
        revised = revise(current, change, self.now())
        await self.documents.replace(revised, change.content, current.revision)
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
        await self.documents.delete(organization, id, revision)
        await self.hints.announce(organization)

    async def reindex_document(self, organization: OrganizationId, id: DocumentId) -> Document:
        """Puts a document in line again; one that waits stays where it is. Raises DocumentNotFound."""
        current = await self.documents.get(organization, id)
        if current.state is State.PENDING:
            return current
        revised = again(current, self.now())
        await self.documents.replace(revised, None, current.revision)
        self.wake()
        return revised

    async def reindex_documents(self, organization: OrganizationId) -> int:
        """Puts all documents in line again; returns how many were not."""
        count = await self.documents.reindex_all(organization, self.now())
        self.wake()
        return count

    async def get_passage(self, organization: OrganizationId, document: DocumentId, id: str) -> Passage:
        """Raises PassageNotFound, also for a passage of an older revision."""
        key = f"{organization}/{document}/{id}"
        found = await self.knowledge.find(organization, [key])
        if key not in found:
            raise problems.PassageNotFound(f"{name_of(organization, document)}/passages/{id}")
        return found[key]

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


def name_of(organization: OrganizationId, document: DocumentId) -> str:
    """A document's resource name."""
    return f"organizations/{organization}/documents/{document}"
