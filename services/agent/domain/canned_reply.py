"""Texts that agents use often."""

from dataclasses import dataclass
from datetime import datetime

from kit import errors
from kit.errors import EtagMismatch
from kit.ids import OrganizationId
from services.agent.domain.ids import CannedReplyId


def canned_reply_name(organization: OrganizationId, id: CannedReplyId) -> str:
    """The resource name of a canned reply."""
    return f"organizations/{organization}/cannedReplies/{id}"


class CannedReplyNotFound(errors.NotFound):
    reason = "CANNED_REPLY_NOT_FOUND"

    def __init__(self, organization: OrganizationId, id: CannedReplyId) -> None:
        name = canned_reply_name(organization, id)
        super().__init__(f"There is no canned reply {name}.", canned_reply=name)


class CannedReplyAlreadyExists(errors.AlreadyExists):
    reason = "CANNED_REPLY_ALREADY_EXISTS"

    def __init__(self, shortcut: str) -> None:
        super().__init__(f"Another canned reply has the shortcut {shortcut!r}; choose another.", shortcut=shortcut)


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A text with the shortcut by which agents find it, unique in the organization."""

    organization: OrganizationId
    id: CannedReplyId
    shortcut: str
    text: str
    created: datetime
    updated: datetime
    version: int = 1

    @property
    def name(self) -> str:
        """The resource name."""
        return canned_reply_name(self.organization, self.id)

    def check(self, etag: str) -> None:
        """Raises EtagMismatch when `etag` is set and not this version's."""
        if etag and etag != str(self.version):
            raise EtagMismatch(str(self.version))
