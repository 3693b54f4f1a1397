"""WebhookService: where providers deliver."""

from typing import TYPE_CHECKING, Any

import grpc
from frontdesk.channel import v1 as pb
from google.api import httpbody_pb2

from services.channel import convert
from services.channel.app.webhooks import WebhookApp
from services.channel.domain.channels import Kind
from services.channel.domain.providers import Webhook

if TYPE_CHECKING:  # generic in the type stubs alone
    Context = grpc.aio.ServicerContext[Any, Any]

MOST_BYTES = 4 << 20
_NO_REPLY = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""TwiML that says nothing: answers are sent by the REST API."""


class Webhooks(pb.WebhookServiceServicer):
    def __init__(self, app: WebhookApp) -> None:
        self._app = app

    async def ReceiveTwilio(self, request: pb.ReceiveTwilioRequest, context: "Context") -> httpbody_pb2.HttpBody:
        headers = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
        # The gateway turns the path into the RPC's, and keeps the one that was asked for in a header of its own.
        asked = headers.get("x-envoy-original-path", f"/v1/{request.channel}/webhooks:twilio")
        path, _, query = asked.partition("?")
        webhook = Webhook(path, query, headers, request.body.content_type, request.body.data)
        await self._app.take(*convert.channel_ids(request.channel), Kind.WHATSAPP_TWILIO, webhook)
        return httpbody_pb2.HttpBody(content_type="text/xml", data=_NO_REPLY)
