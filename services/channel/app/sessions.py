"""A browser opens a web chat, comes back to it, and starts further conversations in it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from kit import addresses, ids
from kit.clock import Clock
from kit.ids import OrganizationId
from kit.limits import Limits
from kit.text import shown_name
from services.channel.domain import channels, facts, limits, sessions, widgets
from services.channel.domain.channels import Channel, ChannelId, WebChatConfig
from services.channel.domain.inbound import Writer
from services.channel.domain.sessions import (
    ConversationId,
    CustomerId,
    Grant,
    Holder,
    Identity,
    Session,
    SessionId,
    TooManyConversations,
    WebConversation,
)
from services.channel.ports import Blocks, Channels, Conversations, Identities, Sessions, Tokens, WebConversations


@dataclass(frozen=True, slots=True)
class Opening:
    """The request of a browser that opens a chat."""

    organization: OrganizationId
    channel: ChannelId
    identity_token: str
    display_name: str
    language: str
    origin: str
    """As its browser sends it; empty from programs."""
    address: str
    """The network address it comes from."""
    email: str = ""
    """An e-mail address that the customer typed."""
    returning: bool = False
    """Open a session only when the identity has a conversation."""
    hosts: frozenset[str] = frozenset()
    """The names under which the browser called Frontdesk: pages from there are Frontdesk's own."""


@dataclass(frozen=True, slots=True)
class SessionApp:
    channels: Channels
    sessions: Sessions
    known: WebConversations
    conversations: Conversations
    identities: Identities
    tokens: Tokens
    limits: Limits
    blocks: Blocks
    now: Clock
    opens_per_minute: int
    """How many sessions one network address may open."""
    returns_per_minute: int
    """How often it may ask for those of returning customers: each page that they look at does."""
    refreshes_per_minute: int
    conversations_per_hour: int
    """How many conversations one customer may start."""
    check_organization: Callable[[OrganizationId], None] = lambda organization: None
    """Raises OrganizationSuspended."""
    own_hosts: frozenset[str] = frozenset()
    """Hosts, with their ports, whose pages are Frontdesk's own."""

    async def open(self, opening: Opening) -> Grant:
        """Opens a session for a new customer, or for the one that the identity token names.

        Raises NotFound where only a returning customer is wanted and there is no conversation.
        """
        self.check_organization(opening.organization)
        now = self.now()
        what, rate = ("return", self.returns_per_minute) if opening.returning else ("open", self.opens_per_minute)
        await self._limit(opening.organization, f"{what}:{addresses.network_of(opening.address)}", rate)
        channel, config = await self._web_chat(opening.organization, opening.channel)
        sessions.check_origin(channel.id, config, opening.origin, opening.hosts | self.own_hosts)
        identity = self._identity(channel, config, opening.identity_token)
        if identity is None:
            sessions.check_pre_chat(config, opening.display_name, opening.email)
        session = Session(
            organization=channel.organization,
            channel=channel.id,
            id=SessionId(ids.new()),
            customer=CustomerId(""),
            subject=identity.subject if identity else "",
            display_name=shown_name(identity.display_name if identity else "") or shown_name(opening.display_name),
            created=now,
            expires=now + sessions.LIFETIME,
        )
        session, conversation = await self._open(session, opening.language, email=opening.email, existing=opening.returning)
        secret = sessions.new_secret()
        fact = facts.SessionOpened(f"{channel.id}/sessions/{session.id}", conversation, session.customer, identity is not None)
        await self.sessions.add(session, sessions.secret_hash(secret), fact)
        return self._grant(session, conversation, secret, channel, config, now, opening.language)

    async def refresh(
        self, organization: OrganizationId, channel_id: ChannelId, id: SessionId, secret: str, address: str
    ) -> Grant:
        """A new token and secret in exchange for a secret. Raises SessionExpired or SessionSecretInvalid."""
        self.check_organization(organization)
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
            await self.sessions.end(organization, id, facts.SessionEnded(f"{channel_id}/sessions/{id}"))
            raise sessions.SessionExpired(id)
        try:
            channel, config = await self._web_chat(organization, channel_id)
        except channels.ChannelNotFound as error:
            raise sessions.SessionExpired(id) from error
        session, conversation = await self._begin(replace(session, expires=now + sessions.LIFETIME))
        fresh = sessions.new_secret()
        await self.sessions.rotate(session, old, sessions.secret_hash(fresh), now)
        return self._grant(session, conversation, fresh, channel, config, now)

    async def resume(self, writer: Writer) -> Grant | None:
        """Another token and secret for a session, by a link in a mail to its customer; None when the session has ended.

        Raises ChannelPaused or CustomerBlocked.
        """
        now = self.now()
        session = await self.sessions.get(writer.organization, writer.channel, writer.session)
        if session is None or session.expires <= now or session.customer != writer.customer:
            return None
        channel, config = await self._web_chat(writer.organization, writer.channel)
        await self._check_block(session)
        fresh = sessions.new_secret()
        session = replace(session, expires=now + sessions.LIFETIME)
        await self.sessions.add_secret(session, sessions.secret_hash(fresh), now)
        return self._grant(session, writer.conversation, fresh, channel, config, now)

    async def create_conversation(self, holder: Holder, request_id: str) -> ConversationId:
        """Starts another conversation beside those that the customer has; the first one again for a repeated `request_id`.

        Raises ChannelPaused, SessionExpired, CustomerBlocked or TooManyConversations.
        """
        await self._web_chat(holder.organization, holder.channel)
        session = await self.sessions.get(holder.organization, holder.channel, holder.session)
        if session is None or session.customer != holder.customer:
            raise sessions.SessionExpired(holder.session)
        if wait := await self.limits.take(limits.of_conversations(holder, self.conversations_per_hour)):
            raise TooManyConversations(self.conversations_per_hour, wait)
        _, conversation = await self._open(session, thread_key=f"{session.id}:{request_id}")
        return conversation

    async def _begin(self, session: Session) -> tuple[Session, ConversationId]:
        """The conversation that a session that comes back begins with: the newest one."""
        if session.customer:
            newest = await self.known.newest(session.organization, session.channel, session.customer)
            if newest is not None:
                await self._check_block(session)
                return session, newest
        return await self._open(session)

    async def _open(
        self, session: Session, language: str = "", thread_key: str = "", email: str = "", existing: bool = False
    ) -> tuple[Session, ConversationId]:
        """Opens a conversation at core, which says whose it is."""
        ref = await self.conversations.open(session, language=language, thread_key=thread_key, email=email, existing=existing)
        session = replace(session, customer=ref.customer)
        await self._check_block(session)
        await self.known.put(WebConversation(session.organization, ref.conversation, session.channel, ref.customer))
        return session, ref.conversation

    async def _check_block(self, session: Session) -> None:
        if await self.blocks.has(session.organization, session.customer):
            raise sessions.CustomerBlocked(session.customer)

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

    def _grant(
        self,
        session: Session,
        conversation: ConversationId,
        secret: str,
        channel: Channel,
        config: WebChatConfig,
        known: datetime,
        language: str = "",
    ) -> Grant:
        token, expires = self.tokens.issue(session, known)
        greeting = widgets.texts_of(config, language).greeting or config.greeting
        return Grant(session, conversation, secret, token, expires, greeting, channel.display_name)
