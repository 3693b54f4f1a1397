"""The ports of channel."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType, Protocol

from kit.ids import OrganizationId
from services.channel.domain.availability import Team
from services.channel.domain.channels import Channel, ChannelId, Kind
from services.channel.domain.deliveries import Delivery, DeliveryId, DeliveryState, Outgoing, Report
from services.channel.domain.facts import Fact
from services.channel.domain.inbound import Accepted, Arrival, Inbound, InboundId, InboundState, Stored
from services.channel.domain.sessions import (
    ConversationId,
    CustomerId,
    Identity,
    SecretUse,
    Session,
    SessionId,
    WebConversation,
)
from services.channel.domain.web_chat import Logo


class Channels(Protocol):
    """Keeps channels; each change and its fact are one transaction."""

    async def get(self, organization: OrganizationId, id: ChannelId) -> Channel | None:
        """One channel with its credentials."""

    async def list(self, organization: OrganizationId, kind: Kind | None, after: str, limit: int) -> Sequence[Channel]:
        """Channels in the order of their ids, behind the id `after` (empty: from the start)."""

    async def add(self, channel: Channel, request_id: str, fact: Fact) -> Channel | None:
        """Adds a channel and returns it, or the one that this `request_id` added before; None: another has the id."""

    async def replace(self, channel: Channel, fact: Fact) -> bool:
        """Stores a changed channel over the version before it; False when someone was faster or it is gone."""

    async def set_logo(self, channel: Channel, logo: Logo | None, fact: Fact) -> bool:
        """Stores a channel over the version before it, as `replace` does, with the logo that its settings name."""

    async def note_seen(self, organization: OrganizationId, id: ChannelId, origin: str) -> None:
        """Notes that a site loads a web chat now."""

    async def logo(self, organization: OrganizationId, id: ChannelId, sha256: str) -> Logo | None:
        """The logo of a channel, if it is this one."""

    async def remove(self, organization: OrganizationId, id: ChannelId, fact: Fact) -> None:
        """Removes a channel with its sessions. Removing what isn't there does nothing."""


class Sessions(Protocol):
    """Keeps sessions and the hashes of their secrets."""

    async def add(self, session: Session, secret_hash: bytes, fact: Fact) -> None:
        """Adds a session with its first secret."""

    async def get(self, organization: OrganizationId, channel: ChannelId, id: SessionId) -> Session | None:
        """One session."""

    async def look_up(self, id: SessionId, secret_hash: bytes) -> SecretUse | None:
        """The stored state of a secret; None when the session never had it."""

    async def rotate(self, session: Session, old_hash: bytes, new_hash: bytes, now: datetime) -> None:
        """Gives a session a further secret in exchange for an old one, more time, and its customer if it has none."""

    async def add_secret(self, session: Session, secret_hash: bytes, now: datetime) -> None:
        """Gives a session a further secret beside those that it has, and more time."""

    async def end(self, organization: OrganizationId, id: SessionId, fact: Fact) -> None:
        """Ends a session at once. Ending it twice says it once."""

    async def merge_customer(self, organization: OrganizationId, customer: CustomerId, duplicate: CustomerId) -> None:
        """The duplicate's sessions are the customer's now. Revokes the duplicate's tokens: a refresh names the customer."""

    async def split_customer(self, organization: OrganizationId, customer: CustomerId, source: CustomerId) -> None:
        """A customer was taken out of `source`, whose sessions have none until they are refreshed. Revokes its tokens."""

    async def erase_customer(self, organization: OrganizationId, customer: CustomerId) -> None:
        """Removes a customer's sessions and revokes their tokens."""

    async def sweep(self, now: datetime) -> int:
        """Deletes sessions that expired before `now`; returns how many."""


class WebConversations(Protocol):
    """Keeps who takes part in which conversation of a web chat, so that it is known while core is unavailable."""

    async def get(self, organization: OrganizationId, id: ConversationId) -> WebConversation | None:
        """One conversation."""

    async def put(self, conversation: WebConversation) -> None:
        """Notes what core says of a conversation."""

    async def newest(self, organization: OrganizationId, channel: ChannelId, customer: CustomerId) -> ConversationId | None:
        """The conversation that a customer began last on a channel."""

    async def erase(self, organization: OrganizationId, customer: CustomerId) -> None:
        """Removes the conversations of a customer."""

    async def move(self, organization: OrganizationId, id: ConversationId, customer: CustomerId) -> None:
        """A conversation has another customer now. Nothing happens to one that is not known."""

    async def mark_read(self, organization: OrganizationId, id: ConversationId, seq: int) -> None:
        """Notes up to which message the customer has read; forward only."""


class Erasures(Protocol):
    """Erases what is kept here of a customer. Doing it again changes nothing."""

    async def erase_conversation(self, organization: OrganizationId, conversation: ConversationId) -> None:
        """Erases a conversation's deliveries, received messages and files; what has not left is cancelled."""

    async def erase_customer(self, organization: OrganizationId, customer: CustomerId) -> None:
        """Adds a job that confirms the erasure when the files are gone."""


class Blocks(Protocol):
    """Which customers are blocked, by core's facts."""

    async def put(self, organization: OrganizationId, customer: CustomerId, blocked: bool) -> None:
        """Notes that a customer is blocked, or no longer is; the first is a fact of channel's, too, and revokes tokens."""

    async def has(self, organization: OrganizationId, customer: CustomerId) -> bool:
        """Whether a customer is blocked."""


class Inbounds(Protocol):
    """Keeps what was received. A message is on disk when `add` returns."""

    async def add(self, arrival: Arrival) -> Stored:
        """Stores an arrival, or finds the one with the same source id that came before.

        Raises RequestIdReused when a web chat's came before with another text; ChannelNotFound, ChannelPaused, SessionExpired,
        TokenRevoked or ConversationMismatch when its session may not write there (any more). A provider's first word stands.
        """

    async def has(self, arrival: Arrival) -> bool:
        """Whether an arrival with the same source id is stored."""

    async def get(self, organization: OrganizationId, id: InboundId) -> Inbound | None:
        """One received message."""

    async def message(self, organization: OrganizationId, channel: ChannelId, source_id: str) -> str:
        """The message at core that a received one became, `conversations/{conversation}/messages/{message}`; or empty."""

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
        """Marks a message that core refused while its sender still waited for the answer."""

    async def postponed(self, id: InboundId, next_attempt: datetime, attempts: int, problem: str) -> None:
        """Says when a message is tried again."""

    async def release(self, ids: Sequence[InboundId], next_attempt: datetime) -> None:
        """Gives claimed messages back untried, due at `next_attempt`."""

    async def died(self, inbound: Inbound, problem: str, fact: Fact) -> None:
        """Gives a message up."""

    async def revive(self, organization: OrganizationId, id: InboundId, now: datetime) -> Inbound | None:
        """Makes a DEAD message PENDING again, due at once, behind its conversation's others; None when it isn't DEAD."""

    async def organizations(self, since: datetime) -> Sequence[OrganizationId]:
        """The organizations whose messages core has accepted since then."""

    async def accepted_since(self, organization: OrganizationId, since: datetime) -> Mapping[str, datetime]:
        """The messages that are marked as forwarded, and that core has accepted since then: core's id → when."""

    async def sweep(self, before: datetime) -> int:
        """Deletes what was brought over or refused before a moment; returns how many."""


@dataclass(frozen=True, slots=True)
class ConversationRef:
    """A conversation at core."""

    conversation: ConversationId
    customer: CustomerId
    channel: ChannelId


Frame = NewType("Frame", object)
"""A frame of core's watch, passed on unread: to take each apart and build it again would double what it costs."""


class Conversations(Protocol):
    """Core, as channel uses it. Raises `kit.errors`; Unavailable while it is unavailable."""

    async def open(
        self, session: Session, *, language: str = "", thread_key: str = "", email: str = "", existing: bool = False
    ) -> ConversationRef:
        """The conversation of a session's identity with a thread key, made with its customer when there is none.

        `email`: an address that the customer claims. `existing`: none is made; raises NotFound.
        """

    async def find(self, organization: OrganizationId, conversation: ConversationId) -> ConversationRef | None:
        """A conversation, if there is one."""

    async def receive(self, arrival: Arrival) -> Accepted:
        """Brings a message over. Repeating it returns the first result."""

    async def request_human(self, organization: OrganizationId, conversation: ConversationId, reason: str) -> str:
        """Puts a conversation in line for an agent and returns its state: WAITING or ASSIGNED."""

    async def leave_line(self, organization: OrganizationId, conversation: ConversationId) -> str:
        """Takes a conversation out of the line for an agent, and returns its state."""

    async def rate(self, organization: OrganizationId, conversation: ConversationId, score: int, comment: str) -> None:
        """Notes the customer's opinion of a conversation."""

    async def mark_read(self, organization: OrganizationId, conversation: ConversationId, seq: int) -> None:
        """Says up to which message the customer has read."""

    async def may_leave(self, outgoing: Outgoing) -> bool:
        """Whether the assistant's message may still leave: False when the conversation has changed hands since it was said."""

    async def set_typing(self, organization: OrganizationId, conversation: ConversationId, typing: bool) -> None:
        """Says that the customer types."""

    def watch(
        self, organization: OrganizationId, conversation: ConversationId, resume_token: str, token: str
    ) -> AsyncGenerator[Frame, None]:
        """The events of a conversation, as the customer whose `token` it is may see it. Leaving it ends the call."""


class Teams(Protocol):
    """The agents of organizations."""

    async def get(self, organization: OrganizationId) -> Team:
        """How many agents are online, and who waits for them. Raises Unavailable or DeadlineExceeded."""


class Outbox(Protocol):
    """Takes in what is to leave, as part of a transaction that someone else began."""

    async def add(self, deliveries: Sequence[Delivery], after: timedelta = timedelta()) -> None:
        """Adds QUEUED deliveries that leave after a time; a message's part that is there already stays as it is."""


class Deliveries(Protocol):
    """Keeps deliveries; each change of state, its fact and what becomes of its job are one transaction.

    Times are the store's own clock. A change that needs a state which the delivery no longer has does nothing.
    """

    async def get(self, organization: OrganizationId, id: DeliveryId) -> Delivery | None:
        """One delivery."""

    async def list(
        self,
        organization: OrganizationId,
        state: DeliveryState | None,
        conversation: ConversationId | None,
        before: tuple[datetime, str] | None,
        limit: int,
    ) -> Sequence[Delivery]:
        """Deliveries, the newest first; `before`: (created, id) of the last one seen."""

    async def begin(self, delivery: Delivery) -> Delivery | None:
        """QUEUED → SENDING, one attempt more; None when it is no longer QUEUED."""

    async def note(self, delivery: Delivery, problem: str) -> None:
        """Says why a delivery is still QUEUED."""

    async def ended(self, delivery: Delivery, state: DeliveryState, problem: str) -> Delivery | None:
        """Its attempt has ended in FAILED, UNKNOWN or CANCELLED, or it is QUEUED again: it was certainly not accepted.

        `delivery`: as it was read or begun; None when it has changed since.
        """

    async def looked(self, delivery: Delivery) -> None:
        """An UNKNOWN delivery was looked for once more, and not found."""

    async def sent(self, delivery: Delivery, report: Report) -> None:
        """The provider has it, under this id and at least in this state: forward only."""

    async def report(self, organization: OrganizationId, channel: ChannelId, report: Report) -> bool:
        """Moves a channel's delivery forward by the provider's word; False when the provider's message is none of ours.

        It is known by the provider's id or, before that was stored, by our own. A status of an attempt before a retry changes
        nothing.
        """

    async def requeue(self, delivery: Delivery) -> Delivery | None:
        """FAILED → QUEUED, because its job was retried; None when it is not FAILED."""

    async def retry(self, organization: OrganizationId, id: DeliveryId, request_id: str) -> Delivery | None:
        """FAILED → QUEUED, due at once; the first result for a repeated `request_id`; None when it is not FAILED."""

    async def message(self, organization: OrganizationId, channel: ChannelId, provider_id: str) -> str:
        """The message that left under a provider's id, `conversations/{conversation}/messages/{message}`; or empty."""

    async def known(self, organization: OrganizationId, provider_ids: Sequence[str]) -> dict[str, str]:
        """The texts of the deliveries that have these provider's ids, by them."""


MessagesAtCore = Mapping[OrganizationId, Mapping[str, datetime]]
"""Customers' messages at core: organization → id → when core accepted it."""


class CoreJournal(Protocol):
    """Core's journal, as it can be counted."""

    def received(self, since: datetime) -> AsyncIterator[MessagesAtCore]:
        """Customers' messages from a moment up to now, one part after another; an organization is in one part.

        Raises Unavailable.
        """


class Verified(Protocol):
    """How far recounts have come, as `kit.journal.Verified` stores it."""

    async def load(self, full: bool = False) -> Mapping[int, tuple[int, datetime | None]]:
        """Position and moment of the last recount without a difference, by shard; none for a full recount."""

    async def store(self, shard: int, position: int, moment: datetime) -> None:
        """Notes that a recount found no difference."""


class Identities(Protocol):
    """Checks who the business says its customer is."""

    def verify(self, channel: ChannelId, secret: str, token: str) -> Identity:
        """The identity in a token signed with `secret`. Raises IdentityInvalid."""


class Tokens(Protocol):
    """Makes the tokens of customers."""

    def issue(self, session: Session, known: datetime) -> tuple[str, datetime]:
        """A token for a session's customer, and when it ends.

        `known`: a moment before it was read that the session may continue. A later revocation revokes the token.
        """
