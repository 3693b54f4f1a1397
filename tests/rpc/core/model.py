"""An OpenAI-compatible endpoint over real HTTP that misbehaves as a test asks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def event(text: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}).encode() + b"\n\n"


USAGE = b'data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}\n\n'
DONE = b"data: [DONE]\n\n"


async def send(writer: asyncio.StreamWriter, data: bytes) -> None:
    """One chunk of a chunked body."""
    writer.write(b"%x\r\n%b\r\n" % (len(data), data))
    await writer.drain()


def says(*texts: str, end: bytes = USAGE + DONE) -> Answer:
    """A good answer."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        for text in texts:
            await send(writer, event(text))
        await send(writer, end)
        writer.write(b"0\r\n\r\n")

    return answer


def short(text: str) -> Answer:
    """A good answer to a short call: whole, with other counts than those of a reply."""
    usage = {"prompt_tokens": 50, "completion_tokens": 1}
    body = json.dumps({"choices": [{"index": 0, "message": {"content": text}}], "usage": usage}).encode()

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))

    return answer


def status(code: int, *headers: str) -> Answer:
    """An error, as a status."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        lines = "".join(f"{header}\r\n" for header in headers)
        writer.write(f"HTTP/1.1 {code} No\r\ncontent-length: 2\r\n{lines}\r\n{{}}".encode())

    return answer


def raw(*chunks: bytes) -> Answer:
    """A body of these bytes, ended as it should be."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        for chunk in chunks:
            await send(writer, chunk)
        writer.write(b"0\r\n\r\n")

    return answer


async def cut(writer: asyncio.StreamWriter) -> None:
    """Some words, and then the connection breaks."""
    writer.write(HEAD)
    await send(writer, event("It takes "))
    writer.transport.abort()


async def silent(writer: asyncio.StreamWriter) -> None:
    """Never a word."""
    await asyncio.sleep(60)


async def endless(writer: asyncio.StreamWriter) -> None:
    """Words without end."""
    writer.write(HEAD)
    while True:
        await send(writer, event("more " * 100))


async def lingering(writer: asyncio.StreamWriter) -> None:
    """A good answer, whose body never ends."""
    writer.write(HEAD)
    await send(writer, event("It takes 30 days [1].") + USAGE + DONE)
    await asyncio.sleep(60)


@dataclass
class Model:
    """A running endpoint: answers by its script, then with `usual`."""

    script: list[Answer] = field(default_factory=list)
    usual: Answer = field(default_factory=lambda: says("It takes ", "30 days ", "[1", "]."))
    times: list[float] = field(default_factory=list)
    asked: list[dict[str, object]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    """As they came, byte for byte."""
    url: str = ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
                )
                self.bodies.append(await reader.readexactly(length))
                self.asked.append(json.loads(self.bodies[-1]))
                self.times.append(asyncio.get_running_loop().time())
                await (self.script.pop(0) if self.script else self.usual)(writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Model]:
        tasks: set[asyncio.Task[None]] = set()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._serve(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        try:
            yield self
        finally:
            server.close()
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
