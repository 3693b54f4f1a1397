"""Conversations with their messages and turns, and the right to dispatch a reply."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol

from kit.ids import OrganizationId
from services.core.domain import (
    Change,
    Conversation,
    ConversationId,
    ConversationReference,
    CustomerId,
    Message,
    MessageId,
    MessageReference,
    Opening,
    Overview,
    Step,
    Turn,
    TurnId,
    Wanted,
)
from services.core.domain.summaries import Summary

MAX_CLAIMED = 1000
NOTHING_TAKEN: Mapping[OrganizationId, int] = MappingProxyType({})


class Conflict(Exception):
    """The conversation has moved on since it was loaded: load it again and decide again."""


class AlreadySaid(Exception):
    """A message of the same source is there already."""


class Conversations(Protocol):
    """Conversations with their messages and turns. The truth."""

    async def open(self, organization: OrganizationId, opening: Opening) -> Conversation:
        """The conversation of an identity on a channel, with a thread key; made, with its customer, when there is none."""

    async def load(self, organization: OrganizationId, conversation: ConversationId) -> Conversation:
        """A conversation with its open turn. Raises ConversationNotFound."""

    async def commit(self, change: Change) -> None:
        """Makes a change, with its facts, in one transaction. Raises Conflict or AlreadySaid, and then nothing has changed."""

    async def mark_read(self, organization: OrganizationId, conversation: ConversationId, seq: int) -> int | None:
        """Notes that the customer has read up to `seq`, at most the newest message; the number, or None: it was no news."""

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
        wanted: Wanted,
        before: tuple[datetime, str] | None,
        limit: int,
        *,
        notes: bool = True,
    ) -> list[Overview]:
        """Conversations, the one that changed last first; `before`: (updated, id) of the last one seen."""

    async def named(
        self, organization: OrganizationId, query: str, wanted: Wanted, limit: int, *, notes: bool
    ) -> list[Overview]:
        """Conversations of customers whose name, address or phone number is meant, the one that changed last first.

        A query means a name or an address by its beginning, a last name too, and a phone number by its end in any spelling.
        """
        ...

    async def among(self, organization: OrganizationId, wanted: Wanted, ids: Sequence[ConversationId]) -> set[ConversationId]:
        """Those of some conversations that are wanted."""

    async def claim(
        self,
        lease: timedelta,
        limit: int,
        most: int = MAX_CLAIMED,
        taken: Mapping[OrganizationId, int] = NOTHING_TAKEN,
        abandoned: bool = True,
    ) -> list[tuple[OrganizationId, ConversationId]]:
        """Claims turns that are due, and `abandoned` ones, whose worker let its lease run out: each is RUNNING with one more
        attempt. Returns their conversations.

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


class References(Protocol):
    """The things that facts refer to. Results are in the order of the request, without deleted ones."""

    async def messages(self, wanted: Sequence[MessageReference]) -> list[MessageReference]:
        """Messages by their ids."""

    async def conversations(self, wanted: Sequence[ConversationReference]) -> list[ConversationReference]:
        """Conversations by their ids."""


class TurnSteps(Protocol):
    """The steps of turns. The commit that ends an attempt stores its steps."""

    async def add(self, organization: OrganizationId, conversation: ConversationId, steps: Sequence[Step]) -> None:
        """Stores the steps of an attempt that ended with no commit of its own."""

    async def get(self, organization: OrganizationId, conversation: ConversationId, turn: TurnId, number: int) -> Step:
        """One step. Raises TurnStepNotFound."""

    async def page(
        self, organization: OrganizationId, conversation: ConversationId, turn: TurnId, after: int, limit: int
    ) -> list[Step]:
        """A turn's steps with a number above `after`, the first one first."""

    async def delete_before(self, moment: datetime, organization: OrganizationId | None = None) -> bool:
        """Deletes a batch of the steps that began before a moment, of one organization or of all; whether it was a full one."""


class Summaries(Protocol):
    """The newest summary of each conversation that has one, and the jobs that write them."""

    async def get(self, organization: OrganizationId, conversation: ConversationId) -> Summary | None:
        """A conversation's summary; None: it has none."""

    async def request(self, organization: OrganizationId, conversation: ConversationId, subject: str, payload: bytes) -> None:
        """Adds a job; those of a conversation run one after the other."""

    async def store(self, organization: OrganizationId, conversation: ConversationId, until: int, step: Step) -> None:
        """Stores the step that wrote a summary, whose text is its output, and the summary unless there is a newer one.

        A conversation that was erased gets neither.
        """
