"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.memory.internal.v1.memory_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class MemoryServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    BuildContext: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.internal.v1.memory_service_pb2.BuildContextRequest, frontdesk.memory.internal.v1.memory_service_pb2.BuildContextResponse]

class MemoryServiceServicer:
    def BuildContext(self, request: frontdesk.memory.internal.v1.memory_service_pb2.BuildContextRequest, context: _Context) -> Awaitable[frontdesk.memory.internal.v1.memory_service_pb2.BuildContextResponse]: ...

def add_MemoryServiceServicer_to_server(
    servicer: MemoryServiceServicer, server: grpc.aio.Server
) -> None: ...
