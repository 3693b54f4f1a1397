"""The ports of sites and their crawls."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from kit.backoff import Backoff
from kit.ids import OrganizationId
from kit.jobs import Job, Queue
from services.memory.domain.documents import ContentId, DocumentId, MediaType, SiteId
from services.memory.domain.robots import Robots
from services.memory.domain.sites import (
    MAX_MISSING,
    Crawl,
    CrawlId,
    CrawlPage,
    CrawlState,
    Listing,
    PageId,
    PageState,
    Problem,
    Scan,
    Site,
    page_id,
)

CRAWLS = Queue("crawls", max_attempts=8, backoff=Backoff(first=2, maximum=60, jitter=0), max_running=2)
"""Sites that are crawled, one job for each: a step of it reads one page. Between crawls the job waits for the next one."""


@dataclass(frozen=True, slots=True)
class Item:
    """An address that waits in a crawl."""

    id: PageId
    address: str
    is_sitemap: bool
    depth: int
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A page as an earlier crawl found it."""

    document: DocumentId
    etag: str
    modified: str
    digest: str
    links: tuple[str, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing that a crawl does: read robots.txt (`robots_read` is False), read an item, or end."""

    site: Site
    crawl: Crawl
    robots_read: bool
    robots_tries: int
    failures: int
    incomplete: bool
    is_late: bool
    """It takes longer than any crawl may."""
    item: Item | None = None
    known: Known | None = None


def is_lost(step: Step) -> bool:
    """Whether a page that has a document and was not there is removed: it is missing for the second crawl in a row, and
    others were read in this one."""
    return step.known is not None and step.known.missing + 1 >= MAX_MISSING and step.crawl.has_read


@dataclass(frozen=True, slots=True)
class Found:
    """An address that a step found."""

    id: PageId
    address: str
    depth: int
    is_sitemap: bool = False
    refusal: Problem | None = None
    """Why it is not read."""

    @classmethod
    def of(cls, address: str, depth: int, *, is_sitemap: bool = False, refusal: Problem | None = None) -> "Found":
        """An address in normal form, with its id."""
        return cls(page_id(address), address, depth, is_sitemap, refusal)


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page's content, stored for its document."""

    document: DocumentId
    content: ContentId
    media_type: MediaType
    size: int
    title: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of an item. WAITING: it is tried again."""

    state: PageState
    problem: Problem | None = None
    address: str = ""
    """Where the page was found in the end."""
    etag: str = ""
    modified: str = ""
    digest: str = ""
    links: tuple[str, ...] = ()
    content: PageContent | None = None
    """Of a NEW or CHANGED page."""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that a step changes, in one transaction."""

    reading: Reading | None = None
    found: Sequence[Found] = ()
    notices: Sequence[str] = ()
    robots: Robots | None = None
    robots_tried: bool = False
    failed: bool | None = None
    """Whether the server failed; None: it was not asked."""
    incomplete: bool = False
    ended: CrawlState | None = None
    problem: Problem | None = None
    """Of a crawl that ends."""
    doubts: bool = False
    """The pages that it did not reach are kept until the next crawl."""
    host: str = ""
    """The host that was asked."""
    pause: timedelta = field(default_factory=timedelta)
    """Until it may be asked again."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """Pages that a crawl did not reach."""

    pages: int
    first_time: int
    """Those, and of the skipped ones, that the crawl before read."""
    skipped: int
    """Those that it reached and skipped: they may be moved, empty or copies."""
    known: int
    """All pages of the site that have documents."""


class Sites(Protocol):
    """Keeps sites and what is to be shown of their crawls. All methods raise StoreUnavailable."""

    async def create(self, site: Site, request_id: str, maximum: int) -> Site:
        """Stores a site and queues its first crawl. A repeated `request_id` returns the site of the first call.

        Raises SiteExists, TooManySites."""

    async def get(self, organization: OrganizationId, id: SiteId) -> Site:
        """Raises SiteNotFound."""

    async def newest(self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int) -> Sequence[Site]:
        """At most `limit` sites, newest first, older than `before`."""

    async def replace(self, site: Site, expected_revision: int) -> None:
        """Stores a new revision. Raises SiteChanged or SiteNotFound."""

    async def delete(self, organization: OrganizationId, id: SiteId, revision: int | None) -> None:
        """Hides a site, and queues the deletion of all that belongs to it. Raises SiteChanged or SiteNotFound."""

    async def begin_crawl(self, organization: OrganizationId, id: SiteId, request_id: str) -> Crawl:
        """Begins a crawl, or returns the one that is open, or that this `request_id` began. Raises SiteNotFound."""

    async def cancel_crawl(self, organization: OrganizationId, id: SiteId, crawl: CrawlId) -> Crawl:
        """Ends a crawl that is open. Raises CrawlNotFound or SiteNotFound."""

    async def crawl(self, organization: OrganizationId, id: SiteId, crawl: CrawlId) -> Crawl:
        """Raises CrawlNotFound or SiteNotFound."""

    async def crawls(
        self, organization: OrganizationId, id: SiteId, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Crawl]:
        """At most `limit` crawls, newest first, older than `before`. Raises SiteNotFound."""

    async def pages(
        self, organization: OrganizationId, id: SiteId, crawl: CrawlId, state: PageState | None, after: int, limit: int
    ) -> Sequence[CrawlPage]:
        """Pages of a crawl with a number above `after`."""

    async def results(
        self, organization: OrganizationId, id: SiteId, crawl: CrawlId, after: int, limit: int
    ) -> Sequence[CrawlPage]:
        """Pages of a crawl that have a result with a position above `after`, in that order."""


class Crawling(Protocol):
    """A crawl while a worker runs it. A worker that was overtaken raises LeaseLost, and changes nothing."""

    async def begin(self, job: Job) -> "Step | timedelta | None":
        """The next step; a time: the next crawl begins then; None: there is nothing to do."""

    async def finish(self, job: Job, step: Step, result: Result) -> None:
        """Writes down what a step changes, and puts the job off until the next one. Raises LeaseLost."""

    async def robots(self, step: Step) -> Robots:
        """The rules that were read in this crawl."""

    async def fresh(self, step: Step, pages: Collection[PageId]) -> Collection[PageId]:
        """Those of the pages that are not in the crawl yet."""

    async def twin(self, step: Step, digest: str) -> str:
        """The address of another page that this crawl has read and whose text is the same; "": none."""

    async def state_of(self, step: Step, page: PageId) -> PageState | None:
        """The state of an address in this crawl."""

    async def start_problem(self, step: Step) -> Problem | None:
        """The problem of the start page."""

    async def remove_unreached(self, job: Job, step: Step, keeps: bool, limit: int) -> int:
        """Deletes documents of pages that are not to be read any more, and, unless it `keeps` them, of those that the crawl
        did not reach; returns how many. Raises LeaseLost."""

    async def unreached(self, step: Step) -> Unreached:
        """How many pages with documents the crawl did not reach."""

    async def put_back(self, job: Job) -> None:
        """Lets another worker repeat the step at once. Raises LeaseLost."""

    async def clear(self, job: Job, limit: int) -> bool | None:
        """Of a deleted site, deletes some documents, and at last the site; whether there is more. None: it is not deleted."""

    async def take_host(self, host: str, hold: timedelta) -> timedelta:
        """Takes a host for a request; a time: it is not free for so long."""

    async def free_host(self, host: str, pause: timedelta) -> None:
        """Gives a host back, which is free after a pause."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a site's server."""

    address: str
    """In normal form, after redirects that stay with the page."""
    status: int
    redirect: str = ""
    """Where another page is meant; in normal form, or "" where that is none."""
    content: bytes = b""
    media_type: str = ""
    charset: str = ""
    etag: str = ""
    modified: str = ""
    retry_after: timedelta | None = None
    noindex: bool = False


class SiteWeb(Protocol):
    """Asks the servers of sites."""

    async def ask(self, address: str, etag: str = "", modified: str = "") -> Answer:
        """Asks for a page, if it changed. Raises PageFailed."""

    async def ask_robots(self, address: str) -> Answer:
        """Asks for a robots.txt, of which the beginning is enough. Raises PageFailed."""

    async def ask_sitemap(self, address: str) -> Answer:
        """Asks for a sitemap. Raises PageFailed."""


class PageFailed(Exception):
    """A page can't be had."""

    def __init__(self, problem: Problem, *, is_temporary: bool = False) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.is_temporary = is_temporary


class Scanner(Protocol):
    """Reads hostile pages and sitemaps."""

    async def scan_page(self, content: bytes, charset: str, address: str, start: str) -> Scan:
        """Raises a DocumentProblem."""

    async def scan_sitemap(self, content: bytes, site: Site, limit: int) -> Listing:
        """At most `limit` addresses."""
