"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.memory.internal.v1.verification_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class VerificationServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    VerifyStores: grpc.aio.UnaryStreamMultiCallable[frontdesk.memory.internal.v1.verification_service_pb2.VerifyStoresRequest, frontdesk.memory.internal.v1.verification_service_pb2.VerifyStoresResponse]

class VerificationServiceServicer:
    def VerifyStores(self, request: frontdesk.memory.internal.v1.verification_service_pb2.VerifyStoresRequest, context: _Context) -> AsyncIterator[frontdesk.memory.internal.v1.verification_service_pb2.VerifyStoresResponse]: ...

def add_VerificationServiceServicer_to_server(
    servicer: VerificationServiceServicer, server: grpc.aio.Server
) -> None: ...
