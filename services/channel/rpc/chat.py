"""The bidirectional Chat: a customer's frames in, the answers to them and core's watch out, in one stream."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import cast

import grpc
from frontdesk.channel import v1 as pb
from frontdesk.core import v1 as core

from kit import errors
from kit.caller import Caller
from kit.streams import StreamEnded
from services.channel import convert
from services.channel.app.conversations import ConversationApp
from services.channel.app.messages import MessageApp
from services.channel.domain.inbound import Writer
from services.channel.domain.sessions import TooManyRequests

MAX_FRAMES = 64
"""How many frames may wait for a client that reads slowly, before core's watch is left waiting too.

So no `kit.streams.Backlog`, which ends a slow stream: what is waited for here is one stream and one client.
"""


class ChatNotStarted(errors.InvalidArgument):
    reason = "CHAT_NOT_STARTED"

    def __init__(self) -> None:
        super().__init__("A chat begins with one `start` frame, and has no second one.")


class Chat:
    """One stream."""

    def __init__(self, app: MessageApp, conversations: ConversationApp, draining: asyncio.Event) -> None:
        self._app = app
        self._conversations = conversations
        self._draining = draining
        self._frames: asyncio.Queue[pb.ChatResponse | Exception] = asyncio.Queue(MAX_FRAMES)
        self._resume_token = ""

    async def run(self, requests: AsyncIterator[pb.ChatRequest], caller: Caller) -> AsyncIterator[pb.ChatResponse]:
        """The frames for the client, until core's watch ends, the client leaves or this process drains."""
        first = await anext(requests, None)
        if first is None or first.WhichOneof("frame") != "start":
            raise ChatNotStarted
        writer = convert.writer(caller, first.start.conversation)
        await self._app.start_chat(writer)
        self._resume_token = first.start.resume_token
        work = (self._read(requests, writer), self._watch(writer, caller.token), self._drain())
        tasks = [asyncio.create_task(self._tell(part)) for part in work]
        try:
            while True:
                frame = await self._frames.get()
                if isinstance(frame, Exception):
                    raise frame
                yield frame
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell(self, work: Coroutine[None, None, None]) -> None:
        """Runs a part of the stream; what it fails with ends the stream, after the frames before it."""
        try:
            await work
        except Exception as error:  # raised again by `run`, and answered by the interceptor
            await self._frames.put(error)

    async def _watch(self, writer: Writer, token: str) -> None:
        events = self._app.conversations.watch(writer.organization, writer.conversation, self._resume_token, token)
        async with aclosing(events) as frames:
            async for frame in frames:
                event = cast(core.WatchConversationResponse, frame)
                await self._frames.put(pb.ChatResponse(event=event))
                self._resume_token = event.resume_token
        raise StreamEnded(resume_token=self._resume_token)

    async def _drain(self) -> None:
        await self._draining.wait()
        raise StreamEnded(resume_token=self._resume_token)

    async def _read(self, requests: AsyncIterator[pb.ChatRequest], writer: Writer) -> None:
        async for request in requests:
            match request.WhichOneof("frame"):
                case "send":
                    await self._frames.put(await self._send(writer, request.send))
                case "typing":
                    with suppress(TooManyRequests):  # a hint may be lost
                        await self._app.set_typing(writer, request.typing.typing)
                case "read":
                    with suppress(TooManyRequests, errors.Unavailable, errors.DeadlineExceeded):  # a later one says more
                        await self._conversations.mark_read(writer, request.read.seq)
                case "start":
                    raise ChatNotStarted

    async def _send(self, writer: Writer, send: pb.ChatSend) -> pb.ChatResponse:
        try:
            said = convert.said_from_pb(send.text, send.content)
            return pb.ChatResponse(accepted=convert.accepted_to_pb(await self._app.send(writer, said, send.request_id)))
        except errors.FrontdeskError as error:
            seconds = error.metadata.get("retry_seconds")
            refused = pb.ChatRefused(
                request_id=send.request_id,
                code=grpc.StatusCode[error.code].value[0],
                reason=error.reason,
                message=error.message,
                retry_delay=timedelta(seconds=float(seconds)) if seconds else None,
            )
            return pb.ChatResponse(refused=refused)
