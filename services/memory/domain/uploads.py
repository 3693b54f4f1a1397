"""Files that were uploaded and that no document uses yet.

NotFound
└── UploadNotFound
InvalidArgument
└── UploadIncomplete
ResourceExhausted
└── TooManyUnusedUploads
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kit import errors
from kit.ids import OrganizationId
from services.memory.domain.documents import ContentId, MediaType

MAX_UPLOAD_BYTES = 16 << 20
"""The contract says so, too."""
MAX_UPLOADS = 100
"""Of one organization, finished or not, that no document uses."""
UPLOAD_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that is about to be uploaded, as its sender describes it."""

    file_name: str = ""
    media_type: str = ""
    """The type that it is said to have; may be empty."""
    size: int = 0
    """0: not said."""
    sha256: bytes = b""
    """Empty: not said."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload. Its id is that of its content, which the document that uses it takes over."""

    organization: OrganizationId
    id: ContentId
    file_name: str
    media_type: MediaType
    size: int
    expires: datetime


class UploadNotFound(errors.NotFound):
    reason = "UPLOAD_NOT_FOUND"

    def __init__(self, organization: OrganizationId, id: ContentId) -> None:
        name = f"organizations/{organization}/uploads/{id}"
        super().__init__(f"There is no upload {name}, or a document uses it already; upload the file again.", upload=name)


class UploadIncomplete(errors.InvalidArgument):
    reason = "UPLOAD_INCOMPLETE"

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}; upload the file again.")


class TooManyUnusedUploads(errors.ResourceExhausted):
    reason = "TOO_MANY_UNUSED_UPLOADS"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"{limit} uploads are used by no document yet; use some, or wait until they expire.",
            limit=limit,
        )
