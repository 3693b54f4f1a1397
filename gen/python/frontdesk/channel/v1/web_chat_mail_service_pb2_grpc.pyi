"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.channel.v1.session_pb2
import frontdesk.channel.v1.web_chat_mail_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class WebChatMailServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetConversationMail: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_mail_service_pb2.GetConversationMailRequest, frontdesk.channel.v1.web_chat_mail_service_pb2.ConversationMail]
    LeaveAddress: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_mail_service_pb2.LeaveAddressRequest, frontdesk.channel.v1.web_chat_mail_service_pb2.ConversationMail]
    RemoveAddress: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_mail_service_pb2.RemoveAddressRequest, frontdesk.channel.v1.web_chat_mail_service_pb2.ConversationMail]
    SendTranscript: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_mail_service_pb2.SendTranscriptRequest, frontdesk.channel.v1.web_chat_mail_service_pb2.SendTranscriptResponse]
    ConfirmAddress: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_mail_service_pb2.ConfirmAddressRequest, frontdesk.channel.v1.web_chat_mail_service_pb2.ConfirmAddressResponse]
    ResumeConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_mail_service_pb2.ResumeConversationRequest, frontdesk.channel.v1.session_pb2.Session]
    StopMails: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.web_chat_mail_service_pb2.StopMailsRequest, frontdesk.channel.v1.web_chat_mail_service_pb2.StopMailsResponse]

class WebChatMailServiceServicer:
    def GetConversationMail(self, request: frontdesk.channel.v1.web_chat_mail_service_pb2.GetConversationMailRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_mail_service_pb2.ConversationMail]: ...
    def LeaveAddress(self, request: frontdesk.channel.v1.web_chat_mail_service_pb2.LeaveAddressRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_mail_service_pb2.ConversationMail]: ...
    def RemoveAddress(self, request: frontdesk.channel.v1.web_chat_mail_service_pb2.RemoveAddressRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_mail_service_pb2.ConversationMail]: ...
    def SendTranscript(self, request: frontdesk.channel.v1.web_chat_mail_service_pb2.SendTranscriptRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_mail_service_pb2.SendTranscriptResponse]: ...
    def ConfirmAddress(self, request: frontdesk.channel.v1.web_chat_mail_service_pb2.ConfirmAddressRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_mail_service_pb2.ConfirmAddressResponse]: ...
    def ResumeConversation(self, request: frontdesk.channel.v1.web_chat_mail_service_pb2.ResumeConversationRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.session_pb2.Session]: ...
    def StopMails(self, request: frontdesk.channel.v1.web_chat_mail_service_pb2.StopMailsRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.web_chat_mail_service_pb2.StopMailsResponse]: ...

def add_WebChatMailServiceServicer_to_server(
    servicer: WebChatMailServiceServicer, server: grpc.aio.Server
) -> None: ...
