"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.channel.v1.session_pb2
import frontdesk.channel.v1.web_chat_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class WebChatServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    OpenSession: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_service_pb2.OpenSessionRequest, frontdesk.channel.v1.session_pb2.Session]
    RefreshSession: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_service_pb2.RefreshSessionRequest, frontdesk.channel.v1.session_pb2.Session]
    CreateConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_service_pb2.CreateConversationRequest, frontdesk.channel.v1.web_chat_service_pb2.CreateConversationResponse]
    SendMessage: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_service_pb2.SendMessageRequest, frontdesk.channel.v1.web_chat_service_pb2.SendMessageResponse]
    Chat: grpc.aio.StreamStreamMultiCallable[frontdesk.channel.v1.web_chat_service_pb2.ChatRequest, frontdesk.channel.v1.web_chat_service_pb2.ChatResponse]
    SetTyping: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_service_pb2.SetTypingRequest, frontdesk.channel.v1.web_chat_service_pb2.SetTypingResponse]
    MarkRead: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_service_pb2.MarkReadRequest, frontdesk.channel.v1.web_chat_service_pb2.MarkReadResponse]
    RateConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_service_pb2.RateConversationRequest, frontdesk.channel.v1.web_chat_service_pb2.RateConversationResponse]
    RequestHuman: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_service_pb2.RequestHumanRequest, frontdesk.channel.v1.web_chat_service_pb2.RequestHumanResponse]

class WebChatServiceServicer:
    def OpenSession(self, request: frontdesk.channel.v1.web_chat_service_pb2.OpenSessionRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.session_pb2.Session]: ...
    def RefreshSession(self, request: frontdesk.channel.v1.web_chat_service_pb2.RefreshSessionRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.session_pb2.Session]: ...
    def CreateConversation(self, request: frontdesk.channel.v1.web_chat_service_pb2.CreateConversationRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_service_pb2.CreateConversationResponse]: ...
    def SendMessage(self, request: frontdesk.channel.v1.web_chat_service_pb2.SendMessageRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_service_pb2.SendMessageResponse]: ...
    def Chat(self, request_iterator: AsyncIterator[frontdesk.channel.v1.web_chat_service_pb2.ChatRequest], context: _Context) -> AsyncIterator[frontdesk.channel.v1.web_chat_service_pb2.ChatResponse]: ...
    def SetTyping(self, request: frontdesk.channel.v1.web_chat_service_pb2.SetTypingRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_service_pb2.SetTypingResponse]: ...
    def MarkRead(self, request: frontdesk.channel.v1.web_chat_service_pb2.MarkReadRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_service_pb2.MarkReadResponse]: ...
    def RateConversation(self, request: frontdesk.channel.v1.web_chat_service_pb2.RateConversationRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_service_pb2.RateConversationResponse]: ...
    def RequestHuman(self, request: frontdesk.channel.v1.web_chat_service_pb2.RequestHumanRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_service_pb2.RequestHumanResponse]: ...

def add_WebChatServiceServicer_to_server(
    servicer: WebChatServiceServicer, server: grpc.aio.Server
) -> None: ...
