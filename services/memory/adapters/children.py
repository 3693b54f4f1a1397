"""Child processes for what comes from strangers: whatever it does to a parser, nothing else dies with it.

Each is short-lived, without secrets in its environment, with bounded memory and time, and after all processes that serve.
"""

import asyncio
import os
import resource
import sys

MEMORY_BYTES = 768 << 20
CPU_SECONDS = 30
NICE = 10


async def run(module: str, arguments: tuple[str, ...], content: bytes, seconds: float) -> tuple[bytes, int | None]:
    """The output of a module that reads `content`, and its exit code. Raises TimeoutError, and then it has been killed."""
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    try:
        async with asyncio.timeout(seconds):
            output, _ = await child.communicate(content)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return output, child.returncode


def bound() -> None:
    """Bounds the child itself, before it reads anything."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICE)
