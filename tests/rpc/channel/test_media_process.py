"""The process that takes in files is killed, and the disk that holds them is full."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import grpc
import pytest
from frontdesk.channel import v1 as pb

from stack.ports import free_ports
from tests.fault.disk import NoMount, small_disk
from tests.rpc.channel.conftest import Core, World
from tests.rpc.channel.files import PERMISSIONS, PNG, Files, sha256
from tests.support.serving import Keys

if TYPE_CHECKING:
    from stack.testing import TestStores


@dataclass
class Process:
    """The channel service as a process of its own, on ports that stay the same."""

    environment: dict[str, str]
    running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self.running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.channel"), env=self.environment, stderr=asyncio.subprocess.DEVNULL
        )

    async def kill(self) -> None:
        assert self.running
        if self.running.returncode is None:
            self.running.kill()
        await self.running.wait()


@asynccontextmanager
async def files_of(process: Process, keys: Keys, core: Core) -> AsyncIterator[Files]:
    await process.start()
    options = [("grpc.use_local_subchannel_pool", 1), ("grpc.max_reconnect_backoff_ms", 200)]
    async with (
        grpc.aio.insecure_channel(process.environment["FRONTDESK_LISTEN"], options=options) as channel,
        aiohttp.ClientSession() as http,
    ):
        url = f"http://{process.environment['FRONTDESK_MEDIA_LISTEN']}"
        world = World(core, keys, channel, asyncio.Event(), media_url=url)
        await asyncio.wait_for(channel.channel_ready(), 30)
        yield Files(world, http, world.admin(*PERMISSIONS))


@pytest.fixture
async def process(stores: TestStores, postgres_url: str, keys: Keys, fake_core: Core, tmp_path: Path) -> AsyncIterator[Process]:
    grpc_port, http_port = free_ports(2)
    process = Process(
        {
            **os.environ,
            "FRONTDESK_LISTEN": f"127.0.0.1:{grpc_port}",
            "FRONTDESK_KEYS_DIR": str(keys.folder),
            "FRONTDESK_POSTGRES_URL": postgres_url,
            "FRONTDESK_REDIS_URL": stores.redis_url(),
            "FRONTDESK_CORE_URL": f"127.0.0.1:{fake_core.port}",
            "FRONTDESK_MEDIA_LISTEN": f"127.0.0.1:{http_port}",
            "FRONTDESK_MEDIA_DIR": str(tmp_path / "media"),
            "FRONTDESK_MEDIA_LEASE_SECONDS": "0.5",
        }
    )
    yield process
    await process.kill()


async def test_an_upload_continues_after_its_process_was_killed(process: Process, keys: Keys, fake_core: Core) -> None:
    async with files_of(process, keys, fake_core) as files:
        data = os.urandom(1_000_000)
        announced = await files.announce(len(data))

        async def half() -> AsyncIterator[bytes]:
            yield data[:500_000]
            await asyncio.Event().wait()

        sending = asyncio.create_task(files.ask("PUT", announced.upload.path, half()))
        async with asyncio.timeout(20):
            while int((await files.ask("HEAD", announced.upload.path)).headers["Upload-Offset"]) < 500_000:
                pass
        await process.kill()
        with pytest.raises(aiohttp.ClientError):
            await sending
        await process.start()
        async with asyncio.timeout(30):
            while True:
                try:
                    answer = await files.ask("PUT", announced.upload.path, data[500_000:], upload_offset=500_000)
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)  # it is starting
                    continue
                if answer.status == 200:
                    break
                assert answer.reason in ("UPLOAD_IN_PROGRESS", "REVOCATIONS_UNKNOWN")  # the dead one's lease ends soon
        assert answer.json["sha256"] == sha256(data)
        assert (await files.fetch(announced.media)).body == data


async def test_a_full_disk_is_reported_and_everything_else_continues(process: Process, keys: Keys, fake_core: Core) -> None:
    try:
        async with small_disk(2) as disk:
            process.environment["FRONTDESK_MEDIA_DIR"] = str(disk / "media")
            async with files_of(process, keys, fake_core) as files:
                before = await files.send(PNG)
                ballast = disk / "ballast"
                ballast.write_bytes(b"x" * (3 << 19))
                data = os.urandom(1 << 20)
                announced = await files.announce(len(data))
                answer = await files.ask("PUT", announced.upload.path, data)
                assert (answer.status, answer.reason) == (503, "MEDIA_STORE_FULL")
                assert (await files.fetch(before)).body == PNG
                assert (await files.get(announced.media.name)).state == pb.MEDIA_STATE_UPLOADING
                ballast.unlink()
                offset = int((await files.ask("HEAD", announced.upload.path)).headers["Upload-Offset"])
                answer = await files.ask("PUT", announced.upload.path, data[offset:], upload_offset=offset)
                assert (answer.status, answer.json["sha256"]) == (200, sha256(data))
            await process.kill()
    except NoMount as error:
        pytest.skip(str(error))
