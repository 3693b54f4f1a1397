"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.v1.message_pb2
import frontdesk.core.v1.message_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class MessageServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetMessage: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.message_service_pb2.GetMessageRequest, frontdesk.core.v1.message_pb2.Message]
    ListMessages: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.message_service_pb2.ListMessagesRequest, frontdesk.core.v1.message_service_pb2.ListMessagesResponse]

class MessageServiceServicer:
    def GetMessage(self, request: frontdesk.core.v1.message_service_pb2.GetMessageRequest, context: _Context) -> Awaitable[frontdesk.core.v1.message_pb2.Message]: ...
    def ListMessages(self, request: frontdesk.core.v1.message_service_pb2.ListMessagesRequest, context: _Context) -> Awaitable[frontdesk.core.v1.message_service_pb2.ListMessagesResponse]: ...

def add_MessageServiceServicer_to_server(
    servicer: MessageServiceServicer, server: grpc.aio.Server
) -> None: ...
