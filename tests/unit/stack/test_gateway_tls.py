"""`frontdesk import --gateway https://…` and a real server with TLS: the API key goes to no one else."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from frontdesk.admin import v1 as pb

from stack.gateways import CA
from stack.imports.access import API_KEY, connected
from stack.problems import Problem
from stack.settings import Settings
from tests.smtp.certificates import Authority

pytestmark = pytest.mark.asyncio


class Edge(pb.AuthServiceServicer):
    """A gateway that only exchanges API keys."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder / "ours")
        self.authority.server("127.0.0.1")
        pem = (folder / "ours" / "127.0.0.1.pem").read_bytes()
        self.server = grpc.aio.server()
        pb.add_AuthServiceServicer_to_server(self, self.server)
        credentials = grpc.ssl_server_credentials([(pem, pem)])
        self.port = self.server.add_secure_port("127.0.0.1:0", credentials)
        self.keys: list[str] = []

    async def ExchangeApiKey(self, request: pb.ExchangeApiKeyRequest, context: Any) -> pb.ExchangeApiKeyResponse:
        self.keys.append(request.api_key)
        return pb.ExchangeApiKeyResponse(access_token="token")


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    edge = Edge(tmp_path)
    await edge.server.start()
    yield edge
    await edge.server.stop(None)


async def token(home: Path, url: str, authorities: Path | None = None) -> str:
    environment = {"FRONTDESK_HOME": str(home), API_KEY: "fd_secret"} | ({CA: str(authorities)} if authorities else {})
    options = argparse.Namespace(gateway=url, organization="acme", plain_http=False)
    async with connected(Settings.load(environment), options) as access:
        return await access.token()


async def test_https_is_really_encrypted_and_checked_against_the_named_authority(edge: Edge, tmp_path: Path) -> None:
    assert await token(tmp_path, f"https://127.0.0.1:{edge.port}", edge.authority.path) == "token"
    assert edge.keys == ["fd_secret"]


async def test_a_certificate_of_an_unknown_authority_or_for_another_name_gets_no_key(edge: Edge, tmp_path: Path) -> None:
    other = Authority(tmp_path / "theirs").path
    for url, authorities in (
        (f"https://127.0.0.1:{edge.port}", None),
        (f"https://127.0.0.1:{edge.port}", other),
        (f"https://localhost:{edge.port}", edge.authority.path),
        (f"http://127.0.0.1:{edge.port}", edge.authority.path),
    ):
        with pytest.raises(Problem, match=f"no Frontdesk answers at {url}.*{CA}"):
            await token(tmp_path, url, authorities)
    assert edge.keys == []
