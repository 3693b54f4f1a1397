"""How use cases of customers fail, and the receipt of an erasure."""

from dataclasses import dataclass
from datetime import datetime

from kit import errors
from kit.ids import OrganizationId
from services.core.domain.identities import MAX_IDENTITIES
from services.core.domain.values import CustomerId


class CustomerNotFound(errors.NotFound):
    reason = "CUSTOMER_NOT_FOUND"

    def __init__(self, customer: str) -> None:
        super().__init__(f"There is no customer {customer} here.", customer=customer)


class CustomerIsMerged(errors.FailedPrecondition):
    reason = "CUSTOMER_MERGED"

    def __init__(self, customer: str, merged_into: str) -> None:
        super().__init__(
            f"This record was merged into customer {merged_into}; change that one, or split them first.",
            customer=customer,
            merged_into=merged_into,
        )


class CustomersNotMerged(errors.FailedPrecondition):
    reason = "CUSTOMERS_NOT_MERGED"

    def __init__(self, customer: str, why: str) -> None:
        super().__init__(f"{why} Name two records of which one can be merged into the other.", customer=customer)


class IdentityTaken(errors.AlreadyExists):
    reason = "IDENTITY_TAKEN"

    def __init__(self, customer: str) -> None:
        super().__init__(
            f"This is a verified identity of customer {customer}; merge the two, if they are one person.", customer=customer
        )


class IdentityNotFound(errors.NotFound):
    reason = "IDENTITY_NOT_FOUND"

    def __init__(self, customer: str) -> None:
        super().__init__(f"Customer {customer} has no such identity; read the customer again.", customer=customer)


class TooManyIdentities(errors.FailedPrecondition):
    reason = "TOO_MANY_IDENTITIES"

    def __init__(self) -> None:
        super().__init__(f"A customer has at most {MAX_IDENTITIES} identities; remove one first.", limit=MAX_IDENTITIES)


class NothingLeft(errors.FailedPrecondition):
    reason = "NOTHING_LEFT"

    def __init__(self, customer: str) -> None:
        super().__init__(
            f"These are all identities of customer {customer}; leave at least one, or update the customer instead.",
            customer=customer,
        )


class ErasureNotFound(errors.NotFound):
    reason = "CUSTOMER_ERASURE_NOT_FOUND"

    def __init__(self, customer: str) -> None:
        super().__init__(f"No erasure of customer {customer} was asked for here.", erasure=customer)


@dataclass(frozen=True, slots=True)
class Erasure:
    """The receipt of an erasure."""

    organization: OrganizationId
    customer: CustomerId
    created: datetime
    customers: int
    conversations: int
    messages: int
    confirmed: tuple[tuple[str, datetime | None], ...]
    """By store, when nothing of the customer was left there; None: not yet."""

    @property
    def finished(self) -> datetime | None:
        """When the last store confirmed."""
        times = [moment for _, moment in self.confirmed]
        known = [moment for moment in times if moment is not None]
        return max(known) if known and len(known) == len(times) else None
