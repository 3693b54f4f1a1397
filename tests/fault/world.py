"""The running stack, with a proxy on every connection; `boot` starts it, `words` has the actions on it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import psutil
from redis.asyncio import Redis

from kit.caller import Signer
from stack import state
from stack.home import Home
from stack.process import Process
from stack.stores.valkey import Valkey
from stack.testing_stack import TestStack
from tests.fault.proxy import Proxy

LEASE_SECONDS = 2.0
ORGANIZATIONS = ("red", "blue")
STORES = ("postgres", "mongo", "redis", "chroma")
SERVICES = ("core", "core-2", "channel", "channel-2", "memory", "agent", "admin")
EDGES = (*STORES, "core", "core-2", "channel", "channel-2", "memory", "model", "twilio")
MEMORY_BOUNDS = {"postgres": 600.0, "mongo": 700.0, "chroma": 400.0, "gateway": 300.0}
"""Megabytes (PSS: a page that processes share counts once in all) of programs that may use more than others."""
MAX_MEMORY = 250.0
CALM = {"chances": {}, "webhooks_lost": False, "webhook_copies": 1, "status_copies": 1, "statuses_shuffled": False}
"""A Twilio without faults."""
ENDS_WITHIN = 15.0
"""How long a program may take to end when asked: it drains for 5 s here."""


@dataclass
class World:
    """Everything that runs."""

    folder: Path
    home: Home
    stores: dict[str, Process]
    proxies: dict[str, Proxy]
    stack: TestStack
    model_port: int
    twilio_port: int
    memory: dict[str, float] = field(default_factory=dict)
    kills: int = 0
    kills_in_turns: int = 0
    said: list[str] = field(default_factory=list)
    """The events of the harness's own stores."""
    disk: Path | None = None
    """The small file system with the data, if there is one."""
    learned: list[str] = field(default_factory=list)
    """Documents that memory has acknowledged."""
    forgotten: list[str] = field(default_factory=list)
    """Conversations of customers who are erased."""
    frozen: set[int] = field(default_factory=set)
    """Processes that are stopped."""
    _deaf: dict[int, grpc.aio.Channel] = field(default_factory=dict)

    # ---- what runs -------------------------------------------------------------------------------------------------

    def pid(self, name: str) -> int | None:
        """The process id of a program, None while it is down."""
        if name in self.stores:
            return self.stores[name].pid
        current = state.read(self.stack.home)
        programs = current.programs if current is not None else ()
        return next((each.pid for each in programs if each.name == name), None)

    def pids(self) -> list[int]:
        """The supervisor, what it runs, and the stores."""
        current = state.read(self.stack.home)
        assert current is not None, "nothing runs"
        found = [current.pid, *(each.pid for each in current.programs), *(store.pid for store in self.stores.values())]
        return [pid for pid in found if pid is not None]

    def signer(self, service: str) -> Signer:
        """The signer of a service."""
        home = self.stack.home
        return Signer.load(home.keys if service == "stack" else home.keys_of(service), service)

    async def model(self) -> dict[str, int]:
        """The number of running and of answered calls of the model."""
        return await asyncio.to_thread(_get, f"http://127.0.0.1:{self.model_port}/running")

    async def mood(self, mood: str, percent: int = 100, gap: float = 0.004) -> None:
        """Sets the model's treatment of the next calls."""
        body = json.dumps({"mood": mood, "percent": percent, "gap": gap}).encode()
        await asyncio.to_thread(_get, f"http://127.0.0.1:{self.model_port}/mood", body)

    async def twilio(self, **faults: object) -> None:
        """Sets Twilio's treatment of calls and webhooks from now on: the fields of `tests.twilio.Faults`."""
        body = json.dumps(faults).encode()
        await asyncio.to_thread(_get, f"http://127.0.0.1:{self.twilio_port}/control/faults", body)

    async def until_up(self, seconds: float = 60.0) -> None:
        """Waits until every program runs and is healthy."""
        async with asyncio.timeout(seconds):
            while not await self._is_up():  # noqa: ASYNC110
                await asyncio.sleep(0.2)

    async def _is_up(self) -> bool:
        current = state.read(self.stack.home)
        if current is None or any(each.state not in ("up", "external") for each in current.programs):
            return False
        if not all(store.settled for store in self.stores.values()):
            return False
        try:
            await asyncio.to_thread(_get, f"{self.stack.gateway}/readyz")
        except OSError:
            return False
        return True

    def deaf_channel(self, number: int, dial: Callable[[], grpc.aio.Channel]) -> grpc.aio.Channel:
        """The connection that watchers who do not read share."""
        return self._deaf.setdefault(number, dial())

    def look_at_memory(self) -> None:
        """Keeps the most that each program has held."""
        names = [*SERVICES, "gateway", *self.stores]
        for name in names:
            with suppress(psutil.Error):
                if (pid := self.pid(name)) is not None:
                    process = psutil.Process(pid)
                    held = sum(p.memory_full_info().pss for p in (process, *process.children(recursive=True))) / 1e6
                    self.memory[name] = max(self.memory.get(name, 0.0), held)

    def struck(self, running: int) -> None:
        """Counts a process that ended, and whether the assistant was speaking."""
        self.kills += 1
        self.kills_in_turns += running > 0

    def thaw(self) -> None:
        """Resumes every stopped process."""
        for pid in self.frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.frozen.clear()

    @asynccontextmanager
    async def redis(self) -> AsyncIterator[Redis]:
        """A connection to Redis, past its proxy."""
        store = Valkey(self.home, self.stores["redis"].program.port)
        async with Redis.from_url(store.url, socket_timeout=5) as redis:
            yield redis

    @property
    def journals(self) -> Path:
        """Where a scenario's evidence is written."""
        return self.folder / "journals"

    @property
    def accepted(self) -> Path:
        """The file in which Twilio logs accepted messages."""
        return self.folder / "twilio.jsonl"

    @property
    def failpoints(self) -> Path:
        """The folder in which failpoints are armed and report their actions."""
        return self.folder / "failpoints"

    async def heal(self) -> None:
        """Ends all faults; waits until everything is up again."""
        self.thaw()
        for proxy in self.proxies.values():
            proxy.heal()
        arm(self.failpoints, "")
        await self.mood("answers")
        await self.twilio(**CALM)
        with suppress(Exception):
            await self.unhush()
        await self.until_up()

    async def unhush(self) -> None:
        """Pub/sub works."""
        async with self.redis() as redis:
            await command(redis, "ACL", "SETUSER", "default", "allchannels")


def arm(folder: Path, text: str) -> None:
    """Writes what failpoints shall do, as a whole."""
    part = folder / "armed.part"
    part.write_text(text)
    part.rename(folder / "armed")


async def command(redis: Any, *words: str) -> None:
    """A command that the client has no method for."""
    await redis.execute_command(*words)


def _get(url: str, body: bytes | None = None) -> dict[str, int]:
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=5) as response:
        raw = response.read()
    return json.loads(raw) if raw.startswith(b"{") else {}
