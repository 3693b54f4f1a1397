"""Reports from the store: hours and days of a zone, whole and partial quarters, order, pages, conditions, the wall."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kit import erasure, ids
from kit.ids import OrganizationId
from kit.journal import Journal
from services.admin import convert
from services.admin.adapters.postgres import Database, PostgresMeasurements, PostgresReports
from services.admin.app.reports import Measuring
from services.admin.domain.measures import Asked, CustomerSaid, Rated, Seen, Taken
from services.admin.domain.reports import Query, Report, checked, condition_of, dimension_of, metric_of

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


class Numbers:
    """An organization whose conversations are measured."""

    def __init__(self, pool: Any) -> None:
        self.organization = OrganizationId("o-" + ids.new())
        self.pool = pool
        self._journal = Journal(pool, "admin", convert.fact_to_pb)
        self._reports = PostgresReports(Database(pool, self._journal))
        self._facts = 0

    async def see(self, conversation: str, *happenings: Any, channel: str = "web") -> None:
        """Measures things of a conversation, each with its time."""
        async with self._journal.transaction() as transaction:
            measuring = Measuring(PostgresMeasurements(transaction))
            for at, what in happenings:
                self._facts += 1
                seen = Seen(what, at, str(self._facts), True)
                await measuring.see(self.organization, conversation, channel, seen)

    async def tag(self, conversation: str, *tags: str) -> None:
        async with self._journal.transaction() as transaction:
            await Measuring(PostgresMeasurements(transaction)).tag(self.organization, conversation, tags)

    async def query(
        self,
        *metrics: str,
        by: Sequence[str] = (),
        start: datetime = NOON - timedelta(days=200),
        end: datetime = NOON + timedelta(days=200),
        zone: str = "Europe/Madrid",
        limit: int = 100,
        offset: int = 0,
        where: Sequence[Any] = (),
        order: str = "",
        descending: bool = False,
    ) -> Report:
        query = Query(
            organization=self.organization,
            dimensions=tuple(map(dimension_of, by)),
            metrics=tuple(map(metric_of, metrics)),
            conditions=tuple(condition_of(*each) for each in where),
            start=start,
            end=end,
            time_zone=zone,
            order=order,
            descending=descending,
        )
        return await self._reports.query(checked(query), limit, offset, offset == 0)


@pytest.fixture
def numbers(pool: Any) -> Numbers:
    return Numbers(pool)


async def test_a_day_of_25_hours_has_25_hours_and_is_one_day(numbers: Numbers) -> None:
    begins = datetime(2026, 10, 25, tzinfo=MADRID).astimezone(UTC)
    for hour in range(25):
        await numbers.see(f"c{hour}", (begins + timedelta(hours=hour, minutes=30), CustomerSaid()))
    hours = await numbers.query("customer_messages", by=["hour"])
    assert list(hours.rows) == [(begins + timedelta(hours=hour), 1) for hour in range(25)]
    days = await numbers.query("customer_messages", by=["day"])
    assert list(days.rows) == [(begins, 25)]
    assert days.total == (25,)


async def test_a_day_of_23_hours_ends_where_the_next_begins(numbers: Numbers) -> None:
    begins = datetime(2026, 3, 29, tzinfo=MADRID).astimezone(UTC)
    for hour in range(24):
        await numbers.see(f"c{hour}", (begins + timedelta(hours=hour, minutes=1), CustomerSaid()))
    days = await numbers.query("customer_messages", by=["day"])
    assert list(days.rows) == [(begins, 23), (begins + timedelta(hours=23), 1)]


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham"])
async def test_zones_that_are_no_whole_hours_away_have_whole_hours_and_days(numbers: Numbers, zone: str) -> None:
    begins = datetime(2026, 7, 3, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    await numbers.see("before", (begins - timedelta(seconds=1), CustomerSaid()))
    await numbers.see("after", (begins, CustomerSaid()), (begins + timedelta(minutes=59, seconds=59), CustomerSaid()))
    for by in ("hour", "day"):
        found: dict[Any, Any] = dict((await numbers.query("customer_messages", by=[by], zone=zone)).rows)  # type: ignore[arg-type]
        assert found[begins] == 2
        assert sum(found.values()) == 3


def _scattered(begins: datetime, days: int) -> list[datetime]:
    """Moments all over an interval, and at the ends of its quarters of an hour."""
    chosen, length = random.Random(1), days * 86400
    anywhere = [begins + timedelta(seconds=chosen.uniform(0, length)) for _ in range(300)]
    quarters = [begins + timedelta(seconds=chosen.randrange(0, length, 900)) for _ in range(150)]
    return sorted([*anywhere, *quarters, *(quarter - timedelta(microseconds=1) for quarter in quarters)])


CHANGES = {
    "UTC": datetime(2026, 10, 25, tzinfo=UTC),
    "Europe/Madrid": datetime(2026, 10, 25, tzinfo=UTC),
    "America/Havana": datetime(2026, 11, 1, tzinfo=UTC),  # the first hour of this day comes twice
    "Africa/Cairo": datetime(2027, 4, 30, tzinfo=UTC),  # this day has no first hour
    "Asia/Kolkata": datetime(2026, 10, 25, tzinfo=UTC),
    "Asia/Kathmandu": datetime(2026, 10, 25, tzinfo=UTC),
    "America/St_Johns": datetime(2026, 11, 1, tzinfo=UTC),
    "Pacific/Chatham": datetime(2027, 4, 4, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2027, 4, 4, tzinfo=UTC),  # half an hour comes twice
}
"""Zones, and days near which their clocks change."""


@pytest.mark.parametrize("zone", CHANGES)
async def test_days_weeks_and_months_equal_a_recount_near_a_change_of_the_clock(numbers: Numbers, zone: str) -> None:
    local, begins = ZoneInfo(zone), CHANGES[zone] - timedelta(days=20)
    moments = _scattered(begins, 40)
    await numbers.see("c", *((moment, CustomerSaid()) for moment in moments))
    for start, end in ((begins - timedelta(days=1), begins + timedelta(days=41)), (moments[60], moments[-60])):
        counted = [moment.astimezone(local) for moment in moments if start <= moment < end]
        for by, name in (("day", "%Y-%m-%d"), ("week", "%G-%V"), ("month", "%Y-%m")):
            expected = Counter(moment.strftime(name) for moment in counted)
            found = await numbers.query("customer_messages", by=[by], zone=zone, start=start, end=end)
            assert {row[0].astimezone(local).strftime(name): row[1] for row in found.rows} == expected, by  # type: ignore[union-attr]
            assert len(found.rows) == len(expected)
            assert found.total == (len(counted),)
        hours = await numbers.query("customer_messages", by=["hour"], zone=zone, start=start, end=end, limit=10_000)
        assert sum(row[1] for row in hours.rows) == len(counted)  # type: ignore[misc]
        both = await numbers.query("customer_messages", by=["month", "week"], zone=zone, start=start, end=end)
        expected = Counter(moment.strftime("%Y-%m %G-%V") for moment in counted)
        assert sorted(row[2] for row in both.rows) == sorted(expected.values())  # type: ignore[type-var]


async def test_sums_of_every_width_equal_the_measurements(numbers: Numbers) -> None:
    await numbers.see("a", *((moment, CustomerSaid()) for moment in _scattered(NOON, 3)))
    for n in range(12):
        moments = [NOON + timedelta(hours=n), NOON + timedelta(hours=2 * n, minutes=20), NOON + timedelta(hours=3 * n)]
        await numbers.see(f"c{n}", *((moment, Rated(score)) for score, moment in enumerate(moments, start=n % 3 + 1)))
    async with numbers.pool.acquire() as connection, connection.transaction():
        await connection.execute("select set_config('frontdesk.organization', $1, true)", numbers.organization)
        kept = await connection.fetch("select minutes, measure, at, channel, agent, bin, count, total from report_sum")
        made = await connection.fetch(
            """select minutes, measure, date_bin(minutes * interval '1 minute', at, timestamptz 'epoch') as at, channel, agent,
            bin, count(*), sum(value)::bigint as total
            from report_fact cross join unnest('{15,60,1440}'::int[]) as width(minutes) group by 1, 2, 3, 4, 5, 6"""
        )
    assert {tuple(row) for row in kept} == {tuple(row) for row in made}
    assert len(kept) == len(made) > 100


async def test_whole_days_of_a_long_interval_are_read_from_the_sums_of_days(numbers: Numbers) -> None:
    await numbers.see("c", *((NOON + timedelta(days=n), CustomerSaid()) for n in range(100)))
    before = await numbers.query("customer_messages", by=["month"], zone="UTC")
    async with numbers.pool.acquire() as connection, connection.transaction():
        await connection.execute("select set_config('frontdesk.organization', $1, true)", numbers.organization)
        await connection.execute("delete from report_fact")
        await connection.execute("delete from report_sum where minutes < 1440")
    after = await numbers.query("customer_messages", by=["month"], zone="UTC")
    assert [row[1] for row in after.rows] == [31, 31, 30, 8]
    assert (after.rows, after.total) == (before.rows, before.total)


async def test_nothing_is_left_of_the_numbers_of_an_erased_organization(pool: Any, numbers: Numbers) -> None:
    other = Numbers(pool)
    for each in (numbers, other):
        await each.see("c", (NOON, CustomerSaid()), (NOON, Rated(3)))
    rows = erasure.Rows(pool)
    while await rows.erase(numbers.organization):
        pass
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("select set_config('frontdesk.organization', '*', true)")
        for table in ("report_conversation", "report_fact", "report_sum"):
            found = await connection.fetch(f"select distinct organization from {table}")
            left = {row["organization"] for row in found}
            assert numbers.organization not in left
            assert other.organization in left, table


async def test_weeks_begin_on_monday_and_months_on_the_first(numbers: Numbers) -> None:
    await numbers.see("c", (datetime(2026, 8, 2, 21, 59, tzinfo=UTC), CustomerSaid()))
    await numbers.see("d", (datetime(2026, 8, 2, 22, 0, tzinfo=UTC), CustomerSaid()))  # Monday in Madrid
    weeks = await numbers.query("customer_messages", by=["week"])
    assert [row[0] for row in weeks.rows] == [datetime(2026, 7, 27, tzinfo=MADRID), datetime(2026, 8, 3, tzinfo=MADRID)]
    months = await numbers.query("customer_messages", by=["month"])
    assert list(months.rows) == [(datetime(2026, 8, 1, tzinfo=MADRID), 2)]


async def test_an_interval_counts_what_is_in_it_to_the_microsecond(numbers: Numbers) -> None:
    moments = [NOON + timedelta(minutes=7 * n) for n in range(20)]
    for n, moment in enumerate(moments):
        await numbers.see(f"c{n}", (moment, CustomerSaid()))
    tick = timedelta(microseconds=1)
    for first in range(0, 20, 3):
        for last in range(first, 20, 4):
            for start, end, expected in (
                (moments[first], moments[last] + tick, last - first + 1),
                (moments[first] + tick, moments[last], last - first - 1),
            ):
                if start < end:
                    found = await numbers.query("customer_messages", start=start, end=end)
                    assert found.total == (expected,), (first, last)


async def test_percentiles_of_a_thousand_waits_are_exact_to_three_percent(numbers: Numbers) -> None:
    for n in range(1, 101):
        asked = (NOON, Asked()), (NOON + timedelta(seconds=n), Taken("ada" if n % 2 else "bob"))
        await numbers.see(f"c{n}", (NOON, CustomerSaid()), *asked)
    median, p90 = (await numbers.query("waiting_median", "waiting_p90")).total or ()
    assert median == pytest.approx(timedelta(seconds=50), rel=None, abs=timedelta(seconds=1.5))
    assert p90 == pytest.approx(timedelta(seconds=90), rel=None, abs=timedelta(seconds=2.7))
    by_agent = await numbers.query("waiting_median", by=["agent"], order="waiting_median", descending=True)
    assert [row[0] for row in by_agent.rows] in (["ada", "bob"], ["bob", "ada"])


async def test_rows_come_in_order_and_in_pages_with_the_total_once(numbers: Numbers) -> None:
    for n in range(5):
        for message in range(n + 1):
            await numbers.see(f"c{n}", (NOON + timedelta(seconds=message), CustomerSaid()))
    first = await numbers.query("customer_messages", by=["conversation"], order="customer_messages", descending=True, limit=3)
    second = await numbers.query(
        "customer_messages", by=["conversation"], order="customer_messages", descending=True, limit=3, offset=3
    )
    assert [*first.rows, *second.rows] == [(f"c{n}", n + 1) for n in reversed(range(5))]
    assert first.total == (15,)
    assert second.total is None
    assert next(iter((await numbers.query("customer_messages", by=["conversation"])).rows)) == ("c0", 1)


async def test_conditions_and_tags_count_what_they_say(numbers: Numbers) -> None:
    await numbers.see("a", (NOON, CustomerSaid()), (NOON, Taken("ada")), (NOON, Rated(2)))
    await numbers.see("b", (NOON, CustomerSaid()), (NOON, Rated(4)), channel="whatsapp")
    await numbers.tag("a", "vip", "billing")
    count, ratings = "conversations_started", "rating_average"
    web, name = (
        ("channel", [f"organizations/{numbers.organization}/channels/web"], False),
        f"organizations/{numbers.organization}",
    )
    assert (await numbers.query(count, ratings, where=[web])).total == (1, 2.0)
    assert (await numbers.query(count, ratings, where=[(*web[:2], True)])).total == (1, 4.0)
    assert (await numbers.query(count, ratings)).total == (2, 3.0)
    assert (await numbers.query(ratings, where=[("agent", [""], False)])).total == (4.0,)
    assert (await numbers.query(ratings, where=[("agent", [f"{name}/agents/ada"], False)])).total == (2.0,)
    assert (await numbers.query(count, where=[("tag", ["vip", "other"], False)])).total == (1,)
    assert dict((await numbers.query(count, by=["tag"])).rows) == {"": 1, "vip": 1, "billing": 1}  # type: ignore[arg-type]
    hostile = ("tag", ["'; drop table report_fact; --"], False)
    assert (await numbers.query(count, where=[hostile])).total == (0,)


async def test_a_rating_that_is_replaced_leaves_no_trace_in_the_sums(numbers: Numbers) -> None:
    await numbers.see("a", (NOON, CustomerSaid()), (NOON, Rated(1)), (NOON + timedelta(days=1), Rated(5)))
    assert (await numbers.query("ratings", "rating_average")).total == (1, 5.0)
    assert list((await numbers.query("ratings", by=["day"])).rows) == [(datetime(2026, 7, 2, tzinfo=MADRID), 1)]


async def test_no_organization_sees_another_ones_numbers(pool: Any, numbers: Numbers) -> None:
    other = Numbers(pool)
    await other.see("c", (NOON, CustomerSaid()))
    assert (await numbers.query("customer_messages", by=["conversation"])).rows == []
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("select set_config('frontdesk.organization', $1, true)", numbers.organization)
        for table in ("report_conversation", "report_fact", "report_sum"):
            assert await connection.fetchval(f"select count(*) from {table}") == 0
