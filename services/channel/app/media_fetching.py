"""Files of customers who write by a provider: their bytes are fetched after the message, which never waits for them."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

from kit import names
from kit.clock import Clock
from kit.errors import FrontdeskError
from kit.ids import OrganizationId
from kit.jobs import Bury, Fail, Job, Outcome, Park
from services.channel.app.media import MediaApp
from services.channel.domain import file_names
from services.channel.domain.channels import Channel, ChannelId
from services.channel.domain.media import (
    MAX_BYTES,
    FileKey,
    Media,
    MediaId,
    MediaNotConfigured,
    MediaNotFailed,
    MediaNotFound,
    MediaQuotaExceeded,
    MediaState,
)
from services.channel.domain.providers import ProviderError, Received, Refused, RemoteFile
from services.channel.domain.queues import FILES
from services.channel.domain.sessions import ConversationId
from services.channel.ports import Blocks, Channels, Conversations
from services.channel.ports.media import MediaRecords
from services.channel.ports.providers import Providers

MAX_WAIT = timedelta(days=7)
"""How long a file is expected whose message does not get to core."""
CORE_AWAY = timedelta(seconds=2)
MAX_OF_ORGANIZATION = 2
"""Files of one organization that are fetched at once in a process: the last of the queue's places is for others."""
STEP = timedelta(milliseconds=300)
"""How much longer than the one before it a file waits that finds its organization's places taken."""
MAX_STEPS = 200
_CHANNEL_GONE = "Its channel was removed before it was fetched."
_TOO_OFTEN = "The customer was writing too often, so it wasn't fetched."
_BLOCKED = "The customer is blocked, so it wasn't fetched."


@dataclass(frozen=True, slots=True)
class MediaFetching:
    """Does the jobs of files, those of several organizations side by side."""

    records: MediaRecords
    media: MediaApp
    channels: Channels
    conversations: Conversations
    providers: Providers
    blocks: Blocks
    now: Clock
    _running: Counter[OrganizationId] = field(default_factory=Counter)
    _waiting: Counter[OrganizationId] = field(default_factory=Counter)
    """How many have found no place since one was given back."""

    async def expect(self, channel: Channel, received: Received, fetch: bool = True) -> None:
        """Notes the files of a message that is about to be stored. Without `fetch` they are FAILED until someone retries."""
        if received.files:
            await self.records.expect([self._expected(channel, received, file, fetch) for file in received.files])

    def _expected(self, channel: Channel, received: Received, file: RemoteFile, fetch: bool) -> Media:
        now = self.now()
        number = received.files.index(file)
        return Media(
            organization=channel.organization,
            id=file.id,
            conversation=ConversationId(""),
            uploader=f"channels/{channel.id}",
            counted_by="",
            request_id=f"{received.source_id}/{number}",
            file_name=file_names.nameless(file.media_type),
            declared_type=file.media_type,
            media_type="",
            size=0,
            sha256="",
            state=MediaState.FETCHING if fetch else MediaState.FAILED,
            created=now,
            expires=now + MAX_WAIT,
            remote=file.reference,
            problem="" if fetch else _TOO_OFTEN,
        )

    async def retry(self, organization: OrganizationId, id: MediaId) -> Media:
        """Fetches a FAILED file again. Raises MediaNotFound or MediaNotFailed."""
        key = FileKey(organization, id)
        if media := await self.records.refetch(key, restart=True):
            return media
        known = await self.records.get(key)
        if known is None:
            raise MediaNotFound(id)
        if known.state is not MediaState.FETCHING:
            raise MediaNotFailed(id, known.state)
        return known

    async def handle(self, job: Job) -> Outcome | None:
        """Fetches a file, when core has its message."""
        if self._running[job.organization] >= MAX_OF_ORGANIZATION:
            self._waiting[job.organization] += 1
            return Park(STEP * min(self._waiting[job.organization], MAX_STEPS))
        self._running[job.organization] += 1
        try:
            return await self._handle(job)
        finally:
            self._running[job.organization] -= 1
            del self._waiting[job.organization]
            if not self._running[job.organization]:
                del self._running[job.organization]

    async def _handle(self, job: Job) -> Outcome | None:
        key = FileKey(job.organization, MediaId(names.last(job.subject)))
        media = await self.records.refetch(key, restart=False) or await self.records.get(key)
        if media is None or media.state is not MediaState.FETCHING:
            return None
        linked = media if media.conversation else await self.records.link(media)
        if linked is None:
            return Park(min(max((self.now() - job.created) / 2, timedelta(seconds=1)), timedelta(minutes=1)))
        try:
            found = await self.conversations.find(job.organization, linked.conversation)
        except FrontdeskError as error:
            return Park(CORE_AWAY, f"{error.reason}: {error.message}")
        if found is None:  # it was erased while this was on its way
            await self.records.remove(key, linked.uploader)
            return None
        linked = replace(linked, counted_by=f"customers/{found.customer}", created=self.now())  # its bytes count today
        if await self.blocks.has(job.organization, found.customer):
            await self._give_up(linked, _BLOCKED)  # no dead letter: nothing is wrong
            return None
        return await self._fetch(job, linked)

    async def _fetch(self, job: Job, media: Media) -> Outcome | None:
        channel = await self.channels.get(job.organization, ChannelId(names.last(media.uploader)))
        fetcher = self.providers[channel.kind].files if channel and channel.kind in self.providers else None
        if channel is None or fetcher is None:
            return await self._failed(media, _CHANNEL_GONE)
        try:
            await self.records.check_day(media, self.media.quotas)
            await self.media.keep(media, await fetcher.fetch_file(channel, media.remote, MAX_BYTES))
        except (Refused, MediaNotConfigured, MediaQuotaExceeded) as error:
            return await self._failed(media, str(error))
        except ProviderError as error:
            if job.attempts < FILES.max_attempts:
                return Fail(error.problem)
            return await self._failed(media, error.problem)
        return None

    async def _failed(self, media: Media, problem: str) -> Outcome:
        await self._give_up(media, problem)
        return Bury(problem)

    async def _give_up(self, media: Media, problem: str) -> None:
        await self.media.give_up(replace(media, state=MediaState.FAILED, problem=problem))
