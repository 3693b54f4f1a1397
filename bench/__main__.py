"""`make bench`: boots the whole stack with a test model, measures it against the direct call, prints and writes the result."""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import grpc
from frontdesk.channel.v1 import RequestHumanRequest, WebChatServiceStub

from bench import chats, direct, report
from bench.processes import Usage, beside, milliseconds_each, ours, usage
from gateway.render import rate_limits
from stack.ports import Ports, free_ports

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench" / "results"
TOKENS = 100
REAL_PACE = {"first": 300, "tokens": TOKENS, "gap": 20}
NO_PAUSE = {"first": 0, "tokens": TOKENS, "gap": 0}
REST_SECONDS = 0.02
"""A processor's rest between two pieces of an answer: many slow down in less."""
UNLIMITED = "1000000"
NOTHING: Mapping[str, str] = MappingProxyType({})


class Bench:
    """The running stack, the model and the echo server."""

    def __init__(self, home: Path, ports: Ports, model_port: int, echo_port: int, environment: Mapping[str, str]) -> None:
        self.home = home
        self.ports = ports
        self.environment = environment
        self.gateway = f"127.0.0.1:{ports.gateway}"
        self.model = f"http://127.0.0.1:{model_port}/v1"
        self.echo = f"127.0.0.1:{echo_port}"

    def programs(self) -> dict[str, int]:
        """Process ids by name, from the supervisor."""
        state = json.loads((self.home / "run" / "state.json").read_text())
        return {each["name"]: each["pid"] for each in state["programs"] if each["pid"]}

    def usage(self, memory: bool = False) -> Usage:
        """The stack's usage until now."""
        return usage(self.programs(), memory)

    def pace(self, pace: dict[str, int]) -> None:
        """Sets the model's pace."""
        request = urllib.request.Request(f"{self.model}/pace", data=json.dumps(pace).encode())
        urllib.request.urlopen(request).close()


def limits_lifted() -> dict[str, str]:
    """Settings without any limit on customers: all come from one address."""
    minutes = {f"FRONTDESK_{name}_PER_MINUTE": UNLIMITED for name in ("SESSIONS", "REFRESHES", "MESSAGES", "TYPING")}
    minutes["FRONTDESK_MAX_TURNS_PER_ORGANIZATION"] = "200"
    return minutes | dict.fromkeys(rate_limits(), UNLIMITED)


@contextmanager
def started(lifted: bool = True, more: Mapping[str, str] = NOTHING) -> Iterator[Bench]:
    """The whole stack on free ports; with all limits on customers `lifted`, because all come from one address here.

    `more`: further `FRONTDESK_*` settings.
    """
    ports = Ports.free()
    model_port, echo_port = free_ports(2)
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        home = Path(folder) / "home"
        environment = {
            **os.environ,
            "FRONTDESK_HOME": str(home),
            "FRONTDESK_OPENAI_BASE_URL": f"http://127.0.0.1:{model_port}/v1",
            "FRONTDESK_OPENAI_JUDGE_SECONDS": "0",
            "FRONTDESK_OPENAI_SUMMARY_SECONDS": "0",
            "FRONTDESK_OPENAI_QUERY_SECONDS": "0",
            "FRONTDESK_ASSISTANT": "openai",
            "FRONTDESK_BUDGET_MONEY": "0",
            **(limits_lifted() if lifted else {}),
            **{f"FRONTDESK_{name.upper()}_PORT": str(port) for name, port in ports.model_dump().items()},
            **more,
        }
        children = [
            subprocess.Popen([sys.executable, "-m", "bench.model", str(model_port)], cwd=ROOT),
            subprocess.Popen([sys.executable, "-m", "bench.direct", str(echo_port)], cwd=ROOT),
        ]
        try:
            subprocess.run([sys.executable, "-m", "stack", "up", "-d"], cwd=ROOT, env=environment, check=True)
            yield Bench(home, ports, model_port, echo_port, environment)
        finally:
            # Not `down` alone: started as root, PostgreSQL's data is outside of the folder.
            subprocess.run([sys.executable, "-m", "stack", "clean-data", "--yes"], cwd=ROOT, env=environment, check=False)
            for child in children:
                child.terminate()
                child.wait()


async def measure_echo(bench: Bench) -> dict[str, float]:
    """The bare echo: what gRPC in Python does here at most, and what a call costs a processor that has just rested."""
    rate, p50_at_16 = await direct.echo_calls(bench.echo, 16, 2.0)
    _, p50 = await direct.echo_calls(bench.echo, 1, 2.0)
    _, rested = await direct.echo_calls(bench.echo, 1, 3.0, REST_SECONDS)
    return {"calls_per_second": rate, "p50_ms_at_16": p50_at_16, "p50_ms_at_1": p50, "p50_ms_after_rest": rested}


async def measure_load(bench: Bench, count: int, seconds: float) -> dict[str, Any]:
    """`count` chats at once, the direct call first and then the stack, in the same minute."""
    bare = await direct.closed_loop(bench.model, count, TOKENS, seconds / 2)
    customers = chats.Customers(bench.gateway, TOKENS)
    before, started = bench.usage(), time.perf_counter()
    results = await chats.closed_loop(customers, count, seconds)
    elapsed = time.perf_counter() - started
    each = milliseconds_each(before, bench.usage(), results.answers)
    await customers.close()
    direct_rate = bare.answers / max((bare.whole_seconds and sum(bare.whole_seconds) / count) or 1, 1e-9)
    return {
        "chats": count,
        "answers_per_second": results.answers / elapsed,
        "direct_per_second": direct_rate,
        "ratio": results.answers / elapsed / direct_rate,
        "first_token_ms": report.percentiles(results.first_seconds),
        "direct_first_token_ms": report.percentiles(bare.first_seconds),
        "cpu_ms": ours(each),
        "cpu_ms_beside": beside(each),
        "cpu_ms_each": each,
        "frames_per_answer": results.frames / max(results.answers, 1),
        "wrong": results.wrong + bare.wrong,
        "lost": results.lost + bare.lost,
    }


async def measure_pace(bench: Bench, per_second: float, seconds: float) -> dict[str, Any]:
    """Turns that begin at a steady rate, at a model's real pace."""
    bare = await direct.open_loop(bench.model, per_second, TOKENS, seconds / 2)
    customers = chats.Customers(bench.gateway, TOKENS)
    before = bench.usage()
    results = await chats.open_loop(customers, per_second, seconds)
    each = milliseconds_each(before, bench.usage(), results.answers)
    await customers.close()
    return {
        "per_second": per_second,
        "first_token_ms": report.percentiles(results.first_seconds),
        "direct_first_token_ms": report.percentiles(bare.first_seconds),
        "added_first_token_ms": report.added(results.first_seconds, bare.first_seconds),
        "cpu_ms": ours(each),
        "cpu_ms_beside": beside(each),
        "frames_per_answer": results.frames / max(results.answers, 1),
        "wrong": results.wrong,
        "lost": results.lost,
    }


async def measure_one(bench: Bench, questions: int) -> dict[str, Any]:
    """One chat, one question after the other: what the stack adds to the first token."""
    bare = await direct.closed_loop(bench.model, 1, TOKENS, 2.0)
    customers = chats.Customers(bench.gateway, TOKENS, connections=1)
    results = chats.Results()
    await customers.chat(questions, results)
    await customers.close()
    return {
        "first_token_ms": report.percentiles(results.first_seconds[1:]),
        "direct_first_token_ms": report.percentiles(bare.first_seconds),
        "added_first_token_ms": report.added(results.first_seconds[1:], bare.first_seconds),
        "wrong": results.wrong,
        "lost": results.lost,
    }


async def measure_journal(bench: Bench, sessions: int, seconds: float) -> dict[str, Any]:
    """Messages that no assistant answers, because a human was asked for: into the journal and acknowledged."""
    customers = chats.Customers(bench.gateway, TOKENS)
    opened = [await customers.open() for _ in range(sessions)]
    async with grpc.aio.insecure_channel(bench.gateway) as channel:
        web = WebChatServiceStub(channel)
        for session in opened:
            await web.RequestHuman(RequestHumanRequest(conversation=session.conversation), metadata=session.metadata)
    sent = 0
    started = time.perf_counter()

    async def one(session: chats.Session) -> None:
        nonlocal sent
        while time.perf_counter() < started + seconds:
            text, nonce = chats.question()
            await customers.send(session, text, nonce)
            sent += 1

    before = bench.usage()
    await asyncio.gather(*(one(session) for session in opened))
    elapsed = time.perf_counter() - started
    each = milliseconds_each(before, bench.usage(), sent)
    await customers.close()
    return {"messages_per_second": sent / elapsed, "cpu_ms": ours(each), "cpu_ms_beside": beside(each)}


async def measure_watchers(bench: Bench, count: int) -> dict[str, Any]:
    """Idle watchers, each of its own conversation."""
    customers = chats.Customers(bench.gateway, TOKENS, connections=max(1, count // 90))
    opened = [await customers.open() for _ in range(count)]
    before = bench.usage(memory=True)
    calls = [customers.watch(session) for session in opened]
    for call in calls:
        await call.__aenter__()
    await asyncio.sleep(3.0)
    after = bench.usage(memory=True)
    idle = bench.usage()
    await asyncio.sleep(5.0)
    busy = bench.usage()
    for call in calls:
        await call.__aexit__(None, None, None)
    await customers.close()
    return {
        "watchers": count,
        "core_kb_each": (after.rss["core"] - before.rss["core"]) * 1024 / count,
        "gateway_kb_each": (after.rss["gateway"] - before.rss["gateway"]) * 1024 / count,
        "core_cpu_percent": (busy.cpu["core"] - idle.cpu["core"]) / 5 * 100,
    }


async def measure(bench: Bench, quick: bool) -> dict[str, Any]:
    """Everything, one after the other."""
    seconds = 4.0 if quick else 12.0
    memory = bench.usage(memory=True)
    bench.pace(NO_PAUSE)
    await measure_load(bench, 4, 2.0)  # warms caches, connections and prepared statements
    result: dict[str, Any] = {"echo": await measure_echo(bench)}
    result["one_chat"] = await measure_one(bench, 100 if quick else 300)
    result["no_pause"] = [await measure_load(bench, count, seconds) for count in (1, 16, 64)]
    bench.pace(REAL_PACE)
    result["real_pace"] = [await measure_load(bench, count, max(seconds, 8.0)) for count in (1, 16, 64)]
    result["five_a_second"] = await measure_pace(bench, 5.0, 12.0 if quick else 30.0)
    bench.pace(NO_PAUSE)
    result["journal"] = await measure_journal(bench, 16, seconds / 2)
    after = bench.usage(memory=True)
    result["memory_mb"] = {
        "start": {"ours_pss": ours(memory.pss), "ours_rss": ours(memory.rss)},
        "after_load": {"ours_pss": ours(after.pss), "ours_rss": ours(after.rss)},
        "each_pss": dict(after.pss),
        "each_rss": dict(after.rss),
    }
    result["watchers"] = await measure_watchers(bench, 500 if quick else 1000)
    return result


def main() -> None:
    """Runs the bench."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter runs, for a look while working; writes nothing")
    quick = parser.parse_args().quick
    with started() as bench:
        result = asyncio.run(measure(bench, quick))
    result["machine"] = {"cpu": report.cpu_name(), "cores": os.cpu_count(), "python": platform.python_version()}
    result["date"] = datetime.now(UTC).date().isoformat()
    result["command"] = "make bench"
    print(report.table(result))
    if not quick:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "latest.json").write_text(json.dumps(report.rounded(result), indent=2) + "\n")


if __name__ == "__main__":
    main()
