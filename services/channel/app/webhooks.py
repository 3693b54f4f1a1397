"""Providers bring messages and statuses; what they could not bring is fetched."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from kit import names
from kit.clock import Clock
from kit.errors import FrontdeskError
from kit.ids import OrganizationId
from kit.jobs import Again, Done, Job, Outcome, Park
from kit.limits import Limits
from services.channel.app.inbound_forwarder import InboundForwarder
from services.channel.app.media_fetching import MediaFetching
from services.channel.domain import channels, inbound
from services.channel.domain.channels import Channel, ChannelId, State
from services.channel.domain.deliveries import Report
from services.channel.domain.inbound import Responder, Sender
from services.channel.domain.limits import Rates
from services.channel.domain.providers import Item, ProviderError, Received, Reply, Webhook
from services.channel.ports import Channels, Deliveries
from services.channel.ports.providers import Providers

_log = logging.getLogger("frontdesk")


@dataclass(frozen=True, slots=True)
class WebhookApp:
    channels: Channels
    deliveries: Deliveries
    providers: Providers
    inbound_forwarder: InboundForwarder
    limits: Limits
    rates: Rates
    files: MediaFetching
    now: Clock
    poll_every: timedelta = timedelta(seconds=60)
    """How often a channel's past is read back."""

    async def take(self, organization: OrganizationId, id: ChannelId, webhook: Webhook) -> Reply:
        """Stores all that a webhook brings, and returns what its provider gets to hear. Once this returns it is on disk.

        Raises ChannelNotFound, ChannelKindMismatch, SignatureInvalid, WebhookInvalid and, for messages, ChannelPaused.
        """
        channel = await self.channels.get(organization, id)
        if channel is None:
            raise channels.ChannelNotFound(id)
        provider = self.providers.get(channel.kind)
        if provider is None:
            raise channels.ChannelKindMismatch(id, channel.kind)
        items = provider.receiver.read(channel, webhook)
        paused = channel.state is State.PAUSED
        for item in items:
            if isinstance(item, Report) or not paused:
                await self._take_in(channel, item)
        if paused and any(isinstance(item, Received) for item in items):
            raise channels.ChannelPaused(id)
        return provider.receiver.reply

    async def poll(self, job: Job) -> Outcome:
        """Does the job of reading back a channel's past: what customers wrote and no webhook brought.

        The cursor moves on only when everything before it is stored.
        """
        try:
            channel = await self.channels.get(job.organization, ChannelId(names.last(job.subject)))
        except FrontdeskError as error:  # its credentials cannot be opened
            return self._not_read(job, f"{error.reason}: {error.message}")
        fetcher = self.providers[channel.kind].fetcher if channel and channel.kind in self.providers else None
        if channel is None or fetcher is None:
            return Done()
        if channel.state is State.PAUSED:
            return Again(self.poll_every)
        try:
            fetched = await fetcher.fetch(channel, job.payload)
        except ProviderError as error:
            return self._not_read(job, error.problem)
        for item in fetched.items:
            await self._take_in(channel, item)
        return Again(timedelta() if fetched.more else self.poll_every, fetched.cursor)

    def _not_read(self, job: Job, problem: str) -> Outcome:
        detail = {"organization": job.organization, "subject": job.subject, "problem": problem}
        _log.warning("a channel's past could not be read", extra=detail)
        return Park(self.poll_every, problem)

    async def _take_in(self, channel: Channel, item: Item) -> None:
        if isinstance(item, Report):
            await self.deliveries.report(channel.organization, channel.id, item)
        else:
            await self._store(channel, item)

    async def _store(self, channel: Channel, received: Received) -> None:
        reply_to = await self._message(channel, received.replies_to) if received.replies_to else ""
        reach = self.providers[channel.kind].capabilities.reach(received.written or self.now())
        sender = replace(received.sender, reach=reach)
        arrival = inbound.arrive_by_provider(
            *(channel.organization, channel.id, received.source_id, sender, received.text, received.content),
            reply_to=reply_to,
        )
        if not await self.inbound_forwarder.has(arrival):
            over = await self._is_over(arrival.organization, received.sender)
            await self.files.expect(channel, received, fetch=not over)
            if over or arrival.is_blank:  # it shows nothing
                arrival = replace(arrival, responder=Responder.NOBODY)
        await self.inbound_forwarder.store(arrival)

    async def _message(self, channel: Channel, provider_id: str) -> str:
        """The message that a provider's id stands for: one of ours, or one of the customer's own."""
        organization = channel.organization
        ours = await self.deliveries.message(organization, channel.id, provider_id)
        return ours or await self.inbound_forwarder.message(organization, channel.id, provider_id)

    async def _is_over(self, organization: OrganizationId, sender: Sender) -> bool:
        """Whether a sender writes too often: the message is stored all the same."""
        return bool(await self.limits.take(self.rates.of(organization).of_sender(organization, sender)))
