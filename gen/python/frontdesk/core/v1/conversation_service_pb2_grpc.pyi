"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.v1.conversation_pb2
import frontdesk.core.v1.conversation_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class ConversationServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.conversation_service_pb2.GetConversationRequest, frontdesk.core.v1.conversation_pb2.Conversation]
    ListConversations: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.conversation_service_pb2.ListConversationsRequest, frontdesk.core.v1.conversation_service_pb2.ListConversationsResponse]
    SearchConversations: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.conversation_service_pb2.SearchConversationsRequest, frontdesk.core.v1.conversation_service_pb2.SearchConversationsResponse]
    WatchConversation: grpc.aio.UnaryStreamMultiCallable[frontdesk.core.v1.conversation_service_pb2.WatchConversationRequest, frontdesk.core.v1.conversation_service_pb2.WatchConversationResponse]
    UpdateConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.conversation_service_pb2.UpdateConversationRequest, frontdesk.core.v1.conversation_pb2.Conversation]
    CloseConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.conversation_service_pb2.CloseConversationRequest, frontdesk.core.v1.conversation_pb2.Conversation]
    ReopenConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.conversation_service_pb2.ReopenConversationRequest, frontdesk.core.v1.conversation_pb2.Conversation]
    TagConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.conversation_service_pb2.TagConversationRequest, frontdesk.core.v1.conversation_pb2.Conversation]

class ConversationServiceServicer:
    def GetConversation(self, request: frontdesk.core.v1.conversation_service_pb2.GetConversationRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_pb2.Conversation]: ...
    def ListConversations(self, request: frontdesk.core.v1.conversation_service_pb2.ListConversationsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_service_pb2.ListConversationsResponse]: ...
    def SearchConversations(self, request: frontdesk.core.v1.conversation_service_pb2.SearchConversationsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_service_pb2.SearchConversationsResponse]: ...
    def WatchConversation(self, request: frontdesk.core.v1.conversation_service_pb2.WatchConversationRequest, context: _Context) -> AsyncIterator[frontdesk.core.v1.conversation_service_pb2.WatchConversationResponse]: ...
    def UpdateConversation(self, request: frontdesk.core.v1.conversation_service_pb2.UpdateConversationRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_pb2.Conversation]: ...
    def CloseConversation(self, request: frontdesk.core.v1.conversation_service_pb2.CloseConversationRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_pb2.Conversation]: ...
    def ReopenConversation(self, request: frontdesk.core.v1.conversation_service_pb2.ReopenConversationRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_pb2.Conversation]: ...
    def TagConversation(self, request: frontdesk.core.v1.conversation_service_pb2.TagConversationRequest, context: _Context) -> Awaitable[frontdesk.core.v1.conversation_pb2.Conversation]: ...

def add_ConversationServiceServicer_to_server(
    servicer: ConversationServiceServicer, server: grpc.aio.Server
) -> None: ...
