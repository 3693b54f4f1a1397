"""Connections on which nothing is said for long: pings keep them open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from frontdesk.core import v1 as pb

from kit import client, service
from tests.rpc.kit.conftest import NAME, Desk

PING, GOAWAY, SETTINGS = 6, 7, 4
ACKNOWLEDGED = 1
INTERVAL = service.MIN_PING_INTERVAL_MS / 1000 + 0.1
PINGS = 5  # gRPC's default forgives two that come too soon, and ends the connection at the next


def frame(kind: int, payload: bytes = b"", flags: int = 0) -> bytes:
    """An HTTP/2 frame of the connection itself."""
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + bytes(4) + payload


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, int, bytes]:
    head = await reader.readexactly(9)
    return head[3], head[4], await reader.readexactly(int.from_bytes(head[:3], "big"))


async def test_a_quiet_connection_may_be_pinged(desk: Desk) -> None:
    host, _, port = desk.running.url.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS))
    answered = 0
    for n in range(PINGS):
        await asyncio.sleep(INTERVAL)
        writer.write(frame(PING, n.to_bytes(8, "big")))
        while True:
            kind, flags, payload = await asyncio.wait_for(read_frame(reader), 5)
            assert kind != GOAWAY, payload
            if (kind, flags) == (PING, ACKNOWLEDGED):
                answered += 1
                break
    assert answered == PINGS
    writer.close()


async def test_a_quiet_stream_of_our_own_client_survives_its_pings(desk: Desk) -> None:
    async def quiet(request: Any, context: Any) -> AsyncIterator[Any]:
        yield pb.WatchConversationResponse(resume_token="1-1")
        await asyncio.sleep(PINGS * INTERVAL)
        yield pb.WatchConversationResponse(resume_token="1-2")

    desk.streams = quiet
    channel = client.dial(desk.running.url, ping_seconds=INTERVAL)
    request = pb.WatchConversationRequest(name=NAME)
    watch = client.stream(pb.ConversationServiceStub(channel).WatchConversation, request, token=desk.user()[0][1][7:])
    assert [response.resume_token async for response in watch] == ["1-1", "1-2"]
    await channel.close()
