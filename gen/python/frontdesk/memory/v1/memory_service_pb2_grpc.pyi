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
    Remember: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.RememberRequest, frontdesk.memory.v1.memory_pb2.Memory]
    Recall: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.RecallRequest, frontdesk.memory.v1.memory_service_pb2.RecallResponse]
    ListMemories: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.ListMemoriesRequest, frontdesk.memory.v1.memory_service_pb2.ListMemoriesResponse]
    Forget: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.ForgetRequest, google.protobuf.empty_pb2.Empty]
    ForgetCustomer: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.ForgetCustomerRequest, frontdesk.memory.v1.memory_service_pb2.ForgetCustomerResponse]
    BuildContext: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.v1.memory_service_pb2.BuildContextRequest, frontdesk.memory.v1.memory_service_pb2.BuildContextResponse]

class MemoryServiceServicer:
    def Remember(self, request: frontdesk.memory.v1.memory_service_pb2.RememberRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.memory_pb2.Memory]: ...
    def Recall(self, request: frontdesk.memory.v1.memory_service_pb2.RecallRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.memory_service_pb2.RecallResponse]: ...
    def ListMemories(self, request: frontdesk.memory.v1.memory_service_pb2.ListMemoriesRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.memory_service_pb2.ListMemoriesResponse]: ...
    def Forget(self, request: frontdesk.memory.v1.memory_service_pb2.ForgetRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...
    def ForgetCustomer(self, request: frontdesk.memory.v1.memory_service_pb2.ForgetCustomerRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.memory_service_pb2.ForgetCustomerResponse]: ...
    def BuildContext(self, request: frontdesk.memory.v1.memory_service_pb2.BuildContextRequest, context: _Context) -> Awaitable[frontdesk.memory.v1.memory_service_pb2.BuildContextResponse]: ...

def add_MemoryServiceServicer_to_server(
    servicer: MemoryServiceServicer, server: grpc.aio.Server
) -> None: ...
