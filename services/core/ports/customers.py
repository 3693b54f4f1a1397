"""Customers: their records, merges and erasure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from kit.ids import OrganizationId
from services.core.domain import Conversation, ConversationId, Customer, CustomerId, Erasure, Identity

OWN_STORE = "core"
"""Core's own tables, as a receipt names them."""


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
        """Sets a customer's name if it is empty."""

    async def add_identity(self, organization: OrganizationId, customer: CustomerId, identity: Identity) -> Customer:
        """Adds an identity, or verifies a claim. Raises IdentityTaken or TooManyIdentities."""

    async def remove_identity(self, organization: OrganizationId, customer: CustomerId, identity: Identity) -> Customer:
        """Removes an identity: the next message from it makes a new customer."""


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

    async def expire(self, organization: OrganizationId, age: timedelta, limit: int) -> int:
        """Adds jobs for conversations that were not touched for an age, and begins others at their addresses; how many."""

    async def empty(self, organization: OrganizationId, conversation: ConversationId) -> None:
        """Empties the messages and turns of an erased conversation."""

    async def finish(self, organization: OrganizationId, customer: CustomerId) -> None:
        """Erases the messages of erased conversations, and appends the fact that the customer is erased."""

    async def confirm(self, organization: OrganizationId, customer: CustomerId, store: str) -> None:
        """Notes that nothing of the customer is left in a store. The first time counts."""

    async def get(self, organization: OrganizationId, customer: CustomerId) -> Erasure:
        """A receipt. Raises ErasureNotFound."""

    async def page(self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int) -> list[Erasure]:
        """Receipts, the newest first."""
