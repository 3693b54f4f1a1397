"""The five services behind the gateway under test: real servers on the real contracts, run by kit, with scripts.

    python -m tests.gateway.backend '{"core": "127.0.0.1:1234", …}'

One process for all; it prints a line when it serves and ends on SIGTERM.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import grpc
import grpc.aio
from frontdesk.admin import v1 as admin
from frontdesk.agent import v1 as agent
from frontdesk.channel import v1 as channel
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as internal
from frontdesk.memory import v1 as memory
from google.api import httpbody_pb2

from kit import caller, errors, service
from kit.settings import ServiceSettings

Context = grpc.aio.ServicerContext[Any, Any]


class ConversationNotFound(errors.NotFound):
    reason = "CONVERSATION_NOT_FOUND"


class Conversations(core.ConversationServiceServicer):
    """Its streams send three words: `…/held` the last two once a conversation is tagged, `…/long` slowly."""

    def __init__(self) -> None:
        self._tagged = asyncio.Event()

    async def GetConversation(self, request: core.GetConversationRequest, context: Context) -> core.Conversation:
        what = request.name.rpartition("/")[2]
        if what == "missing":
            raise ConversationNotFound("There is no such conversation.", conversation=request.name)
        if what.startswith("fails-"):
            raise errors.BY_CODE[what.removeprefix("fails-").replace("-", "_").upper()]("It failed.")
        if what == "slow":
            await asyncio.sleep(60)
        headers = json.dumps({key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)})
        return core.Conversation(name=request.name, handover_reason=headers, agent_display_name=caller.current().id)

    async def ListConversations(
        self, request: core.ListConversationsRequest, context: Context
    ) -> core.ListConversationsResponse:
        return core.ListConversationsResponse(conversations=[core.Conversation(name=f"{request.parent}/conversations/c1")])

    async def TagConversation(self, request: core.TagConversationRequest, context: Context) -> core.Conversation:
        self._tagged.set()
        return core.Conversation(name=request.name)

    async def OpenConversation(self, request: internal.OpenConversationRequest, context: Context) -> core.Conversation:
        return core.Conversation(name=f"{request.parent}/conversations/leaked")

    async def WatchConversation(
        self, request: core.WatchConversationRequest, context: Context
    ) -> AsyncIterator[core.WatchConversationResponse]:
        self._tagged.clear()
        for n, word in enumerate(("one", "two", "three")):
            if f"r{n}" <= request.resume_token:
                continue
            delta = core.WatchConversationResponse.ReplyDelta(turn="t1", attempt=1, offset=n, text=word)
            yield core.WatchConversationResponse(resume_token=f"r{n}", reply_delta=delta)
            if request.name.endswith("/long"):
                await asyncio.sleep(1.1)
            if request.name.endswith("/held"):
                await self._tagged.wait()
            if request.name.endswith("/stepped"):
                await self._tagged.wait()
                self._tagged.clear()


class Messages(core.MessageServiceServicer):
    async def ListMessages(self, request: core.ListMessagesRequest, context: Context) -> core.ListMessagesResponse:
        return core.ListMessagesResponse(resume_token="r0")


class WebChat(channel.WebChatServiceServicer):
    async def OpenSession(self, request: channel.OpenSessionRequest, context: Context) -> channel.Session:
        return channel.Session()

    async def SendMessage(self, request: channel.SendMessageRequest, context: Context) -> channel.SendMessageResponse:
        message = core.Message(name=f"{request.conversation}/messages/m1", text=request.text)
        return channel.SendMessageResponse(message=message)

    async def Chat(self, request_iterator: AsyncIterator[channel.ChatRequest], context: Context) -> Any:
        async for request in request_iterator:
            yield channel.ChatResponse(accepted=channel.ChatAccepted(request_id=request.send.request_id))


class Webhooks(channel.WebhookServiceServicer):
    async def ReceiveWebhook(self, request: channel.ReceiveWebhookRequest, context: Context) -> httpbody_pb2.HttpBody:
        signature = str(dict(context.invocation_metadata() or ()).get("x-twilio-signature"))
        received = f"{len(request.body.data)} {request.body.content_type} {signature}"
        return httpbody_pb2.HttpBody(content_type="application/xml", data=f"<R>{received}</R>".encode())

    async def VerifyWhatsAppCloud(self, request: channel.VerifyWhatsAppCloudRequest, context: Context) -> httpbody_pb2.HttpBody:
        return httpbody_pb2.HttpBody(content_type="text/plain", data=request.hub.challenge.encode())


class Auth(admin.AuthServiceServicer):
    async def Login(self, request: admin.LoginRequest, context: Context) -> admin.LoginResponse:
        return admin.LoginResponse(user=admin.User(email=request.email))

    async def GetJwks(self, request: admin.GetJwksRequest, context: Context) -> httpbody_pb2.HttpBody:
        return httpbody_pb2.HttpBody(content_type="application/json", data=b"{}")


class Links(admin.LinkServiceServicer):
    async def CheckLink(self, request: admin.CheckLinkRequest, context: Context) -> admin.CheckLinkResponse:
        return admin.CheckLinkResponse(kind=admin.LINK_KIND_SETUP)


class Users(admin.UserServiceServicer):
    async def GetUser(self, request: admin.GetUserRequest, context: Context) -> admin.User:
        return admin.User(name=request.name)


def _core(server: grpc.aio.Server) -> None:
    core.add_ConversationServiceServicer_to_server(Conversations(), server)
    core.add_MessageServiceServicer_to_server(Messages(), server)
    internal.add_EventServiceServicer_to_server(internal.EventServiceServicer(), server)


def _channel(server: grpc.aio.Server) -> None:
    channel.add_WebChatServiceServicer_to_server(WebChat(), server)
    channel.add_WebhookServiceServicer_to_server(Webhooks(), server)


def _admin(server: grpc.aio.Server) -> None:
    admin.add_AuthServiceServicer_to_server(Auth(), server)
    admin.add_LinkServiceServicer_to_server(Links(), server)
    admin.add_UserServiceServicer_to_server(Users(), server)


def _agent(server: grpc.aio.Server) -> None:
    agent.add_QueueServiceServicer_to_server(agent.QueueServiceServicer(), server)


def _memory(server: grpc.aio.Server) -> None:
    memory.add_PassageServiceServicer_to_server(memory.PassageServiceServicer(), server)


SERVICES: dict[str, tuple[Callable[[grpc.aio.Server], None], tuple[str, ...]]] = {
    "admin": (_admin, admin.SERVICES),
    "agent": (_agent, agent.SERVICES),
    "channel": (_channel, channel.SERVICES),
    "core": (_core, core.SERVICES),
    "memory": (_memory, memory.SERVICES),
}


async def run(listen: dict[str, str]) -> None:
    """Serves all five until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with AsyncExitStack() as stack:
        for name, (register, services) in SERVICES.items():

            @asynccontextmanager
            async def build(
                settings: ServiceSettings, name: str = name, register: Any = register, services: Any = services
            ) -> AsyncIterator[service.Service]:
                yield service.Service(name, register, services)

            settings = ServiceSettings(listen=listen[name], drain_seconds=0)  # type: ignore[call-arg]  # keys: environment
            await stack.enter_async_context(service.serve(settings, build))
        print("serving", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(run(json.loads(sys.argv[1])))
