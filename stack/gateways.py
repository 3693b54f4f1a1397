"""How a command reaches a gateway by its web address: TLS for https; plaintext only on this machine, or when one says so."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import grpc

from kit import client
from stack.problems import Problem

CA = "FRONTDESK_GATEWAY_CA"
"""A PEM file with the certificate authorities of a gateway, instead of the system's."""
PLAIN_HTTP = "--plain-http"


@dataclass(frozen=True)
class Gateway:
    """Where a gateway is. Making one checks everything, so that nothing secret leaves before."""

    url: str
    host: str
    port: int
    authorities: bytes | None = None
    """PEM; None: of a plaintext connection."""
    encrypted: bool = True

    @classmethod
    def parse(cls, url: str, environment: Mapping[str, str], plain_http: bool = False) -> Gateway:
        """Reads `https://host[:port]`, or `http://` to this machine (to others with `plain_http`). Raises Problem."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port, parts = None, None, urlsplit("")
        odd = parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment
        if parts.scheme not in ("https", "http") or not host or "," in host or port == 0 or odd:
            raise Problem(f"--gateway is {url!r}; give an address such as https://support.example.com.")
        if parts.scheme == "https":
            return cls(url, host, port or 443, _authorities(environment.get(CA, "")))
        if not (plain_http or _is_loopback(host)):
            raise Problem(
                f"{url} is not encrypted, and everyone on the way could read what is sent; use https://, or {PLAIN_HTTP} if "
                "the network is yours alone."
            )
        return cls(url, host, port or 80, encrypted=False)

    def dial(self, services: Sequence[str] = ()) -> grpc.aio.Channel:
        """A channel to it; the idempotent RPCs of `services` are repeated."""
        place = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        credentials = grpc.ssl_channel_credentials(self.authorities) if self.encrypted else None
        return client.dial(place, services, credentials=credentials)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _authorities(path: str) -> bytes | None:
    """The certificates in a PEM file, or else the system's; None: the ones that gRPC brings along. Raises Problem."""
    try:
        context = ssl.create_default_context(cafile=path or None)
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        raise Problem(f"{CA} is {path}, which can't be read as a PEM file with certificates ({error}).") from None
    if path:
        return Path(path).read_bytes()
    system = context.get_ca_certs(binary_form=True)
    return "".join(map(ssl.DER_cert_to_PEM_cert, system)).encode() or None
