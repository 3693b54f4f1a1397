"""The life of a service process: read settings, open stores, serve, drain, end.

`build(settings)` is the service's composition root: it opens what the service needs and gives a `Service`. SIGTERM drains:
health says NOT_SERVING, workers stop claiming, streams end with a resume token, running calls get `drain_seconds`. kill -9
is as safe, because what matters is committed and leased.
"""

import asyncio
import gc
import logging
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar, cast

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from kit import failpoints, log, metrics, metrics_export, settings
from kit.backoff import Backoff
from kit.caller import Verifier
from kit.feeds import SILENT_SECONDS, Feed, settle
from kit.interceptors import Interceptor
from kit.migrations import OldData
from kit.revocations import Revocations
from kit.telemetry import Telemetry

MAX_BYTES = 1 << 20
MAX_METADATA_BYTES = 16 << 10
WINDOW_BYTES = 64 << 10
MIN_PING_INTERVAL_MS = 1_000
"""How often a peer may ping a quiet connection; the gateway and our own clients do so every 30 s."""
FEEDS_SECONDS = 5.0
"""How long a process that starts waits for the journals that it follows before it says that it serves all the same."""
FEEDS_LOOK_SECONDS = 0.5
FEEDS = "feeds"
"""The name by which health says whether all feeds are heard from."""
WORKERS = Backoff(first=0.5, maximum=5.0)
"""When a worker that broke starts again; one that ran for longer than the maximum begins with the first."""
GARBAGE = (20_000, 20, 50)
"""When the collector looks: a call makes hundreds of objects, nearly all of which end with it."""

_log = logging.getLogger("frontdesk")

Worker = Callable[[], Awaitable[None]]
S = TypeVar("S", bound=settings.ServiceSettings)
Build = Callable[[S], AbstractAsyncContextManager["Service"]]


@dataclass(frozen=True)
class Every:
    """A worker that does a piece of work again and again."""

    seconds: float
    """How long it rests after work that left nothing to do, or that found a store unavailable."""
    work: Callable[[], Awaitable[object]]
    """One round. Returns true when there may be more to do at once."""
    busy: float = 0.0
    """How long it rests while there is more to do."""
    rests_first: bool = False
    unavailable: tuple[type[BaseException], ...] = ()
    """Errors that are logged in a line, and after which it continues. Any other ends it, and `Service.workers` start again."""
    draining: asyncio.Event | None = None
    """It ends when this is set; without one it runs until cancelled."""

    async def __call__(self) -> None:
        if self.rests_first:
            await asyncio.sleep(self.seconds)
        while self.draining is None or not self.draining.is_set():
            more = await self._round()
            await asyncio.sleep(self.busy if more else self.seconds)

    async def _round(self) -> bool:
        try:
            return bool(await self.work())
        except self.unavailable as error:
            detail = {"worker": _title(self), "error": repr(error)[:200]}
            _log.warning("a store is unavailable; trying again", extra=detail)
            return False


@dataclass(frozen=True)
class Service:
    """The result of a composition root: servicers to serve, and workers to run beside them."""

    name: str
    register: Callable[[grpc.aio.Server], None]
    services: Sequence[str]
    """Full names of the gRPC services, for health and reflection."""
    workers: Sequence[Worker] = ()
    """Loops that run until cancelled. One that breaks is logged and started again after a pause."""
    unavailable: tuple[type[BaseException], ...] = ()
    """Exceptions that mean a store can't be reached: callers get UNAVAILABLE."""
    most_bytes: int = MAX_BYTES
    """The largest message that a caller may send."""
    revocations: Revocations = field(default_factory=Revocations)
    """Tokens that are revoked before they expire."""
    feeds: Sequence[Feed] = ()
    """The journals that each process follows: loaded, and read up to now, before the service says that it serves."""
    series: Sequence[metrics.Series] = ()
    """Its counts, beside its calls."""
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process is asked to end: streams end, workers claim nothing more."""


@dataclass(frozen=True, slots=True)
class Running:
    """A service that serves."""

    service: Service
    port: int
    metrics_port: int
    """0 without `metrics_listen`."""


@asynccontextmanager
async def serve(configured: S, build: Build[S]) -> AsyncIterator[Running]:
    """Runs a service while the context is open, and drains it at the end."""
    counted = metrics.Process()
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(build(configured))
        series = (*counted.series(), *service.series, *(each for feed in service.feeds for each in feed.series()))
        collecting = metrics_export.collecting(service.name, configured.otlp_url, configured.metrics_listen, series)
        metrics_port = await stack.enter_async_context(collecting)
        telemetry = Telemetry(service.name, configured.otlp_url)
        verifier = Verifier.load(configured.keys_dir)
        server = grpc.aio.server(
            options=[
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", service.most_bytes),
                ("grpc.max_metadata_size", MAX_METADATA_BYTES),
                # Its default is higher, and between the two gRPC refuses at random.
                ("grpc.absolute_max_metadata_size", MAX_METADATA_BYTES),
                ("grpc.http2.bdp_probe", 0),
                ("grpc.http2.lookahead_bytes", WINDOW_BYTES),
                ("grpc.keepalive_permit_without_calls", 1),
                ("grpc.http2.min_ping_interval_without_data_ms", MIN_PING_INTERVAL_MS),
            ],
        )
        calls = Interceptor(
            *(server, service.name, verifier, telemetry, counted.calls, service.unavailable, service.revocations),
            streams_per_caller=configured.streams_per_caller,
        )
        service.register(cast(grpc.aio.Server, calls))
        checks = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(checks, server)
        if configured.reflection:
            reflection.enable_server_reflection([*service.services, reflection.SERVICE_NAME], server)
        try:
            port = server.add_insecure_port(configured.listen)
        except RuntimeError:
            raise SystemExit(f"{service.name} can't listen on {configured.listen}: the address is in use.") from None
        await server.start()
        await _set_health(checks, service, health_pb2.HealthCheckResponse.NOT_SERVING)
        every: tuple[Worker, ...] = (
            *service.workers,
            *(worker for feed in service.feeds for worker in (feed.follow, feed.watch)),
            partial(_report_feeds, checks, service),
            counted.watch_loop,
        )
        workers = [asyncio.create_task(_keep_running(worker, service.unavailable), name=_title(worker)) for worker in every]
        await settle(service.feeds, FEEDS_SECONDS)
        await _set_health(checks, service, health_pb2.HealthCheckResponse.SERVING)
        gc.collect()
        gc.freeze()  # what was made at start lives as long as the process: the collector need not look at it again
        gc.set_threshold(*GARBAGE)
        _log.info("serving", extra={"port": port, "metrics_port": metrics_port})
        try:
            yield Running(service, port, metrics_port)
        finally:
            await _set_health(checks, service, health_pb2.HealthCheckResponse.NOT_SERVING)
            service.draining.set()
            await server.stop(configured.drain_seconds)
            await _end(workers)
            telemetry.shut_down()
            _log.info("drained")


def main(name: str, kind: type[S], build: Build[S]) -> None:
    """The body of a service's `__main__`: runs until SIGTERM or SIGINT, or ends with a sentence on data that it can't read."""
    configured = settings.read(kind)
    log.configure(name, configured.log_level)
    failpoints.arm(configured.failpoint)
    try:
        asyncio.run(_run(configured, build))
    except OldData as error:
        raise SystemExit(str(error)) from None


async def _run(configured: S, build: Build[S]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    starting = asyncio.create_task(_until(configured, build, stop))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    try:
        # Draining ends on its own; a start that still waits for a store does not.
        async with asyncio.timeout(configured.drain_seconds + 5):
            await starting
    except TimeoutError:
        _log.warning("ended before everything was drained")
    finally:
        stopping.cancel()


async def _until(configured: S, build: Build[S], stop: asyncio.Event) -> None:
    async with serve(configured, build):
        await stop.wait()


async def _set_health(
    checks: health.aio.HealthServicer,
    service: Service,
    status: "health_pb2.HealthCheckResponse.ServingStatus.ValueType",
) -> None:
    for name in ("", *service.services):
        await checks.set(name, status)


async def _report_feeds(checks: health.aio.HealthServicer, service: Service) -> None:
    """A worker: reports by the health of `feeds` whether each was heard from in the last seconds. The service serves on."""
    silent: list[str] = []
    while True:
        now = [feed.name for feed in service.feeds if feed.silence() > SILENT_SECONDS]
        if now != silent:
            _log.warning("feeds are silent" if now else "all feeds are heard from again", extra={"feeds": now or silent})
        silent = now
        status = health_pb2.HealthCheckResponse.NOT_SERVING if now else health_pb2.HealthCheckResponse.SERVING
        await checks.set(FEEDS, status)
        await asyncio.sleep(FEEDS_LOOK_SECONDS)


async def _keep_running(worker: Worker, unavailable: tuple[type[BaseException], ...]) -> None:
    pauses = WORKERS.pauses()
    while True:
        started = time.monotonic()
        try:
            await worker()
            return
        except Exception as error:
            level = logging.WARNING if isinstance(error, unavailable) else logging.ERROR
            detail = {"worker": _title(worker), "error": repr(error)[:300]}
            _log.log(level, "a worker broke and starts again", extra=detail, exc_info=level == logging.ERROR)
        if time.monotonic() - started > WORKERS.maximum:
            pauses.reset()
        await pauses.wait()


async def _end(workers: Sequence[asyncio.Task[None]]) -> None:
    """Cancels workers until they end: redis-py, for one, swallows a cancellation that comes while it connects."""
    running = set(workers)
    while running:
        for worker in running:
            worker.cancel()
        _, running = await asyncio.wait(running, timeout=0.5)


def _title(worker: Callable[..., Awaitable[object]]) -> str:
    match worker:
        case Every():
            return _title(worker.work)
        case partial():
            return _title(worker.func)
    return str(getattr(worker, "__qualname__", "worker"))
