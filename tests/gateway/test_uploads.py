"""Files for the knowledge through the edge: a real Envoy in front of the real memory service, on real stores."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from pydantic import SecretStr

from kit import service
from services.memory.domain.uploads import MAX_UPLOAD_BYTES
from services.memory.main import build
from services.memory.settings import Settings
from stack.ports import free_ports
from tests.gateway.conftest import TIMEOUT_SECONDS, Gateway, envoy_command, wait_for

if TYPE_CHECKING:
    from stack.testing import TestStores

UPLOADS = "/v1/organizations/shop/uploads"
PDF = {"content-type": "application/pdf"}


@pytest.fixture
async def knowledge(stores: TestStores, servers: Gateway, tmp_path: Path) -> AsyncIterator[Gateway]:
    port, admin, grpc_port = free_ports(3)
    settings = Settings(
        listen=f"127.0.0.1:{grpc_port}",
        keys_dir=servers.keys.folder,
        postgres_url=SecretStr(stores.postgres_url("memory")),
        mongo_url=SecretStr(stores.mongo_url()),
        chroma_url=stores.chroma_url(),
        embeddings_url="http://127.0.0.1:9/v1",
        index_workers=0,
        drain_seconds=0,
    )
    environment = {
        **os.environ,
        **{f"FRONTDESK_{name.upper()}_URL": f"127.0.0.1:{p}" for name, p in servers.ports.items()},
        "FRONTDESK_KEYS_DIR": str(servers.keys.folder),
        "FRONTDESK_GATEWAY_PORT": str(port),
        "FRONTDESK_GATEWAY_ADMIN_PORT": str(admin),
        "FRONTDESK_GATEWAY_ACCESS_LOG": str(tmp_path / "access.log"),
        "FRONTDESK_MEMORY_URL": f"127.0.0.1:{grpc_port}",
    }
    environment.pop("FRONTDESK_OTLP_URL", None)
    async with service.serve(settings, build):
        process = await asyncio.to_thread(subprocess.Popen, envoy_command(environment, tmp_path), stderr=subprocess.DEVNULL)
        gateway = Gateway(port, admin, servers.keys, tmp_path, servers.ports)
        try:
            await asyncio.to_thread(wait_for, f"{gateway.base}/readyz", [process])
            async with aiohttp.ClientSession() as gateway.http:
                yield gateway
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 60)


async def test_a_file_of_16_mib_is_uploaded_via_rest_and_becomes_a_document(knowledge: Gateway) -> None:
    data = b"%PDF-1.4\n" + os.urandom(MAX_UPLOAD_BYTES - 9)
    digest = urlsafe_b64encode(hashlib.sha256(data).digest()).decode()
    query = f"?fileName=manual.pdf&sizeBytes={len(data)}&sha256={digest}"
    uploaded = await knowledge.call("POST", UPLOADS + query, body=data, headers=PDF)
    assert (uploaded.status, uploaded.json["mediaType"]) == (200, "application/pdf"), uploaded.body
    body = {"file": {"upload": uploaded.json["upload"]}}
    made = await knowledge.call("POST", "/v1/organizations/shop/documents?requestId=r1", body=body)
    assert (made.status, made.json["sizeBytes"]) == (200, str(MAX_UPLOAD_BYTES)), made.body
    assert made.json["file"] == {"mediaType": "application/pdf", "fileName": "manual.pdf", "upload": ""}
    over = await knowledge.call("POST", UPLOADS, body=data + b".", headers=PDF)
    assert (over.status, over.reason) == (400, "DOCUMENT_TOO_LARGE")


async def test_an_upload_may_take_longer_than_a_call_and_come_in_any_pieces(knowledge: Gateway) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        yield b"# Returns\n\n"
        end = asyncio.get_running_loop().time() + 1.5 * TIMEOUT_SECONDS
        while asyncio.get_running_loop().time() < end:
            yield b"W"
            await asyncio.sleep(0.02)
        yield b"ithin 60 days.\n" * 30_000

    headers = {"authorization": knowledge.user(), "content-type": "text/markdown"}
    async with knowledge.http.post(knowledge.base + UPLOADS, data=slowly(), headers=headers) as response:
        answer = await response.json()
        assert (response.status, answer["mediaType"], int(answer["sizeBytes"]) > 450_000) == (200, "text/markdown", True), (
            answer
        )


async def test_only_those_who_may_create_documents_upload_and_only_to_their_organization(knowledge: Gateway) -> None:
    assert (await knowledge.call("POST", UPLOADS, token=None, body=b"x")).status == 401
    reader = f"Bearer {knowledge.keys.user_token('shop', ['memory.documents.read'])}"
    refused = await knowledge.call("POST", UPLOADS, token=reader, body=b"x")
    assert (refused.status, refused.reason) == (403, "PERMISSION_MISSING")
    other = await knowledge.call("POST", UPLOADS.replace("shop", "other"), body=b"x")
    assert (other.status, other.reason) == (403, "ORGANIZATION_MISMATCH")
