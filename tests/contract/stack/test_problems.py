"""`frontdesk up` where something is wrong: one sentence with the name and the remedy, exit code 1, nothing left running."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from stack.home import REPOSITORY
from stack.ports import Ports, free_ports


def up(home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    ports = {f"FRONTDESK_{name.upper()}_PORT": str(port) for name, port in Ports.free().model_dump().items()}
    env = {**os.environ, **ports, "FRONTDESK_HOME": str(home), **variables}
    command = [sys.executable, "-m", "stack", "up"]
    return subprocess.run(command, env=env, cwd=REPOSITORY, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.parametrize(
    ("variable", "url", "name"),
    [
        ("FRONTDESK_POSTGRES_URL", "postgresql://app:secret@127.0.0.1:{port}/frontdesk", "postgres"),
        ("FRONTDESK_MONGO_URL", "mongodb://app:secret@127.0.0.1:{port}", "mongo"),
        ("FRONTDESK_REDIS_URL", "redis://:secret@127.0.0.1:{port}/0", "redis"),
        ("FRONTDESK_CHROMA_URL", "http://127.0.0.1:{port}", "chroma"),
        ("FRONTDESK_EMBEDDINGS_URL", "http://127.0.0.1:{port}/v1", "embeddings"),
    ],
)
def test_a_dead_store_is_named_with_the_variable_and_without_its_password(
    tmp_path: Path, variable: str, url: str, name: str
) -> None:
    port = free_ports(1)[0]
    done = up(tmp_path, **{variable: url.format(port=port)})
    assert done.returncode == 1
    assert f"frontdesk: {name} at 127.0.0.1:{port} does not answer" in done.stdout
    assert f"correct {variable}, or unset {variable} to use the bundled one." in done.stdout
    assert "secret" not in done.stdout + done.stderr
    assert " up " not in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert not [each for each in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(each.info["cmdline"] or [])]


def test_a_taken_gateway_port_stops_the_start_before_anything_else(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = up(tmp_path, FRONTDESK_GATEWAY_PORT=str(port))
    assert done.returncode == 1
    assert f"gateway cannot start: port {port} on 127.0.0.1 is already used by" in done.stdout
    assert " up " not in done.stdout
