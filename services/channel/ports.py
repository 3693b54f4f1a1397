"""What channel needs from the world."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType, Protocol

from services.channel.domain.channels import Channel, ChannelId, Kind, OrganizationId
from services.channel.domain.events import Fact
from services.channel.domain.inbound import Accepted, Arrival, Inbound, InboundId, InboundState, Stored
from services.channel.domain.sessions import (
    ConversationId,
    CustomerId,
    Identity,
    SecretUse,
    Session,
    SessionId,
)


class Channels(Protocol):
    """Keeps channels; each change and its fact are one transaction."""

    async def get(self, organization: OrganizationId, id: ChannelId) -> Channel | None:
        """One channel with its credentials."""

    async def list(self, organization: OrganizationId, kind: Kind | None, after: str, limit: int) -> Sequence[Channel]:
        """Channels in the order of their ids, behind the id `after` (empty: from the start)."""

    async def add(self, channel: Channel, request_id: str, fact: Fact) -> Channel | None:
        """Adds a channel and returns it, or the one that this `request_id` added before; None: another has the id."""

    async def replace(self, channel: Channel, fact: Fact) -> bool:
        """Stores a changed channel over the version before it; False when somebody was faster or it is gone."""

    async def remove(self, organization: OrganizationId, id: ChannelId, fact: Fact) -> None:
        """Removes a channel with its sessions. Removing what isn't there does nothing."""


class Sessions(Protocol):
    """Keeps sessions and the hashes of their secrets."""

    async def add(self, session: Session, secret_hash: bytes, fact: Fact) -> None:
        """Adds a session with its first secret."""

    async def get(self, organization: OrganizationId, channel: ChannelId, id: SessionId) -> Session | None:
        """One session."""

    async def look_up(self, id: SessionId, secret_hash: bytes) -> SecretUse | None:
        """What is known of a secret; None when the session never had it."""

    async def rotate(self, id: SessionId, old_hash: bytes, new_hash: bytes, now: datetime, expires: datetime) -> None:
        """Gives a session a further secret in exchange for an old one, and more time."""

    async def end(self, id: SessionId) -> None:
        """Ends a session at once."""

    async def sweep(self, now: datetime) -> int:
        """Deletes sessions that expired before `now`; returns how many."""


class Inbounds(Protocol):
    """Keeps what was received. A message is on disk when `add` returns."""

    async def add(self, arrival: Arrival) -> Stored:
        """Stores an arrival, or finds the one with the same source id that came before.

        Raises RequestIdReused when it came before with another text.
        """

    async def get(self, organization: OrganizationId, id: InboundId) -> Inbound | None:
        """One received message."""

    async def list(
        self, organization: OrganizationId, state: InboundState | None, before: InboundId | None, limit: int
    ) -> Sequence[Inbound]:
        """Received messages, the newest first, older than `before`."""

    async def waiting(self, conversation: ConversationId, organization: OrganizationId) -> Sequence[Inbound]:
        """The PENDING messages of a conversation, the oldest first; at most 100."""

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Inbound]:
        """The first PENDING message of each conversation whose time has come, kept from other workers for `lease`."""

    async def forwarded(self, marks: Sequence[tuple[InboundId, Accepted]]) -> None:
        """Marks messages as brought to core and drops their texts. Repeating it changes nothing."""

    async def refused(self, id: InboundId, problem: str) -> None:
        """Marks a message that core refused while its sender was still there to be told."""

    async def postponed(self, id: InboundId, next_attempt: datetime, attempts: int, problem: str) -> None:
        """Says when a message is tried again."""

    async def release(self, ids: Sequence[InboundId], next_attempt: datetime) -> None:
        """Gives claimed messages back untried, due at `next_attempt`."""

    async def died(self, inbound: Inbound, problem: str, fact: Fact) -> None:
        """Gives a message up."""

    async def revive(self, organization: OrganizationId, id: InboundId, now: datetime) -> Inbound | None:
        """Makes a DEAD message PENDING again, due at once, behind its conversation's others; None when it isn't DEAD."""

    async def organizations(self) -> Sequence[OrganizationId]:
        """Whose messages were received here."""

    async def brought(self, organization: OrganizationId) -> set[str]:
        """Core's ids of the messages that are marked as brought over."""

    async def sweep(self, before: datetime) -> int:
        """Deletes what was brought over or refused before a moment; returns how many."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session's words go."""

    conversation: ConversationId
    customer: CustomerId


Frame = NewType("Frame", object)
"""A frame of core's watch, passed on unread: to take each apart and build it again would double what it costs."""


class Conversations(Protocol):
    """Core, as channel uses it. Raises `kit.errors`; Unavailable while it is away."""

    async def open(
        self, organization: OrganizationId, channel: ChannelId, address: str, display_name: str, locale: str
    ) -> Place:
        """The conversation of a browser's address, made with its customer when there is none."""

    async def receive(self, arrival: Arrival) -> Accepted:
        """Brings a message over. Repeating it returns the first result."""

    async def request_human(self, organization: OrganizationId, conversation: ConversationId, reason: str) -> str:
        """Puts a conversation in line for an agent and returns its state: WAITING or ASSIGNED."""

    async def set_typing(self, organization: OrganizationId, conversation: ConversationId, typing: bool) -> None:
        """Says that the customer types."""

    def watch(
        self, organization: OrganizationId, conversation: ConversationId, resume_token: str, token: str
    ) -> AsyncGenerator[Frame, None]:
        """What happens in a conversation, as the customer whose `token` it is may see it. Leaving it ends the call."""


Received = Mapping[OrganizationId, Mapping[str, datetime]]
"""Customers' messages at core: organization → id → when core took it in."""


class CoreJournal(Protocol):
    """Core's journal, as it can be counted."""

    def received(self) -> AsyncIterator[Received]:
        """All customers' messages up to now, one part after another; an organization lies in one part. Raises Unavailable."""


class Identities(Protocol):
    """Checks who the business says its customer is."""

    def verify(self, channel: ChannelId, secret: str, token: str) -> Identity:
        """The identity in a token signed with `secret`. Raises IdentityInvalid."""


class Tokens(Protocol):
    """Makes the tokens of customers."""

    def issue(self, session: Session) -> tuple[str, datetime]:
        """A token for a session's conversation, and when it ends."""


class Limits(Protocol):
    """Counts calls over all replicas. Never fails: without its store it counts in this process alone."""

    async def take(self, key: str, per_minute: int) -> timedelta:
        """Takes one of `per_minute` calls of `key`; how long to wait when there is none left, else zero."""
