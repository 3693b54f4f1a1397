"""A server's counts, as Prometheus reads them."""

from __future__ import annotations

import asyncio
import socket
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from frontdesk.core import v1 as pb
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc
from prometheus_client.parser import text_string_to_metric_families

from kit import errors, metrics, service
from kit.metrics import Backlog, Following, Kind, Lookups, Metric, Sampled, Series
from kit.settings import ServiceSettings
from tests.rpc.kit.conftest import NAME, Desk, refused, serving
from tests.support.serving import Keys, serve

GET = "frontdesk.core.v1.ConversationService/GetConversation"
WATCH = "frontdesk.core.v1.ConversationService/WatchConversation"
ASKED = Metric("frontdesk.test.asked", Kind.COUNTER, "{ask}", "How often the test was asked.", ("by",))


async def scrape(desk: Desk) -> str:
    """The page that Prometheus gets. In a thread, as the endpoint may need the event loop."""
    return await asyncio.to_thread(_get, desk.running.metrics_url)


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as response:
        text: str = response.read().decode()
        return text


def value(text: str, sample: str, **labels: str) -> float:
    """The sum of the samples that have these labels; 0 when there is none."""
    return sum(
        each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
        if each.name == sample and labels.items() <= each.labels.items()
    )


@pytest.fixture
async def measured(tmp_path: Path) -> AsyncIterator[Desk]:
    async with serving(tmp_path, metrics_listen="127.0.0.1:0") as desk:
        yield desk


def ended(text: str, method: str, code: str) -> float:
    labels = {"rpc_method": method, "rpc_response_status_code": code, "rpc_system_name": "grpc"}
    return value(text, "rpc_server_call_duration_seconds_count", **labels)


async def test_a_call_is_counted_by_its_method_and_code(measured: Desk) -> None:
    async def refuses(request: Any, context: Any) -> Any:
        raise errors.NotFound("No such conversation.", reason="CONVERSATION_NOT_FOUND")

    await measured.get()
    await measured.get()
    await refused(measured.get(metadata=()))
    measured.does = refuses
    await refused(measured.get())
    text = await scrape(measured)
    assert (ended(text, GET, "OK"), ended(text, GET, "UNAUTHENTICATED"), ended(text, GET, "NOT_FOUND")) == (2, 1, 1)
    assert value(text, "rpc_server_call_duration_seconds_count") == 4


async def test_a_call_is_counted_with_the_time_it_took(measured: Desk) -> None:
    async def slowly(request: Any, context: Any) -> Any:
        await asyncio.sleep(0.06)
        return pb.Conversation(name=NAME)

    measured.does = slowly
    await measured.get()
    text = await scrape(measured)
    bucket = "rpc_server_call_duration_seconds_bucket"
    assert (value(text, bucket, le="0.05"), value(text, bucket, le="+Inf")) == (0, 1)
    assert value(text, "rpc_server_call_duration_seconds_sum") >= 0.06


async def test_a_stream_is_open_until_its_client_leaves_and_counted_then(measured: Desk) -> None:
    async def quiet(request: Any, context: Any) -> AsyncIterator[Any]:
        yield pb.WatchConversationResponse(resume_token="1-1")
        await asyncio.Event().wait()

    measured.streams = quiet
    stub = pb.ConversationServiceStub(measured.channel)
    calls = [stub.WatchConversation(pb.WatchConversationRequest(name=NAME), metadata=measured.user()) for _ in range(2)]
    for call in calls:
        await call.read()
    text = await scrape(measured)
    assert value(text, "frontdesk_rpc_streams", rpc_method=WATCH) == 2
    assert ended(text, WATCH, "CANCELLED") == 0
    for call in calls:
        call.cancel()
    async with asyncio.timeout(10):
        while value(text := await scrape(measured), "frontdesk_rpc_streams", rpc_method=WATCH):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert ended(text, WATCH, "CANCELLED") == 2


async def test_a_loop_that_is_blocked_is_seen(measured: Desk) -> None:
    bucket = "frontdesk_event_loop_lag_seconds_bucket"
    await asyncio.sleep(0)
    time.sleep(metrics.LOOP_TICK + 0.3)  # noqa: ASYNC251  # blocks it past a timer that is due
    await asyncio.sleep(0.01)
    text = await scrape(measured)
    assert value(text, bucket, le="+Inf") - value(text, bucket, le="0.25") >= 1


async def test_metrics_are_answered_while_the_loop_is_stuck(measured: Desk) -> None:
    await measured.get()
    assert ended(_get(measured.running.metrics_url), GET, "OK") == 1  # not in a thread: the loop waits for it


@pytest.mark.breaks
async def test_nothing_says_whose_calls_they_were(measured: Desk) -> None:
    async def fails(request: Any, context: Any) -> Any:
        raise RuntimeError("the customer's own words")

    await measured.get(metadata=measured.user(organization="acme"))
    measured.does = fails
    await refused(measured.get())
    text = await scrape(measured)
    assert ended(text, GET, "INTERNAL") == 1
    assert [word for word in ("acme", "c1", "u1", "Some User", "customer's own words") if word in text] == []


async def test_without_an_address_nothing_listens_and_calls_work(desk: Desk) -> None:
    assert desk.running.metrics_url == ""
    assert (await desk.get()).name == NAME


async def test_an_address_in_use_is_named_with_its_setting(tmp_path: Path, measured: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        settings = ServiceSettings(keys_dir=tmp_path, metrics_listen=listen)
        with pytest.raises(SystemExit, match=f"FRONTDESK_METRICS_LISTEN: can't listen on {listen}"):
            async with service.serve(settings, Desk(measured.keys).build):
                pass


@pytest.mark.parametrize("listen", ["9464", ":9464", "localhost:", "localhost:http"])
def test_an_address_has_a_host_and_a_port(listen: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="metrics_listen"):
        ServiceSettings(keys_dir=tmp_path, metrics_listen=listen)


@asynccontextmanager
async def observing(folder: Path, declare: Callable[[], Iterable[Series]]) -> AsyncIterator[Desk]:
    """A service that counts what the test declares."""
    desk = Desk(Keys(folder))

    @asynccontextmanager
    async def build(settings: ServiceSettings) -> AsyncIterator[service.Service]:
        yield service.Service("core", desk.register, pb.SERVICES, series=tuple(declare()))

    settings = ServiceSettings(keys_dir=folder, drain_seconds=1, metrics_listen="127.0.0.1:0")
    async with serve(settings, build) as desk.running:
        yield desk


async def test_a_service_counts_on_its_own_and_shares_metrics_with_the_kit(tmp_path: Path) -> None:
    counts, lookups = {"me": 3, "you": 1}, Lookups(hits=2, misses=5)
    series = [
        metrics.by(ASKED, "by", counts),
        lookups.series("one"),
        Lookups(hits=7).series("two"),
        metrics.breaker("model", lambda: True),
    ]
    async with observing(tmp_path, lambda: series) as desk:
        text = await scrape(desk)
        counts["you"] += 1
        again = await scrape(desk)
    assert [value(text, "frontdesk_test_asked_total", by=who) for who in counts] == [3, 1]
    assert value(again, "frontdesk_test_asked_total", by="you") == 2
    assert value(text, "frontdesk_cache_requests_total", cache="one", result="miss") == 5
    assert value(text, "frontdesk_cache_requests_total", cache="two", result="hit") == 7
    assert value(text, "frontdesk_breaker_open", breaker="model") == 1


async def test_a_series_that_breaks_takes_no_other_with_it(tmp_path: Path) -> None:
    def breaks() -> float:
        raise RuntimeError("a bug")

    series = [metrics.number(ASKED, breaks, {"by": "me"}), metrics.number(ASKED, lambda: 4, {"by": "you"})]
    async with observing(tmp_path, lambda: series) as desk:
        assert value(await scrape(desk), "frontdesk_test_asked_total") == 4


class Store:
    """A store that is asked for its queues."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: Callable[[], Awaitable[dict[str, Backlog]]] = self._two

    async def _two(self) -> dict[str, Backlog]:
        return {"inbound": Backlog(4, 2.5), "deliveries": Backlog(0, 0.0)}

    async def ask(self) -> dict[str, Backlog]:
        self.asked += 1
        return await self.answer()


async def test_a_store_is_asked_once_for_many_scrapes_and_never_without_one(tmp_path: Path) -> None:
    store = Store()
    async with observing(tmp_path, lambda: metrics.queues(store.ask)) as desk:
        await desk.get()
        assert store.asked == 0
        texts = [await scrape(desk) for _ in range(5)]
    assert store.asked == 1
    for text in texts:
        assert value(text, "frontdesk_queue_depth", queue="inbound") == 4
        assert value(text, "frontdesk_queue_age_seconds", queue="inbound") == 2.5
        assert value(text, "frontdesk_queue_depth", queue="deliveries") == 0


async def _fails() -> dict[str, Backlog]:
    raise ConnectionError("the store is unavailable")


async def _hangs() -> dict[str, Backlog]:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize("answer", [_fails, _hangs])
async def test_a_store_that_does_not_answer_leaves_out_its_values_alone(
    answer: Callable[[], Awaitable[dict[str, Backlog]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "SAMPLE_TIMEOUT", 0.05)
    monkeypatch.setattr(metrics, "SAMPLE_SECONDS", 0.05)
    store = Store()
    async with observing(tmp_path, lambda: metrics.queues(store.ask)) as desk:
        assert "frontdesk_queue_depth{" in await scrape(desk)
        store.answer = answer
        await desk.get()
        await asyncio.sleep(0.06)
        text = await scrape(desk)
        assert "frontdesk_queue_depth{" not in text
        assert ended(text, GET, "OK") == 1


async def test_a_store_is_not_asked_while_the_loop_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "SAMPLE_TIMEOUT", 0.02)
    assert Sampled(Store().ask)() is None  # in the loop's own thread, which so is stuck


def test_a_fact_that_can_not_be_handled_continues_ageing() -> None:
    following = Following()
    following.heard(time.time() - 30)
    assert 30 <= following.lag() < 31
    following.handled()
    assert 30 <= following.lag() < 31
    following.heard(None)
    assert following.lag() == 0
    following.heard(time.time() + 5)  # by another machine's clock
    assert following.lag() == 0


class Collector(metrics_service_pb2_grpc.MetricsServiceServicer, trace_service_pb2_grpc.TraceServiceServicer):
    """An OTLP endpoint. In threads, since what sends the last values may block the event loop."""

    def __init__(self) -> None:
        self.points: dict[str, list[Any]] = {}
        self._server = grpc.server(ThreadPoolExecutor(2))
        metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(self, self._server)  # type: ignore[no-untyped-call]
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server(self, self._server)  # type: ignore[no-untyped-call]
        self.url = f"http://127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self) -> Collector:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(0).wait()

    def Export(self, request: Any, context: Any) -> Any:
        for resource in getattr(request, "resource_metrics", ()):
            for metric in (each for scope in resource.scope_metrics for each in scope.metrics):
                self.points[metric.name] = list(getattr(metric, metric.WhichOneof("data")).data_points)
        return metrics_service_pb2.ExportMetricsServiceResponse()


async def test_metrics_go_over_otlp_too_the_last_ones_when_the_process_ends(tmp_path: Path) -> None:
    with Collector() as collector:
        async with serving(tmp_path, otlp_url=collector.url, metrics_listen="127.0.0.1:0") as desk:
            await desk.get()
            assert ended(await scrape(desk), GET, "OK") == 1
        [point] = collector.points["rpc.server.call.duration"]
    assert point.count == 1
    assert {each.key: each.value.string_value for each in point.attributes} == {
        "rpc.system.name": "grpc",
        "rpc.method": GET,
        "rpc.response.status_code": "OK",
    }
    assert {"frontdesk.event_loop.lag", "process.uptime"} <= set(collector.points)
