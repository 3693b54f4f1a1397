"""Reports from the sums of days, hours and quarters, and from the measurements themselves where no sum is kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import asyncpg

from kit.journal import shard_of
from services.admin.adapters.postgres.database import Database
from services.admin.domain import errors
from services.admin.domain.measures import duration_of
from services.admin.domain.reports import Condition, Dimension, How, Metric, Query, Report, Value

CURSOR = "core/reports"
"""The follower's cursor of core's journal."""
_ONLY_FACTS = frozenset({"tag", "conversation"})
"""Dimensions that no sums are kept by."""

_WHOLE = "select $3::timestamptz as low, $4::timestamptz as high"
# `date_trunc` finds where a day begins; when its first hour comes twice, it finds the second one.
_STEPS = """
select greatest(first, $3) as low, least(coalesce(lead(first) over (order by first), $4), $4) as high from (
    select case when date_trunc('{step}', (begins - interval '1 hour') at time zone {zone}) = local
        then begins - interval '1 hour' else begins end as first
    from (
        select local, local at time zone {zone} as begins from generate_series(
            date_trunc('{step}', $3::timestamptz at time zone {zone}), $4::timestamptz at time zone {zone}, interval '1 {step}'
        ) as local
    ) as found
) as begun
"""
# Each step of time is cut into the measurements of its ends, then quarters, hours, and whole days of UTC in the middle. The
# tables' keys find what is in each of them.
_SUMS = """
with steps as ({steps}), spans as (
    select low, minutes, first, last from steps
    cross join lateral (select least({up15}, high) as q0) as from_quarter
    cross join lateral (select greatest(q0, {down15}) as q1) as to_quarter
    cross join lateral (select least({up60}, q1) as h0) as from_hour
    cross join lateral (select greatest(h0, {down60}) as h1) as to_hour
    cross join lateral (select least({up1440}, h1) as d0) as from_day
    cross join lateral (select greatest(d0, {down1440}) as d1) as to_day
    cross join lateral (
        values (0, low, q0), (15, q0, h0), (60, h0, d0), (1440, d0, d1), (60, d1, h1), (15, h1, q1), (0, q1, high)
    ) as span(minutes, first, last)
    where first < last
)
select {at} as at, measure, {columns} bin, sum(count)::bigint as count, sum(total)::bigint as total
from spans cross join lateral (
    select at, measure, channel, agent, bin, count, total from report_sum
    where organization = $1 and report_sum.minutes = spans.minutes and measure = any($2) and at >= first and at < last
    union all
    select at, measure, channel, agent, bin, 1, value from report_fact
    where spans.minutes = 0 and organization = $1 and measure = any($2) and at >= first and at < last
) as counted
group by {grouped}
"""
_FACTS = """
select f.measure, f.at, f.channel, f.agent, f.bin, 1 as count, f.value as total, f.conversation,
    coalesce(c.tags, '{}') as tags
from report_fact f left join report_conversation c on c.organization = f.organization and c.conversation = f.conversation
where f.organization = $1 and f.measure = any($2) and f.at >= $3 and f.at < $4
"""
_STEP_ORDER = ("day", "week", "month")
_EVERY_TAG = "cross join lateral unnest(case when cardinality(tags) = 0 then array[''] else tags end) as each(tag)"
_CELLS = """
with source as ({source}), cells as materialized (
    select {dimensions} measure, bin, sum(count) as n, sum(total) as total from source {tags} where true {conditions}
    group by {keys} measure, bin
)
{answer}
"""
_ROWS = """(
select {whole} as whole, {columns} {metrics} from (
    select *, sum(n) over (partition by {keys} measure order by bin) as upto,
        sum(n) over (partition by {keys} measure) as everything
    from (select {keys} measure, bin, sum(n) as n, sum(total) as total from cells group by {keys} measure, bin) as counted
    where n <> 0
) as ranked {tail}
)"""
_AS_OF = """
select greatest(
    (select p.at from report_progress p join cursor c on c.source = $3 and c.shard = p.shard and c.position >= p.position
     where p.shard = $2),
    (select max(at) from report_fact where organization = $1 and measure = 'customer_message')
)
"""


class PostgresReports:
    """The port Reports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def query(self, query: Query, limit: int, offset: int, with_total: bool) -> Report:
        try:
            async with self._database.work(query.organization) as work:
                fetch = work.connection.fetch
                found = await fetch(*_Statement(query, query.dimensions).built(limit, offset, with_total))
                if with_total and query.dimensions and _splits_conversations(query.dimensions):
                    found += await fetch(*_Statement(query, ()).built(1, 0, True))
                as_of = await work.connection.fetchval(_AS_OF, query.organization, shard_of(query.organization), CURSOR)
        except asyncpg.InvalidParameterValueError as error:  # the database has an older list of time zones
            raise errors.InvalidTimeZone(query.time_zone) from error
        depth = range(len(query.dimensions))
        told = [(*(row[f"d{n}"] for n in depth), *_numbers(query, row)) for row in found if not row["whole"] or not depth]
        total = [row for row in found if row["whole"]]
        return Report(told, _numbers(query, total[0]) if total else None, as_of)


class _Statement:
    """A query as SQL. Its texts are parameters; what is put into the statement stands in this module."""

    def __init__(self, query: Query, dimensions: tuple[Dimension, ...]) -> None:
        self._query = query
        self._dimensions = dimensions
        measures = sorted({metric.measure for metric in query.metrics})
        self._values: list[object] = [query.organization, measures, query.start, query.end]

    def built(self, limit: int, offset: int, with_total: bool) -> tuple[Any, ...]:
        """The statement, and its values. It finds the rows and, if they sum up to it, the total: the row that is `whole`."""
        query, keys = self._query, [f"d{n}" for n in range(len(self._dimensions))]
        names = "".join(f"{key}, " for key in keys)
        metrics = ", ".join(
            f"{_AGGREGATES[metric.how](self._value(metric.measure))} as m{n}" for n, metric in enumerate(query.metrics)
        )
        tail = f"group by {', '.join(keys)} order by {', '.join((*self._order(), *keys))}" if keys else ""
        tail += f" limit {self._value(limit)} offset {self._value(offset)}"
        answer = _ROWS.format(whole=not keys, keys=names, columns=names, metrics=metrics, tail=tail)
        if with_total and keys and not _splits_conversations(self._dimensions):
            nothing = "".join("null, " for _ in keys)
            answer += " union all " + _ROWS.format(whole=True, keys="", columns=nothing, metrics=metrics, tail="")
        statement = _CELLS.format(
            source=self._source(),
            dimensions="".join(
                f"{self._expression(each)} as {key}, " for key, each in zip(keys, self._dimensions, strict=True)
            ),
            tags=_EVERY_TAG if _splits_conversations(self._dimensions) else "",
            conditions="".join(f" and {self._condition(each)}" for each in query.conditions),
            keys=names,
            answer=answer,
        )
        return (statement, *self._values)

    def _source(self) -> str:
        used = {dimension.id for dimension in (*self._dimensions, *(each.dimension for each in self._query.conditions))}
        if used & _ONLY_FACTS:
            return _FACTS
        by_hour = "hour" in used
        bounds = {f"up{width}": _aligned(low, width, up=True) for low, width in (("low", 15), ("q0", 60), ("h0", 1440))}
        bounds |= {f"down{width}": _aligned(high, width) for high, width in (("high", 15), ("q1", 60), ("h1", 1440))}
        if by_hour:  # of any zone: from quarters only, of which a row has four
            bounds["up60"] = "q1"
        steps = [] if by_hour else [dimension.id for dimension in self._dimensions if dimension.step is not None]
        step = "day" if {"week", "month"} <= set(steps) else min(steps, key=_STEP_ORDER.index, default="")
        cut = _STEPS.format(step=step, zone=f"{self._value(self._query.time_zone)}::text") if step else _WHOLE
        at, columns = "counted.at" if by_hour else "low", "".join(f"{each}, " for each in ("channel", "agent") if each in used)
        return _SUMS.format(steps=cut, at=at, columns=columns, grouped=f"{at}, measure, {columns} bin", **bounds)

    def _value(self, value: object) -> str:
        self._values.append(value)
        return f"${len(self._values)}"

    def _order(self) -> tuple[str, ...]:
        query = self._query
        if not query.order or not self._dimensions:
            return ()
        index = next(n for n, column in enumerate(query.columns) if column.id == query.order)
        depth = len(query.dimensions)
        column = f"d{index}" if index < depth else f"m{index - depth}"
        return (f"{column} {'desc' if query.descending else 'asc'} nulls last",)

    def _expression(self, dimension: Dimension) -> str:
        if dimension.step is None:
            return dimension.id
        zone = f"{self._value(self._query.time_zone)}::text"
        if dimension.id == "hour":  # on a day with two hours of the same name they stay two
            return f"at - ((at at time zone {zone}) - date_trunc('hour', at at time zone {zone}))"
        return f"date_trunc('{dimension.id}', at at time zone {zone}) at time zone {zone}"

    def _condition(self, condition: Condition) -> str:
        prefix = f"organizations/{self._query.organization}/{condition.dimension.collection}/"
        values = [value.removeprefix(prefix) if condition.dimension.collection else value for value in condition.values]
        given = f"{self._value(values)}::text[]"
        if condition.dimension.id == "tag":
            chosen = f"(tags && {given} or (cardinality(tags) = 0 and '' = any({given})))"
        else:
            chosen = f"{condition.dimension.id} = any({given})"
        return f"not {chosen}" if condition.exclude else chosen


def _splits_conversations(dimensions: tuple[Dimension, ...]) -> bool:
    """Whether a measurement may be in two rows, so that rows don't sum up to the total."""
    return any(dimension.id == "tag" for dimension in dimensions)


def _aligned(moment: str, minutes: int, up: bool = False) -> str:
    stride = f"interval '{minutes} minutes'"
    later = f" + {stride} - interval '1 microsecond'" if up else ""
    return f"date_bin({stride}, {moment}{later}, timestamptz 'epoch')"


def _percentile(share: str) -> Callable[[str], str]:
    return lambda measure: f"min(bin) filter (where measure = {measure}::text and upto >= everything * {share})::bigint"


_AGGREGATES: dict[How, Callable[[str], str]] = {
    How.COUNT: lambda measure: f"coalesce(sum(n) filter (where measure = {measure}::text), 0)::bigint",
    How.SUM: lambda measure: f"coalesce(sum(total) filter (where measure = {measure}::text), 0)::bigint",
    How.MONEY: lambda measure: f"coalesce(sum(total) filter (where measure = {measure}::text), 0)::bigint",
    How.MEAN: lambda measure: (
        f"(sum(total) filter (where measure = {measure}::text) / sum(n) filter (where measure = {measure}::text))::float8"
    ),
    How.MEDIAN: _percentile("0.5"),
    How.P90: _percentile("0.9"),
}


def _numbers(query: Query, row: Any) -> tuple[Value, ...]:
    return tuple(_number(metric, row[f"m{n}"]) for n, metric in enumerate(query.metrics))


def _number(metric: Metric, value: Any) -> Value:
    if value is not None and metric.how in (How.MEDIAN, How.P90):
        return duration_of(value)
    number: int | float | datetime | None = value
    return number
