"""A journal of 1,000,000 facts against a new one: an answer, and `frontdesk verify`.

Two stacks, in turn, for the reasons in `organizations`: written facts can't be taken back. All followers have caught up before
anything is measured.
"""

import asyncio
import sys
import time
from dataclasses import dataclass

from bench.__main__ import NO_PAUSE, ROOT, Bench, started
from bench.growth import history
from bench.growth.answers import two_stacks
from bench.growth.figures import Figure
from bench.growth.stores import caught_up, mongo, settle
from bench.statements import logged

MANY, MANY_QUICK = 1_000_000, 20_000
IDLE_SECONDS = 5.0
KEPT = {"FRONTDESK_JOURNAL_DAYS": "36500"}
"""The written facts are older than those that a stack keeps as shipped."""


@dataclass(frozen=True)
class Verified:
    """One `frontdesk verify`."""

    seconds: float
    statements: int
    """In PostgreSQL, without those that the idle stack makes in the same time."""
    commands: int
    """In MongoDB, without the idle stack's."""


def run(quick: bool) -> list[Figure]:
    """Measures the part."""
    with started(more=KEPT) as small, started(more=KEPT) as large:
        return asyncio.run(_measure(small, large, quick))


async def _measure(small: Bench, large: Bench, quick: bool) -> list[Figure]:
    large.pace(NO_PAUSE)
    facts = await history.write(large, MANY_QUICK if quick else MANY)
    seconds = await caught_up(large)
    print(f"  {facts:,} facts handled {seconds:.0f} s after the last was written", flush=True)
    await caught_up(small)
    for bench in (small, large):
        await settle(bench)
    figures = await two_stacks(small, large, quick)
    before, after = await _verify(small), await _verify(large)
    return [
        *figures,
        Figure("frontdesk verify, s", after.seconds, small=before.seconds, large=after.seconds),
        Figure("frontdesk verify, statements in PostgreSQL", after.statements, small=before.statements, large=after.statements),
        Figure("frontdesk verify, commands in MongoDB", after.commands, small=before.commands, large=after.commands),
        Figure("until followers had handled all facts, from the last one's writing, s", seconds),
    ]


async def _verify(bench: Bench) -> Verified:
    """Runs `frontdesk verify`; raises when a store differs."""
    await caught_up(bench)
    async with logged(bench) as read:
        before = read().total(), _commands(bench)
        await asyncio.sleep(IDLE_SECONDS)
        between = read().total(), _commands(bench)
        idle = [(b - a) / IDLE_SECONDS for a, b in zip(before, between, strict=True)]
        begun = time.perf_counter()
        code, output = await _run(bench, "verify")
        seconds = time.perf_counter() - begun
        made = [b - a - rate * seconds for a, b, rate in zip(between, (read().total(), _commands(bench)), idle, strict=True)]
    print("  " + output.strip().replace("\n", "\n  "), flush=True)
    if code:
        raise SystemExit("frontdesk verify found a difference: the code didn't write this journal.")
    return Verified(seconds, round(made[0]), round(made[1]))


async def _run(bench: Bench, command: str) -> tuple[int, str]:
    """A `frontdesk` command against the stack: its exit code and what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "stack", command),
        cwd=ROOT,
        env=dict(bench.environment),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


def _commands(bench: Bench) -> int:
    """How many commands MongoDB has got."""
    with mongo(bench) as client:
        counters = client.admin.command("serverStatus")["opcounters"]
        return sum(counters[kind] for kind in ("insert", "query", "update", "delete", "getmore", "command"))
