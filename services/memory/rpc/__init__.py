"""Memory's contract, answered. RPCs that are not built yet stay on the generated base."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from functools import partial

import grpc
from frontdesk.memory import v1 as pb
from frontdesk.memory.internal import v1 as internal
from google.protobuf.empty_pb2 import Empty

from kit import access, caller, pages, servicers, streams
from kit.interceptors import Context
from kit.jobs.dead_letters import add_dead_letter_service
from kit.jobs.table import Jobs
from kit.journal import Journal
from services.memory import convert
from services.memory.app import DEFAULT_RESULTS, App
from services.memory.app.focusing import Focus
from services.memory.app.recount import Recounts
from services.memory.app.sites import SiteApp
from services.memory.app.uploads import UploadApp
from services.memory.domain.selection import select
from services.memory.ports import DocumentFeed
from services.memory.rpc.sites import SiteServicer


class DocumentServicer(pb.DocumentServiceServicer):
    """Manages documents."""

    def __init__(self, app: App, uploads: UploadApp, feed: DocumentFeed) -> None:
        self._app = app
        self._uploads = uploads
        self._feed = feed

    async def GetDocument(self, request: pb.GetDocumentRequest, context: Context) -> pb.Document:
        return convert.document_to_pb(await self._app.get_document(*convert.document_name_from_pb(request.name)))

    async def ListDocuments(self, request: pb.ListDocumentsRequest, context: Context) -> pb.ListDocumentsResponse:
        organization, state = convert.organization_from_pb(request.parent), convert.state_from_pb(request.state)
        site, query = convert.site_from_pb(request.site), request.query.strip()
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._app.list_documents, organization, state, site, query),
            lambda document: pages.ByTime(document.created, document.id),
            filter=f"{request.parent} {request.state} {site} {query}",
        )
        return pb.ListDocumentsResponse(documents=map(convert.document_to_pb, found), next_page_token=more)

    async def WatchDocuments(
        self, request: pb.WatchDocumentsRequest, context: Context
    ) -> AsyncIterator[pb.WatchDocumentsResponse]:
        organization, after = convert.organization_from_pb(request.parent), streams.position(request.resume_token)
        before = request.resume_token
        async with aclosing(self._feed.watch(organization, after, streams.seconds_left(caller.current()))) as watched:
            async for seen in watched:
                frames = convert.seen_to_pb(organization, seen)
                for frame in frames:
                    # Only the last of several frames passes their position: a stream that breaks off repeats the others.
                    frame.resume_token = str(seen.position) if frame is frames[-1] else before
                    yield frame
                before = str(seen.position)

    async def CreateDocument(self, request: pb.CreateDocumentRequest, context: Context) -> pb.Document:
        organization = convert.organization_from_pb(request.parent)
        document = await self._app.create_document(organization, convert.draft_from_pb(request), request.request_id)
        return convert.document_to_pb(document)

    async def UpdateDocument(self, request: pb.UpdateDocumentRequest, context: Context) -> pb.Document:
        organization, id = convert.document_name_from_pb(request.document.name)
        change = convert.change_from_pb(request)
        return convert.document_to_pb(await self._app.update_document(organization, id, change, request.document.etag))

    async def DeleteDocument(self, request: pb.DeleteDocumentRequest, context: Context) -> Empty:
        await self._app.delete_document(*convert.document_name_from_pb(request.name), request.etag)
        return Empty()

    async def ReindexDocument(self, request: pb.ReindexDocumentRequest, context: Context) -> pb.Document:
        return convert.document_to_pb(await self._app.reindex_document(*convert.document_name_from_pb(request.name)))

    async def ReindexDocuments(self, request: pb.ReindexDocumentsRequest, context: Context) -> pb.ReindexDocumentsResponse:
        count = await self._app.reindex_documents(convert.organization_from_pb(request.parent))
        return pb.ReindexDocumentsResponse(document_count=count)

    async def CancelIndexing(self, request: pb.CancelIndexingRequest, context: Context) -> pb.Document:
        return convert.document_to_pb(await self._app.cancel_indexing(*convert.document_name_from_pb(request.name)))

    async def UploadContent(
        self, request_iterator: AsyncIterator[pb.UploadContentRequest], context: Context
    ) -> pb.UploadContentResponse:
        first = await anext(request_iterator, None)
        if first is None or not first.parent:
            raise access.InvalidRequest([("parent", "is missing in the first message")])
        organization = convert.organization_from_pb(first.parent)
        upload = await self._uploads.store(organization, convert.announced_from_pb(first), _bytes(first, request_iterator))
        return convert.upload_to_pb(upload)


class PassageServicer(pb.PassageServiceServicer):
    """Finds passages."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def GetPassage(self, request: pb.GetPassageRequest, context: Context) -> pb.Passage:
        return convert.passage_to_pb(await self._app.get_passage(*convert.passage_name_from_pb(request.name)))

    async def ListPassages(self, request: pb.ListPassagesRequest, context: Context) -> pb.ListPassagesResponse:
        organization, document = convert.document_name_from_pb(request.parent)
        found, more = await pages.page(
            request,
            pages.ByNumber,
            lambda after, limit: self._app.list_passages(organization, document, after.number if after else -1, limit),
            lambda passage: pages.ByNumber(passage.ordinal),
            filter=request.parent,
        )
        return pb.ListPassagesResponse(passages=map(convert.passage_to_pb, found), next_page_token=more)

    async def SearchPassages(self, request: pb.SearchPassagesRequest, context: Context) -> pb.SearchPassagesResponse:
        findings = await self._app.search(
            convert.organization_from_pb(request.parent),
            request.query,
            request.limit or DEFAULT_RESULTS,
            convert.mode_from_pb(request.mode),
        )
        return convert.findings_to_pb(findings, findings.model or self._app.embedder.model)


async def _bytes(first: pb.UploadContentRequest, others: AsyncIterator[pb.UploadContentRequest]) -> AsyncGenerator[bytes, None]:
    """The bytes of an upload."""
    yield first.content.data
    async for request in others:
        yield request.content.data


class MemoryServicer(internal.MemoryServiceServicer):
    """Finds what the assistant answers from."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._focus = Focus(app.embedder)

    async def BuildContext(self, request: internal.BuildContextRequest, context: Context) -> internal.BuildContextResponse:
        findings = await self._app.search(
            convert.organization_from_pb(request.parent),
            request.query,
            request.max_passages or DEFAULT_RESULTS,
            focus=self._focus,
        )
        fates = select([hit.passage for hit in findings.hits], request.token_budget)
        return convert.context_to_pb(findings, fates, findings.model or self._app.embedder.model)


def register(
    server: grpc.aio.Server,
    app: App,
    journal: Journal,
    draining: asyncio.Event,
    uploads: UploadApp,
    feed: DocumentFeed,
    sites: SiteApp,
    recounts: Recounts,
    jobs: Jobs,
) -> None:
    """Adds every service of the contract to a server."""
    pb.add_DocumentServiceServicer_to_server(DocumentServicer(app, uploads, feed), server)
    pb.add_PassageServiceServicer_to_server(PassageServicer(app), server)
    pb.add_SiteServiceServicer_to_server(SiteServicer(sites, draining), server)
    pb.add_MemoryServiceServicer_to_server(pb.MemoryServiceServicer(), server)
    internal.add_MemoryServiceServicer_to_server(MemoryServicer(app), server)
    servicers.add_event_service(server, internal, journal, draining)
    add_dead_letter_service(server, internal, jobs)
    kinds = (recounts.documents, recounts.stored_texts, recounts.stored_vectors)
    servicers.add_verification_service(server, internal, *kinds)
