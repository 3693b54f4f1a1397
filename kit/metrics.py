"""Metrics: what a process counts, over OTLP where traces go, and to Prometheus on a port of its own.

What is counted are plain numbers of the objects that count. A `Series` says which `Metric` they are and reads them; it is read
when somebody collects, in the collector's thread. So counting costs a call nothing, and domain code knows no telemetry. Only
durations are recorded one by one, by the instruments of `Metrics`.

Labels are few and from closed sets: methods, codes, names of queues. Never an organization, a person, an id or a text.
"""

import asyncio
import logging
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from opentelemetry.metrics import CallbackOptions, CallbackT, Histogram, Meter, NoOpMeterProvider, Observation

from kit import ids

SAMPLE_SECONDS = 5.0
"""How long what a store answered is good for."""
SAMPLE_TIMEOUT = 1.0
"""How long a store may take to answer; a scrape waits for it."""
LOOP_TICK = 0.25
"""How often the event loop's lag is measured."""
CLOSE_TIMEOUT = 2.0
"""How long the last values may take to leave over OTLP."""

_log = logging.getLogger("frontdesk")
T = TypeVar("T")


class Kind(StrEnum):
    """How values may be aggregated, as OpenTelemetry defines it."""

    COUNTER = "counter"
    """Only grows while the process lives."""
    UP_DOWN_COUNTER = "up-down counter"
    """Goes up and down; the sum over processes means something."""
    GAUGE = "gauge"
    """Goes up and down; take the maximum over processes."""
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """What is measured. docs/metrics.md lists each of them."""

    name: str
    kind: Kind
    unit: str
    """In UCUM, with what is counted in braces."""
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    """Upper bounds, for a histogram."""


RPC_DURATION = Metric(
    "rpc.server.call.duration",
    Kind.HISTOGRAM,
    "s",
    "Calls that ended, by method and code, and how long they took; a stream counts when it ends.",
    ("rpc.system.name", "rpc.method", "rpc.response.status_code"),
    (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10),
)
RPC_STREAMS = Metric(
    "frontdesk.rpc.streams", Kind.UP_DOWN_COUNTER, "{stream}", "Streams that are open, by method.", ("rpc.method",)
)
LOOP_LAG = Metric(
    "frontdesk.event_loop.lag",
    Kind.HISTOGRAM,
    "s",
    "How much later than due the event loop ran a timer, four times a second.",
    (),
    (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
FOLLOWER_LAG = Metric(
    "frontdesk.follower.lag",
    Kind.GAUGE,
    "s",
    "Age of the fact that a follower is handling, or had handled last; 0 at the journal's end.",
    ("journal", "follower"),
)
FOLLOWER_SILENCE = Metric(
    "frontdesk.follower.silence",
    Kind.GAUGE,
    "s",
    "Time since a follower heard from its journal, which says something each 20 s.",
    ("journal", "follower"),
)
QUEUE_DEPTH = Metric(
    "frontdesk.queue.depth",
    Kind.GAUGE,
    "{item}",
    "Items that wait or are being worked on, in the store that all replicas share; counted up to 10,000.",
    ("queue",),
)
QUEUE_AGE = Metric("frontdesk.queue.age", Kind.GAUGE, "s", "Age of the oldest of the items counted.", ("queue",))
CACHE_REQUESTS = Metric(
    "frontdesk.cache.requests", Kind.COUNTER, "{request}", "Look-ups in a cache: hit or miss.", ("cache", "result")
)
BREAKER_OPEN = Metric(
    "frontdesk.breaker.open",
    Kind.GAUGE,
    "{breaker}",
    "1 while what is behind the breaker is not asked because it failed, else 0.",
    ("breaker",),
)

NONE: Mapping[str, str] = MappingProxyType({})
Value = tuple[float, Mapping[str, str]]
"""A number and its labels."""


@dataclass(frozen=True, slots=True)
class Series:
    """A metric and where its values are read. `read` is called by other threads: it may not change anything."""

    metric: Metric
    read: Callable[[], Iterable[Value]]


def number(metric: Metric, read: Callable[[], float], labels: Mapping[str, str] = NONE) -> Series:
    """A series of one value."""
    return Series(metric, lambda: [(read(), labels)])


def breaker(name: str, is_open: Callable[[], bool]) -> Series:
    """The `BREAKER_OPEN` of one breaker."""
    return number(BREAKER_OPEN, is_open, {"breaker": name})


def by(metric: Metric, label: str, counts: Mapping[str, float]) -> Series:
    """The numbers of a mapping that grows, by a label."""
    return Series(metric, lambda: [(count, {label: key}) for key, count in list(counts.items())])


@dataclass(slots=True)
class Lookups:
    """What a cache counts."""

    hits: int = 0
    misses: int = 0

    def series(self, cache: str) -> Series:
        """Its `CACHE_REQUESTS`."""
        return Series(
            CACHE_REQUESTS,
            lambda: [
                (self.hits, {"cache": cache, "result": "hit"}),
                (self.misses, {"cache": cache, "result": "miss"}),
            ],
        )


@dataclass(slots=True)
class Following:
    """How far a follower of a journal has come, which handles what it hears in order."""

    _heard: float = 0.0
    _created: float | None = None
    _lag: float = 0.0

    def heard(self, created: float | None) -> None:
        """Notes that a fact arrived which was committed then (Unix time), or word that nothing waits (None)."""
        self._heard = time.monotonic()
        self._created, self._lag = created, 0.0

    def heard_response(self, response: Any) -> None:
        """The same for a `WatchEventsResponse`, a fact or a checkpoint."""
        told = response.WhichOneof("item") == "event"
        self.heard(response.event.create_time.ToMicroseconds() / 1e6 if told else None)

    def handled(self) -> None:
        """Notes that the fact was handled. One that could not be handled goes on ageing."""
        self._lag, self._created = self.lag(), None

    def lag(self) -> float:
        """Seconds from the fact's commit to its handling, or to now."""
        return max(0.0, time.time() - self._created) if self._created is not None else self._lag

    def series(self, journal: str, follower: str) -> tuple[Series, Series]:
        """Its `FOLLOWER_LAG` and `FOLLOWER_SILENCE`; the latter begins with the first response or with this call."""
        self._heard = self._heard or time.monotonic()
        labels = {"journal": journal, "follower": follower}
        return (
            number(FOLLOWER_LAG, self.lag, labels),
            number(FOLLOWER_SILENCE, lambda: time.monotonic() - self._heard, labels),
        )


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in a queue: how many items, and the age of the oldest in seconds."""

    depth: int
    age: float


class Sampled(Generic[T]):
    """What a store is asked for: only while somebody collects, and at most each `SAMPLE_SECONDS`.

    The collecting thread has the event loop ask, and waits. It gets None while the store does not answer.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]]) -> None:
        self._ask = ask
        self._loop = asyncio.get_running_loop()
        self._lock = Lock()
        self._asked = -SAMPLE_SECONDS
        self._value: T | None = None

    def __call__(self) -> T | None:
        """Not for the event loop's own thread."""
        with self._lock:
            if time.monotonic() - self._asked >= SAMPLE_SECONDS:
                self._asked = time.monotonic()
                self._value = self._sample()
            return self._value

    def _sample(self) -> T | None:
        asking = asyncio.run_coroutine_threadsafe(self._in_time(), self._loop)
        try:
            return asking.result(SAMPLE_TIMEOUT * 1.5)  # the loop itself may be stuck
        except Exception as error:  # whatever its client raises: these values are missing, all others are not
            asking.cancel()
            _log.warning("a store did not answer for metrics", extra={"error": repr(error)[:200]})
            return None

    async def _in_time(self) -> T:
        async with asyncio.timeout(SAMPLE_TIMEOUT):
            return await self._ask()


def queues(ask: Callable[[], Awaitable[Mapping[str, Backlog]]]) -> tuple[Series, Series]:
    """`QUEUE_DEPTH` and `QUEUE_AGE` of the queues that `ask` finds in a store, by their names."""
    sampled = Sampled(ask)

    def read(part: Callable[[Backlog], float]) -> Callable[[], Iterable[Value]]:
        return lambda: [(part(backlog), {"queue": name}) for name, backlog in (sampled() or {}).items()]

    return Series(QUEUE_DEPTH, read(lambda backlog: backlog.depth)), Series(QUEUE_AGE, read(lambda backlog: backlog.age))


class Calls:
    """The calls of a server."""

    def __init__(self, duration: Histogram) -> None:
        self._duration = duration
        self._labels: dict[tuple[str, str], dict[str, str]] = {}
        self.streams: Counter[str] = Counter()

    def ended(self, method: str, code: str, seconds: float) -> None:
        """Counts a call, by the method's full name and the code's."""
        labels = self._labels.get((method, code))
        if labels is None:
            labels = dict(zip(RPC_DURATION.labels, ("grpc", method, code), strict=True))
            self._labels[method, code] = labels
        self._duration.record(seconds, labels)

    @contextmanager
    def stream(self, method: str) -> Iterator[None]:
        """Counts a stream as open while the context is."""
        self.streams[method] += 1
        try:
            yield
        finally:
            self.streams[method] -= 1


class Metrics:
    """The instruments of a process."""

    def __init__(self, meter: Meter, port: int = 0) -> None:
        self._meter = meter
        self._lag = self._histogram(LOOP_LAG)
        self.port = port
        """Where Prometheus finds them; 0: nowhere."""
        self.calls = Calls(self._histogram(RPC_DURATION))

    def observe(self, series: Iterable[Series]) -> None:
        """Collects series, and the open streams, from now on. Only once: a second instrument of a name is not read."""
        readers: defaultdict[Metric, list[CallbackT]] = defaultdict(list)
        for each in (by(RPC_STREAMS, "rpc.method", self.calls.streams), *series):
            readers[each.metric].append(_callback(each))
        create = {
            Kind.COUNTER: self._meter.create_observable_counter,
            Kind.UP_DOWN_COUNTER: self._meter.create_observable_up_down_counter,
            Kind.GAUGE: self._meter.create_observable_gauge,
        }
        for metric, callbacks in readers.items():
            create[metric.kind](metric.name, callbacks, metric.unit, metric.help)

    async def watch_loop(self) -> None:
        """A worker: measures how late the event loop is. Runs until cancelled."""
        now = asyncio.get_running_loop().time
        while True:
            due = now() + LOOP_TICK
            await asyncio.sleep(LOOP_TICK)
            self._lag.record(max(0.0, now() - due))

    def _histogram(self, metric: Metric) -> Histogram:
        return self._meter.create_histogram(
            metric.name, metric.unit, metric.help, explicit_bucket_boundaries_advisory=metric.buckets
        )


def _callback(series: Series) -> CallbackT:
    def read(options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(value, labels) for value, labels in series.read()]

    return read


@asynccontextmanager
async def collecting(service: str, otlp_url: str = "", listen: str = "") -> AsyncIterator[Metrics]:
    """The process's metrics, collected while the context is open: over OTLP each minute (`OTEL_METRIC_EXPORT_INTERVAL`), and
    by Prometheus at `listen` (`host:port`). With neither nothing is recorded. Raises SystemExit when it can't listen.
    """
    if not otlp_url and not listen:
        yield Metrics(NoOpMeterProvider().get_meter("frontdesk"))
        return
    # Only what is used is loaded: the exporters bring a few megabytes.
    from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
    from opentelemetry.sdk.metrics.export import MetricReader
    from opentelemetry.sdk.resources import Resource

    async with AsyncExitStack() as stack:
        readers: list[MetricReader] = []
        port = 0
        if listen:
            reader, port, stop = _serve(listen)
            readers.append(reader)
            stack.push_async_callback(asyncio.to_thread, stop)
        if otlp_url:
            from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
            from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

            readers.append(PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=otlp_url)))
        resource = Resource.create({"service.name": f"frontdesk-{service}", "service.instance.id": ids.new()})
        provider = MeterProvider(readers, resource, AlwaysOffExemplarFilter(), shutdown_on_exit=False)
        # In a thread, for its last collection may need the event loop.
        stack.push_async_callback(asyncio.to_thread, provider.shutdown, CLOSE_TIMEOUT * 1000)
        yield Metrics(provider.get_meter("frontdesk"), port)


def _serve(listen: str) -> tuple[Any, int, Callable[[], None]]:
    """A reader that Prometheus scrapes at an address, its port, and what stops it. It has a thread of its own, so that it
    answers while the event loop is stuck, too.
    """
    from opentelemetry.exporter.prometheus import PrometheusMetricReader
    from prometheus_client import CollectorRegistry, start_http_server

    registry = CollectorRegistry()
    reader = PrometheusMetricReader(scope_info_enabled=False, registry=registry)
    host, _, port = listen.rpartition(":")
    try:
        server, _thread = start_http_server(int(port), host.strip("[]"), registry)
    except OSError as error:
        raise SystemExit(f"FRONTDESK_METRICS_LISTEN: can't listen on {listen}: {error.strerror or error}.") from None

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return reader, server.server_port, stop
