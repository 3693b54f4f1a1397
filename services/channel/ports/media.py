"""The ports of channel to keep files."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from services.channel.domain.media import FileKey, Media, Party, Purpose, Quotas


class MediaRecords(Protocol):
    """Keeps what is known of files. Leases are by the store's own clock."""

    async def add(self, media: Media, quotas: Quotas) -> Media:
        """Adds an UPLOADING file, or returns the one that its uploader added with this `request_id` before.

        Raises TooManyUploads or MediaQuotaExceeded.
        """

    async def get(self, key: FileKey) -> Media | None:
        """The record of one file."""

    async def hold(self, key: FileKey, holder: str, lease: timedelta) -> timedelta | None:
        """Gives `holder` the sole right to change an UPLOADING file for `lease`, or prolongs it; None when it does.

        Otherwise how long to wait: another one has the right, or (zero) the file is no longer UPLOADING.
        """

    async def release(self, key: FileKey, holder: str) -> None:
        """Ends the right before its time."""

    async def finish(self, media: Media, holder: str) -> bool:
        """UPLOADING → READY or REJECTED, with what the bytes show, and the fact; False when `holder` no longer may."""

    async def remove(self, key: FileKey, deleter: str) -> None:
        """Removes a record, with the fact. Removing what isn't there does nothing."""

    async def expire(self, now: datetime, limit: int) -> Sequence[FileKey]:
        """Removes records that expired before `now` and no one holds; the day's quota gets back what never was READY."""

    async def known(self, keys: Collection[FileKey]) -> set[FileKey]:
        """Those of the files that have a record."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that a store holds."""

    key: FileKey
    changed: datetime


class MediaFiles(Protocol):
    """Keeps the bytes of files: unfinished ones grow, sealed ones never change.

    Every method may raise MediaStoreUnavailable, and those that write StoreFull. One writer at a time is its callers' duty; of
    two all the same, what is sealed is whole and stays as it is.
    """

    async def size(self, key: FileKey) -> int:
        """How many bytes of a file are stored, without a gap from its start; 0 for one that isn't there."""

    async def append(self, key: FileKey, offset: int, body: AsyncIterable[bytes]) -> int:
        """Adds bytes to an unfinished file of `offset` bytes; its size then. Of a body that breaks off, what came is kept.

        Raises OffsetMismatch when the file has another size, UploadInProgress, or what the body raises.
        """

    async def seal(self, key: FileKey, size: int) -> None:
        """Makes an unfinished file of `size` bytes permanent: it outlasts the machine. Sealing twice changes nothing.

        Raises OffsetMismatch when it has another size.
        """

    def read(self, key: FileKey, start: int, end: int) -> AsyncGenerator[bytes, None]:
        """The bytes of a sealed file from `start` up to `end`, in pieces."""

    async def remove(self, key: FileKey) -> None:
        """Removes a file, sealed or not. Removing what isn't there does nothing."""

    def stored(self) -> AsyncIterator[Stored]:
        """Everything that is kept, in any order, a file perhaps several times."""


@dataclass(frozen=True, slots=True)
class Link:
    """Lets its holder do one thing with the bytes of one file."""

    purpose: Purpose
    token: str = field(repr=False)
    expires: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """The purpose and the holder of a link: all links of one session, user or API key name the same one."""

    key: FileKey
    holder: str


class Links(Protocol):
    """Makes and reads links."""

    def issue(self, purpose: Purpose, party: Party, key: FileKey) -> Link:
        """A link that ends with its time, or when the party's token is revoked."""

    def read(self, purpose: Purpose, token: str) -> Linked:
        """The file that a link is for, and its holder. Raises LinkInvalid, TokenRevoked or RevocationsUnknown."""
