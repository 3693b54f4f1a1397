"""The behaviour of customers over any protocol: `customers` uses gRPC with our own client, `browsers` REST with none of it.

Each opens a conversation, watches it from its beginning, writes, waits for the answer, writes more, and leaves. Some retry a
send until the outcome is known, with one request_id, as the web page does; some give up after the first failure, which leaves
unknown outcomes. Sometimes a session is refreshed.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from tests.fault.evidence import Asked, Ended, ForeignRead, Heard, Opened, Outcome, Piece, Pieces, Sent
from tests.fault.journal import Journal

BEGINNING = "0-0"
HUMANS = ("WAITING", "ASSIGNED")


class Failed(Exception):
    """It is unknown whether it has happened."""


class Refused(Failed):
    """It has not happened."""


@dataclass(frozen=True)
class Session:
    """A customer's web chat."""

    name: str
    conversation: str
    token: str
    secret: str


@dataclass(frozen=True)
class Message:
    """A message is in the history."""

    seq: int
    id: str
    role: str
    kind: str
    text: str
    turn: str


@dataclass(frozen=True)
class State:
    """The conversation has a state."""

    state: str


@dataclass(frozen=True)
class Text:
    """A reply grows."""

    turn: str
    attempt: int
    offset: int
    text: str
    epoch: int


@dataclass(frozen=True)
class Turn:
    """A turn has a state."""

    turn: str
    state: str


@dataclass(frozen=True)
class Frame:
    """One frame of a watch, and the token to resume after it."""

    resume: str
    event: Message | State | Text | Turn | None


class Wire(Protocol):
    """A customer's protocol. Every method raises Refused or Failed."""

    async def open(self, channel: str) -> Session:
        """Opens a session."""
        ...

    async def refresh(self, session: Session) -> Session:
        """The session with its next token and secret."""
        ...

    async def send(self, session: Session, text: str, request_id: str) -> bool:
        """Sends; whether the message is in the conversation already."""
        ...

    def watch(self, session: Session, resume: str) -> AsyncIterator[Frame]:
        """The conversation from there on."""
        ...

    async def ask_for_human(self, session: Session) -> str:
        """The state after asking."""
        ...

    async def read_foreign(self, session: Session, conversation: str) -> None:
        """Reads a conversation that may be another's."""
        ...


class Config(msgspec.Struct):
    """The configuration of a customers' process."""

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
    """The share of customers that retry a send until the outcome is known."""
    patience: float = 6.0
    """Seconds that a customer waits for an answer before the next message."""
    asks_for_human: float = 0.15
    """The share of conversations that end with a request for a human."""
    refreshes: float = 0.2
    """How often a session is refreshed before a send."""
    linger: float = 40.0
    """Seconds that a watch continues at the end, while a message is unanswered."""


@dataclass
class Load:
    """All customers of this process."""

    config: Config
    journal: Journal
    wire: Wire
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

    async def _open(self, rng: random.Random) -> Session | None:
        channel = rng.choice(self.config.channels)
        try:
            session = await self.wire.open(channel)
        except Failed:
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
    session: Session
    who: str
    rng: random.Random
    unanswered: set[str] = field(default_factory=set)
    human: bool = False
    """An agent has the conversation, or it waits for one."""
    stream: int = 0
    pieces: dict[str, list[Piece]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Writes the conversation; its watch lingers in the background until all is answered."""
        config, watch = self.load.config, asyncio.create_task(self._watch())
        wishes, messages = self.rng.random() < config.asks_for_human, self.rng.randint(*config.messages)
        for left in reversed(range(messages)):
            if self.load.stopping.is_set() or self.human:
                break
            burst = config.burst if config.burst > 1 and self.rng.random() < 0.4 else 1
            if self.rng.random() < config.refreshes:
                await self._refresh()
            for _ in range(burst):
                await self._send()
            # A customer who asks for a human does not wait for the answer: otherwise none would ask during an outage.
            await self._until_answered(config.patience if left or not wishes else self.rng.uniform(0.0, 1.0))
            await asyncio.sleep(self.rng.uniform(*config.think))
        if self.rng.random() < 0.1:
            await self._read_foreign()
        if wishes:
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

    async def _refresh(self) -> None:
        async def refresh() -> None:
            self.session = await self.load.wire.refresh(self.session)

        await self._ask("refresh", refresh, 6)

    async def _ask(self, what: str, call: Callable[[], Awaitable[object]], tries: int) -> None:
        at, replies = time.time(), [""]

        async def ask() -> None:
            replies.append(str(await call() or ""))

        outcome, why = await attempt(ask, tries, self.rng)
        self.load.journal.write(Asked(at, time.time(), self.who, self.session.conversation, what, outcome, replies[-1], why))

    async def _send(self) -> None:
        nonce, id, at = f"n-{uuid.uuid4().hex[:10]}", uuid.uuid4().hex, time.time()
        organization = self.session.conversation.split("/")[1]
        text = f"{nonce} where is my parcel canary-{organization}"
        tries = 12 if self.rng.random() < self.load.config.stubborn else 1
        self.unanswered.add(nonce)
        brought = [False]

        async def send() -> None:
            brought.append(await self.load.wire.send(self.session, text, id))

        outcome, why = await attempt(send, tries, self.rng)
        sent = Sent(at, time.time(), self.who, "CUSTOMER", self.session.conversation, nonce, text, outcome, why, brought[-1])
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
        resume = BEGINNING
        while True:
            self.stream += 1
            try:
                async for frame in self.load.wire.watch(self.session, resume):
                    self._heard(frame.event)
                    resume = frame.resume or resume
            except Failed:
                await asyncio.sleep(self.rng.uniform(0.1, 0.3))

    def _heard(self, event: Message | State | Text | Turn | None) -> None:
        now = time.time()
        match event:
            case Message():
                self._message(now, event)
            case State(state):
                self.human = state in HUMANS
                if state != "AUTOMATED":
                    self.unanswered.clear()  # a human has read them, or closed the conversation
            case Text(turn, attempt, offset, text, epoch):
                self.pieces.setdefault(turn, []).append(Piece(self.stream, attempt, offset, text, now, epoch))
                return
            case Turn(turn, state) if state in ("SUPERSEDED", "CANCELLED", "FAILED"):
                ended = Ended(now, self.who, self.session.conversation, self.stream, turn, state)
                self.load.journal.write(ended, sync=False)
        self._news.set()

    def _message(self, now: float, m: Message) -> None:
        heard = Heard(now, self.who, self.session.conversation, self.stream, m.seq, m.id, m.role, m.text, m.turn)
        self.load.journal.write(heard, sync=False)
        if m.role != "CUSTOMER":
            self.unanswered -= set(self.unanswered) if m.kind == "HOLDING" else {n for n in self.unanswered if n in m.text}

    async def _ask_for_human(self) -> None:
        await self._ask("human", lambda: self.load.wire.ask_for_human(self.session), 3)

    async def _read_foreign(self) -> None:
        mine = self.session.conversation.split("/")[1]
        others = [c for organization, found in self.load.conversations.items() if organization != mine for c in found]
        if others:
            other = self.rng.choice(others)
            outcome, _ = await attempt(lambda: self.load.wire.read_foreign(self.session, other), 1, self.rng)
            self.load.journal.write(ForeignRead(self.who, other, outcome))


async def attempt(call: Callable[[], Awaitable[object]], tries: int, rng: random.Random) -> tuple[Outcome, str]:
    """Calls until the outcome is certain, at most `tries` times."""
    refused, why = True, ""
    for left in reversed(range(tries)):
        try:
            await call()
        except Refused as error:
            return Outcome.REFUSED if refused else Outcome.UNKNOWN, str(error)
        except Failed as error:
            refused, why = False, str(error)
            if left:
                await asyncio.sleep(rng.uniform(0.2, 0.8))
        else:
            return Outcome.OK, ""
    return Outcome.UNKNOWN, why


def stop_at_sigterm(stopping: asyncio.Event) -> None:
    """Sets `stopping` at SIGTERM, however often it comes."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)


async def write_all(config: Config, wire: Wire) -> None:
    """Runs the load until SIGTERM, then until all started work is logged."""
    journal = Journal(Path(config.journal))
    load = Load(config, journal, wire)
    stop_at_sigterm(load.stopping)
    async with asyncio.TaskGroup() as group:
        for number in range(config.customers):
            group.create_task(load.write(number))
    await asyncio.gather(*load.lingering)
    journal.close()
