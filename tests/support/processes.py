"""Services in processes of their own, which a test can kill, and waiting for what other processes do."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from pydantic import SecretStr


def environment_of(settings: Any, **more: str) -> dict[str, str]:
    """A process's environment with the settings of a service."""
    given = {
        f"FRONTDESK_{name.upper()}": value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in settings
    }
    return os.environ | {name: value for name, value in given.items() if value not in ("", "None")} | more


async def spawn(name: str, settings: Any, **more: str) -> asyncio.subprocess.Process:
    """Starts a service."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"services.{name}",
        env=environment_of(settings, **more),
        stderr=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
    )


def eventually(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Returns as soon as something holds; fails when that takes too long even on a busy machine."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.1)
