"""Sites, their crawls, and the errors of both.

A crawl is a list of addresses in the order in which they were found: sitemaps, then pages. Each becomes NEW, CHANGED,
UNCHANGED, GONE, FAILED or SKIPPED. The site keeps what it knows of its pages for the next crawl.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NewType

from kit import errors
from kit.ids import OrganizationId
from services.memory.domain import addresses
from services.memory.domain.documents import DocumentId, SiteId

CrawlId = NewType("CrawlId", str)
PageId = NewType("PageId", str)
"""Names a page within its site, by its address."""

NO_DOCUMENT = DocumentId("")

MAX_SITES = 50
MAX_KEPT_CRAWLS = 10
DEFAULT_DEPTH = 10
DEFAULT_PAGES = 500
MAX_LISTED_SKIPS = 1000
"""Skipped addresses of a crawl that are listed; more are only counted."""
MAX_VARIANTS = 100
"""Addresses of one path that differ in their queries, in a crawl."""
MAX_LINKS = 1000
"""Links of a page that are followed."""
MAX_SITEMAPS = 50
"""Sitemaps read in a crawl, those that others name included."""
MAX_NOTICES = 20
MAX_TRIES = 3
"""How often a page is asked for whose server is busy, or that does not answer."""
MAX_FAILURES = 10
"""How many pages in a row may fail for their server's sake before the crawl ends."""
MAX_MISSING = 2
"""In how many crawls a page has to be missing until its document is removed."""
MAX_RETRY_AFTER = timedelta(minutes=5)
MAX_DELAY = timedelta(seconds=10)
"""The longest crawl delay of a robots.txt that is honoured."""
MAX_CRAWL = timedelta(hours=48)


class Discovery(StrEnum):
    """How pages are found."""

    BOTH = "BOTH"
    LINKS = "LINKS"
    SITEMAPS = "SITEMAPS"


class CrawlState(StrEnum):
    """Where a crawl is on its way."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def is_open(self) -> bool:
        """Whether there is more to do."""
        return self in (CrawlState.PENDING, CrawlState.RUNNING)


class PageState(StrEnum):
    """The result for an address in a crawl."""

    WAITING = "WAITING"
    NEW = "NEW"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    GONE = "GONE"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason of the contract, and words for people."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Site:
    """A web site as a knowledge source."""

    organization: OrganizationId
    id: SiteId
    display_name: str
    start: str
    """In normal form."""
    created: datetime
    updated: datetime
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_depth: int = DEFAULT_DEPTH
    max_pages: int = DEFAULT_PAGES
    discovery: Discovery = Discovery.BOTH
    interval: timedelta | None = None
    revision: int = 1
    crawl: CrawlId = CrawlId("")
    """The newest one."""
    crawling: bool = False
    next_crawl: datetime | None = None
    documents: int = 0

    @property
    def etag(self) -> str:
        """Changes with each update."""
        return f"r{self.revision}"

    @property
    def scope(self) -> addresses.Scope:
        """Which addresses belong to it."""
        return addresses.Scope(self.start, self.include, self.exclude)


@dataclass(frozen=True, slots=True)
class SiteChange:
    """New values for a site; None leaves a value as it is."""

    display_name: str | None = None
    start: str | None = None
    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None
    max_depth: int | None = None
    max_pages: int | None = None
    discovery: Discovery | None = None
    interval: timedelta | None = None
    """0: never."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """One reading of a site."""

    id: CrawlId
    state: CrawlState
    created: datetime
    started: datetime | None = None
    ended: datetime | None = None
    problem: Problem | None = None
    notices: tuple[str, ...] = ()
    counts: Mapping[PageState, int] = field(default_factory=dict)
    skips: Mapping[str, int] = field(default_factory=dict)
    position: int = 0
    """How many results there are: each has its own number."""

    @property
    def has_read(self) -> bool:
        """Whether any page could be read."""
        return any(self.counts.get(state) for state in (PageState.NEW, PageState.CHANGED, PageState.UNCHANGED))


@dataclass(frozen=True, slots=True)
class CrawlPage:
    """One address in a crawl."""

    number: int
    """In the order of discovery."""
    address: str
    state: PageState
    depth: int
    found_on: str = ""
    problem: Problem | None = None
    document: DocumentId = NO_DOCUMENT
    read: datetime | None = None
    position: int = 0
    """Its result's number; 0: none yet."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Links, text and marks of an HTML page, before it is indexed."""

    title: str = ""
    digest: str = ""
    """Of its text; empty: it has none."""
    links: tuple[str, ...] = ()
    """Addresses of the site, in normal form."""
    canonical: str = ""
    """The address that it names as the original, in normal form; empty: none."""
    noindex: bool = False
    nofollow: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """The addresses of a sitemap that are in the site's scope."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    total: int = 0
    """How many addresses were read."""
    is_cut: bool = False
    """There are more."""
    problem: str = ""
    """Why it can't be read to its end, as a clause about "it"; empty: it can."""


def page_id(address: str) -> PageId:
    """The id of a page by its address in normal form."""
    return PageId(sha256(addresses.key(address).encode()).hexdigest()[:32])


def start_address(address: str) -> str:
    """The normal form of a start address. Raises StartAddressInvalid."""
    normal = addresses.normalize(address)
    if not normal:
        raise StartAddressInvalid(address)
    return normal


def revised(site: Site, change: SiteChange, now: datetime) -> Site:
    """The site with new values."""
    given = {
        name: value
        for name in ("display_name", "start", "include", "exclude", "discovery")
        if (value := getattr(change, name)) is not None
    }
    if change.max_depth is not None:
        given["max_depth"] = change.max_depth or DEFAULT_DEPTH
    if change.max_pages is not None:
        given["max_pages"] = change.max_pages or DEFAULT_PAGES
    if change.interval is not None:
        given["interval"] = change.interval or None
    return replace(site, **given, revision=site.revision + 1, updated=now)


class SiteNotFound(errors.NotFound):
    reason = "SITE_NOT_FOUND"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no site {name}.", site=name)


class SiteExists(errors.AlreadyExists):
    reason = "SITE_EXISTS"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} exists already, or is still being deleted; choose another id, or update it.", site=name)


class SiteChanged(errors.Aborted):
    reason = "SITE_CHANGED"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was changed since you read it; read it again and repeat.", site=name)


class TooManySites(errors.ResourceExhausted):
    reason = "TOO_MANY_SITES"

    def __init__(self, limit: int) -> None:
        super().__init__(f"An organization may have {limit} sites; delete some first.", limit=limit)


class StartAddressInvalid(errors.InvalidArgument):
    reason = "START_ADDRESS_INVALID"

    def __init__(self, uri: str) -> None:
        super().__init__(
            "The start address is not the address of a page; give one such as https://example.com/help/, without a user name.",
            uri=uri,
        )


class CrawlNotFound(errors.NotFound):
    reason = "CRAWL_NOT_FOUND"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no crawl {name}; only the newest {MAX_KEPT_CRAWLS} of a site are kept.", crawl=name)
