"""SiteService."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

from frontdesk.memory import v1 as pb
from google.protobuf.empty_pb2 import Empty

from kit import caller, pages, streams
from kit.interceptors import Context
from services.memory.app.sites import SiteApp
from services.memory.convert import organization_from_pb
from services.memory.convert import sites as convert
from services.memory.domain.sites import Crawl

LOOK_SECONDS = 1.0
"""How often a watched crawl is looked at: it reads about a page a second."""
HEARTBEAT_SECONDS = 20.0
FRAME = 100
"""Pages in a frame."""


class SiteServicer(pb.SiteServiceServicer):
    """Manages sites and their crawls."""

    def __init__(self, sites: SiteApp, draining: asyncio.Event, look_seconds: float = LOOK_SECONDS) -> None:
        self._sites = sites
        self._draining = draining
        self._look_seconds = look_seconds

    async def CreateSite(self, request: pb.CreateSiteRequest, context: Context) -> pb.Site:
        organization, given = organization_from_pb(request.parent), convert.new_site_from_pb(request.site)
        return convert.site_to_pb(await self._sites.create_site(organization, request.site_id, given, request.request_id))

    async def GetSite(self, request: pb.GetSiteRequest, context: Context) -> pb.Site:
        return convert.site_to_pb(await self._sites.get_site(*convert.site_name_from_pb(request.name)))

    async def ListSites(self, request: pb.ListSitesRequest, context: Context) -> pb.ListSitesResponse:
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._sites.list_sites, organization_from_pb(request.parent)),
            lambda site: pages.ByTime(site.created, site.id),
            filter=request.parent,
        )
        return pb.ListSitesResponse(sites=map(convert.site_to_pb, found), next_page_token=more)

    async def UpdateSite(self, request: pb.UpdateSiteRequest, context: Context) -> pb.Site:
        organization, id = convert.site_name_from_pb(request.site.name)
        change = convert.site_change_from_pb(request)
        return convert.site_to_pb(await self._sites.update_site(organization, id, change, request.site.etag))

    async def DeleteSite(self, request: pb.DeleteSiteRequest, context: Context) -> Empty:
        await self._sites.delete_site(*convert.site_name_from_pb(request.name), request.etag)
        return Empty()

    async def CrawlSite(self, request: pb.CrawlSiteRequest, context: Context) -> pb.Crawl:
        organization, site = convert.site_name_from_pb(request.name)
        return convert.crawl_to_pb(organization, site, await self._sites.crawl_site(organization, site, request.request_id))

    async def CancelCrawl(self, request: pb.CancelCrawlRequest, context: Context) -> pb.Crawl:
        organization, site, crawl = convert.crawl_name_from_pb(request.name)
        return convert.crawl_to_pb(organization, site, await self._sites.cancel_crawl(organization, site, crawl))

    async def GetCrawl(self, request: pb.GetCrawlRequest, context: Context) -> pb.Crawl:
        organization, site, crawl = convert.crawl_name_from_pb(request.name)
        return convert.crawl_to_pb(organization, site, await self._sites.get_crawl(organization, site, crawl))

    async def ListCrawls(self, request: pb.ListCrawlsRequest, context: Context) -> pb.ListCrawlsResponse:
        organization, site = convert.site_name_from_pb(request.parent)
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._sites.list_crawls, organization, site),
            lambda crawl: pages.ByTime(crawl.created, crawl.id),
            filter=request.parent,
        )
        crawls = [convert.crawl_to_pb(organization, site, crawl) for crawl in found]
        return pb.ListCrawlsResponse(crawls=crawls, next_page_token=more)

    async def ListCrawlPages(self, request: pb.ListCrawlPagesRequest, context: Context) -> pb.ListCrawlPagesResponse:
        names, state = convert.crawl_name_from_pb(request.parent), convert.page_state_from_pb(request.state)
        found, more = await pages.page(
            request,
            pages.ByNumber,
            lambda after, limit: self._sites.list_pages(*names, state, after.number if after else 0, limit),
            lambda page: pages.ByNumber(page.number),
            filter=f"{request.parent} {request.state}",
        )
        shown = [convert.crawl_page_to_pb(names[0], page) for page in found]
        return pb.ListCrawlPagesResponse(pages=shown, next_page_token=more)

    async def WatchCrawl(self, request: pb.WatchCrawlRequest, context: Context) -> AsyncIterator[pb.WatchCrawlResponse]:
        names = convert.crawl_name_from_pb(request.name)
        end = time.monotonic() + streams.seconds_left(caller.current())
        after, sent, spoke = _position(request.resume_token), None, time.monotonic()
        while True:
            crawl, done = await self._sites.progress(*names, after, FRAME)
            if after > crawl.position:
                raise streams.ResumeTokenExpired(resume_token=request.resume_token)
            if done or crawl != sent:
                after = done[-1].position if done else after
                shown = [convert.crawl_page_to_pb(names[0], page) for page in done]
                progress = pb.WatchCrawlResponse.Progress(crawl=convert.crawl_to_pb(*names[:2], crawl), pages=shown)
                yield pb.WatchCrawlResponse(resume_token=str(after), progress=progress)
                sent, spoke = crawl, time.monotonic()
            elif time.monotonic() - spoke >= HEARTBEAT_SECONDS:
                yield pb.WatchCrawlResponse(resume_token=str(after), heartbeat={})
                spoke = time.monotonic()
            if len(done) == FRAME:
                continue
            if _has_ended(crawl):
                return
            if self._draining.is_set() or time.monotonic() >= end:
                raise streams.StreamEnded(resume_token=str(after))
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_seconds):
                    await self._draining.wait()


def _position(token: str) -> int:
    if not token:
        return 0
    if not token.isascii() or not token.isdigit() or len(token) > 15:
        raise streams.ResumeTokenExpired(resume_token=token)
    return int(token)


def _has_ended(crawl: Crawl) -> bool:
    return not crawl.state.is_open
