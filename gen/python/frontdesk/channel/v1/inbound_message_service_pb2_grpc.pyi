"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.channel.v1.inbound_message_pb2
import frontdesk.channel.v1.inbound_message_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class InboundMessageServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    ListInboundMessages: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.inbound_message_service_pb2.ListInboundMessagesRequest, frontdesk.channel.v1.inbound_message_service_pb2.ListInboundMessagesResponse]
    RetryInboundMessage: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.inbound_message_service_pb2.RetryInboundMessageRequest, frontdesk.channel.v1.inbound_message_pb2.InboundMessage]

class InboundMessageServiceServicer:
    def ListInboundMessages(self, request: frontdesk.channel.v1.inbound_message_service_pb2.ListInboundMessagesRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.inbound_message_service_pb2.ListInboundMessagesResponse]: ...
    def RetryInboundMessage(self, request: frontdesk.channel.v1.inbound_message_service_pb2.RetryInboundMessageRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.inbound_message_pb2.InboundMessage]: ...

def add_InboundMessageServiceServicer_to_server(
    servicer: InboundMessageServiceServicer, server: grpc.aio.Server
) -> None: ...
