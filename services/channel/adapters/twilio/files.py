"""The files of customers' messages, as Twilio keeps them: "Media subresource".

Twilio keeps a file until its owner deletes it there. A request for one is redirected to an address at another host that works
for four hours. That host gets no credentials.
"""

import re

import msgspec

from kit.foreign_json import UNREADABLE
from kit.outbound import NotAllowed, Outbound, OutboundError, Response, TooLarge
from services.channel.adapters.twilio.api import VERSION, Credentials
from services.channel.domain.providers import OutcomeUnknown, RateLimited, Refused, Unauthorized

FETCH_SECONDS = 60.0
MAX_LIST_BYTES = 1 << 20
_MEDIA_URL = re.compile(r"/Messages/((?:SM|MM)[0-9a-fA-F]{32})/Media/(ME[0-9a-fA-F]{32})$")
_REFERENCE = re.compile(r"((?:SM|MM)[0-9a-fA-F]{32})/(?:(ME[0-9a-fA-F]{32})|([0-9]))")


class _Media(msgspec.Struct):
    sid: str


class _Page(msgspec.Struct):
    media_list: list[_Media]


def reference(message: str, number: int, url: str = "") -> str:
    """Names the n-th file of a message: by ids, never by an address, so that no other address can be called."""
    found = _MEDIA_URL.search(url)
    return f"{found[1]}/{found[2]}" if found else f"{message}/{number}"


class Files:
    """Fetches files. `outbound` guards all addresses, also those that Twilio redirects to."""

    def __init__(self, base_url: str, outbound: Outbound) -> None:
        self._base = f"{base_url.rstrip('/')}/{VERSION}/Accounts/"
        self._outbound = outbound

    async def fetch(self, credentials: Credentials, known_by: str, max_bytes: int) -> bytes:
        """The bytes of a file. Raises Refused, RateLimited (or Unauthorized) or OutcomeUnknown."""
        parts = _REFERENCE.fullmatch(known_by)
        if parts is None:
            raise Refused("Twilio names no file that can be fetched.")
        message, media, number = parts.groups()
        folder = f"{self._base}{credentials.account}/Messages/{message}/Media"
        if media is None:
            media = _nth(await self._get(credentials, folder + ".json", MAX_LIST_BYTES), int(number))
        return await self._get(credentials, f"{folder}/{media}", max_bytes)

    async def _get(self, credentials: Credentials, url: str, max_bytes: int) -> bytes:
        headers = {"authorization": credentials.header}
        try:
            response = await self._outbound.request("GET", url, headers=headers, seconds=FETCH_SECONDS, max_bytes=max_bytes)
        except TooLarge as error:
            raise Refused(f"The file is too large: {error}") from error
        except NotAllowed as error:
            raise Refused(f"The file can't be fetched from Twilio: {error}") from error
        except OutboundError as error:
            raise OutcomeUnknown(f"The file can't be fetched from Twilio: {error}") from error
        return _judged(response)


def _judged(response: Response) -> bytes:
    if 200 <= response.status < 300:
        return response.content
    words = f"HTTP {response.status} from Twilio."
    if response.status in (401, 403):
        raise Unauthorized(words)
    if response.status in (404, 410):
        raise Refused("Twilio no longer has the file.")
    if response.status == 429:
        raise RateLimited(words)
    raise OutcomeUnknown(words)


def _nth(body: bytes, number: int) -> str:
    try:
        found = msgspec.json.decode(body, type=_Page).media_list
    except UNREADABLE as error:
        raise OutcomeUnknown("Twilio's list of files cannot be read.") from error
    if number >= len(found) or not re.fullmatch(r"ME[0-9a-fA-F]{32}", found[number].sid):
        raise Refused("Twilio no longer has the file.")
    return found[number].sid
