"""Sites in PostgreSQL, and what is shown of their crawls. A site's row is locked before its crawls, pages and documents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kit import ids
from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from services.memory.adapters.database import Database
from services.memory.domain.documents import DocumentId, SiteId
from services.memory.domain.sites import (
    Crawl,
    CrawlId,
    CrawlNotFound,
    CrawlPage,
    CrawlState,
    Discovery,
    PageState,
    Problem,
    Site,
    SiteChanged,
    SiteExists,
    SiteNotFound,
    TooManySites,
)
from services.memory.ports.sites import CRAWLS

_SITE = """
select s.*, coalesce(c.state in ('PENDING', 'RUNNING'), false) as crawling,
    (select count(*) from document d where d.organization = s.organization and d.site = s.id and d.site <> '')::int as documents
from site s left join crawl c on c.organization = s.organization and c.site = s.id and c.id = s.crawl
where s.organization = $1 and not s.deleted
"""
_NEWEST = f"""
{_SITE} and ($2::timestamptz is null or (s.created, s.id) < ($2, $3)) order by s.created desc, s.id desc limit $4
"""
_ADD = """
insert into site (organization, id, request_id, display_name, start, include, exclude, max_depth, max_pages, discovery,
    crawl_interval, revision, created, updated)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing returning true
"""
_REPLACE = """
update site set display_name = $3, start = $4, include = $5, exclude = $6, max_depth = $7, max_pages = $8, discovery = $9,
    crawl_interval = $10, revision = $11, updated = $12,
    next_crawl = case when $10::interval is null then null when crawl_interval is not distinct from $10 then next_crawl
        else coalesce((select c.created from crawl c
            where c.organization = site.organization and c.site = site.id and c.id = site.crawl), clock_timestamp()) + $10 end
where organization = $1 and id = $2
"""
_LOCK = "select * from site where organization = $1 and id = $2 and not deleted for update"
_IS_THERE = "select exists (select from site where organization = $1 and id = $2 and not deleted)"
_NEW_CRAWL = """
insert into crawl (organization, site, id, request_id, state, created) values ($1, $2, $3, $4, 'PENDING', clock_timestamp())
returning created
"""
_CRAWL = "select * from crawl where organization = $1 and site = $2 and id = $3"
_CRAWLS = """
select * from crawl where organization = $1 and site = $2 and ($3::timestamptz is null or (created, id) < ($3, $4))
order by created desc, id desc limit $5
"""
_PAGES = """
select * from crawl_page where organization = $1 and site = $2 and crawl = $3 and kind = 'page' and number > $5
    and ($4::text is null or state = $4) order by number limit $6
"""
_RESULTS = """
select * from crawl_page where organization = $1 and site = $2 and crawl = $3 and position > $4 and kind = 'page'
order by position limit $5
"""
_IS_DEAD = f"""
select not exists (select from job where queue = '{CRAWLS.name}' and organization = $1 and subject = $2 and state < 2)
"""
_CANCEL = """
update crawl set state = 'CANCELLED', ended = clock_timestamp()
where organization = $1 and site = $2 and id = $3 and state in ('PENDING', 'RUNNING')
"""


class PostgresSites:
    """Implements Sites."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs

    async def create(self, site: Site, request_id: str, maximum: int) -> Site:
        organization = site.organization
        async with self._database.write(organization) as writing:
            connection = writing.connection
            await connection.execute("select pg_advisory_xact_lock(hashtextextended('sites/' || $1, 0))", organization)
            first = await connection.fetchrow(f"{_SITE} and s.request_id = $2", organization, request_id)
            if first is not None:
                return site_of(first)
            if await connection.fetchval("select count(*) from site where organization = $1", organization) >= maximum:
                raise TooManySites(maximum)
            if not await connection.fetchval(
                *(_ADD, organization, site.id, request_id, site.display_name, site.start, site.include, site.exclude),
                *(site.max_depth, site.max_pages, site.discovery, site.interval, site.revision, site.created, site.updated),
            ):
                raise SiteExists(_name(organization, site.id))
            await new_crawl(connection, organization, site.id, request_id)
            await self._queue(connection, organization, site.id)
            row = await connection.fetchrow(f"{_SITE} and s.id = $2", organization, site.id)
        return site_of(row)

    async def get(self, organization: OrganizationId, id: SiteId) -> Site:
        async with self._database.read() as connection:
            row = await connection.fetchrow(f"{_SITE} and s.id = $2", organization, id)
        if row is None:
            raise SiteNotFound(_name(organization, id))
        return site_of(row)

    async def newest(self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int) -> Sequence[Site]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_NEWEST, organization, *(before or (None, None)), limit)
        return [site_of(row) for row in rows]

    async def replace(self, site: Site, expected_revision: int) -> None:
        organization, id = site.organization, site.id
        async with self._database.write(organization) as writing:
            before = await _locked(writing.connection, organization, id)
            if before["revision"] != expected_revision:
                raise SiteChanged(_name(organization, id))
            await writing.connection.execute(
                *(_REPLACE, organization, id, site.display_name, site.start, site.include, site.exclude, site.max_depth),
                *(site.max_pages, site.discovery, site.interval, site.revision, site.updated),
            )
            if before["start"] != site.start and await self._cancel(writing.connection, organization, id, before["crawl"]):
                await new_crawl(writing.connection, organization, id, "")  # what waits in the old one is of another site
            await self._queue(writing.connection, organization, id)

    async def delete(self, organization: OrganizationId, id: SiteId, revision: int | None) -> None:
        async with self._database.write(organization) as writing:
            before = await _locked(writing.connection, organization, id)
            if revision is not None and before["revision"] != revision:
                raise SiteChanged(_name(organization, id))
            await writing.connection.execute(
                "update site set deleted = true where organization = $1 and id = $2", organization, id
            )
            await self._queue(writing.connection, organization, id)

    async def begin_crawl(self, organization: OrganizationId, id: SiteId, request_id: str) -> Crawl:
        async with self._database.write(organization) as writing:
            connection = writing.connection
            site = await _locked(connection, organization, id)
            open_ = await connection.fetchrow(
                "select * from crawl where organization = $1 and site = $2"
                " and (request_id = $3 or (id = $4 and state in ('PENDING', 'RUNNING'))) order by created desc limit 1",
                *(organization, id, request_id, site["crawl"]),
            )
            if open_ is not None:
                if CrawlState(open_["state"]).is_open and await connection.fetchval(_IS_DEAD, organization, f"sites/{id}"):
                    await self._queue(connection, organization, id)
                return crawl_of(open_)
            crawl = await new_crawl(connection, organization, id, request_id)
            await self._queue(connection, organization, id)
            return crawl_of(await connection.fetchrow(_CRAWL, organization, id, crawl))

    async def cancel_crawl(self, organization: OrganizationId, id: SiteId, crawl: CrawlId) -> Crawl:
        async with self._database.write(organization) as writing:
            connection = writing.connection
            await _locked(connection, organization, id)
            if await self._cancel(connection, organization, id, crawl):
                await self._queue(connection, organization, id)  # its step under way loses the job
            row = await connection.fetchrow(_CRAWL, organization, id, crawl)
        if row is None:
            raise CrawlNotFound(f"{_name(organization, id)}/crawls/{crawl}")
        return crawl_of(row)

    async def crawl(self, organization: OrganizationId, id: SiteId, crawl: CrawlId) -> Crawl:
        async with self._database.read() as connection:
            row = await connection.fetchrow(_CRAWL, organization, id, crawl)
            if not await connection.fetchval(_IS_THERE, organization, id):
                raise SiteNotFound(_name(organization, id))
        if row is None:
            raise CrawlNotFound(f"{_name(organization, id)}/crawls/{crawl}")
        return crawl_of(row)

    async def crawls(
        self, organization: OrganizationId, id: SiteId, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Crawl]:
        await self.get(organization, id)
        async with self._database.read() as connection:
            rows = await connection.fetch(_CRAWLS, organization, id, *(before or (None, None)), limit)
        return [crawl_of(row) for row in rows]

    async def pages(
        self, organization: OrganizationId, id: SiteId, crawl: CrawlId, state: PageState | None, after: int, limit: int
    ) -> Sequence[CrawlPage]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_PAGES, organization, id, crawl, state, after, limit)
        return [_page_of(row) for row in rows]

    async def results(
        self, organization: OrganizationId, id: SiteId, crawl: CrawlId, after: int, limit: int
    ) -> Sequence[CrawlPage]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_RESULTS, organization, id, crawl, after, limit)
        return [_page_of(row) for row in rows]

    async def _cancel(self, connection: Any, organization: OrganizationId, id: SiteId, crawl: str) -> bool:
        return bool(await connection.execute(_CANCEL, organization, id, crawl) != "UPDATE 0")

    async def _queue(self, connection: Any, organization: OrganizationId, id: SiteId) -> None:
        """Has the site's job look at once; a step under way is overtaken."""
        await self._jobs.begin_again(connection, CRAWLS, organization, f"sites/{id}", "")


async def new_crawl(connection: Any, organization: OrganizationId, id: SiteId, request_id: str) -> CrawlId:
    """Begins a crawl of a site whose row is locked, and plans the next one."""
    crawl = CrawlId(ids.new())
    created = await connection.fetchval(_NEW_CRAWL, organization, id, crawl, request_id)
    await connection.execute(
        "update site set crawl = $3, next_crawl = $4::timestamptz + crawl_interval where organization = $1 and id = $2",
        *(organization, id, crawl, created),
    )
    return crawl


async def _locked(connection: Any, organization: OrganizationId, id: SiteId) -> Any:
    row = await connection.fetchrow(_LOCK, organization, id)
    if row is None:
        raise SiteNotFound(_name(organization, id))
    return row


def site_of(row: Any) -> Site:
    """A site of its row."""
    return Site(
        organization=OrganizationId(row["organization"]),
        id=SiteId(row["id"]),
        display_name=row["display_name"],
        start=row["start"],
        created=row["created"],
        updated=row["updated"],
        include=tuple(row["include"]),
        exclude=tuple(row["exclude"]),
        max_depth=row["max_depth"],
        max_pages=row["max_pages"],
        discovery=Discovery(row["discovery"]),
        interval=row["crawl_interval"],
        revision=row["revision"],
        crawl=CrawlId(row["crawl"]),
        crawling=row.get("crawling", False),
        next_crawl=row["next_crawl"],
        documents=row.get("documents", 0),
    )


def crawl_of(row: Any) -> Crawl:
    """A crawl of its row."""
    return Crawl(
        id=CrawlId(row["id"]),
        state=CrawlState(row["state"]),
        created=row["created"],
        started=row["started"],
        ended=row["ended"],
        problem=Problem(row["problem_reason"], row["problem_message"]) if row["problem_reason"] else None,
        notices=tuple(row["notices"]),
        counts={PageState(name): count for name, count in row["counts"].items()},
        skips=row["skips"],
        position=row["position"],
    )


def _page_of(row: Any) -> CrawlPage:
    return CrawlPage(
        number=row["number"],
        address=row["address"],
        state=PageState(row["state"]),
        depth=row["depth"],
        found_on=row["found_on"],
        problem=Problem(row["reason"], row["message"]) if row["reason"] else None,
        document=DocumentId(row["document"]),
        read=row["read"],
        position=row["position"],
    )


def _name(organization: OrganizationId, id: SiteId) -> str:
    return f"organizations/{organization}/sites/{id}"
