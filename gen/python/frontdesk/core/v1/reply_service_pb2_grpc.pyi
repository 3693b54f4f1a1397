"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.v1.reply_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class ReplyServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    SuggestReply: grpc.aio.UnaryStreamMultiCallable[frontdesk.core.v1.reply_service_pb2.SuggestReplyRequest, frontdesk.core.v1.reply_service_pb2.SuggestReplyResponse]
    PreviewReply: grpc.aio.UnaryStreamMultiCallable[frontdesk.core.v1.reply_service_pb2.PreviewReplyRequest, frontdesk.core.v1.reply_service_pb2.PreviewReplyResponse]
    TestModel: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.reply_service_pb2.TestModelRequest, frontdesk.core.v1.reply_service_pb2.TestModelResponse]
    SummarizeConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.reply_service_pb2.SummarizeConversationRequest, frontdesk.core.v1.reply_service_pb2.SummarizeConversationResponse]
    TranscribeAudio: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.reply_service_pb2.TranscribeAudioRequest, frontdesk.core.v1.reply_service_pb2.TranscribeAudioResponse]

class ReplyServiceServicer:
    def SuggestReply(self, request: frontdesk.core.v1.reply_service_pb2.SuggestReplyRequest, context: _Context) -> AsyncIterator[frontdesk.core.v1.reply_service_pb2.SuggestReplyResponse]: ...
    def PreviewReply(self, request: frontdesk.core.v1.reply_service_pb2.PreviewReplyRequest, context: _Context) -> AsyncIterator[frontdesk.core.v1.reply_service_pb2.PreviewReplyResponse]: ...
    def TestModel(self, request: frontdesk.core.v1.reply_service_pb2.TestModelRequest, context: _Context) -> Awaitable[frontdesk.core.v1.reply_service_pb2.TestModelResponse]: ...
    def SummarizeConversation(self, request: frontdesk.core.v1.reply_service_pb2.SummarizeConversationRequest, context: _Context) -> Awaitable[frontdesk.core.v1.reply_service_pb2.SummarizeConversationResponse]: ...
    def TranscribeAudio(self, request: frontdesk.core.v1.reply_service_pb2.TranscribeAudioRequest, context: _Context) -> Awaitable[frontdesk.core.v1.reply_service_pb2.TranscribeAudioResponse]: ...

def add_ReplyServiceServicer_to_server(
    servicer: ReplyServiceServicer, server: grpc.aio.Server
) -> None: ...
