"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.internal.v1.conversation_service_pb2
import frontdesk.core.v1.conversation_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class ConversationServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    OpenConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.conversation_service_pb2.OpenConversationRequest, frontdesk.core.v1.conversation_pb2.Conversation]
    RequestHandover: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.conversation_service_pb2.RequestHandoverRequest, frontdesk.core.v1.conversation_pb2.Conversation]
    WithdrawHandover: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.conversation_service_pb2.WithdrawHandoverRequest, frontdesk.core.v1.conversation_pb2.Conversation]
    RateConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.conversation_service_pb2.RateConversationRequest, frontdesk.core.v1.conversation_pb2.Conversation]
    MarkRead: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.conversation_service_pb2.MarkReadRequest, frontdesk.core.internal.v1.conversation_service_pb2.MarkReadResponse]
    SetTyping: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.conversation_service_pb2.SetTypingRequest, frontdesk.core.internal.v1.conversation_service_pb2.SetTypingResponse]

class ConversationServiceServicer:
    def OpenConversation(self, request: frontdesk.core.internal.v1.conversation_service_pb2.OpenConversationRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_pb2.Conversation]: ...
    def RequestHandover(self, request: frontdesk.core.internal.v1.conversation_service_pb2.RequestHandoverRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_pb2.Conversation]: ...
    def WithdrawHandover(self, request: frontdesk.core.internal.v1.conversation_service_pb2.WithdrawHandoverRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_pb2.Conversation]: ...
    def RateConversation(self, request: frontdesk.core.internal.v1.conversation_service_pb2.RateConversationRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_pb2.Conversation]: ...
    def MarkRead(self, request: frontdesk.core.internal.v1.conversation_service_pb2.MarkReadRequest, context: _Context) -> Awaitable[frontdesk.core.internal.v1.conversation_service_pb2.MarkReadResponse]: ...
    def SetTyping(self, request: frontdesk.core.internal.v1.conversation_service_pb2.SetTypingRequest, context: _Context) -> Awaitable[frontdesk.core.internal.v1.conversation_service_pb2.SetTypingResponse]: ...

def add_ConversationServiceServicer_to_server(
    servicer: ConversationServiceServicer, server: grpc.aio.Server
) -> None: ...
