"""Fetches web pages, and only from where an `EgressPolicy` permits: a document's address must not lead into our network."""

import re
from urllib.parse import urlsplit

from kit.egress import EgressPolicy
from services.memory.domain import problems
from services.memory.domain.documents import MAX_PAGE_BYTES, media_type_of
from services.memory.ports import Fetched

TOTAL_SECONDS = 20.0
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_HEADERS = {
    "user-agent": "Frontdesk (reads pages that its organization listed as documents)",
    "accept": "text/html, text/*;q=0.9, */*;q=0.5",
}


class WebPages:
    """Implements Pages."""

    def __init__(self, policy: EgressPolicy, seconds: float = TOTAL_SECONDS, most_bytes: int = MAX_PAGE_BYTES) -> None:
        self._policy = policy
        self._seconds = seconds
        self._most_bytes = most_bytes

    async def fetch(self, uri: str) -> Fetched:
        from kit import outbound  # 15 MB that a service whose documents are texts and files never needs

        try:
            response = await outbound.Outbound(self._policy).request(
                "GET", uri, headers=_HEADERS, seconds=self._seconds, max_bytes=self._most_bytes
            )
        except outbound.NotAllowed as error:
            raise problems.AddressNotAllowed(uri, str(error)) from None
        except outbound.TooLarge as error:
            raise problems.DocumentTooLarge("bytes", error.limit) from None
        except outbound.OutboundError as error:
            raise problems.FetchFailed(uri, str(error)) from None
        if response.status != 200:
            raise problems.FetchFailed(uri, f"the server answers {response.status}.", response.status)
        media_type = media_type_of(response.content, urlsplit(uri).path, response.media_type)
        if media_type is None:
            raise problems.MediaTypeUnsupported(response.media_type)
        said = _CHARSET.search(response.media_type)
        return Fetched(response.content, media_type, said[1] if said else "")
