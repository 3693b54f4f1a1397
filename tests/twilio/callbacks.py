"""Twilio's signed webhooks, and their retries.

"Webhooks (HTTP callbacks): Connection Overrides": 5 s to connect, 15 s to answer and 15 s for everything, one more try, and
that only when the connection could not be made. The address's fragment may say otherwise (`#rc=3&rp=all`); it is neither sent
nor signed.
"Secure webhooks": HMAC-SHA1 of the address and the sorted fields, by the account's auth token.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from twilio.request_validator import RequestValidator


@dataclass(frozen=True)
class Overrides:
    """How a webhook is tried."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})
    """The failures that are retried: `ct` no connection, `rt` no answer, `4xx`, `5xx`, or `all`."""

    @classmethod
    def of(cls, url: str) -> Overrides:
        """Those that an address states."""
        said = dict(parse_qsl(urlsplit(url).fragment))
        return cls(
            connect=int(said.get("ct", 5_000)) / 1000,
            read=int(said.get("rt", 15_000)) / 1000,
            total=int(said.get("tt", 15_000)) / 1000,
            retries=int(said.get("rc", 1)),
            policy=frozenset(said.get("rp", "ct").split(",")),
        )

    def repeats(self, outcome: int | str) -> bool:
        """Whether an outcome is worth another try."""
        kind = f"{outcome // 100}xx" if isinstance(outcome, int) else outcome
        return kind in ("4xx", "5xx", "ct", "rt") and ("all" in self.policy or kind in self.policy)


def signed(url: str, fields: Mapping[str, str], token: str) -> str:
    """The signature of a form."""
    return str(RequestValidator(token).compute_signature(url, dict(fields)))


async def send(http: aiohttp.ClientSession, url: str, fields: Mapping[str, str], token: str) -> list[int | str]:
    """Sends one webhook with its retries; returns the outcome of each try: a status, `ct` or `rt`."""
    overrides, address = Overrides.of(url), urlunsplit(urlsplit(url)._replace(fragment=""))
    headers = {"X-Twilio-Signature": signed(address, fields, token), "I-Twilio-Idempotency-Token": secrets.token_hex(16)}
    outcomes: list[int | str] = []
    until = asyncio.get_running_loop().time() + overrides.total
    while len(outcomes) <= overrides.retries:
        left = until - asyncio.get_running_loop().time()
        if left <= 0:
            break
        outcomes.append(await _try(http, address, fields, headers, overrides, left))
        if not overrides.repeats(outcomes[-1]):
            break
    return outcomes


async def send_json(http: aiohttp.ClientSession, url: str, document: Mapping[str, str], token: str) -> int | str:
    """Sends one webhook as JSON: the body's hash is in the address, and the address is signed."""
    body = json.dumps(document)
    glue = "&" if urlsplit(url).query else "?"
    address = f"{url}{glue}bodySHA256={sha256(body.encode()).hexdigest()}"
    headers = {"X-Twilio-Signature": signed(address, {}, token), "Content-Type": "application/json"}
    async with http.post(URL(address, encoded=True), data=body, headers=headers) as response:
        return response.status


async def _try(
    http: aiohttp.ClientSession,
    address: str,
    fields: Mapping[str, str],
    headers: Mapping[str, str],
    overrides: Overrides,
    left: float,
) -> int | str:
    timeout = aiohttp.ClientTimeout(total=left, sock_connect=overrides.connect, sock_read=overrides.read)
    try:
        async with http.post(
            URL(address, encoded=True), data=dict(fields), headers=CIMultiDict(headers), timeout=timeout
        ) as response:
            await response.read()
            return response.status
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        return "ct"
    except (aiohttp.ClientError, TimeoutError):
        return "rt"
