"""Fetches web pages, and only from the public internet: whoever writes an address into a document must not reach our network.

Each name is resolved here, all its addresses are checked, and the connection goes to a checked one, so that a second look-up
can't give another. Redirects go through the same.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin, urlsplit

from services.memory.domain import problems
from services.memory.domain.documents import MOST_PAGE_BYTES, MediaType, media_type_of

if TYPE_CHECKING:
    import aiohttp
    from aiohttp.abc import AbstractResolver

TOTAL_SECONDS = 20.0
MOST_REDIRECTS = 5
_AGENT = "Frontdesk (reads pages that its organization listed as documents)"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class WebPages:
    """Implements Pages. `allowed` networks are fetched from although they are not public, such as an intranet's."""

    def __init__(self, allowed: Sequence[str] = (), seconds: float = TOTAL_SECONDS, most_bytes: int = MOST_PAGE_BYTES) -> None:
        self._allowed: list[Network] = [ipaddress.ip_network(text) for text in allowed]
        self._seconds = seconds
        self._most_bytes = most_bytes

    async def fetch(self, uri: str) -> tuple[bytes, MediaType]:
        import aiohttp  # 15 MB that a service whose documents are texts and files never needs

        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(uri)
        except TimeoutError:
            raise problems.FetchFailed(uri, f"it took more than {self._seconds:.0f} seconds.") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise problems.FetchFailed(uri, str(error)[:200] or type(error).__name__) from error

    async def _follow(self, uri: str) -> tuple[bytes, MediaType]:
        import aiohttp

        at = uri
        for _ in range(MOST_REDIRECTS + 1):
            host, addresses = await self._checked(at)
            connector = aiohttp.TCPConnector(
                resolver=cast("AbstractResolver", _Fixed(host, addresses)), limit=1, force_close=True
            )
            async with (
                aiohttp.ClientSession(connector=connector, auto_decompress=False, trust_env=False) as session,
                session.get(
                    at,
                    allow_redirects=False,
                    headers={
                        "accept-encoding": "identity",
                        "user-agent": _AGENT,
                        "accept": "text/html, text/*;q=0.9, */*;q=0.5",
                    },
                    max_line_size=8190,
                ) as response,
            ):
                if response.status in (301, 302, 303, 307, 308) and "location" in response.headers:
                    at = urljoin(at, response.headers["location"])
                    continue
                return await self._page(response, uri)
        raise problems.FetchFailed(uri, f"it redirects more than {MOST_REDIRECTS} times.")

    async def _page(self, response: "aiohttp.ClientResponse", uri: str) -> tuple[bytes, MediaType]:
        if response.status != 200:
            raise problems.FetchFailed(uri, f"the server answers {response.status}.", response.status)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise problems.FetchFailed(uri, "the server sends it compressed although it was asked not to.")
        content = bytearray()
        async for part in response.content.iter_chunked(64 << 10):
            content += part
            if len(content) > self._most_bytes:
                raise problems.DocumentTooLarge("bytes", self._most_bytes)
        said = response.headers.get("content-type", "")
        told = media_type_of(bytes(content), urlsplit(uri).path, said)
        if told is None:
            raise problems.MediaTypeUnsupported(said)
        return bytes(content), told

    async def _checked(self, uri: str) -> tuple[str, list[str]]:
        """The host and the addresses that may be connected to. Raises AddressNotAllowed."""
        parts = urlsplit(uri)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise problems.AddressNotAllowed(uri, "only http and https addresses are.")
        if parts.username or parts.password:
            raise problems.AddressNotAllowed(uri, "an address with a user name is not.")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except OSError:
            raise problems.FetchFailed(uri, f"the name {parts.hostname} is not known.") from None
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for text in addresses:
            if not self._may(ipaddress.ip_address(text.partition("%")[0])):
                raise problems.AddressNotAllowed(uri, "it leads to a private network.")
        return parts.hostname, addresses

    def _may(self, address: Address) -> bool:
        if any(address in network for network in self._allowed if network.version == address.version):
            return True
        inner = _inner(address)
        if inner is not None and not self._may(inner):
            return False
        return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4, NAT64 or Teredo."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


class _Fixed:
    """A resolver that knows one host, by the addresses that were checked."""

    def __init__(self, host: str, addresses: list[str]) -> None:
        self._host = host
        self._addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[dict[str, Any]]:
        if host != self._host:
            raise OSError(f"{host} was not checked")
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": socket.IPPROTO_TCP,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""
