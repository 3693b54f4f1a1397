"""Has a web site read as knowledge: memory crawls it, and the command follows the crawl."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

from frontdesk.memory import v1 as pb

from kit import errors, ids
from stack.console import RED, Console, visible
from stack.imports.access import Access
from stack.problems import Problem

POLL_SECONDS = 1.0
_ENDED = (pb.CRAWL_STATE_SUCCEEDED, pb.CRAWL_STATE_FAILED, pb.CRAWL_STATE_CANCELLED)
_ID = re.compile(r"[^a-z0-9]+")


async def run(access: Access, console: Console, address: str) -> int:
    """Crawls a site, new or known, and prints what became of its pages. Returns 1 when pages could not be read."""
    stub = pb.SiteServiceStub(access.memory)
    crawl = await _begin(access, stub, address)
    console.line(f"{address} is being read, about a page a second. Ctrl-C ends this command, and the reading continues.")
    shown = ""
    while True:
        crawl = await access.call(stub.GetCrawl, pb.GetCrawlRequest(name=crawl.name))
        progress = _progress(crawl)
        if progress != shown:
            shown = progress
            console.line(f"  {progress}")
        if crawl.state in _ENDED:
            break
        await asyncio.sleep(POLL_SECONDS)
    await _problems(access, stub, crawl, console)
    return int(crawl.state != pb.CRAWL_STATE_SUCCEEDED or crawl.failed_count > 0)


async def _begin(access: Access, stub: Any, address: str) -> pb.Crawl:
    """Adds the site, which begins a crawl, or begins another crawl of one that is there."""
    id = site_id(address)
    create = pb.CreateSiteRequest(parent=access.name, site=pb.Site(start_uri=address), site_id=id, request_id=f"import-{id}")
    try:
        site = await access.call(stub.CreateSite, create)
    except errors.AlreadyExists:
        site = await access.call(stub.GetSite, pb.GetSiteRequest(name=f"{access.name}/sites/{id}"))
    except errors.InvalidArgument as error:
        raise Problem(f"{address} can't be read: {error.message}") from error
    found: pb.Crawl = await access.call(stub.CrawlSite, pb.CrawlSiteRequest(name=site.name, request_id=f"import-{ids.new()}"))
    return found


async def _problems(access: Access, stub: Any, crawl: pb.Crawl, console: Console) -> None:
    if crawl.problem.message:
        console.line(f"  {console.paint('not imported', RED)}  {visible(crawl.problem.message)}")
    for notice in crawl.notices:
        console.line(f"  note  {visible(notice)}")
    request = pb.ListCrawlPagesRequest(parent=crawl.name, page_size=100)
    while crawl.failed_count:
        answer = await access.call(stub.ListCrawlPages, request)
        for page in answer.pages:
            if page.state == pb.CRAWL_PAGE_STATE_FAILED:
                console.line(f"  {console.paint('not imported', RED)}  {visible(page.uri)}: {visible(page.problem.message)}")
        if not answer.next_page_token:
            return
        request.page_token = answer.next_page_token


def _progress(crawl: pb.Crawl) -> str:
    return (
        f"{crawl.found_count:,} pages found: {crawl.new_count:,} new, {crawl.changed_count:,} changed, "
        f"{crawl.unchanged_count:,} unchanged, {crawl.gone_count:,} gone, {crawl.failed_count:,} not read, "
        f"{crawl.skipped_count:,} left out, {crawl.waiting_count:,} waiting"
    )


def site_id(address: str) -> str:
    """The id of a site: the same address has the same one."""
    host = _ID.sub("-", (urlsplit(address).hostname or "site").lower()).strip("-")[:50].strip("-") or "site"
    return f"{host}-{hashlib.sha256(address.rstrip('/').encode()).hexdigest()[:10]}"
