"""HTTP calls to servers that a user names: pages to read, tools, webhooks. They reach only what an `EgressPolicy` permits.

Names are resolved here, every address of a name is checked, and the connection goes to a checked one, so that no second
look-up can give another; each connection is checked once more when it is made. Redirects go through the same, with the cookies
that the call itself was given. Proxies of the environment are not used. Nothing compressed is asked for; what comes so all the
same is unpacked within the bound.

    OutboundError
    ├── NotAllowed          the policy refuses the address, or it is no http(s) address
    ├── Unreachable         no complete answer came. It never says why: a closed port looks like a silent one
    ├── BadAnswer           the answer can't be used
    ├── TooLarge            the answer has more bytes than the caller wants
    └── MediaTypeRefused    the answer is not of a type that the caller wants
"""

import asyncio
import logging
import re
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from kit.egress import EgressPolicy

TOTAL_SECONDS = 20.0
MAX_BYTES = 5 << 20
MAX_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_SENT_ANYWHERE = ("accept", "accept-encoding", "accept-language", "user-agent")
_CHUNK = 64 << 10
_ESCAPED = re.compile("[\udc80-\udcff]")
"""The bytes of a header that are no UTF-8."""

Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""The IP addresses of a name. Raises OSError."""

_log = logging.getLogger("frontdesk")


class OutboundError(Exception):
    """Says what is wrong with an address or its answer, as a clause about "it"."""


class NotAllowed(OutboundError):
    pass


class Unreachable(OutboundError):
    def __init__(self, seconds: float) -> None:
        super().__init__(f"it gives no complete answer within {seconds:g} seconds.")


class BadAnswer(OutboundError):
    pass


class TooLarge(OutboundError):
    def __init__(self, limit: int) -> None:
        super().__init__(f"it has more than {limit:,} bytes.")
        self.limit = limit


class MediaTypeRefused(OutboundError):
    def __init__(self, media_type: str) -> None:
        super().__init__(f"it is {media_type or 'of no type'}.")
        self.media_type = media_type


@dataclass(frozen=True, slots=True)
class Response:
    """The answer of a server. The content of anything but a success is cut off at the limit."""

    url: str
    """After redirects."""
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "")


async def look_up(host: str) -> Sequence[str]:
    """The addresses that the system's resolver knows."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Outbound:
    """A client. It holds no connections between calls."""

    def __init__(self, policy: EgressPolicy, look_up: Lookup = look_up, trusted: ssl.SSLContext | None = None) -> None:
        """`trusted`: whom to believe about servers' names; by default the authorities that the system knows."""
        self._policy = policy
        self._look_up = look_up
        self._trusted = trusted

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = TOTAL_SECONDS,
        max_bytes: int = MAX_BYTES,
        media_types: Collection[str] = (),
        follows: Callable[[str, str], bool] | None = None,
        cut: bool = False,
    ) -> Response:
        """One call, its redirects and its whole answer in `seconds`. GET and HEAD follow up to 5 redirects, others none.

        A redirect to another origin takes no headers along but those that say what is wanted. `media_types` bounds the type of
        a success; empty permits all. `follows`, given an address and where it redirects to, says whether to go there; otherwise
        the redirect is the answer. `cut`: of a longer success the first `max_bytes` are the answer. Raises OutboundError.
        """
        try:
            async with asyncio.timeout(seconds), await self.session() as session:
                call = _Call(session, method, dict(headers or {}) | {"accept-encoding": "identity"}, body, follows)
                response = await call.follow(_parsed(url))
                try:
                    return await _read(response, max_bytes, media_types, cut)
                finally:
                    response.close()
        except aiohttp.InvalidURL:
            raise NotAllowed("its host is neither a name nor an ordinary IP address.") from None
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            detail = {"host": _host(url), "error": type(error).__name__, "errno": getattr(error, "errno", None)}
            _log.debug("a server gave no complete answer", extra=detail)
            raise Unreachable(seconds) from None  # with no cause: it would name addresses and ports

    async def check(self, url: str) -> None:
        """Checks an address before anything is sent to it. Raises NotAllowed.

        By http only networks that the operator allows by name can be reached. The address of a name may change afterwards, so
        each connection is checked again.
        """
        try:
            parsed = _parsed(url)
            host, port = parsed.host or "", parsed.port or 0
            addresses = await self._look_up(host)
            own = await self._own()
            private = not all(self._policy.permits(address, port, own) for address in addresses)
            plain = parsed.scheme == "http" and not all(map(self._policy.is_allowed_network, addresses))
        except (OSError, ValueError):
            raise NotAllowed("its host is neither a name that can be resolved nor an ordinary IP address.") from None
        if private or not addresses:
            raise NotAllowed("it leads to a private network.")
        if plain:
            raise NotAllowed("it must start with https://.")

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host for a connection that isn't HTTP, all of them permitted. Raises NotAllowed, OSError."""
        guard = _Guard(self._policy, self._look_up, await self._own())
        return [found["host"] for found in await guard.resolve(host, port)]

    async def session(self) -> aiohttp.ClientSession:
        """A session whose connections obey the policy; its own redirects too. For answers that are streamed."""
        guard = _Guard(self._policy, self._look_up, await self._own())
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=guard, socket_factory=guard.socket, use_dns_cache=False, ssl=self._trusted or True
            ),
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # of this session alone; some pages redirect until theirs comes back
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
        )

    async def _own(self) -> frozenset[tuple[str, int]]:
        """Our own endpoints by address; only a policy that allows networks can reach them at all."""
        found: set[tuple[str, int]] = set()
        for host, port in self._policy.own if self._policy.allow else ():
            with suppress(OSError, ValueError):
                found |= {(address, port) for address in await self._look_up(host)}
        return frozenset(found)


class _Guard(AbstractResolver):
    """Resolves names to addresses that are permitted, and opens sockets to no others."""

    def __init__(self, policy: EgressPolicy, look_up: Lookup, own: Collection[tuple[str, int]]) -> None:
        self._policy = policy
        self._look_up = look_up
        self._own = own

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        addresses = await self._look_up(host)
        for address in addresses:
            self._check(address, port)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    def socket(self, info: "aiohttp.connector.AddrInfoType") -> socket.socket:
        """Opens a socket for one connection: an address in the URL itself is resolved by no one."""
        family, kind, protocol, _, address = info
        self._check(str(address[0]), int(address[1]))
        return socket.socket(family, kind, protocol)

    async def close(self) -> None:
        """Nothing is open."""

    def _check(self, address: str, port: int) -> None:
        if not self._policy.permits(address, port, self._own):
            raise NotAllowed("it leads to a private network.")


@dataclass
class _Call:
    """One call with its redirects."""

    session: aiohttp.ClientSession
    method: str
    headers: dict[str, str]
    body: bytes | None
    follows: Callable[[str, str], bool] | None = None

    async def follow(self, at: URL) -> aiohttp.ClientResponse:
        """The first answer that is no redirect, with its body unread."""
        for _ in range(MAX_REDIRECTS + 1):
            response = await self.session.request(self.method, at, headers=self.headers, data=self.body, allow_redirects=False)
            location = _ESCAPED.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", response.headers.get("location", ""))
            if not location or response.status not in _REDIRECTS or self.method not in ("GET", "HEAD"):
                return response
            if self.follows is not None and not self.follows(str(at), str(at.join(URL(location)))):
                return response
            response.close()
            at = self._next(at, location)
        raise BadAnswer(f"it redirects more than {MAX_REDIRECTS} times.")

    def _next(self, at: URL, location: str) -> URL:
        to = _parsed(at.join(URL(location)))
        if (at.scheme, to.scheme) == ("https", "http"):
            raise BadAnswer("it redirects from https to http.")
        if to.origin() != at.origin():
            self.session.cookie_jar.clear()
            self.headers = {name: value for name, value in self.headers.items() if name.lower() in _SENT_ANYWHERE}
        return to


async def _read(response: aiohttp.ClientResponse, max_bytes: int, media_types: Collection[str], cut: bool) -> Response:
    success = 200 <= response.status < 300
    unpack = _unpacker(response.headers.get("content-encoding", "identity").strip().lower()) if success else None
    if success and media_types and response.content_type not in media_types:
        raise MediaTypeRefused(response.headers.get("content-type", ""))
    content = bytearray()
    async for part in response.content.iter_chunked(_CHUNK):
        content += part if unpack is None else unpack(part, max_bytes + 1 - len(content))
        if len(content) > max_bytes:
            if success and not cut:
                raise TooLarge(max_bytes)
            break
    return Response(str(response.url), response.status, response.headers, bytes(content[:max_bytes]))


def _unpacker(coding: str) -> Callable[[bytes, int], bytes] | None:
    """A decoder that unpacks a body part by part, at most so many bytes of each. Raises BadAnswer for an unknown coding."""
    if coding in ("", "identity"):
        return None
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise BadAnswer("the server sends it compressed although it was asked not to.")
    packed = zlib.decompressobj(wbits=zlib.MAX_WBITS | (32 if coding != "deflate" else 0))

    def unpack(part: bytes, most: int) -> bytes:
        try:
            return packed.decompress(part, max(1, most))
        except zlib.error:
            raise BadAnswer("its compressed content is damaged.") from None

    return unpack


def _parsed(url: str | URL) -> URL:
    """Raises NotAllowed, ValueError."""
    parsed = URL(url)
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise NotAllowed("only http and https addresses are.")
    if parsed.user is not None or parsed.password is not None:
        raise NotAllowed("an address with a user name is not.")
    return parsed


def _host(url: str) -> str:
    """The host for a log, without user, password, path and query."""
    try:
        return URL(url).host or ""
    except ValueError:
        return ""
