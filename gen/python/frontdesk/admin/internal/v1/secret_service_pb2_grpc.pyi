"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.internal.v1.secret_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class SecretServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetSecret: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.secret_service_pb2.GetSecretRequest, frontdesk.admin.internal.v1.secret_service_pb2.Secret]

class SecretServiceServicer:
    def GetSecret(self, request: frontdesk.admin.internal.v1.secret_service_pb2.GetSecretRequest, context: _Context) -> Awaitable[frontdesk.admin.internal.v1.secret_service_pb2.Secret]: ...

def add_SecretServiceServicer_to_server(
    servicer: SecretServiceServicer, server: grpc.aio.Server
) -> None: ...
