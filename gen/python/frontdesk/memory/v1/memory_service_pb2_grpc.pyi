"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.memory.v1.memory_pb2
import frontdesk.memory.v1.memory_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class MemoryServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CreateMemory: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.CreateMemoryRequest, frontdesk.memory.v1.memory_pb2.Memory]
    GetMemory: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.GetMemoryRequest, frontdesk.memory.v1.memory_pb2.Memory]
    ListMemories: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.ListMemoriesRequest, frontdesk.memory.v1.memory_service_pb2.ListMemoriesResponse]
    SearchMemories: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.SearchMemoriesRequest, frontdesk.memory.v1.memory_service_pb2.SearchMemoriesResponse]
    UpdateMemory: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.UpdateMemoryRequest, frontdesk.memory.v1.memory_pb2.Memory]
    DeleteMemory: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.DeleteMemoryRequest, google.protobuf.empty_pb2.Empty]
    PurgeMemories: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.PurgeMemoriesRequest, frontdesk.memory.v1.memory_service_pb2.PurgeMemoriesResponse]

class MemoryServiceServicer:
    def CreateMemory(self, request: frontdesk.memory.v1.memory_service_pb2.CreateMemoryRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.memory_pb2.Memory]: ...
    def GetMemory(self, request: frontdesk.memory.v1.memory_service_pb2.GetMemoryRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.memory_pb2.Memory]: ...
    def ListMemories(self, request: frontdesk.memory.v1.memory_service_pb2.ListMemoriesRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.memory_service_pb2.ListMemoriesResponse]: ...
    def SearchMemories(self, request: frontdesk.memory.v1.memory_service_pb2.SearchMemoriesRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.memory_service_pb2.SearchMemoriesResponse]: ...
    def UpdateMemory(self, request: frontdesk.memory.v1.memory_service_pb2.UpdateMemoryRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.memory_pb2.Memory]: ...
    def DeleteMemory(self, request: frontdesk.memory.v1.memory_service_pb2.DeleteMemoryRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...
    def PurgeMemories(self, request: frontdesk.memory.v1.memory_service_pb2.PurgeMemoriesRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.memory_service_pb2.PurgeMemoriesResponse]: ...

def add_MemoryServiceServicer_to_server(
    servicer: MemoryServiceServicer, server: grpc.aio.Server
) -> None: ...
