"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.internal.v1.setup_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class SetupServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CreateSetupLink: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.setup_service_pb2.CreateSetupLinkRequest, frontdesk.admin.internal.v1.setup_service_pb2.CreateSetupLinkResponse]
    CreateResetLink: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.setup_service_pb2.CreateResetLinkRequest, frontdesk.admin.internal.v1.setup_service_pb2.CreateResetLinkResponse]

class SetupServiceServicer:
    def CreateSetupLink(self, request: frontdesk.admin.internal.v1.setup_service_pb2.CreateSetupLinkRequest, context: _Context) -> Awaitable[frontdesk.admin.internal.v1.setup_service_pb2.CreateSetupLinkResponse]: ...
    def CreateResetLink(self, request: frontdesk.admin.internal.v1.setup_service_pb2.CreateResetLinkRequest, context: _Context) -> Awaitable[frontdesk.admin.internal.v1.setup_service_pb2.CreateResetLinkResponse]: ...

def add_SetupServiceServicer_to_server(
    servicer: SetupServiceServicer, server: grpc.aio.Server
) -> None: ...
