"""Traces: W3C trace context in and out of every call, and spans to an OTLP endpoint when one is configured.

Without an endpoint nothing is recorded, yet the trace id still travels, so that logs of all services can be joined by it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from kit import log

_traceparent: ContextVar[str] = ContextVar("traceparent", default="")
_PROPAGATOR = TraceContextTextMapPropagator()


def traceparent() -> str:
    """The header that passes the current trace on (W3C Trace Context, section 3.2); empty outside of a call."""
    return _traceparent.get()


class Telemetry:
    """Opens a span around each call."""

    def __init__(self, service: str, otlp_url: str = "") -> None:
        self._provider: TracerProvider | None = None
        if otlp_url:
            from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.trace.export import BatchSpanProcessor

            self._provider = TracerProvider(resource=Resource.create({"service.name": f"frontdesk-{service}"}))
            self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=otlp_url)))

    @contextmanager
    def span(self, name: str, parent: str = "") -> Iterator[None]:
        """A span named `name` under the `traceparent` header `parent`; sets the trace id of logs and outgoing calls."""
        if self._provider is None:
            valid = len(parent) == 55 and parent[2] == parent[35] == parent[52] == "-"
            header = parent if valid else f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-00"
            with _as_current(header):
                yield
            return
        context = _PROPAGATOR.extract({"traceparent": parent}) if parent else None
        kind = trace.SpanKind.SERVER
        with self._provider.get_tracer("frontdesk").start_as_current_span(name, context=context, kind=kind):
            carrier: dict[str, str] = {}
            _PROPAGATOR.inject(carrier)
            with _as_current(carrier.get("traceparent", "")):
                yield

    def shut_down(self) -> None:
        """Sends what is left."""
        if self._provider is not None:
            self._provider.shutdown()


@contextmanager
def _as_current(header: str) -> Iterator[None]:
    # Tokens are not reset: a stream's generator may be closed from another context than it was started in.
    before, trace_before = _traceparent.get(), log.trace_id.get()
    _traceparent.set(header)
    log.trace_id.set(header[3:35])
    try:
        yield
    finally:
        _traceparent.set(before)
        log.trace_id.set(trace_before)
