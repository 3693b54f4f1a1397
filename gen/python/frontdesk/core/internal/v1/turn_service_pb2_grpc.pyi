"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.internal.v1.turn_service_pb2
import frontdesk.core.v1.conversation_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class TurnServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    TakeConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.turn_service_pb2.TakeConversationRequest, frontdesk.core.internal.v1.turn_service_pb2.TakeConversationResponse]
    ReturnToAssistant: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.turn_service_pb2.ReturnToAssistantRequest, frontdesk.core.v1.conversation_pb2.Conversation]
    ClaimDispatch: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.turn_service_pb2.ClaimDispatchRequest, frontdesk.core.internal.v1.turn_service_pb2.ClaimDispatchResponse]

class TurnServiceServicer:
    def TakeConversation(self, request: frontdesk.core.internal.v1.turn_service_pb2.TakeConversationRequest, context: _Context) -> Awaitable[frontdesk.core.internal.v1.turn_service_pb2.TakeConversationResponse]: ...
    def ReturnToAssistant(self, request: frontdesk.core.internal.v1.turn_service_pb2.ReturnToAssistantRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_pb2.Conversation]: ...
    def ClaimDispatch(self, request: frontdesk.core.internal.v1.turn_service_pb2.ClaimDispatchRequest, context: _Context) -> Awaitable[frontdesk.core.internal.v1.turn_service_pb2.ClaimDispatchResponse]: ...

def add_TurnServiceServicer_to_server(
    servicer: TurnServiceServicer, server: grpc.aio.Server
) -> None: ...
