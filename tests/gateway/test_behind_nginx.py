"""Streams through an nginx with its default buffering: each frame comes when it is sent.

nginx forwards the chunks of an HTTP/1.1 answer early even where it ignores `x-accel-buffering`, so this does not show what the
header does; `test_forms.py` holds that it is sent, for proxies that wait for a full buffer.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from stack.ports import free_ports
from tests.gateway.conftest import Gateway

CONVERSATION = "/v1/organizations/shop/conversations/c1"
STEPPED = "/v1/organizations/shop/conversations/stepped"
CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{gateway};
            proxy_http_version 1.1;
        }}
    }}
}}
"""


def nginx() -> str:
    """The system's nginx. Where there is none the tests are skipped, but not in CI."""
    if found := shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"):
        return found
    missing = "The tests behind a proxy need nginx: apt-get install -y nginx-light"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@asynccontextmanager
async def proxy(gateway: Gateway, folder: Path) -> AsyncIterator[str]:
    """The address of an nginx in front of the gateway."""
    (port,) = free_ports(1)
    configuration = CONFIGURATION.format(folder=folder, port=port, gateway=gateway.port)
    (folder / "nginx.conf").write_text(configuration)
    process = await asyncio.create_subprocess_exec(nginx(), "-c", str(folder / "nginx.conf"), "-p", str(folder))
    try:
        async with asyncio.timeout(20):
            while not await answers(port):
                assert process.returncode is None, (folder / "error.log").read_text()
                await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


async def step(gateway: Gateway) -> None:
    """Lets the server send its next frame."""
    await gateway.call("POST", f"{CONVERSATION}:tag", body={"addTags": ["go-on"]})


async def until(response: aiohttp.ClientResponse, word: bytes, seconds: float = 20) -> None:
    """Reads on until a word has come."""
    async with asyncio.timeout(seconds):
        while word not in await response.content.readline():
            pass


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
async def test_a_frame_passes_a_proxy_that_buffers_when_it_is_sent(gateway: Gateway, tmp_path: Path, accept: str) -> None:
    headers = {"authorization": gateway.user(), "accept": accept}
    async with proxy(gateway, tmp_path) as address, gateway.http.get(f"{address}{STEPPED}:watch", headers=headers) as response:
        for word in (b"one", b"two", b"three"):
            await until(response, word)  # the server sends the next frame only after the step
            await step(gateway)
