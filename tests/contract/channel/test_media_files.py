"""`MediaFiles`: what holds for bytes in a folder holds for bytes in a bucket."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kit import ids
from kit.ids import OrganizationId
from services.channel.adapters import media_folder
from services.channel.adapters.media_folder import FolderFiles
from services.channel.adapters.media_s3 import PIECE, Bucket, S3Files, open_bucket
from services.channel.domain.media import FileKey, MediaId, MediaStoreUnavailable, OffsetMismatch, StoreFull, UploadInProgress
from services.channel.ports.media import MediaFiles
from tests.fault.disk import NoMount, small_disk
from tests.s3 import KEY, REGION, S3, SECRET, S3Server, guarded

MEBIBYTE = 1 << 20


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with S3Server().running() as url:
        yield url


@pytest.fixture
async def s3(moto: str) -> AsyncIterator[S3]:
    async with guarded(moto) as store:
        yield store
        assert store.refused == []


@dataclass
class Store:
    """Files of one kind, opened again as another process would."""

    stack: AsyncExitStack
    folder: Path | None = None
    s3: S3 | None = None

    async def open(self) -> MediaFiles:
        if self.s3 is None:
            assert self.folder
            return FolderFiles(self.folder / "media")
        return await self.stack.enter_async_context(open_bucket(bucket_of(self.s3)))


def bucket_of(s3: S3) -> Bucket:
    return Bucket(s3.bucket, s3.url, REGION, KEY, SECRET, prefix="shop/", attempts=1)


@pytest.fixture(params=["folder", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    async with AsyncExitStack() as stack:
        if request.param == "folder":
            yield Store(stack, folder=tmp_path)
        else:
            yield Store(stack, s3=await stack.enter_async_context(guarded(request.getfixturevalue("moto"))))


@pytest.fixture
async def files(store: Store) -> MediaFiles:
    return await store.open()


def new_key(organization: str = "acme") -> FileKey:
    return FileKey(OrganizationId(organization), MediaId(ids.new()))


async def pieces(data: bytes, size: int = 64 << 10, breaks: bool = False) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]
    if breaks:
        raise ConnectionAbortedError("the sender has gone")


async def content(files: MediaFiles, key: FileKey, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in files.read(key, start, end)])


async def keep(files: MediaFiles, key: FileKey, data: bytes) -> None:
    assert await files.append(key, 0, pieces(data)) == len(data)
    await files.seal(key, len(data))


async def test_what_arrives_in_any_pieces_is_read_back_in_any_range(files: MediaFiles) -> None:
    data, key, offset = os.urandom(2 * PIECE + 12_345), new_key(), 0
    for size in (1, 70_000, PIECE - 70_001, 3, PIECE + 5, len(data)):
        offset = await files.append(key, offset, pieces(data[offset : offset + size]))
        assert await files.size(key) == offset
    await files.seal(key, len(data))
    assert await content(files, key, 0, len(data)) == data
    for start, end in ((0, 1), (PIECE - 1, PIECE + 1), (len(data) - 1, len(data)), (1000, 900_000)):
        assert await content(files, key, start, end) == data[start:end]


async def test_what_came_before_a_break_is_kept_and_another_process_continues(store: Store, files: MediaFiles) -> None:
    data, key = os.urandom(PIECE + 300_000), new_key()
    with pytest.raises((ConnectionAbortedError, MediaStoreUnavailable)):
        await files.append(key, 0, pieces(data[:-1000], breaks=True))
    other = await store.open()
    assert await other.size(key) == len(data) - 1000
    await other.append(key, len(data) - 1000, pieces(data[-1000:]))
    await other.seal(key, len(data))
    assert await content(other, key, 0, len(data)) == data


@pytest.mark.parametrize("offset", [0, 99, 101])
async def test_bytes_at_another_place_than_the_end_are_refused(files: MediaFiles, offset: int) -> None:
    key = new_key()
    await files.append(key, 0, pieces(b"x" * 100))
    with pytest.raises(OffsetMismatch) as caught:
        await files.append(key, offset, pieces(b"y"))
    assert caught.value.metadata["offset"] == "100"
    assert await files.size(key) == 100


async def test_an_unfinished_file_is_not_sealed(files: MediaFiles) -> None:
    key = new_key()
    await files.append(key, 0, pieces(b"half"))
    with pytest.raises(OffsetMismatch):
        await files.seal(key, 8)
    assert await files.size(key) == 4


async def test_sealing_twice_changes_nothing_and_a_sealed_file_takes_no_more(files: MediaFiles) -> None:
    key = new_key()
    await keep(files, key, b"whole")
    await files.seal(key, 5)
    assert await files.size(key) == 5
    with pytest.raises(OffsetMismatch):
        await files.append(key, 0, pieces(b"other"))
    assert await content(files, key, 0, 5) == b"whole"


async def test_what_is_removed_is_gone_sealed_or_not(files: MediaFiles) -> None:
    sealed, unfinished = new_key(), new_key()
    await keep(files, sealed, b"whole")
    await files.append(unfinished, 0, pieces(b"half"))
    for key in (sealed, unfinished, new_key()):
        await files.remove(key)
        assert await files.size(key) == 0
    with pytest.raises(MediaStoreUnavailable):
        await content(files, sealed, 0, 5)
    assert [found async for found in files.stored()] == []


async def test_everything_that_is_kept_is_listed(files: MediaFiles) -> None:
    sealed, unfinished = new_key("acme"), new_key("other")
    await keep(files, sealed, b"whole")
    await files.append(unfinished, 0, pieces(b"half"))
    assert {found.key async for found in files.stored()} == {sealed, unfinished}


async def test_files_of_one_id_in_two_organizations_are_two(files: MediaFiles) -> None:
    mine = new_key("acme")
    theirs = FileKey(OrganizationId("other"), mine.id)
    await keep(files, mine, b"mine!")
    assert await files.size(theirs) == 0
    await keep(files, theirs, b"theirs")
    assert await content(files, mine, 0, 5) == b"mine!"


async def test_a_second_writer_of_a_folder_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    files, key = FolderFiles(tmp_path), new_key()

    async def first() -> AsyncIterator[bytes]:
        yield b"first"
        with pytest.raises(UploadInProgress):
            await FolderFiles(tmp_path).append(key, 5, pieces(b"second"))
        yield b" and last"

    assert await files.append(key, 0, first()) == 14
    assert await FolderFiles(tmp_path).append(key, 14, pieces(b"!")) == 15


async def test_a_full_disk_is_reported_and_the_upload_continues_when_there_is_room() -> None:
    try:
        async with small_disk(2) as disk:
            files, key, data = FolderFiles(disk / "media"), new_key(), os.urandom(MEBIBYTE)
            ballast = disk / "ballast"
            ballast.write_bytes(b"x" * (MEBIBYTE + MEBIBYTE // 2))
            with pytest.raises(StoreFull):
                await files.append(key, 0, pieces(data))
            ballast.unlink()
            offset = await files.size(key)
            assert 0 < offset < len(data)
            await files.append(key, offset, pieces(data[offset:]))
            await files.seal(key, len(data))
            assert await content(files, key, 0, len(data)) == data
    except NoMount as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("fails", "told"),
    [
        ((507, "XMinioStorageFull"), StoreFull),
        ((403, "AccessDenied"), MediaStoreUnavailable),
        ((400, "Odd"), MediaStoreUnavailable),
    ],
)
async def test_what_a_store_refuses_is_reported(s3: S3, fails: tuple[int, str], told: type[Exception]) -> None:
    async with open_bucket(bucket_of(s3)) as files:
        s3.fails = fails
        with pytest.raises(told):
            await files.append(new_key(), 0, pieces(b"bytes"))


async def test_a_store_that_is_unavailable_is_reported() -> None:
    async with open_bucket(Bucket("media", "http://127.0.0.1:9", REGION, KEY, SECRET, attempts=1)) as files:
        with pytest.raises(MediaStoreUnavailable):
            await files.size(new_key())


async def test_a_wrong_secret_is_found_by_the_signature(moto: str) -> None:
    async with guarded(moto) as s3, open_bucket(Bucket(s3.bucket, s3.url, REGION, KEY, "another", attempts=1)) as files:
        with pytest.raises(MediaStoreUnavailable):
            await files.append(new_key(), 0, pieces(b"bytes"))
        assert s3.refused
        assert s3.calls == []


async def test_a_large_file_is_joined_by_a_multipart_upload_and_leaves_no_pieces(s3: S3) -> None:
    async with open_bucket(bucket_of(s3)) as files:
        assert isinstance(files, S3Files)
        key = new_key()
        await keep(files, key, os.urandom(PIECE + 1))
        assert [call.split()[0] for call in s3.calls if f"/files/acme/{key.id}" in call] == [
            *("HEAD", "HEAD", "POST", "PUT", "PUT", "POST")
        ]
        assert [found.key async for found in files.stored()] == [key]


async def test_a_join_that_fails_is_aborted_and_repeated(s3: S3) -> None:
    async with open_bucket(bucket_of(s3)) as files:
        key, data = new_key(), os.urandom(PIECE + 1)
        await files.append(key, 0, pieces(data))
        s3.fails = (400, "Odd")
        with pytest.raises(MediaStoreUnavailable):
            await files.seal(key, len(data))
        s3.fails = None
        await files.seal(key, len(data))
        assert await content(files, key, 0, len(data)) == data


async def test_an_upload_that_is_cut_off_while_its_file_is_opened_leaves_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, key, opening = FolderFiles(tmp_path), new_key(), media_folder._open_part

    def slowly(*args: Any) -> int:
        time.sleep(0.05)
        return opening(*args)

    monkeypatch.setattr(media_folder, "_open_part", slowly)
    cut_off = asyncio.create_task(files.append(key, 0, pieces(b"bytes")))
    await asyncio.sleep(0.01)
    cut_off.cancel()
    await asyncio.wait([cut_off])
    assert await files.append(key, 0, pieces(b"bytes")) == 5
