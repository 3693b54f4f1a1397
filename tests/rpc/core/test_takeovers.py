"""Two replicas on one PostgreSQL: after a take nothing more of the assistant's text is shown, and its model is let go."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from pydantic import SecretStr

from services.core.app.rights import RIGHT_SECONDS
from services.core.main import build
from services.core.settings import Settings
from tests.rpc.core.conftest import Desk, Knowledge
from tests.rpc.core.model import HEAD, Model, event, send
from tests.support import serving
from tests.support.processes import spawn

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.servers

TAKES = 8
TOLERANCE = 0.2
"""How long after the return a piece may be received that was sent before."""


@dataclass
class Slow:
    """A model that writes a sentence of one word each 20 ms for 5 s, and notes when someone hangs up."""

    closed: list[float] = field(default_factory=list)

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        try:
            for _ in range(250):
                await send(writer, event("Word [1]. "))
                await asyncio.sleep(0.02)
        except ConnectionError:
            self.closed.append(time.monotonic())
            raise


class Screen:
    """A watcher that notes when it receives which piece."""

    def __init__(self, desk: Desk, conversation: pb.Conversation) -> None:
        self.pieces: list[tuple[float, str]] = []
        self._begun = asyncio.Event()
        self._task = asyncio.create_task(self._watch(desk, conversation))

    async def _watch(self, desk: Desk, conversation: pb.Conversation) -> None:
        async with desk.watch(conversation, "0-0") as frames:
            async for frame in frames:
                if frame.WhichOneof("event") == "reply_delta":
                    self.pieces.append((time.monotonic(), frame.reply_delta.turn))
                    self._begun.set()

    async def begun(self) -> None:
        async with asyncio.timeout(30):
            await self._begun.wait()

    def after(self, moment: float, turn: str = "") -> list[float]:
        """How long after a moment pieces came, of a turn if one is given."""
        return [at - moment for at, of in self.pieces if at > moment and turn in of]

    def close(self) -> None:
        self._task.cancel()


@dataclass
class Replicas:
    """Two replicas, and the model both use."""

    first: Desk
    second: Desk
    slow: Slow
    settings: Settings


@asynccontextmanager
async def replicas(stores: TestStores, folder: Path, redis: bool, count: int = 2) -> AsyncIterator[Replicas]:
    keys, knowledge, slow = serving.Keys(folder), Knowledge(), Slow()
    server = grpc.aio.server()
    knowledge.serve(server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.stop, 0)
        model = await stack.enter_async_context(Model(usual=slow).serving())
        settings = Settings(
            keys_dir=folder,
            postgres_url=SecretStr(stores.postgres_url("core")),
            redis_url=SecretStr(stores.redis_url() if redis else ""),
            memory_url=f"127.0.0.1:{port}",
            drain_seconds=1,
            assistant="openai",
            openai_base_url=model.url,
            openai_api_key=SecretStr("sk-secret"),
        )
        desks = []
        for _ in range(count):
            running = await stack.enter_async_context(serving.serve(settings, build))
            desks.append(Desk(keys, running.channel, knowledge))
        if redis and count > 1:
            await asyncio.sleep(1.5)  # until each has noticed the other
        yield Replicas(desks[0], desks[-1], slow, settings)


async def supersede(desk: Desk, conversation: pb.Conversation) -> None:
    await desk.say(conversation, "And what does it cost?", f"more-{conversation.name}")


async def take(desk: Desk, conversation: pb.Conversation) -> None:
    await desk.take(conversation, "robin")


async def close(desk: Desk, conversation: pb.Conversation) -> None:
    request = pb.CloseConversationRequest(name=conversation.name)
    await desk.conversations.CloseConversation(request, metadata=desk.as_service("agent"))


async def hand_over(desk: Desk, conversation: pb.Conversation) -> None:
    request = internal.RequestHandoverRequest(name=conversation.name, reason="please")
    await desk.inside.conversations.RequestHandover(request, metadata=desk.as_service("channel"))


ENDS: list[Callable[[Desk, pb.Conversation], Any]] = [take, supersede, close, hand_over]


@dataclass
class Measured:
    """Results of ending some turns, in seconds."""

    late: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    hung_up: list[float] = field(default_factory=list)

    async def end(self, r: Replicas, n: int, shown_by: Sequence[Desk]) -> None:
        """One turn that runs in the first replica, is shown by some, and is ended at either."""
        conversation = await r.first.open(f"s{n}")
        screens = [Screen(desk, conversation) for desk in shown_by]
        turn = (await r.first.say(conversation, "How long can I return a parcel?", f"m{n}")).turn
        for screen in screens:
            await screen.begun()
        await asyncio.sleep(0.3)
        begun, before = time.monotonic(), len(r.slow.closed)
        await ENDS[n % len(ENDS)]((r.second, r.first)[n % 3 == 2], conversation)
        returned = time.monotonic()
        self.waits.append(returned - begun)
        async with asyncio.timeout(10):
            while len(r.slow.closed) == before:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        self.hung_up.append(r.slow.closed[before] - returned)
        await asyncio.sleep(max(returned + RIGHT_SECONDS - time.monotonic(), 0) + TOLERANCE)
        self.late += [late for screen in screens for late in screen.after(returned, turn)]
        for screen in screens:
            screen.close()
        if ENDS[n % len(ENDS)] is supersede:
            await take(r.first, conversation)

    def report(self, name: str) -> None:
        late, waits, hung_up = max(self.late, default=0), self.waits, self.hung_up
        print(
            f"\n{name}: {len(waits)} ends; pieces after the return {len(self.late)}, the last {late:.3f} s;"
            f" returned after {median(waits) * 1000:.1f} ms (at most {max(waits) * 1000:.1f});"
            f" the model let go {median(hung_up):.3f} s after (at most {max(hung_up):.3f})"
        )


@pytest.mark.parametrize("redis", [True, False], ids=["redis", "no redis"])
async def test_after_the_end_of_a_turn_no_replica_shows_its_text_and_its_model_is_let_go(
    stores: TestStores, tmp_path: Path, redis: bool
) -> None:
    seen, let_go = Measured(), 1.0 if redis else 3.0  # of the 5 s that the model writes
    async with replicas(stores, tmp_path, redis) as r:
        for n in range(TAKES):
            await seen.end(r, n, [[r.first, r.second], [r.second]][n // 2 % 2] if redis else [r.first])
    seen.report("two replicas, " + ("redis" if redis else "no redis"))
    assert max(seen.late, default=0) <= TOLERANCE
    assert max(seen.hung_up) <= let_go
    assert max(seen.waits) <= RIGHT_SECONDS + 0.5


async def test_one_replica_waits_for_no_one(stores: TestStores, tmp_path: Path) -> None:
    seen = Measured()
    async with replicas(stores, tmp_path, redis=True, count=1) as r:
        for n in range(4):
            await seen.end(r, n, [r.first])
    seen.report("one replica")
    assert max(seen.late, default=0) <= TOLERANCE


@asynccontextmanager
async def process(settings: Settings, keys: serving.Keys, knowledge: Knowledge) -> AsyncIterator[tuple[Desk, int]]:
    """A replica in a process of its own, which can be stopped."""
    [port] = _free_ports(1)
    running = await spawn("core", settings, FRONTDESK_LISTEN=f"127.0.0.1:{port}")
    channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
    try:
        async with asyncio.timeout(90):  # on a machine that has a lot else to do
            await channel.channel_ready()
        yield Desk(keys, channel, knowledge), running.pid
    finally:
        await channel.close()
        running.kill()
        await running.wait()


def _free_ports(count: int) -> list[int]:
    from stack.ports import free_ports

    return free_ports(count)


@pytest.mark.parametrize("redis", [True, False], ids=["redis", "no redis"])
async def test_a_replica_that_is_stopped_shows_at_most_one_piece_when_it_continues(
    stores: TestStores, tmp_path: Path, redis: bool
) -> None:
    waits: list[float] = []
    pieces: list[int] = []
    async with (
        replicas(stores, tmp_path, redis, count=1) as r,
        process(r.settings, r.first.keys, r.first.knowledge) as (stopped, pid),
    ):
        for n in range(3):
            conversation = await stopped.open(f"stopped{n}")
            screen = Screen(stopped, conversation)
            turn = (await stopped.say(conversation, "How long can I return a parcel?", f"m{n}")).turn
            await screen.begun()
            await asyncio.sleep(0.4)
            os.kill(pid, signal.SIGSTOP)
            try:
                begun = time.monotonic()
                await take(r.first, conversation)
                returned = time.monotonic()
            finally:
                os.kill(pid, signal.SIGCONT)
            waits.append(returned - begun)
            await asyncio.sleep(1.0)
            pieces.append(len(screen.after(returned, turn)))
            screen.close()
    print(f"\nstopped, redis {redis}: returned after {[round(wait, 3) for wait in waits]}, pieces after it {pieces}")
    assert max(waits) <= RIGHT_SECONDS + 0.5
    assert max(pieces) <= 1
