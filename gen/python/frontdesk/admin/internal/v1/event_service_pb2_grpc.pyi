"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.internal.v1.event_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class EventServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    WatchEvents: grpc.aio.UnaryStreamMultiCallable[frontdesk.admin.internal.v1.event_service_pb2.WatchEventsRequest, frontdesk.admin.internal.v1.event_service_pb2.WatchEventsResponse]

class EventServiceServicer:
    def WatchEvents(self, request: frontdesk.admin.internal.v1.event_service_pb2.WatchEventsRequest, context: _Context) -> AsyncIterator[frontdesk.admin.internal.v1.event_service_pb2.WatchEventsResponse]: ...

def add_EventServiceServicer_to_server(
    servicer: EventServiceServicer, server: grpc.aio.Server
) -> None: ...
