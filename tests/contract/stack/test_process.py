"""Real child processes: what is said when one cannot start, and that none outlives its supervisor."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from stack.binaries import check_libraries
from stack.home import REPOSITORY, Home
from stack.ports import free_ports
from stack.problems import AlreadyRunning, LibraryMissing, PortInUse, ProgramDied, ProgramNotReady
from stack.process import MAX_LOG_BYTES, Check, Process, Program
from stack.state import lock

LISTEN = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)"


def listens(port: int) -> Check:
    async def check() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await writer.wait_closed()

    return check


def program(port: int, code: str = LISTEN) -> Program:
    argv = (sys.executable, "-S", "-c", code, str(port))
    return Program("redis", argv, listens(port), port)


def silent(name: str, what: str) -> None:
    pass


async def test_a_port_in_use_is_reported_with_its_owner_and_the_variable_to_set(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse) as caught:
            await Process(program(port), tmp_path, silent).start()
    assert f"redis cannot start: port {port} on 127.0.0.1 is already used by" in str(caught.value)
    assert f"(process {os.getpid()})" in str(caught.value)
    assert "FRONTDESK_REDIS_PORT" in str(caught.value)


async def test_a_program_that_ends_is_reported_with_its_last_words(tmp_path: Path) -> None:
    code = "import sys; print('my configuration is wrong'); sys.exit(3)"
    with pytest.raises(ProgramDied) as caught:
        await Process(program(free_ports(1)[0], code), tmp_path, silent).start()
    assert "redis stopped with exit code 3" in str(caught.value)
    assert "'my configuration is wrong'" in str(caught.value)
    assert str(tmp_path / "redis.log") in str(caught.value)


async def test_a_program_that_does_not_answer_is_reported(tmp_path: Path) -> None:
    process = Process(program(free_ports(1)[0], "import time; time.sleep(60)"), tmp_path, silent, ready_within=0.5)
    with pytest.raises(ProgramNotReady, match=r"redis runs but did not become healthy .*FRONTDESK_READY_SECONDS"):
        await process.start()
    await process.stop()


async def test_a_missing_library_is_reported_with_the_line_that_installs_it(tmp_path: Path) -> None:
    # A real program whose list of libraries names one that does not exist: same length, so the file stays valid.
    broken = tmp_path / "server"
    shutil.copy(shutil.which("true") or "/bin/true", broken)
    broken.write_bytes(broken.read_bytes().replace(b"libc.so.6\0", b"libq.so.6\0"))
    with pytest.raises(LibraryMissing, match=r"mongo cannot start: the library libq\.so\.6 is missing"):
        await check_libraries("mongo", broken)
    said = str(LibraryMissing("mongo", ("libcurl.so.4",), ("libcurl4",)))
    assert said.endswith("install it with: sudo apt-get install -y libcurl4")


async def test_a_crashed_program_is_started_again_and_that_is_said(tmp_path: Path) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    process = Process(program(free_ports(1)[0]), tmp_path, lambda name, what: said.put_nowait(f"{name} {what}"))
    await process.start()
    first = process.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert "redis stopped with signal 9; starting it again" in await asyncio.wait_for(said.get(), 60)
    assert await asyncio.wait_for(said.get(), 60) == "redis is up again"
    assert process.pid not in (None, first)
    assert process.restarts == 1
    await process.stop()
    assert process.pid is None


async def test_a_long_log_is_cut_while_its_writer_continues(tmp_path: Path) -> None:
    code = "import sys, time\nwhile True: print('x' * 99, flush=True); time.sleep(0.01)"
    port = free_ports(1)[0]

    async def writes() -> None:
        assert (tmp_path / "redis.log").stat().st_size > 0

    process = Process(Program("redis", (sys.executable, "-c", code), writes, port), tmp_path, silent)
    await process.start()
    os.truncate(process.log, MAX_LOG_BYTES + 1)  # a hole: as long, and nothing on disk
    process.trim_log()
    assert process.log.stat().st_size < 10_000
    assert process.log.with_suffix(".log.1").stat().st_size > MAX_LOG_BYTES
    async with asyncio.timeout(60):
        while b"x" * 99 not in process.log.read_bytes()[:200]:  # noqa: ASYNC110  # a file notifies no one
            await asyncio.sleep(0.01)
    await process.stop()


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    code = f"""
import asyncio, pathlib, sys
sys.path.insert(0, {str(REPOSITORY)!r})
from stack.process import Process, Program
async def check(): (await asyncio.open_connection("127.0.0.1", {port}))[1].close()
async def main():
    process = Process(Program("child", (sys.executable, "-c", {LISTEN!r}, "{port}"), check, {port}),
                      pathlib.Path({str(tmp_path)!r}), print)
    await process.start()
    print(process.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        child = psutil.Process(int(supervisor.stdout.readline()))
        supervisor.kill()
        deadline = time.monotonic() + 60
        while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_one_home_has_one_supervisor(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    with (
        lock(home),
        pytest.raises(AlreadyRunning, match=rf"already runs from {tmp_path} \(process {os.getpid()}\)"),
        lock(home),
    ):
        pass
    with lock(home):
        pass
