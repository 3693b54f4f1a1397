"""One child process: started through `launch`, watched until healthy, restarted with back-off when it crashes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kit.backoff import Backoff
from stack.ports import check_free
from stack.problems import Problem, ProgramDied, ProgramNotReady, why

LAUNCH = Path(__file__).with_name("launch.py")
MAX_PAUSE = 30.0
STABLE_AFTER = 60.0
READY_WITHIN = 60.0
READINESS = Backoff(first=0.02, maximum=0.25, factor=1.3, jitter=0)
MAX_LOG_BYTES = 50_000_000

Check = Callable[[], Awaitable[None]]
"""Returns when the program answers; raises any exception while it doesn't."""

Say = Callable[[str, str], None]
"""Reports to the user: (program's name, event)."""


@dataclass(frozen=True)
class Program:
    """A child process's definition: its command, its user, and its health check."""

    name: str
    argv: tuple[str, ...]
    check: Check
    port: int
    metrics: int = 0
    """The port of its metrics; 0 for none."""
    host: str = "127.0.0.1"
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    uid: int = -1
    """The user it runs as; -1 for ours."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 25.0


class Process:
    """A `Program` that runs. `start` returns when it is healthy; afterwards `watch` keeps it alive."""

    def __init__(
        self,
        program: Program,
        logs: Path,
        say: Say,
        longest_pause: float = MAX_PAUSE,
        ready_within: float = READY_WITHIN,
    ) -> None:
        """`longest_pause`: seconds to wait, at most, before a program that crashes again and again is started again.

        `ready_within`: seconds in which a program that was started has to answer.
        """
        self.program = program
        self._backoff = Backoff(first=0.5, maximum=longest_pause, jitter=0)
        self._ready_within = ready_within
        self.log = logs / f"{program.name}.log"
        self.restarts = 0
        self._say = say
        self._settled = False
        self._child: asyncio.subprocess.Process | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The running child's process id, None while there is none."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    @property
    def settled(self) -> bool:
        """Whether the child is healthy as far as is known: not while it starts, nor between a crash and its return."""
        return self._settled and self.pid is not None

    async def start(self) -> None:
        """Spawns the child and waits for its health; raises a `Problem` that says why not."""
        await self._spawn()
        await self._until_ready()
        self._settled = True
        self._watcher = asyncio.create_task(self._watch(), name=f"watch {self.program.name}")

    async def stop(self) -> None:
        """Asks the child to stop, kills it when it takes longer than `stop_within`."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
            self._watcher = None
        child = self._child
        if child is None or child.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(self.program.stop_signal)
        try:
            await asyncio.wait_for(child.wait(), self.program.stop_within)
        except TimeoutError:
            self._say(self.program.name, f"did not stop within {self.program.stop_within:.0f} s and was killed")
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    def retry_now(self) -> None:
        """Ends the pause before the next start, if there is one: the obstacle is gone."""
        self._hurry.set()

    def trim_log(self) -> None:
        """Moves a long log's content to `<name>.log.1`; the child continues at the start of the emptied file.

        Without room for the copy the log stays as it is.
        """
        if not self.log.exists() or self.log.stat().st_size <= MAX_LOG_BYTES:
            return
        copy = self.log.with_suffix(".log.1")
        try:
            shutil.copyfile(self.log, copy)
            os.truncate(self.log, 0)
        except OSError:
            copy.unlink(missing_ok=True)

    async def _spawn(self) -> None:
        program = self.program
        check_free(program.name, program.host, program.port)
        launch = (sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), str(int(program.stop_signal)))
        with self.log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                *launch,
                str(program.uid),
                str(program.cwd),
                "--",
                *program.argv,
                env=dict(program.env) or None,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def _until_ready(self) -> None:
        program, child = self.program, self._child
        assert child is not None
        started, pauses, reason = time.monotonic(), READINESS.pauses(), "no answer"
        while time.monotonic() - started < self._ready_within:
            try:
                async with asyncio.timeout(2.0):
                    return await program.check()
            except Problem:
                raise
            except Exception as error:  # any exception of a client while its server starts means: not yet
                reason = why(error)
            if child.returncode is not None:
                raise ProgramDied(program.name, child.returncode, last_line(self.log), str(self.log))
            await pauses.wait()
        raise ProgramNotReady(program.name, self._ready_within, reason, str(self.log))

    async def _watch(self) -> None:
        failures = 0
        while True:
            child = self._child
            assert child is not None
            up_since = time.monotonic()
            code = await child.wait()
            self._settled = False
            failures = 1 if time.monotonic() - up_since > STABLE_AFTER else failures + 1
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            self._say(self.program.name, f"stopped with {how}; starting it again in {self._backoff.delay(failures):g} s")
            failures = await self._again(failures)

    async def _again(self, failures: int) -> int:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), self._backoff.delay(failures))
            self._hurry.clear()  # one that arrives during the attempt applies to the next
            self.restarts += 1
            try:
                await self._spawn()
                await self._until_ready()
            except (Problem, OSError) as problem:
                failures += 1
                self._say(self.program.name, f"{problem} Trying again in {self._backoff.delay(failures):g} s.")
                await self._kill()
                continue
            self._settled = True
            self._say(self.program.name, "is up again")
            return failures

    async def _kill(self) -> None:
        if self._child is not None and self._child.returncode is None:
            self._child.kill()
            await self._child.wait()


def last_line(log: Path) -> str:
    """The last meaningful line of a log, at most 200 characters."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 4096))
            lines = [line.strip() for line in file.read().decode(errors="replace").splitlines()]
    except OSError:
        return ""
    return next((line[:200] for line in reversed(lines) if line), "")
