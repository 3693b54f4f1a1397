"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.internal.v1.erasure_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class ErasureServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    ConfirmErasure: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.erasure_service_pb2.ConfirmErasureRequest, google.protobuf.empty_pb2.Empty]

class ErasureServiceServicer:
    def ConfirmErasure(self, request: frontdesk.core.internal.v1.erasure_service_pb2.ConfirmErasureRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...

def add_ErasureServiceServicer_to_server(
    servicer: ErasureServiceServicer, server: grpc.aio.Server
) -> None: ...
