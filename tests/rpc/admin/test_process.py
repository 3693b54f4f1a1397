"""Admin as its own process: it starts by its settings, stays small, and ends when it is asked to."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import grpc
import pytest

from stack.testing import TestStores
from tests.rpc.admin.desk import Admin, new_keys, settings_for
from tests.support.serving import Keys

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]

MAX_MEGABYTES = 120
"""Resident; 100 to 110 here, of which 86 are what every service imports."""
MAX_GROWTH_MEGABYTES = 15
"""Memory that 25 sign-ins may add; 6 here. Kept hashing memory would be 40."""


async def start(environment: dict[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.admin",
        env={"PATH": os.environ["PATH"], **environment},
        stderr=asyncio.subprocess.PIPE,
    )


def environment(stores: TestStores, keys: Keys) -> dict[str, str]:
    settings = settings_for(stores, keys)
    return {
        "FRONTDESK_KEYS_DIR": str(keys.folder),
        "FRONTDESK_POSTGRES_URL": settings.postgres_url.get_secret_value(),
        "FRONTDESK_REDIS_URL": settings.redis_url.get_secret_value(),
        "FRONTDESK_LISTEN": "127.0.0.1:0",
    }


async def port_of(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async for line in process.stderr:
        if found := re.search(rb'"port":(\d+)', line):
            return int(found[1])
    raise AssertionError("admin ended before it served")


def resident(pid: int) -> float:
    """Megabytes in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def test_it_stays_small_while_it_hashes_passwords(stores: TestStores, tmp_path: Path) -> None:
    keys = new_keys(tmp_path)
    process = await start(environment(stores, keys))
    try:
        port = await port_of(process)
        assert process.stderr is not None
        drain = asyncio.ensure_future(process.stderr.read())
        before = resident(process.pid)
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            shop = await Admin(channel, keys, settings_for(stores, keys)).shop()
            for _ in range(3):
                await asyncio.gather(*(shop.login() for _ in range(8)))
        after = resident(process.pid)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 60) == 0
        assert b'"message":"drained"' in await drain
        assert after < MAX_MEGABYTES
        assert after - before < MAX_GROWTH_MEGABYTES
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_missing_setting_is_named(stores: TestStores, tmp_path: Path) -> None:
    given = environment(stores, new_keys(tmp_path))
    del given["FRONTDESK_KEYS_DIR"]
    process = await start(given)
    _, said = await process.communicate()
    assert process.returncode == 2
    assert b"FRONTDESK_KEYS_DIR" in said
