"""Crawls sites: a job for each site, whose every step reads robots.txt, a sitemap or a page, and is one transaction.

A process that ends during a step leaves nothing of it: the next one repeats the step. Hosts are asked one request at a time,
with a pause after each, over all processes and organizations.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from kit.jobs import Again, Done, Ended, Job, LeaseLost, Outcome, Park
from services.memory.app.crawled_pages import MISSING, REFUSALS, ROBOTS, PageReader, wait_of
from services.memory.domain import addresses, robots
from services.memory.domain.robots import Robots
from services.memory.domain.sites import (
    MAX_DELAY,
    MAX_FAILURES,
    MAX_SITEMAPS,
    MAX_TRIES,
    CrawlId,
    CrawlState,
    Discovery,
    PageState,
    Problem,
)
from services.memory.ports import Documents, Hints, Texts
from services.memory.ports.sites import (
    Crawling,
    Found,
    Item,
    PageFailed,
    Reading,
    Result,
    Scanner,
    SiteWeb,
    Step,
    Unreached,
)

PAUSE = timedelta(seconds=1)
"""Between two requests to a host."""
HOLD = timedelta(seconds=60)
"""How long a host is taken by a request whose process died; longer than a request and what is done with its answer."""
CLOSED_PAUSE = timedelta(seconds=15)
"""How long a crawl of a suspended organization rests before it is looked at again."""
MAX_ATTEMPTS = 3
"""How often a step may break until its page is given up."""
MIN_DOUBTFUL = 10
"""How many pages may vanish at once without a second look."""
BATCH = 20
"""Documents deleted in one step."""
MAX_RULES = 32
"""Crawls whose robots.txt a process remembers."""

_BROKEN = Problem("INTERNAL", "Something broke on our side; the next crawl tries it again.")

_log = logging.getLogger("memory.crawling")


@dataclass(frozen=True)
class Crawler:
    """Runs the steps of crawls."""

    crawling: Crawling
    web: SiteWeb
    scanner: Scanner
    documents: Documents
    texts: Texts
    hints: Hints
    wake: Callable[[], None]
    """Says that a document was queued."""
    pause: timedelta = PAUSE
    hold: timedelta = HOLD
    retry_pause: timedelta = timedelta(seconds=5)
    """After an answer that says to come again later but not when."""
    is_closed: Callable[[OrganizationId], bool] = lambda organization: False
    """Whether an organization is suspended or being deleted: its crawls wait."""
    _rules: dict[CrawlId, Robots] = field(default_factory=dict)
    _busy: set[OrganizationId] = field(default_factory=set)
    _pages: PageReader = field(init=False)

    def __post_init__(self) -> None:
        parts = (self.crawling, self.web, self.scanner, self.documents, self.texts)
        object.__setattr__(self, "_pages", PageReader(*parts, rules=self._robots, retry_pause=self.retry_pause))

    async def run(self, job: Job) -> Outcome:
        """Does the next step of a site's job. Raises LeaseLost where it was overtaken."""
        if self.is_closed(job.organization):
            return Park(CLOSED_PAUSE, "The organization is suspended.")
        if job.organization in self._busy:
            return Park(self.pause)  # a step at a time: slow sites of one organization leave room for those of others
        self._busy.add(job.organization)
        try:
            return await self._run(job)
        except asyncio.CancelledError:
            # The process ends: another one can continue at once instead of when the lease expires.
            with suppress(LeaseLost, StoreUnavailable, TimeoutError):
                async with asyncio.timeout(1.0):
                    await self.crawling.put_back(job)
            raise
        finally:
            self._busy.discard(job.organization)

    async def _run(self, job: Job) -> Outcome:
        cleared = await self.crawling.clear(job, BATCH)
        if cleared is not None:
            await self.hints.announce(job.organization)
            return Ended()
        step = await self.crawling.begin(job)
        if step is None:
            return Done()
        if isinstance(step, timedelta):
            return Again(step)
        if job.attempts > MAX_ATTEMPTS:
            await self.crawling.finish(job, step, _given_up(step))
            return Ended()
        if step.is_late:
            problem = Problem("OUT_OF_TIME", "The crawl took two days and was ended; lower max_pages, or make several sites.")
            return await self._finish(job, step, Result(ended=CrawlState.FAILED, problem=problem))
        if step.failures >= MAX_FAILURES:
            told = f"The server refused or was silent {step.failures} times in a row; start the crawl again later."
            return await self._finish(job, step, Result(ended=CrawlState.FAILED, problem=Problem("SERVER_BUSY", told)))
        if step.robots_read and step.item is None:
            return await self._end(job, step)
        return await self._ask(job, step)

    async def _ask(self, job: Job, step: Step) -> Outcome:
        """A step that sends a request, when the host is free."""
        rules = await self._robots(step) if step.robots_read else Robots()
        if step.item and step.robots_read and (refused := _refused(step, step.item, rules)) is not None:
            return await self._finish(job, step, Result(refused))
        host = addresses.host(step.item.address if step.item else step.site.start)
        if (wait := await self.crawling.take_host(host, self.hold)) > timedelta(0):
            return Again(min(wait, 2 * self.pause))  # it may be free before
        pause = max(self.pause, min(timedelta(seconds=rules.delay), MAX_DELAY))
        freed = False
        try:
            if not step.robots_read:
                result = await self._read_robots(step)
            elif step.item is not None and step.item.is_sitemap:
                result = await self._read_sitemap(step, step.item)
            else:
                assert step.item is not None
                result = await self._pages.read(step, step.item)
            outcome = await self._finish(job, step, replace(result, host=host, pause=max(pause, result.pause)))
            freed = True
            return outcome
        finally:
            if not freed:
                await asyncio.shield(self.crawling.free_host(host, pause))

    async def _finish(self, job: Job, step: Step, result: Result) -> Outcome:
        await self.crawling.finish(job, step, result)
        if (reading := result.reading) is not None and reading.content is not None:
            self.wake()
        elif reading is not None and reading.state in (PageState.GONE, PageState.SKIPPED) and step.known is not None:
            await self.hints.announce(job.organization)
        if result.ended is not None:
            self._rules.pop(step.crawl.id, None)
            _log.info("a crawl ended", extra={"organization": job.organization, "site": step.site.id, "state": result.ended})
        return Ended()

    async def _robots(self, step: Step) -> Robots:
        rules = self._rules.get(step.crawl.id)
        if rules is None:
            while len(self._rules) >= MAX_RULES:
                self._rules.pop(next(iter(self._rules)))
            rules = self._rules[step.crawl.id] = await self.crawling.robots(step)
        return rules

    async def _read_robots(self, step: Step) -> Result:
        """A file that is not there permits everything; one that can't be had nothing, as the standard says."""
        address = f"{addresses.origin(step.site.start)}/robots.txt"
        busy, answer = None, None
        try:
            answer = await self.web.ask_robots(address)
            if 300 <= answer.status < 400 or answer.status == 429 or answer.status >= 500:
                busy = wait_of(answer, self.retry_pause)
        except PageFailed as failed:
            if not failed.is_temporary:
                return Result(ended=CrawlState.FAILED, problem=failed.problem, robots_tried=True)
            busy = self.retry_pause
        if busy is not None:
            if step.robots_tries + 1 < MAX_TRIES:
                return Result(robots_tried=True, failed=True, pause=busy)
            why = f"answers {answer.status}" if answer else "gives no answer"
            told = f"{address} {why}, so that nothing may be read; start the crawl again when the server works."
            return Result(ended=CrawlState.FAILED, problem=Problem("ROBOTS_UNREADABLE", told), robots_tried=True)
        assert answer is not None
        rules, notices = Robots(), []
        if answer.status == 200:
            rules = await asyncio.to_thread(robots.parse, answer.content.decode("utf-8", "replace"), address)
            if len(answer.content) >= robots.MAX_BYTES:
                notices.append(f"robots.txt has more than {robots.MAX_BYTES >> 10} KiB; what follows was not read.")
        if timedelta(seconds=rules.delay) > MAX_DELAY:
            seconds = MAX_DELAY.total_seconds()
            notices.append(f"robots.txt asks for {rules.delay:g} seconds between requests; {seconds:g} are kept.")
        found = []
        if step.site.discovery is not Discovery.LINKS:
            listed = rules.sitemaps or (f"{addresses.origin(step.site.start)}/sitemap.xml",)
            found = [Found.of(at, 0, is_sitemap=True) for at in listed if step.site.scope.has(at)]
            if len(found) < len(listed):
                notices.append("robots.txt names sitemaps on other hosts, which were not read.")
        return Result(robots=rules, robots_tried=True, failed=False, found=found, notices=notices)

    async def _read_sitemap(self, step: Step, item: Item) -> Result:
        """A sitemap that is not there is no fault: not every site has one."""
        gone = Reading(PageState.SKIPPED)
        try:
            answer = await self.web.ask_sitemap(item.address)
        except PageFailed as failed:
            if failed.is_temporary and item.tries + 1 < MAX_TRIES:
                return Result(Reading(PageState.WAITING), failed=True, pause=self.retry_pause)
            return Result(gone, notices=[f"A sitemap was not read: {failed.problem.message}"], incomplete=True)
        if answer.status == 429 or answer.status >= 500:
            if item.tries + 1 < MAX_TRIES:
                return Result(Reading(PageState.WAITING), failed=True, pause=wait_of(answer, self.retry_pause))
            told = f"The sitemap {item.address} was not read: its server answers {answer.status}."
            return Result(gone, notices=[told], incomplete=True)
        if answer.status != 200:
            listed = not item.address.endswith("/sitemap.xml") or answer.status not in MISSING
            told = f"The sitemap {item.address} was not read: its server answers {answer.status}."
            return Result(gone, notices=[told] if listed else [], failed=False, incomplete=listed)
        listing = await self.scanner.scan_sitemap(answer.content, step.site, step.site.max_pages)
        notices = []
        if listing.is_cut:
            told = (
                f"The sitemap {item.address} lists more than a crawl reads; the first {len(listing.pages):,} pages were taken."
            )
            notices.append(told)
        if listing.problem:
            notices.append(f"The sitemap {item.address} was read in part: {listing.problem}")
        nested = listing.sitemaps if item.depth < 3 else ()
        found = [Found.of(at, item.depth + 1, is_sitemap=True) for at in nested[:MAX_SITEMAPS]]
        found += await self._pages.sort(step, listing.pages, 1)
        cut = listing.is_cut or bool(listing.problem)
        return Result(Reading(PageState.NEW), found=found, notices=notices, failed=False, incomplete=cut)

    async def _end(self, job: Job, step: Step) -> Outcome:
        """Everything was read: what is gone is removed, some at a time."""
        if not step.crawl.has_read:
            why = await self.crawling.start_problem(step)
            problem = why or Problem("NOTHING_READ", "The pages of the crawl say why.")
            told = Problem(problem.reason, f"No page could be read; documents of earlier crawls are kept. {problem.message}")
            return await self._finish(job, step, Result(ended=CrawlState.FAILED, problem=told))
        left = await self.crawling.unreached(step)
        keeps = step.incomplete or _is_doubtful(left)
        kept = left.pages if keeps else 0
        if await self.crawling.remove_unreached(job, step, keeps, BATCH):
            await self.hints.announce(job.organization)
            return Ended()
        notices = []
        if kept and step.incomplete:
            notices.append(f"{kept:,} pages of earlier crawls were not reached and are kept, because this crawl was partial.")
        elif kept:
            seen = f"{kept:,} of {left.known:,} known pages were not reached"
            notices.append(f"{seen}; if the next crawl doesn't reach them either, they are removed.")
        return await self._finish(job, step, Result(ended=CrawlState.SUCCEEDED, notices=notices, doubts=kept > 0))


def _refused(step: Step, item: Item, rules: Robots) -> Reading | None:
    """The result of a page that waits and is not read after all: the start page, or one that the site's new paths leave out."""
    if item.is_sitemap:
        return None
    if reason := step.site.scope.refusal(item.address):
        return Reading(PageState.SKIPPED, Problem(reason, REFUSALS[reason]))
    return None if rules.permits(item.address) else Reading(PageState.FAILED, ROBOTS)


def _is_doubtful(left: Unreached) -> bool:
    """Whether most of a site vanished at once: a start page that is under repair leads nowhere. The next crawl decides."""
    gone = left.pages + left.skipped
    return gone >= MIN_DOUBTFUL and 2 * gone > left.known and left.first_time > 0


def _given_up(step: Step) -> Result:
    """A step that broke too often: its page fails, or the crawl."""
    if step.item is None:
        return Result(ended=CrawlState.FAILED, problem=_BROKEN)
    return Result(Reading(PageState.FAILED, _BROKEN), failed=False, incomplete=True)
