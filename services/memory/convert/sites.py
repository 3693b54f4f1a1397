"""Sites and crawls to protobuf and back."""

from datetime import timedelta

from frontdesk.memory import v1 as pb

from kit import names
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from services.memory.domain.documents import SiteId
from services.memory.domain.problems import FieldNotUpdatable
from services.memory.domain.sites import (
    Crawl,
    CrawlId,
    CrawlPage,
    CrawlState,
    Discovery,
    PageState,
    Problem,
    Site,
    SiteChange,
)

UPDATABLE = (
    *("display_name", "start_uri", "include_paths", "exclude_paths", "max_depth", "max_pages", "discovery"),
    "crawl_interval",
)
_DISCOVERIES = {
    Discovery.BOTH: pb.DISCOVERY_SITEMAPS_AND_LINKS,
    Discovery.LINKS: pb.DISCOVERY_LINKS,
    Discovery.SITEMAPS: pb.DISCOVERY_SITEMAPS,
}
_DISCOVERIES_BACK = {number: discovery for discovery, number in _DISCOVERIES.items()}
_CRAWL_STATES = {
    CrawlState.PENDING: pb.CRAWL_STATE_PENDING,
    CrawlState.RUNNING: pb.CRAWL_STATE_RUNNING,
    CrawlState.SUCCEEDED: pb.CRAWL_STATE_SUCCEEDED,
    CrawlState.FAILED: pb.CRAWL_STATE_FAILED,
    CrawlState.CANCELLED: pb.CRAWL_STATE_CANCELLED,
}
_PAGE_STATES = {
    PageState.WAITING: pb.CRAWL_PAGE_STATE_WAITING,
    PageState.NEW: pb.CRAWL_PAGE_STATE_NEW,
    PageState.CHANGED: pb.CRAWL_PAGE_STATE_CHANGED,
    PageState.UNCHANGED: pb.CRAWL_PAGE_STATE_UNCHANGED,
    PageState.GONE: pb.CRAWL_PAGE_STATE_GONE,
    PageState.FAILED: pb.CRAWL_PAGE_STATE_FAILED,
    PageState.SKIPPED: pb.CRAWL_PAGE_STATE_SKIPPED,
}
_PAGE_STATES_BACK = {number: state for state, number in _PAGE_STATES.items()}


def site_name_from_pb(name: str) -> tuple[OrganizationId, SiteId]:
    """The ids in a site's name."""
    parts = names.parse("organizations/{organization}/sites/{site}", name)
    return OrganizationId(parts["organization"]), SiteId(parts["site"])


def crawl_name_from_pb(name: str) -> tuple[OrganizationId, SiteId, CrawlId]:
    """The ids in a crawl's name."""
    parts = names.parse("organizations/{organization}/sites/{site}/crawls/{crawl}", name)
    return OrganizationId(parts["organization"]), SiteId(parts["site"]), CrawlId(parts["crawl"])


def page_state_from_pb(state: int) -> PageState | None:
    """None: any state."""
    return _PAGE_STATES_BACK.get(state)  # type: ignore[call-overload,no-any-return]


def new_site_from_pb(site: pb.Site) -> SiteChange:
    """All values of a site that is to be created."""
    return _change(site, UPDATABLE)


def site_change_from_pb(request: pb.UpdateSiteRequest) -> SiteChange:
    """The changes of an update. Raises FieldNotUpdatable."""
    paths = list(request.update_mask.paths)
    for path in paths:
        if path not in UPDATABLE:
            raise FieldNotUpdatable(path, "displayName, startUri, the paths, the maxima, discovery and crawlInterval")
    site = request.site
    set_ = (path for path in UPDATABLE if (site.HasField(path) if path == "crawl_interval" else getattr(site, path)))
    return _change(site, paths or tuple(set_))


def _change(site: pb.Site, paths: list[str] | tuple[str, ...]) -> SiteChange:
    interval = timedelta(seconds=site.crawl_interval.seconds)
    return SiteChange(
        display_name=site.display_name.strip() if "display_name" in paths else None,
        start=site.start_uri if "start_uri" in paths else None,
        include=tuple(site.include_paths) if "include_paths" in paths else None,
        exclude=tuple(site.exclude_paths) if "exclude_paths" in paths else None,
        max_depth=site.max_depth if "max_depth" in paths else None,
        max_pages=site.max_pages if "max_pages" in paths else None,
        discovery=_DISCOVERIES_BACK.get(site.discovery, Discovery.BOTH) if "discovery" in paths else None,
        interval=interval if "crawl_interval" in paths else None,
    )


def site_to_pb(site: Site) -> pb.Site:
    """A site."""
    name = f"organizations/{site.organization}/sites/{site.id}"
    message = pb.Site(
        name=name,
        display_name=site.display_name,
        start_uri=site.start,
        include_paths=site.include,
        exclude_paths=site.exclude,
        max_depth=site.max_depth,
        max_pages=site.max_pages,
        discovery=_DISCOVERIES[site.discovery],
        latest_crawl=f"{name}/crawls/{site.crawl}" if site.crawl else "",
        crawling=site.crawling,
        next_crawl_time=time_to_pb(site.next_crawl),
        document_count=site.documents,
        create_time=time_to_pb(site.created),
        update_time=time_to_pb(site.updated),
        etag=site.etag,
    )
    if site.interval is not None:
        message.crawl_interval.FromTimedelta(site.interval)
    return message


def crawl_to_pb(organization: OrganizationId, site: SiteId, crawl: Crawl) -> pb.Crawl:
    """A crawl with its counts."""
    count = {state: crawl.counts.get(state, 0) for state in PageState}
    return pb.Crawl(
        name=f"organizations/{organization}/sites/{site}/crawls/{crawl.id}",
        state=_CRAWL_STATES[crawl.state],
        problem=_problem_to_pb(crawl.problem),
        notices=crawl.notices,
        found_count=sum(count.values()),
        waiting_count=count[PageState.WAITING],
        new_count=count[PageState.NEW],
        changed_count=count[PageState.CHANGED],
        unchanged_count=count[PageState.UNCHANGED],
        gone_count=count[PageState.GONE],
        failed_count=count[PageState.FAILED],
        skipped_count=count[PageState.SKIPPED],
        skips=[pb.SkipCount(reason=reason, count=number) for reason, number in sorted(crawl.skips.items())],
        create_time=time_to_pb(crawl.created),
        start_time=time_to_pb(crawl.started),
        end_time=time_to_pb(crawl.ended),
    )


def crawl_page_to_pb(organization: OrganizationId, page: CrawlPage) -> pb.CrawlPage:
    """An address in a crawl."""
    return pb.CrawlPage(
        uri=page.address,
        state=_PAGE_STATES[page.state],
        problem=_problem_to_pb(page.problem),
        document=f"organizations/{organization}/documents/{page.document}" if page.document else "",
        depth=page.depth,
        found_on=page.found_on,
        read_time=time_to_pb(page.read),
    )


def _problem_to_pb(problem: Problem | None) -> pb.CrawlProblem | None:
    return None if problem is None else pb.CrawlProblem(reason=problem.reason, message=problem.message)
