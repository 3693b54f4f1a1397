"""A lean HTTP/1.1 server: keep-alive, bodies with a length, one request of a connection at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import httptools

from embedder.api import Answer, error

MAX_HEAD_BYTES = 32 << 10
MAX_BODY_BYTES = 8 << 20
IDLE_SECONDS = 120.0

Answering = Callable[[str, str, bytes], Awaitable[Answer]]
_REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 413: "Content Too Large"}

_log = logging.getLogger("embedder")


class Connection(asyncio.Protocol):
    """One client."""

    def __init__(self, answering: Answering, connections: "set[Connection]") -> None:
        self._answering = answering
        self._connections = connections
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._queue: list[tuple[str, str, bytes, bool]] = []
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._url = b""
        self._head = 0
        self._size = 0
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(self)
        self._rest()

    def connection_lost(self, problem: Exception | None) -> None:
        self._connections.discard(self)
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        try:
            self._head += len(data)
            self._parser.feed_data(data)
            if self._head > MAX_HEAD_BYTES + MAX_BODY_BYTES:
                self._refuse(error(413, "The head is too large."))
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._refuse(error(400, "This isn't HTTP/1.1."))

    def on_message_begin(self) -> None:
        self._url, self._size, self._body = b"", 0, []

    def on_url(self, url: bytes) -> None:
        self._url += url
        if len(self._url) > MAX_HEAD_BYTES:
            self._refuse(error(400, "The path is too long."))

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"expect" and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > MAX_BODY_BYTES:
            self._refuse(error(413, f"Send at most {MAX_BODY_BYTES} bytes at once."))
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        self._head = 0
        method = self._parser.get_method().decode("ascii", "replace")
        path = self._url.decode("ascii", "replace").partition("?")[0]
        self._queue.append((method, path, b"".join(self._body), self._parser.should_keep_alive()))
        self._body = []
        if self._timer is not None:
            self._timer.cancel()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._work())

    def close(self) -> None:
        """Ends the connection after what is being written."""
        if self._transport is not None:
            self._transport.close()

    async def _work(self) -> None:
        while self._queue:
            method, path, body, keep = self._queue.pop(0)
            try:
                answer = await self._answering(method, path, body)
            except Exception:
                _log.exception("a request broke")
                answer = Answer(500, b'{"error":{"message":"The request failed; see the log.","type":"server_error"}}')
                keep = False
            self._write(answer, keep=keep, head_only=method == "HEAD")
            if not keep:
                self.close()
                break
        self._task = None
        self._rest()

    def _write(self, answer: Answer, *, keep: bool, head_only: bool) -> None:
        """`head_only`: the answer to HEAD, with the length of the body that GET would get (RFC 9110, section 9.3.2)."""
        if self._transport is None or self._transport.is_closing():
            return
        head = (
            f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Error')}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(answer.body)}\r\n{'' if keep else 'connection: close' + chr(13) + chr(10)}\r\n"
        )
        self._transport.write(head.encode("ascii") + (b"" if head_only else answer.body))

    def _refuse(self, answer: Answer) -> None:
        self._write(answer, keep=False, head_only=self._parser.get_method() == b"HEAD")
        self.close()

    def _rest(self) -> None:
        """Closes a connection without data after a timeout."""
        self._timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self.close)


class Server:
    """Listens until it is stopped."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listens on a port (0: a free one) and returns it. Raises OSError."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self._answering, self._connections), host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Accepts no more connections and closes the open ones."""
        if self._server is not None:
            self._server.close()
            for connection in list(self._connections):
                connection.close()
            await self._server.wait_closed()
