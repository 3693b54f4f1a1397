"""A gateway in miniature: webhooks come in by HTTP as Twilio sends them, and continue as Envoy hands them to the service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from aiohttp import web
from frontdesk.channel import v1 as pb
from google.api import httpbody_pb2

from tests.rpc.channel.conftest import World

_STATUS = {
    "UNAUTHENTICATED": 401,
    "NOT_FOUND": 404,
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}


async def hand_on(world: World, request: web.Request) -> web.Response:
    """One webhook, with the headers that the gateway adds."""
    channel = request.path.removeprefix("/v1/").removesuffix("/webhooks:twilio")
    body = httpbody_pb2.HttpBody(content_type=request.headers["content-type"], data=await request.read())
    metadata = [
        ("x-twilio-signature", request.headers.get("x-twilio-signature", "")),
        ("x-forwarded-host", request.host),
        ("x-forwarded-proto", "http"),
        ("x-envoy-original-path", request.raw_path),
    ]
    try:
        answer = await world.webhooks.ReceiveWebhook(pb.ReceiveWebhookRequest(channel=channel, body=body), metadata=metadata)
    except grpc.aio.AioRpcError as error:
        return web.Response(status=_STATUS[error.code().name], text=error.details())
    return web.Response(body=answer.data, content_type=answer.content_type)


@asynccontextmanager
async def listening(world: World) -> AsyncIterator[str]:
    """Where webhooks come in: `http://127.0.0.1:…/v1/{channel}/webhooks:twilio`, for the channel `wa`."""
    app = web.Application(client_max_size=5 << 20)

    async def handle(request: web.Request) -> web.Response:
        return await hand_on(world, request)

    app.router.add_post("/v1/{channel:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1/organizations/acme/channels/wa/webhooks:twilio"
    finally:
        await runner.cleanup()
