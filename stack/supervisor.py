"""Starts each program as soon as its dependencies are up, keeps all alive, and stops them in order."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

from stack import disk, health, programs, state
from stack.keys import SERVICES, make_keys_apart
from stack.lag import Lag
from stack.ports import check_all_free
from stack.problems import Problem, PublicDemo, StoreUnreachable, why
from stack.process import Process, Program, Say
from stack.settings import STORES, Settings
from stack.state import Running
from stack.stores import Store, chroma, mongo, postgres, valkey

EXTERNAL_WAIT = 3.0
HEALTH_EVERY = 5.0
MODEL_EVERY = 30.0

Up = Callable[[str, float, str], None]
"""Reports that a program is up: (name, seconds it took, its address)."""


class Supervisor:
    """The processes of one stack. Use `up`, then `watch` until cancelled, then `down`."""

    def __init__(self, settings: Settings, say: Say, up: Up) -> None:
        self.settings = settings
        self._report = say
        self._up = up
        self._processes: dict[str, Process] = {}
        self._stopped: dict[str, Process] = {}
        self._external: dict[str, Callable[[], Awaitable[None]]] = {}
        self._ready: dict[str, asyncio.Future[None]] = {}
        self._misses: dict[str, str] = {}
        self._suspected: set[str] = set()
        """Failed one check: reported and counted when the next one fails too."""
        self._lag: Lag | None = None
        self._late: list[str] = []
        self._model_asked = 0.0
        self._started = time.time()
        self._disk = ""
        self._complete = False
        self.waiting_for: set[str] = set()

    async def up(self) -> None:
        """Starts everything; raises the first `Problem`. `down` stops the programs that run by then."""
        home = self.settings.home
        if self.settings.is_public and self.settings.demo and not self.settings.demo_password:
            raise PublicDemo(self.settings.gateway_host)
        home.make()
        make_keys_apart(home)
        self._publish()
        self._check_ports()
        await _together(self._use(name, url) for name, url in self.settings.urls.items())
        await self._start_everything()

    def complete(self) -> None:
        """Publishes that everything is up, including the demo."""
        self._complete = True
        self._publish()

    def _check_ports(self) -> None:
        """All ports at once, before anything starts: those that are taken are reported without a wait."""
        hosts = {"gateway": self.settings.gateway_host}
        check_all_free((name, hosts.get(name, "127.0.0.1"), port) for name, port in self.settings.listening.items())

    async def _start_everything(self) -> None:
        loop = asyncio.get_running_loop()
        self._ready = {name: loop.create_future() for name in STORES}
        services_up: dict[str, asyncio.Future[None]] = {name: loop.create_future() for name in SERVICES}
        try:
            await _together(
                [
                    *(self._store(name) for name in STORES),
                    *(self._service(name, up) for name, up in services_up.items()),
                    self._start(programs.web(self.settings)),
                    self._gateway(tuple(services_up.values())),
                ]
            )
        finally:
            for future in (*self._ready.values(), *services_up.values()):
                future.cancel()

    async def down(self) -> None:
        """Stops the edge first, then the services, then the stores; data stays."""
        services = tuple(process for service in SERVICES for process in self.settings.processes(service))
        order: tuple[tuple[str, ...], ...] = (("gateway", "web"), services, ("embedder",), STORES)
        for names in order:
            await asyncio.gather(*(self._processes[name].stop() for name in names if name in self._processes))
            for name in names:
                self._processes.pop(name, None)
            self._publish()

    async def watch(self) -> None:
        """Runs until cancelled: checks everything and reports changes."""
        while True:
            await asyncio.sleep(HEALTH_EVERY)
            self._look_at_disk()
            for process in self._processes.values():
                process.trim_log()
            checks = {name: process.program.check for name, process in self._processes.items() if process.settled}
            checks |= self._external
            if self.settings.has_model and time.monotonic() - self._model_asked >= MODEL_EVERY:
                self._model_asked = time.monotonic()
                checks["model"] = partial(programs.check_model, self.settings.environment)
            await asyncio.gather(self._look_at_lag(), *(self._look_at(name, check) for name, check in checks.items()))
            self._publish()

    def broken(self) -> dict[str, str]:
        """The broken parts, by name, with the known reason."""
        found = {name: "is starting" for name, process in self._processes.items() if not process.settled}
        found |= dict.fromkeys(self._stopped, "was stopped on request")
        found |= {name: f"does not answer ({reason})" for name, reason in self._misses.items() if name not in self._suspected}
        if self._late:
            found["followers"] = f"late: {', '.join(self._late)}"
        if self._disk:
            found["disk"] = self._disk
        return found

    def state(self) -> state.State:
        """The present health."""
        running = [self._running(name, process, "up") for name, process in self._processes.items()]
        running += [self._running(name, process, "stopped") for name, process in self._stopped.items()]
        running += [
            Running(name, "external", 0, None, 0, urlsplit(self.settings.urls[name]).netloc.rpartition("@")[2])
            for name in self._external
        ]
        broken = self.broken()
        judged = self.judge(broken) if self._complete else None
        return state.State(os.getpid(), self.settings.gateway, self._complete, tuple(running), broken, self._started, judged)

    def judge(self, broken: Collection[str]) -> health.Health:
        """A service is broken when all of its processes are, and weak when some are. The embedder counts as "embeddings"."""
        parts = {"embeddings" if name == "embedder" else name for name in broken}
        weak: set[str] = set()
        for service in SERVICES:
            processes = set(self.settings.processes(service))
            if lost := processes & parts:
                parts -= lost
                (parts if lost == processes else weak).add(service)
        return health.judge(parts, weak)

    async def stop_one(self, name: str) -> None:
        """Stops one program until `start_one`; the others stay up."""
        if name not in self._processes:
            raise Problem(f"{name} isn't running here; these are: {', '.join(sorted(self._processes))}.")
        process = self._processes.pop(name)
        await process.stop()
        self._stopped[name] = process
        self._misses.pop(name, None)
        self._say(name, "stopped on request")
        self._publish()

    async def start_one(self, name: str) -> None:
        """Starts again what `stop_one` stopped."""
        if name not in self._stopped:
            raise Problem(f"{name} was not stopped with `frontdesk stop`.")
        process = self._stopped.pop(name)
        try:
            await self._start(process.program)
        except BaseException:
            if failed := self._processes.pop(name, None):
                await failed.stop()
            self._stopped[name] = process  # starts again when the obstacle is gone
            self.waiting_for.discard(name)
            self._publish()
            raise

    async def restart_one(self, name: str) -> None:
        """Stops one program, if it runs, and starts it again."""
        if name not in self._stopped:
            await self.stop_one(name)
        await self.start_one(name)

    async def _store(self, name: str) -> None:
        if name in self.settings.urls:
            pass  # checked before everything else
        elif name == "embeddings":
            await self._start(programs.embedder(self.settings))
        else:
            self.waiting_for.add(name)
            store, started = self._bundled(name), time.monotonic()
            await store.prepare()
            await self._start(store.program(), store.provision, started)
        self._ready[name].set_result(None)

    def _bundled(self, name: str) -> Store:
        home, ports = self.settings.home, self.settings.ports
        if name == "postgres":
            return postgres.Postgres(home, ports.postgres)
        if name == "mongo":
            return mongo.Mongo(home, ports.mongo)
        if name == "redis":
            return valkey.Valkey(home, ports.redis)
        return chroma.Chroma(home, ports.chroma)

    async def _use(self, name: str, url: str) -> None:
        """An external store: it has to answer, and Postgres gets our roles."""
        key = self.settings.environment.get("FRONTDESK_EMBEDDINGS_API_KEY", "")
        checks: Mapping[str, Callable[[], Awaitable[None]]] = {
            "postgres": lambda: postgres.check(url),
            "mongo": lambda: mongo.check(url),
            "redis": lambda: valkey.check(url),
            "chroma": lambda: chroma.check(url),
            "embeddings": lambda: programs.check_embeddings(url, key),
        }
        started = time.monotonic()
        while True:
            try:
                await checks[name]()
                break
            except Exception as error:  # any exception of its client means: it does not answer
                if time.monotonic() - started > EXTERNAL_WAIT:
                    variable, where = f"FRONTDESK_{name.upper()}_URL", urlsplit(url).netloc.rpartition("@")[2]
                    raise StoreUnreachable(name, variable, where, why(error)) from None
            await asyncio.sleep(0.5)
        if name == "postgres":
            await postgres.provision(url, self.settings.home, urlsplit(url).path.strip("/") or postgres.DATABASE)
        self._external[name] = checks[name]
        self._up(name, time.monotonic() - started, "given by its URL")

    async def _service(self, name: str, up: asyncio.Future[None]) -> None:
        self.waiting_for.add(name)
        await asyncio.gather(*(asyncio.shield(self._ready[store]) for store in programs.NEEDS[name]))
        processes = programs.services(self.settings, name, self._store_urls(name))
        await _together(self._start(process) for process in processes)
        self.waiting_for.discard(name)
        up.set_result(None)

    async def _gateway(self, services_up: Sequence[asyncio.Future[None]]) -> None:
        self.waiting_for.add("gateway")
        await asyncio.gather(*(asyncio.shield(up) for up in services_up))
        if self.settings.is_public:
            from stack import seed  # loads all contracts: only a public start needs them

            await seed.close_public_passwords(self.settings)
        await self._start(await programs.gateway(self.settings))

    def _store_urls(self, service: str) -> dict[str, str]:
        stores = (*programs.NEEDS[service], *programs.USES.get(service, ()))
        return {store: self._store_url(store, service) for store in stores}

    def _store_url(self, store: str, service: str) -> str:
        home, ports, given = self.settings.home, self.settings.ports, self.settings.urls.get(store)
        if store == "postgres":
            return postgres.service_url(self._postgres_url(), home, service)
        if store == "mongo":
            return given or mongo.Mongo(home, ports.mongo).service_url(service)
        if store == "redis":
            return given or valkey.Valkey(home, ports.redis).url
        if store == "chroma":
            return given or chroma.Chroma(home, ports.chroma).url
        return given or f"http://127.0.0.1:{ports.embedder}/v1"

    def _postgres_url(self) -> str:
        """The administrator's."""
        given = self.settings.urls.get("postgres")
        url = given or postgres.Postgres(self.settings.home, self.settings.ports.postgres).admin_url()
        return url if urlsplit(url).path.strip("/") else postgres.with_database(url, postgres.DATABASE)

    async def _start(
        self, program: Program, provision: Callable[[], Awaitable[None]] | None = None, started: float | None = None
    ) -> None:
        started = time.monotonic() if started is None else started
        self.waiting_for.add(program.name)
        settings = self.settings
        process = Process(program, settings.home.logs, self._say, settings.restart_pause, settings.ready_seconds)
        self._processes[program.name] = process
        await process.start()
        if provision is not None:
            await provision()
        self.waiting_for.discard(program.name)
        self._up(program.name, time.monotonic() - started, f"{program.host}:{program.port}")
        self._publish()

    async def _look_at(self, name: str, check: Callable[[], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(3):
                await check()
        except Exception as error:  # any failure of a check means the same
            if name in self._suspected:
                self._suspected.discard(name)
                self._say(name, f"does not answer ({why(error)})")
            elif name not in self._misses:
                self._suspected.add(name)
            self._misses[name] = why(error)
            return
        if self._misses.pop(name, None) and name not in self._suspected:
            self._say(name, "answers again")
        self._suspected.discard(name)

    async def _look_at_lag(self) -> None:
        try:
            self._lag = self._lag or Lag(self._postgres_url())
            late = await self._lag.late()
        except Exception:  # any exception of its client: the check of PostgreSQL reports it
            return
        for what in set(late) - set(self._late):
            self._say("followers", f"{what}, but is late")
        if self._late and not late:
            self._say("followers", "keep up again")
        self._late = late

    def _look_at_disk(self) -> None:
        """A full disk ends stores. When there is room again, programs that wait for their next start start at once."""
        try:
            home = self.settings.home.path
            full = f"is full: free some space for {home}" if disk.is_full(home) else ""
        except OSError as error:
            full = f"cannot be used: {self.settings.home.path} ({error.strerror})"
        before, self._disk = self._disk, full
        if full and not before:
            self._say("disk", f"{full}; everything then resumes automatically")
        elif before and not full:
            self._say("disk", "has room again")
            for process in self._processes.values():
                process.retry_now()

    def _say(self, name: str, what: str) -> None:
        """Reports to the user and publishes the present state."""
        self._report(name, what)
        self._publish()

    def _publish(self) -> None:
        # The home may be deleted or full: stopping and running must work without the file.
        with suppress(OSError):
            state.write(self.settings.home, self.state())

    def _running(self, name: str, process: Process, word: str) -> Running:
        program = process.program
        word = word if process.settled or word == "stopped" else "starting"
        where = f"{program.host}:{program.port}"
        metrics = f"http://{program.host}:{program.metrics}/metrics" if program.metrics else ""
        return Running(name, word, program.port, process.pid, process.restarts, where, metrics)


async def _together(works: Iterable[Coroutine[None, None, None]]) -> None:
    """Runs all at the same time; the first `Problem` ends the others and is raised alone."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except* Problem as problems:
        raise _first(problems) from None


def _first(group: BaseExceptionGroup[Problem]) -> Problem:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, Problem)
    return error
