"""Ports for programs that start later: no two of them get the same one."""

from __future__ import annotations

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from stack.ports import free_ports

ASK = "from stack.ports import free_ports; print(*free_ports(300)); input()"


def test_no_port_is_given_twice_to_threads_and_processes() -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", ASK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    with ThreadPoolExecutor(4) as threads:
        given = [port for some in threads.map(free_ports, [50] * 8) for port in some]
    for process in processes:
        assert process.stdout is not None
        given += map(int, process.stdout.readline().split())
    assert len(given) == 8 * 50 + 3 * 300
    assert len(set(given)) == len(given)
    for process in processes:
        process.communicate("\n", timeout=30)
        assert process.returncode == 0


def test_a_port_that_is_taken_is_left_out() -> None:
    with socket.socket() as taken:
        start = free_ports(1)[0]
        taken.bind(("127.0.0.1", start + 1))
        assert start + 1 not in free_ports(200)
