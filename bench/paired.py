"""`python -m bench.paired A [B]`: two versions measured in turn, A B A B, as ratios with their spread.

Each version is checked out into a folder of its own, with its own environment and its own bench process, because contracts may
differ between them; only this file is the same in both. One stack runs at a time. A machine's speed drifts, so each ratio
compares neighbours in time.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

from bench import chats, direct, report
from bench.__main__ import NO_PAUSE, REAL_PACE, RESULTS, ROOT, TOKENS, Bench, measure_load, measure_one, started

FIGURES = {
    "cpu_ms_no_pause": "CPU of services, web, embedder and Envoy an answer, 16 chats without pauses, ms",
    "stores_cpu_ms_no_pause": "CPU of stores an answer, the same chats, ms",
    "cpu_ms_real_pace": "CPU of services, web, embedder and Envoy an answer, 16 chats at real pace, ms",
    "stores_cpu_ms_real_pace": "CPU of stores an answer, the same chats, ms",
    "answers_per_second": "answers a second, 16 chats without pauses",
    "added_first_token_ms": "first token after the direct call's, one chat, p50, ms",
    "added_end_ms": "end of an answer after the direct call's, five turns a second at real pace, p50, ms",
    "pss_mb": "PSS of services, web, embedder and Envoy after the load, MB",
}
STORES = ("postgres", "mongo", "redis", "chroma")


async def measure(bench: Bench, seconds: float) -> dict[str, float]:
    """The figures of the version that runs; raises when an answer was wrong or lost, since its figures would be useless."""
    bench.pace(NO_PAUSE)
    await measure_load(bench, 4, 2.0)  # warms caches, connections and prepared statements
    load = await measure_load(bench, 16, seconds)
    one = await measure_one(bench, int(seconds * 12))
    bench.pace(REAL_PACE)
    real = await measure_load(bench, 16, seconds)
    bare = await direct.open_loop(bench.model, 5.0, TOKENS, seconds)
    customers = chats.Customers(bench.gateway, TOKENS)
    five = await chats.open_loop(customers, 5.0, seconds)
    await customers.close()
    bad = sum(part["wrong"] + part["lost"] for part in (load, one, real)) + five.wrong + five.lost
    if bad:
        raise SystemExit(f"{bad} answers were wrong or lost")
    return {
        "cpu_ms_no_pause": _ours(load["cpu_ms_each"]),
        "stores_cpu_ms_no_pause": _stores(load["cpu_ms_each"]),
        "cpu_ms_real_pace": _ours(real["cpu_ms_each"]),
        "stores_cpu_ms_real_pace": _stores(real["cpu_ms_each"]),
        "answers_per_second": load["answers_per_second"],
        "added_first_token_ms": one["added_first_token_ms"]["p50"],
        "added_end_ms": report.added(five.whole_seconds, bare.whole_seconds)["p50"],
        "pss_mb": _ours(bench.usage(memory=True).pss),
        **{f"{name}_cpu_ms_no_pause": each for name, each in load["cpu_ms_each"].items()},
    }


def _ours(each: Mapping[str, float]) -> float:
    return sum(used for name, used in each.items() if name not in STORES)


def _stores(each: Mapping[str, float]) -> float:
    return sum(used for name, used in each.items() if name in STORES)


def checkout(revision: str, folder: Path) -> tuple[str, Path]:
    """A revision's short hash and its files in a folder of its own, with everything that it needs."""
    named = subprocess.run(
        ["git", "rev-parse", "--short", f"{revision}^{{commit}}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if named.returncode:
        raise SystemExit(f"{revision} is no commit here: {named.stderr.strip()}")
    commit = named.stdout.strip()
    tree = folder / commit
    if not tree.exists():
        subprocess.run(["git", "clone", "--quiet", "--shared", "--no-checkout", str(ROOT), str(tree)], check=True)
        subprocess.run(["git", "checkout", "--quiet", "--detach", commit], cwd=tree, check=True)
    if not (tree / "bench/processes.py").exists():
        raise SystemExit(f"{revision} can't be measured: its bench has not the parts that this one uses.")
    shutil.copy(__file__, tree / "bench/paired.py")
    print(f"Preparing {commit}", flush=True)
    subprocess.run(["make", "--silent", "env", "web"], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    return commit, tree


def run(tree: Path, seconds: float) -> dict[str, float]:
    """Measures one version once, in a process of its own environment."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [str(tree / ".venv/bin/python"), "-m", "bench.paired", "--here", file.name, "--seconds", str(seconds)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("FRONTDESK_", "PYTHONPATH"))}
        subprocess.run(command, cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL)
        found: dict[str, float] = json.loads(Path(file.name).read_text())
        return found


def ratios(pairs: list[tuple[dict[str, float], dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Of each figure the medians of A and B, and the median, least and greatest ratio B / A of the pairs."""
    found = {}
    for name in pairs[0][0]:
        each = [b[name] / a[name] for a, b in pairs if a[name] and name in b]
        if not each:
            continue
        found[name] = {
            "a": statistics.median(a[name] for a, _ in pairs),
            "b": statistics.median(b.get(name, 0.0) for _, b in pairs),
            "ratio": statistics.median(each),
            "least": min(each),
            "greatest": max(each),
        }
    return found


def table(result: dict[str, dict[str, float]]) -> str:
    """The ratios for a person."""
    lines = ["ratio  least–greatest        A        B  what"]
    for name, row in result.items():
        what = FIGURES.get(name, name)
        lines.append(
            f"{row['ratio']:5.2f}  {row['least']:5.2f}–{row['greatest']:<8.2f} {row['a']:8.1f} {row['b']:8.1f}  {what}"
        )
    return "\n".join(lines)


def main() -> None:
    """Compares two versions, or measures this one for the process that compares."""
    parser = argparse.ArgumentParser(prog="python -m bench.paired", description=__doc__)
    parser.add_argument("a", nargs="?", help="the commit or tag to compare with")
    parser.add_argument("b", nargs="?", default="HEAD", help="the commit to judge (HEAD)")
    parser.add_argument("--rounds", type=int, default=4, help="how often each is measured (4; about 2 minutes each)")
    parser.add_argument("--seconds", type=float, default=12.0, help="how long each part of a measurement takes (12)")
    parser.add_argument("--folder", help="where the checkouts are, and stay for the next comparison (a temporary folder)")
    parser.add_argument("--here", metavar="FILE", help="measure this checkout once and write the figures as JSON")
    options = parser.parse_args()
    if options.here:
        with started() as bench:
            Path(options.here).write_text(json.dumps(asyncio.run(measure(bench, options.seconds))))
        return
    if not options.a:
        parser.error("name the commit to compare with")
    kept = nullcontext(options.folder) if options.folder else tempfile.TemporaryDirectory(prefix="frontdesk-paired-")
    with kept as folder:
        (a, first), (b, second) = checkout(options.a, Path(folder)), checkout(options.b, Path(folder))
        pairs = []
        for number in range(1, options.rounds + 1):
            pairs.append((run(first, options.seconds), run(second, options.seconds)))
            print(f"Round {number} of {options.rounds}: {json.dumps(report.rounded(pairs[-1]))}", flush=True)
    found = ratios(pairs)
    print(f"\nA is {a}, B is {b}; {options.rounds} rounds, {report.cpu_name()}, {os.cpu_count()} cores\n\n{table(found)}")
    RESULTS.mkdir(exist_ok=True)
    results = {
        "command": f"python -m bench.paired {options.a} {options.b} --rounds {options.rounds} --seconds {options.seconds:g}",
        "commits": {"a": a, "b": b},
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {"cpu": report.cpu_name(), "cores": os.cpu_count()},
        "figures": found,
    }
    (RESULTS / "paired.json").write_text(json.dumps(report.rounded(results), indent=2) + "\n")


if __name__ == "__main__":
    main()
