"""Chroma's own server: the one process that owns the vectors' folder."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import urllib.request
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from stack.binaries import package_folder
from stack.home import Home
from stack.process import Program

COMMAND = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; app()"
COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"


@dataclass(frozen=True)
class Chroma:
    """The server; it has no passwords, so it stays on the loopback address."""

    home: Home
    port: int
    name: str = field(default="chroma", init=False)

    @cached_property
    def folder(self) -> Path:
        """The vectors."""
        folder = self.home.data / "chroma"
        folder.mkdir(exist_ok=True)
        return folder

    async def prepare(self) -> None:
        """Checks that it is installed."""
        package_folder("chromadb", self.name)

    def program(self) -> Program:
        """The server as a child process."""
        options = ("run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port))
        return Program(
            name=self.name,
            argv=(sys.executable, "-c", COMMAND, *options),
            check=self.check,
            port=self.port,
            env={"ANONYMIZED_TELEMETRY": "False", "PATH": os.defpath, "HOME": str(self.folder), "NO_COLOR": "1"},
            cwd=self.folder,
        )

    async def check(self) -> None:
        """Raises unless the server answers."""
        await check(self.url)

    async def provision(self) -> None:
        """Nothing to do: the memory service creates a collection per organization."""

    @property
    def url(self) -> str:
        """The URL that the memory service gets."""
        return f"http://127.0.0.1:{self.port}"


async def check(url: str) -> None:
    """Raises unless the server answers its heartbeat."""
    await asyncio.to_thread(_heartbeat, url)


def wipe(url: str) -> None:
    """Deletes every collection: for tests."""
    for collection in json.loads(_call("GET", url, COLLECTIONS)):
        _call("DELETE", url, f"{COLLECTIONS}/{collection['name']}")


def _heartbeat(url: str) -> None:
    _call("GET", url, "/api/v2/heartbeat", timeout=1)


def _call(method: str, url: str, path: str, timeout: float = 10) -> bytes:
    request = urllib.request.Request(url.rstrip("/") + path, method=method)
    with urllib.request.urlopen(request, timeout=timeout) as response:
        content: bytes = response.read()
    return content
