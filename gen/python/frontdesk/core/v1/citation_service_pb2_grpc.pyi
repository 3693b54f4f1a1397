"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.v1.citation_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class CitationServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    ListDocumentCitations: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.citation_service_pb2.ListDocumentCitationsRequest, frontdesk.core.v1.citation_service_pb2.ListDocumentCitationsResponse]
    CountDocumentCitations: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.citation_service_pb2.CountDocumentCitationsRequest, frontdesk.core.v1.citation_service_pb2.CountDocumentCitationsResponse]

class CitationServiceServicer:
    def ListDocumentCitations(self, request: frontdesk.core.v1.citation_service_pb2.ListDocumentCitationsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.citation_service_pb2.ListDocumentCitationsResponse]: ...
    def CountDocumentCitations(self, request: frontdesk.core.v1.citation_service_pb2.CountDocumentCitationsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.citation_service_pb2.CountDocumentCitationsResponse]: ...

def add_CitationServiceServicer_to_server(
    servicer: CitationServiceServicer, server: grpc.aio.Server
) -> None: ...
