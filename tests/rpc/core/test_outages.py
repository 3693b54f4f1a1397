"""Stores that go away, processes that die, readers that are slow: reported as it is, and nothing is lost or said twice."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from grpc_health.v1 import health_pb2, health_pb2_grpc
from pydantic import SecretStr

from kit import client, errors
from kit.journal import HEARTBEAT_SECONDS
from services.core.domain import LEASE
from stack.testing import TestStores
from tests.rpc.core import model as models
from tests.rpc.core.conftest import ORGANIZATION, Desk, Knowledge, run_core
from tests.rpc.core.model import Model
from tests.rpc.core.test_conversations import reason, refused
from tests.support import serving

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def stores() -> Iterator[TestStores]:
    """Stores of this module's own: no one else notices when they stop."""
    own = TestStores()
    yield own
    own.close()


@dataclass
class Pair:
    """Two cores on the same database."""

    a: Desk
    b: Desk


@asynccontextmanager
async def two_cores(stores: TestStores, folder: Path, **settings: Any) -> AsyncIterator[Pair]:
    url = stores.postgres_url("core")
    for name in "ab":
        (folder / name).mkdir()
    knowledge = Knowledge()
    async with (
        run_core(stores, folder / "a", url, knowledge, **settings) as a,
        run_core(stores, folder / "b", url, knowledge, **settings) as b,
    ):
        yield Pair(a, b)


@pytest.fixture
async def pair(stores: TestStores, tmp_path: Path) -> AsyncIterator[Pair]:
    async with two_cores(stores, tmp_path, extractive_word_seconds=0.1) as pair:
        yield pair


async def messages_until(frames: Any, role: pb.ParticipantRole) -> tuple[list[pb.Message], str]:
    """The messages of a stream up to the first of a role, and the text that grew before it."""
    seen: list[pb.Message] = []
    text = ""
    while True:
        frame = await frames.read()
        match frame.WhichOneof("event"):
            case "reply_delta":
                assert frame.reply_delta.offset == len(text)
                text += frame.reply_delta.text
            case "message_created":
                seen.append(frame.message_created)
                if seen[-1].role == role:
                    return seen, text


async def heard_from(desk: Desk, conversation: pb.Conversation, frames: Any) -> None:
    """Waits until what one core sends via Redis is received in a stream at another; each second they look who is there."""

    async def until_typing() -> None:
        while (await frames.read()).WhichOneof("event") != "typing":
            pass

    hearing = asyncio.create_task(until_typing())
    typing = internal.SetTypingRequest(name=conversation.name, role=pb.PARTICIPANT_ROLE_CUSTOMER, typing=True)
    async with asyncio.timeout(60):
        while not hearing.done():
            await desk.inside.conversations.SetTyping(typing, metadata=desk.as_service("channel"))
            await asyncio.wait([hearing], timeout=0.1)
    await hearing


async def heard(desk: Desk, conversation: pb.Conversation, text: str, source_id: str) -> bool:
    """Whether a message was accepted; otherwise the store is still unavailable."""
    try:
        await desk.say(conversation, text, source_id)
    except grpc.aio.AioRpcError as error:
        if error.code() == grpc.StatusCode.UNAVAILABLE:
            return False
        raise
    return True


async def test_without_postgres_calls_say_so_and_all_continues_after(desk: Desk, stores: TestStores) -> None:
    conversation = await desk.open()
    await desk.say(conversation, "How long can I return a parcel?", "m1")
    await desk.until(conversation, 2)
    token = (await desk.history(conversation)).resume_token
    async with desk.watch(conversation, token) as frames:
        await frames.read()
        await asyncio.to_thread(stores.stop, "postgres")
        try:
            for call in (desk.say(conversation, "Hello?", "m2"), desk.history(conversation), desk.take(conversation, "a1")):
                assert await refused(call) == (grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")
        finally:
            await asyncio.to_thread(stores.start, "postgres")
        async with asyncio.timeout(60):
            while not await heard(desk, conversation, "How long can I return a parcel again?", "m2"):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        seen, _ = await messages_until(frames, pb.PARTICIPANT_ROLE_ASSISTANT)
    assert [message.seq for message in seen] == [3, 4]
    assert [message.seq for message in await desk.until(conversation, 4)] == [1, 2, 3, 4]


async def test_a_reply_that_is_complete_while_postgres_is_unavailable_is_stored_when_it_is_back(
    stores: TestStores, tmp_path: Path
) -> None:
    asked, complete = asyncio.Event(), asyncio.Event()

    async def answer(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await complete.wait()
        await models.says("It takes 30 days [1].")(writer)

    async with Model(usual=answer).serving() as model:
        settings = {"assistant": "openai", "openai_base_url": model.url, "openai_api_key": SecretStr("sk-secret")}
        async with run_core(stores, tmp_path, stores.postgres_url("core"), Knowledge(), **settings) as desk:
            conversation = await desk.open()
            await desk.say(conversation, "How long can I return a parcel?", "m1")
            await asked.wait()
            await asyncio.to_thread(stores.stop, "postgres")
            complete.set()
            await asyncio.sleep(1)
            await asyncio.to_thread(stores.start, "postgres")
            async with asyncio.timeout(LEASE.total_seconds() / 2):
                while not await answered(desk, conversation):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        assert len(model.asked) == 1


async def answered(desk: Desk, conversation: pb.Conversation) -> bool:
    """Whether the assistant's answer can be read."""
    try:
        return len((await desk.history(conversation)).messages) == 2
    except grpc.aio.AioRpcError as error:
        if error.code() != grpc.StatusCode.UNAVAILABLE:
            raise
        return False


async def test_a_watcher_at_another_core_sees_the_text_grow_and_the_messages(pair: Pair) -> None:
    pair.a.knowledge.passages = ["You can return a parcel " + "and another parcel " * 12 + "within 30 days."]
    conversation = await pair.a.open()
    async with pair.b.watch(conversation, "0-0") as frames:
        await heard_from(pair.a, conversation, frames)
        await pair.a.say(conversation, "How long can I return a parcel?", "m1")
        seen, text = await messages_until(frames, pb.PARTICIPANT_ROLE_ASSISTANT)
    assert [message.seq for message in seen] == [1, 2]
    assert len(text) > 20
    assert seen[1].text.startswith(text)
    async with pair.b.watch(conversation, "1-0") as frames:
        late, text = await messages_until(frames, pb.PARTICIPANT_ROLE_ASSISTANT)
    assert [message.seq for message in late] == [2]
    assert text == "", "the text of a reply that has ended is not shown again"


async def test_a_watcher_at_another_core_sees_a_turn_begin_and_end(pair: Pair) -> None:
    pair.a.knowledge.passages = ["You can return a parcel " + "and another parcel " * 12 + "within 30 days."]
    conversation = await pair.a.open()
    async with pair.b.watch(conversation, "0-0") as frames:
        await heard_from(pair.a, conversation, frames)
        await pair.a.say(conversation, "How long can I return a parcel?", "m1")

        async def moves() -> pb.WatchConversationResponse.TurnUpdated:
            while (frame := await frames.read()).WhichOneof("event") != "turn_updated":
                pass
            moved: pb.WatchConversationResponse.TurnUpdated = frame.turn_updated
            return moved

        began = await moves()
        await pair.a.take(conversation, "a1")
        ended = await moves()
    assert (began.state, began.attempt) == (pb.TURN_STATE_RUNNING, 1)
    assert (ended.turn, ended.state) == (began.turn, pb.TURN_STATE_CANCELLED)


async def test_without_redis_a_message_still_reaches_a_watcher_at_another_core(pair: Pair, stores: TestStores) -> None:
    conversation = await pair.a.open()
    async with pair.b.watch(conversation, "0-0") as frames:
        await frames.read()
        await asyncio.to_thread(stores.stop, "redis")
        try:
            await asyncio.sleep(0.5)
            await pair.a.say(conversation, "How long can I return a parcel?", "m1")
            async with asyncio.timeout(HEARTBEAT_SECONDS / 2):  # each core looks once a second, hint or not
                seen, _ = await messages_until(frames, pb.PARTICIPANT_ROLE_CUSTOMER)
            rest, _ = await messages_until(frames, pb.PARTICIPANT_ROLE_ASSISTANT)
            assert [message.seq for message in [*seen, *rest]] == [1, 2]
        finally:
            await asyncio.to_thread(stores.start, "redis")


async def test_a_take_over_at_another_core_silences_the_assistant(pair: Pair) -> None:
    pair.a.knowledge.passages = ["You can return a parcel " + "and another parcel " * 8 + "within 30 days."]
    conversation = await pair.a.open()
    await pair.a.say(conversation, "How long can I return a parcel?", "m1")
    await asyncio.sleep(0.3)
    await pair.b.take(conversation, "a1")
    await asyncio.sleep(4)  # the reply would be done by then
    assert len((await pair.a.history(conversation)).messages) == 1


async def test_a_reader_that_pauses_gets_everything_once_and_in_order(desk: Desk) -> None:
    conversation = await desk.open()
    count, seen, token = 320, list[int](), "0-0"
    agent = desk.as_user("core.conversations.watch")

    async def read(token: str, pause: asyncio.Event | None = None) -> str:
        request = pb.WatchConversationRequest(name=conversation.name, resume_token=token)
        call: Any = desk.conversations.WatchConversation(request, metadata=agent)
        try:
            while len(seen) < count:
                frame = await call.read()
                if pause is not None:
                    await pause.wait()
                if frame.WhichOneof("event") == "message_created":
                    seen.append(frame.message_created.seq)
                token = frame.resume_token
        except grpc.aio.AioRpcError as error:
            if (error.code(), reason(error)) != (grpc.StatusCode.ABORTED, "WATCHER_TOO_SLOW"):
                raise
        finally:
            call.cancel()
        return token

    written = asyncio.Event()
    reading = asyncio.create_task(read(token, written))
    for n in range(count):
        note = internal.AddNoteRequest(
            parent=conversation.name, agent=f"{ORGANIZATION}/agents/a1", text="x" * 15_000, request_id=f"n{n}"
        )
        await desk.inside.messages.AddNote(note, metadata=desk.as_service("agent"))
    written.set()
    token = await reading
    while len(seen) < count:
        token = await read(token)
    assert seen == list(range(1, count + 1))


class CoreProcess:
    """A core as a process of its own, with the settings of the test."""

    def __init__(self, keys: serving.Keys, **environment: str) -> None:
        self.keys = keys
        self.environment = {"PATH": os.environ["PATH"], "FRONTDESK_KEYS_DIR": str(keys.folder), **environment}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[tuple[Desk, asyncio.subprocess.Process]]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.core", env=self.environment, stderr=asyncio.subprocess.PIPE
        )
        try:
            assert process.stderr is not None
            async for line in process.stderr:
                if found := re.search(rb'"port":(\d+)', line):
                    break
            else:
                pytest.fail("core ended before it served")
            drain = asyncio.ensure_future(process.stderr.read())
            async with grpc.aio.insecure_channel(f"127.0.0.1:{int(found[1])}") as channel:
                yield Desk(self.keys, channel, Knowledge()), process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
        await drain


async def half(writer: asyncio.StreamWriter) -> None:
    """A model that falls silent in the middle of its answer."""
    writer.write(models.HEAD)
    await models.send(writer, models.event("It takes 30 days [1]. And "))
    await asyncio.sleep(60)


@asynccontextmanager
async def answering_half(stores: TestStores, folder: Path) -> AsyncIterator[tuple[CoreProcess, Model]]:
    """A core that may be started again and again; its model answers the first question by half."""
    memory = grpc.aio.server()
    Knowledge().serve(memory)
    port = memory.add_insecure_port("127.0.0.1:0")
    await memory.start()
    try:
        async with Model(script=[half]).serving() as model:
            core = CoreProcess(
                serving.Keys(folder),
                FRONTDESK_POSTGRES_URL=stores.postgres_url("core"),
                FRONTDESK_REDIS_URL=stores.redis_url(),
                FRONTDESK_MEMORY_URL=f"127.0.0.1:{port}",
                FRONTDESK_OPENAI_BASE_URL=model.url,
                FRONTDESK_OPENAI_SILENT_SECONDS="60",
                FRONTDESK_LEASE_SECONDS="1",
                FRONTDESK_DRAIN_SECONDS="1",
            )
            yield core, model
    finally:
        await memory.stop(0)


async def ending(frames: Any) -> errors.FrontdeskError:
    """The last event of a stream."""
    try:
        while await frames.read() is not grpc.aio.EOF:
            pass
    except grpc.aio.AioRpcError as error:
        return client.from_status(error)
    raise AssertionError("the stream ended without a word")


async def answered_once(core: Desk, conversation: pb.Conversation) -> None:
    """The half answer is given whole by another attempt, once."""
    messages = await core.until(conversation, 2)
    assert [message.role for message in messages] == [pb.PARTICIPANT_ROLE_CUSTOMER, pb.PARTICIPANT_ROLE_ASSISTANT]
    assert messages[1].text == "It takes 30 days."
    get = pb.GetTurnRequest(name=messages[1].turn)
    turn = await core.turns.GetTurn(get, metadata=core.as_user("core.turns.read"))
    assert turn.attempt > 1
    assert turn.state == pb.TURN_STATE_DONE
    assert (await core.say(conversation, "How long can I return a parcel?", "m1")).message.seq == 1
    await asyncio.sleep(1.5)
    assert len((await core.history(conversation)).messages) == 2


async def test_a_core_that_is_killed_while_it_answers_is_followed_by_one_that_answers_once(
    stores: TestStores, tmp_path: Path
) -> None:
    async with answering_half(stores, tmp_path) as (core, model):
        async with core.running() as (first, process):
            conversation = await first.open()
            await first.say(conversation, "How long can I return a parcel?", "m1")
            async with asyncio.timeout(60), first.watch(conversation, "0-0") as frames:
                async for frame in frames:
                    if frame.WhichOneof("event") == "reply_delta":
                        break
            process.send_signal(signal.SIGKILL)
            await process.wait()
        async with core.running() as (second, _):
            await answered_once(second, conversation)
        assert len(model.asked) == 2


async def test_a_core_that_is_asked_to_end_lets_go_of_its_streams_and_of_its_turn(stores: TestStores, tmp_path: Path) -> None:
    async with answering_half(stores, tmp_path) as (core, model):
        async with core.running() as (first, process):
            health = health_pb2_grpc.HealthStub(first.channel).Watch(health_pb2.HealthCheckRequest())
            assert (await health.read()).status == health_pb2.HealthCheckResponse.SERVING
            conversation = await first.open()
            await first.say(conversation, "How long can I return a parcel?", "m1")
            async with asyncio.timeout(60), first.watch(conversation, "0-0") as frames:
                while (await frames.read()).WhichOneof("event") != "reply_delta":
                    pass
                process.send_signal(signal.SIGTERM)
                assert (await health.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
                ended = await ending(frames)
                assert (ended.code, ended.reason) == ("ABORTED", "STREAM_ENDED")
                token = ended.metadata["resume_token"]
                assert await process.wait() == 0
        async with core.running() as (second, _):
            async with second.watch(conversation, token) as frames:
                messages, text = await messages_until(frames, pb.PARTICIPANT_ROLE_ASSISTANT)
            assert [message.seq for message in messages] == [2]
            assert messages[0].text.startswith(text)
            await answered_once(second, conversation)
        assert len(model.asked) == 2
