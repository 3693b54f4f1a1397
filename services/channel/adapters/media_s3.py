"""`MediaFiles` in a bucket of any store that speaks S3: `files/<organization>/<media>`, and `uploads/…` while unfinished.

S3 has no appending, and the parts of its own multipart uploads cannot be smaller than 5 MiB. So an unfinished file is pieces of
5 MiB, each an object named by its offset; the last one may be shorter and is written again when more comes. Sealing copies
the pieces into one object, which S3 shows whole or not at all.
"""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from aiohttp import ClientConnectionError
from botocore.exceptions import BotoCoreError, ClientError

from kit.ids import OrganizationId
from services.channel.domain.media import FileKey, MediaId, MediaStoreUnavailable, OffsetMismatch, StoreFull
from services.channel.ports.media import Stored

PIECE = 5 << 20
"""S3's smallest part of a multipart upload."""
_READ = 64 << 10
_FULL = {"QuotaExceeded", "QuotaExceededException", "XMinioStorageFull", "InsufficientStorage", "StorageFull"}


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where the files are, and who writes them."""

    name: str
    endpoint: str = ""
    """Such as `https://s3.example.com`; empty: Amazon's, in the region."""
    region: str = "us-east-1"
    access_key: str = ""
    """Empty: as botocore finds it, such as from the machine's or the pod's role."""
    secret_key: str = field(default="", repr=False)
    prefix: str = ""
    """In front of every key, for a bucket that holds other things as well."""
    attempts: int = 3
    """How often a call is made in all while the store is unavailable."""


@asynccontextmanager
async def open_bucket(bucket: Bucket) -> AsyncIterator["S3Files"]:
    """The files of a bucket. It need not be there yet: until it is, calls raise MediaStoreUnavailable."""
    config = AioConfig(
        signature_version="s3v4",
        s3={"addressing_style": "path", "payload_signing_enabled": True},
        connect_timeout=5,
        read_timeout=30,
        retries={"total_max_attempts": bucket.attempts, "mode": "standard"},
        max_pool_connections=50,
        # Checksums at the end of a body are Amazon's alone.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    async with get_session().create_client(
        "s3",
        endpoint_url=bucket.endpoint or None,
        region_name=bucket.region,
        aws_access_key_id=bucket.access_key or None,
        aws_secret_access_key=bucket.secret_key or None,
        config=config,
    ) as client:
        yield S3Files(client, bucket)


class S3Files:
    def __init__(self, client: Any, bucket: Bucket) -> None:
        self._s3 = client
        self._bucket = bucket.name
        self._files, self._uploads = f"{bucket.prefix}files/", f"{bucket.prefix}uploads/"

    async def size(self, key: FileKey) -> int:
        with _told():
            sealed = await self._sealed_size(key)
            return sum((await self._pieces(key)).values()) if sealed is None else sealed

    async def append(self, key: FileKey, offset: int, body: AsyncIterable[bytes]) -> int:
        if (found := await self.size(key)) != offset:
            raise OffsetMismatch(key.id, found)
        with _told():
            start = offset - offset % PIECE
            kept = await self._get(self._piece(key, start)) if offset > start else b""
            buffer, written = bytearray(kept), len(kept)
            try:
                async for piece in body:
                    buffer += piece
                    while len(buffer) >= PIECE:
                        await self._put(self._piece(key, start), _first(buffer))
                        del buffer[:PIECE]
                        start, written = start + PIECE, 0
            finally:
                if len(buffer) > written:
                    await self._put(self._piece(key, start), _first(buffer))
            return start + len(buffer)

    async def seal(self, key: FileKey, size: int) -> None:
        with _told():
            pieces = await self._pieces(key)
            if await self._sealed_size(key) is None:
                if (found := sum(pieces.values())) != size:
                    raise OffsetMismatch(key.id, found)
                await self._join(key, list(pieces))
            await self._delete(pieces)

    async def read(self, key: FileKey, start: int, end: int) -> AsyncGenerator[bytes, None]:
        with _told():
            wanted = f"bytes={start}-{end - 1}"
            found = await self._s3.get_object(Bucket=self._bucket, Key=self._file(key), Range=wanted)
            async with found["Body"] as body:
                async for piece in body.iter_chunks(_READ):
                    yield piece

    async def remove(self, key: FileKey) -> None:
        with _told():
            await self._delete([self._file(key), *await self._pieces(key)])

    async def remove_some(self, organization: OrganizationId, limit: int) -> int:
        removed = 0
        with _told():
            for prefix in (self._files, self._uploads):
                listed = await self._s3.list_objects_v2(
                    Bucket=self._bucket, Prefix=f"{prefix}{organization}/", MaxKeys=limit - removed
                )
                names = [item["Key"] for item in listed.get("Contents", ())]
                await self._delete(names)
                removed += len(names)
                if removed >= limit:
                    break
        return removed

    async def stored(self) -> AsyncIterator[Stored]:
        with _told():
            for prefix in (self._files, self._uploads):
                async for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                    for item in page.get("Contents", ()):
                        organization, media = item["Key"].removeprefix(prefix).split("/")[:2]
                        yield Stored(FileKey(OrganizationId(organization), MediaId(media)), item["LastModified"])

    def _file(self, key: FileKey) -> str:
        return f"{self._files}{key.organization}/{key.id}"

    def _piece(self, key: FileKey, start: int) -> str:
        return f"{self._uploads}{key.organization}/{key.id}/{start:012d}"

    async def _sealed_size(self, key: FileKey) -> int | None:
        try:
            found = await self._s3.head_object(Bucket=self._bucket, Key=self._file(key))
            return int(found["ContentLength"])
        except ClientError as error:
            if _code(error) in ("404", "NoSuchKey"):
                return None
            raise

    async def _pieces(self, key: FileKey) -> dict[str, int]:
        """The pieces of an unfinished file with their sizes, in order, up to the first gap."""
        prefix = f"{self._uploads}{key.organization}/{key.id}/"
        listed = await self._s3.list_objects_v2(Bucket=self._bucket, Prefix=prefix)
        pieces: dict[str, int] = {}
        for item in listed.get("Contents", ()):
            if item["Key"] != self._piece(key, sum(pieces.values())):
                break
            pieces[item["Key"]] = item["Size"]
        return pieces

    async def _join(self, key: FileKey, pieces: list[str]) -> None:
        if len(pieces) == 1:
            await self._put(self._file(key), await self._get(pieces[0]))
            return
        bucket, name = self._bucket, self._file(key)
        upload = (await self._s3.create_multipart_upload(Bucket=bucket, Key=name))["UploadId"]
        try:
            parts = []
            for number, piece in enumerate(pieces, 1):
                body = await self._get(piece)
                done = await self._s3.upload_part(Bucket=bucket, Key=name, UploadId=upload, PartNumber=number, Body=body)
                parts.append({"PartNumber": number, "ETag": done["ETag"]})
            await self._s3.complete_multipart_upload(Bucket=bucket, Key=name, UploadId=upload, MultipartUpload={"Parts": parts})
        except BaseException:
            await self._s3.abort_multipart_upload(Bucket=bucket, Key=name, UploadId=upload)
            raise

    async def _get(self, name: str) -> bytes:
        found = await self._s3.get_object(Bucket=self._bucket, Key=name)
        async with found["Body"] as body:
            data: bytes = await body.read()
        return data

    async def _put(self, name: str, data: bytes) -> None:
        await self._s3.put_object(Bucket=self._bucket, Key=name, Body=data)

    async def _delete(self, names: Iterable[str]) -> None:
        for name in names:
            await self._s3.delete_object(Bucket=self._bucket, Key=name)


def _first(buffer: bytearray) -> bytes:
    """The first piece, copied once."""
    with memoryview(buffer) as view:
        return bytes(view[:PIECE])


@contextmanager
def _told() -> Iterator[None]:
    """Raises StoreFull or MediaStoreUnavailable for what the store, or the way to it, refuses."""
    try:
        yield
    except ClientError as error:
        raise (StoreFull if _code(error) in _FULL else MediaStoreUnavailable)(repr(error)) from error
    except (BotoCoreError, ClientConnectionError, OSError) as error:
        raise MediaStoreUnavailable(repr(error)) from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
