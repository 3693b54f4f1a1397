"""Customers on the real stack: each opens a session at the gateway, watches its conversation and asks, as native clients do."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as core_pb

from bench.model import reply_citations, reply_text

CHANNEL = "organizations/demo/channels/webchat"
QUESTIONS_PER_SESSION = 4
ANSWER_SECONDS = 30.0

TOPICS = (
    "how long does shipping to {place} take for order {number}",
    "can I return the {thing} I bought {number} days ago",
    "what does express delivery to {place} cost for a {thing}",
    "my {thing} arrived damaged, parcel {number}, what now",
    "how do I change the address of order {number} to {place}",
    "is there a warranty on a {thing} older than {number} months",
    "which payment methods work in {place} for orders over {number}",
    "how do I redeem gift card {number} for a {thing}",
)
PLACES = ("Norway", "Portugal", "the islands", "Canada", "Vienna", "Ghent", "Osaka", "Lima", "Tartu", "Cork")
THINGS = ("tent", "lamp", "kettle", "jacket", "rucksack", "stove", "blanket", "mug", "bench", "axe")

_numbers = itertools.count(time.time_ns() // 10**9 % 10**6 * 1000)  # no two runs ask the same


def question() -> tuple[str, str]:
    """A question that was never asked before, and the nonce at its end."""
    number = next(_numbers)
    nonce = f"n{number}"
    words = TOPICS[number % len(TOPICS)].format(
        place=PLACES[number // 3 % len(PLACES)], thing=THINGS[number // 7 % len(THINGS)], number=number * 7919 % 100_000
    )
    return f"{words}? Reference {nonce}", nonce


@dataclass
class Results:
    """The results of one run's customers."""

    first_seconds: list[float] = field(default_factory=list)
    whole_seconds: list[float] = field(default_factory=list)
    wrong: int = 0
    lost: int = 0
    frames: int = 0

    @property
    def answers(self) -> int:
        """Right answers."""
        return len(self.whole_seconds)


@dataclass
class Session:
    """One customer's session."""

    conversation: str
    token: str
    name: str
    secret: str

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """The metadata of each of its calls."""
        return (("authorization", f"Bearer {self.token}"), ("x-conversation", self.conversation.rpartition("/")[2]))


class Customers:
    """Customers of the demo shop, over a few HTTP/2 connections to the gateway."""

    def __init__(self, gateway: str, tokens: int, connections: int = 4) -> None:
        options = [("grpc.use_local_subchannel_pool", 1)]
        self._channels = [grpc.aio.insecure_channel(gateway, options=options) for _ in range(connections)]
        self._web = [channel_pb.WebChatServiceStub(channel) for channel in self._channels]
        self._watch = [core_pb.ConversationServiceStub(channel) for channel in self._channels]
        self._turn = itertools.count()
        self.tokens = tokens

    async def close(self) -> None:
        """Closes the connections."""
        for channel in self._channels:
            await channel.close(0)

    async def open(self) -> Session:
        """Opens a session."""
        web = self._web[next(self._turn) % len(self._web)]
        session = await web.OpenSession(channel_pb.OpenSessionRequest(channel=CHANNEL), timeout=30)
        return Session(session.conversation, session.token, session.name, session.secret)

    async def refresh(self, session: Session) -> None:
        """Gives a session its next token: one lasts ten minutes at most."""
        web = self._web[next(self._turn) % len(self._web)]
        request = channel_pb.RefreshSessionRequest(name=session.name, secret=session.secret)
        next_ = await web.RefreshSession(request, timeout=30)
        session.token, session.secret = next_.token, next_.secret

    @asynccontextmanager
    async def watch(self, session: Session, resume_token: str = "0-0") -> AsyncIterator[Any]:
        """The live stream of a session's conversation: from its beginning, or with an empty token from now on."""
        core = self._watch[next(self._turn) % len(self._watch)]
        request = core_pb.WatchConversationRequest(name=session.conversation, resume_token=resume_token)
        call = core.WatchConversation(request, metadata=session.metadata)
        try:
            yield call
        finally:
            call.cancel()

    async def send(self, session: Session, text: str, nonce: str) -> None:
        """Sends a message."""
        web = self._web[next(self._turn) % len(self._web)]
        request = channel_pb.SendMessageRequest(conversation=session.conversation, text=text, request_id=nonce)
        await web.SendMessage(request, metadata=session.metadata, timeout=15)

    async def chat(self, questions: int, results: Results, until: float = float("inf")) -> None:
        """Opens a session and asks some questions, one after the other; sign-in counts into the first answer's time."""
        started = time.perf_counter()
        session = await self.open()
        async with self.watch(session) as frames:
            for _ in range(questions):
                if time.perf_counter() > until or not await self.ask(session, frames, started, results):
                    return
                started = time.perf_counter()

    async def ask(self, session: Session, frames: Any, started: float, results: Results) -> bool:
        """Asks a question and reads the stream until it is answered, noting how that went. Whether an answer came."""
        text, nonce = question()
        sending = asyncio.create_task(self.send(session, text, nonce))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self.answer(frames, nonce, started, results)
                await sending
        except (TimeoutError, grpc.aio.AioRpcError):
            results.lost += 1
            sending.cancel()
            return False
        return True

    async def answer(self, frames: Any, nonce: str, started: float, results: Results) -> None:
        """Reads a stream until the assistant has answered the question with this nonce, and notes how that went."""
        first = 0.0
        while True:
            frame = await frames.read()
            results.frames += 1
            kind = frame.WhichOneof("event")
            if kind == "reply_delta" and not first:
                first = time.perf_counter()
            if kind != "message_created" or frame.message_created.role != core_pb.PARTICIPANT_ROLE_ASSISTANT:
                continue
            now = time.perf_counter()
            message = frame.message_created
            if message.text != reply_text(nonce, self.tokens) or len(message.citations) != reply_citations(self.tokens):
                results.wrong += 1
                return
            results.first_seconds.append((first or now) - started)
            results.whole_seconds.append(now - started)
            return


async def closed_loop(customers: Customers, chats: int, seconds: float) -> Results:
    """`chats` customers at once, each asking on as soon as it is answered, a new session each few questions."""
    results = Results()
    until = time.perf_counter() + seconds

    async def one() -> None:
        while time.perf_counter() < until:
            await customers.chat(QUESTIONS_PER_SESSION, results, until)

    await asyncio.gather(*(one() for _ in range(chats)))
    return results


async def open_loop(customers: Customers, per_second: float, seconds: float) -> Results:
    """`per_second` questions begin each second, whatever has been answered; each in a session that was opened before."""
    results = Results()
    count = int(per_second * seconds)
    start = time.perf_counter() + 0.5

    async def one(number: int) -> None:
        session = await customers.open()
        async with customers.watch(session) as frames:
            await asyncio.sleep(start + number / per_second - time.perf_counter())
            await customers.ask(session, frames, time.perf_counter(), results)

    tasks = []
    for number in range(count):
        # A session opens two seconds before its question, so that opening is not what is timed.
        await asyncio.sleep(max(0.0, start + number / per_second - 2.0 - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)
    return results
