"""The use cases: managing documents, and searching. The background work is in `indexing`."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kit import failpoints, ids
from kit.clock import Clock
from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from services.memory.app.focusing import Focus
from services.memory.domain import problems
from services.memory.domain.documents import (
    MAX_DOCUMENTS,
    Change,
    ContentId,
    Document,
    DocumentId,
    Failure,
    Passage,
    SiteId,
    Source,
    SourceKind,
    State,
    again,
    revise,
)
from services.memory.domain.file_types import overridden
from services.memory.domain.uploads import UploadNotFound
from services.memory.ports import Documents, Embedder, Findings, Hints, Knowledge, Retriever, Texts, Uploads, Vector

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
    upload: ContentId | None = None
    """The upload that it is made from, instead of `content`."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A content that is stored and that no document refers to yet."""

    source: Source
    content: ContentId
    size: int


@dataclass(frozen=True)
class App:
    """Everything a caller can ask of the memory service."""

    documents: Documents
    uploads: Uploads
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
        kept = await self._keep(organization, id, draft.source, draft.content, draft.upload)
        document = Document(
            organization=organization,
            id=id,
            title=draft.title,
            title_given=bool(draft.title),
            uri=draft.uri,
            source=kept.source,
            content=kept.content,
            created=now,
            updated=now,
            size=kept.size,
        )
        await failpoints.reach("memory.create.before_commit")
        async with self._using(organization, draft.upload):
            stored = await self.documents.create(document, request_id, self.max_documents)
        await failpoints.reach("memory.create.after_commit")
        self.wake()
        return stored

    async def get_document(self, organization: OrganizationId, id: DocumentId) -> Document:
        """Raises DocumentNotFound."""
        return await self.documents.get(organization, id)

    async def list_documents(
        self,
        organization: OrganizationId,
        state: State | None,
        site: SiteId,
        query: str,
        before: tuple[datetime, str] | None,
        limit: int,
    ) -> Sequence[Document]:
        """Newest first; of one site, or (empty) all; with `query` in title, file name or address."""
        return await self.documents.newest(organization, state, site, before, limit, query)

    async def update_document(self, organization: OrganizationId, id: DocumentId, change: Change, etag: str) -> Document:
        """Makes a new revision and queues it. Raises DocumentNotFound or DocumentChanged."""
        current = await self.documents.get(organization, id)
        if etag and etag != current.etag:
            raise problems.DocumentChanged(name_of(organization, id))
        revised = revise(current, change, self.now())
        if change.upload and change.upload == current.content:  # the call is repeated
            revised = replace(revised, source=current.source)
        elif change.source is not None:
            kept = await self._keep(organization, id, change.source, change.content or b"", change.upload)
            revised = replace(revised, source=kept.source, content=kept.content, size=kept.size)
        await failpoints.reach("memory.update.before_commit")
        async with self._using(organization, change.upload):
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

    async def cancel_indexing(self, organization: OrganizationId, id: DocumentId) -> Document:
        """Ends the indexing of a document that waits or is being indexed. Raises DocumentNotFound."""
        cancelled = problems.IndexingCancelled()
        return await self.documents.cancel(organization, id, Failure(cancelled.reason, cancelled.message, self.now()))

    async def get_passage(self, organization: OrganizationId, document: DocumentId, id: str) -> Passage:
        """A passage, for some days one of a former revision too. Raises PassageNotFound."""
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
        self,
        organization: OrganizationId,
        query: str,
        limit: int = DEFAULT_RESULTS,
        mode: Mode = Mode.HYBRID,
        focus: Focus | None = None,
    ) -> Findings:
        """The passages that answer a query best. Where a ranking can't be made, the findings say so.

        `focus`: finds the sections that answer, too.
        """
        vector, model, failed = None, "", False
        if mode is not Mode.LEXICAL:
            try:
                vector, model = await self._embedded(organization, query)
            except problems.EmbedderUnavailable:
                if mode is Mode.DENSE:
                    raise
                failed = True
        text = query if mode is not Mode.DENSE else None
        findings = await self.retriever.retrieve(organization, vector, text, limit, model)
        if focus is not None:
            findings = await focus.of(findings, query, vector)
        return replace(findings, dense_failed=True) if failed else findings

    async def _embedded(self, organization: OrganizationId, query: str) -> tuple[Vector, str]:
        """A query's vector, and the model that made it: while the model changes, the former one as long as it is served."""
        model = await self.retriever.model(organization)
        if model != self.embedder.model and self.embedder.serves(model):
            try:
                return await self.embedder.embed_query(query, model), model
            except problems.EmbedderUnavailable:
                if self.embedder.serves(model):
                    raise
        return await self.embedder.embed_query(query), self.embedder.model

    async def _keep(
        self, organization: OrganizationId, document: DocumentId, source: Source, content: bytes, upload: ContentId | None
    ) -> _Kept:
        """Stores a content that no document refers to yet. A web page has none: it is fetched when it is indexed.

        An upload has one already, and a name and a type. Raises UploadNotFound or MediaTypeMismatch.
        """
        if source.kind is SourceKind.WEB:
            return _Kept(source, ContentId(""), 0)
        if upload:
            found = await self.uploads.get_upload(organization, upload)
            if found is None:
                raise UploadNotFound(organization, upload)
            media_type = overridden(found.media_type, source.media_type)
            named = replace(source, media_type=media_type, file_name=source.file_name or found.file_name)
            return _Kept(named, found.id, found.size)
        id = ContentId(ids.new())
        await self.documents.reserve(organization, document, id)
        await self.texts.put_content(organization, document, id, content)
        return _Kept(source, id, len(content))

    @asynccontextmanager
    async def _using(self, organization: OrganizationId, upload: ContentId | None) -> AsyncIterator[None]:
        """A document takes an upload over. Raises UploadNotFound when another was faster."""
        try:
            yield
        except StoreUnavailable:
            if upload and await self.uploads.get_upload(organization, upload) is None:
                raise UploadNotFound(organization, upload) from None
            raise


def name_of(organization: OrganizationId, document: DocumentId) -> str:
    """A document's resource name."""
    return f"organizations/{organization}/documents/{document}"
