"""Reads a page of a crawl: what the server's answer means for the page, its document, and the addresses to which it leads."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from kit import ids
from services.memory.domain import addresses, problems
from services.memory.domain.documents import ContentId, DocumentId, MediaType, media_type_of
from services.memory.domain.robots import Robots
from services.memory.domain.sites import (
    MAX_RETRY_AFTER,
    MAX_TRIES,
    Discovery,
    PageState,
    Problem,
    Scan,
    page_id,
)
from services.memory.ports import Documents, Texts
from services.memory.ports.sites import (
    Answer,
    Crawling,
    Found,
    Item,
    PageContent,
    PageFailed,
    Reading,
    Result,
    Scanner,
    SiteWeb,
    Step,
    is_lost,
)

MISSING = (404, 410)


@dataclass(frozen=True)
class PageReader:
    """Reads pages of crawls."""

    crawling: Crawling
    web: SiteWeb
    scanner: Scanner
    documents: Documents
    texts: Texts
    rules: Callable[[Step], Awaitable[Robots]]
    """The rules of robots.txt in a crawl."""
    retry_pause: timedelta

    async def read(self, step: Step, item: Item) -> Result:
        """Asks for a page and reads the answer."""
        known = step.known
        try:
            answer = await self.web.ask(item.address, known.etag if known else "", known.modified if known else "")
        except PageFailed as failed:
            if failed.is_temporary and item.tries + 1 < MAX_TRIES:
                return Result(Reading(PageState.WAITING), failed=True, pause=self.retry_pause)
            return await self._failed(step, failed.problem, is_servers=failed.is_temporary)
        if answer.status == 429 or answer.status >= 500:
            if item.tries + 1 < MAX_TRIES:
                return Result(Reading(PageState.WAITING), failed=True, pause=wait_of(answer, self.retry_pause))
            told = f"The server answers {answer.status} again and again; the next crawl tries it again."
            return await self._failed(step, Problem("SERVER_BUSY", told), is_servers=True)
        if answer.status in MISSING:
            return self._missing(step, answer)
        if answer.redirect or (300 <= answer.status < 400 and answer.status != 304):
            return await self._redirected(step, item, answer)
        if answer.status == 304 and known is not None:
            if twin := await self.crawling.twin(step, known.digest):
                return Result(Reading(PageState.SKIPPED, _copy_of(twin)), failed=False)
            kept = Reading(
                PageState.UNCHANGED,
                address=answer.address,
                etag=answer.etag or known.etag,
                modified=answer.modified or known.modified,
                digest=known.digest,
                links=known.links,
            )
            return Result(kept, failed=False, found=await self._linked(step, item, known.links))
        if answer.status != 200:
            told = f"The server answers {answer.status}; let Frontdesk read the page, or exclude its path."
            return await self._failed(step, Problem("FETCH_FAILED", told))
        media_type = media_type_of(answer.content, urlsplit(answer.address).path, answer.media_type)
        if media_type is None:
            bare = answer.media_type.partition(";")[0].strip()
            skipped = Problem("MEDIA_TYPE", f"{bare or 'This kind of file'} can't be read as text.")
            return Result(Reading(PageState.SKIPPED, skipped), failed=False)
        return await self._read_content(step, item, answer, media_type)

    async def _read_content(self, step: Step, item: Item, answer: Answer, media_type: MediaType) -> Result:
        scan = Scan(digest=hashlib.sha256(answer.content).hexdigest() if answer.content.strip() else "")
        if media_type is MediaType.HTML:
            try:
                scan = await self.scanner.scan_page(answer.content, answer.charset, answer.address, step.site.start)
            except problems.DocumentProblem as problem:
                return await self._failed(step, Problem(problem.reason, problem.message))
        links = () if scan.nofollow else scan.links
        found = await self._linked(step, item, links)
        if answer.noindex or scan.noindex:
            told = Problem("NOINDEX", "The page asks not to be indexed; take that out of it if the assistant is to know it.")
            return Result(Reading(PageState.SKIPPED, told), found=found, failed=False)
        if original := await self._original(step, item, scan):
            told = Problem("DUPLICATE", f"It names {original} as the original, which is read instead.")
            found = [*found, *await self.sort(step, [original], item.depth)]
            return Result(Reading(PageState.SKIPPED, told), found=found, failed=False)
        if not scan.digest:
            told = Problem("EMPTY", "There is no text on the page beside its navigation.")
            return Result(Reading(PageState.SKIPPED, told), found=found, failed=False)
        if twin := await self.crawling.twin(step, scan.digest):
            return Result(Reading(PageState.SKIPPED, _copy_of(twin)), found=found, failed=False)
        reading = Reading(
            PageState.UNCHANGED,
            address=answer.address,
            etag=answer.etag,
            modified=answer.modified,
            digest=scan.digest,
            links=links,
        )
        known = step.known
        if known is None or known.digest != scan.digest:
            content = await self._store(step, answer, media_type, scan.title)
            reading = Reading(PageState.NEW, None, answer.address, answer.etag, answer.modified, scan.digest, links, content)
        return Result(reading, found=found, failed=False)

    async def _store(self, step: Step, answer: Answer, media_type: MediaType, title: str) -> PageContent:
        """Stores a page's content, to which no document refers yet."""
        document = step.known.document if step.known and step.known.document else DocumentId(ids.new())
        content = ContentId(ids.new())
        await self.documents.reserve(step.site.organization, document, content)
        await self.texts.put_content(step.site.organization, document, content, answer.content)
        return PageContent(document, content, media_type, len(answer.content), title)

    async def _original(self, step: Step, item: Item, scan: Scan) -> str:
        """The page that a page names as its original; "": itself, or one that can't be meant.

        Some sites name their start page on every page by mistake.
        """
        original = scan.canonical
        if not original or addresses.key(original) == addresses.key(item.address):
            return ""
        root = addresses.path(original) == "/" or addresses.key(original) == addresses.key(step.site.start)
        if root and addresses.path(item.address) != addresses.path(original):
            return ""
        if step.site.scope.refusal(original):
            return ""
        state = await self.crawling.state_of(step, page_id(original))
        return "" if state in (PageState.FAILED, PageState.SKIPPED, PageState.GONE) else original

    def _missing(self, step: Step, answer: Answer) -> Result:
        known = step.known
        told = f"The server answers {answer.status}; correct the link that leads to it."
        if known is not None and known.document:
            if is_lost(step):
                told = f"The server answers {answer.status} for the second crawl in a row; its document was removed."
                return Result(Reading(PageState.GONE, Problem("NOT_FOUND", told)), failed=False)
            told = f"The server answers {answer.status}; if the next crawl finds that too, its document is removed."
        return Result(Reading(PageState.FAILED, Problem("NOT_FOUND", told)), failed=False)

    async def _redirected(self, step: Step, item: Item, answer: Answer) -> Result:
        to = answer.redirect
        if not to or addresses.key(to) == addresses.key(item.address):
            problem = Problem("FETCH_FAILED", "It redirects to itself or to no page; correct that, or exclude its path.")
            return await self._failed(step, problem)
        if not step.site.scope.has(to):
            told = f"It redirects to {to}, outside of the site; make another site of that if it is yours."
            state = PageState.SKIPPED if item.depth else PageState.FAILED
            return Result(Reading(state, Problem("OUTSIDE", told)), failed=False)
        moved = Problem("REDIRECTED", f"It redirects to {to}, which is read instead.")
        found = await self.sort(step, [to], item.depth)
        return Result(Reading(PageState.SKIPPED, moved), found=found, failed=False)

    async def _failed(self, step: Step, problem: Problem, *, is_servers: bool = False) -> Result:
        """A page that can't be read; the pages to which it led are still read."""
        assert step.item is not None
        found = await self._linked(step, step.item, step.known.links if step.known else ())
        return Result(Reading(PageState.FAILED, problem), found=found, failed=is_servers)

    async def _linked(self, step: Step, item: Item, links: Sequence[str]) -> list[Found]:
        return [] if step.site.discovery is Discovery.SITEMAPS else await self.sort(step, links, item.depth + 1)

    async def sort(self, step: Step, links: Sequence[str], depth: int) -> list[Found]:
        """Addresses that are new in this crawl, with the reason why one is not read."""
        by_id = {page_id(link): link for link in links}
        if not by_id:
            return []
        fresh = await self.crawling.fresh(step, by_id)
        rules = await self.rules(step)
        new = [(id, link) for id, link in by_id.items() if id in fresh]

        def judge() -> list[Found]:
            return [Found(id, link, depth, refusal=_refusal(step, link, depth, rules)) for id, link in new]

        return await asyncio.to_thread(judge) if rules.rules else judge()


def _refusal(step: Step, link: str, depth: int, rules: Robots) -> Problem | None:
    reason = step.site.scope.refusal(link)
    if reason:
        return Problem(reason, REFUSALS[reason])
    if depth > step.site.max_depth:
        told = f"It is more than {step.site.max_depth} links away from the start page; raise max_depth if it is to be read."
        return Problem("TOO_DEEP", told)
    return None if rules.permits(link) else ROBOTS


ROBOTS = Problem("ROBOTS", "robots.txt forbids to read it; permit it there for the agent Frontdesk if it is to be read.")
REFUSALS = {
    "EXCLUDED": "The site's paths leave it out; change includePaths or excludePaths if it is to be read.",
    "MEDIA_TYPE": "It is a picture, a program or another file without text, by its name.",
    "ENDLESS": "Its address repeats itself, as those of endless sites do.",
}


def _copy_of(twin: str) -> Problem:
    return Problem("DUPLICATE", f"Its text is that of {twin}.")


def wait_of(answer: Answer, otherwise: timedelta) -> timedelta:
    """How long a server asks to be left alone."""
    return otherwise if answer.retry_after is None else min(answer.retry_after, MAX_RETRY_AFTER)
