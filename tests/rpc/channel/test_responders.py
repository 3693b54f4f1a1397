"""Answers to a message: the channel's switch, the sender's limit, and blocked customers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import grpc
from frontdesk.channel import v1 as pb
from frontdesk.core.internal import v1 as internal
from google.protobuf.field_mask_pb2 import FieldMask

from .conftest import CHANNEL, World, fails
from .test_messages import until

if TYPE_CHECKING:
    from collections.abc import Iterable


def responders(received: Iterable[internal.ReceiveMessageRequest]) -> list[str]:
    return [internal.Responder.Name(request.responder).removeprefix("RESPONDER_") for request in received]


async def switch(world: World, off: bool) -> pb.Channel:
    changed: pb.Channel = await world.channels.UpdateChannel(
        pb.UpdateChannelRequest(
            channel=pb.Channel(name=CHANNEL, assistant_off=off), update_mask=FieldMask(paths=["assistant_off"])
        ),
        metadata=world.admin(),
    )
    return changed


async def test_with_the_assistant_off_messages_are_the_agents(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    assert (await switch(world, True)).assistant_off
    await world.send(session, "Hello", "r1")
    assert not (await switch(world, False)).assistant_off
    await world.send(session, "Hello", "r1")
    await world.send(session, "Hello again", "r2")
    assert responders(world.core.received) == ["AGENTS", "UNSPECIFIED"]


async def test_what_waited_for_core_keeps_what_was_decided_when_it_came(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    await switch(world, True)
    await world.core.stop()
    assert (await world.send(session, "Hello", "r1")).state == pb.SEND_STATE_QUEUED
    await switch(world, False)
    await world.core.start()
    await until(lambda: world.core.received)
    assert responders(world.core.received) == ["AGENTS"]


async def tell(world: World, customer: str, **fact: object) -> None:
    envelope = {"shard": 0, "position": len(world.core.facts) + 1, "organization": "acme", "subject": customer}
    event = internal.Event(envelope=envelope, **fact)  # type: ignore[arg-type]
    world.core.facts.append(event)
    async with world.core.changed:
        world.core.changed.notify_all()


async def test_a_blocked_customer_gets_no_session_and_no_token(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    other = await world.open()
    await tell(world, session.customer, customer_blocked=internal.CustomerBlocked())
    refresh = pb.RefreshSessionRequest(name=session.name, secret=session.secret)
    async with asyncio.timeout(30):
        while True:
            try:
                refresh.secret = (await world.web_chat.RefreshSession(refresh)).secret
            except grpc.aio.AioRpcError:
                break
            await asyncio.sleep(0.05)
    async with fails("PERMISSION_DENIED", "CUSTOMER_BLOCKED"):
        await world.web_chat.RefreshSession(refresh)
    await world.web_chat.RefreshSession(pb.RefreshSessionRequest(name=other.name, secret=other.secret))
    await tell(world, session.customer, customer_unblocked=internal.CustomerUnblocked())
    async with asyncio.timeout(30):
        while True:
            try:
                await world.web_chat.RefreshSession(refresh)
                break
            except grpc.aio.AioRpcError:
                await asyncio.sleep(0.05)
