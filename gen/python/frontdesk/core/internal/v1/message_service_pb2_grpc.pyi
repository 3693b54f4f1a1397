"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.internal.v1.message_service_pb2
import frontdesk.core.v1.message_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class MessageServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    ReceiveMessage: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.message_service_pb2.ReceiveMessageRequest, frontdesk.core.internal.v1.message_service_pb2.ReceiveMessageResponse]
    PostMessage: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.message_service_pb2.PostMessageRequest, frontdesk.core.v1.message_pb2.Message]
    AddNote: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.internal.v1.message_service_pb2.AddNoteRequest, frontdesk.core.v1.message_pb2.Message]

class MessageServiceServicer:
    def ReceiveMessage(self, request: frontdesk.core.internal.v1.message_service_pb2.ReceiveMessageRequest, context: _Context) -> Awaitable[frontdesk.core.internal.v1.message_service_pb2.ReceiveMessageResponse]: ...
    def PostMessage(self, request: frontdesk.core.internal.v1.message_service_pb2.PostMessageRequest, context: _Context) -> Awaitable[frontdesk.core.v1.message_pb2.Message]: ...
    def AddNote(self, request: frontdesk.core.internal.v1.message_service_pb2.AddNoteRequest, context: _Context) -> Awaitable[frontdesk.core.v1.message_pb2.Message]: ...

def add_MessageServiceServicer_to_server(
    servicer: MessageServiceServicer, server: grpc.aio.Server
) -> None: ...
