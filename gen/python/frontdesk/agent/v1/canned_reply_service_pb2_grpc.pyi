"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.agent.v1.canned_reply_pb2
import frontdesk.agent.v1.canned_reply_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class CannedReplyServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetCannedReply: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.canned_reply_service_pb2.GetCannedReplyRequest, frontdesk.agent.v1.canned_reply_pb2.CannedReply]
    ListCannedReplies: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.canned_reply_service_pb2.ListCannedRepliesRequest, frontdesk.agent.v1.canned_reply_service_pb2.ListCannedRepliesResponse]
    CreateCannedReply: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.canned_reply_service_pb2.CreateCannedReplyRequest, frontdesk.agent.v1.canned_reply_pb2.CannedReply]
    UpdateCannedReply: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.canned_reply_service_pb2.UpdateCannedReplyRequest, frontdesk.agent.v1.canned_reply_pb2.CannedReply]
    DeleteCannedReply: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.canned_reply_service_pb2.DeleteCannedReplyRequest, google.protobuf.empty_pb2.Empty]

class CannedReplyServiceServicer:
    def GetCannedReply(self, request: frontdesk.agent.v1.canned_reply_service_pb2.GetCannedReplyRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.canned_reply_pb2.CannedReply]: ...
    def ListCannedReplies(self, request: frontdesk.agent.v1.canned_reply_service_pb2.ListCannedRepliesRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.canned_reply_service_pb2.ListCannedRepliesResponse]: ...
    def CreateCannedReply(self, request: frontdesk.agent.v1.canned_reply_service_pb2.CreateCannedReplyRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.canned_reply_pb2.CannedReply]: ...
    def UpdateCannedReply(self, request: frontdesk.agent.v1.canned_reply_service_pb2.UpdateCannedReplyRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.canned_reply_pb2.CannedReply]: ...
    def DeleteCannedReply(self, request: frontdesk.agent.v1.canned_reply_service_pb2.DeleteCannedReplyRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...

def add_CannedReplyServiceServicer_to_server(
    servicer: CannedReplyServiceServicer, server: grpc.aio.Server
) -> None: ...
