"""A real admin and a real core that follows it, each of which a test can stop and start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest_asyncio
from frontdesk.admin import v1 as admin_pb
from frontdesk.core import v1 as core_pb
from frontdesk.core.internal import v1 as core_internal
from google.protobuf.timestamp_pb2 import Timestamp
from grpc_health.v1 import health_pb2, health_pb2_grpc

from kit import client, service
from stack.testing import TestStores
from tests.rpc.admin.desk import Admin, Shop, new_keys
from tests.rpc.core.conftest import Knowledge
from tests.rpc.revocations.world import BUILDS, configured


@dataclass
class Pair:
    """Admin and core."""

    settings: dict[str, Any]
    admin: Admin = field(init=False)
    core: grpc.aio.Channel = field(init=False)
    channel: grpc.aio.Channel = field(init=False)
    """The service channel, once a test has started it."""
    _stacks: dict[str, AsyncExitStack] = field(default_factory=dict)

    async def start(self, name: str) -> None:
        """Starts a service, at the same port as before."""
        stack = self._stacks[name] = AsyncExitStack()
        running = await stack.enter_async_context(service.serve(self.settings[name], BUILDS[name]))
        options = [("grpc.use_local_subchannel_pool", 1)]
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(f"127.0.0.1:{running.port}", options))
        if name == "admin":
            self.admin = Admin(channel, self.keys, self.settings["admin"])
        elif name == "core":
            self.core = channel
        else:
            self.channel = channel

    async def stop(self, name: str) -> None:
        """Ends a service."""
        await self._stacks.pop(name).aclose()

    async def close(self) -> None:
        """Ends whatever runs."""
        for name in ("channel", "core", "admin"):
            if name in self._stacks:
                await self.stop(name)

    @property
    def keys(self) -> Any:
        return self.settings["keys"]

    async def list_conversations(self, token: str, shop: Shop) -> Any:
        """A call that a user makes at core."""
        request = core_pb.ListConversationsRequest(parent=shop.name)
        return await client.call(core_pb.ConversationServiceStub(self.core).ListConversations, request, token=token)

    async def open(self, shop: Shop) -> core_pb.Conversation:
        """A customer's conversation."""
        request = core_internal.OpenConversationRequest(
            parent=shop.name,
            channel=f"{shop.name}/channels/web",
            identity=core_pb.Identity(kind=core_pb.IDENTITY_KIND_BROWSER, value="s1", verify_time=Timestamp(seconds=1)),
        )
        stub = core_internal.ConversationServiceStub(self.core)
        opened: core_pb.Conversation = await client.call(stub.OpenConversation, request, token=self.token("channel", shop))
        return opened

    async def say(self, conversation: core_pb.Conversation, text: str, id: str, shop: Shop) -> Any:
        """A customer's message."""
        request = core_internal.ReceiveMessageRequest(
            parent=shop.name, channel=f"{shop.name}/channels/web", source_id=id, conversation=conversation.name, text=text
        )
        stub = core_internal.MessageServiceStub(self.core)
        return await client.call(stub.ReceiveMessage, request, token=self.token("channel", shop))

    async def messages(self, conversation: core_pb.Conversation, shop: Shop) -> list[core_pb.Message]:
        """The messages."""
        request = core_pb.ListMessagesRequest(parent=conversation.name)
        token = self.keys.user_token(shop.id, ["core.messages.read"])
        return list((await client.call(core_pb.MessageServiceStub(self.core).ListMessages, request, token=token)).messages)

    async def feeds_health(self) -> int:
        """Core's health, as far as its feeds are concerned."""
        stub = health_pb2_grpc.HealthStub(self.core)
        return int((await stub.Check(health_pb2.HealthCheckRequest(service="feeds"))).status)

    def token(self, name: str, shop: Shop) -> str:
        """A service's token."""
        return str(self.keys.service_token(name, shop.id))

    async def publish(self, shop: Shop, setting: str, value: dict[str, Any]) -> admin_pb.Setting:
        """Saves and publishes a setting as the owner."""
        name, token = f"{shop.name}/settings/{setting}", shop.token("owner")
        update = admin_pb.UpdateSettingRequest(setting={"name": name, "draft": {setting.replace("-", "_"): value}})
        await self.admin.call(self.admin.settings_service.UpdateSetting, update, token)
        publish = admin_pb.PublishSettingRequest(name=name)
        published: admin_pb.Setting = await self.admin.call(self.admin.settings_service.PublishSetting, publish, token)
        return published


@pytest_asyncio.fixture
async def pair(stores: TestStores, tmp_path: Path) -> AsyncIterator[Pair]:
    """Both, running, with a small memory service."""
    keys = new_keys(tmp_path / "keys")
    knowledge = grpc.aio.server()
    passages = ["You can return a parcel within 30 days.", "Refunds take five days."]
    Knowledge(passages).serve(knowledge)
    port = knowledge.add_insecure_port("127.0.0.1:0")
    await knowledge.start()
    settings = configured(stores, keys, fetch_allow="127.0.0.1/32")
    more = {
        "memory_url": f"127.0.0.1:{port}",
        "channel_url": "",
        "extractive_word_seconds": 0.0,
        "retention_sweep_seconds": 0.2,
    }
    settings["core"] = settings["core"].model_copy(update=more)
    settings |= {name: settings[name].model_copy(update={"erasure_quiet_seconds": 0.1}) for name in ("admin", "core")}
    pair = Pair(settings | {"keys": keys})
    try:
        await pair.start("admin")
        await pair.start("core")
        yield pair
    finally:
        await pair.close()
        await knowledge.stop(0)


@pytest_asyncio.fixture
async def served() -> AsyncIterator[tuple[int, Any]]:
    """A model's provider, and its port."""
    from aiohttp import web

    from tests.rpc.feeds.test_feeds import Model

    model = Model()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", model.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield site._server.sockets[0].getsockname()[1], model  # type: ignore[union-attr]
    model.holds.set()  # a request that it still holds would delay its end, and the core's
    await runner.cleanup()
