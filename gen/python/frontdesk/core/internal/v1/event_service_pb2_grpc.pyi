"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.internal.v1.event_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class EventServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    WatchEvents: grpc.aio.UnaryStreamMultiCallable[frontdesk.core.internal.v1.event_service_pb2.WatchEventsRequest, frontdesk.core.internal.v1.event_service_pb2.WatchEventsResponse]
    BatchGetMessages: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.event_service_pb2.BatchGetMessagesRequest, frontdesk.core.internal.v1.event_service_pb2.BatchGetMessagesResponse]
    BatchGetConversations: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.event_service_pb2.BatchGetConversationsRequest, frontdesk.core.internal.v1.event_service_pb2.BatchGetConversationsResponse]

class EventServiceServicer:
    def WatchEvents(self, request: frontdesk.core.internal.v1.event_service_pb2.WatchEventsRequest, context: _Context) -> AsyncIterator[frontdesk.core.internal.v1.event_service_pb2.WatchEventsResponse]: ...
    def BatchGetMessages(self, request: frontdesk.core.internal.v1.event_service_pb2.BatchGetMessagesRequest, context: _Context) -> Awaitable[frontdesk.core.internal.v1.event_service_pb2.BatchGetMessagesResponse]: ...
    def BatchGetConversations(self, request: frontdesk.core.internal.v1.event_service_pb2.BatchGetConversationsRequest, context: _Context) -> Awaitable[frontdesk.core.internal.v1.event_service_pb2.BatchGetConversationsResponse]: ...

def add_EventServiceServicer_to_server(
    servicer: EventServiceServicer, server: grpc.aio.Server
) -> None: ...
