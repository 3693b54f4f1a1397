"""Real stores for tests: started once per session when first asked for, on free ports, in a folder that is thrown away.

```python
async def test_keeps_a_conversation(stores: TestStores) -> None:
    async with asyncpg.create_pool(stores.postgres_url("core")) as pool: ...
```
Each call that returns a URL returns an empty store: a new Postgres database with all roles and schemas, a new Redis
database, MongoDB and Chroma wiped. So call it once per test or module, in a fixture, and keep the URL. A test that needs
a service with empty tables, and has them for itself, gets them for a third of the cost from `emptied_urls`.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg
from pymongo import MongoClient

from stack.home import Home
from stack.keys import SERVICES
from stack.ports import free_ports
from stack.process import Process
from stack.stores import Store, chroma, postgres
from stack.stores.chroma import Chroma
from stack.stores.mongo import Mongo
from stack.stores.postgres import Postgres
from stack.stores.valkey import Valkey

TEMPLATE = "frontdesk_template"
REDIS_DATABASES = 512
_EMPTY = """
do $$ declare name regclass; begin
    set local session_replication_role = replica;  -- so that no order of the tables matters
    for name in select oid from pg_class where relkind in ('r', 'p') and relnamespace::regnamespace::text not like 'pg\\_%'
            and relnamespace <> 'information_schema'::regnamespace and relname <> 'migration' loop
        execute format('delete from %s', name);
    end loop;
    for name in select oid from pg_class where relkind = 'r' and relname = 'shard' loop
        execute format('insert into %s (shard) select generate_series(0, 63)', name);  -- as kit/0000_journal.sql
    end loop;
end $$
"""
"""Deletes are cheaper than `truncate` here, as most tables are empty and others have few rows."""
T = TypeVar("T")


class TestStores:
    """The four stores of a test session. Its methods may be called from tests with or without a loop of their own."""

    __test__ = False  # pytest: this is no test class

    def __init__(self) -> None:
        self.home = Home(Path(tempfile.mkdtemp(prefix="frontdesk-test-")))
        self.home.make()
        ports = iter(free_ports(4))
        self.postgres = Postgres(self.home, next(ports), durable=False)
        self.mongo = Mongo(self.home, next(ports))
        self.valkey = Valkey(self.home, next(ports), databases=REDIS_DATABASES)
        self.chroma = Chroma(self.home, next(ports))
        self._running: dict[str, Process] = {}
        self._emptied: dict[tuple[str, ...], dict[str, str]] = {}
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="test stores", daemon=True)
        self._thread.start()

    def postgres_url(self, service: str) -> str:
        """The URL of a service's own role in a new, empty database with every role and schema."""
        return self.postgres_urls(service)[service]

    def postgres_urls(self, *services: str) -> dict[str, str]:
        """As `postgres_url`, for several services in one and the same new database."""
        admin = self.postgres_admin_url()
        return {service: postgres.service_url(admin, self.home, service) for service in services}

    def emptied_urls(self, *services: str) -> dict[str, str]:
        """As `postgres_urls`, but always the same database, without the rows that its last user left.

        Its tables are those that the services made when they used it first. Nothing may use it any more: one test at a time.
        """
        if services not in self._emptied:
            self._emptied[services] = self.postgres_urls(*services)
        urls = self._emptied[services]
        self._run(self._empty(urls))
        return urls

    def postgres_admin_url(self) -> str:
        """The superuser's URL of a new, empty database with every role and schema."""
        self._ensure(self.postgres)
        database = f"test_{next(self._numbers)}"
        self._run(self._create_database(database))
        return self.postgres.admin_url(database)

    def mongo_url(self) -> str:
        """MongoDB without any of our databases; the data of earlier tests is deleted."""
        self._ensure(self.mongo)
        client: MongoClient[dict[str, Any]]
        with MongoClient(self.mongo.url) as client:
            for name in set(client.list_database_names()) - {"admin", "config", "local"}:
                client.drop_database(name)
            self._wipe_admin(client)
        return self.mongo.url

    def redis_url(self) -> str:
        """A Redis database that no earlier test has used (pub/sub is shared by all of them)."""
        self._ensure(self.valkey)
        return self.valkey.url.removesuffix("/0") + f"/{next(self._numbers) % REDIS_DATABASES}"

    def chroma_url(self) -> str:
        """Chroma without collections."""
        self._ensure(self.chroma)
        chroma.wipe(self.chroma.url)
        return self.chroma.url

    def stop(self, name: str) -> None:
        """Stops a store ("postgres", "mongo", "redis" or "chroma") as an outage would; `start` brings it back."""
        self._run(self._running.pop(name).stop())

    def start(self, name: str) -> None:
        """Starts a store again, with its data, on its port."""
        stores: tuple[Store, ...] = (self.postgres, self.mongo, self.valkey, self.chroma)
        self._ensure(next(store for store in stores if store.name == name))

    def close(self) -> None:
        """Stops everything and deletes the folder."""
        for process in self._running.values():
            self._run(process.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        folder = self.postgres.folder.parent if self.postgres.name in self._running else None
        if folder is not None and not folder.is_relative_to(self.home.path):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(self.home.path, ignore_errors=True)

    def _ensure(self, store: Store) -> None:
        if store.name not in self._running:
            self._run(self._start(store))

    async def _start(self, store: Store) -> None:
        await store.prepare()
        process = Process(store.program(), self.home.logs, lambda name, what: print(f"{name}: {what}"))
        await process.start()
        self._running[store.name] = process
        await store.provision()
        if store is self.postgres:
            await postgres.provision(self.postgres.admin_url("postgres"), self.home, TEMPLATE)

    async def _create_database(self, database: str) -> None:
        connection = await asyncpg.connect(self.postgres.admin_url("postgres"))
        try:
            await connection.execute(f'CREATE DATABASE "{database}" TEMPLATE {TEMPLATE} STRATEGY FILE_COPY')
            await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
            for service in SERVICES:  # rights on a database are not copied with it
                await connection.execute(f'GRANT CONNECT ON DATABASE "{database}" TO frontdesk_{service}')
        finally:
            await connection.close()

    async def _empty(self, urls: dict[str, str]) -> None:
        database = urlsplit(next(iter(urls.values()))).path.removeprefix("/")
        connection = await asyncpg.connect(self.postgres.admin_url(database))
        try:
            await connection.execute(_EMPTY)
        finally:
            await connection.close()

    def _wipe_admin(self, client: MongoClient[dict[str, Any]]) -> None:
        """The admin service keeps documents in `admin`, which is MongoDB's own database too: only ours are dropped."""
        for name in client["admin"].list_collection_names():
            if not name.startswith("system."):
                client["admin"].drop_collection(name)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)
