"""Access of each caller at the gateway: REST equals gRPC, nothing of another organization, no more than a key allows."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from frontdesk.admin import v1 as admin_pb
from frontdesk.admin.internal import v1 as internal
from frontdesk.agent import v1 as agent_pb
from frontdesk.core import v1 as core_pb
from frontdesk.memory import v1 as memory_pb
from google.protobuf import json_format

from kit import client, errors
from kit.caller import Signer
from stack.testing_stack import TestStack
from tests.e2e.clients import ORGANIZATION, Answer, Customer, Gateway

pytestmark = pytest.mark.servers

QUESTION = "How long does standard shipping to Germany take?"
STATUS_OF = {"PERMISSION_DENIED": 403, "NOT_FOUND": 404, "INVALID_ARGUMENT": 400, "UNAUTHENTICATED": 401}


@pytest.fixture
async def gateway(running_stack: TestStack) -> AsyncIterator[Gateway]:
    async with Gateway.connect(running_stack.gateway) as connected:
        yield connected


async def refusal(call: Any, request: Any, token: str) -> errors.FrontdeskError:
    with pytest.raises(errors.FrontdeskError) as raised:
        await client.call(call, request, token=token)
    return raised.value


async def outcome(call: Any, request: Any, token: str) -> tuple[Any, errors.FrontdeskError | None]:
    try:
        return await client.call(call, request, token=token), None
    except errors.FrontdeskError as error:
        return None, error


async def test_rest_and_grpc_say_the_same(gateway: Gateway) -> None:
    customer = await Customer.open(gateway)
    await customer.send(QUESTION)
    await customer.answered(QUESTION)
    agent = await gateway.login("agent@example.com")
    conversations, messages = core_pb.ConversationServiceStub(gateway.channel), core_pb.MessageServiceStub(gateway.channel)
    users, documents = admin_pb.UserServiceStub(gateway.channel), memory_pb.DocumentServiceStub(gateway.channel)
    passages = memory_pb.PassageServiceStub(gateway.channel)
    name, nobody = customer.conversation, f"{ORGANIZATION}/conversations/nobody"
    owner = await gateway.login("owner@example.com")
    search = memory_pb.SearchPassagesRequest(parent=ORGANIZATION, query="warranty", limit=2)
    searched = ("POST", f"{ORGANIZATION}/passages:search", {"query": "warranty", "limit": 2})
    listed = core_pb.ListMessagesRequest(parent=name, page_size=1)
    too_many = core_pb.ListMessagesRequest(parent=name, page_size=101)
    document = f"{ORGANIZATION}/documents/pickup"
    same: list[tuple[str, Any, Any, tuple[str, str, Any]]] = [
        (customer.token, conversations.GetConversation, core_pb.GetConversationRequest(name=name), ("GET", name, None)),
        (customer.token, messages.ListMessages, listed, ("GET", f"{name}/messages?pageSize=1", None)),
        (owner, users.ListUsers, admin_pb.ListUsersRequest(parent=ORGANIZATION), ("GET", f"{ORGANIZATION}/users", None)),
        (owner, documents.GetDocument, memory_pb.GetDocumentRequest(name=document), ("GET", document, None)),
        (owner, passages.SearchPassages, search, searched),
        # and what is wrong
        (agent, conversations.GetConversation, core_pb.GetConversationRequest(name=nobody), ("GET", nobody, None)),
        (agent, messages.ListMessages, too_many, ("GET", f"{name}/messages?pageSize=101", None)),
        (agent, users.ListUsers, admin_pb.ListUsersRequest(parent=ORGANIZATION), ("GET", f"{ORGANIZATION}/users", None)),
        ("", conversations.GetConversation, core_pb.GetConversationRequest(name=name), ("GET", name, None)),
        ("nonsense", conversations.GetConversation, core_pb.GetConversationRequest(name=name), ("GET", name, None)),
    ]
    outcomes = []
    for token, call, request, (verb, path, body) in same:
        rest = await gateway.rest(verb, path, token, body)
        said, error = await outcome(call, request, token)
        if error is None:
            assert rest.status == 200, (path, rest)
            assert json_format.ParseDict(rest.body, type(said)()) == said, path
        else:
            assert rest.status == STATUS_OF[error.code], (path, error, rest)
        if error is not None and error.code != "UNAUTHENTICATED":  # Envoy answers that one on its own; to gRPC without details
            assert (rest.reason, rest.body["message"]) == (error.reason, error.message), path
        outcomes.append(rest.status)
    assert outcomes == [200] * 5 + [404, 400, 403, 401, 401]


async def test_another_organization_sees_nothing_of_this_one(gateway: Gateway, running_stack: TestStack) -> None:
    customer = await Customer.open(gateway)
    await customer.send(QUESTION)
    await customer.answered(QUESTION)
    other, token = await second_organization(gateway, running_stack)
    theirs = [
        ORGANIZATION,
        f"{ORGANIZATION}/users",
        f"{ORGANIZATION}/users/owner",
        f"{ORGANIZATION}/roles",
        f"{ORGANIZATION}/apiKeys",
        f"{ORGANIZATION}/channels",
        f"{ORGANIZATION}/channels/webchat",
        f"{ORGANIZATION}/conversations",
        customer.conversation,
        f"{customer.conversation}/messages",
        f"{customer.conversation}:watch",
        f"{ORGANIZATION}/customers",
        f"{ORGANIZATION}/documents",
        f"{ORGANIZATION}/documents/pickup",
        f"{ORGANIZATION}/agents",
        f"{ORGANIZATION}/queues",
        f"{ORGANIZATION}/handovers",
        f"{ORGANIZATION}/presences",
        f"{ORGANIZATION}/agents/me/inbox",
    ]
    for path in theirs:
        answer = await gateway.rest("GET", path, token)
        assert (answer.status, answer.reason) == (403, "ORGANIZATION_MISMATCH"), path
        hidden = await gateway.rest("GET", path.replace(ORGANIZATION, other), token)
        assert hidden.status in (200, 404, 501), (path, hidden)
        assert "Quillmere" not in str(hidden.body)
        assert QUESTION not in str(hidden.body)
    for verb, body in {
        "send": {"text": "hello", "requestId": "r1"},
        "reply": {"text": "hello", "requestId": "r1"},
        "requestHuman": {},
        "resolve": {},
        "close": {},
        "returnToAssistant": {},
    }.items():
        answer = await gateway.rest("POST", f"{customer.conversation}:{verb}", token, body)
        assert (answer.status, answer.reason) == (403, "ORGANIZATION_MISMATCH"), verb
        own = customer.conversation.replace(ORGANIZATION, other)
        assert (await gateway.rest("POST", f"{own}:{verb}", token, body)).status in (400, 403, 404), verb
    found = await gateway.rest("POST", f"{other}/passages:search", token, {"query": "shipping to Germany"})
    assert (found.status, found.body["results"]) == (200, [])
    smuggled = await gateway.rest("POST", f"{other}/passages:search", token, {"parent": ORGANIZATION, "query": "shipping"})
    assert smuggled.status in (400, 403)
    as_query = await gateway.rest("GET", f"{other}/conversations?parent={ORGANIZATION}", token)
    assert as_query.status in (400, 403) or as_query.body["conversations"] == []
    stub = core_pb.ConversationServiceStub(gateway.channel)
    refused = await refusal(stub.GetConversation, core_pb.GetConversationRequest(name=customer.conversation), token)
    assert (refused.code, refused.reason) == ("PERMISSION_DENIED", "ORGANIZATION_MISMATCH")
    stranger = await Customer.open(gateway)
    refused = await refusal(stub.GetConversation, core_pb.GetConversationRequest(name=customer.conversation), stranger.token)
    assert refused.code in ("PERMISSION_DENIED", "NOT_FOUND"), "nor does another customer of the same organization"


async def second_organization(gateway: Gateway, stack: TestStack) -> tuple[str, str]:
    """Another organization, as the operator makes one, and its owner's token."""
    id = f"other-{uuid.uuid4().hex[:8]}"
    owner = internal.CreateOrganizationRequest.Owner(
        user_id="owner", email="owner@other.example.com", display_name="Other Owner", password="a long other password"
    )
    request = internal.CreateOrganizationRequest(
        organization_id=id, organization=admin_pb.Organization(display_name="Other"), owner=owner, request_id=id
    )
    operator = Signer.load(stack.home.keys, "stack").service_token()
    async with client.dial(f"127.0.0.1:{stack.ports.admin}") as inside:
        await client.call(internal.OrganizationServiceStub(inside).CreateOrganization, request, token=operator, timeout=15)
    name = f"organizations/{id}"
    return name, await gateway.login("owner@other.example.com", "a long other password", name)


async def test_an_api_key_has_only_its_scopes(gateway: Gateway) -> None:
    owner = await gateway.login("owner@example.com")
    wanted = {"displayName": "Export", "scopes": ["core.conversations.list", "memory.passages.search"]}
    body = {"apiKey": wanted, "requestId": uuid.uuid4().hex}
    made = await gateway.rest("POST", f"{ORGANIZATION}/apiKeys", owner, body)
    assert made.status == 200, made
    secret = made.body["secret"]
    assert secret.startswith("fd_")
    listed = await gateway.rest("GET", f"{ORGANIZATION}/apiKeys", owner)
    assert secret not in str(listed.body), "a key is shown once"
    exchanged = await gateway.rest("POST", "auth:exchange", body={"apiKey": secret})
    token = exchanged.body["accessToken"]
    assert (await gateway.rest("GET", f"{ORGANIZATION}/conversations?pageSize=1", token)).status == 200
    found = await gateway.rest("POST", f"{ORGANIZATION}/passages:search", token, {"query": "warranty"})
    assert found.body["results"]
    refused: Answer = await gateway.rest("GET", f"{ORGANIZATION}/documents", token)
    assert (refused.status, refused.reason) == (403, "PERMISSION_MISSING")
    assert refused.metadata["permission"] == "memory.documents.read"
    assert (await gateway.rest("POST", f"{made.body['apiKey']['name']}:revoke", owner, {})).status == 200
    over = await gateway.rest("POST", "auth:exchange", body={"apiKey": secret})
    assert (over.status, over.reason) == (401, "INVALID_API_KEY")


async def to_the_end(stream: AsyncIterator[Any]) -> None:
    async for _ in stream:
        pass


async def test_a_user_who_loses_the_role_while_watching_sees_no_more(gateway: Gateway) -> None:
    users = admin_pb.UserServiceStub(gateway.channel)
    owner = await gateway.login("owner@example.com")
    email = f"agent-{uuid.uuid4().hex[:8]}@example.com"
    user = admin_pb.User(email=email, display_name="A Third Demo Agent", roles=[f"{ORGANIZATION}/roles/agent"])
    creating = admin_pb.CreateUserRequest(parent=ORGANIZATION, user=user, password="seven green bicycles")
    created = await client.call(users.CreateUser, creating, token=owner)
    token = await gateway.login(email, "seven green bicycles")
    inboxes, me = agent_pb.InboxServiceStub(gateway.channel), f"{ORGANIZATION}/agents/me"
    listing = agent_pb.ListInboxRequest(parent=me)
    start = (await client.call(inboxes.ListInbox, listing, token=token)).resume_token
    arriving = agent_pb.SetPresenceRequest(name=f"{me}/presence", state=agent_pb.PRESENCE_STATE_ONLINE)
    await client.call(agent_pb.PresenceServiceStub(gateway.channel).SetPresence, arriving, token=token)
    watching = agent_pb.WatchInboxRequest(parent=me, resume_token=start)
    stream = client.stream(inboxes.WatchInbox, watching, token=token, timeout=60)
    assert (await anext(stream)).resume_token
    assigning = admin_pb.AssignRolesRequest(name=created.name, roles=[f"{ORGANIZATION}/roles/viewer"])
    await client.call(users.AssignRoles, assigning, token=owner)
    with pytest.raises(errors.Unauthenticated) as ended:
        await to_the_end(stream)  # at the next heartbeat, when nothing happens before
    assert ended.value.reason == "TOKEN_REVOKED"
    assert (await refusal(inboxes.ListInbox, listing, token)).reason == "TOKEN_REVOKED"
