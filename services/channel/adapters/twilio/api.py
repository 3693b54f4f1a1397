"""Twilio's REST API by its own HTTP client, and what each outcome of a call means for what was sent."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urljoin

import aiohttp
import msgspec
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response

from kit.backoff import retry_after
from kit.foreign_json import UNREADABLE
from services.channel.domain.deliveries import CALL
from services.channel.domain.providers import OutcomeUnknown, RateLimited, Refused, Unauthorized

VERSION = "2010-04-01"
MAX_PAGES = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Credentials:
    """The account of a call: its SID and its auth token."""

    account: str
    token: str = field(repr=False)

    @property
    def header(self) -> str:
        """Basic authentication."""
        return "Basic " + base64.b64encode(f"{self.account}:{self.token}".encode()).decode()


class Problem(msgspec.Struct):
    """How Twilio says that a call failed: "Twilio's Response", Exceptions."""

    code: int | None = None
    message: str = ""


class _Next(msgspec.Struct):
    next_page_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A call that succeeded."""

    body: bytes

    def parsed(self, kind: type[T]) -> T:
        """The body as a value. Raises OutcomeUnknown when it is something else: then no one knows what happened."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except UNREADABLE as error:
            raise OutcomeUnknown(f"Twilio's answer cannot be read: {error}") from error


class Api:
    """Calls are made once and never repeated here: only its caller knows what may be."""

    def __init__(self, base_url: str, call: timedelta = CALL) -> None:
        """Needs a running event loop. `base_url`: `https://api.twilio.com`, or what stands in for it."""
        self._base = f"{base_url.rstrip('/')}/{VERSION}/Accounts/"
        # A connection for each call: on one that was kept, a close by the other side looks like an answer that got lost.
        self._http = AsyncTwilioHttpClient(pool_connections=False)
        self._http.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True), cookie_jar=aiohttp.DummyCookieJar()
        )
        self._seconds = call.total_seconds()

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.close()

    async def post(self, credentials: Credentials, path: str, form: Mapping[str, str]) -> Answer:
        """Creates something below the account. Raises ProviderError."""
        return await self._call("POST", self._url(credentials, path), credentials, form=form)

    async def get(self, credentials: Credentials, path: str, params: Mapping[str, str]) -> Answer:
        """Reads something below the account. Raises ProviderError."""
        return await self._call("GET", self._url(credentials, path), credentials, params=params)

    async def pages(self, credentials: Credentials, path: str, params: Mapping[str, str]) -> AsyncIterator[Answer]:
        """The pages of a list, one after the other: "Twilio's Response", Pagination."""
        url, answer = self._url(credentials, path), await self.get(credentials, path, params)
        for _ in range(MAX_PAGES):
            yield answer
            uri = answer.parsed(_Next).next_page_uri
            if not uri:
                return
            answer = await self._call("GET", urljoin(url, uri), credentials)

    def _url(self, credentials: Credentials, path: str) -> str:
        return self._base + credentials.account + (path if path.startswith(".") else f"/{path}")

    async def _call(
        self,
        method: str,
        url: str,
        credentials: Credentials,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._http.request(
                    method,
                    url,
                    params=dict(params) if params else None,
                    data=dict(form) if form else None,
                    headers={"Authorization": credentials.header},
                )
        except aiohttp.ClientConnectorError as error:  # nothing was sent
            raise RateLimited(f"Twilio cannot be reached: {error}") from error
        except TimeoutError as error:
            raise OutcomeUnknown(f"Twilio did not answer within {self._seconds:.0f} s.") from error
        except (aiohttp.ClientError, OSError) as error:
            raise OutcomeUnknown(f"The connection to Twilio broke: {error!r}") from error
        return _judged(response)


def _judged(response: Response) -> Answer:
    """The answer of a call that succeeded. 4xx were certainly not accepted; of 5xx, and of a proxy's 408, no one knows."""
    status = response.status_code
    body = (response.text or "").encode()
    if 200 <= status < 300:
        return Answer(body)
    words = _words(status, body)
    if status == 429:
        raise RateLimited(words, _retry_after(response))
    if status in (401, 403):
        raise Unauthorized(words)
    if 400 <= status < 500 and status != 408:
        raise Refused(words)
    raise OutcomeUnknown(words)


def _words(status: int, body: bytes) -> str:
    try:
        told = msgspec.json.decode(body, type=Problem)
    except UNREADABLE:
        return f"HTTP {status} from Twilio."
    return f"{told.code}: {told.message}" if told.code else f"HTTP {status} from Twilio. {told.message}"


def _retry_after(response: Response) -> timedelta | None:
    headers = response.headers or {}
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    seconds = retry_after(str(value))
    return None if seconds is None else timedelta(seconds=min(seconds, 300))
