"""A web site on this machine that tests change, and a crawler that runs as fast as it can."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from aiohttp import web

from kit.clock import utc_now
from kit.egress import EgressPolicy
from kit.jobs import LeaseLost
from services.memory.adapters.postgres_crawling import PostgresCrawling
from services.memory.adapters.postgres_sites import PostgresSites
from services.memory.adapters.redis_hints import LocalHints
from services.memory.adapters.site_web import HttpSiteWeb
from services.memory.app.crawling import Crawler
from services.memory.app.indexing import Indexer
from services.memory.app.sites import SiteApp
from services.memory.app.sweeping import Sweeper
from services.memory.domain.sites import Crawl, CrawlPage, PageState, Site, SiteChange
from services.memory.ports import INDEXING
from services.memory.ports.sites import CRAWLS
from tests.contract.memory.conftest import ACME, Store
from tests.fakes.memory import DirectReader, DirectScanner, HashEmbedder, NoPages

LOOPBACK = EgressPolicy.of("127.0.0.0/8")
MOMENT = timedelta(0)
MORE = "This is one of the help pages of a small shop, which sells boots, socks and tents to people who hike. " * 5
"""So that most of a page is not its links."""


def page(text: str, *links: str, head: str = "") -> str:
    """An HTML page with links."""
    shown = "".join(f'<a href="{link}">{link}</a> ' for link in links)
    main = f"<main><p>{text}</p><p>{MORE}</p></main>"
    return f"<html><head><title>{text[:20]}</title>{head}</head><body>{main}<nav>{shown}</nav></body></html>"


@dataclass
class Web:
    """A site whose pages are texts by their path and query, or functions that answer."""

    url: str = ""
    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    conditional: bool = True
    at_once: int = 0
    most_at_once: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path_qs
        self.asked.append(path)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._answer(request, path)
        finally:
            self.at_once -= 1

    async def _answer(self, request: web.Request, path: str) -> web.StreamResponse:
        found = self.pages.get(path, self.pages.get(request.path) if callable(self.pages.get(request.path)) else None)
        if callable(found):
            answered: web.StreamResponse = await found(request) if asyncio.iscoroutinefunction(found) else found(request)
            return answered
        if found is None:
            return web.Response(status=404, text="not found")
        if isinstance(found, bytes):
            return web.Response(body=found)
        etag = f'"{hash(found)}"'
        if self.conditional and request.headers.get("if-none-match") == etag:
            return web.Response(status=304, headers={"etag": etag})
        return web.Response(text=found, content_type="text/html", headers={"etag": etag} if self.conditional else {})


@asynccontextmanager
async def serving(pages: dict[str, Any]) -> AsyncIterator[Web]:
    """Serves a site."""
    site = Web(pages=pages)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    tcp = web.TCPSite(runner, "127.0.0.1", 0)
    await tcp.start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()


class Crawls:
    """Sites of memory on real stores, crawled step by step."""

    def __init__(self, store: Store, **more: Any) -> None:
        self.store = store
        self.sites = SiteApp(PostgresSites(store.database, store.jobs), lambda: None, utc_now, max_sites=3)
        self.crawler = self.worker(**more)
        self.indexer = Indexer(
            texts=store.texts,
            indexing=store.indexing,
            reader=DirectReader(),
            pages=NoPages(),
            embedder=HashEmbedder(),
            hints=LocalHints(lambda organization: None),
            now=utc_now,
        )
        self.sweeper = Sweeper(store.documents, store.texts, timedelta(0))

    def worker(self, max_documents: int = 1000, seconds: float = 5.0, **more: Any) -> Crawler:
        """Another worker, as of another process."""
        rules = {"pause": MOMENT, "hold": MOMENT, "retry_pause": MOMENT} | more
        return Crawler(
            crawling=PostgresCrawling(self.store.database, self.store.jobs, self.store.documents, utc_now, max_documents),
            web=HttpSiteWeb(LOOPBACK, seconds),
            scanner=DirectScanner(),
            documents=self.store.documents,
            texts=self.store.texts,
            hints=LocalHints(lambda organization: None),
            wake=lambda: None,
            **rules,
        )

    async def create(self, start: str, id: str = "help", **values: Any) -> Site:
        """A site, whose first crawl waits."""
        return await self.sites.create_site(ACME, id, replace(SiteChange(start=start), **values), f"r-{id}")

    async def steps(self, most: int = 10_000, until: Callable[[], bool] = lambda: False) -> int:
        """Does the steps that are due, and those that are soon; returns how many."""
        for count in range(most):
            if until():
                return count
            claimed = await self.store.jobs.look(CRAWLS, 1)
            if not claimed.jobs:
                if claimed.next_due is None or claimed.next_due > 1:
                    return count
                await asyncio.sleep(max(claimed.next_due, 0.001))
                continue
            (job,) = claimed.jobs
            with suppress(LeaseLost):
                await self.store.jobs.settle(CRAWLS, job, await self.crawler.run(job))
        return most

    async def crawl(self, site: Site, request_id: str = "") -> Crawl:
        """Crawls until the crawl has ended; with a `request_id`, once more."""
        if request_id:
            await self.sites.crawl_site(ACME, site.id, request_id)
        await self.steps()
        latest = await self.sites.get_site(ACME, site.id)
        return await self.sites.get_crawl(ACME, site.id, latest.crawl)

    async def index(self) -> None:
        """Indexes all documents that wait."""
        while jobs := await self.store.jobs.claim(INDEXING, 10):
            for job in jobs:
                await self.store.jobs.settle(INDEXING, job, await self.indexer.run(job))

    async def texts(self) -> list[str]:
        """The first lines of all published passages."""
        return sorted(item.passage.text.partition("\n")[0] for item in await self.store.live())

    async def pages(self, site: Site, state: PageState | None = None) -> list[CrawlPage]:
        """The addresses of the latest crawl."""
        latest = await self.sites.get_site(ACME, site.id)
        return list(await self.sites.list_pages(ACME, site.id, latest.crawl, state, 0, 10_000))

    async def results(self, site: Site, url: str) -> dict[str, str]:
        """Each path with its state, or the reason for it."""
        told = {}
        for found in await self.pages(site):
            told[found.address.removeprefix(url)] = found.problem.reason if found.problem else found.state.value
        return told

    async def documents(self, site: Site) -> dict[str, int]:
        """The documents of a site: their addresses with their revisions."""
        found = await self.store.documents.newest(ACME, None, site.id, None, 1000)
        return {document.link: document.revision for document in found}
