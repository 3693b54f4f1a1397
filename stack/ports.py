"""The port of each program, and the owner of a port that should be free."""

from __future__ import annotations

import fcntl
import itertools
import os
import random
import socket
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict

from stack.problems import PortInUse, PortsInUse

_LOWEST_FREE = 12_000
_BLOCK = 64


class Ports(BaseModel):
    """The port of every program, all on the loopback address; see `free` for tests."""

    model_config = ConfigDict(frozen=True)

    gateway: int = 8080
    chroma: int = 7100
    channel: int = 7101
    core: int = 7102
    memory: int = 7103
    agent: int = 7104
    admin: int = 7105
    embedder: int = 7106
    web: int = 7107
    mongo: int = 7117
    postgres: int = 7132
    redis: int = 7179
    media: int = 7108
    """Channel's second one, for the bytes of files."""
    # Where Prometheus finds the metrics of each service.
    channel_metrics: int = 7121
    core_metrics: int = 7122
    memory_metrics: int = 7123
    agent_metrics: int = 7124
    admin_metrics: int = 7125

    @classmethod
    def from_base(cls, base: int) -> dict[str, int]:
        """Ports next to each other, the gateway's first: what FRONTDESK_PORT_BASE gives."""
        return {name: base + offset for offset, name in enumerate(cls.model_fields)}

    @classmethod
    def free(cls) -> Ports:
        """Ports that are free at this moment: the tests start a second stack on them."""
        return cls(**dict(zip(cls.model_fields, free_ports(len(cls.model_fields)), strict=True)))


def free_ports(count: int) -> list[int]:
    """`count` free ports, each of which is returned once, and to no other process of this user while this one runs.

    They lie below those that the kernel gives to outgoing connections, so that a program can stop and start on its own again.
    """
    with _giving:
        return list(itertools.islice((port for port in _reserved if not _is_taken("127.0.0.1", port)), count))


def _reserve() -> Iterator[int]:
    """Ports by blocks: a process has those on whose files it has a lock. Programs may start long after they got a port."""
    folder = Path(tempfile.gettempdir(), f"frontdesk-ports-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    blocks = range(_LOWEST_FREE, _outgoing() - _BLOCK, _BLOCK)
    for first in random.sample(blocks, len(blocks)):
        lock = os.open(folder / str(first), os.O_CREAT | os.O_WRONLY, 0o600)  # stays open as long as this process runs
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        yield from range(first, first + _BLOCK)
    raise RuntimeError(f"all {len(blocks)} blocks of ports are reserved by running processes; see {folder}")


_giving = threading.Lock()
_reserved = _reserve()


def _outgoing() -> int:
    """The lowest port that the kernel gives to an outgoing connection; see ip-sysctl, `ip_local_port_range`."""
    try:
        return max(_LOWEST_FREE + 10_000, int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0]))
    except OSError:
        return 32768


def check_free(program: str, host: str, port: int) -> None:
    """Raises `PortInUse`, with the owner's name if the system reveals it."""
    if _is_taken(host, port):
        raise PortInUse(program, host, port, listener(port))


def check_all_free(wanted: Iterable[tuple[str, str, int]]) -> None:
    """The same for (program, host, port) of all programs at once: `PortsInUse` names all that are taken."""
    taken = [PortInUse(*each, listener(each[2])) for each in wanted if _is_taken(*each[1:])]
    if len(taken) == 1:
        raise taken[0]
    if taken:
        raise PortsInUse(taken)


def _is_taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def listener(port: int) -> str | None:
    """The process that listens on a port, as `name (process 123)`; None when the system does not reveal it."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        return None
    return None
