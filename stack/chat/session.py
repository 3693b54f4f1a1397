"""A web-chat session: sent at channel, watched at core, resumed when the connection breaks."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from frontdesk.channel import v1 as channel
from frontdesk.core import v1 as core

from kit import client, errors
from kit.backoff import Backoff
from stack.gateways import Gateway

REFRESH_BEFORE = 60.0
BACKOFF = Backoff(first=0.25, maximum=5.0)
TRIES = 5


@dataclass
class ChatSession:
    """One customer's conversation."""

    _connection: grpc.aio.Channel
    _session: channel.Session
    _resume: str = ""

    @classmethod
    @asynccontextmanager
    async def open(cls, gateway: Gateway, channel_name: str) -> AsyncIterator[ChatSession]:
        """Opens a session at a gateway; raises `kit.errors`."""
        async with gateway.dial((*channel.SERVICES, *core.SERVICES)) as connection:
            request = channel.OpenSessionRequest(channel=channel_name)
            stub = channel.WebChatServiceStub(connection)
            session = await _repeated(
                lambda: client.call(stub.OpenSession, request, token="", timeout=10),
                but_not=client.ServiceUnavailable,  # no server answers at this address
            )
            chat = cls(connection, session)
            chat._resume = await chat._newest()  # so that `watch` misses no later message, however late it starts
            yield chat

    @property
    def greeting(self) -> str:
        """The channel's first message."""
        return self._session.greeting

    @property
    def assistant(self) -> str:
        """The name of the other side."""
        return self._session.channel_display_name or "Assistant"

    async def send(self, text: str) -> channel.SendMessageResponse:
        """Sends a message; repeats it with the same id while the service is unavailable."""
        request = channel.SendMessageRequest(conversation=self._session.conversation, text=text, request_id=uuid.uuid4().hex)
        return await self._call(channel.WebChatServiceStub(self._connection).SendMessage, request)  # type: ignore[no-any-return]

    async def request_human(self) -> None:
        """Asks for a human; repeats the request while the service is unavailable."""
        request = channel.RequestHumanRequest(conversation=self._session.conversation)
        await self._call(channel.WebChatServiceStub(self._connection).RequestHuman, request)

    async def watch(self) -> AsyncIterator[core.WatchConversationResponse]:
        """Every event from now on, without end: a broken stream resumes from its last event."""
        pauses = BACKOFF.pauses()
        stub = core.ConversationServiceStub(self._connection)
        while True:
            try:
                self._resume = self._resume or await self._newest()
                request = core.WatchConversationRequest(name=self._session.conversation, resume_token=self._resume)
                async for frame in client.stream(stub.WatchConversation, request, token=await self._token()):
                    self._resume = frame.resume_token or self._resume
                    pauses.reset()
                    yield frame
            except errors.OutOfRange:
                self._resume = ""
            except errors.Unauthenticated as refused:
                if refused.reason.startswith("SESSION_"):
                    raise
                self._session.token_expire_time.Clear()  # so that the next try has a new token
            except (errors.Aborted, errors.Internal, errors.Unavailable, errors.DeadlineExceeded) as ended:
                self._resume = ended.metadata.get("resume_token", self._resume)  # usual ends of a stream: resume, with jitter
            await pauses.wait()

    async def _newest(self) -> str:
        request = core.ListMessagesRequest(parent=self._session.conversation, page_size=1)
        answer = await self._call(core.MessageServiceStub(self._connection).ListMessages, request)
        return str(answer.resume_token)

    async def _call(self, rpc: Callable[..., Any], request: object) -> Any:
        async def once() -> Any:
            try:
                return await client.call(rpc, request, token=await self._token(), timeout=10)
            except errors.Unauthenticated as refused:
                if refused.reason != errors.TokenRevoked.reason:
                    raise
                self._session.token_expire_time.Clear()
                return await client.call(rpc, request, token=await self._token(), timeout=10)

        return await _repeated(once)

    async def _token(self) -> str:
        if self._session.token_expire_time.ToSeconds() - time.time() < REFRESH_BEFORE:
            request = channel.RefreshSessionRequest(name=self._session.name, secret=self._session.secret)
            stub = channel.WebChatServiceStub(self._connection)
            refreshed = await client.call(stub.RefreshSession, request, token="")
            self._session.MergeFrom(refreshed)
        return self._session.token


async def _repeated(call: Callable[[], Awaitable[Any]], but_not: type[errors.FrontdeskError] | tuple[()] = ()) -> Any:
    """Makes an idempotent call again while a service is unavailable, for about 3 s."""
    pauses = BACKOFF.pauses()
    for tried in range(TRIES):
        try:
            return await call()
        except but_not:
            raise
        except (errors.Unavailable, errors.DeadlineExceeded):
            if tried == TRIES - 1:
                raise
            await pauses.wait()
    raise AssertionError("the loop returns or raises")
