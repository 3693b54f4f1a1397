"""CPU and memory of the stack's processes."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import psutil

OURS = ("gateway", "channel", "core", "memory", "agent", "admin", "web")
BESIDE = ("embedder", "postgres", "mongo", "redis", "chroma")


@dataclass(frozen=True)
class Usage:
    """Of each program: CPU seconds since its start, and megabytes of memory."""

    cpu: Mapping[str, float]
    pss: Mapping[str, float]
    """Proportional set size: a page that several processes share counts once in all."""
    rss: Mapping[str, float]
    """Resident set size: such a page counts in each."""


def usage(programs: Mapping[str, int], memory: bool = False) -> Usage:
    """The usage of the programs (name → process id) and their children until now."""
    cpu, pss, rss = dict[str, float](), dict[str, float](), dict[str, float]()
    for name, pid in programs.items():
        process = psutil.Process(pid)
        cpu[name] = pss[name] = rss[name] = 0.0
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):  # a backend of PostgreSQL may end meanwhile: its parent has its CPU time then
                cpu[name] += sum(each.cpu_times()[:4])
                if memory:
                    maps = each.memory_full_info()
                    pss[name] += maps.pss / 2**20
                    rss[name] += maps.rss / 2**20
    return Usage(cpu, pss, rss)


def milliseconds_each(before: Usage, after: Usage, count: int) -> dict[str, float]:
    """CPU milliseconds of each program for one of `count`."""
    return {name: (after.cpu[name] - before.cpu[name]) * 1000 / max(count, 1) for name in before.cpu}


def ours(values: Mapping[str, float]) -> float:
    """The sum over Frontdesk's own processes and Envoy."""
    return sum(values.get(name, 0.0) for name in OURS)


def beside(values: Mapping[str, float]) -> float:
    """The sum over the stores and the local embedding."""
    return sum(values.get(name, 0.0) for name in BESIDE)
