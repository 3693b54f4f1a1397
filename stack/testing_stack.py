"""The whole topology for tests: `frontdesk up` as a person runs it, in its own folder and on free ports."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stack import state
from stack.home import REPOSITORY, Home
from stack.ports import Ports, free_ports
from stack.settings import REPLICATED

UP_WITHIN = 180.0
DOWN_WITHIN = 110.0
"""Seconds, on a machine that has a lot else to do."""


class TestStack:
    """A running stack: `gateway` is its address, `ports` has its programs' ports."""

    __test__ = False  # pytest: this is no test class

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        launcher: Sequence[str] = (),
        uid: int | None = None,
        within: Path | None = None,
    ) -> None:
        """Starts it with these settings, under the command `prefix`. Its folder, in `within`, belongs to the user `uid`."""
        self._launcher = launcher
        self.home = Home(Path(tempfile.mkdtemp(prefix="frontdesk-e2e-", dir=within)))
        if uid is not None:
            os.chown(self.home.path, uid, uid)
        self.ports = Ports.free()
        self.gateway = f"http://127.0.0.1:{self.ports.gateway}"
        ports = {f"FRONTDESK_{name.upper()}_PORT": str(port) for name, port in self.ports.model_dump().items()}
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("FRONTDESK_")}
        self.environment = {**inherited, **ports, "FRONTDESK_HOME": str(self.home.path), **(environment or {})}
        self.environment.setdefault("FRONTDESK_PUBLIC_URL", self.gateway)
        self.environment.setdefault("FRONTDESK_READY_SECONDS", str(int(UP_WITHIN)))
        self.environment |= _ports_of_replicas(self.environment)
        self.output = self.home.path / "up.log"
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.output.open("wb") as output:
            return subprocess.Popen(
                [*self._launcher, sys.executable, "-m", "stack", "up"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=REPOSITORY,
                start_new_session=True,
            )

    def wait(self) -> TestStack:
        """Returns when everything is up; raises with the output of `frontdesk up`."""
        started = time.monotonic()
        while True:
            if self._process.poll() is not None:
                raise RuntimeError(f"frontdesk up ended with {self._process.returncode}:\n{self.output.read_text()}")
            current = state.read(self.home)
            if current is not None and current.ready and current.pid == self._process.pid:
                return self
            if time.monotonic() - started > UP_WITHIN:
                said = self.output.read_text()
                self.close()
                raise RuntimeError(f"frontdesk up is not ready after {UP_WITHIN:.0f} s:\n{said}")
            time.sleep(0.1)

    def run(self, *arguments: str, timeout: float = 60, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Runs another `frontdesk` command on this stack, such as `run("chat", "How long ...?")`; `typed` is its input."""
        return subprocess.run(
            [sys.executable, "-m", "stack", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            env=self.environment,
            cwd=REPOSITORY,
            timeout=timeout,
            check=False,
        )

    def stop(self, name: str) -> None:
        """Stops one program, as `frontdesk status` names it; the others stay up."""
        self._control("stop", name)

    def start(self, name: str) -> None:
        """Starts it again and waits for its health."""
        self._control("start", name)

    def status(self) -> dict[str, dict[str, Any]]:
        """The programs in `frontdesk status --json`, by name."""
        return {each["name"]: each for each in json.loads(self.run("status", "--json").stdout)["programs"]}

    def log(self, name: str) -> str:
        """Everything a program has written."""
        return (self.home.logs / f"{name}.log").read_text(errors="replace")

    def restart(self) -> None:
        """Stops everything and starts it again on the same data."""
        self._end()
        self._process = self._start()
        self.wait()

    def kill(self) -> None:
        """kill -9 of the supervisor."""
        self._process.kill()
        self._process.wait(10)

    def close(self) -> None:
        """Stops everything and deletes the folder."""
        self._end()
        link = self.home.data / "postgres"
        if link.is_symlink():
            shutil.rmtree(link.resolve().parent, ignore_errors=True)
        shutil.rmtree(self.home.path, ignore_errors=True)

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self._process.wait(DOWN_WITHIN)

    def _control(self, *arguments: str) -> None:
        done = self.run(*arguments)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)


def _ports_of_replicas(environment: Mapping[str, str]) -> dict[str, str]:
    """A free port for each further replica: the default ones may be in use."""
    names = [
        f"FRONTDESK_{name}_{number}{what}_PORT"
        for name, service, what in (
            *((each.upper(), each, what) for each in REPLICATED for what in ("", "_METRICS")),
            ("MEDIA", "channel", ""),
        )
        for number in range(2, int(environment.get(f"FRONTDESK_{service.upper()}_REPLICAS", "1")) + 1)
    ]
    return dict(zip(names, map(str, free_ports(len(names))), strict=True))
