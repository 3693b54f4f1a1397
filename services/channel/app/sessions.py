"""A browser opens a web chat, and comes back to it."""

from dataclasses import dataclass, replace
from datetime import datetime

from kit import addresses, ids
from kit.clock import Clock
from kit.ids import OrganizationId
from kit.limits import Limits
from services.channel.domain import channels, facts, limits, sessions
from services.channel.domain.channels import Channel, ChannelId, WebChatConfig
from services.channel.domain.sessions import Grant, Identity, Session, SessionId
from services.channel.ports import Blocks, Channels, Conversations, Identities, Sessions, Tokens


@dataclass(frozen=True, slots=True)
class Opening:
    """What a browser says when it opens a chat."""

    organization: OrganizationId
    channel: ChannelId
    identity_token: str
    display_name: str
    language: str
    origin: str
    """As its browser sends it; empty from programs."""
    address: str
    """The network address it comes from."""


@dataclass(frozen=True, slots=True)
class SessionApp:
    channels: Channels
    sessions: Sessions
    conversations: Conversations
    identities: Identities
    tokens: Tokens
    limits: Limits
    blocks: Blocks
    now: Clock
    opens_per_minute: int
    """How many sessions one network address may open."""
    refreshes_per_minute: int

    async def open(self, opening: Opening) -> Grant:
        """Opens a session for a new customer, or for the one that the identity token names."""
        now = self.now()
        await self._limit(opening.organization, f"open:{addresses.network_of(opening.address)}", self.opens_per_minute)
        channel, config = await self._web_chat(opening.organization, opening.channel)
        sessions.check_origin(channel.id, config, opening.origin)
        identity = self._identity(channel, config, opening.identity_token)
        id = SessionId(ids.new())
        name = (identity.display_name if identity else "") or opening.display_name.strip()
        place = await self.conversations.open(
            channel.organization, channel.id, f"id:{identity.subject}" if identity else id, name, opening.language
        )
        if await self.blocks.has(channel.organization, place.customer):
            raise sessions.CustomerBlocked(place.customer)
        session = Session(
            organization=channel.organization,
            channel=channel.id,
            id=id,
            conversation=place.conversation,
            customer=place.customer,
            display_name=name,
            identified=identity is not None,
            created=now,
            expires=now + sessions.LIFETIME,
        )
        secret = sessions.new_secret()
        fact = facts.SessionOpened(channel.id, id, place.conversation, place.customer, session.identified)
        await self.sessions.add(session, sessions.secret_hash(secret), fact)
        return self._grant(session, secret, channel, config, now)

    async def refresh(
        self, organization: OrganizationId, channel_id: ChannelId, id: SessionId, secret: str, address: str
    ) -> Grant:
        """A new token and secret in exchange for a secret. Raises SessionExpired or SessionSecretInvalid."""
        await self._limit(organization, f"refresh:{addresses.network_of(address)}", self.refreshes_per_minute)
        now = self.now()
        session = await self.sessions.get(organization, channel_id, id)
        if session is None or session.expires <= now:
            raise sessions.SessionExpired(id)
        old = sessions.secret_hash(secret)
        use = await self.sessions.look_up(id, old)
        if use is None:
            raise sessions.SessionSecretInvalid(id)
        if sessions.is_stolen(use, now):
            await self.sessions.end(organization, id, facts.SessionEnded(channel_id, id))
            raise sessions.SessionExpired(id)
        if await self.blocks.has(organization, session.customer):
            raise sessions.CustomerBlocked(session.customer)
        try:
            channel, config = await self._web_chat(organization, channel_id)
        except channels.ChannelNotFound as error:
            raise sessions.SessionExpired(id) from error
        fresh = sessions.new_secret()
        session = replace(session, expires=now + sessions.LIFETIME)
        await self.sessions.rotate(id, old, sessions.secret_hash(fresh), now, session.expires)
        return self._grant(session, fresh, channel, config, now)

    async def sweep(self) -> int:
        """Deletes sessions that have expired."""
        return await self.sessions.sweep(self.now())

    async def _limit(self, organization: OrganizationId, key: str, per_minute: int) -> None:
        if wait := await self.limits.take(limits.of_sessions(organization, key, per_minute)):
            raise sessions.TooManyRequests(wait)

    async def _web_chat(self, organization: OrganizationId, id: ChannelId) -> tuple[Channel, WebChatConfig]:
        channel = await self.channels.get(organization, id)
        if channel is None:
            raise channels.ChannelNotFound(id)
        if not isinstance(channel.config, WebChatConfig):
            raise channels.ChannelKindMismatch(id, channel.kind)
        if channel.state is channels.State.PAUSED:
            raise channels.ChannelPaused(id)
        return channel, channel.config

    def _identity(self, channel: Channel, config: WebChatConfig, token: str) -> Identity | None:
        if not token:
            if config.identity_required:
                raise sessions.IdentityInvalid(channel.id, "missing")
            return None
        secret = channel.credentials.get("web_chat.identity_secret", "")
        if not secret:
            raise sessions.IdentityInvalid(channel.id, "not checkable, because the channel has no identity_secret")
        return self.identities.verify(channel.id, secret, token)

    def _grant(self, session: Session, secret: str, channel: Channel, config: WebChatConfig, known: datetime) -> Grant:
        token, expires = self.tokens.issue(session, known)
        return Grant(session, secret, token, expires, config.greeting, channel.display_name)
