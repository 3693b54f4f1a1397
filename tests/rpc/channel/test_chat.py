"""Chat, the bidirectional stream of native clients."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from frontdesk.channel import v1 as pb

from .conftest import World, bearer, fails
from .test_messages import until


def start(session: pb.Session, resume_token: str = "") -> pb.ChatRequest:
    return pb.ChatRequest(start=pb.ChatStart(conversation=session.conversation, resume_token=resume_token))


def send(text: str, request_id: str) -> pb.ChatRequest:
    return pb.ChatRequest(send=pb.ChatSend(text=text, request_id=request_id))


async def read(call: Any, count: int) -> list[pb.ChatResponse]:
    async with asyncio.timeout(30):
        return [await call.read() for _ in range(count)]


async def test_one_stream_sends_and_watches(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    call = world.web_chat.Chat(metadata=bearer(session))
    for frame in (start(session), send("Hello", "r1"), send("Hello", "r1"), send(" ", "r2")):
        await call.write(frame)
    frames = await read(call, 4)
    accepted = [frame.accepted for frame in frames if frame.HasField("accepted")]
    assert [(a.request_id, a.state, a.message.seq) for a in accepted] == [("r1", pb.SEND_STATE_ACCEPTED, 1)] * 2
    (refused,) = [frame.refused for frame in frames if frame.HasField("refused")]
    assert (refused.request_id, refused.code, refused.reason) == ("r2", 3, "TEXT_EMPTY")
    (event,) = [frame.event for frame in frames if frame.HasField("event")]
    assert (event.message_created.text, event.resume_token) == ("Hello", "1")
    await call.write(pb.ChatRequest(typing=pb.ChatTyping(typing=True)))
    await until(lambda: world.core.typed == [True])
    call.cancel()


async def test_a_stream_continues_from_its_resume_token(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    for number in range(3):
        await world.send(session, f"m{number}", f"r{number}")
    call = world.web_chat.Chat(metadata=bearer(session))
    await call.write(start(session, "1"))
    assert [frame.event.message_created.text for frame in await read(call, 2)] == ["m1", "m2"]
    await call.done_writing()  # who says no more may still listen
    await world.send(session, "m3", "r3")
    assert [frame.event.message_created.text for frame in await read(call, 1)] == ["m3"]
    call.cancel()


async def test_an_abandoned_stream_leaves_nothing_behind(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    before = len(asyncio.all_tasks())
    calls = [world.web_chat.Chat(metadata=bearer(session)) for _ in range(20)]
    for call in calls:
        await call.write(start(session))
    await until(lambda: world.core.watching == 20)
    for call in calls:
        call.cancel()
    await until(lambda: world.core.watching == 0)
    del call, calls
    # Workers of the service may have begun meanwhile; a task for each stream would be twenty.
    await until(lambda: len(asyncio.all_tasks()) < before + 10)


@pytest.mark.parametrize("frames", [[], [send("Hello", "r1")]])
async def test_a_chat_starts_with_start(world: World, frames: list[pb.ChatRequest]) -> None:
    await world.create_channel()
    session = await world.open()
    async with fails("INVALID_ARGUMENT", "CHAT_NOT_STARTED"):
        async for _ in world.web_chat.Chat(iter(frames), metadata=bearer(session)):
            pass
    async with fails("INVALID_ARGUMENT", "CHAT_NOT_STARTED"):
        async for _ in world.web_chat.Chat(iter([start(session), start(session)]), metadata=bearer(session)):
            pass


async def test_a_frame_that_breaks_its_rules_ends_the_stream(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    async with fails("INVALID_ARGUMENT", "INVALID_REQUEST"):
        async for _ in world.web_chat.Chat(iter([start(session), send("x" * 4001, "r1")]), metadata=bearer(session)):
            pass
    await until(lambda: world.core.watching == 0)


async def test_a_chat_of_another_conversation_is_refused(world: World) -> None:
    await world.create_channel()
    session, other = await world.open(), await world.open()
    async with fails("PERMISSION_DENIED", "CONVERSATION_MISMATCH"):
        async for _ in world.web_chat.Chat(iter([start(session)]), metadata=bearer(other)):
            pass
    async with fails("UNAUTHENTICATED", "TOKEN_MISSING"):
        async for _ in world.web_chat.Chat(iter([start(session)])):
            pass


async def test_a_chat_ends_when_core_goes_and_messages_still_queue(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    call = world.web_chat.Chat(metadata=bearer(session))
    await call.write(start(session))
    await until(lambda: world.core.watching == 1)
    await world.core.stop()
    async with fails("UNAVAILABLE"):
        async for _ in call:
            pass
    assert (await world.send(session, "Hello", "r1")).state == pb.SEND_STATE_QUEUED


async def test_a_draining_service_ends_its_chats_with_a_resume_token(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    await world.send(session, "Hello", "r1")
    call = world.web_chat.Chat(metadata=bearer(session))
    await call.write(start(session, "0"))
    await read(call, 1)
    world.draining.set()
    async with fails("ABORTED", "STREAM_ENDED"):
        await read(call, 1)
