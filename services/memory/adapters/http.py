"""A lean HTTP/1.1 client with keep-alive, for the two servers asked once per customer's turn: the embedding model and Chroma.

A call costs about a quarter of what it costs with a general client. It knows what these servers use: bodies with a length
or in chunks, no redirects, no compression, no proxies.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.memory.domain.problems import without_user

MAX_HEAD_BYTES = 64 << 10
MAX_BODY_BYTES = 256 << 20


class HttpError(Exception):
    """The server can't be reached, or what it sends is no HTTP."""


@dataclass(frozen=True, slots=True)
class Response:
    """A status and a body."""

    status: int
    body: bytes


class Http:
    """Calls one server. Keeps at most `keep` idle connections."""

    def __init__(self, base_url: str, headers: Mapping[str, str] | None = None, keep: int = 32) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{without_user(base_url)!r} is not an http(s) URL.")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._path = parts.path.rstrip("/")
        lines = {"host": parts.netloc.rpartition("@")[2], "content-type": "application/json", **(headers or {})}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._keep = keep
        self._idle: list[_Connection] = []

    async def call(self, method: str, path: str, body: bytes = b"", timeout: float = 5.0) -> Response:
        """Sends a request and reads the whole response. Raises HttpError or TimeoutError.

        A kept connection that the server has closed meanwhile is replaced by a new one, once."""
        head = f"{method} {self._path}{path} HTTP/1.1\r\n{self._head}content-length: {len(body)}\r\n\r\n"
        request = head.encode("latin-1") + body
        async with asyncio.timeout(timeout):
            while self._idle:
                connection = self._idle.pop()
                if connection.open:
                    try:
                        return await self._exchange(connection, request, head_only=method == "HEAD")
                    except _NothingReceived:
                        break
            return await self._exchange(await self._connect(), request, head_only=method == "HEAD")

    def close(self) -> None:
        """Closes the idle connections."""
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    async def _connect(self) -> "_Connection":
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                _Connection, self._host, self._port, ssl=self._tls, server_hostname=self._host if self._tls else None
            )
        except (OSError, ssl.SSLError) as error:
            raise HttpError(f"{self._host}:{self._port}: {error}") from error
        return connection

    async def _exchange(self, connection: "_Connection", request: bytes, *, head_only: bool) -> Response:
        try:
            response = await connection.exchange(request, head_only)
        except BaseException:
            connection.close()
            raise
        if connection.open and len(self._idle) < self._keep:
            self._idle.append(connection)
        else:
            connection.close()
        return response


class _NothingReceived(HttpError):
    """The connection ended before any byte of a response."""


class _Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[Response] | None = None
        self._reset()
        self.open = False

    def _reset(self) -> None:
        self._buffer = bytearray()
        self._status = 0
        self._length = -1
        self._chunked = False
        self._at = 0
        self._head_only = False
        self._last = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.open = True

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        if self._waiter is not None and not self._waiter.done():
            if self._status and self._length == -1 and not self._chunked:
                self._done(bytes(self._buffer[self._at :]))  # a body that ends with the connection
            elif self._buffer:
                self._fail(HttpError(f"the connection ended within a response: {error or 'closed'}"))
            else:
                self._fail(_NothingReceived(f"the connection ended: {error or 'closed'}"))

    async def exchange(self, request: bytes, head_only: bool) -> Response:
        """Sends one request and waits for its response."""
        if self._transport is None or not self.open:
            raise _NothingReceived("the connection is closed")
        self._reset()
        self._head_only = head_only
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiter

    def close(self) -> None:
        """Ends the connection at once."""
        self.open = False
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._waiter is None or self._waiter.done():
            self.close()  # no one asked
            return
        self._buffer += data
        try:
            if not self._status and not self._read_head():
                return
            if self._chunked:
                self._read_chunks()
            elif self._head_only or self._status in (204, 304):
                self._done(b"")
            elif self._length >= 0 and len(self._buffer) - self._at >= self._length:
                self._done(bytes(self._buffer[self._at : self._at + self._length]))
        except ValueError:
            self._fail(HttpError("the response is no HTTP/1.1"))
        if len(self._buffer) > MAX_BODY_BYTES:
            self._fail(HttpError("the response is too large"))

    def _read_head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > MAX_HEAD_BYTES:
                raise ValueError
            return False
        first, *lines = bytes(self._buffer[:end]).split(b"\r\n")
        version, status, *_ = first.split(b" ", 2)
        if not version.startswith(b"HTTP/1."):
            raise ValueError
        self._at = end + 4
        if status[:1] == b"1":  # an interim response: the real one follows
            del self._buffer[: self._at]
            return bool(self._buffer) and self._read_head()
        self._status = int(status)
        self._last = version == b"HTTP/1.0"
        for line in lines:
            name, _, value = line.partition(b":")
            match name.lower():
                case b"content-length":
                    self._length = int(value)
                case b"transfer-encoding":
                    self._chunked = value.strip().lower() == b"chunked"
                case b"connection":
                    self._last = value.strip().lower() == b"close"
        return True

    def _read_chunks(self) -> None:
        parts: list[bytes] = []
        at = self._at
        while (end := self._buffer.find(b"\r\n", at)) >= 0:
            size = int(self._buffer[at:end].partition(b";")[0], 16)
            start = end + 2
            if len(self._buffer) < start + size + 2:
                return
            if size == 0:
                self._done(b"".join(parts))
                return
            parts.append(bytes(self._buffer[start : start + size]))
            at = start + size + 2

    def _done(self, body: bytes) -> None:
        if self._last:
            self.open = False
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(Response(self._status, body))

    def _fail(self, error: HttpError) -> None:
        self.close()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)
