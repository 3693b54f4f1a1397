"""Reads files in child processes, so that no file can stop, slow or take over the service."""

import asyncio
import logging
import os
import sys

import msgspec

from services.memory.adapters.reading.__main__ import Result, read
from services.memory.domain import problems
from services.memory.domain.documents import MediaType
from services.memory.domain.outline import Outline

READ_SECONDS = 40.0
SMALL_BYTES = 8 << 10
_HARMLESS = (MediaType.PLAIN, MediaType.MARKDOWN)

_log = logging.getLogger("memory.reader")


class ChildReader:
    """Implements Reader: one short-lived process per file, with bounds (see `__main__`) and no secrets.

    Small texts are read here, in a thread: whatever is in them, that takes less time than a process."""

    def __init__(self, seconds: float = READ_SECONDS) -> None:
        self._seconds = seconds

    async def read(self, content: bytes, media_type: MediaType, charset: str = "") -> Outline:
        if media_type in _HARMLESS and len(content) <= SMALL_BYTES:
            result = await asyncio.to_thread(read, content, media_type, charset)
            return _outline(result, media_type)
        return _outline(await self._in_child(content, media_type, charset), media_type)

    async def _in_child(self, content: bytes, media_type: MediaType, charset: str) -> Result:
        environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.memory.adapters.reading", media_type.value, charset),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
        )
        try:
            async with asyncio.timeout(self._seconds):
                output, _ = await child.communicate(content)
        except TimeoutError:
            raise problems.DocumentUnreadable(media_type.value, "reading it takes too long.") from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        try:
            return msgspec.json.decode(output, type=Result)
        except msgspec.MsgspecError:
            _log.info("a reader died", extra={"code": child.returncode, "media_type": media_type.value})
            why = "it needs more time or memory than a document may take."
            raise problems.DocumentUnreadable(media_type.value, why) from None


def _outline(result: Result, media_type: MediaType) -> Outline:
    if result.outline is not None:
        return result.outline
    if result.problem == "too_large":
        raise problems.DocumentTooLarge(result.detail, result.limit)
    raise problems.DocumentUnreadable(media_type.value, result.detail)
