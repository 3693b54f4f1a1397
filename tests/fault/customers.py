"""Customers who use gRPC, in a separate process: `python -m tests.fault.customers CONFIG` (JSON, see `chat.Config`)."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import grpc
import msgspec
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as core_pb

from kit import client, errors
from tests.fault import chat
from tests.fault.chat import Config, Frame, Session
from tests.fault.evidence import Outcome

T = TypeVar("T")
CERTAIN = (
    errors.InvalidArgument,
    errors.PermissionDenied,
    errors.Unauthenticated,
    errors.NotFound,
    errors.FailedPrecondition,
    errors.AlreadyExists,
    errors.OutOfRange,
)
"""A refusal after which nothing has happened, as long as every try was refused."""
PREFIXES = ("PARTICIPANT_ROLE_", "MESSAGE_KIND_", "CONVERSATION_STATE_", "TURN_STATE_")


class Grpc:
    """The wire of our own clients: generated stubs, through kit."""

    def __init__(self, gateway: grpc.aio.Channel) -> None:
        self._chats = channel_pb.WebChatServiceStub(gateway)
        self._conversations = core_pb.ConversationServiceStub(gateway)
        self._messages = core_pb.MessageServiceStub(gateway)

    async def open(self, channel: str) -> Session:
        """OpenSession."""
        request = channel_pb.OpenSessionRequest(channel=channel)
        return _session(await known(client.call(self._chats.OpenSession, request, token="", timeout=8)))

    async def refresh(self, session: Session) -> Session:
        """RefreshSession."""
        request = channel_pb.RefreshSessionRequest(name=session.name, secret=session.secret)
        return _session(await known(client.call(self._chats.RefreshSession, request, token="", timeout=6)))

    async def send(self, session: Session, text: str, request_id: str) -> bool:
        """SendMessage."""
        request = channel_pb.SendMessageRequest(conversation=session.conversation, text=text, request_id=request_id)
        answer = await known(client.call(self._chats.SendMessage, request, token=session.token, timeout=6))
        return bool(answer.state == channel_pb.SEND_STATE_ACCEPTED)

    async def watch(self, session: Session, resume: str) -> AsyncIterator[Frame]:
        """WatchConversation."""
        request = core_pb.WatchConversationRequest(name=session.conversation, resume_token=resume)
        try:
            async for frame in client.stream(self._conversations.WatchConversation, request, token=session.token):
                yield Frame(frame.resume_token, _event(frame))
        except errors.FrontdeskError as error:
            raise chat.Failed(error.reason) from error

    async def ask_for_human(self, session: Session) -> str:
        """RequestHuman."""
        request = channel_pb.RequestHumanRequest(conversation=session.conversation)
        answer = await known(client.call(self._chats.RequestHuman, request, token=session.token, timeout=6))
        return _name(core_pb.ConversationState.Name(answer.state))

    async def read_foreign(self, session: Session, conversation: str) -> None:
        """ListMessages."""
        request = core_pb.ListMessagesRequest(parent=conversation)
        await known(client.call(self._messages.ListMessages, request, token=session.token, timeout=6))


def _session(s: channel_pb.Session) -> Session:
    return Session(s.name, s.conversation, s.token, s.secret)


def _name(value: str) -> str:
    for prefix in PREFIXES:
        value = value.removeprefix(prefix)
    return value


def _event(frame: core_pb.WatchConversationResponse) -> chat.Message | chat.State | chat.Text | chat.Turn | None:
    match frame.WhichOneof("event"):
        case "message_created":
            m = frame.message_created
            role, kind = core_pb.ParticipantRole.Name(m.role), core_pb.MessageKind.Name(m.kind)
            return chat.Message(m.seq, m.name, _name(role), _name(kind), m.text, m.turn)
        case "conversation_updated":
            return chat.State(_name(core_pb.ConversationState.Name(frame.conversation_updated.state)))
        case "reply_delta":
            d = frame.reply_delta
            return chat.Text(d.turn, d.attempt, d.offset, d.text, int(getattr(d, "epoch", 0)))
        case "turn_updated":
            return chat.Turn(frame.turn_updated.turn, _name(core_pb.TurnState.Name(frame.turn_updated.state)))
    return None


async def known(call: Awaitable[T]) -> T:
    """A call, with the outcome that its error implies."""
    try:
        return await call
    except CERTAIN as error:
        raise chat.Refused(f"{error.reason}: {error.message}") from error
    except errors.FrontdeskError as error:
        raise chat.Failed(f"{error.reason}: {error.message}") from error


async def attempt(call: Callable[[], Awaitable[object]], tries: int, rng: random.Random) -> tuple[Outcome, str]:
    """Calls through kit until the outcome is certain, at most `tries` times."""
    return await chat.attempt(lambda: known(call()), tries, rng)


async def main(config: Config) -> None:
    """Writes until SIGTERM."""
    async with client.dial(config.gateway) as gateway:
        await chat.write_all(config, Grpc(gateway))


if __name__ == "__main__":
    asyncio.run(main(msgspec.json.decode(sys.argv[1].encode(), type=Config)))
