"""Adds what a step found to the addresses of its crawl, within the bounds of a crawl."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Any

from services.memory.domain import addresses
from services.memory.domain.sites import MAX_LISTED_SKIPS, MAX_SITEMAPS, MAX_VARIANTS, PageState, Problem
from services.memory.ports.sites import Found, Step

_THERE = "select id from crawl_page where organization = $1 and site = $2 and crawl = $3 and id = any($4)"
_VARIANTS = """
select variant_of, count(*) from crawl_page where organization = $1 and site = $2 and crawl = $3 and variant_of <> ''
    and md5(variant_of) = any($4) group by variant_of
"""
_SITEMAPS = "select count(*) from crawl_page where organization = $1 and site = $2 and crawl = $3 and kind = 'sitemap'"
# Those that were skipped when they had been read count too: redirects and copies can be without end.
# A page that could not be read takes no place of one that can, but there may be no more of them than places: an endless site
# may fail without end.
_READ = """
select count(*) filter (where state <> 'FAILED') + greatest(0, count(*) filter (where state = 'FAILED') - $4::bigint)
from crawl_page where organization = $1 and site = $2 and crawl = $3 and kind = 'page'
    and (state = 'WAITING' or read is not null)
"""
_ADD = """
insert into crawl_page (organization, site, crawl, id, kind, address, variant_of, found_on, depth, state, reason, message)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing
"""


_REFILL = """
update crawl_page set state = 'WAITING', reason = '', message = ''
where organization = $1 and site = $2 and crawl = $3 and id = (
    select id from crawl_page where organization = $1 and site = $2 and crawl = $3 and state = 'SKIPPED'
        and reason = 'MAX_PAGES' and read is null order by number limit 1
) returning 1
"""


@dataclass(slots=True)
class Added:
    """Notices about the addresses that were added."""

    notices: list[str]
    incomplete: bool = False


async def add_found(
    connection: Any, step: Step, found: Sequence[Found], counts: dict[PageState, int], skips: dict[str, int]
) -> Added:
    """Adds addresses that are not in the crawl yet, and counts them in `counts` and `skips`."""
    added = Added([])
    if not found:
        return added
    names = (step.site.organization, step.site.id, step.crawl.id)
    there = {row["id"] for row in await connection.fetch(_THERE, *names, [item.id for item in found])}
    new = {item.id: item for item in found if item.id not in there}
    paths = {_path(item) for item in new.values()} - {""}
    hashes = [md5(path.encode(), usedforsecurity=False).hexdigest() for path in paths]
    variants = Counter(dict(map(tuple, await connection.fetch(_VARIANTS, *names, hashes)))) if hashes else Counter[str]()
    sitemaps = await connection.fetchval(_SITEMAPS, *names) if any(item.is_sitemap for item in new.values()) else 0
    room = step.site.max_pages - await connection.fetchval(_READ, *names, step.site.max_pages)
    rows = []
    for item in new.values():
        if item.is_sitemap:
            sitemaps += 1
            if sitemaps > MAX_SITEMAPS:
                added.notices.append(f"The site has more than {MAX_SITEMAPS} sitemaps; the others were not read.")
                added.incomplete = True
                break
            rows.append((*names, item.id, "sitemap", item.address, "", _from(step), item.depth, "WAITING", "", ""))
            continue
        path = _path(item)
        refusal = item.refusal
        if refusal is None and path and variants[path] >= MAX_VARIANTS:
            refusal = Problem(
                "ENDLESS", f"{MAX_VARIANTS} addresses of its path were found already, which differ in their queries."
            )
        if refusal is None and room <= 0:
            refusal = Problem(
                "MAX_PAGES", "The crawl has as many pages as the site's max_pages permits: raise it, or exclude paths."
            )
            added.notices.append(f"The crawl stopped at {step.site.max_pages:,} pages, the site's limit; more were found.")
            added.incomplete = True
        if refusal is not None and counts.get(PageState.SKIPPED, 0) >= MAX_LISTED_SKIPS:
            added.notices.append(f"More than {MAX_LISTED_SKIPS:,} addresses were skipped; the others are not listed.")
            continue
        state = PageState.WAITING if refusal is None else PageState.SKIPPED
        variants[path] += 1
        room -= refusal is None
        counted(counts, state, 1)
        if refusal is not None:
            skips[refusal.reason] = skips.get(refusal.reason, 0) + 1
        problem = refusal or Problem("", "")
        told = (state.value, problem.reason, problem.message)
        rows.append((*names, item.id, "page", item.address, path, _from(step), item.depth, *told))
    await connection.executemany(_ADD, rows)
    return added


async def refill(connection: Any, step: Step, counts: dict[PageState, int], skips: dict[str, int]) -> None:
    """Gives the place of a page that could not be read to the first one that found none."""
    if not skips.get("MAX_PAGES") or counts.get(PageState.FAILED, 0) > step.site.max_pages:
        return
    if await connection.fetchval(_REFILL, step.site.organization, step.site.id, step.crawl.id):
        counted(counts, PageState.SKIPPED, -1)
        counted(counts, PageState.WAITING, 1)
        skips["MAX_PAGES"] -= 1


def counted(counts: dict[PageState, int], state: PageState, more: int) -> None:
    """Counts addresses of a state."""
    counts[state] = counts.get(state, 0) + more


def _path(item: Found) -> str:
    """The address without its query, where it has one."""
    return addresses.key(item.address.partition("?")[0]) if "?" in item.address else ""


def _from(step: Step) -> str:
    return step.item.address if step.item else ""
