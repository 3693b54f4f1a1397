"""Which addresses a call to someone else's server may reach: the public internet, and networks that an operator allows.

An address that a user can choose (of a page to read, a tool, a webhook) must not lead into our own network. `kit.outbound` asks
here before it connects.
"""

import ipaddress
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NOT_PUBLIC: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",  # IETF assignments, a cloud's metadata among them
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # Azure's metadata, in the middle of public addresses
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 of a local network
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local, from before fc00::/7
    )
)
"""Beside what `ipaddress` knows: networks that lead to IPv4 or to the provider of the machine."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443, "mongodb": 27017, "postgres": 5432, "postgresql": 5432, "redis": 6379}


_ENDPOINT = re.compile(r"(?P<host>\[[^]]+\]|[^:]+)(?::(?P<port>\d+))?")


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """Networks that may be reached although they aren't public, and endpoints in them that may not be reached all the same."""

    allow: tuple[Network, ...] = ()
    own: frozenset[tuple[str, int]] = frozenset()
    """Hosts and ports of our own servers. On loopback their ports are refused whichever host they belong to."""

    @classmethod
    def of(cls, allow: str, own: Iterable[str] = ()) -> "EgressPolicy":
        """From networks with commas between, and from the URLs or `host:port`s of our own servers. Raises ValueError."""
        networks = tuple(ipaddress.ip_network(text.strip()) for text in allow.split(",") if text.strip())
        return cls(networks, frozenset(endpoint for url in own for endpoint in _endpoints(url)))

    def permits(self, address: str, port: int, own: Iterable[tuple[str, int]] = ()) -> bool:
        """Whether an IP address may be connected to. `own` has the policy's endpoints with their names resolved."""
        parsed = _parse(address)
        if not self._may_reach(parsed):
            return False
        return _is_public(parsed) or not _is_own(_inner(parsed) or parsed, {_parse(host) for host, at in own if at == port})

    def is_allowed_network(self, address: str) -> bool:
        """Whether an IP address is in a network that the operator allows by name."""
        return _is_in(_parse(address), self.allow)

    def _may_reach(self, address: Address) -> bool:
        inner = _inner(address)
        if inner is not None and not self._may_reach(inner):
            return False
        return _is_public(address) or _is_in(address, self.allow)


def _parse(address: str) -> Address:
    return ipaddress.ip_address(address.partition("%")[0])


def _is_public(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or _is_in(address, _NOT_PUBLIC))


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks if network.version == address.version)


def _is_own(address: Address, hosts: Collection[Address]) -> bool:
    """Whether one of our servers, which listen on the same port at `hosts`, is behind an address."""
    if address.is_loopback or address.is_unspecified:
        return bool(hosts)
    return address in hosts or any(host.is_unspecified for host in hosts)


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4, NAT64 or Teredo."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _endpoints(url: str) -> Iterator[tuple[str, int]]:
    """The hosts and ports of a URL, which may name several with commas between, or of `host:port`."""
    scheme, _, rest = url.rpartition("://")
    authority = re.split(r"[/?]", rest.lstrip("/"))[0].rpartition("@")[2]
    for part in authority.split(","):
        found = _ENDPOINT.fullmatch(part.strip())
        if found and (port := found["port"] or _PORTS.get(scheme)):
            yield found["host"].strip("[]"), int(port)
