"""A real agent service and a real core on real stores, and what customers and agents do with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
from frontdesk.agent import v1 as pb
from frontdesk.agent.internal import v1 as agent_internal
from frontdesk.core import v1 as core_pb
from frontdesk.core.internal import v1 as core_internal
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2, status_pb2
from pydantic import SecretStr

from services.admin.domain import roles
from services.agent.main import build
from services.agent.settings import Settings
from services.core.main import build as build_core
from services.core.settings import Settings as CoreSettings
from tests.support import serving

if TYPE_CHECKING:
    from stack.testing import TestStores

ORGANIZATION = "organizations/acme"
PERMISSIONS = sorted(permission for permission in roles.PERMISSIONS if permission.startswith("agent."))
Metadata = tuple[tuple[str, str], ...]


@dataclass
class Refusal:
    """How a call failed."""

    code: str
    reason: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


async def refusal(call: Any) -> Refusal:
    """How a call fails; it must. Of a stream, what ends it."""
    try:
        if hasattr(call, "read"):
            while await call.read() is not grpc.aio.EOF:
                pass
        else:
            await call
    except grpc.aio.AioRpcError as error:
        refused = Refusal(error.code().name)
        raw = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
        for detail in status_pb2.Status.FromString(raw).details:
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info):
                refused = Refusal(error.code().name, info.reason, dict(info.metadata))
        return refused
    raise AssertionError("the call succeeded")


async def eventually(look: Callable[[], Any], seconds: float = 60) -> Any:
    """The result of an async look, once there is one."""
    async with asyncio.timeout(seconds):
        while not (found := await look()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return found


class Replica:
    """The stubs of one running agent service."""

    def __init__(self, channel: grpc.aio.Channel, url: str) -> None:
        self.url = url
        self.channel = channel
        self.agents = pb.AgentServiceStub(channel)
        self.presence = pb.PresenceServiceStub(channel)
        self.queues = pb.QueueServiceStub(channel)
        self.handovers = pb.HandoverServiceStub(channel)
        self.inbox = pb.InboxServiceStub(channel)
        self.canned = pb.CannedReplyServiceStub(channel)
        self.events = agent_internal.EventServiceStub(channel)


class Agent:
    """Calls of one agent, through one replica."""

    def __init__(self, office: Office, replica: Replica, id: str, metadata: Metadata) -> None:
        self.office, self.to, self.metadata = office, replica, metadata
        self.name = f"{ORGANIZATION}/agents/{id}"

    async def screen(self) -> pb.ListInboxResponse:
        request = pb.ListInboxRequest(parent=f"{ORGANIZATION}/agents/me")
        return await self.to.inbox.ListInbox(request, metadata=self.metadata)

    async def entry(self, conversation: str) -> pb.QueueEntry:
        """The queue entry of a conversation, once it is there."""

        async def look() -> pb.QueueEntry | None:
            entries = (await self.screen()).queue_entries
            return next((entry for entry in entries if entry.conversation == conversation), None)

        found: pb.QueueEntry = await eventually(look)
        return found

    def accept(self, handover: str) -> Any:
        return self.to.handovers.AcceptHandover(pb.AcceptHandoverRequest(name=handover), metadata=self.metadata)

    def reply(self, conversation: str, text: str, request_id: str) -> Any:
        request = pb.ReplyRequest(name=conversation, text=text, request_id=request_id)
        return self.to.inbox.Reply(request, metadata=self.metadata)

    def set_presence(self, state: pb.PresenceState, reason: str = "") -> Any:
        name = f"{ORGANIZATION}/agents/me/presence"
        request = pb.SetPresenceRequest(name=name, state=state, away_reason=reason)
        return self.to.presence.SetPresence(request, metadata=self.metadata)

    def heartbeat(self) -> Any:
        request = pb.HeartbeatRequest(name=f"{ORGANIZATION}/agents/me/presence")
        return self.to.presence.Heartbeat(request, metadata=self.metadata)

    def watch(self, token: str = "") -> Any:
        request = pb.WatchInboxRequest(parent=f"{ORGANIZATION}/agents/me", resume_token=token)
        return self.to.inbox.WatchInbox(request, metadata=self.metadata)


@dataclass
class Office:
    """Keys, core, and replicas of the agent service."""

    keys: serving.Keys
    core: grpc.aio.Channel
    replicas: list[Replica]
    postgres_url: str
    redis_url: str
    core_postgres_url: str

    def as_service(self, name: str) -> Metadata:
        return (("authorization", f"Bearer {self.keys.service_token(name, 'acme')}"),)

    def as_user(self, id: str, permissions: list[str], organization: str = "acme", name: str = "") -> Metadata:
        token = self.keys.user_token(organization, permissions, id, name or f"Agent {id}")
        return (("authorization", f"Bearer {token}"),)

    def agent(self, id: str, replica: int = 0) -> Agent:
        return Agent(self, self.replicas[replica], id, self.as_user(id, PERMISSIONS))

    async def open(self, session: str = "s1") -> str:
        """A customer's conversation."""
        request = core_internal.OpenConversationRequest(
            parent=ORGANIZATION,
            channel=f"{ORGANIZATION}/channels/web",
            identity=core_pb.Identity(kind=core_pb.IDENTITY_KIND_BROWSER, value=session, verify_time=Timestamp(seconds=1)),
            display_name="A customer",
        )
        stub = core_internal.ConversationServiceStub(self.core)
        conversation = await stub.OpenConversation(request, metadata=self.as_service("channel"))
        return conversation.name

    async def ask_for_human(self, session: str = "s1", reason: str = "The customer asked for a human.") -> str:
        """A customer's conversation that waits for an agent."""
        name = await self.open(session)
        request = core_internal.RequestHandoverRequest(name=name, reason=reason)
        stub = core_internal.ConversationServiceStub(self.core)
        await stub.RequestHandover(request, metadata=self.as_service("channel"))
        return name

    async def say(self, conversation: str, text: str, source_id: str) -> None:
        """The customer writes."""
        request = core_internal.ReceiveMessageRequest(
            parent=ORGANIZATION,
            channel=f"{ORGANIZATION}/channels/web",
            conversation=conversation,
            source_id=source_id,
            text=text,
        )
        stub = core_internal.MessageServiceStub(self.core)
        await stub.ReceiveMessage(request, metadata=self.as_service("channel"))

    async def history(self, conversation: str) -> list[tuple[str, str]]:
        """Authors and texts, as an agent sees them."""
        request = core_pb.ListMessagesRequest(parent=conversation)
        metadata = self.as_user("u9", ["core.messages.read"])
        listed = await core_pb.MessageServiceStub(self.core).ListMessages(request, metadata=metadata)
        return [(message.author_display_name, message.text) for message in listed.messages]

    async def state(self, conversation: str) -> core_pb.Conversation:
        request = core_pb.GetConversationRequest(name=conversation)
        metadata = self.as_user("u9", ["core.conversations.read"])
        return await core_pb.ConversationServiceStub(self.core).GetConversation(request, metadata=metadata)


@asynccontextmanager
async def open_office(
    stores: TestStores, folder: Path, replicas: int = 1, keys: serving.Keys | None = None, admin_url: str = "", **settings: Any
) -> AsyncIterator[Office]:
    """A core and some replicas of the agent service that serve."""
    keys = keys or serving.Keys(folder)
    urls = stores.emptied_urls("agent", "core")
    redis_url = stores.redis_url()
    core_settings = CoreSettings(
        keys_dir=folder,
        postgres_url=SecretStr(urls["core"]),
        redis_url=SecretStr(redis_url),
        memory_url="127.0.0.1:1",  # no one asks the assistant here
        admin_url=admin_url,
        assistant="extractive",
        drain_seconds=1,
    )
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(serving.serve(core_settings, build_core))
        configured = Settings(
            keys_dir=folder,
            postgres_url=SecretStr(urls["agent"]),
            redis_url=SecretStr(redis_url),
            **{"core_url": core.url, "admin_url": admin_url, "drain_seconds": 1, **settings},
        )
        running = [await stack.enter_async_context(serving.serve(configured, build)) for _ in range(replicas)]
        yield Office(
            keys, core.channel, [Replica(one.channel, one.url) for one in running], urls["agent"], redis_url, urls["core"]
        )
