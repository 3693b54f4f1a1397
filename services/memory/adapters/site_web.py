"""Asks the servers of sites: politely, conditionally, and only where an `EgressPolicy` permits."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta

from kit.backoff import retry_after
from kit.egress import EgressPolicy
from services.memory.adapters.reading.decoding import NotText, decode
from services.memory.domain import addresses, robots
from services.memory.domain.documents import MAX_PAGE_BYTES
from services.memory.domain.problems import without_user
from services.memory.domain.sites import Problem
from services.memory.ports.sites import Answer, PageFailed

TOTAL_SECONDS = 20.0
MAX_SITEMAP_BYTES = 20_000_000
MAX_WAIT_SECONDS = 86_400
"""Of what a server asks for."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_HEADERS = {
    "user-agent": "Frontdesk (crawls sites that an organization listed as knowledge)",
    "accept": "text/html, text/*;q=0.9, */*;q=0.5",
}
_MARK = b"\xef\xbb\xbf"


class HttpSiteWeb:
    """Implements SiteWeb."""

    def __init__(self, policy: EgressPolicy, seconds: float = TOTAL_SECONDS) -> None:
        self._policy = policy
        self._seconds = seconds

    async def ask(self, address: str, etag: str = "", modified: str = "") -> Answer:
        conditions = {"if-none-match": etag, "if-modified-since": modified}
        return await self._ask(
            address,
            {name: value for name, value in conditions.items() if value},
            MAX_PAGE_BYTES,
            follows=_within(addresses.key),
        )

    async def ask_robots(self, address: str) -> Answer:
        return await self._ask(address, {"accept": "text/plain, */*;q=0.5"}, robots.MAX_BYTES, cut=True, follows=_always)

    async def ask_sitemap(self, address: str) -> Answer:
        accept = {"accept": "application/xml, text/xml, text/plain, */*;q=0.5"}
        return await self._ask(address, accept, MAX_SITEMAP_BYTES, follows=_within(addresses.host))

    async def _ask(
        self, address: str, headers: dict[str, str], max_bytes: int, *, follows: Callable[[str, str], bool], cut: bool = False
    ) -> Answer:
        from kit import outbound  # 15 MB that a service without sites never needs

        try:
            response = await outbound.Outbound(self._policy).request(
                "GET",
                address,
                headers=_HEADERS | headers,
                seconds=self._seconds,
                max_bytes=max_bytes,
                follows=follows,
                cut=cut,
            )
        except outbound.NotAllowed as error:
            raise PageFailed(_failed("ADDRESS_NOT_ALLOWED", address, f"is not fetched: {error}")) from None
        except outbound.TooLarge as error:
            told = f"has more than {error.limit:,} bytes; split it, or exclude its path."
            raise PageFailed(_failed("DOCUMENT_TOO_LARGE", address, told)) from None
        except outbound.OutboundError as error:
            temporary = isinstance(error, outbound.Unreachable)
            problem = _failed("FETCH_FAILED", address, f"could not be fetched: {error}")
            raise PageFailed(problem, is_temporary=temporary) from None

        def header(name: str) -> str:
            """Without the bytes that are no UTF-8, which no store takes."""
            return response.headers.get(name, "").encode("utf-8", "replace").decode()

        marks = [value for name, value in response.headers.items() if name.lower() == "x-robots-tag"]  # there may be several
        media_type = header("content-type")
        said = _CHARSET.search(media_type)
        redirect = ""
        if response.status in (301, 302, 303, 307, 308):
            redirect = addresses.normalize(response.headers.get("location", ""), response.url)
        return Answer(
            address=addresses.normalize(response.url) or address,
            status=response.status,
            redirect=redirect,
            content=response.content,
            media_type=media_type,
            charset=said[1] if said else "",
            etag=header("etag")[:500],
            modified=header("last-modified")[:100],
            retry_after=_wait(header("retry-after")),
            noindex=any(robots.directives(mark) & {"noindex", "none"} for mark in marks),
        )


async def with_mark(content: bytes, charset: str) -> bytes:
    """A text whose encoding only its server's answer names, so that it can be read without that."""
    if not charset or charset.lower() in ("utf-8", "utf8") or content.startswith(_MARK):
        return content
    try:
        return _MARK + (await asyncio.to_thread(decode, content, said=charset, html=True)).encode()
    except NotText:
        return content


def _failed(reason: str, address: str, what: str) -> Problem:
    return Problem(reason, f"{without_user(address)} {what}")


def _always(at: str, to: str) -> bool:
    """The file of a site's rules may be on another host."""
    return True


def _within(same: Callable[[str], str]) -> Callable[[str, str], bool]:
    """Redirects that lead to the same thing are followed; others are left to the crawl."""
    return lambda at, to: same(addresses.normalize(at)) == same(addresses.normalize(to))


def _wait(value: str) -> timedelta | None:
    seconds = retry_after(value)
    return None if seconds is None else timedelta(seconds=min(seconds, MAX_WAIT_SECONDS))
