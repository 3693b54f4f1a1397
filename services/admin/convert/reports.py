"""Reports between admin's domain and its contract, and core's facts as what reports measure."""

from datetime import UTC, datetime, timedelta
from typing import Any

from frontdesk.admin import v1 as pb
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as core_internal

from kit import names
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from services.admin.domain import measures, reports
from services.admin.domain.measures import Happening, Seen
from services.admin.domain.reports import DEFAULT_INTERVAL, Dimension, How, Metric, Query, Report, Value

CATALOG = "organizations/{organization}/reportCatalog"
_MICROS = 1_000_000
_NANOS = 1_000
_TYPES = {
    How.COUNT: pb.REPORT_VALUE_TYPE_COUNT,
    How.SUM: pb.REPORT_VALUE_TYPE_COUNT,
    How.MONEY: pb.REPORT_VALUE_TYPE_MONEY,
    How.MEAN: pb.REPORT_VALUE_TYPE_NUMBER,
    How.MEDIAN: pb.REPORT_VALUE_TYPE_DURATION,
    How.P90: pb.REPORT_VALUE_TYPE_DURATION,
}
_ANSWERS = {core.MESSAGE_KIND_ANSWER: (True, False), core.MESSAGE_KIND_UNKNOWN: (False, False)}
_HOLDING = (False, True)


def query_from_pb(organization: OrganizationId, wanted: pb.ReportQuery, now: datetime) -> Query:
    """A query. Raises InvalidInterval, UnknownDimension or UnknownMetric."""
    interval: Any = wanted.interval
    try:
        end = interval.end_time.ToDatetime(UTC) if interval.HasField("end_time") else now
        start = interval.start_time.ToDatetime(UTC) if interval.HasField("start_time") else end - DEFAULT_INTERVAL
    except (OverflowError, ValueError):
        raise reports.out_of_range() from None
    return Query(
        organization=organization,
        dimensions=tuple(reports.dimension_of(id) for id in wanted.dimensions),
        metrics=tuple(reports.metric_of(id) for id in wanted.metrics),
        conditions=tuple(reports.condition_of(each.dimension, each.values, each.exclude) for each in wanted.filters),
        start=start,
        end=end,
        time_zone=wanted.time_zone,
        order=wanted.order.column,
        descending=wanted.order.descending,
    )


def catalog_to_pb(organization: OrganizationId) -> pb.ReportCatalog:
    """All dimensions and metrics."""
    return pb.ReportCatalog(
        name=CATALOG.format(organization=organization),
        dimensions=map(column_to_pb, reports.DIMENSIONS),
        metrics=map(column_to_pb, reports.METRICS),
    )


def column_to_pb(column: Dimension | Metric) -> pb.ReportColumn:
    """A dimension or a metric."""
    if isinstance(column, Metric):
        kind = _TYPES[column.how]
    else:
        kind = pb.REPORT_VALUE_TYPE_TIME if column.step else pb.REPORT_VALUE_TYPE_TEXT
    return pb.ReportColumn(id=column.id, display_name=column.display_name, description=column.description, type=kind)


def report_to_pb(query: Query, report: Report, next_page_token: str) -> pb.QueryReportResponse:
    """A page of a report."""
    columns = query.columns
    found = pb.QueryReportResponse(
        columns=map(column_to_pb, columns),
        rows=[pb.ReportRow(values=map(_value_to_pb, columns, row, [query.organization] * len(row))) for row in report.rows],
        as_of_time=time_to_pb(report.as_of),
        next_page_token=next_page_token,
    )
    if report.total is not None:
        total = map(_value_to_pb, query.metrics, report.total, [query.organization] * len(report.total))
        found.total.CopyFrom(pb.ReportRow(values=total))
    return found


def _value_to_pb(column: Dimension | Metric, value: Value, organization: str) -> pb.ReportValue:
    match value:
        case None:
            return pb.ReportValue()
        case datetime():
            return pb.ReportValue(time=time_to_pb(value))
        case timedelta():
            duration = pb.ReportValue()
            duration.duration.FromTimedelta(value)
            return duration
        case str():
            collection = column.collection if isinstance(column, Dimension) else ""
            return pb.ReportValue(text=f"organizations/{organization}/{collection}/{value}" if collection and value else value)
        case float():
            return pb.ReportValue(number=value)
    if isinstance(column, Metric) and column.how is How.MONEY:
        units, rest = divmod(value, _MICROS)
        return pb.ReportValue(money={"units": units, "nanos": rest * _NANOS})
    return pb.ReportValue(count=value)


def place_from_pb(event: core_internal.Event) -> tuple[OrganizationId, str, str]:
    """Organization, conversation and channel of a fact; the channel is empty where the fact doesn't say it."""
    organization = OrganizationId(event.envelope.organization)
    if event.WhichOneof("fact") == "turn_charged":
        return organization, names.last(event.envelope.subject.rpartition("/turns/")[0]), ""
    return organization, names.last(event.conversation.name), names.last(event.conversation.channel)


def seen_from_pb(event: core_internal.Event) -> Seen | None:
    """A fact of core as what reports measure; None for one that they don't."""
    what = _happening(event)
    if what is None:
        return None
    said, open_now = event.conversation, None
    if said.name:
        open_now = said.last_customer_seq > said.answered_seq
    created = event.envelope.create_time.ToDatetime(UTC)
    return Seen(what, created, str(event.envelope.position), open_now)


def _happening(event: core_internal.Event) -> Happening | None:
    match event.WhichOneof("fact"):
        case "message_created":
            return _said(event.message_created)
        case "handover_requested":
            return measures.Asked()
        case "conversation_taken":
            return measures.Taken(names.last(event.conversation.agent), bool(event.conversation_taken.from_agent))
        case "conversation_returned":
            return measures.Returned()
        case "conversation_closed":
            return measures.Closed()
        case "conversation_reopened":
            return measures.Changed()
        case "conversation_rated":
            return measures.Rated(event.conversation_rated.score)
        case "turn_charged":
            charged, cost = event.turn_charged, event.turn_charged.cost
            micros = cost.units * _MICROS + cost.nanos // _NANOS
            return measures.Charged(charged.input_tokens, charged.output_tokens, micros)
    return None


def _said(said: core_internal.MessageCreated) -> Happening | None:
    if said.note:
        return None
    match said.role:
        case core.PARTICIPANT_ROLE_CUSTOMER:
            return measures.CustomerSaid()
        case core.PARTICIPANT_ROLE_ASSISTANT:
            return measures.AssistantSaid(*_ANSWERS.get(said.kind, _HOLDING))
        case core.PARTICIPANT_ROLE_AGENT:
            return measures.AgentSaid()
    return None
