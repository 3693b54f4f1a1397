"""The use cases of sites: managing them, and following their crawls. The crawling itself is in `crawling`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kit import ids
from kit.clock import Clock
from kit.ids import OrganizationId
from services.memory.domain import addresses, sites
from services.memory.domain.documents import SiteId
from services.memory.domain.sites import MAX_SITES, Crawl, CrawlId, CrawlPage, PageState, Site, SiteChange
from services.memory.ports.sites import Sites

NEVER = timedelta(0)


@dataclass(frozen=True)
class SiteApp:
    """Everything a caller can ask about sites."""

    store: Sites
    wake: Callable[[], None]
    """Says that a site has something to do."""
    now: Clock
    max_sites: int = MAX_SITES

    async def create_site(self, organization: OrganizationId, id: str, given: SiteChange, request_id: str) -> Site:
        """Stores a site and begins its first crawl; the same `request_id` returns the first one. Raises StartAddressInvalid."""
        now = self.now()
        change = _checked(given)
        assert change.start is not None
        blank = Site(organization, SiteId(id or ids.new()), "", change.start, now, now, revision=0)
        site = sites.revised(blank, change, now)
        named = replace(site, display_name=site.display_name or addresses.host(site.start)[:200])
        stored = await self.store.create(named, request_id, self.max_sites)
        self.wake()
        return stored

    async def get_site(self, organization: OrganizationId, id: SiteId) -> Site:
        """Raises SiteNotFound."""
        return await self.store.get(organization, id)

    async def list_sites(self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int) -> Sequence[Site]:
        """Newest first."""
        return await self.store.newest(organization, before, limit)

    async def update_site(self, organization: OrganizationId, id: SiteId, change: SiteChange, etag: str) -> Site:
        """Raises SiteNotFound, SiteChanged or StartAddressInvalid."""
        current = await self.store.get(organization, id)
        if etag and etag != current.etag:
            raise sites.SiteChanged(name_of(organization, id))
        site = sites.revised(current, _checked(change), self.now())
        named = replace(site, display_name=site.display_name or addresses.host(site.start)[:200])
        await self.store.replace(named, current.revision)
        self.wake()
        return await self.store.get(organization, id)

    async def delete_site(self, organization: OrganizationId, id: SiteId, etag: str) -> None:
        """Deletes a site with all that belongs to it, in the background. Raises SiteNotFound or SiteChanged."""
        revision = None
        if etag:
            current = await self.store.get(organization, id)
            if etag != current.etag:
                raise sites.SiteChanged(name_of(organization, id))
            revision = current.revision
        await self.store.delete(organization, id, revision)
        self.wake()

    async def crawl_site(self, organization: OrganizationId, id: SiteId, request_id: str) -> Crawl:
        """Begins a crawl, or returns the one that is open. Raises SiteNotFound."""
        crawl = await self.store.begin_crawl(organization, id, request_id)
        self.wake()
        return crawl

    async def cancel_crawl(self, organization: OrganizationId, id: SiteId, crawl: CrawlId) -> Crawl:
        """Ends a crawl; one that has ended stays as it is. Raises CrawlNotFound."""
        cancelled = await self.store.cancel_crawl(organization, id, crawl)
        self.wake()
        return cancelled

    async def get_crawl(self, organization: OrganizationId, id: SiteId, crawl: CrawlId) -> Crawl:
        """Raises CrawlNotFound."""
        return await self.store.crawl(organization, id, crawl)

    async def list_crawls(
        self, organization: OrganizationId, id: SiteId, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Crawl]:
        """Newest first. Raises SiteNotFound."""
        return await self.store.crawls(organization, id, before, limit)

    async def list_pages(
        self, organization: OrganizationId, id: SiteId, crawl: CrawlId, state: PageState | None, after: int, limit: int
    ) -> Sequence[CrawlPage]:
        """In the order in which they were found. Raises CrawlNotFound."""
        await self.store.crawl(organization, id, crawl)
        return await self.store.pages(organization, id, crawl, state, after, limit)

    async def progress(
        self, organization: OrganizationId, id: SiteId, crawl: CrawlId, after: int, limit: int
    ) -> tuple[Crawl, Sequence[CrawlPage]]:
        """A crawl, and at most `limit` of its results with a position above `after`. Raises CrawlNotFound."""
        seen = await self.store.crawl(organization, id, crawl)
        return seen, await self.store.results(organization, id, crawl, after, limit)


def _checked(change: SiteChange) -> SiteChange:
    return change if change.start is None else replace(change, start=sites.start_address(change.start))


def name_of(organization: OrganizationId, site: SiteId) -> str:
    """A site's resource name."""
    return f"organizations/{organization}/sites/{site}"
