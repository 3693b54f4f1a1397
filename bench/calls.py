"""The cost of metrics per call: the CPU of an echo call through `kit.interceptors`, with calls counted and without.

    python -m bench.calls [ROUNDS]

Two servers in this process are called in turn, one that counts and one that does not. Their ratio drowns in noise on a busy
machine, so the counting is also timed alone, beside a histogram of OpenTelemetry's SDK.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
import timeit
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any, cast

import grpc
from frontdesk.core import v1 as pb
from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from kit import metrics
from kit.caller import Verifier
from kit.interceptors import Interceptor
from kit.telemetry import Telemetry
from tests.support import serving

METHOD = "frontdesk.core.v1.ConversationService/GetConversation"
CALLS = 400
RECORDS = 20_000
NAME = "organizations/o/conversations/c1"


class Uncounted(metrics.Calls):
    """Counts nothing: what was before."""

    def ended(self, method: str, code: str, seconds: float) -> None:
        """Does nothing."""


class Echo(pb.ConversationServiceServicer):
    """Answers with what it was asked for."""

    async def GetConversation(self, request: pb.GetConversationRequest, context: Any) -> pb.Conversation:
        return pb.Conversation(name=request.name)


async def _stub(stack: AsyncExitStack, keys: serving.Keys, calls: metrics.Calls) -> Any:
    """A server with the kit's interceptor, and a stub to call it by."""
    server = grpc.aio.server()
    stack.push_async_callback(server.stop, 0)
    verifier = Verifier.load(keys.folder)
    interceptor = Interceptor(server, "bench", verifier, Telemetry("bench"), calls)
    pb.add_ConversationServiceServicer_to_server(Echo(), cast(grpc.aio.Server, interceptor))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}", [("grpc.use_local_subchannel_pool", 1)])
    stack.push_async_callback(channel.close)
    return pb.ConversationServiceStub(channel)


async def _cpu(stub: Any, metadata: Any) -> float:
    """CPU microseconds of a call, of client and server."""
    request = pb.GetConversationRequest(name=NAME)
    began = time.process_time()
    for _ in range(CALLS):
        await stub.GetConversation(request, metadata=metadata)
    return (time.process_time() - began) / CALLS * 1e6


def _microseconds(do: Callable[[], object]) -> float:
    return min(timeit.repeat(do, number=RECORDS, repeat=5)) / RECORDS * 1e6


def _by_sdk() -> Callable[[], object]:
    """The same by an instrument of the SDK, with one reader."""
    provider = MeterProvider([InMemoryMetricReader()], exemplar_filter=AlwaysOffExemplarFilter(), shutdown_on_exit=False)
    histogram = provider.get_meter("bench").create_histogram("duration")
    return partial(histogram.record, 0.004, dict(zip(metrics.RPC_DURATION.labels, ("grpc", METHOD, "OK"), strict=True)))


async def run(rounds: int) -> None:
    """Prints the figures."""
    print(f"counting a call: {_microseconds(partial(metrics.Calls().ended, METHOD, 'OK', 0.004)):.2f} us")
    print(f"by OpenTelemetry's SDK: {_microseconds(_by_sdk()):.2f} us")
    async with AsyncExitStack() as stack:
        keys = serving.Keys(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        metadata = (("authorization", f"Bearer {keys.user_token('o', ['*'])}"),)
        off, on = await _stub(stack, keys, Uncounted()), await _stub(stack, keys, metrics.Calls())
        for stub in (off, on):
            await _cpu(stub, metadata)
        pairs = [(await _cpu(off, metadata), await _cpu(on, metadata)) for _ in range(rounds)]
    before, ratio = statistics.median(cpu for cpu, _ in pairs), statistics.median(after / cpu for cpu, after in pairs)
    least = min(after for _, after in pairs) - min(cpu for cpu, _ in pairs)
    print(f"an echo call: {before:.0f} us of CPU uncounted, {ratio:.3f} times as much counted ({rounds} rounds);")
    print(f"the quickest rounds differ by {least:.1f} us")


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
