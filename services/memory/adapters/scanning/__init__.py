"""Scans pages and sitemaps in child processes, so that none can stop, slow or take over the service."""

import msgspec

from kit.foreign_json import UNREADABLE
from services.memory.adapters import children
from services.memory.adapters.scanning.__main__ import Order, Scanned
from services.memory.domain import problems
from services.memory.domain.documents import MediaType
from services.memory.domain.sites import Listing, Scan, Site

SCAN_SECONDS = 30.0


class ChildScanner:
    """Implements Scanner: one process per page (see `children`)."""

    def __init__(self, seconds: float = SCAN_SECONDS) -> None:
        self._seconds = seconds

    async def scan_page(self, content: bytes, charset: str, address: str, start: str) -> Scan:
        scanned = await self._in_child(Order(address=address, start=start, charset=charset), content)
        if scanned.scan is None:
            raise problems.DocumentUnreadable(MediaType.HTML.value, scanned.problem)
        return scanned.scan

    async def scan_sitemap(self, content: bytes, site: Site, limit: int) -> Listing:
        order = Order(start=site.start, include=site.include, exclude=site.exclude, limit=limit)
        scanned = await self._in_child(order, content)
        return scanned.listing or Listing(problem=scanned.problem)

    async def _in_child(self, order: Order, content: bytes) -> Scanned:
        arguments = (msgspec.json.encode(order).decode(),)
        try:
            output, _ = await children.run("services.memory.adapters.scanning", arguments, content, self._seconds)
            return msgspec.json.decode(output, type=Scanned)
        except (TimeoutError, *UNREADABLE):
            return Scanned(problem="it needs more time or memory than it may take.")
