"""The forms in which the gateway speaks: JSON, SSE, NDJSON, gRPC, gRPC-web, webhooks, web pages."""

from __future__ import annotations

import base64
import gzip
import json
import struct
import time
from collections.abc import AsyncIterator

import grpc.aio
import pytest
from frontdesk.channel import v1 as channel
from frontdesk.core import v1 as core
from google.rpc import error_details_pb2, status_pb2

from tests.gateway.conftest import TIMEOUT_SECONDS, Gateway

HELD = "/v1/organizations/shop/conversations/held"
CONVERSATION = "/v1/organizations/shop/conversations/c1"
NAME = "organizations/shop/conversations/c1"
WATCH = "/frontdesk.core.v1.ConversationService/WatchConversation"
GET = "/frontdesk.core.v1.ConversationService/GetConversation"


def frame(message: core.GetConversationRequest | core.WatchConversationRequest) -> bytes:
    data = message.SerializeToString()
    return b"\0" + struct.pack(">I", len(data)) + data


def frames(data: bytes) -> list[tuple[int, bytes]]:
    """gRPC-web frames: (0, message) … (128, trailers)."""
    out = []
    while data:
        size = struct.unpack(">I", data[1:5])[0]
        out.append((data[0], data[5 : 5 + size]))
        data = data[5 + size :]
    return out


async def test_json_reaches_the_service_of_its_path(gateway: Gateway) -> None:
    answer = await gateway.call("GET", CONVERSATION)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json["name"] == NAME
    assert answer.json["state"] == "CONVERSATION_STATE_UNSPECIFIED", "fields with their default value are written too"
    assert (await gateway.call("GET", "/v1/organizations/shop/users/u1")).json["name"] == "organizations/shop/users/u1"
    sent = await gateway.call("POST", f"{CONVERSATION}:send", body={"text": "Hé", "requestId": "r1"})
    assert sent.json["message"]["text"] == "Hé"  # type: ignore[index]


async def test_errors_are_a_status_with_its_details(gateway: Gateway) -> None:
    answer = await gateway.call("GET", "/v1/organizations/shop/conversations/missing")
    assert answer.status == 404
    assert answer.json["code"] == 5
    assert answer.reason == "CONVERSATION_NOT_FOUND"
    assert answer.json["details"][0]["domain"] == "core.frontdesk"  # type: ignore[index]
    empty = await gateway.call("POST", f"{CONVERSATION}:send", body={"text": "", "requestId": "r1"})
    assert (empty.status, empty.reason) == (400, "INVALID_REQUEST")
    broken = empty.json["details"][1]["fieldViolations"][0]  # type: ignore[index]
    assert (broken["field"], broken["description"]) == ("", "needs exactly one of text, content")


async def test_unbuilt_rpcs_return_unimplemented(gateway: Gateway) -> None:
    answer = await gateway.call("GET", "/v1/organizations/shop/queues")
    assert (answer.status, answer.json["code"]) == (501, 12)
    assert "not built yet" in str(answer.json["message"])


async def test_a_stream_is_ndjson_line_by_line(gateway: Gateway) -> None:
    headers = {"authorization": gateway.user()}
    async with gateway.http.get(f"{gateway.base}{HELD}:watch", headers=headers) as response:
        assert response.headers["content-type"] == "application/json"
        seen = [json.loads(await response.content.readline())]  # it comes when it is said: the rest is not said before
        await gateway.call("POST", f"{CONVERSATION}:tag", body={"addTags": ["go-on"]})
        seen += [json.loads(line) async for line in response.content]
    assert [line["replyDelta"]["text"] for line in seen] == ["one", "two", "three"]


async def test_a_stream_is_server_sent_events_when_asked(gateway: Gateway) -> None:
    headers = {"authorization": gateway.user(), "accept": "text/event-stream"}
    async with gateway.http.get(f"{gateway.base}{HELD}:watch", headers=headers) as response:
        assert response.headers["content-type"] == "text/event-stream"
        assert response.headers["cache-control"] == "no-cache, no-transform"
        assert response.headers["x-accel-buffering"] == "no"
        lines = [await response.content.readline()]  # it comes when it is said: the rest is not said before
        await gateway.call("POST", f"{CONVERSATION}:tag", body={"addTags": ["go-on"]})
        lines += [line async for line in response.content]
    events = [part.decode().split("\n") for part in b"".join(lines).removesuffix(b"\n\n").split(b"\n\n")]
    assert events[0].pop(0) == "retry: 1000"
    assert [id for id, _ in events] == ["id: r0", "id: r1", "id: r2"]
    frames = [json.loads(data.removeprefix("data: ")) for _, data in events]
    plain = await gateway.call("GET", f"{CONVERSATION}:watch")
    assert frames == [json.loads(line) for line in plain.body.splitlines()], "the objects are those of the other form"


async def test_events_resume_after_the_last_received_one(gateway: Gateway) -> None:
    headers = {"accept": "text/event-stream", "last-event-id": "r0"}
    answer = await gateway.call("GET", f"{CONVERSATION}:watch", headers=headers)
    assert [line for line in answer.body.splitlines() if line.startswith(b"id: ")] == [b"id: r1", b"id: r2"]


async def test_an_error_before_the_first_event_is_an_error_as_ever(gateway: Gateway) -> None:
    headers = {"accept": "text/event-stream"}
    answer = await gateway.call("GET", "/v1/organizations/other/conversations/c1:watch", headers=headers)
    assert (answer.status, answer.reason) == (403, "ORGANIZATION_MISMATCH")
    forged = await gateway.call("GET", f"{CONVERSATION}:watch", headers={"x-stream-form": "events"})
    assert len(forged.body.splitlines()) == 3, "the gateway alone chooses the form"


async def test_grpc_unary_stream_and_both_ways(gateway: Gateway, wire: grpc.aio.Channel) -> None:
    token = (("authorization", gateway.user()),)
    conversations = core.ConversationServiceStub(wire)
    assert (await conversations.GetConversation(core.GetConversationRequest(name=NAME), metadata=token)).name == NAME
    watch = conversations.WatchConversation(core.WatchConversationRequest(name=NAME), metadata=token)
    assert [f.reply_delta.text async for f in watch] == ["one", "two", "three"]

    async def say() -> AsyncIterator[channel.ChatRequest]:
        for n in range(3):
            yield channel.ChatRequest(send=channel.ChatSend(text="hi", request_id=f"r{n}"))

    chat = channel.WebChatServiceStub(wire).Chat(say(), metadata=token)
    assert [f.accepted.request_id async for f in chat] == ["r0", "r1", "r2"]


async def test_grpc_errors_keep_their_details(gateway: Gateway, wire: grpc.aio.Channel) -> None:
    request = core.GetConversationRequest(name="organizations/shop/conversations/missing")
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await core.ConversationServiceStub(wire).GetConversation(request, metadata=(("authorization", gateway.user()),))
    assert raised.value.code() is grpc.StatusCode.NOT_FOUND
    details = dict(raised.value.trailing_metadata() or ())["grpc-status-details-bin"]
    assert isinstance(details, bytes)
    info = error_details_pb2.ErrorInfo()
    status_pb2.Status.FromString(details).details[0].Unpack(info)
    assert info.reason == "CONVERSATION_NOT_FOUND"


@pytest.mark.parametrize("form", ["application/grpc-web+proto", "application/grpc-web-text"])
async def test_grpc_web_unary_and_stream(gateway: Gateway, form: str) -> None:
    def wrap(data: bytes) -> bytes:
        return base64.b64encode(data) if "text" in form else data

    def unwrap(data: bytes) -> bytes:
        # Chunks are encoded one by one, so padding may stand in the middle.
        return b"".join(base64.b64decode(part + b"==") for part in data.split(b"=") if part) if "text" in form else data

    headers = {"content-type": form, "accept": form, "x-grpc-web": "1", "origin": "http://localhost:5173"}
    answer = await gateway.call("POST", GET, body=wrap(frame(core.GetConversationRequest(name=NAME))), headers=headers)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith(form)
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"
    (_, message), (mark, trailers) = frames(unwrap(answer.body))
    assert core.Conversation.FromString(message).name == NAME
    assert mark == 128
    assert b"grpc-status:0" in trailers
    watch = await gateway.call("POST", WATCH, body=wrap(frame(core.WatchConversationRequest(name=NAME))), headers=headers)
    texts = [core.WatchConversationResponse.FromString(m).reply_delta.text for k, m in frames(unwrap(watch.body)) if k == 0]
    assert texts == ["one", "two", "three"]


async def test_webhooks_pass_bytes_in_and_out(gateway: Gateway) -> None:
    path = "/v1/organizations/shop/channels/w1/webhooks"
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": "abc="}
    answer = await gateway.call("POST", f"{path}:twilio?extra=1", token=None, body=b"From=%2B1&Body=a+b", headers=headers)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/xml")
    assert answer.body == b"<R>18 application/x-www-form-urlencoded abc=</R>"
    query = "hub.mode=subscribe&hub.verify_token=v&hub.challenge=42"
    answer = await gateway.call("GET", f"{path}:whatsAppCloud?{query}", token=None)
    assert (answer.status, answer.body) == (200, b"42")


async def test_streams_outlive_the_timeout_that_ends_unary_calls(gateway: Gateway) -> None:
    slow = await gateway.call("GET", "/v1/organizations/shop/conversations/slow")
    assert (slow.status, slow.json["code"]) == (504, 4), slow.body
    assert slow.reason == "OUT_OF_TIME", slow.body
    started = time.monotonic()
    watch = await gateway.call("GET", "/v1/organizations/shop/conversations/long:watch")
    assert watch.body.count(b"\n") == 3
    assert time.monotonic() - started > TIMEOUT_SECONDS


async def test_the_pages_are_served_with_cache_gzip_and_a_strict_policy(gateway: Gateway) -> None:
    page = await gateway.call("GET", "/", token=None, headers={"accept-encoding": "gzip"})
    assert page.status == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert b"<title>Shop</title>" in gzip.decompress(page.body)
    again = await gateway.call("GET", "/", token=None, headers={"if-none-match": page.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    script = await gateway.call("GET", "/assets/app-1a2b.js", token=None)
    assert "immutable" in script.headers["cache-control"]
    assert script.headers["content-type"].startswith("text/javascript")
    assert (await gateway.call("GET", "/nothing", token=None)).status == 404
    assert (await gateway.call("POST", "/", token=None, body=b"x")).status == 404


async def test_health_is_reported_for_the_gateway_and_for_its_backends(gateway: Gateway) -> None:
    assert (await gateway.call("GET", "/healthz", token=None)).status == 200
    assert (await gateway.call("GET", "/readyz", token=None)).status == 200
