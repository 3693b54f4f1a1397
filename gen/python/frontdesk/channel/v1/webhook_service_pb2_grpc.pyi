"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.channel.v1.webhook_service_pb2
import google.api.httpbody_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class WebhookServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    ReceiveWebhook: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.webhook_service_pb2.ReceiveWebhookRequest, google.api.httpbody_pb2.HttpBody]
    VerifyWhatsAppCloud: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.webhook_service_pb2.VerifyWhatsAppCloudRequest, google.api.httpbody_pb2.HttpBody]

class WebhookServiceServicer:
    def ReceiveWebhook(self, request: frontdesk.channel.v1.webhook_service_pb2.ReceiveWebhookRequest, context: _Context) -> Awaitable[google.api.httpbody_pb2.HttpBody]: ...
    def VerifyWhatsAppCloud(self, request: frontdesk.channel.v1.webhook_service_pb2.VerifyWhatsAppCloudRequest, context: _Context) -> Awaitable[google.api.httpbody_pb2.HttpBody]: ...

def add_WebhookServiceServicer_to_server(
    servicer: WebhookServiceServicer, server: grpc.aio.Server
) -> None: ...
