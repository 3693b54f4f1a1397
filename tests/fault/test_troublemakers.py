"""The proxy and the model do what a scenario asks of them: trouble that does not happen proves nothing."""

from __future__ import annotations

import asyncio
import socket
import struct
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp import web

from stack.home import REPOSITORY
from tests.fault.browsers import Events
from tests.fault.model import Mood, application, vector, words
from tests.fault.proxy import Proxy
from tests.fault.scenarios import SCENARIOS, Lane, schedule, shortened
from tests.fault.words import Words

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def echoing() -> AsyncIterator[Proxy]:
    """A proxy in front of an echo server."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(1000):
                writer.write(data)
                await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    proxy = Proxy("echo", server.sockets[0].getsockname()[1])
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
        server.close()


@asynccontextmanager
async def connected(proxy: Proxy) -> AsyncIterator[Pair]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def said(pair: Pair, text: bytes = b"hello", seconds: float = 2.0) -> bytes:
    """The answer; b"" when the connection ends."""
    reader, writer = pair
    try:
        writer.write(text)
        async with asyncio.timeout(seconds):
            return await reader.readexactly(len(text))
    except (ConnectionError, asyncio.IncompleteReadError):
        return b""


async def test_a_healthy_proxy_is_a_wire() -> None:
    async with echoing() as proxy, connected(proxy) as pair:
        assert await said(pair) == b"hello"
        assert await said(pair, b"x" * 1_000) == b"x" * 1_000


async def test_latency_is_added_in_each_direction() -> None:
    async with echoing() as proxy, connected(proxy) as pair:
        proxy.latency = 0.1
        started = time.monotonic()
        assert await said(pair) == b"hello"
        assert time.monotonic() - started >= 0.2


async def test_connections_are_cut_now_or_after_some_bytes() -> None:
    async with echoing() as proxy:
        async with connected(proxy) as pair:
            assert await said(pair) == b"hello"
            assert proxy.cut() == 1
            assert await said(pair) == b""
        proxy.cut_after = 12
        async with connected(proxy) as pair:
            assert await said(pair) == b"hello"
            assert await said(pair) == b""


@pytest.mark.parametrize("kind", ["blackhole", "half_open"])
async def test_in_a_hole_no_data_arrives_and_no_side_gets_an_error(kind: str) -> None:
    async with echoing() as proxy, connected(proxy) as pair:
        setattr(proxy, kind, True)
        with pytest.raises(TimeoutError):
            await said(pair, seconds=0.2)
        proxy.heal()
        assert await said(pair) == b"", "data lost in the hole can't be replaced"
        async with connected(proxy) as fresh:
            assert await said(fresh) == b"hello"


async def test_the_server_learns_of_a_killed_client() -> None:
    async with echoing() as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await said((reader, writer)) == b"hello"
        linger = struct.pack("ii", 1, 0)  # closing then sends a reset, as a kernel does when data is unread
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
        async with asyncio.timeout(2):
            while proxy.open:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_new_connections_are_dropped() -> None:
    async with echoing() as proxy:
        proxy.drops = True
        async with connected(proxy) as pair:
            assert await said(pair) == b""


@asynccontextmanager
async def a_model(mood: Mood) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    runner = web.AppRunner(application(), access_log=None, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1.0)) as http:
        async with http.post(f"{url}/mood", json={"mood": mood, "gap": 0.0}) as response:
            assert response.status == 200
        yield http, url
    await runner.cleanup()


ASKED = {"messages": [{"role": "system", "content": "canary-red"}, {"role": "user", "content": "n-0123456789 hello"}]}


@pytest.mark.parametrize(
    ("mood", "status", "ends"),
    [
        (Mood.ANSWERS, 200, "done"),
        (Mood.LIMITED, 429, "done"),
        (Mood.FAILS, 500, "done"),
        (Mood.EMPTY, 200, "done"),
        (Mood.GARBLED, 200, "done"),
        (Mood.CUTS, 200, "cut"),
        (Mood.NEVER, 200, "silent"),
        (Mood.STALLS, 200, "silent"),
        (Mood.ENDLESS, 200, "silent"),
    ],
)
async def test_each_mood_has_its_effect(mood: Mood, status: int, ends: str) -> None:
    async with a_model(mood) as (http, url):
        got, end = b"", "done"
        try:
            async with http.post(f"{url}/v1/chat/completions", json=ASKED) as response:
                assert response.status == status
                async for piece in response.content.iter_any():
                    got += piece
        except TimeoutError:
            end = "silent"
        except aiohttp.ClientError:
            end = "cut"
        assert end == ends
        assert (b"n-0123456789" in got) == (mood not in (Mood.LIMITED, Mood.FAILS, Mood.EMPTY, Mood.NEVER))
        assert (b"[DONE]" in got) == (mood in (Mood.ANSWERS, Mood.EMPTY, Mood.GARBLED))
        if mood is Mood.GARBLED:
            with pytest.raises(UnicodeDecodeError):
                got.decode()


def test_the_model_repeats_the_last_question_and_every_canary() -> None:
    asked = [
        {"role": "system", "content": "passages with canary-blue"},
        {"role": "user", "content": "n-0000000001 first"},
        {"role": "assistant", "content": "answered"},
        {"role": "user", "content": "n-0000000002 second"},
        {"role": "user", "content": "n-0000000003 third"},
    ]
    said = words(asked)
    assert said[1:4] == ["n-0000000002", "n-0000000003", "canary-blue"]
    assert said[0] != words(asked)[0], "each reply is its own"
    assert vector("a parcel") == vector("a parcel") != vector("a shoe")


def test_a_schedule_is_the_same_for_the_same_seed_and_holds_only_words_that_exist() -> None:
    for scenario in SCENARIOS:
        for number, lane in enumerate(scenario.lanes):
            seed = f"7/{scenario.name}/{number}"
            planned = schedule(lane, 300, seed)
            assert planned == schedule(lane, 300, seed)
            assert planned
            for word in lane.words:
                assert callable(getattr(Words, word.split()[0]))
    lane = Lane(("a", "b", "c"), (1, 2))
    assert schedule(lane, 60, "1") != schedule(lane, 60, "2")
    assert [word for _, word in schedule(Lane(("a", "b"), in_order=True), 0, "1")] == ["a", "b"]


def test_the_short_run_is_a_part_of_the_whole() -> None:
    short = [shortened(scenario) for scenario in SCENARIOS if scenario.quick]
    assert len(short) >= 6
    assert sum(scenario.seconds for scenario in short) < 240
    for scenario in short:
        assert not scenario.lanes or scenario.least_kills or scenario.least_acted or scenario.least_ok


def test_events_are_read_as_the_standard_says_in_whatever_pieces_they_come() -> None:
    raw = '\ufeff: hi\r\nid: 7\r\ndata: {"a":\r\ndata: 1}\r\n\r\nid: 8\rdata:é\r\rdata: x\n\n'.encode()
    expected = [('{"a":\n1}', "7"), ("é", "8"), ("x", "8")]
    for size in (1, 2, 3, len(raw)):
        events, found = Events(), list[tuple[str, str]]()
        for at in range(0, len(raw), size):
            found += [(data, events.last_id) for data in events.feed(raw[at : at + size])]
        assert found == expected


def test_the_customers_of_rest_share_no_code_with_ours() -> None:
    """Neither kit nor generated stubs, also by way of what they import."""
    program = (
        "import sys, tests.fault.browsers; print([n for n in sys.modules if n.split('.')[0] in ('kit', 'frontdesk', 'grpc')])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
