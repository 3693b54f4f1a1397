"""Reports: their metrics and dimensions, and questions about an organization's numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from kit.ids import OrganizationId
from services.admin.domain import errors
from services.admin.domain.measures import Measure
from services.admin.domain.organizations import checked_time_zone

MAX_ROWS = 10_000
"""Of a report."""
MAX_STEPS = 10_000
"""Into how many hours, days, weeks or months an interval may be cut."""
DEFAULT_INTERVAL = timedelta(days=30)
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
"""Between them, a step has a beginning and an end in every time zone."""


class How(Enum):
    """How a metric is made of measurements."""

    COUNT = "COUNT"
    SUM = "SUM"
    MONEY = "MONEY"
    """The sum of millionths of the currency."""
    MEAN = "MEAN"
    MEDIAN = "MEDIAN"
    P90 = "P90"


@dataclass(frozen=True, slots=True)
class Metric:
    """A number of reports."""

    id: str
    display_name: str
    description: str
    measure: Measure
    how: How


@dataclass(frozen=True, slots=True)
class Dimension:
    """A property that rows are split by."""

    id: str
    display_name: str
    description: str
    step: timedelta | None = None
    """Of a dimension of time: at most how long a step is."""
    collection: str = ""
    """Of a dimension of resources: the collection of their names."""


_STARTED = "Conversations by their customer's first message."
_ALONE = (
    "Conversations that the assistant has answered: no message of the customer is open, its last message was an answer, and no "
    "human was asked for or stepped in. Counted at its last answer; a conversation that is handed over later counts no more."
)
_HANDED_OVER = "Conversations in which a human was asked for or stepped in, at the first time."
_UNANSWERED = "Messages in which the assistant says that it doesn't know, or that it can't answer in time."
_ASSISTANT_RESPONSE = "From a customer's first message to the assistant's first reply."
_AGENT_RESPONSE = "From the moment a human was asked for, or stepped in, to an agent's first message."
_WAITING = "From the moment a human was asked for to the moment an agent took the conversation."
_COST = "Cost of the assistant's model calls for customers, by the price list. Tests and evaluations aren't included."


def _percentiles(id: str, name: str, description: str, measure: Measure) -> tuple[Metric, Metric]:
    half, most = f"{description} Half take no longer; exact to 3 %.", f"{description} Nine of ten take no longer; exact to 3 %."
    return (
        Metric(f"{id}_median", f"{name} (median)", half, measure, How.MEDIAN),
        Metric(f"{id}_p90", f"{name} (90th percentile)", most, measure, How.P90),
    )


METRICS = (
    Metric("conversations_started", "Conversations", _STARTED, Measure.STARTED, How.COUNT),
    Metric("conversations_answered_by_assistant", "Answered by assistant alone", _ALONE, Measure.ANSWERED_ALONE, How.COUNT),
    Metric("conversations_handed_over", "Handed over", _HANDED_OVER, Measure.HANDED_OVER, How.COUNT),
    Metric("customer_messages", "Customers' messages", "Messages of customers.", Measure.CUSTOMER_MESSAGE, How.COUNT),
    Metric("assistant_messages", "Assistant's messages", "Messages of the assistant.", Measure.ASSISTANT_MESSAGE, How.COUNT),
    Metric("agent_messages", "Agents' messages", "Messages of agents, without notes.", Measure.AGENT_MESSAGE, How.COUNT),
    Metric("unanswered_questions", "Unanswered questions", _UNANSWERED, Measure.UNANSWERED, How.COUNT),
    *_percentiles("assistant_first_response", "Assistant's first response", _ASSISTANT_RESPONSE, Measure.ASSISTANT_RESPONSE),
    *_percentiles("agent_first_response", "Agents' first response", _AGENT_RESPONSE, Measure.AGENT_RESPONSE),
    *_percentiles("waiting", "Wait for an agent", _WAITING, Measure.WAITING),
    Metric("ratings", "Ratings", "Conversations that customers have rated.", Measure.RATING, How.COUNT),
    Metric("rating_average", "Average rating", "Mean of the ratings, 1 (bad) to 5 (good).", Measure.RATING, How.MEAN),
    Metric("input_tokens", "Input tokens", "Tokens that models were given.", Measure.INPUT_TOKENS, How.SUM),
    Metric("output_tokens", "Output tokens", "Tokens that models gave back.", Measure.OUTPUT_TOKENS, How.SUM),
    Metric("cost", "Cost", _COST, Measure.COST, How.MONEY),
)

DIMENSIONS = (
    Dimension("hour", "Hour", "The hour in which it happened.", timedelta(hours=1)),
    Dimension("day", "Day", "The day on which it happened.", timedelta(days=1)),
    Dimension("week", "Week", "The week in which it happened, from Monday.", timedelta(days=7)),
    Dimension("month", "Month", "The month in which it happened.", timedelta(days=28)),
    Dimension("channel", "Channel", "The channel of the conversation.", collection="channels"),
    Dimension("agent", "Agent", "The agent it counts for; empty: the assistant, or no one.", collection="agents"),
    Dimension("tag", "Tag", "A tag that the conversation has now; one with two tags counts for both. Empty: it has none."),
    Dimension("conversation", "Conversation", "The conversation that is counted.", collection="conversations"),
)

METRIC_BY_ID = {metric.id: metric for metric in METRICS}
DIMENSION_BY_ID = {dimension.id: dimension for dimension in DIMENSIONS}


@dataclass(frozen=True, slots=True)
class Condition:
    """The values of a dimension that count, or that don't."""

    dimension: Dimension
    values: tuple[str, ...]
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question about numbers."""

    organization: OrganizationId
    dimensions: tuple[Dimension, ...]
    metrics: tuple[Metric, ...]
    conditions: tuple[Condition, ...]
    start: datetime
    end: datetime
    time_zone: str
    order: str = ""
    """The id of the column that rows are sorted by; empty: by the dimensions."""
    descending: bool = False

    @property
    def columns(self) -> tuple[Dimension | Metric, ...]:
        """The dimensions, then the metrics."""
        return (*self.dimensions, *self.metrics)


Value = str | int | float | datetime | timedelta | None
"""Of a column, by its kind; money in millionths."""


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to a query: some of its rows."""

    rows: Sequence[tuple[Value, ...]]
    total: tuple[Value, ...] | None
    as_of: datetime | None
    """Until when everything is counted; None: not known."""


def dimension_of(id: str) -> Dimension:
    """A dimension. Raises UnknownDimension."""
    if (found := DIMENSION_BY_ID.get(id)) is None:
        raise errors.UnknownDimension(id)
    return found


def metric_of(id: str) -> Metric:
    """A metric. Raises UnknownMetric."""
    if (found := METRIC_BY_ID.get(id)) is None:
        raise errors.UnknownMetric(id)
    return found


def condition_of(id: str, values: Sequence[str], exclude: bool) -> Condition:
    """A condition. Raises UnknownDimension, also for one of time, which the interval limits."""
    dimension = dimension_of(id)
    if dimension.step is not None:
        raise errors.UnknownDimension(id)
    return Condition(dimension, tuple(values), exclude)


def out_of_range() -> errors.InvalidInterval:
    """The error of an interval that begins too early or ends too late."""
    return errors.InvalidInterval(f"it isn't within the years {EARLIEST.year} to {LATEST.year - 1}", MAX_STEPS)


def checked(query: Query) -> Query:
    """The query, if it can be answered. Raises InvalidInterval, InvalidTimeZone or UnknownDimension."""
    checked_time_zone(query.time_zone)
    if query.start < EARLIEST or query.end > LATEST:
        raise out_of_range()
    if query.start >= query.end:
        raise errors.InvalidInterval("it is empty", MAX_STEPS)
    for dimension in query.dimensions:
        if dimension.step is not None and (query.end - query.start) / dimension.step > MAX_STEPS:
            raise errors.InvalidInterval(f"it has more than {MAX_STEPS:,} steps of `{dimension.id}`", MAX_STEPS)
    if query.order and query.order not in {column.id for column in query.columns}:
        raise errors.UnknownDimension(query.order)
    return query
