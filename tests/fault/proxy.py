"""A TCP proxy that can be slow, silent or closed: there is one on each connection between programs."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

CHUNK = 64 << 10


@dataclass(eq=False)
class _Connection:
    """One client's connection with its counterpart."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    passed: int = 0

    def cut(self) -> None:
        """Ends both sides at once, as a reset."""
        for side in (self.client, self.server):
            side.transport.abort()


@dataclass(eq=False)
class Proxy:
    """A connection between programs. Settings apply to open connections too, unless noted."""

    name: str
    target: int
    """The port on this machine where the real server listens."""
    port: int = 0
    latency: float = 0.0
    """Seconds that each piece waits, in each direction."""
    drops: bool = False
    """New connections are closed at once."""
    cut_after: int = 0
    """Bytes, both directions together, after which a connection breaks; 0: never."""
    half_open: bool = False
    """The server's data does not arrive, without an error."""
    blackhole: bool = False
    """No data arrives in either direction, without an error."""
    accepted: int = 0
    _open: set[_Connection] = field(default_factory=set)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self, port: int = 0) -> None:
        """Listens on a port of this machine."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port or self.port, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Ends everything."""
        if self._server is not None:
            self._server.close()
        self.heal()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def heal(self) -> None:
        """Works as a plain wire again. Data held back by a hole is lost, so connections that may miss data end."""
        hole = self.half_open or self.blackhole
        self.latency, self.cut_after = 0.0, 0
        self.drops = self.half_open = self.blackhole = False
        if hole:
            self.cut()

    @property
    def open(self) -> int:
        """How many connections there are."""
        return len(self._open)

    def cut(self) -> int:
        """Breaks every open connection; how many."""
        for connection in list(self._open):
            connection.cut()
        return len(self._open)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._connect(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if self.drops:
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target, limit=CHUNK)
        except OSError:
            return
        connection = _Connection(writer, far_writer)
        self._open.add(connection)
        up = asyncio.create_task(self._pass(connection, reader, far_writer, from_server=False))
        down = asyncio.create_task(self._pass(connection, far_reader, writer, from_server=True))
        try:
            await asyncio.gather(up, down)
        finally:
            up.cancel()
            down.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
            self._open.discard(connection)
            far_writer.transport.abort()
            with contextlib.suppress(OSError):
                await far_writer.wait_closed()

    async def _pass(
        self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, from_server: bool
    ) -> None:
        try:
            while data := await reader.read(CHUNK):
                if self.latency:
                    await asyncio.sleep(self.latency)
                if self.blackhole or (self.half_open and from_server):
                    continue
                connection.passed += len(data)
                if 0 < self.cut_after < connection.passed:
                    connection.cut()
                    return
                writer.write(data)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
        except OSError:  # a side was killed: the other one gets a reset, as from its own kernel
            connection.cut()
