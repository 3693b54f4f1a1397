"""Brings metrics out by OpenTelemetry: over OTLP, where traces go, and to Prometheus on a port of the process's own."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

from kit import ids
from kit.metrics import Distribution, Kind, Metric, Series

CLOSE_TIMEOUT = 2.0
"""How long the last values may take to leave over OTLP."""


@asynccontextmanager
async def collecting(service: str, otlp_url: str, listen: str, series: Iterable[Series]) -> AsyncIterator[int]:
    """Has series collected while the context is open: over OTLP each minute (`OTEL_METRIC_EXPORT_INTERVAL`), and by Prometheus
    at `listen` (`host:port`). Gives the port, or 0 without `listen`. Raises SystemExit when it can't listen.
    """
    if not otlp_url and not listen:
        yield 0
        return
    # Imported here: a process without metrics need not load the SDK's part for them.
    from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
    from opentelemetry.sdk.resources import Resource

    by_metric: defaultdict[Metric, list[Series]] = defaultdict(list)
    for each in series:
        by_metric[each.metric].append(each)
    read = _histograms({metric: found for metric, found in by_metric.items() if metric.kind is Kind.HISTOGRAM})
    async with AsyncExitStack() as stack:
        readers, port = [], 0
        if listen:
            reader, port, stop = _serve(listen, read)
            readers.append(reader)
            stack.push_async_callback(asyncio.to_thread, stop)
        if otlp_url:
            readers.append(_pushing(otlp_url, read))
        resource = Resource.create({"service.name": f"frontdesk-{service}", "service.instance.id": ids.new()})
        provider = MeterProvider(readers, resource, AlwaysOffExemplarFilter(), shutdown_on_exit=False)
        # In a thread, for its last collection may need the event loop.
        stack.push_async_callback(asyncio.to_thread, provider.shutdown, CLOSE_TIMEOUT * 1000)
        _observe(provider.get_meter("frontdesk"), by_metric)
        yield port


def _serve(listen: str, histograms: Callable[[], Any]) -> tuple[Any, int, Callable[[], None]]:
    """A reader that Prometheus scrapes at an address, its port, and what stops it. It has a thread of its own, so that it
    answers while the event loop is stuck, too.
    """
    from opentelemetry.exporter.prometheus import PrometheusMetricReader
    from prometheus_client import CollectorRegistry, start_http_server

    registry = CollectorRegistry()
    reader = _with(PrometheusMetricReader, histograms)(scope_info_enabled=False, registry=registry)
    host, _, port = listen.rpartition(":")
    try:
        server, _thread = start_http_server(int(port), host.strip("[]"), registry)
    except OSError as error:
        raise SystemExit(f"FRONTDESK_METRICS_LISTEN: can't listen on {listen}: {error.strerror or error}.") from None

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return reader, server.server_port, stop


def _pushing(otlp_url: str, histograms: Callable[[], Any]) -> Any:
    """A reader that sends to an OTLP endpoint."""
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    return _with(PeriodicExportingMetricReader, histograms)(OTLPMetricExporter(endpoint=otlp_url))


def _observe(meter: Any, by_metric: dict[Metric, list[Series]]) -> None:
    """Makes one instrument of a metric, for all of its readers: a second one of its name would not be read."""
    create = {
        Kind.COUNTER: meter.create_observable_counter,
        Kind.UP_DOWN_COUNTER: meter.create_observable_up_down_counter,
        Kind.GAUGE: meter.create_observable_gauge,
    }
    for metric, series in by_metric.items():
        if metric.kind is not Kind.HISTOGRAM:
            create[metric.kind](metric.name, [_callback(each) for each in series], metric.unit, metric.help)


def _callback(series: Series) -> Callable[[object], Iterable[Any]]:
    from opentelemetry.metrics import Observation

    return lambda options: [Observation(n, labels) for n, labels in series.read() if not isinstance(n, Distribution)]


def _histograms(by_metric: dict[Metric, list[Series]]) -> Callable[[], Sequence[Any]]:
    """A reader of distributions as OpenTelemetry's points: its SDK has no histogram whose values are read."""
    from opentelemetry.sdk.metrics import export

    began = time.time_ns()

    def read() -> list[export.Metric]:
        now, found = time.time_ns(), []
        for metric, series in by_metric.items():
            points = [
                _point(value, labels, began, now)
                for each in series
                for value, labels in each.read()
                if isinstance(value, Distribution)
            ]
            data = export.Histogram(points, export.AggregationTemporality.CUMULATIVE)
            found.append(export.Metric(metric.name, metric.help, metric.unit, data))
        return found

    return read


def _point(value: Distribution, labels: Any, began: int, now: int) -> Any:
    from opentelemetry.sdk.metrics.export import HistogramDataPoint

    counts = list(value.counts)
    unknown: Any = None  # the smallest and the largest
    return HistogramDataPoint(labels, began, now, sum(counts), value.sum, counts, value.bounds, unknown, unknown)


def _with(reader: Any, histograms: Callable[[], Sequence[Any]]) -> Any:
    """A kind of reader that is given our histograms beside what the SDK collects. `_receive_metrics` is what readers of one's
    own are to implement.
    """
    from opentelemetry.sdk.metrics.export import ScopeMetrics
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope

    class Reader(reader):  # type: ignore[misc]
        def _receive_metrics(self, metrics_data: Any, *arguments: Any, **more: Any) -> None:
            (of_process,) = metrics_data.resource_metrics
            ours = ScopeMetrics(InstrumentationScope("frontdesk.histograms"), histograms(), "")
            whole = replace(of_process, scope_metrics=[*of_process.scope_metrics, ours])
            super()._receive_metrics(replace(metrics_data, resource_metrics=[whole]), *arguments, **more)

    return Reader
