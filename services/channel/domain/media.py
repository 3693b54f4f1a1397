"""Files that customers and agents send: what is known of them, who may read them, and what bounds them.

NotFound
└── MediaNotFound
FailedPrecondition
├── MediaNotReady
├── MediaNotFailed
└── MediaNotConfigured
PermissionDenied
└── LinkInvalid
ResourceExhausted
├── TooManyUploads
└── MediaQuotaExceeded
Aborted
├── OffsetMismatch
└── UploadInProgress
InvalidArgument
├── ConversationMissing
└── UploadTooLarge
OutOfRange
└── RangeNotSatisfiable
Unavailable
├── StoreFull
└── MediaStoreUnavailable
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import NewType

from kit import errors
from kit.ids import OrganizationId
from services.channel.domain.media_types import INLINE
from services.channel.domain.sessions import ConversationId, CustomerId

MediaId = NewType("MediaId", str)

MAX_BYTES = 16 << 20
"""Of one file; the contract says so, too."""
UPLOAD_LINK = timedelta(minutes=10)
"""A link lasts no longer than a token: for as long it is remembered which ones were revoked."""
DOWNLOAD_LINK = timedelta(minutes=5)
DELIVERY_LINK = timedelta(hours=1)
"""How long a message may wait at a provider until its file is fetched."""
REJECTED_KEPT = timedelta(days=1)
"""How long the record of a rejected file says why."""


class MediaState(IntEnum):
    """How far a file has come; the numbers are those in the database."""

    UPLOADING = 1
    READY = 2
    REJECTED = 3
    FETCHING = 4
    """From the provider of its channel."""
    FAILED = 5
    """It could not be fetched."""


class Purpose(StrEnum):
    """The purpose of a link."""

    UPLOAD = "upload"
    DOWNLOAD = "download"
    DELIVERY = "delivery"
    """A provider fetches a file to deliver it."""


@dataclass(frozen=True, slots=True)
class FileKey:
    """The key under which the bytes of a file are stored."""

    organization: OrganizationId
    id: MediaId


@dataclass(frozen=True, slots=True)
class Party:
    """The party that asks for a file: a customer, or someone of the organization."""

    organization: OrganizationId
    subject: str
    """`customers/{customer}`, `users/{user}` or `apiKeys/{key}`."""
    customer: CustomerId | None = None
    """None: someone of the organization, who may read all of its files."""
    session: str = ""
    """The purpose of their token."""
    issued: float = 0.0
    """When their token was made, in seconds since 1970: a later revocation revokes their links, too."""

    @property
    def counted_by(self) -> str:
        """Whose unfinished uploads are counted together: a customer's session's, a user's or an API key's."""
        return self.subject if self.customer is None else self.session


@dataclass(frozen=True, slots=True)
class Announcement:
    """A file that someone wants to send."""

    conversation: ConversationId
    """Empty: of the organization alone."""
    file_name: str
    declared_type: str
    size: int
    request_id: str


@dataclass(frozen=True, slots=True)
class Media:
    """The record of a file."""

    organization: OrganizationId
    id: MediaId
    conversation: ConversationId
    uploader: str
    counted_by: str
    request_id: str
    file_name: str
    declared_type: str
    media_type: str
    """Empty until the bytes are complete."""
    size: int
    sha256: str
    state: MediaState
    created: datetime
    expires: datetime | None
    """When it is removed; None: it stays."""
    remote: str = ""
    """The provider's reference of a file that is fetched from it; `uploader` is its channel then."""
    problem: str = ""
    """Why it could not be fetched."""

    @property
    def key(self) -> FileKey:
        """The key under which its bytes are stored."""
        return FileKey(self.organization, self.id)

    def is_over(self, now: datetime) -> bool:
        """Whether its time is over, or it was erased: it is removed soon, and no one gets it any more."""
        return self.expires is not None and self.expires <= now

    @property
    def inline(self) -> bool:
        """Whether a browser may show it in a page."""
        return self.media_type in INLINE


@dataclass(frozen=True, slots=True)
class Quotas:
    """The limits on sent bytes."""

    unfinished: int
    """Uploads of one session, user or API key."""
    bytes_of_organization: int
    """In a day (UTC)."""
    bytes_of_customer: int

    def of_day(self, media: Media) -> tuple[tuple[str, int], ...]:
        """The quotas that count a file's bytes, and how many each may hold: the organization (empty), then a customer."""
        whole = ("", self.bytes_of_organization)
        sender = media.counted_by if media.remote else media.uploader
        return (whole, (sender, self.bytes_of_customer)) if sender.startswith("customers/") else (whole,)


@dataclass(frozen=True, slots=True)
class Range:
    """A part of a file: the bytes from `start` up to but not including `end`."""

    start: int
    end: int


def range_of(header: str, size: int) -> Range | None:
    """The one range that a `Range` header asks for; None: the whole file, as for units other than bytes.

    Raises RangeNotSatisfiable when it is outside of the file or malformed, or when there are several.
    """
    unit, _, wanted = header.partition("=")
    if unit.strip().lower() != "bytes":
        return None
    match = re.fullmatch(r"\s*([0-9]{1,15})?-([0-9]{1,15})?\s*", wanted)
    if match is None or match.groups() == (None, None):
        raise RangeNotSatisfiable(size)
    first, last = match.groups()
    if first is None:  # the last so many bytes
        found = Range(max(size - int(last), 0), size)
    else:
        found = Range(int(first), min(int(last) + 1, size) if last else size)
    if found.start >= found.end:
        raise RangeNotSatisfiable(size)
    return found


def remote_id(channel: str, source_id: str, number: int) -> MediaId:
    """The id of the n-th file of a provider's message: the same however often the message comes."""
    return MediaId(hashlib.blake2b(f"{channel}/{source_id}/{number}".encode(), digest_size=16).hexdigest())


_NOT_READY = {
    MediaState.UPLOADING: "its upload isn't finished",
    MediaState.FETCHING: "it is still being fetched; try again in a moment",
    MediaState.FAILED: "it could not be fetched",
}


class MediaNotFound(errors.NotFound):
    reason = "MEDIA_NOT_FOUND"

    def __init__(self, media: str) -> None:
        super().__init__(f"There is no file {media}, or it isn't yours to read.", media=media)


class ConversationMissing(errors.InvalidArgument):
    reason = "CONVERSATION_MISSING"

    def __init__(self) -> None:
        super().__init__("A customer's file belongs to a conversation; name it in `conversation`.")


class MediaNotReady(errors.FailedPrecondition):
    reason = "MEDIA_NOT_READY"

    def __init__(self, media: MediaId, state: MediaState, problem: str = "") -> None:
        why = _NOT_READY.get(state, "it was rejected and is gone")
        super().__init__(f"File {media} can't be used: {why}.", media=media, state=state.name, problem=problem)


class MediaNotFailed(errors.FailedPrecondition):
    reason = "MEDIA_NOT_FAILED"

    def __init__(self, media: MediaId, state: MediaState) -> None:
        super().__init__(f"File {media} is {state.name}, so there is nothing to try again.", media=media, state=state.name)


class MediaNotConfigured(errors.FailedPrecondition):
    reason = "MEDIA_NOT_CONFIGURED"

    def __init__(self) -> None:
        super().__init__("This installation keeps no files; its operator has to set FRONTDESK_MEDIA_DIR or an S3 bucket.")


class LinkInvalid(errors.PermissionDenied):
    reason = "LINK_INVALID"

    def __init__(self) -> None:
        super().__init__("This link has expired or isn't valid here; ask for a new one.")


class TooManyUploads(errors.ResourceExhausted):
    reason = "TOO_MANY_UPLOADS"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} of your uploads are unfinished; finish one of them first.", limit=limit)


class MediaQuotaExceeded(errors.ResourceExhausted):
    reason = "MEDIA_QUOTA_EXCEEDED"

    def __init__(self, scope: str, limit_bytes: int) -> None:
        super().__init__(
            f"This {scope} has sent as many files as it may today; try again tomorrow (UTC).",
            scope=scope,
            limit_bytes=limit_bytes,
            retry_seconds=3600,
        )


class OffsetMismatch(errors.Aborted):
    reason = "UPLOAD_OFFSET_MISMATCH"

    def __init__(self, media: MediaId, offset: int) -> None:
        super().__init__(f"{offset} bytes are stored; continue there.", media=media, offset=offset)


class UploadInProgress(errors.Aborted):
    reason = "UPLOAD_IN_PROGRESS"

    def __init__(self, media: MediaId, retry_after: timedelta) -> None:
        super().__init__(
            "Another request is uploading this file; wait, then ask for the offset.",
            media=media,
            retry_seconds=max(1, round(retry_after.total_seconds())),
        )


class UploadTooLarge(errors.InvalidArgument):
    reason = "UPLOAD_TOO_LARGE"

    def __init__(self, media: MediaId, size: int) -> None:
        super().__init__(f"The file was announced with {size} bytes, and more came.", media=media, size_bytes=size)


class RangeNotSatisfiable(errors.OutOfRange):
    reason = "RANGE_NOT_SATISFIABLE"

    def __init__(self, size: int) -> None:
        super().__init__(f"The file has {size} bytes; ask for one range of them.", size_bytes=size)


class StoreFull(errors.Unavailable):
    reason = "MEDIA_STORE_FULL"

    def __init__(self, detail: str = "") -> None:
        super().__init__("There is no room for files at the moment; try again later.", detail=detail)


class MediaStoreUnavailable(errors.Unavailable):
    reason = "MEDIA_STORE_UNAVAILABLE"

    def __init__(self, detail: str = "") -> None:
        super().__init__("The store of files is unavailable; try again in a moment.", detail=detail)
