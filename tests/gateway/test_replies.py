"""Errors of the edge itself: the same reasons in the same form as a service's, for every kind of client."""

from __future__ import annotations

import asyncio
import base64
import time
from typing import Any

import grpc.aio
import pytest
from frontdesk.admin import v1 as admin
from frontdesk.core import v1 as core
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2

from gateway.replies import DOMAIN, REPLIES
from tests.gateway.conftest import TIMEOUT_SECONDS, Gateway
from tests.gateway.test_forms import CONVERSATION, GET, NAME, frame
from tests.gateway.test_hostile import forged, raw

LOGIN = "/frontdesk.admin.v1.AuthService/Login"
REQUEST = core.GetConversationRequest(name=NAME)


def read(details: str | bytes) -> tuple[int, str, str]:
    """Code, reason and message of a `grpc-status-details-bin`."""
    data = details if isinstance(details, bytes) else base64.b64decode(details + "==")
    status, info = status_pb2.Status.FromString(data), error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert info.domain == DOMAIN
    return status.code, info.reason, status.message


TOKENS = {"TOKEN_MISSING": None, "TOKEN_EXPIRED": {"exp": 1}, "INVALID_TOKEN": {"iss": "stranger"}}


@pytest.mark.parametrize("reason", TOKENS)
async def test_an_error_is_the_same_for_every_kind_of_client(gateway: Gateway, wire: grpc.aio.Channel, reason: str) -> None:
    claims = TOKENS[reason]
    token = None if claims is None else forged(gateway, **claims)
    rest = await gateway.call("GET", CONVERSATION, token=token)
    metadata = () if token is None else (("authorization", token),)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await core.ConversationServiceStub(wire).GetConversation(REQUEST, metadata=metadata)
    native = read(dict(raised.value.trailing_metadata() or ())["grpc-status-details-bin"])
    assert raised.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert "x-request-id" in dict(raised.value.trailing_metadata() or ()) | dict(raised.value.initial_metadata() or ())
    headers = {"content-type": "application/grpc-web+proto", "x-grpc-web": "1"}
    web = await gateway.call("POST", GET, token=token, body=frame(REQUEST), headers=headers)
    assert (web.status, web.headers["grpc-status"]) == (200, "16")
    assert web.headers["content-type"].startswith("application/grpc-web")
    assert native == read(web.headers["grpc-status-details-bin"]) == (16, reason, rest.json["message"])
    assert (rest.status, rest.reason, rest.headers["cache-control"]) == (401, reason, "no-store")


async def test_the_scheme_of_a_token_may_be_in_any_case(gateway: Gateway, wire: grpc.aio.Channel) -> None:
    for scheme in ("bearer", "BEARER", "bEaReR"):
        token = gateway.user().replace("Bearer", scheme)
        assert (await gateway.call("GET", CONVERSATION, token=token)).status == 200
        stub = core.ConversationServiceStub(wire)
        assert (await stub.GetConversation(REQUEST, metadata=(("authorization", token),))).name == NAME
    other = await gateway.call("GET", CONVERSATION, token=gateway.user().replace("Bearer", "Basic"))
    assert (other.status, other.reason) == (401, "INVALID_TOKEN")


async def test_other_requests_than_grpc_get_a_typed_error(gateway: Gateway) -> None:
    calls: list[Any] = [
        ("POST", LOGIN, None, {"content-type": "application/json", "connect-protocol-version": "1"}),
        ("GET", GET, "", {}),
        ("GET", GET, "", {"content-type": "application/grpc"}),
    ]
    for method, path, token, headers in calls:
        answer = await gateway.call(method, path, token=token, body=b"{}" if method == "POST" else None, headers=headers)
        if "application/grpc" in answer.headers["content-type"]:
            assert read(answer.headers["grpc-status-details-bin"])[1] == "UNSUPPORTED_MEDIA_TYPE"
        else:
            assert (answer.status, answer.reason) == (415, "UNSUPPORTED_MEDIA_TYPE"), method


@pytest.mark.parametrize("value", ["garbage", "1", "-1S", "123456789S"])
async def test_a_wrong_grpc_timeout_is_dropped_for_rest_and_refused_for_grpc(gateway: Gateway, value: str) -> None:
    assert (await gateway.call("GET", CONVERSATION, headers={"grpc-timeout": value})).status == 200
    headers = {"content-type": "application/grpc-web+proto", "grpc-timeout": value}
    web = await gateway.call("POST", GET, body=frame(REQUEST), headers=headers)
    assert web.headers["grpc-status"] == "3"
    assert read(web.headers["grpc-status-details-bin"])[1] == "INVALID_TIMEOUT"


@pytest.mark.parametrize("path", ["/v1/users%2fme", "/v1/%00", "/v1/nothing"])
async def test_metadata_holds_no_null(gateway: Gateway, path: str) -> None:
    answer = await gateway.call("GET", path)
    status = json_format.Parse(answer.body, status_pb2.Status())
    assert answer.headers["content-type"] == "application/json"
    assert status.message
    assert b"null" not in answer.body


@pytest.mark.parametrize("head", ["GET /v1/x HTTP/1.1\r\nhost: x\r\nx_y: 1\r\n\r\n", "GET /v1/x HTTP/1.0\r\n\r\n"])
async def test_http_refusals_are_json_too(gateway: Gateway, head: str) -> None:
    answer = (await raw(gateway, head)).lower()
    assert b"content-type: application/json" in answer
    assert b'"invalid_request"' in answer


async def test_a_denied_origin_is_called_that(gateway: Gateway) -> None:
    headers = {"origin": "https://evil.example", "access-control-request-method": "GET"}
    answer = await gateway.call("OPTIONS", CONVERSATION, token=None, headers=headers)
    assert (answer.status, answer.reason) == (403, "ORIGIN_NOT_ALLOWED")


async def dripped(gateway: Gateway, begin: bytes, drop: bytes) -> bytes:
    """The answer to a request whose body comes so slowly that it would take minutes: it comes after the timeout."""
    async with gateway.connection() as (reader, writer):
        writer.write(begin)
        answer, started = asyncio.create_task(reader.read(4096)), time.monotonic()
        async with asyncio.timeout(20):
            while not answer.done():
                writer.write(drop)
                await asyncio.wait({answer}, timeout=0.2)
        assert time.monotonic() - started > TIMEOUT_SECONDS - 0.5
        return answer.result()


async def test_a_slow_body_is_cut_off(gateway: Gateway) -> None:
    head = f"POST {CONVERSATION}:send HTTP/1.1\r\nhost: x\r\nauthorization: {gateway.user()}\r\n"
    answer = await dripped(gateway, f"{head}content-type: application/json\r\ncontent-length: 1000\r\n\r\n".encode(), b" ")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"REQUEST_TOO_SLOW" in answer


async def test_a_grpc_call_whose_request_never_ends_is_cut_off_too(gateway: Gateway) -> None:
    head = f"POST {GET} HTTP/1.1\r\nhost: x\r\nauthorization: {gateway.user()}\r\ncontent-type: application/grpc-web+proto\r\n"
    begin = f"{head}content-length: 1005\r\n\r\n".encode() + b"\0" + (1000).to_bytes(4, "big")
    assert b"grpc-status: 4\r\n" in await dripped(gateway, begin, b"\0")


async def test_answers_are_not_to_be_stored_but_public_keys_may(gateway: Gateway) -> None:
    body = {"organization": "organizations/shop", "email": "someone@example.com", "password": "x"}
    login = await gateway.call("POST", "/v1/auth:login", token=None, body=body)
    assert (login.status, login.headers["cache-control"]) == (200, "no-store")
    headers = {"content-type": "application/grpc-web+proto"}
    data = admin.LoginRequest(**body).SerializeToString()
    web = await gateway.call("POST", LOGIN, token=None, body=b"\0" + len(data).to_bytes(4, "big") + data, headers=headers)
    assert web.headers["cache-control"] == "no-store"
    keys = await gateway.call("GET", "/v1/.well-known/jwks.json", token=None)
    assert keys.headers["cache-control"] == "public, max-age=300", keys.body


async def test_the_log_has_the_status_that_was_sent_or_none(gateway: Gateway, wire: grpc.aio.Channel) -> None:
    missing = "organizations/shop/conversations/missing"
    await gateway.call("GET", f"/v1/{missing}")
    line = await gateway.logged(lambda line: line.get("path") == f"/v1/{missing}")
    assert line.get("grpc_status", "") in ("", "5")
    metadata = (("authorization", gateway.user()),)
    call = core.ConversationServiceStub(wire).GetConversation(core.GetConversationRequest(name=missing), metadata=metadata)
    with pytest.raises(grpc.aio.AioRpcError):
        await call
    assert (await gateway.logged(lambda line: line.get("path") == GET and line.get("grpc_status") == "5"))["status"] == 200


def test_each_reply_says_something_else() -> None:
    assert len({reply.reason for reply in REPLIES}) == len(REPLIES)
