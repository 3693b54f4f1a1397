"""The ports of channel to keep files."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from kit.ids import OrganizationId
from services.channel.domain.media import FileKey, Media, Party, Purpose, Quotas


class MediaRecords(Protocol):
    """Keeps what is known of files. Leases are by the store's own clock."""

    async def add(self, media: Media, quotas: Quotas) -> Media:
        """Adds an UPLOADING file, or returns the one that its uploader added with this `request_id` before.

        Raises TooManyUploads or MediaQuotaExceeded.
        """

    async def get(self, key: FileKey) -> Media | None:
        """The record of one file."""

    async def expect(self, files: Sequence[Media]) -> None:
        """Adds FETCHING files, each with its job, or FAILED ones without. Those that are there stay as they are."""

    async def check_day(self, media: Media, quotas: Quotas) -> None:
        """Raises MediaQuotaExceeded when the day of a file, whose size isn't known yet, holds no more bytes."""

    async def link(self, media: Media) -> Media | None:
        """A FETCHING file with the conversation that core put its message into; None while core has not got the message."""

    async def refetch(self, key: FileKey, restart: bool) -> Media | None:
        """FAILED → FETCHING; None for another state. `restart`: its job begins again, too."""

    async def hold(self, key: FileKey, holder: str, lease: timedelta) -> timedelta | None:
        """Gives `holder` the sole right to change an UPLOADING or FETCHING file for `lease`, or prolongs it; None when it does.

        Otherwise how long to wait: another one has the right, or (zero) the file is in neither state.
        """

    async def release(self, key: FileKey, holder: str) -> None:
        """Ends the right before its time."""

    async def finish(self, media: Media, holder: str, quotas: Quotas | None = None) -> bool:
        """→ READY, REJECTED or FAILED, with what the bytes show, and the fact; False when `holder` no longer may.

        `quotas`: they count its bytes now, and not from the start. Raises MediaQuotaExceeded.
        """

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

    async def remove_some(self, organization: OrganizationId, limit: int) -> int:
        """Removes at most `limit` files of an organization, sealed or not, whether they have a record or not; how many."""

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
    """The purpose and the holder of a link."""

    key: FileKey
    holder: str
    """All links of one session, user or API key name the same one; each link that a provider gets names another."""
    media_type: str = ""
    """As which a provider gets the file."""


class Links(Protocol):
    """Makes and reads links."""

    def issue(self, purpose: Purpose, party: Party, key: FileKey, media_type: str = "") -> Link:
        """A link that ends with its time, or when the party's token is revoked. `media_type`: as in `Linked`."""

    def read(self, purpose: Purpose, token: str) -> Linked:
        """The file that a link is for, and its holder.

        Raises LinkInvalid, TokenRevoked, RevocationsUnknown, OrganizationSuspended, OrganizationDeleting or OrganizationErased.
        """
