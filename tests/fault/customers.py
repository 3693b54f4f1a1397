"""Customers, in a process of their own: `python -m tests.fault.customers CONFIG` (JSON, see `Config`), until SIGTERM.

Each opens a conversation, watches it from its beginning, writes, waits for the answer, writes more, and goes. Some repeat a
send until they know, with one request_id, as the web page does; some give up after the first failure, so that there is the
unknown.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import msgspec
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as core_pb

from kit import client, errors
from tests.fault.evidence import Asked, Ended, Heard, Journal, Opened, Outcome, Peeped, Piece, Pieces, Sent

BEGINNING = "0-0"
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


class Config(msgspec.Struct):
    """What a customers' process is told."""

    journal: str
    gateway: str
    """`host:port`"""
    channels: list[str]
    """Channels to write on, of all organizations."""
    name: str
    seed: int
    customers: int = 8
    """How many write at the same time."""
    messages: tuple[int, int] = (3, 8)
    """How many messages a conversation has, at least and at most."""
    think: tuple[float, float] = (0.0, 0.4)
    """Seconds between an answer and the next message."""
    burst: int = 1
    """How many messages some customers send at once."""
    stubborn: float = 0.8
    """The part of customers that repeat a send until they know."""
    patience: float = 6.0
    """Seconds that a customer waits for an answer before going on."""
    asks_for_human: float = 0.15
    """The part of conversations that end with a wish for a human."""
    linger: float = 40.0
    """Seconds that a watch goes on at the end, while something is unanswered."""


@dataclass
class Load:
    """All customers of this process."""

    config: Config
    journal: Journal
    gateway: grpc.aio.Channel
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    conversations: dict[str, list[str]] = field(default_factory=dict)
    """The conversations opened here, by organization."""
    lingering: set[asyncio.Task[None]] = field(default_factory=set)

    async def write(self, number: int) -> None:
        """One customer after the other, until stopped."""
        rng = random.Random(f"{self.config.seed}/{self.config.name}/{number}")
        while not self.stopping.is_set():
            session = await self._open(rng)
            if session is not None:
                chat = Chat(self, session, f"{self.config.name}.{number}.{session.conversation[-8:]}", rng)
                await chat.run()

    async def _open(self, rng: random.Random) -> channel_pb.Session | None:
        channel = rng.choice(self.config.channels)
        stub = channel_pb.WebChatServiceStub(self.gateway)
        try:
            request = channel_pb.OpenSessionRequest(channel=channel)
            session: channel_pb.Session = await client.call(stub.OpenSession, request, token="", timeout=8)
        except errors.FrontdeskError:
            await asyncio.sleep(0.2)
            return None
        organization = channel.split("/")[1]
        self.journal.write(Opened(time.time(), self.config.name, organization, session.conversation))
        self.conversations.setdefault(organization, []).append(session.conversation)
        return session


@dataclass
class Chat:
    """One customer's conversation."""

    load: Load
    session: channel_pb.Session
    who: str
    rng: random.Random
    unanswered: set[str] = field(default_factory=set)
    human: bool = False
    """The conversation is not the assistant's."""
    stream: int = 0
    pieces: dict[str, list[Piece]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Writes the conversation; its watch lingers in the background until all is answered."""
        config, watch = self.load.config, asyncio.create_task(self._watch())
        for _ in range(self.rng.randint(*config.messages)):
            if self.load.stopping.is_set() or self.human:
                break
            burst = config.burst if config.burst > 1 and self.rng.random() < 0.4 else 1
            for _ in range(burst):
                await self._send()
            await self._until_answered(config.patience)
            await asyncio.sleep(self.rng.uniform(*config.think))
        if self.rng.random() < 0.1:
            await self._peep()
        if self.rng.random() < config.asks_for_human:
            await self._ask_for_human()
        lingering = asyncio.create_task(self._linger(watch))
        self.load.lingering.add(lingering)
        lingering.add_done_callback(self.load.lingering.discard)

    async def _linger(self, watch: asyncio.Task[None]) -> None:
        until = time.monotonic() + self.load.config.linger
        while self.unanswered and not self.human and time.monotonic() < until:
            await self._until_answered(0.5)
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        for turn, pieces in self.pieces.items():
            self.load.journal.write(Pieces(self.who, self.session.conversation, turn, pieces), sync=False)

    async def _send(self) -> None:
        nonce, id, at = f"n-{uuid.uuid4().hex[:10]}", uuid.uuid4().hex, time.time()
        organization = self.session.conversation.split("/")[1]
        text = f"{nonce} where is my parcel canary-{organization}"
        request = channel_pb.SendMessageRequest(conversation=self.session.conversation, text=text, request_id=id)
        stub = channel_pb.WebChatServiceStub(self.load.gateway)
        tries = 12 if self.rng.random() < self.load.config.stubborn else 1
        self.unanswered.add(nonce)
        answer = channel_pb.SendMessageResponse()

        async def send() -> None:
            answer.CopyFrom(await client.call(stub.SendMessage, request, token=self.session.token, timeout=6))

        outcome, why = await attempt(send, tries, self.rng)
        brought = answer.state == channel_pb.SEND_STATE_ACCEPTED
        sent = Sent(at, time.time(), self.who, "CUSTOMER", self.session.conversation, nonce, text, outcome, why, brought)
        if outcome is not Outcome.OK:
            self.unanswered.discard(nonce)
        self.load.journal.write(sent)

    async def _until_answered(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while self.unanswered and not self.human:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return

    async def _watch(self) -> None:
        stub, resume = core_pb.ConversationServiceStub(self.load.gateway), BEGINNING
        while True:
            self.stream += 1
            request = core_pb.WatchConversationRequest(name=self.session.conversation, resume_token=resume)
            try:
                async for frame in client.stream(stub.WatchConversation, request, token=self.session.token):
                    self._heard(frame)
                    resume = frame.resume_token or resume
            except errors.FrontdeskError:
                await asyncio.sleep(self.rng.uniform(0.1, 0.3))

    def _heard(self, frame: core_pb.WatchConversationResponse) -> None:
        match frame.WhichOneof("event"):
            case "message_created":
                self._message(frame.message_created)
            case "conversation_updated":
                state = frame.conversation_updated.state
                self.human = state in (core_pb.CONVERSATION_STATE_WAITING, core_pb.CONVERSATION_STATE_ASSIGNED)
                if state != core_pb.CONVERSATION_STATE_AUTOMATED:
                    self.unanswered.clear()  # a human has read them, or closed the conversation
            case "reply_delta":
                delta = frame.reply_delta
                piece = Piece(self.stream, delta.attempt, delta.offset, delta.text, time.time(), epoch(delta))
                self.pieces.setdefault(delta.turn, []).append(piece)
                return
            case "turn_updated":
                self._ended(frame.turn_updated)
        self._news.set()

    def _ended(self, turn: core_pb.WatchConversationResponse.TurnUpdated) -> None:
        state = core_pb.TurnState.Name(turn.state).removeprefix("TURN_STATE_")
        if state in ("SUPERSEDED", "CANCELLED", "FAILED"):
            ended = Ended(time.time(), self.who, self.session.conversation, self.stream, turn.turn, state)
            self.load.journal.write(ended, sync=False)

    def _message(self, m: core_pb.Message) -> None:
        role = core_pb.ParticipantRole.Name(m.role).removeprefix("PARTICIPANT_ROLE_")
        heard = Heard(time.time(), self.who, self.session.conversation, self.stream, m.seq, m.name, role, m.text, m.turn)
        self.load.journal.write(heard, sync=False)
        if m.role != core_pb.PARTICIPANT_ROLE_CUSTOMER:
            holding = m.kind == core_pb.MESSAGE_KIND_HOLDING
            self.unanswered -= set(self.unanswered) if holding else {n for n in self.unanswered if n in m.text}

    async def _ask_for_human(self) -> None:
        stub = channel_pb.WebChatServiceStub(self.load.gateway)
        request = channel_pb.RequestHumanRequest(conversation=self.session.conversation)
        at, answer = time.time(), channel_pb.RequestHumanResponse()

        async def ask() -> None:
            answer.CopyFrom(await client.call(stub.RequestHuman, request, token=self.session.token, timeout=6))

        outcome, why = await attempt(ask, 3, self.rng)
        state = core_pb.ConversationState.Name(answer.state).removeprefix("CONVERSATION_STATE_")
        self.load.journal.write(Asked(at, time.time(), self.who, self.session.conversation, "human", outcome, state, why))

    async def _peep(self) -> None:
        mine = self.session.conversation.split("/")[1]
        others = [c for organization, found in self.load.conversations.items() if organization != mine for c in found]
        if others:
            other, stub = self.rng.choice(others), core_pb.MessageServiceStub(self.load.gateway)
            request = core_pb.ListMessagesRequest(parent=other)
            outcome, _ = await attempt(
                lambda: client.call(stub.ListMessages, request, token=self.session.token, timeout=6), 1, self.rng
            )
            self.load.journal.write(Peeped(self.who, other, outcome))


def epoch(delta: core_pb.WatchConversationResponse.ReplyDelta) -> int:
    """The conversation's epoch that a piece was written in; 0 while frames don't say it."""
    return int(getattr(delta, "epoch", 0))


async def attempt(call: Callable[[], Awaitable[object]], tries: int, rng: random.Random) -> tuple[Outcome, str]:
    """Calls until something certain is known, at most `tries` times."""
    refused, why = True, ""
    for left in reversed(range(tries)):
        try:
            await call()
        except CERTAIN as error:
            return Outcome.REFUSED if refused else Outcome.UNKNOWN, f"{error.reason}: {error.message}"
        except errors.FrontdeskError as error:
            refused, why = False, f"{error.reason}: {error.message}"
            if left:
                await asyncio.sleep(rng.uniform(0.2, 0.8))
        else:
            return Outcome.OK, ""
    return Outcome.UNKNOWN, why


def stop_when_told(stopping: asyncio.Event) -> None:
    """Sets `stopping` at SIGTERM, however often it comes."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)


async def main(config: Config) -> None:
    """Runs the load until SIGTERM, then until what was begun is told."""
    journal = Journal(Path(config.journal))
    gateway: Any = client.dial(config.gateway)
    async with gateway:
        load = Load(config, journal, gateway)
        stop_when_told(load.stopping)
        async with asyncio.TaskGroup() as group:
            for number in range(config.customers):
                group.create_task(load.write(number))
        await asyncio.gather(*load.lingering)
    journal.close()


if __name__ == "__main__":
    asyncio.run(main(msgspec.json.decode(sys.argv[1].encode(), type=Config)))
