"""The direct ways: the test model called without Frontdesk, and a gRPC server that only echoes."""

import asyncio
import sys
import time
from typing import Any

import aiohttp
import grpc
import msgspec

from bench.chats import ANSWER_SECONDS, Results, question
from bench.model import reply_tokens


class _Delta(msgspec.Struct):
    content: str = ""


class _Choice(msgspec.Struct):
    delta: _Delta


class _Chunk(msgspec.Struct):
    choices: list[_Choice]


_DECODER = msgspec.json.Decoder(_Chunk)


async def ask(session: aiohttp.ClientSession, url: str, tokens: int, results: Results) -> None:
    """One answer, read as it streams and compared with what it should be."""
    text, nonce = question()
    body = {"model": "test", "stream": True, "messages": [{"role": "user", "content": text}]}
    started, first, answer = time.perf_counter(), 0.0, ""
    try:
        async with asyncio.timeout(ANSWER_SECONDS), session.post(f"{url}/chat/completions", json=body) as response:
            rest = b""
            async for data in response.content.iter_any():
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    if line.startswith(b"data: {"):
                        for choice in _DECODER.decode(line[6:]).choices:
                            first = first or time.perf_counter()
                            answer += choice.delta.content
    except (TimeoutError, aiohttp.ClientError):
        results.lost += 1
        return
    if answer != "".join(reply_tokens(nonce, tokens)):
        results.wrong += 1
        return
    results.first_seconds.append(first - started)
    results.whole_seconds.append(time.perf_counter() - started)


async def closed_loop(url: str, chats: int, tokens: int, seconds: float) -> Results:
    """`chats` callers at once, each calling on as soon as it is answered."""
    results = Results()
    until = time.perf_counter() + seconds

    async def one(session: aiohttp.ClientSession) -> None:
        while time.perf_counter() < until:
            await ask(session, url, tokens, results)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(one(session) for _ in range(chats)))
    return results


async def open_loop(url: str, per_second: float, tokens: int, seconds: float) -> Results:
    """`per_second` calls begin each second, whatever has been answered."""
    results = Results()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        tasks = []
        for _ in range(int(per_second * seconds)):
            tasks.append(asyncio.create_task(ask(session, url, tokens, results)))
            await asyncio.sleep(1 / per_second)
        await asyncio.gather(*tasks)
    return results


async def echo_calls(url: str, callers: int, seconds: float, rest: float = 0.0) -> tuple[float, float]:
    """Unary calls per second to the echo server, and the median's milliseconds; each caller rests before each call."""
    times: list[float] = []
    until = time.perf_counter() + seconds
    async with grpc.aio.insecure_channel(url) as channel:
        call: Any = channel.unary_unary("/bench.Echo/Echo")

        async def one() -> None:
            while time.perf_counter() < until:
                if rest:
                    await asyncio.sleep(rest)
                started = time.perf_counter()
                await call(b"x" * 100)
                times.append(time.perf_counter() - started)

        await asyncio.gather(*(one() for _ in range(callers)))
    times.sort()
    return len(times) / seconds, times[len(times) // 2] * 1000


async def serve_echo(port: int) -> None:
    """The bare gRPC server: one method that gives back what it gets. `python -m bench.direct PORT`."""

    async def echo(request: bytes, context: Any) -> bytes:
        return request

    server = grpc.aio.server()
    handler = grpc.method_handlers_generic_handler("bench.Echo", {"Echo": grpc.unary_unary_rpc_method_handler(echo)})
    server.add_generic_rpc_handlers((handler,))
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(serve_echo(int(sys.argv[1])))
