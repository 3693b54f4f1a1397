"""A customer writes, types and asks for a human; an admin looks after what did not get through."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from kit.clock import Clock
from kit.errors import DeadlineExceeded, Unavailable
from services.channel.app.courier import Courier
from services.channel.domain import inbound
from services.channel.domain.channels import OrganizationId
from services.channel.domain.inbound import Inbound, InboundId, InboundState, Sent, Standing, Writer
from services.channel.ports import Conversations, Inbounds

KEPT = timedelta(days=7)
"""How long a repeated request_id is recognised."""


@dataclass(frozen=True, slots=True)
class MessageApp:
    inbounds: Inbounds
    conversations: Conversations
    courier: Courier
    now: Clock

    async def send(self, writer: Writer, text: str, request_id: str) -> Sent:
        """Stores a message, then brings it to core. Once this returns it is on disk, and will be in the conversation once.

        Raises TextEmpty, RequestIdReused, and what core refuses it with.
        """
        arrival = inbound.arrive(writer, text, request_id)
        stored, accepted = await self.courier.take_in(arrival)
        if accepted is None:
            return Sent(Standing.QUEUED, arrival, stored.created)
        return Sent(Standing.ACCEPTED, arrival, accepted.created, accepted.message, accepted.seq)

    async def set_typing(self, writer: Writer, typing: bool) -> None:
        """Says that the customer types. A hint: it may be lost."""
        with suppress(Unavailable, DeadlineExceeded):
            await self.conversations.set_typing(writer.organization, writer.conversation, typing)

    async def request_human(self, writer: Writer, reason: str) -> str:
        """Puts the conversation in line for an agent; its state after that: WAITING or ASSIGNED."""
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
        """Deletes what was brought over so long ago that nobody repeats it."""
        return await self.inbounds.sweep(self.now() - KEPT)
