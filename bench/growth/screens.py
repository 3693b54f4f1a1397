"""200 open agents' screens of one organization, at 100 customers' messages a second in conversations that wait for an agent.

Every screen shows every message, since any agent may accept a waiting customer. The screens are in a separate process
(`viewers`); they watch, and send no heartbeats. Their tokens are signed here as admin signs them: signing in is not measured.
"""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, Process

import grpc
import msgspec
from frontdesk.channel import v1 as channel_pb

from bench import chats, report
from bench.__main__ import ROOT, TOKENS, Bench, started
from bench.growth.figures import BUSY, Figure
from bench.growth.stores import caught_up
from bench.growth.viewers import Load, Seen, Sent
from kit.caller import Signer

ORGANIZATION = chats.CHANNEL.split("/")[1]
SCREENS = 200
CUSTOMERS = 100
PER_SECOND = 100
SECONDS, SECONDS_QUICK = 30.0, 5.0
MAX_P99_MS = 500.0
MAX_FRAMES_PER_SECOND = 5.0
MAX_BEHIND = 0.05
"""Of the pace: with more, less was asked than should be."""
MAX_ANSWER_BYTES = 1 << 28


def run(quick: bool) -> list[Figure]:
    """Measures the part."""
    with started() as bench:
        return asyncio.run(_measure(bench, SECONDS_QUICK if quick else SECONDS))


async def _measure(bench: Bench, seconds: float) -> list[Figure]:
    customers = chats.Customers(bench.gateway, TOKENS)
    try:
        sessions = await _waiting(bench, customers)
        viewers = await _viewers(bench)
        before, used, began = bench.usage(), time.process_time(), time.perf_counter()
        sent = await _send(customers, sessions, seconds)
        sending, cores = time.perf_counter() - began, (time.process_time() - used) / (time.perf_counter() - began)
        seen = await _seen(viewers, sent)
        elapsed = time.perf_counter() - began
        after = bench.usage()
    finally:
        await customers.close()
    agent = after.cpu["agent"] - before.cpu["agent"]
    p = report.percentiles([ms / 1000 for ms in seen.waited_ms])
    return [
        Figure("a message on a screen after its acknowledgement, p99, ms", p["p99"], MAX_P99_MS),
        Figure("a message on a screen after its acknowledgement, p50, ms", p["p50"]),
        Figure("frames a second and screen", seen.frames_per_second, MAX_FRAMES_PER_SECOND),
        Figure("messages that a screen never showed", seen.lost, 0),
        Figure("streams that could not be resumed", seen.expired, 0),
        Figure("messages that a screen showed by a later one alone", seen.skipped),
        Figure("streams that ended early and were resumed", seen.resumed),
        Figure("pace of messages that was not reached, part of it", 1 - len(sent) / sending / PER_SECOND, MAX_BEHIND),
        Figure("agent, CPU a message, ms", agent * 1000 / len(sent)),
        Figure("agent, cores used until all was shown", agent / elapsed),
        Figure("gateway, cores used until all was shown", (after.cpu["gateway"] - before.cpu["gateway"]) / elapsed),
        Figure("the load generator's screens, cores used", seen.cores, BUSY),
        Figure("the load generator's customers, cores used", cores, BUSY),
    ]


async def _waiting(bench: Bench, customers: chats.Customers) -> list[chats.Session]:
    """Sessions of customers who have asked for a human and are in the queue."""
    sessions = [await customers.open() for _ in range(CUSTOMERS)]
    async with grpc.aio.insecure_channel(bench.gateway) as channel:
        web = channel_pb.WebChatServiceStub(channel)
        for session in sessions:
            await web.RequestHuman(
                channel_pb.RequestHumanRequest(conversation=session.conversation), metadata=session.metadata, timeout=15
            )
    await caught_up(bench)
    return sessions


async def _viewers(bench: Bench) -> Process:
    """The process with the screens, all open."""
    signer = Signer.load(bench.home / "keys" / "admin", "admin")
    tokens = [
        signer.sign(f"users/screen-{number:03}", ORGANIZATION, ["*"], name=f"Agent {number}") for number in range(SCREENS)
    ]
    viewers = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.growth.viewers"), cwd=ROOT, stdin=PIPE, stdout=PIPE, limit=MAX_ANSWER_BYTES
    )
    await _write_line(viewers, Load(bench.gateway, ORGANIZATION, tokens))
    assert viewers.stdout is not None
    if await viewers.stdout.readline() != b"open\n":
        raise SystemExit("The screens did not open.")
    return viewers


async def _write_line(viewers: Process, line: object) -> None:
    assert viewers.stdin is not None
    viewers.stdin.write(msgspec.json.encode(line) + b"\n")
    await viewers.stdin.drain()


async def _send(customers: chats.Customers, sessions: list[chats.Session], seconds: float) -> list[Sent]:
    """Sends at a steady pace, whatever has been acknowledged, one customer after the other; what was acknowledged, in order."""
    sent: list[Sent] = []
    turns = [asyncio.Lock() for _ in sessions]
    start = time.perf_counter()

    async def send(number: int) -> None:
        session, (text, nonce) = sessions[number % CUSTOMERS], chats.question()
        async with turns[number % CUSTOMERS]:
            await customers.send(session, text, nonce)
            sent.append(Sent(session.conversation, text, time.perf_counter()))

    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds * PER_SECOND)):
            await asyncio.sleep(max(0.0, start + number / PER_SECOND - time.perf_counter()))
            group.create_task(send(number))
    return sent


async def _seen(viewers: Process, sent: list[Sent]) -> Seen:
    """The screens' results."""
    await _write_line(viewers, sent)
    assert viewers.stdout is not None
    seen = msgspec.json.decode(await viewers.stdout.readline(), type=Seen)
    await viewers.wait()
    return seen
