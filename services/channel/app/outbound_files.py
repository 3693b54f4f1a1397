"""Files of agents' messages on their way to a provider, which fetches each from a link of ours."""

from dataclasses import dataclass

from kit.clock import Clock
from services.channel.domain import media_types
from services.channel.domain.deliveries import Delivery, OutboundFile
from services.channel.domain.media import FileKey, MediaId, MediaState, Party, Purpose
from services.channel.domain.providers import Capabilities, Refused
from services.channel.ports.media import Links, MediaRecords


@dataclass(frozen=True, slots=True)
class OutboundFiles:
    records: MediaRecords
    links: Links
    now: Clock
    public_url: str
    """The address at which providers reach the gateway; empty: they don't."""

    async def of(self, item: Delivery, capabilities: Capabilities) -> OutboundFile | None:
        """The file of a delivery; None for a text. Raises Refused when it can't leave, with the reason for an agent."""
        if not item.media:
            return None
        if not self.public_url:
            raise Refused("The provider can't fetch files from here: the operator has to set FRONTDESK_PUBLIC_URL.")
        out = item.outgoing
        media = await self.records.get(FileKey(out.organization, MediaId(item.media)))
        if media is None or media.is_over(self.now()) or media.conversation != out.conversation:
            raise Refused("The file was removed, or belongs to another conversation: attach it again.")
        if media.state is not MediaState.READY:
            raise Refused(f"The file is {media.state.name}: send it when it is READY.")
        media_type = media_types.refined(media.media_type, media.file_name)
        limit = capabilities.media.get(media_type)
        if limit is None:
            raise Refused(f"This channel can't carry files of the type {media_type}: send another format.")
        if media.size > limit:
            raise Refused(f"This channel carries files of the type {media_type} up to {limit:,} bytes: send a smaller one.")
        link = self.links.issue(Purpose.DELIVERY, Party(out.organization, "services/channel"), media.key, media_type)
        return OutboundFile(f"{self.public_url.rstrip('/')}/v1/media/{link.purpose}/{link.token}", media_type)
