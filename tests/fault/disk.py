"""A small separate file system, to be filled; needs the right to mount."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class NoMount(Exception):
    """This process may not mount a file system."""


@asynccontextmanager
async def small_disk(megabytes: int) -> AsyncIterator[Path]:
    """A folder that holds so many megabytes; raises NoMount."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-disk-") as folder:
        done = await asyncio.create_subprocess_exec(
            "mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", folder
        )
        if await done.wait():
            raise NoMount(f"mount ended with {done.returncode}; run it as root")
        try:
            yield Path(folder)
        finally:
            ended = await asyncio.create_subprocess_exec("umount", "--lazy", folder)
            await ended.wait()
