"""The cost of an answer with little and with much data, measured in turn: small, large, small, large."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bench import chats, report
from bench.__main__ import NO_PAUSE, TOKENS, Bench
from bench.growth.figures import Figure, ratio
from bench.processes import beside, milliseconds_each, ours

AIM = 1.1
ROUNDS, ROUNDS_QUICK = 5, 2
SECONDS, SECONDS_QUICK = 12.0, 3.0
CHATS = 4
"""At once: enough for the clock ticks of CPU times, and not so many that answers wait for each other for long."""


@dataclass(frozen=True)
class Cost:
    """The cost of an answer."""

    cpu_ms: float
    """Of services, web and Envoy."""
    stores_cpu_ms: float
    p50_ms: float
    """From the question to the end of the answer."""


Arm = Callable[[], Awaitable[Cost]]


async def cost(bench: Bench, ask: Callable[[], Awaitable[chats.Results]]) -> Cost:
    """The cost of the answers of `ask`; raises when one was wrong or lost, since its figures would be useless."""
    before = bench.usage()
    results = await ask()
    each = milliseconds_each(before, bench.usage(), results.answers)
    if results.wrong or results.lost or not results.answers:
        raise SystemExit(f"{results.wrong} answers were wrong and {results.lost} lost, of {results.answers}")
    return Cost(ours(each), beside(each), report.percentiles(results.whole_seconds)["p50"])


async def alternate(small: Arm, large: Arm, rounds: int) -> list[tuple[Cost, Cost]]:
    """Both arms once to warm up, and then `rounds` pairs."""
    pairs = []
    for number in range(rounds + 1):
        pair = (await small(), await large())
        if number:
            pairs.append(pair)
            print(
                f"  {number} of {rounds}: CPU {pair[0].cpu_ms:.1f} and {pair[1].cpu_ms:.1f} ms, "
                f"p50 {pair[0].p50_ms:.1f} and {pair[1].p50_ms:.1f} ms",
                flush=True,
            )
    return pairs


def compared(pairs: list[tuple[Cost, Cost]]) -> list[Figure]:
    """The ratios, of which those of the stores have no aim."""
    return [
        ratio("CPU of services, web and Envoy an answer, ms", [(a.cpu_ms, b.cpu_ms) for a, b in pairs], AIM),
        ratio("whole answer, p50, ms", [(a.p50_ms, b.p50_ms) for a, b in pairs], AIM),
        ratio("CPU of stores and embedder an answer, ms", [(a.stores_cpu_ms, b.stores_cpu_ms) for a, b in pairs]),
    ]


async def two_stacks(small: Bench, large: Bench, quick: bool) -> list[Figure]:
    """New customers of the demo shop in both stacks, in turn.

    Each stack counts its own processes alone. The other, idle one slows both.
    """
    seconds = SECONDS_QUICK if quick else SECONDS
    for bench in (small, large):
        bench.pace(NO_PAUSE)
    return compared(await alternate(partial(_fresh, small, seconds), partial(_fresh, large, seconds), rounds(quick)))


async def _fresh(bench: Bench, seconds: float) -> Cost:
    customers = chats.Customers(bench.gateway, TOKENS)
    try:
        return await cost(bench, lambda: chats.closed_loop(customers, CHATS, seconds))
    finally:
        await customers.close()


def rounds(quick: bool) -> int:
    """How many pairs are measured."""
    return ROUNDS_QUICK if quick else ROUNDS
