"""Customers and agents as programs see Frontdesk: through the gateway, over gRPC and REST."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import struct
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import grpc
from frontdesk.agent import v1 as agent_pb
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as core_pb

import demo
from kit import client, errors

ORGANIZATION = f"organizations/{demo.ORGANIZATION.id}"
CHANNEL = f"{ORGANIZATION}/channels/{demo.CHANNEL.id}"
BEGINNING = "0-0"
TIMEOUT = 60.0

Json = dict[str, Any]
Frame = core_pb.WatchConversationResponse


@dataclass(frozen=True)
class Answer:
    """A REST response."""

    status: int
    body: Json

    @property
    def reason(self) -> str:
        """The reason of an error's ErrorInfo; empty without one."""
        return next((str(d["reason"]) for d in self.body.get("details", ()) if "reason" in d), "")

    @property
    def metadata(self) -> Mapping[str, str]:
        """The metadata of an error's ErrorInfo."""
        return next((dict(d["metadata"]) for d in self.body.get("details", ()) if "metadata" in d), {})


@dataclass(frozen=True)
class Gateway:
    """The gateway of a stack, with connections of either kind."""

    url: str
    channel: grpc.aio.Channel
    http: aiohttp.ClientSession

    @classmethod
    @asynccontextmanager
    async def connect(cls, url: str) -> AsyncIterator[Gateway]:
        """Dials without retries: a test wants to see the first answer."""
        async with AsyncExitStack() as stack:
            channel = await stack.enter_async_context(client.dial(url.removeprefix("http://")))
            http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)))
            yield cls(url, channel, http)

    async def rest(self, method: str, path: str, token: str = "", body: object = None) -> Answer:
        """One REST call; `body` is sent as JSON, or as it is when it is bytes."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if data is not None:
            headers["content-type"] = "application/json"
        stream = io.BytesIO(data) if data is not None else None
        async with self.http.request(method, f"{self.url}/v1/{path}", data=stream, headers=headers) as response:
            raw = await response.read()
        return Answer(response.status, json.loads(raw) if raw else {})

    async def lines(self, path: str, token: str, accept: str = "text/event-stream") -> AsyncGenerator[Json, None]:
        """A stream over REST, as server-sent events or as lines of JSON."""
        headers = {"authorization": f"Bearer {token}", "accept": accept}
        async with self.http.get(f"{self.url}/v1/{path}", headers=headers) as response:
            assert response.status == 200, await response.text()
            assert response.content_type == accept
            async for line in response.content:
                if accept == "application/json" or line.startswith(b"data:"):
                    yield json.loads(line.removeprefix(b"data:"))

    async def web(self, method: str, request: Any, token: str = "") -> AsyncGenerator[tuple[int, bytes], None]:
        """A call over gRPC-web: (0, message) for each response, then (128, trailers)."""
        headers = {"content-type": "application/grpc-web+proto", "x-grpc-web": "1"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = request.SerializeToString()
        body = b"\0" + struct.pack(">I", len(data)) + data
        async with self.http.post(f"{self.url}/{method}", data=body, headers=headers) as response:
            assert response.status == 200
            while True:
                try:
                    head = await response.content.readexactly(5)
                except asyncio.IncompleteReadError:
                    return
                yield head[0], await response.content.readexactly(struct.unpack(">I", head[1:])[0])

    async def login(self, email: str, password: str = demo.DEMO_PASSWORD, organization: str = ORGANIZATION) -> str:
        """Signs a user in over REST, as soon as the gateway sees the admin service as healthy; returns their token."""
        body = {"organization": organization, "email": email, "password": password}
        answer = await self.rest("POST", "auth:login", body=body)
        until = time.monotonic() + 10.0
        while answer.status == 503 and time.monotonic() < until:
            await asyncio.sleep(0.5)
            answer = await self.rest("POST", "auth:login", body=body)
        assert answer.status == 200, answer
        return str(answer.body["tokens"]["accessToken"])


@dataclass
class Customer:
    """One customer's conversation, over native gRPC."""

    gateway: Gateway
    session: channel_pb.Session
    frames: list[Frame] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def open(cls, gateway: Gateway, channel: str = CHANNEL) -> Customer:
        """Opens a session, as soon as the gateway accepts an unknown address and the channel service is available."""
        stub = channel_pb.WebChatServiceStub(gateway.channel)
        for _ in range(40):
            try:
                session = await client.call(
                    stub.OpenSession, channel_pb.OpenSessionRequest(channel=channel), token="", timeout=10
                )
                return cls(gateway, session)
            except (errors.ResourceExhausted, errors.Unavailable):
                await asyncio.sleep(0.5)
        raise AssertionError("the gateway refused every sign-in for 20 s")

    @property
    def conversation(self) -> str:
        """The conversation's name."""
        return self.session.conversation

    @property
    def token(self) -> str:
        """The session's token."""
        return self.session.token

    async def send(self, text: str, request_id: str = "") -> channel_pb.SendMessageResponse:
        """Sends a message, once."""
        request = channel_pb.SendMessageRequest(
            conversation=self.conversation, text=text, request_id=request_id or uuid.uuid4().hex
        )
        stub = channel_pb.WebChatServiceStub(self.gateway.channel)
        return await client.call(stub.SendMessage, request, token=self.token, timeout=15)  # type: ignore[no-any-return]

    async def ask_for_human(self) -> None:
        """Asks for a human."""
        stub = channel_pb.WebChatServiceStub(self.gateway.channel)
        await client.call(stub.RequestHuman, channel_pb.RequestHumanRequest(conversation=self.conversation), token=self.token)

    async def history(self) -> list[core_pb.Message]:
        """Everything said so far."""
        stub = core_pb.MessageServiceStub(self.gateway.channel)
        request = core_pb.ListMessagesRequest(parent=self.conversation, page_size=100)
        return list((await client.call(stub.ListMessages, request, token=self.token)).messages)

    async def state(self) -> core_pb.ConversationState:
        """The conversation's state."""
        stub = core_pb.ConversationServiceStub(self.gateway.channel)
        request = core_pb.GetConversationRequest(name=self.conversation)
        return (await client.call(stub.GetConversation, request, token=self.token)).state  # type: ignore[no-any-return]

    async def history_where(
        self, holds: Callable[[list[core_pb.Message]], bool], seconds: float = TIMEOUT
    ) -> list[core_pb.Message]:
        """The history as soon as it matches; retries while a service is unavailable."""
        said: list[core_pb.Message] = []
        try:
            async with asyncio.timeout(seconds):
                while True:
                    try:
                        if holds(said := await self.history()):
                            return said
                    except (errors.Unavailable, errors.DeadlineExceeded, errors.Internal):
                        pass
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"not within {seconds:g} s; said so far: {summary(said)}") from None

    async def answered(self, text: str, seconds: float = TIMEOUT) -> core_pb.Message:
        """The assistant's first message after the customer's `text`, which must exist exactly once."""

        def after(said: list[core_pb.Message]) -> list[core_pb.Message]:
            at = next((m.seq for m in said if m.text == text), None)
            return [m for m in said if at is not None and m.seq > at and m.role == core_pb.PARTICIPANT_ROLE_ASSISTANT]

        said = await self.history_where(lambda so_far: bool(after(so_far)), seconds)
        assert [m.text for m in said if m.role == core_pb.PARTICIPANT_ROLE_CUSTOMER].count(text) == 1
        return after(said)[0]

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[Customer]:
        """Collects the conversation's events from its beginning, for `hears`; resumes after a stream has ended."""
        task = asyncio.create_task(self._watch())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _watch(self) -> None:
        stub, resume = core_pb.ConversationServiceStub(self.gateway.channel), BEGINNING
        while True:
            request = core_pb.WatchConversationRequest(name=self.conversation, resume_token=resume)
            try:
                async for frame in client.stream(stub.WatchConversation, request, token=self.token):
                    resume = frame.resume_token or resume
                    self.frames.append(frame)
                    self._news.set()
            except (errors.Aborted, errors.Internal, errors.Unavailable, errors.DeadlineExceeded):
                await asyncio.sleep(0.2)

    async def hears(self, holds: Callable[[Frame], bool], seconds: float = TIMEOUT) -> Frame:
        """The first past or future event for which it holds."""
        seen = 0
        async with asyncio.timeout(seconds):
            while True:
                for frame in self.frames[seen:]:
                    if holds(frame):
                        return frame
                seen = len(self.frames)
                self._news.clear()
                await self._news.wait()

    async def hears_message(self, role: core_pb.ParticipantRole, text: str = "", after: int = 0) -> core_pb.Message:
        """A message of a sender with this text, later than message `after`."""

        def it_is(frame: Frame) -> bool:
            m = frame.message_created
            return frame.WhichOneof("event") == "message_created" and m.role == role and text in m.text and m.seq > after

        return (await self.hears(it_is)).message_created

    async def hears_state(self, state: core_pb.ConversationState) -> core_pb.Conversation:
        """The conversation in a state."""
        return (await self.hears(lambda frame: frame.conversation_updated.state == state)).conversation_updated


@dataclass(frozen=True)
class Agent:
    """A human who answers, over native gRPC."""

    gateway: Gateway
    token: str

    @classmethod
    async def sign_in(cls, gateway: Gateway, email: str) -> Agent:
        """Signs in over REST."""
        return cls(gateway, await gateway.login(email))

    @property
    def handovers(self) -> Any:
        """The stub of HandoverService."""
        return agent_pb.HandoverServiceStub(self.gateway.channel)

    async def inbox(self) -> agent_pb.ListInboxResponse:
        """The queue and the own conversations."""
        request = agent_pb.ListInboxRequest(parent=f"{ORGANIZATION}/agents/me")
        stub = agent_pb.InboxServiceStub(self.gateway.channel)
        return await client.call(stub.ListInbox, request, token=self.token)  # type: ignore[no-any-return]

    async def waits(self, conversation: str, seconds: float = TIMEOUT) -> str:
        """The handover of a conversation, as soon as it is in the queue and the gateway sees the agent service."""
        async with asyncio.timeout(seconds):
            while True:
                with contextlib.suppress(errors.Unavailable):
                    for entry in (await self.inbox()).queue_entries:
                        if entry.conversation == conversation:
                            return entry.handover
                await asyncio.sleep(0.1)

    async def accept(self, handover: str) -> agent_pb.AcceptHandoverResponse:
        """Accepts a handover."""
        request = agent_pb.AcceptHandoverRequest(name=handover)
        return await client.call(self.handovers.AcceptHandover, request, token=self.token)  # type: ignore[no-any-return]

    async def reply(self, conversation: str, text: str = "", **more: Any) -> agent_pb.ReplyResponse:
        """Answers the customer."""
        request = agent_pb.ReplyRequest(name=conversation, text=text, request_id=uuid.uuid4().hex, **more)
        stub = agent_pb.InboxServiceStub(self.gateway.channel)
        return await client.call(stub.Reply, request, token=self.token)  # type: ignore[no-any-return]

    async def give_back(self, conversation: str) -> None:
        """Returns a conversation to the assistant."""
        request = agent_pb.ReturnToAssistantRequest(name=conversation)
        await client.call(self.handovers.ReturnToAssistant, request, token=self.token)

    async def resolve(self, conversation: str) -> None:
        """Resolves a conversation, which closes it."""
        request = agent_pb.ResolveConversationRequest(name=conversation)
        await client.call(self.handovers.ResolveConversation, request, token=self.token)


def summary(messages: list[core_pb.Message]) -> list[str]:
    """Messages in short, for a failed assertion."""
    return [f"{core_pb.ParticipantRole.Name(m.role).rpartition('_')[2].lower()}: {m.text[:80]}" for m in messages]
