"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.memory.v1.document_pb2
import frontdesk.memory.v1.document_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class DocumentServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetDocument: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.document_service_pb2.GetDocumentRequest, frontdesk.memory.v1.document_pb2.Document]
    ListDocuments: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.document_service_pb2.ListDocumentsRequest, frontdesk.memory.v1.document_service_pb2.ListDocumentsResponse]
    WatchDocuments: grpc.aio.UnaryStreamMultiCallable[frontdesk.memory.v1.document_service_pb2.WatchDocumentsRequest, frontdesk.memory.v1.document_service_pb2.WatchDocumentsResponse]
    CreateDocument: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.document_service_pb2.CreateDocumentRequest, frontdesk.memory.v1.document_pb2.Document]
    UpdateDocument: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.document_service_pb2.UpdateDocumentRequest, frontdesk.memory.v1.document_pb2.Document]
    DeleteDocument: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.document_service_pb2.DeleteDocumentRequest, google.protobuf.empty_pb2.Empty]
    ReindexDocument: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.document_service_pb2.ReindexDocumentRequest, frontdesk.memory.v1.document_pb2.Document]
    ReindexDocuments: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.document_service_pb2.ReindexDocumentsRequest, frontdesk.memory.v1.document_service_pb2.ReindexDocumentsResponse]
    CancelIndexing: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.document_service_pb2.CancelIndexingRequest, frontdesk.memory.v1.document_pb2.Document]
    UploadContent: grpc.aio.StreamUnaryMultiCallable[frontdesk.memory.v1.document_service_pb2.UploadContentRequest, frontdesk.memory.v1.document_service_pb2.UploadContentResponse]

class DocumentServiceServicer:
    def GetDocument(self, request: frontdesk.memory.v1.document_service_pb2.GetDocumentRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.document_pb2.Document]: ...
    def ListDocuments(self, request: frontdesk.memory.v1.document_service_pb2.ListDocumentsRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.document_service_pb2.ListDocumentsResponse]: ...
    def WatchDocuments(self, request: frontdesk.memory.v1.document_service_pb2.WatchDocumentsRequest, context: _Context) -> AsyncIterator[frontdesk.memory.v1.document_service_pb2.WatchDocumentsResponse]: ...
    def CreateDocument(self, request: frontdesk.memory.v1.document_service_pb2.CreateDocumentRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.document_pb2.Document]: ...
    def UpdateDocument(self, request: frontdesk.memory.v1.document_service_pb2.UpdateDocumentRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.document_pb2.Document]: ...
    def DeleteDocument(self, request: frontdesk.memory.v1.document_service_pb2.DeleteDocumentRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...
    def ReindexDocument(self, request: frontdesk.memory.v1.document_service_pb2.ReindexDocumentRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.document_pb2.Document]: ...
    def ReindexDocuments(self, request: frontdesk.memory.v1.document_service_pb2.ReindexDocumentsRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.document_service_pb2.ReindexDocumentsResponse]: ...
    def CancelIndexing(self, request: frontdesk.memory.v1.document_service_pb2.CancelIndexingRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.document_pb2.Document]: ...
    def UploadContent(self, request_iterator: AsyncIterator[frontdesk.memory.v1.document_service_pb2.UploadContentRequest], context: _Context) -> Awaitable[frontdesk.memory.v1.document_service_pb2.UploadContentResponse]: ...

def add_DocumentServiceServicer_to_server(
    servicer: DocumentServiceServicer, server: grpc.aio.Server
) -> None: ...
