"""Metrics: what a process counts. `kit.metrics_export` brings it out.

The counts are plain numbers of the objects that count. A `Series` says which `Metric` they are and reads them, when
someone collects and in the collector's thread. So counting costs a call next to nothing, and domain code knows no telemetry.

Labels are few and from closed sets: methods, codes, names of queues. Never an organization, a person, an id or a text.
"""

import asyncio
import logging
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from types import MappingProxyType
from typing import Any, Generic, TypeVar

SAMPLE_SECONDS = 5.0
"""How long what a store answered is good for."""
SAMPLE_TIMEOUT = 1.0
"""How long a store may take to answer; a scrape waits for it."""
LOOP_TICK = 0.25
"""How often the event loop's lag is measured."""

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
    """The metrics. docs/metrics.md lists each of them."""

    name: str
    kind: Kind
    unit: str
    """In UCUM, with what is counted in braces."""
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    """Upper bounds, for a histogram."""


UPTIME = Metric("process.uptime", Kind.GAUGE, "s", "Time since the process began to serve.")
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


class Distribution:
    """Numbers by their size, as plain counts: the SDK's histogram takes 30 times as long for each."""

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, metric: Metric) -> None:
        self.bounds = metric.buckets
        self.counts = [0] * (len(self.bounds) + 1)
        self.sum = 0.0

    def add(self, number: float) -> None:
        """Counts a number in the first bucket whose bound it does not exceed."""
        self.counts[bisect_left(self.bounds, number)] += 1
        self.sum += number


Value = tuple[float | Distribution, Mapping[str, str]]
"""A number, or a distribution for a histogram, and its labels."""


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
    """The counts of a cache."""

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
        self.heard(response.event.envelope.create_time.ToMicroseconds() / 1e6 if told else None)

    def handled(self) -> None:
        """Notes that the fact was handled. One that could not be handled continues ageing."""
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
    """The backlog of a queue: how many items, and the age of the oldest in seconds."""

    depth: int
    age: float


class Sampled(Generic[T]):
    """A figure that a store is asked for: only while someone collects, and at most each `SAMPLE_SECONDS`.

    The collecting thread has the event loop ask, and waits. It gets None while the store does not answer.
    """

    def __init__(self, ask: Callable[[], Coroutine[Any, Any, T]]) -> None:
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
        asking = asyncio.run_coroutine_threadsafe(self._ask(), self._loop)
        try:
            return asking.result(SAMPLE_TIMEOUT)
        except Exception as error:  # whatever its client raises: these values are missing, all others are not
            asking.cancel()
            _log.warning("a store did not answer for metrics", extra={"error": repr(error)[:200]})
            return None


def queues(ask: Callable[[], Coroutine[Any, Any, Mapping[str, Backlog]]]) -> tuple[Series, Series]:
    """`QUEUE_DEPTH` and `QUEUE_AGE` of the queues that `ask` finds in a store, by their names."""
    sampled = Sampled(ask)

    def read(part: Callable[[Backlog], float]) -> Callable[[], Iterable[Value]]:
        return lambda: [(part(backlog), {"queue": name}) for name, backlog in (sampled() or {}).items()]

    return Series(QUEUE_DEPTH, read(lambda backlog: backlog.depth)), Series(QUEUE_AGE, read(lambda backlog: backlog.age))


class Calls:
    """The calls of a server."""

    def __init__(self) -> None:
        self._durations: dict[tuple[str, str], Distribution] = {}
        self.streams: Counter[str] = Counter()
        """Those that are open, by method."""

    def ended(self, method: str, code: str, seconds: float) -> None:
        """Counts a call, by the method's full name and the code's."""
        durations = self._durations.get((method, code))
        if durations is None:
            durations = self._durations[method, code] = Distribution(RPC_DURATION)
        durations.add(seconds)

    def read(self) -> list[Value]:
        """The `RPC_DURATION`s."""
        system, method, code = RPC_DURATION.labels
        return [(each, {system: "grpc", method: m, code: c}) for (m, c), each in list(self._durations.items())]

    @contextmanager
    def stream(self, method: str) -> Iterator[None]:
        """Counts a stream as open while the context is."""
        self.streams[method] += 1
        try:
            yield
        finally:
            self.streams[method] -= 1


class Process:
    """The counts of the kit in every process."""

    def __init__(self) -> None:
        self.calls = Calls()
        self._lag = Distribution(LOOP_LAG)
        self._began = time.monotonic()

    def series(self) -> list[Series]:
        """All of it."""
        return [
            number(UPTIME, lambda: time.monotonic() - self._began),
            Series(RPC_DURATION, self.calls.read),
            by(RPC_STREAMS, "rpc.method", self.calls.streams),
            Series(LOOP_LAG, lambda: [(self._lag, NONE)]),
        ]

    async def watch_loop(self) -> None:
        """A worker: measures how late the event loop is. Runs until cancelled."""
        now = asyncio.get_running_loop().time
        while True:
            due = now() + LOOP_TICK
            await asyncio.sleep(LOOP_TICK)
            self._lag.add(max(0.0, now() - due))
