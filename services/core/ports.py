"""The ports of core."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Protocol

from kit import errors
from kit.ids import OrganizationId
from kit.recounts import Recount
from services.core.domain import (
    Change,
    ChannelId,
    Conversation,
    ConversationId,
    ConversationReference,
    Cost,
    Customer,
    CustomerId,
    Entries,
    Entry,
    Erasure,
    Found,
    Identity,
    Limit,
    Mark,
    Message,
    MessageId,
    MessageReference,
    Opening,
    Overview,
    Role,
    Source,
    State,
    Turn,
    TurnId,
    TurnState,
)
from services.core.domain.policy import DEFAULT_STYLE, Policy, Style

MAX_CLAIMED = 1000
OWN_STORE = "core"
"""Core's own tables, as a receipt names them."""
NOTHING_TAKEN: Mapping[OrganizationId, int] = MappingProxyType({})


class Conflict(Exception):
    """The conversation has moved on since it was loaded: load it again and decide again."""


class AlreadySaid(Exception):
    """A message of the same source is there already."""


class AssistantFailed(errors.Unavailable):
    """The model, or what it needs, did not do its part. `retry_after` seconds, if it said so."""

    reason = "ASSISTANT_FAILED"

    def __init__(self, why: str, retry_after: float | None = None, detail: str = "", refused: bool = False) -> None:
        super().__init__(why, detail=detail)
        self.retry_after = retry_after
        self.refused = refused
        """The model was not asked, or refused to answer: that costs nothing."""


class Conversations(Protocol):
    """Conversations with their messages and turns. The truth."""

    async def open(self, organization: OrganizationId, opening: Opening) -> Conversation:
        """The conversation of an identity on a channel, with a thread key; made, with its customer, when there is none."""

    async def load(self, organization: OrganizationId, conversation: ConversationId) -> Conversation:
        """A conversation with its open turn. Raises ConversationNotFound."""

    async def commit(self, change: Change) -> None:
        """Makes a change, with its facts, in one transaction. Raises Conflict or AlreadySaid, and then nothing has changed."""

    async def said(self, organization: OrganizationId, source: str) -> tuple[ConversationId, Message] | None:
        """The message of a source, if it is there."""

    async def message(self, organization: OrganizationId, conversation: ConversationId, message: MessageId) -> Message:
        """One message. Raises MessageNotFound."""

    async def messages(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        *,
        after: int = 0,
        before: int | None = None,
        limit: int = 100,
        notes: bool = True,
    ) -> list[Message]:
        """The newest `limit` messages with `after` < seq < `before`, the oldest first."""

    async def of_customer(self, organization: OrganizationId, customer: CustomerId) -> list[ConversationId]:
        """A customer's conversations."""

    async def takes_part(self, organization: OrganizationId, conversation: ConversationId, customer: CustomerId) -> bool:
        """Whether a conversation is a customer's, or of the customer whom that record was merged into."""

    async def overview(self, organization: OrganizationId, conversation: ConversationId, notes: bool) -> Overview:
        """A conversation as a list shows it. Raises ConversationNotFound."""

    async def page(
        self,
        organization: OrganizationId,
        states: Sequence[State],
        before: tuple[datetime, str] | None,
        limit: int,
        *,
        customer: CustomerId | None = None,
        channel: ChannelId | None = None,
        notes: bool = True,
    ) -> list[Overview]:
        """Conversations, the one that changed last first; `before`: (updated, id) of the last one seen."""

    async def claim(
        self, lease: timedelta, limit: int, most: int = MAX_CLAIMED, taken: Mapping[OrganizationId, int] = NOTHING_TAKEN
    ) -> list[Conversation]:
        """Claims turns that are due, or whose worker let its lease run out: each is RUNNING with one more attempt.

        Organizations take turns, and each gets at most `most` less what it has `taken` already.
        """

    async def extend(self, turns: Sequence[tuple[OrganizationId, TurnId, int]], lease: timedelta) -> None:
        """Extends the leases of running turns, by (organization, turn, attempt)."""

    async def turn(self, organization: OrganizationId, conversation: ConversationId, turn: TurnId) -> Turn:
        """One turn. Raises TurnNotFound."""

    async def turns(
        self, organization: OrganizationId, conversation: ConversationId, before: str | None, limit: int
    ) -> list[Turn]:
        """A conversation's turns, the newest first; `before`: the id of the last one seen."""


class Dispatches(Protocol):
    """Notes which of the assistant's messages leave the house. A claim and a change of owner come one after the other."""

    async def claim(self, organization: OrganizationId, conversation: ConversationId, message: MessageId, epoch: int) -> bool:
        """Notes that a message of an epoch leaves now; False when the conversation is in another epoch."""

    async def recent(self, organization: OrganizationId, conversation: ConversationId, within: timedelta) -> list[MessageId]:
        """The message that was claimed last, if that was not longer ago: one conversation's messages leave one by one."""


class Replicas(Protocol):
    """The processes that show the text of running replies; see `rights`. Times are the store's."""

    async def renew(
        self, replica: str, turns: Sequence[tuple[OrganizationId, TurnId, int]], applied: datetime | None
    ) -> tuple[datetime, set[tuple[TurnId, int]]]:
        """Checks turns, by (organization, turn, attempt): when this began, and the (turn, attempt) of those that run.

        Notes that the process shows text, and when the last check began whose result it has acted on.
        """

    async def showing(self, but: str, within: timedelta, since: datetime | None = None) -> tuple[datetime, set[str]]:
        """The time now, and the processes `but` one that began a check `within` a time ago, without those that have acted on
        one that began `since` a moment.
        """


class Customers(Protocol):
    """The people who write in."""

    async def get(self, organization: OrganizationId, customer: CustomerId) -> Customer:
        """One customer. Raises CustomerNotFound."""

    async def standing(self, organization: OrganizationId, customer: CustomerId) -> CustomerId:
        """The customer whom a record was merged into, or the same."""

    async def block(self, organization: OrganizationId, customer: CustomerId, since: datetime | None) -> None:
        """Notes since when a customer is blocked; None: not any more. Blocking again keeps the first moment."""

    async def page(
        self, organization: OrganizationId, query: str, before: tuple[datetime, str] | None, limit: int
    ) -> list[Customer]:
        """Customers, the one last heard of first."""


class References(Protocol):
    """The things that facts refer to. Results are in the order of the request, without deleted ones."""

    async def messages(self, wanted: Sequence[MessageReference]) -> list[MessageReference]:
        """Messages by their ids."""

    async def conversations(self, wanted: Sequence[ConversationReference]) -> list[ConversationReference]:
        """Conversations by their ids."""


class CustomerRecords(Protocol):
    """The changes of customers. Each raises CustomerNotFound, or CustomerIsMerged for a record that stands for no one."""

    async def update(
        self,
        organization: OrganizationId,
        customer: CustomerId,
        display_name: str | None,
        language: str | None,
        revision: int | None,
    ) -> Customer:
        """Changes what is given. Raises EtagMismatch when the record is no longer of a revision."""

    async def name(self, organization: OrganizationId, customer: CustomerId, display_name: str) -> None:
        """Gives a customer a name who has none."""

    async def add_identity(self, organization: OrganizationId, customer: CustomerId, identity: Identity) -> Customer:
        """Adds an identity, or verifies a claim. Raises IdentityTaken or TooManyIdentities."""

    async def remove_identity(self, organization: OrganizationId, customer: CustomerId, identity: Identity) -> Customer:
        """Removes an identity: who writes from it next is a new customer."""


class Merges(Protocol):
    """Makes two records one customer, and one two. Each gives the record, and the conversations that have moved."""

    async def merge(
        self, organization: OrganizationId, survivor: CustomerId, duplicate: CustomerId
    ) -> tuple[Customer, list[Conversation]]:
        """Moves all that the duplicate has. Raises CustomerIsMerged, CustomersNotMerged or TooManyIdentities."""

    async def undo(
        self, organization: OrganizationId, customer: CustomerId, duplicate: CustomerId
    ) -> tuple[Customer, list[Conversation]]:
        """Gives the duplicate back what a merge moved. Raises CustomerIsMerged or CustomersNotMerged."""

    async def split(
        self, organization: OrganizationId, customer: CustomerId, keys: Collection[tuple[str, str, str]]
    ) -> tuple[Customer, list[Conversation]]:
        """Moves identities, with the conversations at them, to a new record. Raises IdentityNotFound or NothingLeft."""


class Erasures(Protocol):
    """Erases customers from the tables, and keeps the receipts."""

    async def begin(self, organization: OrganizationId, customer: CustomerId, resume_after: timedelta) -> bool:
        """Takes a customer's name and identities away, and adds a job that finishes what is cut off; False when that was done.

        Raises CustomerNotFound or CustomerIsMerged.
        """

    async def conversations(self, organization: OrganizationId, customer: CustomerId) -> list[ConversationId]:
        """Conversations that are still to be erased."""

    async def finish(self, organization: OrganizationId, customer: CustomerId) -> None:
        """Erases the messages of erased conversations, and appends the fact that the customer is erased."""

    async def confirm(self, organization: OrganizationId, customer: CustomerId, store: str) -> None:
        """Notes that nothing of the customer is left in a store. The first time counts."""

    async def get(self, organization: OrganizationId, customer: CustomerId) -> Erasure:
        """A receipt. Raises ErasureNotFound."""

    async def page(self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int) -> list[Erasure]:
        """Receipts, the newest first."""


class Facts(Protocol):
    """Core's own journal, as what it adds to the transcripts."""

    async def ends(self) -> dict[int, int]:
        """The position of the last fact of each shard."""

    async def read(self, shard: int, after: int, limit: int) -> Entries:
        """The next facts of a shard."""

    async def verified(self, full: bool) -> dict[int, int]:
        """Up to where the transcripts of each shard were compared last; nothing for a full comparison."""

    async def store_verified(self, shard: int, position: int) -> None:
        """Notes that the transcripts of a shard are right up to a position."""

    def watch(self, after: Mapping[int, int]) -> AsyncGenerator[Entries, None]:
        """The facts after some positions by shard, as they come; none each second without."""


class Transcripts(Protocol):
    """Conversations and messages as documents. Made from the journal: writing the same again, or older facts later, changes
    nothing. Each method raises TranscriptsUnavailable when the store can't be reached.
    """

    async def prepare(self) -> None:
        """Makes what the store needs: collections, their rules and indexes. Existing ones stay."""

    async def marks(self, shards: Sequence[int]) -> dict[int, Mark]:
        """How far each shard has come; begins those that are new."""

    async def write(self, entries: Sequence[Entry]) -> None:
        """Writes what the entries add, durably."""

    async def advance(self, since: Mapping[int, Mark], to: Mapping[int, int]) -> bool:
        """Moves shards to positions, after what was written; False when one is no longer where it was found."""

    async def wipe(self) -> None:
        """Deletes all documents, then sets every shard back to its beginning, as the next rebuild."""

    async def search(
        self, organization: OrganizationId, query: str, *, notes: bool, before: tuple[float, str] | None, limit: int
    ) -> list[Found]:
        """Conversations by what was said in them, the best first; `before`: (score, conversation) of the last one seen."""

    async def recount_messages(self, entries: Sequence[Entry], shard: int, after: int, until: int) -> list[str]:
        """The differences of a shard's messages of `after` < position <= `until`, of which `entries` are the journal's."""

    async def recount_conversations(self, latest: Mapping[str, Entry], shard: int, after: int, until: int) -> list[str]:
        """The differences of a shard's conversations of `after` < position <= `until`; `latest`: the newest entry of each, by
        id.
        """


class Tables(Protocol):
    """Core's tables, as they can be recounted."""

    def recount(self, full: bool) -> AsyncIterator[Recount]:
        """Compares each table with the journal, as of one moment per shard; in full, or what has happened since last time."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A passage of the knowledge that may answer, with how close it is."""

    source: Source
    similarity: float
    """Cosine of the embeddings, -1 to 1; 0 when only words matched."""
    lexical: float
    """How well the words match; 0 when none does."""


class Knowledge(Protocol):
    """The organization's own knowledge, kept by memory."""

    async def search(self, organization: OrganizationId, query: str, limit: int) -> list[Recalled]:
        """The best passages first. Raises AssistantFailed when it can't be asked."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The input of the assistant's answer."""

    history: tuple[Message, ...]
    """The messages, the oldest first; the last is the customer's question."""
    question: str
    passages: tuple[Recalled, ...]
    """In the order of their marks: the first is `[1]`."""
    style: Style = DEFAULT_STYLE


@dataclass(frozen=True, slots=True)
class Usage:
    """The cost of a reply, by the provider's count."""

    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Repeated:
    """A call failed before its first word, and the next one is about to be made."""

    refused: bool
    """The provider refused the failed one, which costs nothing."""


class Budgets(Protocol):
    """Counts what organizations use, by the day of their time zone. Survives everything but its database."""

    async def reserve(self, organization: OrganizationId, most: Cost, limit: Limit) -> date | None:
        """Charges the most that a call may use and returns the day; None when the limit was reached before."""

    async def settle(self, organization: OrganizationId, day: date, most: Cost, charged: Cost) -> None:
        """Charges what a call used instead of what was reserved for it."""


class Assistant(Protocol):
    """The writer of replies."""

    name: str

    max_tokens: int
    """Of a reply; 0: this assistant costs nothing."""

    def prompt_bytes(self, prompt: Prompt) -> int:
        """The size of what a model is given, which bounds its tokens."""

    def reply(self, prompt: Prompt) -> AsyncGenerator[str | Usage | Repeated, None]:
        """Pieces of text as they are generated, then what it cost; `Repeated` before a failed call is made again.

        Marks `[n]` cite the prompt's passages; a text that starts
        with `[unknown]` says that they hold no answer. Raises AssistantFailed.
        """


class Assistants(Protocol):
    """The assistants of organizations."""

    async def of(self, organization: OrganizationId, policy: Policy) -> Sequence[Assistant]:
        """Those that are asked, in order. Raises AssistantFailed when none can be."""


class Relay(Protocol):
    """Carries what no journal has, a reply's text, its turn's beginning and typing, to watchers in other processes.

    Losing it loses nothing kept.
    """

    def follow(self, conversation: ConversationId) -> None:
        """A watcher is here: it wants the reports of other processes on this conversation."""

    def leave(self, conversation: ConversationId) -> None:
        """The last watcher has left."""

    def text(self, conversation: ConversationId, turn: TurnId, attempt: int, epoch: int, text: str, final: bool) -> None:
        """The reply's whole text so far; sent at most each 100 ms, and only while another process listens."""

    def turn(self, conversation: ConversationId, turn: TurnId, state: str, attempt: int, epoch: int) -> None:
        """A turn began or ended without a word, or its next attempt did."""

    def ask(self, call: str) -> None:
        """Asks every other process to check now what it may show; each that has, confirms the call."""

    def typing(self, conversation: ConversationId, role: str, typing: bool) -> None:
        """Someone types, or stopped."""


class RelayListener(Protocol):
    """Shows in this process the reports of other processes on a conversation."""

    def heard(self, conversation: ConversationId, turn: TurnId, attempt: int, epoch: int, said: str) -> None:
        """A reply as far as another process has written it."""

    def moved(self, conversation: ConversationId, turn: TurnId, state: TurnState, attempt: int, epoch: int) -> None:
        """A turn began or ended elsewhere."""

    def typing(self, conversation: ConversationId, role: Role, typing: bool, relayed: bool = False) -> None:
        """Someone types, or has stopped."""


class RightsListener(Protocol):
    """Takes what other processes ask and answer about the right to show text."""

    async def checked(self) -> bool:
        """Returns when what may be shown here has been checked after this call; False if the store is unavailable."""

    def confirmed(self, call: str, replica: str) -> None:
        """Another process has checked what it shows, since it was asked to."""
