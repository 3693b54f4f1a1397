"""Several processes of a service, as their clients see them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from kit import client
from tests.fault.proxy import Proxy


@dataclass
class Replica(health_pb2_grpc.HealthServicer):  # type: ignore[misc]  # untyped
    """A server that counts its calls."""

    calls: int = 0
    port: int = 0
    server: grpc.aio.Server = field(default_factory=grpc.aio.server)

    async def Check(self, request: Any, context: Any) -> health_pb2.HealthCheckResponse:
        self.calls += 1
        return health_pb2.HealthCheckResponse()

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator[Replica]:
        replica = cls()
        health_pb2_grpc.add_HealthServicer_to_server(replica, replica.server)
        replica.port = replica.server.add_insecure_port("127.0.0.1:0")
        await replica.server.start()
        yield replica
        await replica.server.stop(None)


async def test_calls_go_to_all_replicas_and_past_one_that_is_gone() -> None:
    async with AsyncExitStack() as stack:
        one, two = [await stack.enter_async_context(Replica.running()) for _ in range(2)]
        channel = await stack.enter_async_context(client.dial(f"127.0.0.1:{one.port},127.0.0.1:{two.port}"))
        stub = health_pb2_grpc.HealthStub(channel)

        async def ask(times: int) -> None:
            for _ in range(times):
                await stub.Check(health_pb2.HealthCheckRequest(), wait_for_ready=True, timeout=5)

        while not (one.calls and two.calls):  # the first calls go to whichever is connected first
            await ask(1)
        one.calls = two.calls = 0
        await ask(20)
        assert (one.calls, two.calls) == (10, 10)
        await one.server.stop(None)
        await ask(20)
        assert two.calls == 30


async def test_a_server_that_takes_half_a_second_to_connect_gets_the_first_call() -> None:
    async with Replica.running() as replica:
        slow = Proxy("slow", replica.port, latency=0.25)
        await slow.start()
        async with client.dial(f"127.0.0.1:{slow.port}") as channel:
            await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
        await slow.stop()
    assert replica.calls == 1
