"""A customer writes, types and asks for a human; an admin looks after what did not get through."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from kit.clock import Clock
from kit.errors import DeadlineExceeded, FrontdeskError, Unavailable
from kit.ids import OrganizationId
from kit.limits import Bucket, Limits
from services.channel.app.inbound_forwarder import InboundForwarder
from services.channel.app.participation import Participation
from services.channel.domain import inbound
from services.channel.domain.inbound import Accepted, Arrival, Inbound, InboundId, InboundState, Said, Sent, Stored, Writer
from services.channel.domain.limits import Rates
from services.channel.domain.sessions import ConversationMismatch, TooManyRequests
from services.channel.ports import Conversations, Inbounds

KEPT = timedelta(days=7)
"""How long a repeated request_id is recognised."""


@dataclass(frozen=True, slots=True)
class MessageApp:
    inbounds: Inbounds
    conversations: Conversations
    inbound_forwarder: InboundForwarder
    participation: Participation
    now: Clock
    limits: Limits
    rates: Rates

    async def send(self, writer: Writer, said: Said, request_id: str) -> Sent:
        """Stores a message, then brings it to core. Once this returns it is on disk, and will be in the conversation once.

        Raises TextEmpty, TextTooLong, PartNotAllowed, RequestIdReused, TooManyRequests, ChannelPaused, ChannelNotFound,
        SessionExpired, ConversationMismatch, and what core refuses it with.
        """
        arrival = inbound.arrive(writer, said, request_id)
        try:
            stored, accepted = await self._accept(writer, arrival)
        except ConversationMismatch:  # or core has not been asked yet
            await self.participation.check(writer)
            stored, accepted = await self._accept(writer, arrival)
        return Sent(arrival, stored.created, accepted)

    async def _accept(self, writer: Writer, arrival: Arrival) -> tuple[Stored, Accepted | None]:
        return await self.inbound_forwarder.accept(arrival, self._counted(writer, arrival))

    @asynccontextmanager
    async def _counted(self, writer: Writer, arrival: Arrival) -> AsyncIterator[None]:
        """Counts a message that is stored within. A repetition passes; what could not be stored does not count."""
        buckets = self.rates.of(writer.organization).of_message(writer)
        wait = await self.limits.take(*buckets)
        if wait and not await self.inbounds.has(arrival):
            raise TooManyRequests(wait)
        try:
            yield
        except FrontdeskError:
            raise
        except Exception:
            if not wait:
                await self.limits.give_back(*buckets)
            raise

    async def set_typing(self, writer: Writer, typing: bool) -> None:
        """Says that the customer types. A hint: it may be lost. Raises TooManyRequests and ConversationMismatch."""
        await self._limit(self.rates.of(writer.organization).of_typing(writer))
        with suppress(Unavailable, DeadlineExceeded):
            await self.participation.check(writer)
            await self.conversations.set_typing(writer.organization, writer.conversation, typing)

    async def start_chat(self, writer: Writer) -> None:
        """A stream begins. Raises TooManyRequests and ConversationMismatch."""
        await self._limit(self.rates.of(writer.organization).of_typing(writer))
        await self.participation.check(writer)

    async def _limit(self, buckets: tuple[Bucket, ...]) -> None:
        if wait := await self.limits.take(*buckets):
            raise TooManyRequests(wait)

    async def request_human(self, writer: Writer, reason: str) -> str:
        """Puts the conversation in line for an agent; its state then: WAITING or ASSIGNED. Raises ConversationMismatch."""
        await self.participation.check(writer)
        return await self.conversations.request_human(writer.organization, writer.conversation, reason.strip())

    async def list(
        self, organization: OrganizationId, state: InboundState | None, before: InboundId | None, limit: int
    ) -> Sequence[Inbound]:
        """Received messages, the newest first, older than `before`."""
        return await self.inbounds.list(organization, state, before, limit)

    async def retry(self, organization: OrganizationId, id: InboundId) -> Inbound:
        """Brings a DEAD message back. Raises InboundMessageNotFound or InboundMessageNotDead."""
        revived = await self.inbounds.revive(organization, id, self.now())
        if revived is not None:
            return revived
        current = await self.inbounds.get(organization, id)
        if current is None:
            raise inbound.InboundMessageNotFound(id)
        raise inbound.InboundMessageNotDead(id, current.state)

    async def sweep(self) -> int:
        """Deletes what was brought over so long ago that no one repeats it."""
        return await self.inbounds.sweep(self.now() - KEPT)
