"""How long a watch lives, and how it ends: always with a token from which it continues."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from frontdesk.core import v1 as pb

from kit import streams
from services.core.app import live
from tests.rpc.core.conftest import Desk
from tests.rpc.core.test_conversations import refused

pytestmark = pytest.mark.servers


async def test_an_idle_stream_sends_heartbeats_and_keeps_its_place(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.1)
    conversation = await desk.open()
    token = (await desk.history(conversation)).resume_token
    async with desk.watch(conversation, token) as frames:
        seen = [await frames.read() for _ in range(4)]
    assert {(frame.WhichOneof("event"), frame.resume_token) for frame in seen} == {("heartbeat", token)}


@pytest.mark.parametrize("why", ["its age", "its token's end"])
async def test_a_stream_ends_as_planned_and_continues_without_a_gap(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    if why == "its age":
        monkeypatch.setattr(streams, "MIN_SECONDS", 0.5)
        monkeypatch.setattr(streams, "MAX_SECONDS", 1.0)
    conversation = await desk.open()
    token = desk.keys.signer("admin").sign("users/u1", "acme", ["core.conversations.watch"], seconds=2)
    user = (("authorization", f"Bearer {token}"),)
    request = pb.WatchConversationRequest(name=conversation.name, resume_token="0-0")
    stream: Any = desk.conversations.WatchConversation(request, metadata=user)
    await desk.say(conversation, "How long can I return a parcel?", "m1")
    seen: list[int] = []

    async def to_the_end() -> None:
        nonlocal request
        while True:
            frame = await stream.read()
            request.resume_token = frame.resume_token
            if frame.WhichOneof("event") == "message_created":
                seen.append(frame.message_created.seq)

    code, reason = await refused(to_the_end())
    assert (code.name, reason) == ("ABORTED", "STREAM_ENDED")
    await desk.until(conversation, 2)
    async with desk.watch(conversation, request.resume_token) as frames:
        while len(seen) < 2:
            frame = await frames.read()
            if frame.WhichOneof("event") == "message_created":
                seen.append(frame.message_created.seq)
    assert seen == [1, 2]


async def test_a_stream_that_is_left_leaves_nothing_behind(desk: Desk) -> None:
    before = len(asyncio.all_tasks())
    for n in range(10):
        async with desk.watch(await desk.open(f"s{n}"), "0-0") as frames:
            await frames.read()
    async with asyncio.timeout(60):
        while len(asyncio.all_tasks()) > before + 1:  # noqa: ASYNC110  # a task that ends notifies no one
            await asyncio.sleep(0.05)
