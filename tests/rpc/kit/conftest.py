"""A service whose use cases the test decides, behind the real server, interceptor and contracts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from frontdesk.admin import v1 as admin_pb
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from google.rpc import error_details_pb2, status_pb2

from kit import caller, service
from kit.settings import ServiceSettings
from tests.support.serving import Keys, serve

NAME = "organizations/acme/conversations/c1"


class StoreAway(Exception):
    """Errors that the store of this service raises when it can't be reached."""


async def _empty(request: Any, context: Any) -> Any:
    return pb.Conversation(name=request.name)


STREAMS_PER_CALLER = 5


class Inside(internal.ConversationServiceServicer):
    """A call for other services alone: its answer names the caller."""

    async def OpenConversation(self, request: internal.OpenConversationRequest, context: Any) -> pb.Conversation:
        return pb.Conversation(name=caller.current().id)


@dataclass
class Desk(
    pb.ConversationServiceServicer,
    admin_pb.UserServiceServicer,
    channel_pb.WebChatServiceServicer,
):
    """Handlers of the calls, and how they were seen from within."""

    keys: Keys
    does: Callable[[Any, Any], Awaitable[Any]] = _empty
    streams: Callable[[Any, Any], AsyncIterator[Any]] | None = None
    frames: list[str] = field(default_factory=list)
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    running: Any = None

    async def GetConversation(self, request: pb.GetConversationRequest, context: Any) -> pb.Conversation:
        result: pb.Conversation = await self.does(request, context)
        return result

    async def WatchConversation(self, request: pb.WatchConversationRequest, context: Any) -> AsyncIterator[Any]:
        assert self.streams is not None
        async for response in self.streams(request, context):
            yield response

    async def CreateUser(self, request: admin_pb.CreateUserRequest, context: Any) -> admin_pb.User:
        return request.user

    async def AssignRoles(self, request: admin_pb.AssignRolesRequest, context: Any) -> admin_pb.User:
        return admin_pb.User(roles=request.roles)

    async def OpenSession(self, request: channel_pb.OpenSessionRequest, context: Any) -> channel_pb.Session:
        return channel_pb.Session(name=request.channel)

    async def Chat(
        self, requests: AsyncIterator[channel_pb.ChatRequest], context: Any
    ) -> AsyncIterator[channel_pb.ChatResponse]:
        async for request in requests:
            self.frames.append(request.WhichOneof("frame") or "")
            yield channel_pb.ChatResponse()

    @property
    def channel(self) -> grpc.aio.Channel:
        channel: grpc.aio.Channel = self.running.channel
        return channel

    def register(self, server: grpc.aio.Server) -> None:
        pb.add_ConversationServiceServicer_to_server(self, server)
        internal.add_ConversationServiceServicer_to_server(Inside(), server)
        admin_pb.add_UserServiceServicer_to_server(self, server)
        channel_pb.add_WebChatServiceServicer_to_server(self, server)

    @asynccontextmanager
    async def build(self, settings: ServiceSettings) -> AsyncIterator[service.Service]:
        yield service.Service("core", self.register, pb.SERVICES, unavailable=(StoreAway, OSError), draining=self.draining)

    def user(self, *permissions: str, organization: str = "acme") -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.keys.user_token(organization, list(permissions or ('*',)))}"),)

    def service(self, name: str, organization: str = "acme") -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.keys.service_token(name, organization)}"),)

    async def get(self, name: str = NAME, metadata: Any = None, **more: Any) -> pb.Conversation:
        stub = pb.ConversationServiceStub(self.channel)
        metadata = self.user() if metadata is None else metadata
        return await stub.GetConversation(pb.GetConversationRequest(name=name), metadata=metadata, **more)


@dataclass(frozen=True)
class Told:
    """How a call was refused."""

    code: str
    reason: str
    message: str
    metadata: dict[str, str]
    domain: str
    fields: list[str]
    raw: bytes


async def refused(call: Any) -> Told:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return told(caught.value)


def told(error: grpc.aio.AioRpcError) -> Told:
    raw: Any = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status_pb2.Status.FromString(raw).details:
        for kind in (info, bad):
            if detail.Is(kind.DESCRIPTOR):
                detail.Unpack(kind)
    fields = [violation.field for violation in bad.field_violations]
    return Told(error.code().name, info.reason, error.details() or "", dict(info.metadata), info.domain, fields, raw)


@asynccontextmanager
async def serving(folder: Path, **more: Any) -> AsyncIterator[Desk]:
    desk = Desk(Keys(folder))
    settings = ServiceSettings(keys_dir=folder, drain_seconds=1, streams_per_caller=STREAMS_PER_CALLER, **more)
    async with serve(settings, desk.build) as running:
        desk.running = running
        yield desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with serving(tmp_path) as running:
        yield running
