"""Providers bring messages and statuses; what they could not bring is fetched."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from kit import excerpts, names
from kit.errors import FrontdeskError
from kit.ids import OrganizationId
from kit.jobs import Again, Done, Job, Outcome, Park
from kit.limits import Limits
from services.channel.app.inbound_forwarder import InboundForwarder
from services.channel.domain import channels, inbound
from services.channel.domain.channels import Channel, ChannelId, State
from services.channel.domain.deliveries import Report
from services.channel.domain.inbound import Arrival, Responder, Sender
from services.channel.domain.limits import Rates
from services.channel.domain.providers import Item, ProviderError, Received, Reply, Webhook
from services.channel.ports import Channels, Deliveries
from services.channel.ports.providers import Providers

MAX_QUOTED = 80

_log = logging.getLogger("frontdesk")


@dataclass(frozen=True, slots=True)
class WebhookApp:
    channels: Channels
    deliveries: Deliveries
    providers: Providers
    inbound_forwarder: InboundForwarder
    limits: Limits
    rates: Rates
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
        text = received.text
        if received.replies_to:
            quoted = await self.deliveries.known(channel.organization, [received.replies_to])
            text = "".join(f"> {_first_line(line)}\n" for line in quoted.values()) + text
        arrival = inbound.arrive_by_provider(
            channel.organization, channel.id, received.source_id, received.sender, text, received.content
        )
        if not await self.inbound_forwarder.has(arrival) and await self._starts_nothing(arrival, received.sender):
            arrival = replace(arrival, responder=Responder.NOBODY)
        await self.inbound_forwarder.store(arrival)

    async def _starts_nothing(self, arrival: Arrival, sender: Sender) -> bool:
        """Whether a message shows nothing, or its sender writes too often: it is stored all the same."""
        over = bool(await self.limits.take(self.rates.of(arrival.organization).of_sender(arrival.organization, sender)))
        return over or arrival.is_blank


def _first_line(text: str) -> str:
    return excerpts.excerpt(text.strip().partition("\n")[0], MAX_QUOTED)
