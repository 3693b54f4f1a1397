"""Sites over the wire: how they are managed, crawled and watched, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from frontdesk.memory import v1 as pb
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from kit import client, errors, ids
from tests.contract.memory.crawled import page, serving
from tests.rpc.lists import in_pages
from tests.rpc.memory.library import Library, Shelf, eventually

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
SITES = [f"memory.sites.{verb}" for verb in ("create", "read", "update", "delete")]


class Place:
    """The sites of one organization."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.stub = shelf.library.sites
        self.token = shelf.library.keys.user_token(shelf.organization, [*SITES, "memory.documents.read"])

    async def call(self, rpc: Any, request: object) -> Any:
        return await self.shelf.call(rpc, request, self.token)

    async def create(self, start: str, id: str = "help", **values: Any) -> pb.Site:
        site: pb.Site = await self.call(
            self.stub.CreateSite,
            pb.CreateSiteRequest(
                parent=self.shelf.parent, site_id=id, request_id=f"r-{id}", site=pb.Site(start_uri=start, **values)
            ),
        )
        return site

    async def get(self, site: pb.Site) -> pb.Site:
        found: pb.Site = await self.call(self.stub.GetSite, pb.GetSiteRequest(name=site.name))
        return found

    async def watch(self, crawl: str, token: str = "") -> list[pb.WatchCrawlResponse]:
        """All frames until the crawl has ended."""
        request = pb.WatchCrawlRequest(name=crawl, resume_token=token)
        stream = self.stub.WatchCrawl(request, metadata=(("authorization", f"Bearer {self.token}"),), timeout=60)
        return [frame async for frame in stream]


@pytest.fixture
def place(shelf: Shelf) -> Place:
    return Place(shelf)


async def test_a_site_is_crawled_watched_searched_and_deleted(place: Place) -> None:
    pages = {
        "/": page("Welcome to the shop.", "/returns", "/private/x"),
        "/returns": page("Returns are free within 60 days.", "/gone"),
    }
    async with serving(pages) as served:
        site = await place.create(served.url, exclude_paths=["/private"], crawl_interval=Duration(seconds=86_400))
        assert (site.max_depth, site.max_pages, site.discovery) == (10, 500, pb.DISCOVERY_SITEMAPS_AND_LINKS)
        assert site.crawling
        assert await place.create(served.url) == await place.get(site), "a repeated request changes nothing"
        frames = await place.watch(site.latest_crawl)
        done = [found for frame in frames for found in frame.progress.pages]
        assert [(found.uri.removeprefix(served.url), pb.CrawlPageState.Name(found.state)) for found in done] == [
            ("/", "CRAWL_PAGE_STATE_NEW"),
            ("/returns", "CRAWL_PAGE_STATE_NEW"),
            ("/gone", "CRAWL_PAGE_STATE_FAILED"),
        ]
        last = frames[-1].progress.crawl
        assert last.state == pb.CRAWL_STATE_SUCCEEDED
        assert (last.found_count, last.new_count, last.failed_count, last.skipped_count) == (4, 2, 1, 1)
        assert [(skip.reason, skip.count) for skip in last.skips] == [("EXCLUDED", 1)]
        (resumed,) = await place.watch(site.latest_crawl, token="2")
        assert [found.uri for found in resumed.progress.pages] == [f"{served.url}/gone"]
        assert resumed.resume_token == frames[-1].resume_token == "3"
        read = await place.get(site)
        assert (read.document_count, read.crawling) == (2, False)
        assert read.next_crawl_time.seconds == last.create_time.seconds + 86_400
        listing = pb.ListCrawlPagesRequest(parent=site.latest_crawl)
        listed = await in_pages(lambda request: place.call(place.stub.ListCrawlPages, request), listing)
        assert len(listed) == 4
        assert all(found.found_on == f"{served.url}/" for found in listed[1:3])

        async def ready() -> bool:
            found = await place.call(
                place.shelf.library.documents.ListDocuments,
                pb.ListDocumentsRequest(parent=place.shelf.parent, site=site.name),
            )
            return [document.state for document in found.documents] == [pb.DOCUMENT_STATE_READY] * 2 and all(
                document.site == site.name for document in found.documents
            )

        await eventually(ready)
        assert any("60 days" in text for text in await place.shelf.texts("how long can I return boots?"))
        await place.call(place.stub.DeleteSite, pb.DeleteSiteRequest(name=site.name, etag=read.etag))
        with pytest.raises(errors.NotFound) as missing:
            await place.get(site)
        assert missing.value.reason == "SITE_NOT_FOUND"

        async def gone() -> bool:
            return not await place.shelf.texts("how long can I return boots?")

        await eventually(gone)


async def test_a_crawl_is_started_once_and_cancelled(place: Place) -> None:
    pages = {"/": page("Welcome.", *(f"/p{number}" for number in range(40)))}
    pages |= {f"/p{number}": page(f"Page {number}.") for number in range(40)}
    async with serving(pages) as served:
        site = await place.create(served.url)
        again = await place.call(place.stub.CrawlSite, pb.CrawlSiteRequest(name=site.name, request_id=ids.new()))
        assert again.name == site.latest_crawl
        cancelled = await place.call(place.stub.CancelCrawl, pb.CancelCrawlRequest(name=again.name))
        assert cancelled.state == pb.CRAWL_STATE_CANCELLED
        request = pb.CrawlSiteRequest(name=site.name, request_id="second")
        second = await place.call(place.stub.CrawlSite, request)
        assert second.name != again.name
        await place.call(place.stub.CancelCrawl, pb.CancelCrawlRequest(name=second.name))
        assert (await place.call(place.stub.CrawlSite, request)).name == second.name, "the same request, the same crawl"
        crawls = pb.ListCrawlsRequest(parent=site.name)
        listed = await in_pages(lambda asked: place.call(place.stub.ListCrawls, asked), crawls)
        assert [crawl.name for crawl in listed] == [second.name, again.name]
        found = await place.call(place.stub.GetCrawl, pb.GetCrawlRequest(name=second.name))
        assert (found.state, found.found_count - found.waiting_count <= 3) == (pb.CRAWL_STATE_CANCELLED, True)


async def test_a_site_is_changed(place: Place) -> None:
    site = await place.create("http://127.0.0.1:9/", display_name="Help")
    changed = await place.call(
        place.stub.UpdateSite,
        pb.UpdateSiteRequest(
            site=pb.Site(name=site.name, max_pages=20, include_paths=["/help"], etag=site.etag, display_name="ignored"),
            update_mask=FieldMask(paths=["max_pages", "include_paths", "crawl_interval"]),
        ),
    )
    assert (changed.display_name, changed.max_pages, list(changed.include_paths)) == ("Help", 20, ["/help"])
    assert not changed.HasField("crawl_interval")
    with pytest.raises(errors.Aborted) as stale:
        await place.call(place.stub.UpdateSite, pb.UpdateSiteRequest(site=pb.Site(name=site.name, max_pages=9, etag=site.etag)))
    assert stale.value.reason == "SITE_CHANGED"
    request = pb.UpdateSiteRequest(site=pb.Site(name=site.name), update_mask=FieldMask(paths=["latest_crawl"]))
    with pytest.raises(errors.InvalidArgument) as fixed:
        await place.call(place.stub.UpdateSite, request)
    assert fixed.value.reason == "FIELD_NOT_UPDATABLE"
    listed = await in_pages(
        lambda request: place.call(place.stub.ListSites, request), pb.ListSitesRequest(parent=place.shelf.parent)
    )
    assert [found.name for found in listed] == [site.name]


@pytest.mark.parametrize(
    "wrong",
    [
        pb.Site(),
        pb.Site(start_uri="ftp://example.com/"),
        pb.Site(start_uri="https://example.com/", max_pages=5001),
        pb.Site(start_uri="https://example.com/", max_depth=51),
        pb.Site(start_uri="https://example.com/", include_paths=["help"]),
        pb.Site(start_uri="https://example.com/", exclude_paths=[f"/{n}" for n in range(51)]),
        pb.Site(start_uri="https://example.com/", crawl_interval=Duration(seconds=60)),
        pb.Site(start_uri="https://user:secret@example.com/"),
    ],
)
async def test_what_is_no_site_is_refused(place: Place, wrong: pb.Site) -> None:
    with pytest.raises(errors.InvalidArgument):
        await place.call(
            place.stub.CreateSite, pb.CreateSiteRequest(parent=place.shelf.parent, site=wrong, request_id=ids.new())
        )


async def test_sites_need_permissions_and_their_own_organization(place: Place, library: Library) -> None:
    site = await place.create("http://127.0.0.1:9/")
    other = Place(library.shelf())
    with pytest.raises(errors.FrontdeskError) as refused:
        await other.get(site)
    assert refused.value.code in ("NOT_FOUND", "PERMISSION_DENIED")
    reader = library.keys.user_token(place.shelf.organization, ["memory.sites.read"])
    with pytest.raises(errors.PermissionDenied):
        await client.call(place.stub.DeleteSite, pb.DeleteSiteRequest(name=site.name), token=reader)
    others = pb.ListDocumentsRequest(parent=place.shelf.parent, site=f"{other.shelf.parent}/sites/help")
    with pytest.raises(errors.PermissionDenied):
        await place.call(library.documents.ListDocuments, others)
    with pytest.raises(errors.AlreadyExists):
        await place.call(
            place.stub.CreateSite,
            pb.CreateSiteRequest(
                parent=place.shelf.parent, site_id="help", site=pb.Site(start_uri="http://127.0.0.1:9/"), request_id="x"
            ),
        )


async def test_a_resume_token_of_another_kind_is_refused(place: Place) -> None:
    site = await place.create("http://127.0.0.1:9/")
    for token in ("x", "9000"):
        with pytest.raises(Exception, match="resume token"):
            await place.watch(site.latest_crawl, token)
