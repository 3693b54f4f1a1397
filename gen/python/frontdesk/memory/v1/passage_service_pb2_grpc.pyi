"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.memory.v1.passage_pb2
import frontdesk.memory.v1.passage_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class PassageServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetPassage: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.passage_service_pb2.GetPassageRequest, frontdesk.memory.v1.passage_pb2.Passage]
    ListPassages: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.passage_service_pb2.ListPassagesRequest, frontdesk.memory.v1.passage_service_pb2.ListPassagesResponse]
    SearchPassages: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.passage_service_pb2.SearchPassagesRequest, frontdesk.memory.v1.passage_service_pb2.SearchPassagesResponse]

class PassageServiceServicer:
    def GetPassage(self, request: frontdesk.memory.v1.passage_service_pb2.GetPassageRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.passage_pb2.Passage]: ...
    def ListPassages(self, request: frontdesk.memory.v1.passage_service_pb2.ListPassagesRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.passage_service_pb2.ListPassagesResponse]: ...
    def SearchPassages(self, request: frontdesk.memory.v1.passage_service_pb2.SearchPassagesRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.passage_service_pb2.SearchPassagesResponse]: ...

def add_PassageServiceServicer_to_server(
    servicer: PassageServiceServicer, server: grpc.aio.Server
) -> None: ...
