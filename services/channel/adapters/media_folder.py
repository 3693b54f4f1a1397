"""`MediaFiles` in a folder: `<organization>/<shard>/<media>`, and `….part` while a file is unfinished.

A file is moved to its final name when its bytes are on the disk, so whatever has that name is whole, also after a power cut.
Several processes may share the folder, if it is one file system with locks (`flock`).
"""

import asyncio
import errno
import fcntl
import itertools
import os
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from kit.ids import OrganizationId
from services.channel.domain.media import FileKey, MediaId, MediaStoreUnavailable, OffsetMismatch, StoreFull, UploadInProgress
from services.channel.ports.media import Stored

PIECE = 256 << 10
_PART = ".part"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

P = ParamSpec("P")
T = TypeVar("T")


class FolderFiles:
    def __init__(self, root: Path) -> None:
        self._root = root

    async def size(self, key: FileKey) -> int:
        return await _in_thread(_size, self._path(key))

    async def append(self, key: FileKey, offset: int, body: AsyncIterable[bytes]) -> int:
        descriptor = await _opened(_open_part, self._path(key), key, offset)
        try:
            async for piece in body:
                await _in_thread(_write, descriptor, piece, offset)
                offset += len(piece)
        finally:
            os.close(descriptor)
        return offset

    async def seal(self, key: FileKey, size: int) -> None:
        await _in_thread(self._seal, key, size)

    async def read(self, key: FileKey, start: int, end: int) -> AsyncGenerator[bytes, None]:
        descriptor = await _opened(os.open, self._path(key), os.O_RDONLY)
        try:
            while start < end:
                piece = await _in_thread(os.pread, descriptor, min(PIECE, end - start), start)
                if not piece:
                    raise MediaStoreUnavailable(f"{self._path(key)} ends at {start}")
                start += len(piece)
                yield piece
        finally:
            os.close(descriptor)

    async def remove(self, key: FileKey) -> None:
        for path in (self._path(key), _part(self._path(key))):
            await _in_thread(path.unlink, missing_ok=True)

    async def remove_some(self, organization: OrganizationId, limit: int) -> int:
        return await _in_thread(self._remove_some, organization, limit)

    def _remove_some(self, organization: OrganizationId, limit: int) -> int:
        removed = 0
        for folder in (self._root / organization).glob("*"):
            for path in itertools.islice(folder.iterdir(), limit - removed):
                path.unlink(missing_ok=True)
                removed += 1
            if removed >= limit:
                return removed
            with suppress(OSError):  # an upload has just begun
                folder.rmdir()
        with suppress(OSError):
            (self._root / organization).rmdir()
        return removed

    async def stored(self) -> AsyncIterator[Stored]:
        for folder in await _in_thread(self._folders):
            for found in await _in_thread(_stored_in, folder):
                yield found

    def _folders(self) -> list[Path]:
        return list(self._root.glob("*/*"))

    def _path(self, key: FileKey) -> Path:
        return self._root / key.organization / key.id[-2:] / key.id  # the end of an id is random

    def _seal(self, key: FileKey, size: int) -> None:
        path = self._path(key)
        if not path.exists():
            descriptor = _open_part(path, key, size)
            try:
                os.fsync(descriptor)
                _part(path).rename(path)
            finally:
                os.close(descriptor)
        for folder in (path.parent, path.parent.parent, self._root):
            _sync_folder(folder)


def _size(path: Path) -> int:
    for place in (path, _part(path)):
        try:
            return place.stat().st_size
        except FileNotFoundError:
            continue
    return 0


def _open_part(path: Path, key: FileKey, offset: int) -> int:
    """Opens an unfinished file of `offset` bytes for this writer alone."""
    part = _part(path)
    part.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.exists():
            part.unlink(missing_ok=True)
            raise OffsetMismatch(key.id, path.stat().st_size)
        if not os.path.samestat(os.fstat(descriptor), part.stat()):
            raise BlockingIOError  # it was sealed or removed, and begun again, since it was opened here
        if (found := os.fstat(descriptor).st_size) != offset:
            raise OffsetMismatch(key.id, found)
    except BaseException as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError | FileNotFoundError):
            raise UploadInProgress(key.id, timedelta(seconds=1)) from None
        raise
    return descriptor


def _write(descriptor: int, piece: bytes, offset: int) -> None:
    view = memoryview(piece)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view, offset = view[written:], offset + written


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stored_in(folder: Path) -> list[Stored]:
    organization, found = OrganizationId(folder.parent.name), []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # removed or sealed meanwhile
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            found.append(Stored(FileKey(organization, MediaId(path.name.removesuffix(_PART))), changed))
    return found


def _part(path: Path) -> Path:
    return path.with_name(path.name + _PART)


async def _opened(work: Callable[P, int], *args: P.args, **kwargs: P.kwargs) -> int:
    """The descriptor that `work` opens. It is closed when the caller was cancelled meanwhile: no one else would."""
    opening = asyncio.ensure_future(_in_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        await asyncio.wait([opening])
        if not opening.cancelled() and opening.exception() is None:
            os.close(opening.result())
        raise


async def _in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs a file operation beside the loop, and to its end even when cancelled, so that no descriptor is closed under it.

    Raises StoreFull or MediaStoreUnavailable for what the system refuses.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
    except OSError as error:
        raise (StoreFull if error.errno in _FULL else MediaStoreUnavailable)(repr(error)) from error
