"""A second gateway in other circumstances: tracing on, a service that is unavailable, two processes of one service."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import aiohttp
import grpc.aio
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from stack.ports import free_ports
from tests.gateway.conftest import Gateway, envoy_command, wait_for


class Spans(trace_service_pb2_grpc.TraceServiceServicer):
    """An OTLP receiver."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.arrived = asyncio.Event()

    async def Export(self, request: Any, context: Any) -> Any:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.names |= {span.trace_id.hex(): span.name for span in scope.spans}
        self.arrived.set()
        return trace_service_pb2.ExportTraceServiceResponse()


@pytest.fixture
async def spans() -> AsyncIterator[tuple[Spans, int]]:
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    receiver = Spans()
    cast(Any, trace_service_pb2_grpc).add_TraceServiceServicer_to_server(receiver, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield receiver, port
    await server.stop(0)


@pytest.fixture
async def elsewhere(servers: Gateway, spans: tuple[Spans, int], tmp_path: Path) -> AsyncIterator[Gateway]:
    port, admin, away = free_ports(3)
    listen = {name: f"127.0.0.1:{p}" for name, p in servers.ports.items()}
    environment = {
        **os.environ,
        "FRONTDESK_KEYS_DIR": str(servers.keys.folder),
        "FRONTDESK_GATEWAY_PORT": str(port),
        "FRONTDESK_GATEWAY_ADMIN_PORT": str(admin),
        "FRONTDESK_GATEWAY_ACCESS_LOG": str(tmp_path / "access.log"),
        "FRONTDESK_OTLP_URL": f"http://127.0.0.1:{spans[1]}",
        "FRONTDESK_ADMIN_URL": listen["admin"],
        "FRONTDESK_CHANNEL_URL": listen["channel"],
        "FRONTDESK_MEMORY_URL": f"127.0.0.1:{away}",
        "FRONTDESK_WEB_URL": f"127.0.0.1:{away}",
        # The second is no core: calls balanced to it return UNIMPLEMENTED, which shows the choice.
        "FRONTDESK_CORE_URL": f"{listen['core']},{listen['agent']}",
    }
    process = await asyncio.to_thread(subprocess.Popen, envoy_command(environment, tmp_path), stderr=subprocess.DEVNULL)
    gateway = Gateway(port, admin, servers.keys, tmp_path, servers.ports)
    try:
        await asyncio.to_thread(wait_for, f"{gateway.base}/readyz", [process])
        async with aiohttp.ClientSession() as gateway.http:
            yield gateway
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 60)


async def test_an_unavailable_service_is_a_typed_error(elsewhere: Gateway) -> None:
    answer = await elsewhere.call("GET", "/v1/organizations/shop/documents")
    assert (answer.status, answer.json["code"], answer.reason) == (503, 14, "SERVICE_UNAVAILABLE")


async def test_a_browser_gets_a_page_when_the_web_server_is_unavailable(elsewhere: Gateway) -> None:
    page = await elsewhere.call("GET", "/agent/", token=None, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (page.status, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert b"<h1>Back in a moment</h1>" in page.body
    assert b"upstream" not in page.body
    program = await elsewhere.call("GET", "/agent/", token=None)
    assert (program.status, program.reason) == (503, "SERVICE_UNAVAILABLE")


async def both_are_healthy(gateway: Gateway) -> None:
    """Waits until Envoy has found both processes of core healthy."""
    async with asyncio.timeout(60):
        while True:
            async with gateway.http.get(f"http://127.0.0.1:{gateway.admin_port}/clusters?format=json") as response:
                clusters = (await response.json(content_type=None))["cluster_statuses"]
            hosts = next(cluster["host_statuses"] for cluster in clusters if cluster["name"] == "core")
            if [host["health_status"] for host in hosts] == [{"eds_health_status": "HEALTHY"}] * 2:
                return
            await asyncio.sleep(0.1)


async def test_a_conversation_stays_with_one_process(elsewhere: Gateway) -> None:
    chosen = {}
    await both_are_healthy(elsewhere)
    for n in range(24):
        answers = [
            await elsewhere.call("GET", "/v1/organizations/shop/conversations/c1", headers={"x-conversation": f"c{n}"})
            for _ in range(2)
        ]
        assert answers[0].status == answers[1].status
        chosen[n] = answers[0].status
        of_path = await elsewhere.call("GET", f"/v1/organizations/shop/conversations/c{n}")
        assert of_path.status == chosen[n], "the conversation in the path counts where the header is missing"
        below = await elsewhere.call("GET", f"/v1/organizations/shop/conversations/c{n}/messages?pageSize=2")
        assert below.status == chosen[n], below.body
    assert set(chosen.values()) == {200, 501}


async def test_a_call_is_one_trace_from_the_gateway_on(elsewhere: Gateway, spans: tuple[Spans, int]) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    answer = await elsewhere.call("GET", "/v1/organizations/shop/users/u1", headers=headers)
    assert answer.status == 200
    while True:
        async with asyncio.timeout(60):
            await spans[0].arrived.wait()
        spans[0].arrived.clear()
        if trace in spans[0].names:
            break
    assert await elsewhere.logged(lambda line: trace in str(line.get("traceparent")))
