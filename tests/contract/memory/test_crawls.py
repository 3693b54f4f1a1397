"""Sites are crawled as a whole, politely, in bounds, and step by step, so that no crash loses or doubles a page."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from kit.jobs import Park
from services.memory.adapters.scanning import ChildScanner
from services.memory.domain.sites import (
    MAX_VARIANTS,
    Crawl,
    CrawlState,
    Discovery,
    PageState,
    SiteChange,
    SiteNotFound,
    TooManySites,
)
from services.memory.ports.sites import CRAWLS
from tests.contract.memory.conftest import ACME, Store
from tests.contract.memory.crawled import Crawls, Web, page, serving
from tests.unit.memory.test_sites import sitemap

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


@pytest_asyncio.fixture(loop_scope="session")
async def crawls(store: Store) -> Crawls:
    return Crawls(store)


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[Web]:
    """A small site."""
    pages: dict[str, Any] = {
        "/": page("Welcome to the shop.", "/returns", "/sizes?utm_source=home#top", "https://other.example/", "/logo.png"),
        "/returns": page("Returns are free within 60 days.", "/", "/returns/costs/"),
        "/returns/costs/": page("A parcel costs 5 EUR.", "/returns/costs", "/gone"),
        "/sizes": page("Boots run small."),
    }
    async with serving(pages) as site:
        yield site


def counted(crawl: Crawl) -> dict[str, int]:
    return {state.value: count for state, count in crawl.counts.items() if count}


async def test_a_site_becomes_a_document_of_each_page(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url, display_name="Shop")
    assert (await crawls.sites.get_site(ACME, site.id)).crawling
    crawl = await crawls.crawl(site)
    assert (crawl.state, crawl.problem, crawl.notices) == (CrawlState.SUCCEEDED, None, ())
    assert counted(crawl) == {"NEW": 4, "FAILED": 1, "SKIPPED": 1}
    assert crawl.skips == {"MEDIA_TYPE": 1}
    assert await crawls.results(site, shop.url) == {
        "/": "NEW",
        "/returns": "NEW",
        "/sizes": "NEW",
        "/logo.png": "MEDIA_TYPE",
        "/returns/costs/": "NEW",
        "/gone": "NOT_FOUND",
    }
    broken = next(found for found in await crawls.pages(site) if found.address.endswith("/gone"))
    assert (broken.depth, broken.found_on) == (3, f"{shop.url}/returns/costs/")
    assert broken.problem is not None
    assert "correct the link" in broken.problem.message
    assert shop.asked == ["/robots.txt", "/sitemap.xml", "/", "/returns", "/sizes", "/returns/costs/", "/gone"]
    await crawls.index()
    assert await crawls.texts() == [
        "A parcel costs 5 EUR.",
        "Boots run small.",
        "Returns are free within 60 days.",
        "Welcome to the shop.",
    ]
    (of_sizes,) = [item.passage for item in await crawls.store.live() if "Boots" in item.passage.text]
    assert (of_sizes.title, of_sizes.uri) == ("Boots run small.", f"{shop.url}/sizes")
    assert (await crawls.sites.get_site(ACME, site.id)).documents == 4


@pytest.mark.parametrize("conditional", [True, False])
async def test_only_what_changed_is_indexed_again_and_what_is_gone_is_removed(
    crawls: Crawls, shop: Web, conditional: bool
) -> None:
    shop.conditional = conditional
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    await crawls.index()
    shop.pages["/returns"] = page("Returns are free within 90 days.", "/", "/returns/costs/", "/new")
    shop.pages["/new"] = page("Gift cards are new.")
    shop.pages["/"] = page("Welcome to the shop.", "/returns")
    second = await crawls.crawl(site, "again")
    assert counted(second) == {"UNCHANGED": 2, "CHANGED": 1, "NEW": 1, "FAILED": 1, "GONE": 1}
    await crawls.index()
    assert await crawls.documents(site) == {
        shop.url + "/": 1,
        shop.url + "/returns": 2,
        shop.url + "/returns/costs/": 1,
        shop.url + "/new": 1,
    }
    gone = await crawls.pages(site, PageState.GONE)
    assert [(found.address, found.problem and found.problem.reason) for found in gone] == [(shop.url + "/sizes", "UNLINKED")]
    assert "Boots run small." not in await crawls.texts()


async def test_a_page_that_is_missing_twice_is_removed(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    del shop.pages["/sizes"]
    first = await crawls.crawl(site, "second")
    assert counted(first)["FAILED"] == 2
    assert shop.url + "/sizes" in await crawls.documents(site)
    shop.pages["/sizes"] = page("Boots run small.")
    assert counted(await crawls.crawl(site, "back"))["UNCHANGED"] == 4, "one that is back is counted from the start"
    del shop.pages["/sizes"]
    await crawls.crawl(site, "third")
    last = await crawls.crawl(site, "fourth")
    assert counted(last)["GONE"] == 1
    assert shop.url + "/sizes" not in await crawls.documents(site)


async def test_a_document_deleted_by_hand_comes_back(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    (document,) = [d for d in await crawls.store.documents.newest(ACME, None, site.id, None, 9) if d.link.endswith("/sizes")]
    await crawls.store.documents.delete(ACME, document.id, None)
    assert counted(await crawls.crawl(site, "again"))["NEW"] == 1
    assert len(await crawls.documents(site)) == 4


async def test_a_site_that_is_down_loses_nothing(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    kept = dict(shop.pages)
    shop.pages.clear()
    down = await crawls.crawl(site, "second")
    assert down.state is CrawlState.FAILED
    assert down.problem is not None
    assert down.problem.message.startswith(
        "No page could be read; documents of earlier crawls are kept. The server answers 404"
    )
    shop.pages.update({"/robots.txt": lambda request: web.Response(status=503)})
    busy = await crawls.crawl(site, "third")
    assert (busy.problem and busy.problem.reason) == "ROBOTS_UNREADABLE"
    assert len(await crawls.documents(site)) == 4
    shop.pages.clear()
    shop.pages.update(kept)
    assert counted(await crawls.crawl(site, "fourth"))["UNCHANGED"] == 4


async def test_a_site_that_is_under_repair_keeps_its_pages(crawls: Crawls, shop: Web) -> None:
    shop.pages["/"] = page("Welcome.", *(f"/p{number}" for number in range(12)))
    shop.pages |= {f"/p{number}": page(f"Page number {number}.") for number in range(12)}
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    home, shop.pages["/"] = shop.pages["/"], page("We are back soon.")
    repaired = await crawls.crawl(site, "second")
    notice = "12 of 13 known pages were not reached; if the next crawl doesn't reach them either, they are removed."
    assert (repaired.state, repaired.notices) == (CrawlState.SUCCEEDED, (notice,))
    assert len(await crawls.documents(site)) == 13
    shop.pages["/"] = home
    assert counted(await crawls.crawl(site, "third"))["UNCHANGED"] == 12
    shop.pages["/"] = page("We sell one thing now.", "/p0")
    assert "GONE" not in counted(await crawls.crawl(site, "fourth"))
    assert counted(await crawls.crawl(site, "fifth"))["GONE"] == 11
    assert len(await crawls.documents(site)) == 2


def moved(to: str) -> Any:
    return lambda request: web.Response(status=302, headers={"location": to})


@pytest.mark.parametrize("kind", ["login", "soon", "noindex", "empty", "type"])
async def test_pages_that_turn_useless_are_kept_until_the_next_crawl(crawls: Crawls, shop: Web, kind: str) -> None:
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    useless: Any = {
        "login": moved("/login"),
        "soon": page("We are back soon."),
        "noindex": lambda request: answer(page("Still here.").encode(), "text/html", {"x-robots-tag": "noindex"}),
        "empty": "<html><body><img src='/photo.jpg'></body></html>",
        "type": lambda request: web.Response(body=b"\x89PNG", content_type="image/png"),
    }[kind]
    kept = dict(shop.pages)
    shop.pages |= dict.fromkeys(("/returns", "/sizes", "/returns/costs/"), useless) | {"/login": page("Log in.")}
    await crawls.crawl(site, "second")
    assert (await crawls.documents(site)).keys() >= {shop.url + path for path in ("/returns", "/sizes")}
    if kind != "soon":
        skipped = next(found for found in await crawls.pages(site) if found.address.endswith("/sizes"))
        assert skipped.problem is not None
        assert skipped.problem.message.endswith("Its document is kept unless the next crawl finds the same.")
    shop.pages |= kept
    await crawls.crawl(site, "back")
    shop.pages |= dict.fromkeys(("/returns", "/sizes"), useless)
    await crawls.crawl(site, "third")
    await crawls.crawl(site, "fourth")
    left = {path for path in ("/returns", "/sizes") if shop.url + path in await crawls.documents(site)}
    assert len(left) == (1 if kind == "soon" else 0)


async def test_skipped_pages_count_among_those_that_vanish_at_once(crawls: Crawls, shop: Web) -> None:
    shop.pages["/"] = page("Welcome.", *(f"/p{number}" for number in range(14)))
    shop.pages |= {f"/p{number}": page(f"Page number {number}.") for number in range(14)}
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    shop.pages["/"] = page("Welcome.", *(f"/p{number}" for number in range(8)))
    shop.pages |= dict.fromkeys((f"/p{number}" for number in range(4)), moved("/"))
    await crawls.crawl(site, "second")
    assert len(await crawls.documents(site)) == 15
    await crawls.crawl(site, "third")
    assert len(await crawls.documents(site)) == 5


async def test_a_site_of_which_nothing_can_be_read_keeps_all_documents(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    shop.pages |= {path: moved("/login") for path in ("/", "/returns", "/sizes", "/returns/costs/")}
    for request_id in ("second", "third", "fourth"):
        crawl = await crawls.crawl(site, request_id)
        assert (crawl.state, crawl.problem and crawl.problem.message.startswith("No page could be read")) == ("FAILED", True)
        assert len(await crawls.documents(site)) == 4


async def test_slow_sites_of_an_organization_leave_room_for_others(crawls: Crawls, shop: Web) -> None:
    arrived, go = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        arrived.set()
        await go.wait()
        return web.Response(status=404)

    shop.pages["/robots.txt"] = slow
    await crawls.create(shop.url, "one")
    await crawls.create(shop.url, "two")
    first, second = (await crawls.store.jobs.look(CRAWLS, 2)).jobs
    crawls.crawler = crawls.worker(pause=timedelta(seconds=1))
    step = asyncio.create_task(crawls.crawler.run(first))
    await arrived.wait()
    assert await crawls.crawler.run(second) == Park(timedelta(seconds=1))
    go.set()
    await step
    assert not isinstance(await crawls.crawler.run(second), Park)


async def test_a_new_start_address_begins_another_crawl(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    await crawls.steps(most=3)
    async with serving({"/": page("Another shop.", "/b"), "/b": page("Its page.")}) as other:
        asked = len(shop.asked)
        await crawls.sites.update_site(ACME, site.id, SiteChange(start=other.url), "")
        crawl = await crawls.crawl(site)
        assert (crawl.id != site.crawl, crawl.state) == (True, CrawlState.SUCCEEDED)
        assert (await crawls.sites.get_crawl(ACME, site.id, site.crawl)).state is CrawlState.CANCELLED
        assert len(shop.asked) == asked
        assert set(await crawls.documents(site)) == {other.url + "/", other.url + "/b"}


async def test_pages_that_new_paths_leave_out_are_not_read_by_the_running_crawl(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    await crawls.steps(most=3)
    await crawls.sites.update_site(ACME, site.id, SiteChange(exclude=("/returns",)), "")
    crawl = await crawls.crawl(site)
    assert (crawl.id, crawl.skips["EXCLUDED"]) == (site.crawl, 1)
    assert "/returns" not in shop.asked


def raw(status: int, head: str, body: str = "") -> Any:
    """An answer of bytes that no library sends."""

    def write(request: web.Request) -> web.Response:
        assert request.transport is not None
        told = f"HTTP/1.1 {status} X\r\n{head}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n{body}"
        request.transport.write(told.encode("latin-1"))
        request.transport.close()
        return web.Response()

    return write


async def test_headers_of_any_bytes_break_no_page(crawls: Crawls, shop: Web) -> None:
    shop.pages |= {
        "/": page("Welcome.", "/odd", "/type", "/moved", "/later"),
        "/odd": raw(200, 'etag: "caf\xe9"\r\nlast-modified: \xe9\r\ncontent-type: text/html; x=\xe9', page("Odd headers.")),
        "/type": raw(200, "content-type: image/caf\xe9", "\x89PNG"),
        "/moved": raw(302, "location: /caf\xe9"),
        "/later": raw(503, "retry-after: \xb2"),
    }
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    results = await crawls.results(site, shop.url)
    assert (results["/odd"], results["/type"], results["/moved"]) == ("NEW", "MEDIA_TYPE", "REDIRECTED")
    assert (results["/caf%E9"], results["/later"]) == ("NOT_FOUND", "SERVER_BUSY")


async def test_robots_on_another_host_are_obeyed(crawls: Crawls, shop: Web) -> None:
    async with serving({"/rules": b"User-agent: *\nDisallow: /returns"}) as other:
        shop.pages["/robots.txt"] = moved(other.url + "/rules")
        site = await crawls.create(shop.url)
        await crawls.crawl(site)
        assert (await crawls.results(site, shop.url))["/returns"] == "ROBOTS"
    shop.pages["/robots.txt"] = lambda request: web.Response(status=300)
    unreadable = await crawls.crawl(site, "again")
    assert (unreadable.problem and unreadable.problem.reason) == "ROBOTS_UNREADABLE"


async def test_robots_are_obeyed(crawls: Crawls, shop: Web) -> None:
    shop.pages["/robots.txt"] = b"User-agent: *\nDisallow: /returns/\nCrawl-delay: 60\nSitemap: /map.txt\n"
    shop.pages["/map.txt"] = f"{shop.url}/hidden\n{shop.url}/returns/secret\n".encode()
    shop.pages["/hidden"] = page("Only the sitemap knows this page.")
    site = await crawls.create(shop.url)
    crawls.crawler = crawls.worker()
    await crawls.steps(most=1, until=lambda: False)
    await crawls.store.pool.execute("update host_pace set free = now(); update job set due = now()")
    paces = await crawls.store.pool.fetchval("select robots::json->>'delay' from crawl")
    assert paces == "60.0"
    await crawls.store.pool.execute("""update crawl set robots = jsonb_set(robots::jsonb, '{delay}', '0')::text""")
    crawls.crawler = crawls.worker()
    crawl = await crawls.crawl(site)
    assert crawl.notices == ("robots.txt asks for 60 seconds between requests; 10 are kept.",)
    results = await crawls.results(site, shop.url)
    assert results["/returns/costs/"] == results["/returns/secret"] == "ROBOTS"
    assert results["/hidden"] == "NEW"
    assert not any(path.startswith("/returns/") for path in shop.asked)
    shop.pages["/robots.txt"] = b"User-agent: Frontdesk\nDisallow: /\n"
    refused = await crawls.crawl(site, "again")
    assert (refused.state, refused.problem and refused.problem.reason) == (CrawlState.FAILED, "ROBOTS")
    assert len(await crawls.documents(site)) == 4


async def test_a_host_is_asked_once_at_a_time_with_a_pause(crawls: Crawls, shop: Web) -> None:
    first, second = await crawls.create(shop.url, "one"), await crawls.create(shop.url, "two")
    crawls.crawler = crawls.worker(pause=timedelta(milliseconds=20), hold=timedelta(seconds=60))
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(crawls.steps(), crawls.steps(), crawls.steps())
    assert len(shop.asked) == 14
    assert loop.time() - began >= 13 * 0.02
    assert shop.most_at_once == 1
    assert (await crawls.documents(first)).keys() == (await crawls.documents(second)).keys()


async def test_a_crawl_continues_where_its_process_ended(crawls: Crawls, shop: Web) -> None:
    for number in range(12):
        shop.pages[f"/p{number}"] = page(f"Page number {number}.", f"/p{number + 1}", "/p0")
    shop.pages["/"] = page("Welcome.", "/p0", "/p3", "/p6", "/p9")
    site = await crawls.create(shop.url)
    crashed = 0
    for cut in (3, 1, 4, 2):
        await crawls.steps(most=cut)
        (job,) = (await crawls.store.jobs.look(CRAWLS, 1)).jobs
        step = asyncio.create_task(crawls.crawler.run(job))
        await asyncio.wait({step}, timeout=0.002 * cut)
        step.cancel()
        with suppress(asyncio.CancelledError):
            await step
        crashed += 1
        if cut % 2:  # otherwise it gave the job back
            await crawls.store.pool.execute("update job set state = 1, due = now()")
        crawls.crawler = crawls.worker()
    crawl = await crawls.crawl(site)
    assert crashed == 4
    assert counted(crawl) == {"NEW": 13, "FAILED": 1}
    assert len(await crawls.documents(site)) == 13
    assert set((await crawls.documents(site)).values()) == {1}
    assert len([fact for fact in await crawls.store.facts() if fact == "DocumentCreated"]) == 13
    await crawls.store.pool.execute("update orphan set due = now()")
    while await crawls.sweeper.sweep():
        pass
    assert (await crawls.store.counts())["contents"] == 13


async def test_two_workers_with_one_job_do_its_step_once(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    await crawls.steps(most=3)
    (job,) = (await crawls.store.jobs.look(CRAWLS, 1)).jobs
    await crawls.store.pool.execute("update job set due = now() where state = 1")
    (taken,) = (await crawls.store.jobs.look(CRAWLS, 1)).jobs
    ended = await asyncio.gather(crawls.crawler.run(taken), crawls.worker().run(job), return_exceptions=True)
    assert [type(result).__name__ for result in ended] == ["Ended", "LeaseLost"]
    assert counted(await crawls.crawl(site)) == {"NEW": 4, "FAILED": 1, "SKIPPED": 1}


async def test_a_crawl_is_cancelled_at_once(crawls: Crawls, shop: Web) -> None:
    arrived, go = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        arrived.set()
        await go.wait()
        return web.Response(text=page("Late."), content_type="text/html")

    shop.pages["/returns"] = slow
    site = await crawls.create(shop.url)
    crawling = asyncio.create_task(crawls.steps())
    await arrived.wait()
    cancelled = await crawls.sites.cancel_crawl(ACME, site.id, (await crawls.sites.get_site(ACME, site.id)).crawl)
    assert cancelled.state is CrawlState.CANCELLED
    go.set()
    await crawling
    assert await crawls.documents(site) == {shop.url + "/": 1}
    assert not (await crawls.sites.get_site(ACME, site.id)).crawling
    again = await crawls.sites.cancel_crawl(ACME, site.id, cancelled.id)
    assert again.ended == cancelled.ended
    assert (await crawls.crawl(site, "again")).state is CrawlState.SUCCEEDED
    assert len(await crawls.documents(site)) == 3


async def test_a_deleted_site_leaves_nothing(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    kept = await crawls.store.add("other", "Ours alone.")
    await crawls.crawl(site)
    await crawls.index()
    await crawls.sites.crawl_site(ACME, site.id, "again")
    await crawls.steps(most=3)
    await crawls.sites.delete_site(ACME, site.id, "")
    with pytest.raises(SiteNotFound):
        await crawls.sites.get_site(ACME, site.id)
    await crawls.steps()
    await crawls.store.pool.execute("update orphan set due = now()")
    while await crawls.sweeper.sweep():
        pass
    assert await crawls.texts() == ["Ours alone."]
    assert await crawls.store.counts() == {"contents": 1, "passages": 1}
    for table in ("site", "crawl", "crawl_page", "site_page", "job"):
        assert await crawls.store.pool.fetchval(f"select count(*) from {table}") == 0, table
    assert [d.id for d in await crawls.store.documents.newest(ACME, None, kept.site, None, 9)] == ["other"]
    assert (await crawls.create(shop.url)).revision == 1


async def test_a_site_is_crawled_again_by_its_interval(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url, interval=timedelta(hours=1))
    first = await crawls.crawl(site)
    again = await crawls.sites.get_site(ACME, site.id)
    assert again.next_crawl is not None
    assert again.next_crawl - first.created == timedelta(hours=1)
    await crawls.store.pool.execute("update site set next_crawl = now(); update job set due = now()")
    second = await crawls.crawl(site)
    assert second.id != first.id
    assert counted(second)["UNCHANGED"] == 4
    assert len(await crawls.sites.list_crawls(ACME, site.id, None, 10)) == 2
    await crawls.sites.update_site(ACME, site.id, SiteChange(interval=timedelta(0)), "")
    await crawls.steps()
    assert await crawls.store.pool.fetchval("select count(*) from job where queue = 'crawls'") == 0


async def test_changed_paths_apply_to_the_next_crawl(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    await crawls.sites.update_site(ACME, site.id, SiteChange(exclude=("/returns/",)), "")
    crawl = await crawls.crawl(site, "again")
    assert crawl.skips == {"EXCLUDED": 1, "MEDIA_TYPE": 1}
    assert shop.url + "/returns/costs/" not in await crawls.documents(site)


def calendar(request: web.Request) -> web.Response:
    """A calendar without end."""
    month = int(request.query.get("month", "1"))
    text = page(f"Month {month} has no dates.", f"/calendar?month={month + 1}", f"/calendar?month={month + 2}&view=week", "/")
    return web.Response(text=text, content_type="text/html")


async def test_an_endless_site_is_bounded(crawls: Crawls, shop: Web) -> None:
    shop.pages["/calendar"] = calendar
    shop.pages["/"] = page("Welcome.", "/calendar", "/returns", "/a/a/a/a/a")
    site = await crawls.create(shop.url, max_pages=25, max_depth=8)
    crawl = await crawls.crawl(site)
    assert crawl.state is CrawlState.SUCCEEDED
    assert len(shop.asked) <= 28, "robots.txt, a sitemap, 25 pages, and one that is not there"
    assert {"ENDLESS", "MAX_PAGES"} <= crawl.skips.keys()
    assert "The crawl stopped at 25 pages, the site's limit; more were found." in crawl.notices
    shallow = await crawls.create(shop.url, "shallow", max_depth=3)
    assert (await crawls.crawl(shallow)).skips["TOO_DEEP"] > 0
    assert (await crawls.documents(shallow)).keys() >= {shop.url + "/returns"}


async def test_pages_that_fail_take_no_place_of_others(crawls: Crawls, shop: Web) -> None:
    pages = [f"/page{number}" for number in range(4)]
    shop.pages["/"] = page("Welcome.", "/broken1", "/broken2", *pages)
    shop.pages |= {path: page(f"Text of {path}.", "/") for path in pages}
    site = await crawls.create(shop.url, max_pages=4)
    crawl = await crawls.crawl(site)
    assert counted(crawl)["NEW"] == 4, "the start page and three more"
    assert counted(crawl)["FAILED"] == 2
    assert crawl.skips == {"MAX_PAGES": 1}


async def test_a_site_of_broken_links_ends(crawls: Crawls, shop: Web) -> None:
    shop.pages["/"] = page("Welcome.", *(f"/broken{number}" for number in range(30)))
    site = await crawls.create(shop.url, max_pages=5)
    crawl = await crawls.crawl(site)
    assert counted(crawl)["FAILED"] <= 11
    assert not counted(crawl).get("WAITING")


async def test_a_crawl_rests_while_its_organization_is_suspended(crawls: Crawls, shop: Web) -> None:
    suspended = {ACME}
    crawls.crawler = crawls.worker(is_closed=suspended.__contains__)
    site = await crawls.create(shop.url)
    await crawls.steps(most=1)
    assert shop.asked == []
    assert (await crawls.sites.get_crawl(ACME, site.id, (await crawls.sites.get_site(ACME, site.id)).crawl)).state.is_open
    suspended.clear()
    await crawls.store.pool.execute("update job set due = now()")
    assert (await crawls.crawl(site)).state is CrawlState.SUCCEEDED


async def test_variants_of_one_path_are_bounded(crawls: Crawls, shop: Web) -> None:
    shop.pages["/"] = page("Welcome.", *(f"/returns?sort={number}" for number in range(MAX_VARIANTS + 3)))
    site = await crawls.create(shop.url, max_depth=1)
    await crawls.steps(most=3)
    found = await crawls.pages(site)
    assert [page.state for page in found].count(PageState.WAITING) == MAX_VARIANTS
    assert (await crawls.sites.get_crawl(ACME, site.id, site.crawl)).skips == {"ENDLESS": 3}


async def test_a_crawl_ends_after_two_days(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    await crawls.steps(most=3)
    await crawls.store.pool.execute("update crawl set started = now() - interval '49 hours'")
    crawl = await crawls.crawl(site)
    assert (crawl.state, crawl.problem and crawl.problem.reason) == (CrawlState.FAILED, "OUT_OF_TIME")
    assert await crawls.documents(site) == {shop.url + "/": 1}


async def test_an_organization_has_a_limit_of_sites(crawls: Crawls) -> None:
    for id in ("a", "b", "c"):
        await crawls.create("http://127.0.0.1:9/", id)
    with pytest.raises(TooManySites):
        await crawls.create("http://127.0.0.1:9/", "d")
    assert (await crawls.create("http://127.0.0.1:9/", "a")).id == "a"


async def test_copies_redirects_and_originals_are_read_once(crawls: Crawls, shop: Web) -> None:
    def moved(to: str) -> Any:
        return lambda request: web.Response(status=301, headers={"location": to})

    original = '<link rel="canonical" href="/sizes">'
    shop.pages |= {
        "/": page("Welcome.", "/copy", "/returns", "/print", "/old", "/away", "/loop", "/sizes/?ref=nav", "/home"),
        "/copy": shop.pages["/returns"],
        "/print": page("Boots run small. Printed.", head=original),
        "/old": moved("/sizes"),
        "/away": moved("https://other.example/"),
        "/loop": moved("/loop"),
        "/sizes/?ref=nav": page("Boots run small.", head=original),
        "/home": page("Every page of this shop names the start page as its original.", head='<link rel="canonical" href="/">'),
    }
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    assert await crawls.results(site, shop.url) == {
        "/": "NEW",
        "/copy": "NEW",
        "/returns": "DUPLICATE",
        "/print": "DUPLICATE",
        "/old": "REDIRECTED",
        "/away": "OUTSIDE",
        "/loop": "FETCH_FAILED",
        "/sizes/?ref=nav": "DUPLICATE",
        "/home": "NEW",
        "/returns/costs/": "NEW",
        "/sizes": "NEW",
        "/gone": "NOT_FOUND",
    }
    assert "/" not in [path for path in shop.asked if path.startswith("//")]


async def test_sitemaps_may_be_large_nested_packed_and_circular(crawls: Crawls, shop: Web) -> None:
    many = [f"/many/{number}" for number in range(50_000)]
    shop.pages |= {
        "/robots.txt": b"Sitemap: /index.xml\nSitemap: https://other.example/map.xml",
        "/index.xml": sitemap("/index.xml", "/deep.xml", "/broken.xml", "/packed.xml.gz", root="sitemapindex", entry="sitemap"),
        "/deep.xml": sitemap("/index.xml", root="sitemapindex", entry="sitemap"),
        "/packed.xml.gz": gzip.compress(sitemap("/sizes", *many)),
        "/broken.xml": b"<urlset><url><loc>/returns</loc></url><url>",
    }
    site = await crawls.create(shop.url, discovery=Discovery.SITEMAPS, max_pages=5)
    crawl = await crawls.crawl(site)
    assert sorted(path for path in shop.asked if ".xml" in path) == ["/broken.xml", "/deep.xml", "/index.xml", "/packed.xml.gz"]
    assert counted(crawl)["NEW"] == 3, "the start page, and those of the sitemaps that are there"
    assert any("lists more than a crawl reads" in notice for notice in crawl.notices)
    assert any("was read in part: it is damaged" in notice for notice in crawl.notices)
    assert any("on other hosts" in notice for notice in crawl.notices)
    assert "/returns/costs/" not in shop.asked


async def test_a_server_that_is_busy_is_given_time(crawls: Crawls, shop: Web) -> None:
    answers = [
        web.Response(status=429, headers={"retry-after": "0"}),
        web.Response(status=503, headers={"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}),
    ]

    def busy(request: web.Request) -> web.Response:
        return answers.pop(0) if answers else web.Response(text=page("At last."), content_type="text/html")

    shop.pages["/sizes"] = busy
    site = await crawls.create(shop.url)
    assert counted(await crawls.crawl(site))["NEW"] == 4
    shop.pages["/sizes"] = lambda request: web.Response(status=429, headers={"retry-after": "200000"})
    await crawls.sites.crawl_site(ACME, site.id, "again")
    await crawls.steps()
    waits = await crawls.store.pool.fetchval("select extract(epoch from max(free) - now()) from host_pace")
    assert 290 < waits <= 300


async def test_a_server_that_always_refuses_ends_the_crawl(crawls: Crawls, shop: Web) -> None:
    links = [f"/p{number}" for number in range(20)]
    shop.pages["/"] = page("Welcome.", *links)
    shop.pages |= {link: lambda request: web.Response(status=500) for link in links}
    site = await crawls.create(shop.url)
    crawl = await crawls.crawl(site)
    assert (crawl.state, crawl.problem and crawl.problem.reason) == (CrawlState.FAILED, "SERVER_BUSY")
    assert len(shop.asked) < 20
    assert await crawls.documents(site) == {shop.url + "/": 1}


async def test_a_page_that_never_ends_costs_its_own_time_alone(crawls: Crawls, shop: Web) -> None:
    async def drop_by_drop(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/html"})
        await response.prepare(request)
        with suppress(ConnectionError):
            while True:
                await response.write(b"<p>")
                await asyncio.sleep(0.01)
        return response

    shop.pages["/sizes"] = drop_by_drop
    site = await crawls.create(shop.url)
    crawls.crawler = crawls.worker(seconds=0.1)
    crawl = await crawls.crawl(site)
    assert counted(crawl) == {"NEW": 3, "FAILED": 2, "SKIPPED": 1}
    (slow, _) = await crawls.pages(site, PageState.FAILED)
    assert slow.problem is not None
    assert slow.problem.message == f"{shop.url}/sizes could not be fetched: it gives no complete answer within 0.1 seconds."


async def test_a_huge_robots_file_is_read_at_its_beginning(crawls: Crawls, shop: Web) -> None:
    shop.pages["/robots.txt"] = b"User-agent: *\nDisallow: /sizes\n" + b"# nothing\n" * 1_000_000
    site = await crawls.create(shop.url)
    crawl = await crawls.crawl(site)
    assert crawl.notices == ("robots.txt has more than 512 KiB; what follows was not read.",)
    assert (await crawls.results(site, shop.url))["/sizes"] == "ROBOTS"


def answer(body: bytes, media_type: str, headers: dict[str, str] | None = None) -> web.Response:
    """A page with headers."""
    return web.Response(body=body, headers={"content-type": media_type, **(headers or {})})


async def test_pages_that_are_no_help_are_skipped_with_a_reason(crawls: Crawls, shop: Web) -> None:
    shop.pages |= {
        "/": page("Welcome.", "/noindex", "/header", "/picture", "/empty", "/script", "/latin", "/notes.txt", "/huge", "/bot"),
        "/noindex": page("Not for search.", "/sizes", head='<meta name="robots" content="noindex">'),
        "/header": lambda request: answer(page("Also not.").encode(), "text/html", {"x-robots-tag": "noindex"}),
        "/bot": lambda request: answer(page("For us.").encode(), "text/html", {"x-robots-tag": "otherbot: noindex"}),
        "/picture": lambda request: web.Response(body=b"\x89PNG", content_type="image/png"),
        "/empty": "<html><body><img src='/photo.jpg'></body></html>",
        "/script": "<html><head><script src='app.js'></script></head><body><div id='app'></div></body></html>",
        "/latin": lambda request: answer("<p>Größe 42 für Füße</p>".encode("latin-1"), "text/html; charset=iso-8859-1"),
        "/notes.txt": lambda request: web.Response(text="Plain notes."),
        "/huge": lambda request: web.Response(body=b"<p>" + b"x" * 5_100_000, content_type="text/html"),
    }
    site = await crawls.create(shop.url)
    await crawls.crawl(site)
    assert await crawls.results(site, shop.url) == {
        "/": "NEW",
        "/noindex": "NOINDEX",
        "/header": "NOINDEX",
        "/bot": "NEW",
        "/picture": "MEDIA_TYPE",
        "/empty": "EMPTY",
        "/script": "DOCUMENT_UNREADABLE",
        "/latin": "NEW",
        "/notes.txt": "NEW",
        "/huge": "DOCUMENT_TOO_LARGE",
        "/sizes": "NEW",
    }
    await crawls.index()
    assert "Größe 42 für Füße" in await crawls.texts()


async def test_private_networks_are_not_crawled(crawls: Crawls) -> None:
    site = await crawls.create("http://192.168.7.9/")
    crawl = await crawls.crawl(site)
    assert (crawl.state, crawl.problem and crawl.problem.reason) == (CrawlState.FAILED, "ADDRESS_NOT_ALLOWED")


async def test_a_crawl_ends_at_the_limit_of_documents(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    crawls.crawler = crawls.worker(max_documents=2)
    crawl = await crawls.crawl(site)
    assert counted(crawl)["NEW"] == 2
    assert "TOO_MANY_DOCUMENTS" in (await crawls.results(site, shop.url)).values()


async def test_a_step_that_breaks_is_given_up_and_the_crawl_continues(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    await crawls.steps(most=3)
    await crawls.store.pool.execute("update job set attempts = 3")
    assert counted(await crawls.crawl(site)) == {"NEW": 2, "FAILED": 1, "SKIPPED": 1}
    assert "INTERNAL" in (await crawls.results(site, shop.url)).values()


async def test_a_crawl_whose_job_is_a_dead_letter_is_started_again(crawls: Crawls, shop: Web) -> None:
    site = await crawls.create(shop.url)
    await crawls.steps(most=3)
    await crawls.store.pool.execute("update job set state = 2")
    assert (await crawls.crawl(site)).state is CrawlState.RUNNING
    crawl = await crawls.crawl(site, "again")
    assert (crawl.id, crawl.state) == (site.crawl, CrawlState.SUCCEEDED)


async def test_only_the_newest_crawls_are_kept(crawls: Crawls, shop: Web) -> None:
    shop.pages = {"/": page("Welcome.")}
    site = await crawls.create(shop.url)
    for number in range(12):
        await crawls.crawl(site, f"c{number}")
    assert len(await crawls.sites.list_crawls(ACME, site.id, None, 100)) == 10


async def test_pages_are_scanned_in_a_child() -> None:
    scanner = ChildScanner()
    found = await scanner.scan_page(
        page("Boots run small.", "/sizes").encode(), "", "http://shop.example/", "http://shop.example/"
    )
    assert (found.title, found.links) == ("Boots run small.", ("http://shop.example/sizes",))
