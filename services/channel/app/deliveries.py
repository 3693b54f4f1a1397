"""Messages of a conversation become deliveries; people see how far they have come, and retry failed ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kit import ids
from kit.clock import Clock
from kit.ids import OrganizationId
from services.channel.domain.deliveries import (
    Delivery,
    DeliveryId,
    DeliveryNotFailed,
    DeliveryNotFound,
    DeliveryState,
    Outgoing,
)
from services.channel.domain.providers import OutboundContent
from services.channel.domain.sessions import ConversationId
from services.channel.ports import Channels, Deliveries, Outbox
from services.channel.ports.providers import Providers


@dataclass(frozen=True, slots=True)
class DeliveryApp:
    channels: Channels
    deliveries: Deliveries
    providers: Providers
    now: Clock

    async def queue(self, outbox: Outbox, outgoing: Outgoing, wording: OutboundContent) -> None:
        """Queues a message in parts. Doing it again changes nothing. A channel that is gone says nothing."""
        channel = await self.channels.get(outgoing.organization, outgoing.channel)
        provider = self.providers.get(channel.kind) if channel else None
        if provider is None:
            return
        now = self.now()
        texts = provider.sender.parts(wording) if wording.text or wording.sources else []
        parts = [*((text, "") for text in texts), *(("", media) for media in wording.files)]
        await outbox.add(
            [
                Delivery(DeliveryId(ids.new()), outgoing, number, text, now, now, media=media)
                for number, (text, media) in enumerate(parts, 1)
            ]
        )

    async def get(self, organization: OrganizationId, id: DeliveryId) -> Delivery:
        """One delivery. Raises DeliveryNotFound."""
        found = await self.deliveries.get(organization, id)
        if found is None:
            raise DeliveryNotFound(id)
        return found

    async def list(
        self,
        organization: OrganizationId,
        state: DeliveryState | None,
        conversation: ConversationId | None,
        before: tuple[datetime, str] | None,
        limit: int,
    ) -> Sequence[Delivery]:
        """Deliveries, the newest first; `before`: (created, id) of the last one seen."""
        return await self.deliveries.list(organization, state, conversation, before, limit)

    async def retry(self, organization: OrganizationId, id: DeliveryId, request_id: str) -> Delivery:
        """Sends a FAILED delivery again. Raises DeliveryNotFound or DeliveryNotFailed."""
        retried = await self.deliveries.retry(organization, id, request_id)
        if retried is None:
            raise DeliveryNotFailed(id, (await self.get(organization, id)).state)
        return retried
