"""Memory's contract, answered. RPCs that are not built yet stay on the generated base."""

import asyncio
from functools import partial

import grpc
from frontdesk.memory import v1 as pb
from frontdesk.memory.internal import v1 as internal
from google.protobuf.empty_pb2 import Empty

from kit import pages, servicers
from kit.interceptors import Context
from kit.journal import Journal
from services.memory import convert
from services.memory.app import DEFAULT_RESULTS, App
from services.memory.app.recount import Recounts


class DocumentServicer(pb.DocumentServiceServicer):
    """Manages documents."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def GetDocument(self, request: pb.GetDocumentRequest, context: Context) -> pb.Document:
        return convert.document_to_pb(await self._app.get_document(*convert.document_name_from_pb(request.name)))

    async def ListDocuments(self, request: pb.ListDocumentsRequest, context: Context) -> pb.ListDocumentsResponse:
        organization, state = convert.organization_from_pb(request.parent), convert.state_from_pb(request.state)
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._app.list_documents, organization, state),
            lambda document: pages.ByTime(document.created, document.id),
            filter=f"{request.parent} {request.state}",
        )
        return pb.ListDocumentsResponse(documents=map(convert.document_to_pb, found), next_page_token=more)

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
        return convert.findings_to_pb(findings, self._app.embedder.model)


def register(server: grpc.aio.Server, app: App, journal: Journal, draining: asyncio.Event, recounts: Recounts) -> None:
    """Adds every service of the contract to a server."""
    pb.add_DocumentServiceServicer_to_server(DocumentServicer(app), server)
    pb.add_PassageServiceServicer_to_server(PassageServicer(app), server)
    pb.add_MemoryServiceServicer_to_server(pb.MemoryServiceServicer(), server)
    internal.add_MemoryServiceServicer_to_server(internal.MemoryServiceServicer(), server)
    servicers.add_event_service(server, internal, journal, draining)
    kinds = (recounts.documents, recounts.stored_texts, recounts.stored_vectors)
    servicers.add_verification_service(server, internal, *kinds)
