"""Webhooks of Twilio, signed, that are accepted durably: how many a second, as a ratio to bare commits.

The bare commits are pgbench's, one row each, on the same PostgreSQL from as many connections. Both go in turn. The channel's
assistant is off, so that no answer is measured; forwarding the messages to core runs in parallel, as always. Twilio's
REST API is the tests' simulator.
"""

import asyncio
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode
from uuid import uuid4

import asyncpg
import psutil
from frontdesk.channel import v1 as channel_pb
from twilio.request_validator import RequestValidator

from bench.__main__ import ROOT, Bench, started
from bench.chats import question
from bench.growth.figures import Figure, limit, ratio
from bench.growth.stores import caught_up, postgres
from bench.growth.wire import Connection, post
from kit import client
from kit.caller import Signer
from stack.ports import free_ports

ORGANIZATION, CHANNEL = "demo", "whatsapp"
ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "bench-auth-token", "+14155238886"
CONNECTIONS = 32
CUSTOMERS = 1_000
MAX_PER_SECOND = 4_000
"""More are not signed in advance."""
ROUNDS, ROUNDS_QUICK = 5, 2
SECONDS, SECONDS_QUICK = 10.0, 4.0
SHOWN = 0.01
"""Of a core: what uses less is left out."""

_TABLE = """
create schema bench;
create table bench.bare (id bigint generated always as identity primary key, organization text, source_id text, body text);
"""
_INSERT = "insert into bench.bare (organization, source_id, body) values ('demo', md5(random()::text), repeat('word ', 16));\n"


def run(quick: bool) -> list[Figure]:
    """Measures the part."""
    (port,) = free_ports(1)
    with started(more={"FRONTDESK_TWILIO_URL": f"http://127.0.0.1:{port}"}) as bench, _twilio(port, _url(bench)):
        return asyncio.run(_measure(bench, quick))


def _url(bench: Bench) -> str:
    return f"http://{bench.gateway}/v1/organizations/{ORGANIZATION}/channels/{CHANNEL}/webhooks:twilio"


@contextmanager
def _twilio(port: int, webhook: str) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.twilio", "--port", str(port), "--webhook", webhook, "--token", TOKEN]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


async def _measure(bench: Bench, quick: bool) -> list[Figure]:
    await _prepare(bench)
    seconds = SECONDS_QUICK if quick else SECONDS
    await _webhooks(bench, seconds / 4)  # to warm up
    pairs, shares, generators = [], [], []
    for _ in range(ROUNDS_QUICK if quick else ROUNDS):
        bare, generator = await _bare_commits(bench, seconds)
        generators.append(generator)
        accepted, share = await _webhooks(bench, seconds)
        shares.append(share)
        pairs.append((bare, accepted))
        print(f"  {bare:.0f} bare commits and {accepted:.0f} webhooks a second", flush=True)
    mean = {name: sum(share[name] for share in shares) / len(shares) for name in shares[0]}
    cause = limit(mean, os.cpu_count() or 1)
    return [
        ratio(f"webhooks accepted durably a second, of bare commits a second; limited by {cause}", pairs),
        *(Figure(f"{name}, cores used during webhooks", mean[name]) for name in sorted(mean) if mean[name] >= SHOWN),
        Figure("pgbench, cores used during bare commits", sum(generators) / len(generators)),
    ]


async def _prepare(bench: Bench) -> None:
    """The channel, and the table of the bare commits."""
    config = channel_pb.TwilioWhatsAppConfig(
        account_sid=ACCOUNT, auth_token=TOKEN, phone_number=NUMBER, webhook_url=_url(bench)
    )
    chat = channel_pb.Channel(
        display_name="WhatsApp",
        kind=channel_pb.CHANNEL_KIND_WHATSAPP_TWILIO,
        whatsapp_twilio=config,
        assistant_off=True,
    )
    request = channel_pb.CreateChannelRequest(
        parent=f"organizations/{ORGANIZATION}", channel=chat, channel_id=CHANNEL, request_id=CHANNEL
    )
    token = Signer.load(bench.home / "keys", "stack").service_token(ORGANIZATION)
    async with client.dial(f"127.0.0.1:{bench.ports.channel}") as channel:
        await client.call(channel_pb.ChannelServiceStub(channel).CreateChannel, request, token=token, timeout=15)
    connection = await asyncpg.connect(postgres(bench).admin_url())
    await connection.execute(_TABLE)
    await connection.close()


async def _bare_commits(bench: Bench, seconds: float) -> tuple[float, float]:
    """Commits a second, and the cores that pgbench used."""
    server = postgres(bench)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_INSERT)
        script.flush()
        options = f"-n -M prepared -c {CONNECTIONS} -j 2 -T {seconds:.0f} -h 127.0.0.1 -p {server.port} -U postgres".split()
        command = [str(server.binaries / "pgbench"), *options, "-f", script.name, "frontdesk"]
        secrets = {"PGPASSWORD": server.home.secret("postgres"), "PGOPTIONS": "-c synchronous_commit=on"}
        before = _children()
        done = await asyncio.to_thread(
            lambda: subprocess.run(command, env={**os.environ, **secrets}, capture_output=True, text=True, check=True)
        )
        used = _children() - before
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found[1]), used / seconds


def _children() -> float:
    """CPU seconds of processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


async def _webhooks(bench: Bench, seconds: float) -> tuple[float, dict[str, float]]:
    """Webhooks that were accepted a second, and the cores that were used meanwhile, by whom. Raises when one is not stored."""
    loop, stored = asyncio.get_running_loop(), await _stored(bench)
    requests = list(_requests(bench, int(seconds * MAX_PER_SECOND)))
    host, _, port = bench.gateway.partition(":")
    connections = [(await loop.create_connection(Connection, host, int(port)))[1] for _ in range(CONNECTIONS)]
    accepted = 0
    waiting = iter(requests)

    async def one(connection: Connection) -> None:
        nonlocal accepted
        for request in waiting:
            if time.perf_counter() > until:
                return
            if (status := await connection.call(request)) != 200:
                raise SystemExit(f"A webhook was answered {status}.")
            accepted += 1

    before, begun = _used(bench), time.perf_counter()
    until = begun + seconds
    await asyncio.gather(*map(one, connections))
    elapsed = time.perf_counter() - begun
    shares = {name: (used - before[name]) / elapsed for name, used in _used(bench).items()}
    for connection in connections:
        connection.close()
    if next(waiting, None) is None:
        raise SystemExit(f"More than {MAX_PER_SECOND} a second: sign more in advance.")
    if (now := await _stored(bench)) - stored != accepted:
        raise SystemExit(f"{accepted} webhooks were accepted, and {now - stored} are stored.")
    await _brought_on(bench)
    return accepted / elapsed, shares


def _used(bench: Bench) -> dict[str, float]:
    """CPU seconds of each program, of this process, and of whatever else this machine does."""
    used = {**bench.usage().cpu, "generator": time.process_time()}
    busy = psutil.cpu_times()
    return used | {"others": busy.user + busy.nice + busy.system + busy.irq + busy.softirq - sum(used.values())}


def _requests(bench: Bench, count: int) -> Iterator[bytes]:
    """Signed webhooks, each a new message of one of many customers."""
    url, validator = _url(bench), RequestValidator(TOKEN)
    for number in range(count):
        sid, customer = f"SM{uuid4().hex}", f"4915{number % CUSTOMERS:09}"
        text, _ = question()
        fields = dict.fromkeys(("MessageSid", "SmsMessageSid", "SmsSid"), sid) | {
            "SmsStatus": "received",
            "AccountSid": ACCOUNT,
            "From": f"whatsapp:+{customer}",
            "To": f"whatsapp:{NUMBER}",
            "WaId": customer,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
        }
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": str(validator.compute_signature(url, fields)),
        }
        yield post(url, headers, urlencode(fields).encode())


async def _stored(bench: Bench) -> int:
    """How many messages of the channel are stored."""
    connection = await asyncpg.connect(postgres(bench).admin_url())
    try:
        return int(await connection.fetchval("select count(*) from channel.inbound where channel = $1", CHANNEL))
    finally:
        await connection.close()


async def _brought_on(bench: Bench) -> None:
    """Waits until core has everything, and those who follow it, so that the next measurement begins at rest."""
    connection = await asyncpg.connect(postgres(bench).admin_url())
    try:
        while await connection.fetchval("select exists (select from channel.inbound where state = 0)"):  # noqa: ASYNC110
            await asyncio.sleep(0.5)
    finally:
        await connection.close()
    await caught_up(bench)
