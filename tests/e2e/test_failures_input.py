"""Bad input at the front door of the running stack: a clear, typed error in each form, and the chat continues."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from frontdesk.channel import v1 as channel_pb

from kit import client, errors
from stack.testing_stack import TestStack
from tests.e2e.clients import ORGANIZATION, Agent, Customer, Gateway

pytestmark = pytest.mark.servers

QUESTION = "How long is a gift card valid?"


@pytest.fixture
async def gateway(running_stack: TestStack) -> AsyncIterator[Gateway]:
    async with Gateway.connect(running_stack.gateway) as connected:
        yield connected


@pytest.fixture
async def customer(gateway: Gateway) -> AsyncIterator[Customer]:
    """A customer whose chat still works when the test is over."""
    customer = await Customer.open(gateway)
    yield customer
    await customer.send(QUESTION)
    assert (await customer.answered(QUESTION)).citations


def forged(token: str, **changes: object) -> dict[str, str]:
    """Tokens that look like a good one, by what is wrong with them."""
    claims = jwt.decode(token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(token)["kid"]
    stranger = Ed25519PrivateKey.generate()
    head, body, signature = token.split(".")
    unsigned = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    raised = base64.urlsafe_b64encode(json.dumps({**claims, "permissions": ["*"]}).encode()).rstrip(b"=").decode()
    return {
        "nonsense": "nonsense",
        "unsigned": f"{unsigned}.{body}.",
        "raised": f"{head}.{raised}.{signature}",
        "signed by a stranger": jwt.encode({**claims, "permissions": ["*"]}, stranger, "EdDSA", headers={"kid": kid}),
        "signed with the public key id as a secret": jwt.encode(claims, kid * 4, "HS256", headers={"kid": kid}),
        "of an unknown issuer": jwt.encode({"exp": time.time() + 60}, stranger, "EdDSA", headers={"kid": "unknown-1"}),
    }


async def test_a_wrong_token_opens_nothing(gateway: Gateway, customer: Customer) -> None:
    stub = channel_pb.WebChatServiceStub(gateway.channel)
    sending = channel_pb.SendMessageRequest(conversation=customer.conversation, text="hello", request_id="r1")
    for what, token in forged(customer.token).items():
        for path in (f"{customer.conversation}/messages", f"{customer.conversation}:watch", f"{ORGANIZATION}/conversations"):
            answer = await gateway.rest("GET", path, token)
            assert (answer.status, answer.reason) == (401, "INVALID_TOKEN"), what
        with pytest.raises(errors.Unauthenticated):
            await client.call(stub.SendMessage, sending, token=token)
    assert await customer.history() == []


async def test_a_customers_token_is_for_their_conversation_alone(gateway: Gateway, customer: Customer) -> None:
    neighbour = await Customer.open(gateway)
    await neighbour.send("I am the neighbour")
    theirs = neighbour.conversation
    for method, path, body in (
        ("GET", f"{theirs}", None),
        ("GET", f"{theirs}/messages", None),
        ("GET", f"{theirs}:watch", None),
        ("POST", f"{theirs}:send", {"text": "hello", "requestId": "r1"}),
        ("POST", f"{theirs}:requestHuman", {}),
        ("POST", f"{theirs}:resolve", {}),
        ("POST", f"{theirs}:reply", {"text": "hello", "requestId": "r1"}),
        ("GET", f"{ORGANIZATION}/customers", None),
        ("GET", f"{ORGANIZATION}/users", None),
        ("POST", f"{ORGANIZATION}/passages:search", {"query": "everything"}),
    ):
        answer = await gateway.rest(method, path, customer.token, body)
        assert answer.status in (403, 404), path
        assert answer.reason, path
        assert "neighbour" not in str(answer.body)
    own = await gateway.rest("GET", f"{ORGANIZATION}/conversations", customer.token)
    assert [found["name"] for found in own.body["conversations"]] == [customer.conversation]
    said = await neighbour.answered("I am the neighbour")
    assert said.seq == 2


async def test_missing_resources_are_not_found(gateway: Gateway) -> None:
    agent = await gateway.login("agent@example.com")
    for path, reason in {
        f"{ORGANIZATION}/conversations/nobody": "CONVERSATION_NOT_FOUND",
        f"{ORGANIZATION}/conversations/nobody/messages": "CONVERSATION_NOT_FOUND",
        f"{ORGANIZATION}/conversations/nobody:watch": "CONVERSATION_NOT_FOUND",
        f"{ORGANIZATION}/customers/nobody": "CUSTOMER_NOT_FOUND",
        f"{ORGANIZATION}/handovers/nothing": "HANDOVER_NOT_FOUND",
        f"{ORGANIZATION}/documents/nothing": "DOCUMENT_NOT_FOUND",
        f"{ORGANIZATION}/channels/nothing": "CHANNEL_NOT_FOUND",
    }.items():
        answer = await gateway.rest("GET", path, agent)
        assert (answer.status, answer.reason) == (404, reason), path
    opened = await gateway.rest("POST", f"{ORGANIZATION}/channels/nothing:openSession", body={})
    assert (opened.status, opened.reason) == (404, "CHANNEL_NOT_FOUND")
    elsewhere = await gateway.rest("POST", "organizations/nobody/channels/webchat:openSession", body={})
    assert elsewhere.status == 404
    login = {"organization": "organizations/nobody", "email": "agent@example.com", "password": "frontdesk-demo"}
    nobody = await gateway.rest("POST", "auth:login", body=login)
    login["organization"], login["password"] = ORGANIZATION, "not the password"
    wrong = await gateway.rest("POST", "auth:login", body=login)
    assert nobody == wrong, "who guesses learns nothing"
    assert (wrong.status, wrong.reason) == (401, "INVALID_CREDENTIALS")


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"text": "", "requestId": "r1"}, 400, "INVALID_REQUEST"),
        ({"text": " \n\t ", "requestId": "r1"}, 400, "TEXT_EMPTY"),
        ({"text": "hello"}, 400, "INVALID_REQUEST"),
        ({"text": "x" * 4001, "requestId": "r1"}, 400, "INVALID_REQUEST"),
        ({"text": "x" * 2_000_000, "requestId": "r1"}, 413, "BODY_TOO_LARGE"),
        ({"text": {"a": 1}, "requestId": "r1"}, 400, ""),
        (b'{"text": "hello", "requestId": ', 400, ""),
        (b"\xff\xfe\x00", 400, ""),
        (b'{"text": "\xc3\x28", "requestId": "r1"}', 400, ""),
        (b"[" * 5000, 400, ""),
        (b"null", 400, ""),
        (b"", 400, ""),
    ],
    ids=["empty", "blank", "no id", "too long", "2 MB", "object", "cut", "binary", "no utf-8", "deep", "null", "nothing"],
)
async def test_a_message_that_is_none_is_refused(
    gateway: Gateway, customer: Customer, body: object, status: int, reason: str
) -> None:
    answer = await gateway.rest("POST", f"{customer.conversation}:send", customer.token, body)
    assert answer.status == status, answer
    assert not reason or answer.reason == reason
    assert answer.body["message"], "it says what is wrong"
    assert await customer.history() == []


async def test_two_megabytes_over_grpc_are_refused_too(customer: Customer) -> None:
    with pytest.raises((errors.ResourceExhausted, errors.InvalidArgument)):
        await customer.send("x" * 2_000_000)


async def test_a_request_id_stands_for_one_message(gateway: Gateway, customer: Customer) -> None:
    first = await customer.send("the first text", "same")
    assert (await customer.send("the first text", "same")).message.name == first.message.name
    with pytest.raises(errors.AlreadyExists) as raised:
        await customer.send("another text", "same")
    assert raised.value.reason == "REQUEST_ID_REUSED"
    by_rest = await gateway.rest(
        "POST", f"{customer.conversation}:send", customer.token, {"text": "another text", "requestId": "same"}
    )
    assert (by_rest.status, by_rest.reason) == (409, "REQUEST_ID_REUSED")


async def test_a_closed_conversation_takes_no_agents_words(gateway: Gateway, customer: Customer) -> None:
    agent = await Agent.sign_in(gateway, "agent@example.com")
    await customer.ask_for_human()
    await agent.accept(await agent.waits(customer.conversation))
    await agent.resolve(customer.conversation)
    with pytest.raises(errors.FrontdeskError) as raised:
        await agent.reply(customer.conversation, "one more thing")
    assert raised.value.code in ("FAILED_PRECONDITION", "NOT_FOUND")
    assert raised.value.reason in ("CONVERSATION_CLOSED", "ASSIGNMENT_NOT_FOUND")
    with pytest.raises(errors.FailedPrecondition) as raised_too:
        await customer.ask_for_human()
    assert raised_too.value.reason == "CONVERSATION_CLOSED"
    assert "reopens" in raised_too.value.message
