"""Addresses that secrets may be sent to, by the rules that every call to someone else's server obeys."""

from kit.egress import EgressPolicy
from services.admin.domain import errors


class OutboundUrls:
    """The port Urls. Only looks names up: nothing is connected to."""

    def __init__(self, policy: EgressPolicy) -> None:
        self._policy = policy

    async def check(self, field: str, url: str) -> None:
        from kit.outbound import NotAllowed, Outbound  # 15 MB that an admin without credentials need not load

        try:
            await Outbound(self._policy).check(url)
        except NotAllowed as error:
            raise errors.UrlNotAllowed(field, str(error)) from error
