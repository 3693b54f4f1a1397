"""Use cases of customers: their records, merges and splits, and their erasure."""

from collections.abc import Awaitable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.clock import Clock
from kit.ids import OrganizationId
from services.core import domain
from services.core.app.changes import Changes
from services.core.app.live import LiveConversations
from services.core.app.rights import Rights
from services.core.domain import (
    Conversation,
    ConversationId,
    ConversationNotFound,
    Customer,
    CustomerId,
    Erasure,
    Identity,
    Opening,
    TooManyIdentities,
)
from services.core.ports.conversations import Conversations
from services.core.ports.customers import CustomerRecords, Customers, Erasures, Merges

RESUME_AFTER = timedelta(minutes=1)
"""When a job looks whether an erasure was finished by the call that asked for it."""


@dataclass(frozen=True)
class CustomerApp:
    """The use cases of customers."""

    conversations: Conversations
    customers: Customers
    records: CustomerRecords
    merges: Merges
    erasures: Erasures
    changes: Changes
    live: LiveConversations
    rights: Rights
    now: Clock

    async def open_conversation(self, organization: OrganizationId, opening: Opening) -> Conversation:
        """The conversation of an identity on a channel, made when there is none unless only an `existing` one is wanted.

        Raises ConversationNotFound.
        """
        opened = await self.conversations.open(organization, opening)
        if opening.display_name:
            await self.records.name(organization, opened.customer, opening.display_name)
        for claim in opening.claims:
            with suppress(TooManyIdentities):  # what a visitor claims must not keep them from writing
                await self.records.add_identity(organization, opened.customer, claim.claimed())
        return opened

    async def get(self, organization: OrganizationId, customer: CustomerId) -> Customer:
        """One customer."""
        return await self.customers.get(organization, customer)

    async def page(
        self, organization: OrganizationId, query: str, before: tuple[datetime, str] | None, limit: int
    ) -> list[Customer]:
        """Customers, the one last heard of first."""
        return await self.customers.page(organization, query, before, limit)

    async def update(
        self,
        organization: OrganizationId,
        customer: CustomerId,
        display_name: str | None,
        language: str | None,
        revision: int | None,
    ) -> Customer:
        """Changes a customer's name or language; `revision`: the one that was read."""
        return await self.records.update(organization, customer, display_name, language, revision)

    async def add_identity(self, organization: OrganizationId, customer: CustomerId, identity: Identity) -> Customer:
        """Adds an identity, or verifies a claim."""
        return await self.records.add_identity(organization, customer, identity)

    async def remove_identity(self, organization: OrganizationId, customer: CustomerId, identity: Identity) -> Customer:
        """Removes an identity."""
        return await self.records.remove_identity(organization, customer, identity)

    async def block(self, organization: OrganizationId, customer: CustomerId, blocked: bool) -> Customer:
        """Blocks a customer in all conversations, or lets them write again. Repeating it finishes what was cut off."""
        await self.customers.get(organization, customer)
        await self.customers.block(organization, customer, self.now() if blocked else None)
        await self._block(organization, blocked, await self.conversations.of_customer(organization, customer))
        return await self.customers.get(organization, customer)

    async def merge(self, organization: OrganizationId, survivor: CustomerId, duplicate: CustomerId) -> Customer:
        """Makes two records one customer."""
        return await self._moved(organization, self.merges.merge(organization, survivor, duplicate))

    async def undo_merge(self, organization: OrganizationId, customer: CustomerId, duplicate: CustomerId) -> Customer:
        """Makes a record that was merged a customer of its own again."""
        return await self._moved(organization, self.merges.undo(organization, customer, duplicate))

    async def split(
        self, organization: OrganizationId, customer: CustomerId, keys: Collection[tuple[str, str, str]]
    ) -> Customer:
        """Makes a customer of some identities of another one."""
        return await self._moved(organization, self.merges.split(organization, customer, keys))

    async def _moved(self, organization: OrganizationId, move: Awaitable[tuple[Customer, list[Conversation]]]) -> Customer:
        """Notifies the watchers of a conversation that it has moved, and blocks it if its customer is blocked."""
        customer, moved = await move
        for conversation in moved:
            self.live.news(conversation.id, conversation.last_seq, conversation.revision)
        owners = {conversation.customer for conversation in moved}
        for owner in owners:
            blocked = (await self.customers.get(organization, owner)).blocked is not None
            await self._block(organization, blocked, [c.id for c in moved if c.customer == owner])
        return customer

    async def _block(self, organization: OrganizationId, blocked: bool, conversations: Sequence[ConversationId]) -> None:
        for conversation in conversations:
            with suppress(ConversationNotFound):  # it was erased meanwhile
                after = await self.changes.apply(organization, conversation, lambda now: domain.block(now, blocked, self.now()))
                await self.rights.settle(after)

    async def erase(self, organization: OrganizationId, customer: CustomerId) -> None:
        """Erases a customer. When this returns, nothing of them can be read here, and no running reply continues."""
        await self.erasures.begin(organization, customer, RESUME_AFTER)
        await self.finish_erasure(organization, customer)

    async def finish_erasure(self, organization: OrganizationId, customer: CustomerId) -> None:
        """Erases what is left of a customer. Doing it again changes nothing."""
        for conversation in await self.erasures.conversations(organization, customer):
            with suppress(ConversationNotFound):  # another process has just erased it
                after = await self.changes.apply(organization, conversation, lambda now: domain.erase(now, self.now()))
                await self.rights.settle(after)
        await self.erasures.finish(organization, customer)

    async def confirm_erasure(self, organization: OrganizationId, customer: CustomerId, store: str) -> None:
        """Notes that another store has nothing of a customer any more."""
        await self.erasures.confirm(organization, customer, store)

    async def get_erasure(self, organization: OrganizationId, customer: CustomerId) -> Erasure:
        """A receipt."""
        return await self.erasures.get(organization, customer)

    async def list_erasures(
        self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int
    ) -> list[Erasure]:
        """Receipts, the newest first."""
        return await self.erasures.page(organization, before, limit)
