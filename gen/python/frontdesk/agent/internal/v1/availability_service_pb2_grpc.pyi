"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.agent.internal.v1.availability_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class AvailabilityServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetAvailability: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.internal.v1.availability_service_pb2.GetAvailabilityRequest, frontdesk.agent.internal.v1.availability_service_pb2.GetAvailabilityResponse]

class AvailabilityServiceServicer:
    def GetAvailability(self, request: frontdesk.agent.internal.v1.availability_service_pb2.GetAvailabilityRequest, context: _Context) -> Awaitable[frontdesk.agent.internal.v1.availability_service_pb2.GetAvailabilityResponse]: ...

def add_AvailabilityServiceServicer_to_server(
    servicer: AvailabilityServiceServicer, server: grpc.aio.Server
) -> None: ...
