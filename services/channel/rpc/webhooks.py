"""WebhookService: where providers deliver."""

from frontdesk.channel import v1 as pb
from google.api import httpbody_pb2

from kit.interceptors import Context
from services.channel import convert
from services.channel.app import App
from services.channel.domain.providers import Webhook

MAX_BYTES = 4 << 20


class WebhookServicer(pb.WebhookServiceServicer):
    def __init__(self, app: App) -> None:
        self._webhooks = app.webhooks

    async def ReceiveWebhook(self, request: pb.ReceiveWebhookRequest, context: Context) -> httpbody_pb2.HttpBody:
        headers = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
        # The gateway turns the path into the RPC's, and keeps the one that was asked for in a header of its own.
        asked = headers.get("x-envoy-original-path", f"/v1/{request.channel}/webhook")
        path, _, query = asked.partition("?")
        webhook = Webhook(path, query, headers, request.body.content_type, request.body.data)
        reply = await self._webhooks.take(*convert.channel_ids(request.channel), webhook)
        return httpbody_pb2.HttpBody(content_type=reply.content_type, data=reply.body)
