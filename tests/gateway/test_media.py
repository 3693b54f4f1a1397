"""Files through the edge: a real Envoy in front of the real channel service, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from pydantic import SecretStr

from kit import service
from services.channel.main import build
from services.channel.settings import Settings
from stack.ports import free_ports
from tests.gateway.conftest import Answer, Gateway, envoy_command, wait_for

if TYPE_CHECKING:
    from stack.testing import TestStores

MEDIA = "/v1/organizations/shop/media"
ORIGIN = {"origin": "http://localhost:5173"}
SLOW = "idle_timeout: 20s"


@pytest.fixture
async def files(stores: TestStores, servers: Gateway, tmp_path: Path) -> AsyncIterator[Gateway]:
    port, admin, grpc_port, media_port = free_ports(4)
    settings = Settings(
        listen=f"127.0.0.1:{grpc_port}",
        keys_dir=servers.keys.folder,
        postgres_url=SecretStr(stores.postgres_url("channel")),
        redis_url=SecretStr(stores.redis_url()),
        core_url=f"127.0.0.1:{servers.ports['core']}",
        drain_seconds=0,
        media_listen=f"127.0.0.1:{media_port}",
        media_dir=tmp_path / "media",
    )
    environment = {
        **os.environ,
        **{f"FRONTDESK_{name.upper()}_URL": f"127.0.0.1:{p}" for name, p in servers.ports.items()},
        "FRONTDESK_KEYS_DIR": str(servers.keys.folder),
        "FRONTDESK_GATEWAY_PORT": str(port),
        "FRONTDESK_GATEWAY_ADMIN_PORT": str(admin),
        "FRONTDESK_GATEWAY_ACCESS_LOG": str(tmp_path / "access.log"),
        "FRONTDESK_CHANNEL_URL": f"127.0.0.1:{grpc_port}",
        "FRONTDESK_MEDIA_URL": f"127.0.0.1:{media_port}",
    }
    environment.pop("FRONTDESK_OTLP_URL", None)
    async with service.serve(settings, build):
        command = envoy_command(environment, tmp_path)
        quick = (tmp_path / "envoy.yaml").read_text()
        assert SLOW in quick
        (tmp_path / "envoy.yaml").write_text(quick.replace(SLOW, "idle_timeout: 2s"))
        process = await asyncio.to_thread(subprocess.Popen, command, stderr=subprocess.DEVNULL)
        gateway = Gateway(port, admin, servers.keys, tmp_path, servers.ports)
        try:
            await asyncio.to_thread(wait_for, f"{gateway.base}/readyz", [process])
            async with aiohttp.ClientSession(auto_decompress=False) as gateway.http:
                yield gateway
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 60)


async def announce(files: Gateway, size: int, request_id: str = "r1") -> Any:
    body = {"requestId": request_id, "fileName": "März.png", "sizeBytes": str(size)}
    answer = await files.call("POST", MEDIA, body=body)
    assert answer.status == 200, answer.body
    return answer.json


async def send(files: Gateway, data: bytes) -> tuple[str, Answer]:
    """The file's name, and the answer to its upload."""
    announced = await announce(files, len(data))
    uploaded = await files.call("PUT", announced["upload"]["path"], token=None, body=data)
    return announced["media"]["name"], uploaded


async def link(files: Gateway, name: str) -> str:
    linked: Any = (await files.call("POST", f"/v1/{name}:createDownloadLink", body={})).json
    return str(linked["download"]["path"])


async def test_a_file_of_16_mib_goes_through_the_edge_and_back(files: Gateway) -> None:
    data = b"\x89PNG\r\n\x1a\n" + os.urandom((16 << 20) - 8)
    name, uploaded = await send(files, data)
    assert (uploaded.status, uploaded.json["state"], uploaded.json["mediaType"]) == (200, "MEDIA_STATE_READY", "image/png")
    got = await files.call("GET", f"/v1/{name}")
    assert got.json == uploaded.json
    download = await link(files, name)
    whole = await files.call("GET", download, token=None, headers=ORIGIN)
    assert whole.body == data
    assert whole.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cache-control"] == "private, no-transform, max-age=300"
    assert whole.headers["content-disposition"] == "inline; filename=\"Marz.png\"; filename*=UTF-8''M%C3%A4rz.png"
    part = await files.call("GET", download, token=None, headers={"range": "bytes=8-15", "if-range": whole.headers["etag"]})
    assert (part.status, part.body) == (206, data[8:16])
    assert (await files.call("DELETE", f"/v1/{name}")).status == 200
    gone = await files.call("GET", download, token=None)
    assert (gone.status, gone.reason) == (404, "MEDIA_NOT_FOUND")


async def test_errors_have_the_form_of_all_others_and_logs_hold_no_link(files: Gateway) -> None:
    answer = await files.call("GET", "/v1/media/download/SECRET", token=None)
    assert (answer.status, answer.json["code"], answer.reason) == (403, 7, "LINK_INVALID")
    assert answer.headers["cache-control"] == "no-store"
    odd = await files.call("DELETE", "/v1/media/upload/SECRET", token=None)
    assert (odd.status, odd.reason) == (404, "NO_SUCH_METHOD")
    line = await files.logged(lambda line: line["method"] == "DELETE")
    assert (line["path"], line["status"], line["upstream"]) == ("/v1/media/", 404, "media")
    assert "SECRET" not in (files.folder / "access.log").read_text()


async def test_pages_of_allowed_origins_may_upload_and_see_how_far_it_is(files: Gateway) -> None:
    announced = await announce(files, 10)
    path = announced["upload"]["path"]
    asked = {"access-control-request-method": "PUT", "access-control-request-headers": "upload-offset,content-type"}
    preflight = await files.call("OPTIONS", path, token=None, headers=ORIGIN | asked)
    assert preflight.status == 200
    assert "PUT" in preflight.headers["access-control-allow-methods"]
    assert "upload-offset" in preflight.headers["access-control-allow-headers"]
    half = await files.call("PUT", path, token=None, body=b"x" * 5, headers=ORIGIN)
    assert (half.status, half.headers["upload-offset"]) == (204, "5")
    assert half.headers["access-control-allow-origin"] == ORIGIN["origin"]
    exposed = half.headers["access-control-expose-headers"].split(", ")
    assert {"upload-offset", "upload-complete", "etag", "content-range", "content-disposition"} <= set(exposed)
    head = await files.call("HEAD", path, token=None, headers=ORIGIN)
    assert (head.status, head.headers["upload-offset"]) == (204, "5")
    strange = await files.call("OPTIONS", path, token=None, headers={"origin": "https://evil.example"} | asked)
    assert "access-control-allow-origin" not in strange.headers


async def test_a_stalled_body_is_cut_off_and_the_upload_resumes(files: Gateway) -> None:
    announced = await announce(files, 10)
    path = announced["upload"]["path"]

    async def stalls() -> AsyncIterator[bytes]:
        yield b"x" * 5
        await asyncio.Event().wait()

    async with files.http.put(files.base + path, data=stalls()) as answer:
        assert answer.status in (408, 504)
        assert (await answer.json())["details"][0]["reason"] in ("REQUEST_TOO_SLOW", "OUT_OF_TIME")
    async with asyncio.timeout(10):
        rest = await files.call("PUT", path, token=None, body=b"x" * 5, headers={"upload-offset": "5"})
        while rest.status == 409:  # the first one's right to upload ends now
            rest = await files.call("PUT", path, token=None, body=b"x" * 5, headers={"upload-offset": "5"})
    assert rest.json["state"] == "MEDIA_STATE_READY"


async def test_a_body_in_the_form_of_grpc_web_is_bytes_like_any_other(files: Gateway) -> None:
    announced = await announce(files, 4)
    headers = {"content-type": "application/grpc-web-text"}
    answer = await files.call("PUT", announced["upload"]["path"], token=None, body=b"AAAA", headers=headers)
    assert (answer.status, answer.json["mediaType"]) == (200, "text/plain")
