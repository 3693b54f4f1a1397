"""Providers bring messages and statuses; what they could not bring is fetched."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from kit import excerpts
from kit.ids import OrganizationId
from kit.limits import Limits
from services.channel.app.inbound_forwarder import InboundForwarder
from services.channel.domain import channels, inbound
from services.channel.domain.channels import Channel, ChannelId, Kind, State
from services.channel.domain.deliveries import Report
from services.channel.domain.inbound import Arrival, Responder, Sender
from services.channel.domain.limits import CustomerRates
from services.channel.domain.providers import ProviderError, Received, Webhook
from services.channel.ports import Channels, Deliveries, Poll, Polls, Providers

EVERY = timedelta(seconds=60)
"""How often a channel's past is read back."""
OVERLAP = timedelta(minutes=5)
"""How much of what was read is read again: providers show messages late, and clocks differ."""
MAX_POLLED = 8
MAX_QUOTED = 80

_log = logging.getLogger("frontdesk")


@dataclass(frozen=True, slots=True)
class WebhookApp:
    channels: Channels
    deliveries: Deliveries
    polls: Polls
    providers: Providers
    inbound_forwarder: InboundForwarder
    limits: Limits
    rates: CustomerRates

    async def take(self, organization: OrganizationId, id: ChannelId, kind: Kind, webhook: Webhook) -> None:
        """Stores what a webhook brings. Once this returns it is on disk.

        Raises ChannelNotFound, ChannelKindMismatch, SignatureInvalid, WebhookInvalid and, for messages, ChannelPaused.
        """
        channel = await self.channels.get(organization, id)
        if channel is None:
            raise channels.ChannelNotFound(id)
        if channel.kind is not kind:
            raise channels.ChannelKindMismatch(id, channel.kind)
        match self.providers[kind].read(channel, webhook):
            case Received() as received:
                if channel.state is State.PAUSED:
                    raise channels.ChannelPaused(id)
                await self._take_in(channel, received)
            case Report() as report:
                await self.deliveries.report(organization, id, report)

    async def poll(self, every: timedelta = EVERY) -> int:
        """Fetches what customers wrote and no webhook brought; how many channels were read."""
        due = await self.polls.due(every, MAX_POLLED)
        await asyncio.gather(*(self._poll(poll) for poll in due))
        return len(due)

    async def _poll(self, poll: Poll) -> None:
        channel = poll.channel
        try:
            found = await self.providers[channel.kind].received(channel, poll.since - OVERLAP)
        except ProviderError as error:
            detail = {"organization": channel.organization, "channel": channel.id, "problem": error.problem}
            _log.warning("a channel's past could not be read", extra=detail)
            return
        for received in found:
            await self._take_in(channel, received)
        await self.polls.done(poll)

    async def _take_in(self, channel: Channel, received: Received) -> None:
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
        over = bool(await self.limits.take(self.rates.of_sender(arrival.organization, sender)))
        return over or arrival.is_blank


def _first_line(text: str) -> str:
    return excerpts.excerpt(text.strip().partition("\n")[0], MAX_QUOTED)
