"""`python -m tests.fault`: runs scenarios, prints the table, and writes tests/fault/results/latest.json."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from tests.fault import report
from tests.fault.boot import running
from tests.fault.disk import small_disk
from tests.fault.run import Result, as_json, run
from tests.fault.scenarios import BY_NAME, SCENARIOS, Own, Scenario, schedule, shortened

MEGABYTES = {Own.SMALL_DATA: 400, Own.SMALL_HOME: 1000}


def main() -> int:
    """Returns 1 when a run was red."""
    parser = argparse.ArgumentParser(
        "python -m tests.fault", description="Breaks the running stack and counts lost and doubled messages."
    )
    parser.add_argument("--quick", action="store_true", help="the subset that `make test` runs")
    parser.add_argument("--only", default="", help="these scenarios, with commas")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same schedule; chosen when not given")
    parser.add_argument("--runs", type=int, default=1, help="the number of runs of each scenario")
    parser.add_argument("--keep", action="store_true", help=f"add the results to {report.RESULTS.name}")
    parser.add_argument("--plan", action="store_true", help="only print the schedule")
    options = parser.parse_args()
    chosen = _chosen(options.only, options.quick)
    seed = options.seed or random.randrange(1, 1_000_000)
    print(f"seed {seed}")
    if options.plan:
        _plan(chosen, seed)
        return 0
    started = time.monotonic()
    results = asyncio.run(_all(chosen * options.runs, seed, options.keep))
    _print(results, time.monotonic() - started)
    return any(result.red for result in results)


def _chosen(only: str, quick: bool) -> list[Scenario]:
    if only:
        chosen = [BY_NAME[name] for name in only.split(",")]
    else:
        chosen = [each for each in SCENARIOS if (each.quick if quick else not each.only_quick)]
    return [*map(shortened, chosen)] if quick else chosen


def _plan(chosen: Sequence[Scenario], seed: int) -> None:
    for scenario in chosen:
        print(f"{scenario.name}: {scenario.about}")
        for number, lane in enumerate(scenario.lanes):
            for pause, word in schedule(lane, scenario.seconds, f"{seed}/{scenario.name}/{number}"):
                print(f"  lane {number}: after {pause:g} s {word}")


async def _all(chosen: Sequence[Scenario], seed: int, keep: bool) -> list[Result]:
    """Scenarios share one stack, except those that need their own disk. SIGTERM ends all started programs."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    results = []
    for own in (None, *Own):
        group = [scenario for scenario in chosen if scenario.own is own]
        if not group:
            continue
        async with AsyncExitStack() as stack:
            disk = await stack.enter_async_context(small_disk(MEGABYTES[own])) if own in MEGABYTES else None
            world = await stack.enter_async_context(running(own, disk))
            for number, scenario in enumerate(group):
                print(f"{scenario.name}: {scenario.about}", flush=True)
                result = await run(world, scenario, seed + number)
                results.append(result)
                _say(result)
                if keep:
                    _write(result)
    return results


def _say(result: Result) -> None:
    for line in result.done:
        print(f"    {line}")
    for broken in result.broken[:20]:
        print(f"  RED {broken.invariant} {broken.where}: {broken.how}")
    for why in result.insufficient:
        print(f"  INSUFFICIENT {why}")
    print(f"  {'RED' if result.red else 'green'}: {result.messages} messages, {result.kills} kills", flush=True)


def _print(results: Sequence[Result], seconds: float) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    counted = [name.replace("_", " ") for name in report.COUNTS]
    for column in ("scenario", *counted, "p99", "gap", "healed in", ""):
        table.add_column(column, justify="left" if column in ("scenario", "") else "right")
    for r in results:
        counts = [getattr(r, name) for name in report.COUNTS]
        seconds_of = (f"{r.p99:.2f} s", f"{r.gap:.1f} s", f"{r.healing:.1f} s")
        table.add_row(r.scenario, *map(str, counts), *seconds_of, "[red]RED[/]" if r.red else "[green]green[/]")
    sums = [sum(getattr(r, name) for r in results) for name in report.COUNTS]
    table.add_row("all", *map(str, sums), "", "", "", "")
    Console(width=140).print(table)
    red = sum(result.red for result in results)
    print(f"{len(results)} runs, {red} red, {seconds / 60:.1f} minutes")


def _write(result: Result) -> None:
    """Puts the result of a scenario in the place of an older one."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    about = {"commit": commit, "machine": machine, "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")}
    scenarios = report.known()["scenarios"] | {result.scenario: {**as_json(result), **about}}
    report.keep("scenarios", {name: scenarios[name] for name in BY_NAME if name in scenarios})


if __name__ == "__main__":
    sys.exit(main())
