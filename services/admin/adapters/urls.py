"""Addresses that secrets may be sent to, by the rules that every call to someone else's server obeys."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kit.egress import EgressPolicy
from services.admin.domain import errors

if TYPE_CHECKING:
    from kit.outbound import Outbound


MAIL = ("smtp://", "smtps://")
"""Addresses of mail servers; the connection is encrypted by either, before a password is sent."""
_PORTS = {"smtp": 587, "smtps": 465}


class OutboundUrls:
    """The port Urls. Only looks names up: nothing is connected to."""

    def __init__(self, policy: EgressPolicy) -> None:
        self._policy = policy

    async def check(self, field: str, url: str) -> None:
        from kit.outbound import NotAllowed, Outbound  # 15 MB that an admin without credentials need not load

        outbound = Outbound(self._policy)
        try:
            if url.startswith(MAIL):
                await _check_mail_server(outbound, url)
            else:
                await outbound.check(url)
        except NotAllowed as error:
            raise errors.UrlNotAllowed(field, str(error)) from error


async def _check_mail_server(outbound: "Outbound", url: str) -> None:
    """Raises NotAllowed."""
    from kit.outbound import NotAllowed

    try:
        parts = urlsplit(url)
        if not parts.hostname or parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
            raise NotAllowed("a mail server's address is smtp:// or smtps://, its host and its port.")
        await outbound.addresses(parts.hostname, parts.port or _PORTS[parts.scheme])
    except (OSError, ValueError):
        raise NotAllowed("its host is neither a name that can be resolved nor an ordinary IP address.") from None
