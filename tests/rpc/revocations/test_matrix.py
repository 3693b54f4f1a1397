"""Every RPC × every way to lose access, on two replicas of each service, one of which was restarted meanwhile.

The RPCs are read from the contracts, so a new one is in the matrix on its own. A cell counts only if the same request,
valid by its contract, gets to the use case with a fresh token; what that says of things that do not exist is no refusal.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import grpc
import pytest
from frontdesk.access.v1 import Access, access
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import MethodDescriptor

from deploy.contracts import Rpc, rpcs
from kit import client, errors
from kit.revocations import MARGIN_SECONDS
from services.channel.adapters.tokens import PERMISSIONS as OF_CUSTOMERS
from tests.rpc.revocations.requests import valid_request
from tests.rpc.revocations.world import CUSTOMER_WAYS, ORDER, USER_WAYS, World, running

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.servers
PROMISE_SECONDS = 2.0
SENT_TOO_LATE = "Internal error from Core"
"""The error of grpcio's own client when a call had ended before it sent its first request."""
OPEN_SECONDS = 0.3
"""A stream that has not been refused by then counts as open, unless a refusal is expected: then it has 10 s."""


def descriptor_of(rpc: Rpc) -> MethodDescriptor:
    return descriptor_pool.Default().FindServiceByName(rpc.service).methods_by_name[rpc.method]


def permission_of(rpc: Rpc) -> str:
    """The permission a token needs; empty for a public RPC and an internal one, which no user or customer may call."""
    return str(cast(Access, descriptor_of(rpc).GetOptions().Extensions[cast(Any, access)]).permission)


def ways(rpc: Rpc) -> tuple[str, ...]:
    """The ways to lose access that concern an RPC."""
    permission = permission_of(rpc)
    customers = CUSTOMER_WAYS if permission in OF_CUSTOMERS else ()
    return (*USER_WAYS, "key revoked", *customers)


EXTERNAL = [rpc for rpc in rpcs() if permission_of(rpc)]


async def one(request: Any) -> AsyncIterator[Any]:
    """A stream of one request."""
    yield request


async def outcome(channel: grpc.aio.Channel, rpc: Rpc, request: Any, token: str, patient: bool = False) -> str:
    """OK, or the reason of the refusal. `patient`: waits long for a stream to be refused."""
    method = descriptor_of(rpc)
    kind = f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}"
    answer = message_factory.GetMessageClass(method.output_type)
    make = getattr(channel, kind)
    stub = make(rpc.path, type(request).SerializeToString, answer.FromString)
    metadata = (("authorization", f"Bearer {token}"),)
    call = stub(one(request) if method.client_streaming else request, metadata=metadata)
    try:
        async with asyncio.timeout(OPEN_SECONDS if method.server_streaming and not patient else 10):
            await (call.read() if method.server_streaming else call)
    except grpc.aio.AioRpcError as error:
        if error.details() == SENT_TOO_LATE:
            return await outcome(channel, rpc, request, token, patient)
        told: errors.FrontdeskError = client.from_status(error)
        return told.reason
    except TimeoutError:
        return "OK"
    finally:
        call.cancel()
    return "OK"


async def test_no_rpc_takes_a_revoked_token_on_any_replica(stores: TestStores, tmp_path: Path) -> None:
    async with running(stores, tmp_path / "keys") as world:
        requests = {rpc.path: valid_request(descriptor_of(rpc), world.ids) for rpc in EXTERNAL}
        await all_tokens_are_good(world)
        await world.take_away()
        for name in ORDER:  # before its second replica learns of it, perhaps; after its restart it must know
            await world.stop(name)
        took = await is_revoked_everywhere(world)
        assert took <= PROMISE_SECONDS
        for name in ORDER:
            await world.start(name)
        before = await world.written()
        wrong, cells = [], 0
        for rpc in EXTERNAL:
            for replica, running_replica in enumerate(world.replicas[rpc.owner]):
                for way in ways(rpc):
                    cells += 1
                    told = await outcome(running_replica.channel, rpc, requests[rpc.path], world.tokens[way], patient=True)
                    if told != "TOKEN_REVOKED":
                        wrong.append(f"{rpc.path} × {way} on replica {replica}: {told}")
        assert wrong == []
        assert await world.written() == before, "a refused call changed something"
        passed = await fresh_outcomes(world, requests)
        print(f"{cells} cells of {len(EXTERNAL)} RPCs; revoked everywhere after {took:.2f} s; fresh: {passed}")


async def all_tokens_are_good(world: World) -> None:
    """Before: each token passes, so what refuses it later is the revocation."""
    for way in world.tokens:
        assert await probe(world, way, 0) == "OK", way


async def probe(world: World, way: str, replica: int, service: str = "core") -> str:
    """A service's answer to a token."""
    at_channel = "WebChatService/SetTyping" if way in CUSTOMER_WAYS else "ChannelService/ListChannels"
    path = {
        "core": "/frontdesk.core.v1.ConversationService/GetConversation",
        "channel": f"/frontdesk.channel.v1.{at_channel}",
        "memory": "/frontdesk.memory.v1.DocumentService/ListDocuments",
        "agent": "/frontdesk.agent.v1.AgentService/ListAgents",
        "admin": "/frontdesk.admin.v1.UserService/ListUsers",
    }[service]
    rpc = next(each for each in EXTERNAL if each.path == path)
    session = world.sessions.get(way)
    ids = world.ids | ({"conversations": session.conversation.rpartition("/")[2]} if session else {})
    request = valid_request(descriptor_of(rpc), ids)
    return await outcome(world.replicas[service][replica].channel, rpc, request, world.tokens[way])


async def is_revoked_everywhere(world: World) -> float:
    """Waits until every service refuses every token that could be used there; how long that took."""
    began = time.monotonic()
    for service in ORDER:
        customers = CUSTOMER_WAYS if service in ("core", "channel") else ()
        for way in (*USER_WAYS, "key revoked", *customers):
            while await probe(world, way, 0, service) != "TOKEN_REVOKED":
                assert time.monotonic() - began < 10, f"{service} still takes the token of {way}"
                await asyncio.sleep(0.01)
    return time.monotonic() - began


async def fresh_outcomes(world: World, requests: dict[str, Any]) -> dict[str, int]:
    """The same requests with tokens that are good: none is refused for its token, and how often which answer came."""
    counts: dict[str, int] = {}
    # Customers ask before their channel is deleted, and all before the organization is.
    order = {"channel.webChat.use": 0, "admin.organizations.delete": 2}
    for rpc in sorted(EXTERNAL, key=lambda rpc: order.get(permission_of(rpc), 1)):
        kind = "customer" if permission_of(rpc) == "channel.webChat.use" else "user"
        told = await outcome(world.replicas[rpc.owner][0].channel, rpc, requests[rpc.path], world.fresh[kind])
        assert told not in ("TOKEN_REVOKED", "INVALID_TOKEN", "PERMISSION_MISSING", "ORGANIZATION_MISMATCH"), (rpc.path, told)
        assert told not in ("INTERNAL", "REVOCATIONS_UNKNOWN"), (rpc.path, told)
        counts[told] = counts.get(told, 0) + 1
        if rpc.method == "ChangePassword":
            assert told == "OK"
            await asyncio.sleep(2 * MARGIN_SECONDS)  # a token of the same moment may be of before
            world.fresh["user"] = (await world.shop.login("owner", "ten yellow bicycles")).tokens.access_token
    return counts
