"""Requests that the gateway must refuse: bad tokens, internal RPCs, spoofed headers, strange paths, large bodies."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any, cast

import grpc.aio
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from frontdesk.core import v1 as core

from tests.gateway.conftest import RATE_BURST, RATE_PER_SECOND, Gateway

CONVERSATION = "/v1/organizations/shop/conversations/c1"
NAME = "organizations/shop/conversations/c1"


def forged(gateway: Gateway, issuer: str = "admin", signer: str = "admin", **claims: object) -> str:
    """A token with wrong claims, signed with a real key (of `signer`)."""
    key = (gateway.keys.folder / f"{signer}.pem").read_bytes()
    now = int(time.time())
    body = {
        "iss": issuer,
        "aud": "frontdesk",
        "sub": "users/u1",
        "org": "shop",
        "permissions": ["*"],
        "iat": now,
        "exp": now + 300,
    }
    return "Bearer " + jwt.encode({**body, **claims}, key, algorithm="EdDSA", headers={"kid": f"{signer}-1"})


async def test_a_good_forged_token_is_good(gateway: Gateway) -> None:
    """The control of the tests below: only what they change makes a token bad."""
    assert (await gateway.call("GET", CONVERSATION, token=forged(gateway))).status == 200


async def test_bad_tokens_are_refused_at_the_edge(gateway: Gateway) -> None:
    good = forged(gateway)
    head, payload, signature = good.removeprefix("Bearer ").split(".")
    unknown = jwt.encode(
        {"iss": "admin", "aud": "frontdesk", "sub": "users/u1"}, Ed25519PrivateKey.generate(), algorithm="EdDSA"
    )
    none = jwt.encode({"iss": "admin", "aud": "frontdesk", "sub": "users/u1", "exp": time.time() + 99}, "", algorithm="none")
    bad = {
        "none at all": None,
        "not a token": "Bearer abc",
        "expired": forged(gateway, exp=int(time.time()) - 60),
        "unknown issuer": forged(gateway, issuer="stranger"),
        "signed by another service": forged(gateway, signer="agent"),
        "channel speaks for a user": forged(gateway, issuer="channel", signer="channel"),
        "admin speaks for a customer": forged(gateway, sub="customers/c1"),
        "a service's own token": f"Bearer {gateway.keys.service_token('core', 'shop')}",
        "tampered signature": f"Bearer {head}.{payload}.{signature[:-6]}AAAAAA",
        "tampered claims": f"Bearer {head}.{payload[:-4]}AAAA.{signature}",
        "unknown key": f"Bearer {unknown}",
        "no signature": f"Bearer {none}",
        "basic": "Basic dTpw",
        "for another audience": forged(gateway, aud="elsewhere"),
    }
    reasons = {"none at all": "TOKEN_MISSING", "expired": "TOKEN_EXPIRED"}
    for what, token in bad.items():
        answer = await gateway.call("GET", CONVERSATION, token=token)
        assert (answer.status, answer.json["code"]) == (401, 16), what
        assert answer.reason == reasons.get(what, "INVALID_TOKEN"), what
    assert (await gateway.call("GET", f"{CONVERSATION}?access_token={good[7:]}", token=None)).status in (400, 401)
    assert (await gateway.call("GET", CONVERSATION, token=None, headers={"cookie": f"token={good[7:]}"})).status == 401


async def test_skew_of_half_a_minute_is_forgiven(gateway: Gateway) -> None:
    assert (await gateway.call("GET", CONVERSATION, token=forged(gateway, exp=int(time.time()) - 10))).status == 200


async def test_public_rpcs_need_no_token_and_do_not_mind_a_bad_one(gateway: Gateway) -> None:
    body = {"organization": "organizations/shop", "email": "someone@example.com", "password": "x"}
    for token in (None, "Bearer nonsense", forged(gateway, exp=1)):
        answer = await gateway.call("POST", "/v1/auth:login", token=token, body=body)
        assert answer.status == 200, answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/frontdesk.core.internal.v1.EventService/WatchEvents",
        "/frontdesk.core.internal.v1.ConversationService/OpenConversation",
        "/frontdesk.core.internal.v1.TurnService/TakeConversation",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "/grpc.health.v1.Health/Check",
    ],
)
async def test_internal_rpcs_have_no_route(gateway: Gateway, wire: grpc.aio.Channel, path: str) -> None:
    service = (("authorization", f"Bearer {gateway.keys.service_token('channel')}"),)
    codes = []
    for metadata in (service, (("authorization", gateway.user()),)):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await cast(Any, wire).unary_unary(path)(b"", metadata=metadata)
        codes.append(raised.value.code())
    # A service's own token is not even read as one at the edge; the user's gets as far as there being no route.
    assert codes[0] in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.UNIMPLEMENTED)
    assert codes[1] is grpc.StatusCode.UNIMPLEMENTED


async def test_the_organization_comes_from_the_token_alone(gateway: Gateway) -> None:
    stranger = gateway.user("other")
    for path in (
        CONVERSATION,
        "/v1/organizations/other/conversations/c1?name=organizations/shop/conversations/c1",
        "/v1/organizations/other/conversations?parent=organizations/shop",
    ):
        answer = await gateway.call("GET", path, token=stranger)
        assert answer.status in (400, 403), (path, answer.body)
        assert b"organizations/shop/conversations/c1" not in answer.body.replace(b"belongs", b"") or answer.status != 200
    assert (await gateway.call("GET", CONVERSATION, token=stranger)).reason == "ORGANIZATION_MISMATCH"
    for query in ("orgId=shop", "organization=shop", "parent=organizations/shop"):
        assert (await gateway.call("GET", f"{CONVERSATION}?{query}", token=stranger)).status in (400, 403)
    body = {"name": NAME, "addTags": ["a"]}
    answer = await gateway.call("POST", "/v1/organizations/other/conversations/c1:tag", token=stranger, body=body)
    assert answer.status in (400, 403), answer.body


async def test_spoofed_headers_do_not_arrive(gateway: Gateway) -> None:
    spoofed = {
        "x-tenant-id": "other",
        "x-user-id": "root",
        "x-user-roles": "owner",
        "x-user-permissions": "*",
        "x-organization": "other",
        "grpc-metadata-authorization": "Bearer x",
        "x-envoy-upstream-rq-timeout-ms": "1",
        "x-forwarded-client-cert": "By=spiffe://x",
    }
    host = "elsewhere.example"
    answer = await gateway.call(
        "GET",
        CONVERSATION,
        headers={
            **spoofed,
            "x-forwarded-host": host,
            "x-request-id": "mine",
            "traceparent": "00-" + "a" * 32 + "-" + "b" * 16 + "-01",
        },
    )
    arrived = json.loads(str(answer.json["handoverReason"]))
    assert not set(spoofed) & set(arrived), arrived
    assert arrived["traceparent"].startswith("00-aaaa")
    assert arrived["x-forwarded-host"] not in ("", host), "the name that the client called the gateway by"
    assert arrived["x-request-id"] == answer.headers["x-request-id"] != "mine"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/organizations/shop%2fx/conversations/c1", 400),
        ("/v1/organizations/shop/conversations/..%2f..%2fother", 400),
        ("/v1/organizations/shop/conversations/c1%5c..%5cc2", 400),
        ("/v1/organizations/shop/conversations/%00", 400),
        ("/v1/organizations/shop/conversations/c1'%20OR%201=1", 400),
        ("/v1/organizations/other/../shop/conversations/c1", 200),  # normalized before anything looks at it
        ("/v1//organizations//shop/conversations/c1", 200),
        ("/v1/nothing", 404),
        ("/v1/organizations/shop/conversations/c1:destroy", 400),  # an unknown verb is read as part of the id
        ("/v1/organizations/shop/conversations/c1?unknown=1", 400),
    ],
)
async def test_paths(gateway: Gateway, path: str, status: int) -> None:
    answer = await gateway.call("GET", path)
    assert answer.status == status, answer.body
    if status == 404:
        assert answer.json["code"] == 5
        assert answer.reason == "NO_SUCH_METHOD"


async def raw(gateway: Gateway, request: str) -> bytes:
    async with gateway.connection() as (reader, writer):
        writer.write(request.encode())
        return await asyncio.wait_for(reader.read(4096), 60)


async def test_headers_with_underscores_are_refused(gateway: Gateway) -> None:
    head = f"GET {CONVERSATION} HTTP/1.1\r\nhost: x\r\nauthorization: {gateway.user()}\r\nconnection: close\r\n"
    assert (await raw(gateway, head + "\r\n")).startswith(b"HTTP/1.1 200")
    assert (await raw(gateway, head + "x_tenant_id: other\r\n\r\n")).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "head",
    [
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/9.9\r\nhost: x\r\n\r\n",
        "\x00\x01\x02 nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: x\r\nbig: " + "a" * 40_000 + "\r\n\r\n",
    ],
)
async def test_broken_http_is_refused(gateway: Gateway, head: str) -> None:
    assert (await raw(gateway, head))[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 431", b"HTTP/1.1 426", b"")
    assert (await gateway.call("GET", "/healthz", token=None)).status == 200


@pytest.mark.parametrize("body", [b"{broken", b"[]", b'"text"', b'{"text": 5}', b'{"text": "\xff"}', b"", b"null", b"{" * 5000])
async def test_broken_json_is_a_typed_error(gateway: Gateway, body: bytes) -> None:
    answer = await gateway.call("POST", f"{CONVERSATION}:send", body=body)
    assert (answer.status, answer.json["code"]) == (400, 3), answer.body


async def test_bodies_that_are_too_large_are_refused(gateway: Gateway) -> None:
    fits = {"text": "a" * 4000, "requestId": "r1"}
    assert (await gateway.call("POST", f"{CONVERSATION}:send", body=fits)).status == 200
    near = json.dumps({"text": "a" * 250_000, "requestId": "r1"}).encode()
    answer = await gateway.call("POST", f"{CONVERSATION}:send", body=near)
    assert (answer.status, answer.reason) == (400, "INVALID_REQUEST"), "it came to the service, which has its own bound"
    answer = await gateway.call("POST", f"{CONVERSATION}:send", body={"text": "a" * 2_000_000, "requestId": "r1"})
    assert (answer.status, answer.reason) == (413, "BODY_TOO_LARGE")


async def test_a_large_body_without_a_length_is_refused_too(gateway: Gateway) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        for _ in range(40):
            yield b"a" * 10_000
        yield b'"}'

    url = f"{gateway.base}{CONVERSATION}:send"
    async with gateway.http.post(url, data=pieces(), headers={"authorization": gateway.user()}) as response:
        assert response.status == 413


async def test_webhooks_may_be_larger_than_json(gateway: Gateway) -> None:
    path = "/v1/organizations/shop/channels/w1/webhooks:twilio"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await gateway.call("POST", path, token=None, body=b"a" * 900_000, headers=headers)
    assert (answer.status, answer.body[:9]) == (200, b"<R>900000")
    answer = await gateway.call("POST", path, token=None, body=b"a" * 5_000_000, headers=headers)
    assert answer.status == 413


async def test_a_grpc_message_over_a_mebibyte_is_refused(gateway: Gateway, wire: grpc.aio.Channel) -> None:
    request = core.GetConversationRequest(name="x" * 1_200_000)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await core.ConversationServiceStub(wire).GetConversation(request, metadata=(("authorization", gateway.user()),))
    assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_pages_of_allowed_origins_may_call_over_grpc_web_and_resume_their_events(gateway: Gateway) -> None:
    ask = {"origin": "http://localhost:3000", "access-control-request-method": "POST"}
    for path in (
        "/frontdesk.channel.v1.WebChatService/OpenSession",
        "/frontdesk.core.v1.ConversationService/WatchConversation",
    ):
        good = await gateway.call("OPTIONS", path, token=None, headers=ask)
        assert (good.status, good.headers["access-control-allow-origin"]) == (200, "http://localhost:3000")
        assert {"x-grpc-web", "last-event-id"} <= set(good.headers["access-control-allow-headers"].split(", "))
        bad = await gateway.call("OPTIONS", path, token=None, headers=ask | {"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in bad.headers


async def test_foreign_pages_get_no_answer_from_the_browser(gateway: Gateway) -> None:
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    good = await gateway.call("OPTIONS", f"{CONVERSATION}:send", token=None, headers={"origin": "http://localhost:3000", **ask})
    assert good.status == 200
    assert good.headers["access-control-allow-origin"] == "http://localhost:3000"
    read = await gateway.call("GET", CONVERSATION, headers={"origin": "http://localhost:3000"})
    assert read.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "x-request-id" in read.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in good.headers
    for origin in ("https://evil.example", "http://localhost.evil.example", "null", "http://localhost:3000.evil.example"):
        bad = await gateway.call("OPTIONS", f"{CONVERSATION}:send", token=None, headers={"origin": origin, **ask})
        assert "access-control-allow-origin" not in bad.headers, origin
        read = await gateway.call("GET", CONVERSATION, headers={"origin": origin})
        assert "access-control-allow-origin" not in read.headers, origin


async def test_a_form_post_without_a_token_does_nothing(gateway: Gateway) -> None:
    """The transcoder reads text/plain as JSON; without cookies a foreign page's form has no token to send with it."""
    body = json.dumps({"text": "hi", "requestId": "r1"}).encode()
    answer = await gateway.call("POST", f"{CONVERSATION}:send", token=None, body=body, headers={"content-type": "text/plain"})
    assert answer.status == 401


async def test_the_log_has_no_query_and_no_token(gateway: Gateway) -> None:
    await gateway.call("GET", f"{CONVERSATION}:watch?resumeToken=secret123")
    line = await gateway.logged(lambda line: line.get("path") == f"{CONVERSATION}:watch")
    assert line["rpc"] == "/frontdesk.core.v1.ConversationService/WatchConversation"
    assert line["status"] == 200
    assert line["upstream"] == "core"
    text = (gateway.folder / "access.log").read_text()
    assert "secret123" not in text
    assert "Bearer" not in text


async def test_callers_without_a_token_are_slowed_down(gateway: Gateway) -> None:
    """Last in this file: it uses up this address's allowance for a second."""
    body = {"organization": "organizations/shop", "email": "someone@example.com", "password": "x"}
    login, check = ("/v1/auth:login", body), ("/v1/links:check", {"token": "fl_guess"})
    started = time.monotonic()
    calls = [gateway.call("POST", path, token=None, body=body) for path, body in (login, check) * 150]
    answers = await gateway.at_once(calls)
    passed = [answer for answer in answers if answer.status == 200]
    refused = [answer for answer in answers if answer.status == 429]
    assert len(passed) + len(refused) == len(answers)
    assert 1 <= len(passed) <= RATE_BURST + RATE_PER_SECOND * (time.monotonic() - started + 1)
    assert refused
    assert refused[0].headers["retry-after"] == "1"
    assert (refused[0].json["code"], refused[0].reason) == (8, "RATE_LIMITED")
    assert (await gateway.call("GET", CONVERSATION)).status == 200, "who has a token is not held up"


async def test_one_address_sends_a_bounded_number_of_messages_whatever_its_sessions(gateway: Gateway) -> None:
    calls = [
        gateway.call("POST", f"{CONVERSATION}:send", body=json.dumps({"text": "hi", "requestId": f"r{number}"}).encode())
        for number in range(200)
    ]
    started = time.monotonic()
    answers = await gateway.at_once(calls)
    passed = [answer for answer in answers if answer.status == 200]
    refused = [answer for answer in answers if answer.status == 429]
    assert len(passed) + len(refused) == len(answers)
    assert 1 <= len(passed) <= RATE_BURST + RATE_PER_SECOND * (time.monotonic() - started + 1)
    assert (refused[0].reason, refused[0].headers["retry-after"]) == ("RATE_LIMITED", "1")
    assert (await gateway.call("GET", CONVERSATION)).status == 200, "reading continues"
