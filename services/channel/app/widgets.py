"""Web chats as their pages show them, before and beside a session. Everybody may ask, so answers are kept for moments."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kit.clock import Clock
from kit.errors import FrontdeskError
from kit.ids import OrganizationId
from services.channel.app.businesses import Businesses
from services.channel.app.recent import Recent
from services.channel.domain import channels, widgets
from services.channel.domain.availability import HumanAvailability, Team, human_availability
from services.channel.domain.channels import Channel, ChannelId, WebChatConfig
from services.channel.domain.sessions import ConversationId
from services.channel.domain.web_chat import AssistantOff, Logo, RatingsOff, is_origin
from services.channel.domain.widgets import Widget
from services.channel.ports import Channels, Teams

CHANNEL_SECONDS = 2.0
TEAM_SECONDS = 3.0
SEEN_SECONDS = 10.0
MAX_SEEN = 10_000


@dataclass(frozen=True)
class WidgetApp:
    """Web chats, as everybody may see them."""

    channels: Channels
    teams: Teams | None
    """None: the agent service is not set up here."""
    businesses: Businesses
    now: Clock
    files: bool
    """Whether files can be sent."""
    check_organization: Callable[[OrganizationId], None] = lambda organization: None
    """Raises OrganizationSuspended."""
    _seen: dict[tuple[OrganizationId, ChannelId], float] = field(default_factory=dict)
    _channels: Recent[tuple[OrganizationId, ChannelId], Channel] = field(init=False)
    _teams: Recent[OrganizationId, Team | None] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_channels", Recent(self._fetch_channel, CHANNEL_SECONDS))
        object.__setattr__(self, "_teams", Recent(self._fetch_team, TEAM_SECONDS))

    async def get(self, organization: OrganizationId, id: ChannelId, wanted: Sequence[str]) -> Widget:
        """A web chat in the first of the `wanted` languages that it is offered in.

        Raises ChannelNotFound, ChannelKindMismatch, ChannelPaused and OrganizationSuspended.
        """
        channel, config = await self.find(organization, id)
        if channel.state is channels.State.PAUSED:
            raise channels.ChannelPaused(id)
        language = widgets.language_of(config, wanted)
        return Widget(
            channel=channel,
            config=config,
            language=language,
            texts=widgets.texts_of(config, language),
            assistant_answers=self._assistant_answers(channel),
            files=self.files,
            availability=await self.availability(organization),
        )

    async def find(self, organization: OrganizationId, id: ChannelId) -> tuple[Channel, WebChatConfig]:
        """A web chat, also a paused one. Raises ChannelNotFound, ChannelKindMismatch and OrganizationSuspended."""
        self.check_organization(organization)
        channel = await self._channels.get((organization, id))
        if not isinstance(channel.config, WebChatConfig):
            raise channels.ChannelKindMismatch(id, channel.kind)
        return channel, channel.config

    async def note_seen(self, widget: Widget, origin: str) -> None:
        """Notes that another site loads a web chat: a listed one, or any where none is listed; at most each 10 seconds."""
        channel, allowed = widget.channel, widget.config.allowed_origins
        key, now = (channel.organization, channel.id), time.monotonic()
        recently = now - self._seen.get(key, float("-inf")) < SEEN_SECONDS
        if recently or not is_origin(origin) or (allowed and origin not in allowed):
            return
        self._seen.pop(key, None)
        self._seen[key] = now
        if len(self._seen) > MAX_SEEN:
            del self._seen[next(iter(self._seen))]
        await self.channels.note_seen(channel.organization, channel.id, origin)

    async def logo(self, organization: OrganizationId, id: ChannelId, sha256: str) -> Logo | None:
        """The logo of a channel, if it still has this one."""
        return await self.channels.logo(organization, id, sha256)

    async def availability(self, organization: OrganizationId, conversation: ConversationId | None = None) -> HumanAvailability:
        """Whether a human is there, and a conversation's place in the queue."""
        now = self.now()
        team = await self._teams.get(organization)
        return human_availability(team, self.businesses.opened(organization, now), now, conversation)

    async def check_ratings(self, organization: OrganizationId, id: ChannelId) -> None:
        """Raises RatingsOff where a channel asks for none."""
        _, config = await self.find(organization, id)
        if config.ratings_off:
            raise RatingsOff(id)

    async def check_assistant(self, organization: OrganizationId, id: ChannelId) -> None:
        """Raises AssistantOff where only humans answer."""
        channel, _ = await self.find(organization, id)
        if not self._assistant_answers(channel):
            raise AssistantOff(id)

    def _assistant_answers(self, channel: Channel) -> bool:
        return not channel.assistant_off and self.businesses.assistant_answers(channel.organization)

    async def _fetch_channel(self, key: tuple[OrganizationId, ChannelId]) -> Channel:
        channel = await self.channels.get(*key)
        if channel is None:
            raise channels.ChannelNotFound(key[1])
        return channel

    async def _fetch_team(self, organization: OrganizationId) -> Team | None:
        """None while it is not known: nothing a customer does depends on it."""
        if self.teams is None:
            return None
        try:
            return await self.teams.get(organization)
        except FrontdeskError:
            return None
