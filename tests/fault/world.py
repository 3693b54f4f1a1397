"""The running stack, with a proxy on every edge, and what can be done to it; `boot` starts it."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import sys
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import psutil
from frontdesk.memory import v1 as memory_pb
from redis.asyncio import Redis

from kit import client, errors
from kit.caller import Signer
from stack import control, state
from stack.home import REPOSITORY, Home
from stack.process import Process
from stack.stores.postgres import Postgres
from stack.stores.valkey import Valkey
from stack.testing_stack import TestStack
from tests.fault.proxy import Proxy

LEASE_SECONDS = 2.0
ORGANIZATIONS = ("red", "blue")
STORES = ("postgres", "mongo", "redis", "chroma")
SERVICES = ("core", "core-2", "channel", "channel-2", "memory", "agent", "admin")
EDGES = (*STORES, "core", "core-2", "channel", "channel-2", "memory", "model")
MEMORY_BOUNDS = {"postgres": 2000.0, "mongo": 700.0, "chroma": 400.0, "gateway": 300.0}
"""Megabytes (RSS with shared pages, so Postgres counts its buffers once a process) of what may hold more than others."""
MOST_MEMORY = 250.0
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
    memory: dict[str, float] = field(default_factory=dict)
    kills: int = 0
    kills_in_turns: int = 0
    said: list[str] = field(default_factory=list)
    """What the harness's own stores went through."""
    disk: Path | None = None
    """The small file system that Postgres' data lies on, if it is so."""
    learned: list[str] = field(default_factory=list)
    """Documents that memory has said OK to."""
    _frozen: set[int] = field(default_factory=set)

    _deaf: dict[int, grpc.aio.Channel] = field(default_factory=dict)

    # ---- what runs -------------------------------------------------------------------------------------------------

    def pid(self, name: str) -> int | None:
        """The process id of a program, None while it is down."""
        if name in self.stores:
            return self.stores[name].pid
        current = state.read(self.stack.home)
        programs = current.programs if current is not None else ()
        return next((each.pid for each in programs if each.name == name), None)

    def signer(self, service: str) -> Signer:
        """What signs as a service."""
        return Signer.load(self.stack.home.keys, service)

    async def model(self) -> dict[str, int]:
        """How many calls the model answers now, and has answered."""
        return await asyncio.to_thread(_get, f"http://127.0.0.1:{self.model_port}/running")

    async def mood(self, mood: str, percent: int = 100, gap: float = 0.004) -> None:
        """How the model treats the next calls."""
        body = json.dumps({"mood": mood, "percent": percent, "gap": gap}).encode()
        await asyncio.to_thread(_get, f"http://127.0.0.1:{self.model_port}/mood", body)

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
                    held = sum(p.memory_info().rss for p in (process, *process.children(recursive=True))) / 1e6
                    self.memory[name] = max(self.memory.get(name, 0.0), held)

    # ---- what can be done to it: the words of a schedule -----------------------------------------------------------

    async def do(self, word: str) -> str:
        """Does a word of a schedule, as `kill core`; what came of it."""
        verb, *arguments = word.split()
        said: str = await getattr(self, verb)(*arguments)
        return said

    async def kill(self, name: str) -> str:
        """SIGKILL."""
        return await self._signal(name, signal.SIGKILL)

    async def drain(self, name: str) -> str:
        """SIGTERM, as a rolling restart does it; the supervisor starts the program again."""
        return await self._signal(name, signal.SIGTERM)

    async def _signal(self, name: str, number: signal.Signals) -> str:
        pid, running = self.pid(name), (await self.model())["running"]
        if pid is None:
            return "was down already"
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        self.struck(running)
        return f"pid {pid}, {running} replies running"

    def struck(self, running: int) -> None:
        """Counts a process that ended, and whether the assistant was speaking."""
        self.kills += 1
        self.kills_in_turns += running > 0

    async def freeze(self, name: str, seconds: str) -> str:
        """SIGSTOP, and SIGCONT after so many seconds."""
        pid = self.pid(name)
        if pid is None:
            return "was down"
        os.kill(pid, signal.SIGSTOP)
        self._frozen.add(pid)
        await asyncio.sleep(float(seconds))
        self._thaw()
        return f"pid {pid}"

    def _thaw(self) -> None:
        for pid in self._frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self._frozen.clear()

    async def flush(self) -> str:
        """Empties Redis."""
        async with self._redis() as redis:
            await redis.flushall()
        return ""

    async def hush(self, seconds: str) -> str:
        """Swallows pub/sub: whoever listens is cut off, and nobody may listen or speak for so long."""
        async with self._redis() as redis:
            await _command(redis, "ACL", "SETUSER", "default", "resetchannels")
            await _command(redis, "CLIENT", "KILL", "TYPE", "pubsub")
            await asyncio.sleep(float(seconds))
            await _command(redis, "ACL", "SETUSER", "default", "allchannels")
        return ""

    @asynccontextmanager
    async def _redis(self) -> AsyncIterator[Redis]:
        store = Valkey(self.home, self.stores["redis"].program.port)
        async with Redis.from_url(store.url, socket_timeout=5) as redis:
            yield redis

    async def backend(self) -> str:
        """SIGKILL of a Postgres backend that is in COMMIT, or at least busy; Postgres then restarts all of them."""
        url = Postgres(self.home, self.stores["postgres"].program.port).admin_url("postgres")
        connection = await asyncpg.connect(url, timeout=5)
        found = None
        try:
            for _ in range(400):
                found = await connection.fetchrow(
                    "select pid, coalesce(wait_event, '') as at from pg_stat_activity where backend_type = 'client backend'"
                    " and pid <> pg_backend_pid() and state = 'active'"
                    " order by (wait_event in ('WALSync', 'WALWrite', 'WalSync', 'WalWrite')) desc nulls last limit 1"
                )
                if found is not None and found["at"].lower().startswith("wal"):
                    break
        finally:
            connection.terminate()
        if found is None:
            return "no backend was busy"
        running = (await self.model())["running"]
        with suppress(ProcessLookupError):
            os.kill(found["pid"], signal.SIGKILL)
        self.struck(running)
        return f"pid {found['pid']} at {found['at'] or 'work'}"

    async def cut(self, edge: str, after: str = "0") -> str:
        """Breaks the connections of an edge: now, or each after so many bytes until it heals."""
        if after == "0":
            return f"{self.proxies[edge].cut()} connections"
        self.proxies[edge].cut_after = int(after)
        await asyncio.sleep(2.0)
        self.proxies[edge].heal()
        return ""

    async def slow(self, edge: str, milliseconds: str, seconds: str) -> str:
        """Each piece takes so long on an edge."""
        self.proxies[edge].latency = float(milliseconds) / 1000
        await asyncio.sleep(float(seconds))
        self.proxies[edge].heal()
        return ""

    async def hole(self, edge: str, seconds: str, kind: str = "blackhole") -> str:
        """`blackhole`, `half_open` or `drops` on an edge for so long."""
        proxy = self.proxies[edge]
        proxy.blackhole, proxy.half_open, proxy.drops = kind == "blackhole", kind == "half_open", kind == "drops"
        if kind == "drops":
            proxy.cut()
        await asyncio.sleep(float(seconds))
        proxy.heal()
        return ""

    async def moody(self, mood: str, seconds: str, percent: str = "100") -> str:
        """The model misbehaves for so long."""
        before = (await self.model())["calls"]
        await self.mood(mood, int(percent))
        await asyncio.sleep(float(seconds))
        await self.mood("answers")
        return f"{(await self.model())['calls'] - before} calls"

    async def failpoint(self, name: str, action: str, seconds: str = "15") -> str:
        """Arms a failpoint until it has acted once, at most for so long."""
        if not await self._acted(f"{name}:{action}", float(seconds)):
            return "did not act"
        if action.startswith("kill"):
            self.struck((await self.model())["running"])
        return "acted"

    async def armed(self, seconds: str, text: str) -> str:
        """Keeps failpoints armed for so long; each has to act."""
        acted = self.failpoints / "acted"
        acted.write_text("")
        arm(self.failpoints, text)
        await asyncio.sleep(float(seconds))
        arm(self.failpoints, "")
        counts = Counter(line.split()[0] for line in acted.read_text().splitlines())
        if missing := [part for part in text.split(",") if part.partition(":")[0] not in counts]:
            return f"did not act: {missing}"
        return ", ".join(f"{name} {count} times" for name, count in counts.items())

    async def failpoint_while(self, name: str, action: str, *trouble: str) -> str:
        """As `failpoint`, at a place that is only reached in trouble: a mood of the model, or a core that is gone."""
        if trouble[0] == "moody":
            await self.mood(trouble[1])
            said = await self.failpoint(name, action, trouble[2])
            await self.mood("answers")
            return said
        waiting = asyncio.create_task(self.failpoint(name, action))
        await asyncio.gather(self.kill("core"), self.kill("core-2"))
        return await waiting

    async def zombie(self, seconds: str) -> str:
        """Stops a core at the very moment before it commits an answer, past its lease, and lets it go on."""
        acted = await self._acted("core.finish.before_commit:stop*1", 8)
        if not acted:
            return "did not act"
        self._frozen.add(int(acted.split()[1]))
        await asyncio.sleep(float(seconds))
        self._thaw()
        return "acted"

    async def _acted(self, armed: str, seconds: float) -> str:
        """Arms a failpoint until it acts; what it then says, empty when it did not."""
        acted = self.failpoints / "acted"
        acted.write_text("")
        arm(self.failpoints, armed)
        until = time.monotonic() + seconds
        while not acted.read_text() and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        arm(self.failpoints, "")
        return acted.read_text()

    @property
    def journals(self) -> Path:
        """Where a scenario's evidence is written."""
        return self.folder / "journals"

    @property
    def failpoints(self) -> Path:
        """The folder in which failpoints are armed and tell what they did."""
        return self.folder / "failpoints"

    async def heal(self) -> None:
        """Nothing is broken any more; waits until everything is up again."""
        self._thaw()
        for proxy in self.proxies.values():
            proxy.heal()
        arm(self.failpoints, "")
        await self.mood("answers")
        with suppress(Exception):
            await self.unhush()
        await self.until_up()

    async def unhush(self) -> None:
        """Pub/sub works."""
        async with self._redis() as redis:
            await _command(redis, "ACL", "SETUSER", "default", "allchannels")

    async def learn(self) -> str:
        """Adds a document."""
        organization, id = random.choice(ORGANIZATIONS), f"d-{uuid.uuid4().hex[:10]}"
        text = memory_pb.TextSource(content=f"# {id}\n\nAll about {id} canary-{organization}", media_type="text/markdown")
        request = memory_pb.CreateDocumentRequest(
            parent=f"organizations/{organization}",
            document=memory_pb.Document(title=id, text=text),
            document_id=id,
            request_id=id,
        )
        token = self.signer("stack").service_token(organization)
        async with client.dial(f"127.0.0.1:{self.stack.ports.memory}") as memory:
            try:
                await client.call(memory_pb.DocumentServiceStub(memory).CreateDocument, request, token=token, timeout=5)
            except errors.FrontdeskError as error:
                return f"unknown: {error.reason}"
        self.learned.append(f"organizations/{organization}/documents/{id}")
        return "ok"

    async def skew(self, name: str, ahead: str, seconds: str) -> str:
        """Runs a process in the place of one, with a clock that is so many seconds ahead."""
        pid = self.pid(name)
        assert pid is not None, f"{name} is down"
        environment = psutil.Process(pid).environ()
        await control.ask(self.stack.home, "stop", name)
        program = (sys.executable, "-m", "tests.fault.skewed", ahead, name.partition("-")[0])
        with (self.folder / "skewed.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(*program, env=environment, cwd=REPOSITORY, stdout=log, stderr=log)
        await asyncio.sleep(float(seconds))
        code = process.returncode
        if code is None:
            process.kill()
            await process.wait()
        await control.ask(self.stack.home, "start", name)
        return "did not run" if code is not None else f"pid {process.pid}"

    async def fill(self, seconds: str) -> str:
        """Fills the disk of Postgres, and makes room again."""
        assert self.disk is not None
        ballast = self.disk / "ballast"
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * (1 << 16))
        await asyncio.sleep(float(seconds))
        left = shutil.disk_usage(self.disk).free
        ballast.unlink()
        return f"{left >> 10} KiB were left"

    async def restart(self, name: str) -> str:
        """`frontdesk stop` and `start` of one program."""
        started, running = time.monotonic(), (await self.model())["running"]
        await control.ask(self.stack.home, "stop", name)
        took = time.monotonic() - started
        await control.ask(self.stack.home, "start", name)
        self.struck(running)
        return f"ended after {took:.1f} s" if took < ENDS_WITHIN else f"did not end by itself in {ENDS_WITHIN:g} s"


def arm(folder: Path, text: str) -> None:
    """Writes what failpoints shall do, as a whole."""
    part = folder / "armed.part"
    part.write_text(text)
    part.rename(folder / "armed")


async def _command(redis: Any, *words: str) -> None:
    await redis.execute_command(*words)


def _get(url: str, body: bytes | None = None) -> dict[str, int]:
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=5) as response:
        raw = response.read()
    return json.loads(raw) if raw.startswith(b"{") else {}
