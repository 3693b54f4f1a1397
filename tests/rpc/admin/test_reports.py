"""ReportService: its catalog, pages and refusals. That the numbers are right is tested with core, in tests/rpc/feeds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from frontdesk.admin import v1 as pb

from kit import errors, postgres
from kit.ids import OrganizationId
from kit.journal import Journal
from services.admin import convert
from services.admin.adapters.postgres import PostgresMeasurements
from services.admin.app.reports import Measuring
from services.admin.domain.measures import CustomerSaid, Seen
from services.admin.domain.reports import LATEST
from tests.rpc.admin.desk import Admin, Shop
from tests.rpc.lists import in_pages

pytestmark = pytest.mark.asyncio(loop_scope="session")


YEAR_1, YEAR_10000 = -62_135_596_800, 253_402_300_800
"""The first seconds of these years, from 1970 on."""


async def query(admin: Admin, shop: Shop, **fields: Any) -> pb.QueryReportResponse:
    request = pb.QueryReportRequest(parent=shop.name, query=pb.ReportQuery(**{"metrics": ["customer_messages"], **fields}))
    found: pb.QueryReportResponse = await admin.call(admin.reports.QueryReport, request, shop.token("viewer"))
    return found


async def test_the_catalog_has_what_a_query_may_name(admin: Admin, shop: Shop) -> None:
    request = pb.GetReportCatalogRequest(name=f"{shop.name}/reportCatalog")
    catalog = await admin.call(admin.reports.GetReportCatalog, request, shop.token("viewer"))
    assert all(column.id and column.display_name and column.description and column.type for column in catalog.metrics)
    everything = await query(admin, shop, metrics=[column.id for column in catalog.metrics])
    assert list(everything.columns) == list(catalog.metrics)
    assert len(everything.total.values) == len(catalog.metrics)
    for column in catalog.dimensions:
        assert (await query(admin, shop, dimensions=[column.id])).columns[0] == column


@pytest.mark.parametrize(
    ("reason", "fields"),
    [
        ("UNKNOWN_METRIC", {"metrics": ["weather"]}),
        ("UNKNOWN_DIMENSION", {"dimensions": ["mood"]}),
        ("UNKNOWN_DIMENSION", {"filters": [{"dimension": "mood", "values": ["good"]}]}),
        ("UNKNOWN_DIMENSION", {"filters": [{"dimension": "day", "values": ["2026-11-30"]}]}),
        ("UNKNOWN_DIMENSION", {"order": {"column": "cost"}}),
        ("INVALID_TIME_ZONE", {"time_zone": "Atlantis/Capital"}),
        ("INVALID_TIME_ZONE", {"time_zone": "../../etc/passwd"}),
        ("INVALID_INTERVAL", {"interval": {"start_time": {"seconds": 100}, "end_time": {"seconds": 100}}}),
        ("INVALID_INTERVAL", {"interval": {"start_time": {"seconds": 200}, "end_time": {"seconds": 100}}}),
        *(
            ("INVALID_INTERVAL", {"dimensions": ["day"], "interval": {"end_time": {"seconds": seconds}}})
            for seconds in (-(10**15), YEAR_1, YEAR_1 + 86_400, 0, YEAR_10000 - 1, YEAR_10000, 10**15)
        ),
        ("INVALID_INTERVAL", {"interval": {"start_time": {"seconds": YEAR_1}, "end_time": {"seconds": YEAR_10000 - 1}}}),
        ("INVALID_INTERVAL", {"interval": {"start_time": {"seconds": -1}, "end_time": {"seconds": 100}}}),
        ("INVALID_INTERVAL", {"interval": {"start_time": {"seconds": 10**15}}}),
        (
            "INVALID_INTERVAL",
            {"dimensions": ["hour"], "interval": {"start_time": {"seconds": 1}, "end_time": {"seconds": 36_000_002 + 3600}}},
        ),
    ],
)
async def test_a_query_that_makes_no_sense_says_why(admin: Admin, shop: Shop, reason: str, fields: dict[str, Any]) -> None:
    with pytest.raises(errors.InvalidArgument) as refused:
        await query(admin, shop, **fields)
    assert refused.value.reason == reason


async def test_ten_thousand_hours_are_not_too_many(admin: Admin, shop: Shop) -> None:
    hours = {"start_time": {"seconds": 0}, "end_time": {"seconds": 36_000_000}}
    assert not (await query(admin, shop, dimensions=["hour"], interval=hours)).rows


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
@pytest.mark.parametrize("step", ["hour", "day", "week", "month"])
async def test_the_first_and_the_last_interval_work_in_every_time_zone(admin: Admin, shop: Shop, zone: str, step: str) -> None:
    last = int(LATEST.timestamp())
    for start in (0, last - 100):
        interval = {"start_time": {"seconds": start}, "end_time": {"seconds": start + 100}}
        assert not (await query(admin, shop, dimensions=[step], interval=interval, time_zone=zone)).rows


async def test_a_report_is_read_in_pages(admin: Admin, shop: Shop) -> None:
    async with (
        postgres.open_pool(admin.settings.postgres_url) as pool,
        Journal(pool, "admin", convert.fact_to_pb).transaction() as transaction,
    ):
        measuring = Measuring(PostgresMeasurements(transaction))
        for n in range(7):
            seen = Seen(CustomerSaid(), datetime.now(UTC) - timedelta(days=n), str(n), True)
            await measuring.see(OrganizationId(shop.id), f"c{n}", "web", seen)

    async def page(request: pb.QueryReportRequest) -> pb.QueryReportResponse:
        found: pb.QueryReportResponse = await admin.call(admin.reports.QueryReport, request, shop.token("viewer"))
        return found

    by = pb.ReportQuery(metrics=["customer_messages"], dimensions=["conversation"])
    request = pb.QueryReportRequest(parent=shop.name, query=by)
    rows = await in_pages(page, request, 3)
    assert [row.values[0].text for row in rows] == [f"{shop.name}/conversations/c{n}" for n in range(7)]
