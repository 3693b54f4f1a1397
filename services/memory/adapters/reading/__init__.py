"""Reads files in child processes, so that no file can stop, slow or take over the service."""

import asyncio
import logging

import msgspec

from kit.foreign_json import UNREADABLE
from services.memory.adapters import children
from services.memory.adapters.reading.__main__ import Split, read_passages
from services.memory.domain import problems
from services.memory.domain.documents import MediaType
from services.memory.domain.reading import Reading

READ_SECONDS = 120.0
"""How long a file may be read. Its process has 30 s of CPU time, and waits for others on a busy machine."""
SMALL_BYTES = 8 << 10
_HARMLESS = (MediaType.PLAIN, MediaType.MARKDOWN)

_log = logging.getLogger("memory.reader")


class ChildReader:
    """Implements Reader: one process per file (see `children`).

    Small texts are read here, in a thread: whatever is in them, that takes less time than a process."""

    def __init__(self, seconds: float = READ_SECONDS) -> None:
        self._seconds = seconds

    async def read(self, content: bytes, media_type: MediaType, charset: str = "") -> Reading:
        if media_type in _HARMLESS and len(content) <= SMALL_BYTES:
            return _reading(await asyncio.to_thread(read_passages, content, media_type, charset), media_type)
        return _reading(await self._in_child(content, media_type, charset), media_type)

    async def _in_child(self, content: bytes, media_type: MediaType, charset: str) -> Split:
        try:
            output, code = await children.run(
                "services.memory.adapters.reading", (media_type.value, charset), content, self._seconds
            )
        except TimeoutError:
            raise problems.DocumentUnreadable(media_type.value, "reading it takes too long; split it.") from None
        try:
            return msgspec.json.decode(output, type=Split)
        except UNREADABLE:
            _log.info("a reader died", extra={"code": code, "media_type": media_type.value})
            why = "it needs more time or memory than a document may take; split it, or save it in a simpler form."
            raise problems.DocumentUnreadable(media_type.value, why) from None


def _reading(result: Split, media_type: MediaType) -> Reading:
    if not result.problem:
        return Reading(result.title, result.chunks, result.warnings)
    if result.problem == "too_large":
        raise problems.DocumentTooLarge(result.detail, result.limit)
    raise problems.DocumentUnreadable(media_type.value, result.detail)
