"""Crawls in PostgreSQL while workers run them. Each step is one transaction, which holds its result and the job's end.

A step locks the site's row first. Cancelling, deleting and changing a site give it a new job, so that a step under way, whose
job is gone, changes nothing.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec

from kit.clock import Clock
from kit.ids import OrganizationId
from kit.jobs import Again, Done, Job, LeaseLost, Outcome, Park
from kit.jobs.table import Jobs
from services.memory.adapters.crawl_frontier import add_found, counted, refill
from services.memory.adapters.crawled_pages import FORGET, RESULT, CrawledPages
from services.memory.adapters.database import Database, store_errors
from services.memory.adapters.postgres_documents import PostgresDocuments
from services.memory.adapters.postgres_sites import crawl_of, new_crawl, site_of
from services.memory.domain.documents import DocumentId, SiteId
from services.memory.domain.robots import Robots
from services.memory.domain.sites import (
    MAX_CRAWL,
    MAX_KEPT_CRAWLS,
    MAX_NOTICES,
    CrawlId,
    CrawlState,
    PageId,
    PageState,
    Problem,
)
from services.memory.ports.sites import CRAWLS, Found, Item, Known, Result, Step, Unreached

REST = timedelta(minutes=10)
"""How long a site rests at least after a crawl that took longer than its interval."""

_LOCK = "select * from site where organization = $1 and id = $2 for update"
_CRAWL = "select * from crawl where organization = $1 and site = $2 and id = $3 for update"
_WAIT = """
select case when next_crawl is not null then greatest(next_crawl - clock_timestamp(), interval '0') end
from site where organization = $1 and id = $2
"""
_NEXT = """
select id, address, kind, depth, tries from crawl_page
where organization = $1 and site = $2 and crawl = $3 and state = 'WAITING' order by kind desc, tries, depth, number limit 1
"""
_OLD = """
select id from crawl where organization = $1 and site = $2 order by created desc, id desc offset $3
"""
_SAVE = """
update crawl set counts = $4, skips = $5, notices = $6, position = $7, failures = $8, incomplete = incomplete or $9,
    robots = coalesce($10, robots), robots_tries = robots_tries + $11
where organization = $1 and site = $2 and id = $3
"""
_END = """
update crawl set state = $4, problem_reason = $5, problem_message = $6, ended = clock_timestamp()
where organization = $1 and site = $2 and id = $3
"""
_REST = """
update site set next_crawl = greatest(next_crawl, clock_timestamp() + $3::interval)
where organization = $1 and id = $2 and next_crawl is not null
"""
_TWIN = """
select p.address from site_page p join crawl_page c on c.organization = p.organization and c.site = p.site and c.id = p.id
where p.organization = $1 and p.site = $2 and p.digest = $3 and p.id <> $4 and c.crawl = $5
    and c.state in ('NEW', 'CHANGED', 'UNCHANGED') limit 1
"""
_UNREACHED = """
select p.id, p.address, p.document, c.state from site_page p left join crawl_page c
    on c.organization = p.organization and c.site = p.site and c.id = p.id and c.crawl = $3
where p.organization = $1 and p.site = $2
    and ((c.id is null and not $4::boolean) or (c.state = 'SKIPPED' and c.read is null and c.reason <> 'MAX_PAGES')) limit $5
"""
_GONE = """
insert into crawl_page
    (organization, site, crawl, id, kind, address, variant_of, found_on, depth, state, reason, message, read, position)
values ($1, $2, $3, $4, 'page', $5, '', '', 0, 'GONE', 'UNLINKED', $6, clock_timestamp(), $7)
"""
_COUNT_UNREACHED = """
select count(*) filter (where c.id is null),
    count(*) filter (where (c.id is null and p.missing = 0) or (c.state = 'SKIPPED' and c.read is not null and p.missing = 1)),
    count(*) filter (where c.state = 'SKIPPED' and c.read is not null), count(*)
from site_page p left join crawl_page c
    on c.organization = p.organization and c.site = p.site and c.id = p.id and c.crawl = $3
where p.organization = $1 and p.site = $2
"""
_DOUBT = """
update site_page p set missing = missing + 1 where organization = $1 and site = $2 and not exists (
    select from crawl_page c where c.organization = $1 and c.site = $2 and c.crawl = $3 and c.id = p.id
)
"""
_TAKE = """
insert into host_pace as h (host, free) values ($1, clock_timestamp() + $2::interval)
on conflict (host) do update set free = excluded.free where h.free <= clock_timestamp() returning true
"""


class PostgresCrawling:
    """Implements Crawling."""

    def __init__(self, database: Database, jobs: Jobs, documents: PostgresDocuments, now: Clock, max_documents: int) -> None:
        self._database = database
        self._jobs = jobs
        self._pages = CrawledPages(documents, now, max_documents)

    async def begin(self, job: Job) -> "Step | timedelta | None":
        organization, id = job.organization, site_id_of(job)
        async with self._database.write(organization) as writing:
            connection = writing.connection
            site = await connection.fetchrow(_LOCK, organization, id)
            if site is None or site["deleted"]:
                return None
            crawl = await connection.fetchrow(_CRAWL, organization, id, site["crawl"])
            if crawl is None or not CrawlState(crawl["state"]).is_open:
                wait: timedelta | None = await connection.fetchval(_WAIT, organization, id)
                if wait is None or wait > timedelta(0):
                    return wait
                began = await new_crawl(connection, organization, id, "")
                crawl = await connection.fetchrow(_CRAWL, organization, id, began)
            if crawl["state"] == CrawlState.PENDING:
                crawl = await self._start(connection, site, crawl)
            found = await connection.fetchrow(_NEXT, organization, id, crawl["id"])
            late = await connection.fetchval(
                "select $1::timestamptz < clock_timestamp() - $2::interval", crawl["started"], MAX_CRAWL
            )
            step = Step(
                site=site_of(site),
                crawl=crawl_of(crawl),
                robots_read=crawl["robots"] is not None,
                robots_tries=crawl["robots_tries"],
                failures=crawl["failures"],
                incomplete=crawl["incomplete"],
                is_late=late,
            )
            if found is None:
                return step
            item = Item(PageId(found["id"]), found["address"], found["kind"] == "sitemap", found["depth"], found["tries"])
            return replace(step, item=item, known=await self._known(connection, step, item.id))

    async def finish(self, job: Job, step: Step, result: Result) -> None:
        async with self._database.write(job.organization) as writing:
            crawl = await self._held(writing.connection, step)
            state, found = dict(step.crawl.counts), result.found
            reading, item = result.reading, step.item
            position = crawl["position"]
            if reading is not None and item is not None and item.is_sitemap:
                await writing.connection.execute(RESULT, *_names(step), item.id, reading.state, "", "", "", item.address, 0)
            elif reading is not None and item is not None:
                position += 1
                reading = await self._pages.keep(writing, step, item, reading, position)
                counted(state, PageState.WAITING, -1)
                counted(state, reading.state, 1)
            skips = dict(step.crawl.skips)
            if reading is not None and reading.state is PageState.SKIPPED and reading.problem is not None:
                skips[reading.problem.reason] = skips.get(reading.problem.reason, 0) + 1
            if reading is not None and reading.state is PageState.FAILED:
                await refill(writing.connection, step, state, skips)
            added = await add_found(writing.connection, step, found, state, skips)
            notices = tuple(dict.fromkeys((*step.crawl.notices, *result.notices, *added.notices)))[:MAX_NOTICES]
            failures = step.failures if result.failed is None else step.failures + 1 if result.failed else 0
            await writing.connection.execute(
                *(
                    _SAVE,
                    job.organization,
                    step.site.id,
                    step.crawl.id,
                    state,
                    skips,
                    notices,
                    position,
                ),
                *(failures, result.incomplete or added.incomplete),
                None if result.robots is None else msgspec.json.encode(result.robots).decode(),
                int(result.robots_tried),
            )
            if result.host:
                await self._free(writing.connection, result.host, result.pause)
            outcome: Outcome = Again(result.pause)
            if result.ended is not None:
                outcome = await self._end(writing.connection, step, result.ended, result.problem, result.doubts)
            await self._jobs.settle(CRAWLS, job, outcome, writing.connection)

    async def robots(self, step: Step) -> Robots:
        async with self._database.read() as connection:
            raw = await connection.fetchval(
                "select robots from crawl where organization = $1 and site = $2 and id = $3", *_names(step)
            )
        return msgspec.json.decode(raw, type=Robots) if raw else Robots()

    async def fresh(self, step: Step, pages: Collection[PageId]) -> Collection[PageId]:
        async with self._database.read() as connection:
            rows = await connection.fetch(
                "select id from crawl_page where organization = $1 and site = $2 and crawl = $3 and id = any($4)",
                *(*_names(step), list(pages)),
            )
        return set(pages) - {PageId(row["id"]) for row in rows}

    async def twin(self, step: Step, digest: str) -> str:
        assert step.item is not None
        async with self._database.read() as connection:
            organization, site, crawl = _names(step)
            return await connection.fetchval(_TWIN, organization, site, digest, step.item.id, crawl) or ""

    async def state_of(self, step: Step, page: PageId) -> PageState | None:
        async with self._database.read() as connection:
            state = await connection.fetchval(
                "select state from crawl_page where organization = $1 and site = $2 and crawl = $3 and id = $4",
                *(*_names(step), page),
            )
        return PageState(state) if state else None

    async def start_problem(self, step: Step) -> Problem | None:
        async with self._database.read() as connection:
            row = await connection.fetchrow(
                "select reason, message from crawl_page where organization = $1 and site = $2 and crawl = $3 and depth = 0"
                " and kind = 'page' and reason <> '' order by number desc limit 1",
                *_names(step),
            )
        return None if row is None else Problem(row["reason"], row["message"])

    async def remove_unreached(self, job: Job, step: Step, keeps: bool, limit: int) -> int:
        organization, site, crawl = _names(step)
        async with self._database.write(organization) as writing:
            connection = writing.connection
            position = (await self._held(connection, step))["position"]
            rows = await connection.fetch(_UNREACHED, organization, site, crawl, keeps, limit)
            state = dict(step.crawl.counts)
            for row in rows:
                await self._pages.delete_document(writing, job.organization, DocumentId(row["document"]))
                await connection.execute(FORGET, organization, site, row["id"])
                if row["state"] is None:
                    position += 1
                    counted(state, PageState.GONE, 1)
                    told = (organization, site, crawl, row["id"], row["address"], _UNLINKED, position)
                    await connection.execute(_GONE, *told)
            await connection.execute(
                "update crawl set counts = $4, position = $5 where organization = $1 and site = $2 and id = $3",
                *(organization, site, crawl, state, position),
            )
            if rows:
                await self._jobs.settle(CRAWLS, job, Again(timedelta(0)), connection)
        return len(rows)

    async def unreached(self, step: Step) -> Unreached:
        async with self._database.read() as connection:
            return Unreached(*await connection.fetchrow(_COUNT_UNREACHED, *_names(step)))

    async def put_back(self, job: Job) -> None:
        with store_errors():
            await self._jobs.settle(CRAWLS, job, Park(timedelta(0)))

    async def clear(self, job: Job, limit: int) -> bool | None:
        organization, id = job.organization, site_id_of(job)
        async with self._database.write(organization) as writing:
            connection = writing.connection
            site = await connection.fetchrow(_LOCK, organization, id)
            if site is None or not site["deleted"]:
                return None
            rows = await connection.fetch(
                "select id from document where organization = $1 and site = $2 and site <> '' limit $3", organization, id, limit
            )
            for row in rows:
                await self._pages.delete_document(writing, organization, DocumentId(row["id"]))
            if not rows:
                for table in ("crawl_page", "site_page", "crawl"):
                    await connection.execute(f"delete from {table} where organization = $1 and site = $2", organization, id)
                await connection.execute("delete from site where organization = $1 and id = $2", organization, id)
            await self._jobs.settle(CRAWLS, job, Again(timedelta(0)) if rows else Done(), connection)
        return bool(rows)

    async def take_host(self, host: str, hold: timedelta) -> timedelta:
        async with self._database.read() as connection:
            if await connection.fetchval(_TAKE, host, hold):
                return timedelta(0)
            left = await connection.fetchval("select free - clock_timestamp() from host_pace where host = $1", host)
        return max(left or timedelta(0), timedelta(milliseconds=10))

    async def free_host(self, host: str, pause: timedelta) -> None:
        async with self._database.read() as connection:
            await self._free(connection, host, pause)

    async def _free(self, connection: Any, host: str, pause: timedelta) -> None:
        await connection.execute("update host_pace set free = clock_timestamp() + $2::interval where host = $1", host, pause)
        await connection.execute("delete from host_pace where free < clock_timestamp() - interval '1 day'")

    async def _start(self, connection: Any, site: Any, crawl: Any) -> Any:
        organization, id = site["organization"], site["id"]
        for old in await connection.fetch(_OLD, organization, id, MAX_KEPT_CRAWLS):
            for table, column in (("crawl_page", "crawl"), ("crawl", "id")):
                statement = f"delete from {table} where organization = $1 and site = $2 and {column} = $3"
                await connection.execute(statement, organization, id, old["id"])
        state: dict[PageState, int] = {}
        step = Step(site_of(site), crawl_of(crawl), False, 0, 0, False, False)
        found = [Found.of(site["start"], 0)]
        await add_found(connection, step, found, state, {})
        return await connection.fetchrow(
            "update crawl set state = 'RUNNING', started = clock_timestamp(), counts = $4"
            " where organization = $1 and site = $2 and id = $3 returning *",
            *(organization, id, crawl["id"], state),
        )

    async def _held(self, connection: Any, step: Step) -> Any:
        """Locks the site and its crawl. Raises LeaseLost where the crawl has ended."""
        organization, site, crawl = _names(step)
        row = await connection.fetchrow(_LOCK, organization, site)
        held = await connection.fetchrow(_CRAWL, organization, site, crawl)
        if row is None or row["deleted"] or row["crawl"] != crawl or held is None or not CrawlState(held["state"]).is_open:
            raise LeaseLost
        return held

    async def _known(self, connection: Any, step: Step, page: PageId) -> Known | None:
        row = await connection.fetchrow(
            "select p.*, d.id is not null as there from site_page p left join document d"
            " on d.organization = p.organization and d.id = p.document"
            " where p.organization = $1 and p.site = $2 and p.id = $3",
            *(step.site.organization, step.site.id, page),
        )
        if row is None:
            return None
        there = row["there"]  # it may have been deleted by hand: then it is read again
        return Known(
            document=DocumentId(row["document"]),
            etag=row["etag"] if there else "",
            modified=row["modified"] if there else "",
            digest=row["digest"] if there else "",
            links=tuple(row["links"]),
            missing=row["missing"],
        )

    async def _end(self, connection: Any, step: Step, state: CrawlState, problem: Problem | None, doubts: bool) -> Outcome:
        organization, site, crawl = _names(step)
        told = problem or Problem("", "")
        await connection.execute(_END, organization, site, crawl, state, told.reason, told.message)
        if doubts:
            await connection.execute(_DOUBT, organization, site, crawl)
        await connection.execute(_REST, organization, site, REST)
        wait = await connection.fetchval(_WAIT, organization, site)
        return Done() if wait is None else Again(wait)


_UNLINKED = "No page and no sitemap of the site leads to it any more; its document was removed."


def site_id_of(job: Job) -> SiteId:
    """The site that a job crawls."""
    return SiteId(job.subject.removeprefix("sites/"))


def _names(step: Step) -> tuple[OrganizationId, SiteId, CrawlId]:
    return step.site.organization, step.site.id, step.crawl.id
