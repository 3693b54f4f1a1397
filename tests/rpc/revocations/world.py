"""Two replicas of each service on one set of stores, one organization, and a token for every way to lose access."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import jwt
import pytest
from frontdesk.admin import v1 as admin_pb
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as core_pb
from pydantic import SecretStr

from kit import client, errors, service
from services.admin.domain.roles import PERMISSIONS
from services.admin.main import build as build_admin
from services.admin.settings import Settings as AdminSettings
from services.agent.main import build as build_agent
from services.agent.settings import Settings as AgentSettings
from services.channel.main import build as build_channel
from services.channel.settings import Settings as ChannelSettings
from services.core.main import build as build_core
from services.core.settings import Settings as CoreSettings
from services.memory.main import build as build_memory
from services.memory.settings import Settings as MemorySettings
from stack.ports import free_ports
from stack.testing import TestStores
from tests.rpc.admin.desk import Admin, Shop, new_keys
from tests.support.serving import Keys

ORDER = ("admin", "channel", "core", "memory", "agent")
BUILDS: dict[str, Any] = {
    "admin": build_admin,
    "channel": build_channel,
    "core": build_core,
    "memory": build_memory,
    "agent": build_agent,
}
USER_WAYS = ("deactivated", "demoted", "deleted", "signed out", "password changed")
CUSTOMER_WAYS = (
    "session ended",
    "channel paused",
    "channel deleted",
    "customer blocked",
    "customer merged",
    "customer split",
    "customer erased",
)


@dataclass
class Replica:
    """A running process of a service, as far as a test's own process can be one."""

    channel: grpc.aio.Channel
    running: service.Running
    stack: AsyncExitStack


@dataclass
class World:
    """Everything that runs, by service: the first replica stays up, the second one is restarted."""

    settings: dict[str, Any]
    keys: Keys
    replicas: dict[str, list[Replica]] = field(default_factory=dict)
    shop: Shop = field(init=False)
    tokens: dict[str, str] = field(default_factory=dict)
    """Those that will be revoked, by the way."""
    fresh: dict[str, str] = field(default_factory=dict)
    """Those that stay good: `user` and `customer`."""
    ids: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, channel_pb.Session] = field(default_factory=dict)

    async def start(self, name: str) -> Replica:
        """One more replica of a service."""
        stack = AsyncExitStack()
        settings = self.settings[name]
        if self.replicas.get(name):
            settings = settings.model_copy(update={"listen": "127.0.0.1:0"})
        running = await stack.enter_async_context(service.serve(settings, BUILDS[name]))
        options = [("grpc.use_local_subchannel_pool", 1)]
        channel = grpc.aio.insecure_channel(f"127.0.0.1:{running.port}", options=options)
        replica = Replica(channel, running, stack)
        self.replicas.setdefault(name, []).append(replica)
        return replica

    async def stop(self, name: str) -> None:
        """Ends the newest replica of a service."""
        replica = self.replicas[name].pop()
        await replica.channel.close(0)
        await replica.stack.aclose()

    async def prepare(self) -> None:
        """An organization, and tokens of all sorts in it."""
        admin = Admin(self.replicas["admin"][0].channel, self.keys, self.settings["admin"])
        self.shop = await admin.shop()
        for way in USER_WAYS:
            id = way.replace(" ", "-")
            await self.shop.add(id, "owner")
            self.tokens[way] = (await self.shop.login(id)).tokens.access_token
        self.tokens["key revoked"] = await self._key_token(admin)
        self.fresh["user"] = (await self.shop.login()).tokens.access_token
        for way in (*CUSTOMER_WAYS, "fresh"):
            id = way.replace(" ", "-")
            kept = {"display_name": way, "kind": "CHANNEL_KIND_WEB_CHAT"}
            create = channel_pb.CreateChannelRequest(parent=self.shop.name, channel=kept, channel_id=id)
            await self.call("channel", "ChannelService", "CreateChannel", create, self.fresh["user"])
            opening = channel_pb.OpenSessionRequest(channel=f"{self.shop.name}/channels/{id}")
            self.sessions[way] = await self.call("channel", "WebChatService", "OpenSession", opening, "")
            self.tokens[way] = self.sessions[way].token
        self.fresh["customer"] = self.tokens.pop("fresh")
        conversation = self.sessions["fresh"].conversation.rpartition("/")[2]
        await self.shop.add("other", "agent")
        self.ids |= {"organizations": self.shop.id, "channels": "fresh", "conversations": conversation, "users": "other"}
        self.ids |= {"agents": "me", "roles": "agent", "sessions": self.sessions["fresh"].name.rpartition("/")[2]}

    async def _key_token(self, admin: Admin) -> str:
        wish = {"display_name": "A key", "scopes": sorted(PERMISSIONS)}
        request = admin_pb.CreateApiKeyRequest(parent=self.shop.name, api_key=wish, request_id="key")
        made = await admin.call(admin.api_keys.CreateApiKey, request, self.shop.token("owner"))
        self.ids["apiKeys"] = made.api_key.name.rpartition("/")[2]
        exchange = admin_pb.ExchangeApiKeyRequest(api_key=made.secret)
        return str((await admin.call(admin.auth.ExchangeApiKey, exchange)).access_token)

    async def call(self, name: str, service_name: str, method: str, request: Any, token: str) -> Any:
        """Calls an RPC at the first replica."""
        package = {"admin": admin_pb, "channel": channel_pb, "core": core_pb}[name]
        stub = getattr(package, f"{service_name}Stub")(self.replicas[name][0].channel)
        return await client.call(getattr(stub, method), request, token=token)

    async def take_away(self) -> None:
        """Every way to lose access happens."""
        s, owner = self.shop, self.fresh["user"]
        users = [
            ("DeactivateUser", admin_pb.DeactivateUserRequest(name=s.user("deactivated"))),
            ("AssignRoles", admin_pb.AssignRolesRequest(name=s.user("demoted"), roles=[s.role("viewer")])),
            ("DeleteUser", admin_pb.DeleteUserRequest(name=s.user("deleted"))),
            ("SetPassword", admin_pb.SetPasswordRequest(name=s.user("password-changed"), password="ten yellow bicycles")),
        ]
        for method, request in users:
            await self.call("admin", "UserService", method, request, owner)
        signed_in = await s.login("signed-out")
        logout = admin_pb.LogoutRequest(refresh_token=signed_in.tokens.refresh_token, all_sessions=True)
        await self.call("admin", "AuthService", "Logout", logout, "")
        revoke = admin_pb.RevokeApiKeyRequest(name=f"{s.name}/apiKeys/{self.ids['apiKeys']}")
        await self.call("admin", "ApiKeyService", "RevokeApiKey", revoke, owner)
        paused = {"name": f"{s.name}/channels/channel-paused", "state": "CHANNEL_STATE_PAUSED"}
        await self.call("channel", "ChannelService", "UpdateChannel", channel_pb.UpdateChannelRequest(channel=paused), owner)
        delete = channel_pb.DeleteChannelRequest(name=f"{s.name}/channels/channel-deleted")
        await self.call("channel", "ChannelService", "DeleteChannel", delete, owner)
        block = core_pb.BlockCustomerRequest(name=f"{s.name}/{subject_of(self.tokens['customer blocked'])}")
        await self.call("core", "CustomerService", "BlockCustomer", block, owner)
        await self._change_customers(owner)
        await self._steal("session ended")

    async def _change_customers(self, owner: str) -> None:
        """One customer is merged into another, one is split, and one is erased."""

        async def change(method: str, request: Any) -> None:
            await self.call("core", "CustomerService", method, request, owner)

        merged, split, erased = (self.sessions[f"customer {way}"].customer for way in ("merged", "split", "erased"))
        await change("MergeCustomer", core_pb.MergeCustomerRequest(name=self.sessions["fresh"].customer, duplicate=merged))
        opening = channel_pb.OpenSessionRequest(channel=f"{self.shop.name}/channels/customer-split")
        other = (await self.call("channel", "WebChatService", "OpenSession", opening, "")).customer
        await change("MergeCustomer", core_pb.MergeCustomerRequest(name=split, duplicate=other))
        await change("SplitCustomer", core_pb.SplitCustomerRequest(name=split, duplicate=other))
        await change("DeleteCustomer", core_pb.DeleteCustomerRequest(name=erased))

    async def _steal(self, way: str) -> None:
        """The secret of a session is used twice, by two who hold it."""
        session = self.sessions[way]
        refresh = channel_pb.RefreshSessionRequest(name=session.name, secret=session.secret)
        second = await self.call("channel", "WebChatService", "RefreshSession", refresh, "")
        again = channel_pb.RefreshSessionRequest(name=session.name, secret=second.secret)
        await self.call("channel", "WebChatService", "RefreshSession", again, "")
        connection = await asyncpg.connect(self.settings["channel"].postgres_url.get_secret_value())
        await connection.execute("update session_secret set used = used - interval '1 minute'")
        await connection.close()
        with pytest.raises(errors.Unauthenticated) as ended:
            await self.call("channel", "WebChatService", "RefreshSession", refresh, "")
        assert ended.value.reason == "SESSION_EXPIRED"

    async def written(self) -> dict[str, int]:
        """How many facts each service has written down, and how many rows channel has accepted."""
        found = {}
        for name in ORDER:
            connection = await asyncpg.connect(self.settings[name].postgres_url.get_secret_value())
            found[name] = await connection.fetchval("select count(*) from event where organization = $1", self.shop.id)
            await connection.close()
        return found


def subject_of(token: str) -> str:
    """The person or service a token speaks for."""
    return str(jwt.decode(token, options={"verify_signature": False})["sub"])


def configured(stores: TestStores, keys: Keys, **more: Any) -> dict[str, Any]:
    """The settings of each service, which find each other."""
    urls = stores.postgres_urls("admin", "channel", "core", "agent", "memory")
    redis_url = SecretStr(stores.redis_url())
    ports = dict(zip(ORDER, free_ports(len(ORDER)), strict=True))
    at = {f"{name}_url": f"127.0.0.1:{port}" for name, port in ports.items()}

    def shared(name: str) -> dict[str, Any]:
        given: dict[str, Any] = {"keys_dir": keys.folder, "redis_url": redis_url, "drain_seconds": 1.0, **more}
        given |= {key: url for key, url in at.items() if key != f"{name}_url"}
        return given | {"postgres_url": SecretStr(urls[name]), "listen": f"127.0.0.1:{ports[name]}"}

    stores_of_memory: dict[str, Any] = {"mongo_url": SecretStr(stores.mongo_url()), "chroma_url": stores.chroma_url()}
    return {
        "admin": AdminSettings(**shared("admin"), password_memory_kib=64, password_iterations=1),
        "channel": ChannelSettings(**shared("channel"), twilio_url="http://127.0.0.1:1"),
        "core": CoreSettings(**shared("core"), assistant="extractive"),
        "memory": MemorySettings(**shared("memory"), **stores_of_memory, embeddings_url="http://127.0.0.1:1/v1"),
        "agent": AgentSettings(**shared("agent")),
    }


@asynccontextmanager
async def running(stores: TestStores, folder: Path) -> AsyncIterator[World]:
    """Two replicas of each service."""
    keys = new_keys(folder)
    world = World(configured(stores, keys), keys)
    try:
        for name in ORDER * 2:
            await world.start(name)
        await world.prepare()
        yield world
    finally:
        for name in reversed(ORDER):
            while world.replicas.get(name):
                await world.stop(name)
