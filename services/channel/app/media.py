"""Files are announced, their bytes arrive in pieces and are looked at, and a permitted reader gets a short link."""

import hashlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from kit import ids
from kit.clock import Clock
from kit.errors import RequestIdReused
from kit.ids import OrganizationId
from services.channel.app.participation import Participation
from services.channel.domain import file_names, media_types
from services.channel.domain.media import (
    REJECTED_KEPT,
    Announcement,
    ConversationMissing,
    FileKey,
    Media,
    MediaId,
    MediaNotConfigured,
    MediaNotFound,
    MediaNotReady,
    MediaQuotaExceeded,
    MediaState,
    OffsetMismatch,
    Party,
    Purpose,
    Quotas,
    UploadInProgress,
    UploadTooLarge,
)
from services.channel.domain.sessions import ConversationId, ConversationMismatch
from services.channel.ports.media import Link, Links, MediaFiles, MediaRecords

ORPHANED = timedelta(hours=1)
"""Bytes without a record are removed when they have not changed for so long."""
AT_ONCE = 100
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class MediaApp:
    records: MediaRecords
    participation: Participation
    files: MediaFiles | None
    """None: this installation keeps no files."""
    links: Links
    quotas: Quotas
    now: Clock
    unfinished_for: timedelta
    """How long an upload may take from its announcement to its last byte."""
    lease: timedelta
    """How long the right to upload to a file outlasts a process that has died."""

    async def create(self, party: Party, announced: Announcement) -> tuple[Media, Link | None]:
        """Announces a file; the same for a repeated `request_id`. The link is None when it is no longer UPLOADING.

        Raises MediaNotConfigured, ConversationMissing, ConversationMismatch, RequestIdReused, TooManyUploads or
        MediaQuotaExceeded.
        """
        self._configured()
        if party.customer is not None:
            if not announced.conversation:
                raise ConversationMissing
            if not await self._takes_part(party, announced.conversation):
                raise ConversationMismatch(announced.conversation)
        now = self.now()
        wanted = Media(
            organization=party.organization,
            id=MediaId(ids.new()),
            conversation=announced.conversation,
            uploader=party.subject,
            counted_by=party.counted_by,
            request_id=announced.request_id,
            file_name=file_names.clean(announced.file_name),
            declared_type=announced.declared_type,
            media_type="",
            size=announced.size,
            sha256="",
            state=MediaState.UPLOADING,
            created=now,
            expires=now + self.unfinished_for,
        )
        media = await self.records.add(wanted, self.quotas)
        if _announced(media) != _announced(wanted):
            raise RequestIdReused(announced.request_id)
        unfinished = media.state is MediaState.UPLOADING
        return media, self.links.issue(Purpose.UPLOAD, party, media.key) if unfinished else None

    async def get(self, party: Party, id: MediaId) -> Media:
        """The record of a file that the party may read. Raises MediaNotFound."""
        media = await self.records.get(FileKey(party.organization, id))
        if media is None or media.is_over(self.now()) or not await self._takes_part(party, media.conversation):
            raise MediaNotFound(id)
        return media

    async def _takes_part(self, party: Party, conversation: ConversationId) -> bool:
        """Everybody of the organization does, and the customer whose conversation it is."""
        return party.customer is None or await self.participation.has(party.organization, conversation, party.customer)

    async def download_link(self, party: Party, id: MediaId) -> Link:
        """A link to the bytes of a READY file. Raises MediaNotFound or MediaNotReady."""
        media = await self.get(party, id)
        if media.state is not MediaState.READY:
            raise MediaNotReady(id, media.state, media.problem)
        return self.links.issue(Purpose.DOWNLOAD, party, media.key)

    async def delete(self, party: Party, id: MediaId) -> None:
        """Removes a file. The record goes first, so that no record is READY without its bytes."""
        files, key = self._configured(), FileKey(party.organization, id)
        await self.records.remove(key, party.subject)
        await files.remove(key)

    async def progress(self, token: str) -> tuple[Media, int]:
        """The file that an upload link is for, and how many of its bytes are stored. Raises LinkInvalid or MediaNotFound."""
        media = await self._linked(Purpose.UPLOAD, token)
        return media, await self._offset(media)

    async def upload(self, token: str, offset: int, body: AsyncIterator[bytes], length: int | None) -> tuple[Media, int]:
        """Adds bytes at the end of a file; the file then, and how many are stored. With its last byte it is READY or REJECTED.

        `length`: of the body, where known. Raises LinkInvalid, MediaNotFound, OffsetMismatch, UploadInProgress, UploadTooLarge,
        StoreFull or MediaStoreUnavailable.
        """
        media = await self._linked(Purpose.UPLOAD, token)
        if offset + (length or 0) > media.size:
            raise UploadTooLarge(media.id, media.size)
        async with self._held(media) as hold:
            if hold is not None and offset < media.size:
                async with aclosing(_allowed(media, offset, body, hold)) as allowed:
                    stored = await self._configured().append(media.key, offset, allowed)
            elif (stored := await self._offset(media)) != offset:
                raise OffsetMismatch(media.id, stored)
            if hold is None or stored < media.size:
                return media, stored
            return await self._complete(media, hold), stored

    async def open(self, purpose: Purpose, token: str) -> tuple[Media, str]:
        """The READY file that a link is for, and the media type to send it as: one that browsers may show, or a provider's.

        Raises LinkInvalid, MediaNotFound or MediaNotReady.
        """
        media = await self._linked(purpose, token)
        if media.is_over(self.now()):
            raise MediaNotFound(media.id)
        if media.state is not MediaState.READY:
            raise MediaNotReady(media.id, media.state, media.problem)
        shown = media.media_type if media.inline else media_types.UNKNOWN
        return media, self.links.read(purpose, token).media_type or shown

    def holder(self, purpose: Purpose, token: str) -> str:
        """Whom a link was given to. Raises LinkInvalid."""
        return self.links.read(purpose, token).holder

    def read(self, media: Media, start: int, end: int) -> AsyncGenerator[bytes, None]:
        """The bytes of a READY file from `start` up to `end`, in pieces. Raises MediaStoreUnavailable."""
        return self._configured().read(media.key, start, end)

    async def sweep(self) -> int:
        """Removes expired files, with their bytes; how many."""
        if self.files is None:
            return 0
        expired = await self.records.expire(self.now(), AT_ONCE)
        for key in expired:
            await self.files.remove(key)
        return len(expired)

    async def erase(self, organization: OrganizationId) -> int:
        """Removes the bytes of some files of an organization that is erased; how many."""
        return 0 if self.files is None else await self.files.remove_some(organization, AT_ONCE)

    async def sweep_orphans(self) -> int:
        """Removes bytes that have no record, such as those of a file whose removal was cut off; how many."""
        if self.files is None:
            return 0
        removed, batch = 0, set[FileKey]()
        before = self.now() - ORPHANED
        async for stored in self.files.stored():
            if stored.changed < before:
                batch.add(stored.key)
            if len(batch) >= AT_ONCE:
                removed += await self._remove_orphans(batch)
                batch.clear()
        return removed + await self._remove_orphans(batch)

    async def _remove_orphans(self, keys: set[FileKey]) -> int:
        orphans = keys - await self.records.known(keys)
        for key in orphans:
            await self._configured().remove(key)
        return len(orphans)

    async def keep(self, media: Media, content: bytes) -> Media:
        """Stores the bytes of a FETCHING file: it is READY or REJECTED then.

        Raises MediaNotConfigured, MediaQuotaExceeded, UploadInProgress, StoreFull or MediaStoreUnavailable.
        """
        files, sized = self._configured(), replace(media, size=len(content))
        async with self._holding(sized) as hold:
            await files.remove(media.key)  # of an attempt that broke off
            await files.append(media.key, 0, _pieces(content))
            try:
                return await self._complete(sized, hold, self.quotas)
            except (MediaQuotaExceeded, UploadInProgress):
                await files.remove(media.key)
                raise

    async def give_up(self, media: Media) -> None:
        """Stores why a file could not be fetched."""
        async with self._holding(media) as hold:
            await self.records.finish(media, hold.holder)

    async def _complete(self, media: Media, hold: "_Hold", quotas: Quotas | None = None) -> Media:
        """Looks at what is sealed, since no one can change that any more."""
        files = self._configured()
        await hold.prolong()
        await files.seal(media.key, media.size)
        digest, head = hashlib.sha256(), b""
        async for piece in files.read(media.key, 0, media.size):
            digest.update(piece)
            head = head or piece[: media_types.HEAD_BYTES]
            await hold.check()
        media_type = media_types.sniff(head)
        seen = replace(media, media_type=media_type, sha256=digest.hexdigest(), state=MediaState.READY, expires=None)
        if media_type in media_types.REJECTED:
            seen = replace(seen, state=MediaState.REJECTED, expires=self.now() + REJECTED_KEPT)
        counting = quotas if seen.state is MediaState.READY else None
        if not await self.records.finish(seen, hold.holder, counting):
            raise UploadInProgress(media.id, self.lease)
        if seen.state is MediaState.REJECTED:
            await files.remove(media.key)
        return seen

    @asynccontextmanager
    async def _held(self, media: Media) -> AsyncIterator["_Hold | None"]:
        """The sole right to change an UPLOADING file; None for one that is complete. Raises UploadInProgress."""
        if media.state is not MediaState.UPLOADING:
            yield None
            return
        async with self._holding(media) as hold:
            yield hold

    @asynccontextmanager
    async def _holding(self, media: Media) -> AsyncIterator["_Hold"]:
        """The sole right to change a file. Raises UploadInProgress."""
        hold = _Hold(self.records, media.key, self.lease)
        await hold.prolong()
        try:
            yield hold
        finally:
            await self.records.release(media.key, hold.holder)

    async def _offset(self, media: Media) -> int:
        if media.state is MediaState.UPLOADING:
            return await self._configured().size(media.key)
        return media.size

    async def _linked(self, purpose: Purpose, token: str) -> Media:
        key = self.links.read(purpose, token).key
        media = await self.records.get(key)
        if media is None:
            raise MediaNotFound(key.id)
        return media

    def _configured(self) -> MediaFiles:
        if self.files is None:
            raise MediaNotConfigured
        return self.files


@dataclass
class _Hold:
    """A right to upload to one file. It is prolonged while bytes come, and seen to be lost before more are written."""

    records: MediaRecords
    key: FileKey
    lease: timedelta
    holder: str = field(default_factory=ids.new)
    prolonged: float = 0.0

    async def prolong(self) -> None:
        """Raises UploadInProgress when another request has the right."""
        before = time.monotonic()
        wait = await self.records.hold(self.key, self.holder, self.lease)
        if wait is not None:
            raise UploadInProgress(self.key.id, wait)
        self.prolonged = before

    async def check(self) -> None:
        """Prolongs the right when a third of its time has gone."""
        if time.monotonic() - self.prolonged > self.lease.total_seconds() / 3:
            await self.prolong()


async def _allowed(media: Media, offset: int, body: AsyncIterator[bytes], hold: _Hold) -> AsyncGenerator[bytes, None]:
    """A body while it fits, and while its request has the right to upload."""
    async for piece in body:
        offset += len(piece)
        if offset > media.size:
            raise UploadTooLarge(media.id, media.size)
        await hold.check()
        yield piece


async def _pieces(content: bytes) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]


def _announced(media: Media) -> Sequence[object]:
    """The answer that a repeated announcement gets again."""
    return media.conversation, media.file_name, media.declared_type, media.size
