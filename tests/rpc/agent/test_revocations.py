"""A token that is revoked before its time: admin's journal says so, and what its owner still watches ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from frontdesk.admin import v1 as admin_pb
from frontdesk.agent import v1 as pb
from frontdesk.core import v1 as core_pb
from frontdesk.core.internal import v1 as internal
from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.admin.desk import Admin, Shop, running, settings_for
from tests.rpc.agent.office import Office, Refusal, eventually, open_office, refusal
from tests.support import serving

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.servers

REVOKED = ("UNAUTHENTICATED", "TOKEN_REVOKED")


@pytest.fixture
async def shop(stores: TestStores, tmp_path: Path) -> AsyncIterator[Shop]:
    """An organization with two agents, in a running admin."""
    keys = serving.Keys(tmp_path)
    async with running(settings_for(stores, keys), keys) as admin:
        shop = await admin.shop()
        for id in ("a1", "a2"):
            await shop.add(id, "agent")
        yield shop


@dataclass
class Floor:
    """Where the shop's agents work."""

    office: Office
    shop: Shop

    async def screen(self, token: str) -> pb.ListInboxResponse:
        request = pb.ListInboxRequest(parent=f"{self.shop.name}/agents/me")
        return await self.office.replicas[0].inbox.ListInbox(request, metadata=bearer(token))

    def watch(self, token: str) -> Any:
        request = pb.WatchInboxRequest(parent=f"{self.shop.name}/agents/me", resume_token="0")
        return self.office.replicas[0].inbox.WatchInbox(request, metadata=bearer(token))

    async def happen(self, token: str) -> None:
        """Something that every agent of the shop is shown."""
        name = f"{self.shop.name}/agents/me/presence"
        request = pb.SetPresenceRequest(name=name, state=pb.PRESENCE_STATE_AWAY)
        await self.office.replicas[0].presence.SetPresence(request, metadata=bearer(token))


@asynccontextmanager
async def open_floor(stores: TestStores, tmp_path: Path, shop: Shop) -> AsyncIterator[Floor]:
    async with open_office(stores, tmp_path, keys=shop.admin.keys, admin_url=shop.admin.url) as office:
        yield Floor(office, shop)


def bearer(token: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),)


async def becomes_void(call: Callable[[], Awaitable[Any]]) -> None:
    """Waits until a call is refused because its token is revoked."""

    async def look() -> bool:
        try:
            await call()
        except grpc.aio.AioRpcError as error:
            if error.code() == grpc.StatusCode.UNAUTHENTICATED:
                return True
            raise
        return False

    await eventually(look)


async def ending(stream: Any) -> tuple[Refusal, int]:
    """How a stream ends, and how many frames came before."""
    frames = 0
    try:
        while await stream.read() is not grpc.aio.EOF:
            frames += 1
    except grpc.aio.AioRpcError:
        pass
    return await refusal(stream), frames


async def connected(stream: Any) -> None:
    """Reads the heartbeat that a stream begins with, and what happened before it, in either order."""
    shown = {(await stream.read()).WhichOneof("event") for _ in range(2)}
    assert shown == {"heartbeat", "inbox_events"}


async def assign(admin: Admin, shop: Shop, user: str, *roles: str) -> None:
    request = admin_pb.AssignRolesRequest(name=shop.user(user), roles=map(shop.role, roles))
    await admin.call(admin.users.AssignRoles, request, shop.token("owner"))


async def test_who_lost_the_role_is_shown_nothing_more(stores: TestStores, tmp_path: Path, shop: Shop) -> None:
    async with open_floor(stores, tmp_path, shop) as floor:
        theirs, other = (await shop.login("a1")).tokens, (await shop.login("a2")).tokens
        await floor.happen(other.access_token)
        stream, still = floor.watch(theirs.access_token), floor.watch(other.access_token)
        await connected(stream)
        await assign(shop.admin, shop, "a1", "viewer")
        await becomes_void(lambda: floor.screen(theirs.access_token))
        await floor.happen(other.access_token)
        refused, frames = await ending(stream)
        assert ((refused.code, refused.reason), frames) == (REVOKED, 0)
        assert await still.read()
        still.cancel()

        fresh = (await shop.refresh(theirs.refresh_token)).tokens.access_token
        again = await refusal(floor.watch(fresh))
        assert (again.code, again.reason) == ("PERMISSION_DENIED", "PERMISSION_MISSING")


async def test_signing_out_ends_the_streams_of_that_session_alone(stores: TestStores, tmp_path: Path, shop: Shop) -> None:
    async with open_floor(stores, tmp_path, shop) as floor:
        here, there = (await shop.login("a1")).tokens, (await shop.login("a1")).tokens
        await floor.happen(there.access_token)
        stream = floor.watch(here.access_token)
        await connected(stream)
        await shop.admin.call(shop.admin.auth.Logout, admin_pb.LogoutRequest(refresh_token=here.refresh_token))
        async with asyncio.timeout(2):  # nothing happens meanwhile, and the next heartbeat is 20 s away
            refused, frames = await ending(stream)
        assert ((refused.code, refused.reason), frames) == (REVOKED, 0)


async def test_core_learns_of_it_too(stores: TestStores, tmp_path: Path, shop: Shop) -> None:
    async with open_floor(stores, tmp_path, shop) as floor:
        token = (await shop.login("a1")).tokens.access_token
        conversations = core_pb.ConversationServiceStub(floor.office.core)
        inside = internal.ConversationServiceStub(floor.office.core)
        opening = internal.OpenConversationRequest(
            parent=shop.name,
            channel=f"{shop.name}/channels/web",
            identity=core_pb.Identity(kind=core_pb.IDENTITY_KIND_BROWSER, value="b1", verify_time=Timestamp(seconds=1)),
        )
        service = bearer(shop.admin.keys.service_token("channel", shop.id))
        conversation = await inside.OpenConversation(opening, metadata=service)
        watch = core_pb.WatchConversationRequest(name=conversation.name)
        stream = conversations.WatchConversation(watch, metadata=bearer(token))
        await stream.read()
        deactivate = admin_pb.DeactivateUserRequest(name=shop.user("a1"))
        await shop.admin.call(shop.admin.users.DeactivateUser, deactivate, shop.token("owner"))
        get = core_pb.GetConversationRequest(name=conversation.name)
        await becomes_void(lambda: conversations.GetConversation(get, metadata=bearer(token)))
        typing = internal.SetTypingRequest(name=conversation.name, role=core_pb.PARTICIPANT_ROLE_CUSTOMER, typing=True)
        await inside.SetTyping(typing, metadata=service)
        refused, frames = await ending(stream)
        assert ((refused.code, refused.reason), frames) == (REVOKED, 0)


async def test_what_was_revoked_before_a_service_started_counts(stores: TestStores, tmp_path: Path, shop: Shop) -> None:
    token = (await shop.login("a1")).tokens.access_token
    password = admin_pb.SetPasswordRequest(name=shop.user("a1"), password="eight red bicycles")
    await shop.admin.call(shop.admin.users.SetPassword, password, shop.token("owner"))
    async with open_floor(stores, tmp_path, shop) as floor:
        await becomes_void(lambda: floor.screen(token))
        again = await shop.login("a1", "eight red bicycles")
        assert (await floor.screen(again.tokens.access_token)).resume_token
