"""`python -m bench.flood`: what customers of one organization wait for while another is flooded from one address.

All limits are as shipped. Customers of the demo shop ask at a steady rate; meanwhile another organization gets 200 messages a
second from 127.0.0.2, in as many sessions as one address may open. Quiet and flood alternate four times.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections import Counter
from typing import Any

import aiohttp
from frontdesk.admin import v1 as admin_pb
from frontdesk.admin.internal import v1 as internal
from frontdesk.channel import v1 as channel_pb

from bench.__main__ import REAL_PACE, RESULTS, ROOT, Bench, started
from bench.chats import Customers, Results, question
from kit import client
from kit.caller import Signer

ORGANIZATION = "flooded"
CHANNEL = f"organizations/{ORGANIZATION}/channels/webchat"
FLOOD_ADDRESS = "127.0.0.2"
FLOOD_SESSIONS = 100
FLOOD_PER_SECOND = 200
MAX_IN_FLIGHT = 200
CUSTOMERS = 60
QUESTIONS_PER_SECOND = 5.0
"""With answers of 2.3 s, 12 at once: within what one organization may have running."""
QUIET_MS = 1000.0
"""More than that without a flood is another fault, beside which none would show."""
REST_SECONDS = 8.0
"""Between two arms, so that replies of the one are not measured in the other."""


async def prepare(bench: Bench) -> None:
    """Makes the organization that is flooded, with a web chat."""
    operator = Signer.load(bench.home / "keys", "stack")
    owner = internal.CreateOrganizationRequest.Owner(
        email="owner@flooded.example.com", display_name="Owner", password="a-long-enough-password"
    )
    organization = internal.CreateOrganizationRequest(
        organization_id=ORGANIZATION,
        organization=admin_pb.Organization(display_name="Flooded"),
        owner=owner,
        request_id=ORGANIZATION,
    )
    chat = channel_pb.CreateChannelRequest(
        parent=f"organizations/{ORGANIZATION}",
        channel_id="webchat",
        channel=channel_pb.Channel(display_name="Chat", kind=channel_pb.CHANNEL_KIND_WEB_CHAT),
        request_id=ORGANIZATION,
    )
    async with (
        client.dial(f"127.0.0.1:{bench.ports.admin}") as admin,
        client.dial(f"127.0.0.1:{bench.ports.channel}") as channel,
    ):
        create = internal.OrganizationServiceStub(admin).CreateOrganization
        await client.call(create, organization, token=operator.service_token(), timeout=15)
        add = channel_pb.ChannelServiceStub(channel).CreateChannel
        await client.call(add, chat, token=operator.service_token(ORGANIZATION), timeout=15)


async def flood(gateway: str) -> None:
    """The flooding process: opens its sessions, and floods for as many seconds as each line of its input says."""
    connector = aiohttp.TCPConnector(limit=0, local_addr=(FLOOD_ADDRESS, 0))
    async with aiohttp.ClientSession(f"http://{gateway}", connector=connector) as http:
        sessions: list[dict[str, Any]] = []
        while len(sessions) < FLOOD_SESSIONS:
            async with http.post(f"/v1/{CHANNEL}:openSession", json={}) as response:
                if response.status == 200:
                    sessions.append(await response.json())
            await asyncio.sleep(0.12)
        print("ready", flush=True)
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            print(json.dumps(await _flood_once(http, sessions, float(line))), flush=True)


async def _flood_once(http: aiohttp.ClientSession, sessions: list[dict[str, Any]], seconds: float) -> dict[str, int]:
    outcomes: Counter[str] = Counter()
    tasks: set[asyncio.Task[None]] = set()

    async def send(session: dict[str, Any]) -> None:
        text, nonce = question()
        body = {"text": text, "requestId": nonce}
        headers = {"authorization": f"Bearer {session['token']}"}
        try:
            async with http.post(f"/v1/{session['conversation']}:send", json=body, headers=headers) as response:
                outcomes[str(response.status)] += 1
        except (aiohttp.ClientError, TimeoutError) as error:
            outcomes[type(error).__name__] += 1

    start = time.perf_counter()
    for number in range(int(seconds * FLOOD_PER_SECOND)):
        await asyncio.sleep(max(0.0, start + number / FLOOD_PER_SECOND - time.perf_counter()))
        if len(tasks) >= MAX_IN_FLIGHT:
            outcomes["not sent"] += 1
            continue
        task = asyncio.create_task(send(sessions[number % len(sessions)]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    return dict(outcomes)


class Shop:
    """The demo shop's customers, each with an open stream."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers
        self._asking: list[asyncio.Queue[tuple[float, Results] | None]] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Opens the sessions, as fast as the edge lets one address."""
        for _ in range(CUSTOMERS):
            queue: asyncio.Queue[tuple[float, Results] | None] = asyncio.Queue()
            self._asking.append(queue)
            self._tasks.append(asyncio.create_task(self._customer(await self._customers.open(), queue)))
            await asyncio.sleep(0.12)

    async def _customer(self, session: Any, asking: "asyncio.Queue[tuple[float, Results] | None]") -> None:
        async with self._customers.watch(session) as frames:
            while (asked := await asking.get()) is not None:
                _, results = asked
                await self._customers.ask(session, frames, time.perf_counter(), results)
                asking.task_done()

    async def ask(self, questions: int) -> Results:
        """Asks at a steady rate, one customer after the other."""
        results, start = Results(), time.perf_counter()
        for number in range(questions):
            await asyncio.sleep(max(0.0, start + number / QUESTIONS_PER_SECOND - time.perf_counter()))
            self._asking[number % CUSTOMERS].put_nowait((start, results))
        for asking in self._asking:
            await asking.join()
        return results

    async def close(self) -> None:
        """Ends the streams."""
        for asking in self._asking:
            asking.put_nowait(None)
        await asyncio.gather(*self._tasks)


def _arm(kind: str, results: Results, outcomes: dict[str, int]) -> dict[str, Any]:
    first = sorted(results.first_seconds)
    cut = statistics.quantiles(first, n=100)
    return {
        "arm": kind,
        "answers": results.answers,
        "lost": results.lost,
        "wrong": results.wrong,
        "first_p50_ms": round(cut[49] * 1000, 1),
        "first_p95_ms": round(cut[94] * 1000, 1),
        "flood": outcomes,
        "first_ms": [round(each * 1000, 1) for each in first],
    }


async def measure(bench: Bench, questions: int, rounds: int) -> list[dict[str, Any]]:
    """Quiet and flood, alternating."""
    await prepare(bench)
    flooder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.flood", "--flooder", bench.gateway),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert flooder.stdin is not None
    assert flooder.stdout is not None
    customers = Customers(bench.gateway, REAL_PACE["tokens"])
    shop = Shop(customers)
    arms = []
    try:
        await asyncio.gather(shop.open(), flooder.stdout.readline())
        await shop.ask(CUSTOMERS)  # to warm up
        for _ in range(rounds):
            arms.append(_arm("quiet", await shop.ask(questions), {}))
            flooder.stdin.write(f"{questions / QUESTIONS_PER_SECOND + 2}\n".encode())
            await asyncio.sleep(1.0)
            results = await shop.ask(questions)
            arms.append(_arm("flood", results, json.loads(await flooder.stdout.readline())))
            print(*({k: v for k, v in arm.items() if k != "first_ms"} for arm in arms[-2:]), sep="\n", flush=True)
            await asyncio.sleep(REST_SECONDS)
        await shop.close()
    finally:
        flooder.kill()
        await flooder.wait()
        await customers.close()
    return arms


def verdict(arms: list[dict[str, Any]]) -> dict[str, float | bool]:
    """p95 of the first token over all arms of a kind, and whether the flood stayed within 1.5 times or 30 ms."""
    p95 = {
        kind: statistics.quantiles([ms for arm in arms if arm["arm"] == kind for ms in arm["first_ms"]], n=100)[94]
        for kind in ("quiet", "flood")
    }
    ratio, more = p95["flood"] / p95["quiet"], p95["flood"] - p95["quiet"]
    whole = all(arm["lost"] == arm["wrong"] == 0 for arm in arms)
    held = whole and p95["quiet"] <= QUIET_MS and (ratio <= 1.5 or more <= 30)
    return {"quiet_p95_ms": p95["quiet"], "flood_p95_ms": p95["flood"], "ratio": ratio, "held": held}


def main() -> None:
    """Runs the bench and writes `bench/results/flood.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--flooder", metavar="GATEWAY", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.flooder:
        asyncio.run(flood(given.flooder))
        return
    with started(lifted=False) as bench:
        bench.pace(REAL_PACE)
        arms = asyncio.run(measure(bench, given.questions, given.rounds))
    judged = verdict(arms)
    brief = [{key: value for key, value in arm.items() if key != "first_ms"} for arm in arms]
    (RESULTS / "flood.json").write_text(json.dumps({"arms": brief, "verdict": judged}, indent=2) + "\n")
    print(json.dumps(judged, indent=2))


if __name__ == "__main__":
    main()
