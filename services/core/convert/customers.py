"""Customers, their identities and the receipts of erasures as messages of the contract, and back."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import cast

from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from kit import names
from kit.convert import time_to_pb
from kit.errors import EtagMismatch, UnknownField
from kit.ids import OrganizationId
from kit.text import shown_name
from services.core import domain

CUSTOMER = "organizations/{organization}/customers/{customer}"

_KINDS = {kind: cast("pb.IdentityKind", pb.IdentityKind.Value(f"IDENTITY_KIND_{kind}")) for kind in domain.IdentityKind}
_KINDS_BACK = {value: kind for kind, value in _KINDS.items()}
_SOURCES = {
    source: cast("pb.IdentitySource", pb.IdentitySource.Value(f"IDENTITY_SOURCE_{source}")) for source in domain.IdentitySource
}
_SOURCES_BACK = {value: source for source, value in _SOURCES.items()}
_CHANGEABLE = frozenset({"display_name", "language"})


def parse(name: str) -> tuple[OrganizationId, domain.CustomerId]:
    """Organization and customer of a name."""
    ids = names.parse(CUSTOMER, name)
    return OrganizationId(ids["organization"]), domain.CustomerId(ids["customer"])


def customer_name(organization: str, customer: str | None) -> str:
    """`organizations/{organization}/customers/{customer}`; empty for none."""
    return f"organizations/{organization}/customers/{customer}" if customer else ""


def customer_to_pb(c: domain.Customer) -> pb.Customer:
    """A customer."""
    return pb.Customer(
        name=customer_name(c.organization, c.id),
        display_name=c.display_name,
        language=c.language,
        identities=[
            pb.Identity(
                kind=_KINDS[each.kind],
                scope=each.scope,
                value=each.value,
                verify_time=time_to_pb(each.verified),
                source=_SOURCES[each.source],
            )
            for each in c.identities
        ],
        create_time=time_to_pb(c.created),
        update_time=time_to_pb(c.updated),
        etag=str(c.revision),
        block_time=time_to_pb(c.blocked),
        merged_into=customer_name(c.organization, c.merged_into),
    )


def customer_changes_from_pb(request: pb.UpdateCustomerRequest) -> dict[str, str]:
    """The changes of an update. Raises UnknownField."""
    changes = {path: getattr(request.customer, path) for path in chosen(request.customer, request.update_mask, _CHANGEABLE)}
    return changes | ({"display_name": shown_name(changes["display_name"])} if "display_name" in changes else {})


def chosen(message: Message, mask: FieldMask, allowed: frozenset[str]) -> Collection[str]:
    """The fields that an update mask names; without one, those that are set. Raises UnknownField."""
    for path in mask.paths:
        if path not in allowed:
            raise UnknownField(path, allowed)
    return mask.paths or [field.name for field, _ in message.ListFields() if field.name in allowed]


def revision_from_etag(etag: str) -> int | None:
    """The revision of an etag; None without one. Raises EtagMismatch for one that is not ours."""
    if not etag:
        return None
    if not (etag.isascii() and etag.isdigit() and len(etag) < 19):
        raise EtagMismatch(etag)
    return int(etag)


def identity_from_pb(
    identity: pb.Identity, source: domain.IdentitySource | None = None, verified: datetime | None = None
) -> domain.Identity:
    """An identity, with another source and verification if they are given."""
    kind = _KINDS_BACK[identity.kind]
    told = identity.verify_time.ToDatetime(UTC) if identity.HasField("verify_time") else None
    return domain.Identity(
        kind=kind,
        value=domain.normal(kind, identity.value),
        scope=identity.scope,
        verified=verified if source else told,
        source=source or _SOURCES_BACK.get(identity.source, domain.IdentitySource.CUSTOMER),
    )


def address_to_pb(address: domain.Address) -> pb.Address:
    """Where answers go."""
    return pb.Address(kind=_KINDS[address.kind], scope=address.scope, value=address.value, verified=address.verified)


def opening_from_pb(request: internal.OpenConversationRequest | internal.ReceiveMessageRequest) -> domain.Opening:
    """By what a conversation is found, and what it begins with."""
    opening = domain.Opening(
        channel=domain.ChannelId(names.last(request.channel)),
        identity=identity_from_pb(request.identity),
        thread_key=request.thread_key,
        display_name=shown_name(request.display_name),
    )
    if isinstance(request, internal.ReceiveMessageRequest):
        return opening
    return domain.Opening(
        channel=opening.channel,
        identity=opening.identity,
        thread_key=opening.thread_key,
        display_name=opening.display_name,
        language=request.language,
        subject=request.subject,
        claims=tuple(map(identity_from_pb, request.claims)),
        existing=request.existing,
    )


def erasure_to_pb(erasure: domain.Erasure) -> pb.CustomerErasure:
    """A receipt."""
    return pb.CustomerErasure(
        name=f"organizations/{erasure.organization}/customerErasures/{erasure.customer}",
        create_time=time_to_pb(erasure.created),
        finish_time=time_to_pb(erasure.finished),
        confirmations=[
            pb.CustomerErasure.Confirmation(store=store, finish_time=time_to_pb(moment)) for store, moment in erasure.confirmed
        ],
        customer_count=erasure.customers,
        conversation_count=erasure.conversations,
        message_count=erasure.messages,
    )


def tell(event: internal.Event, organization: str, fact: domain.CustomerFact) -> None:
    """Puts a fact of a customer into an event. Whose it is, is the subject."""
    match fact:
        case domain.CustomerCreated():
            event.customer_created.SetInParent()
        case domain.CustomerUpdated():
            event.customer_updated.SetInParent()
        case domain.CustomerMerged(duplicate=duplicate):
            event.customer_merged.duplicate = customer_name(organization, duplicate)
        case domain.CustomerSplit(from_customer=source):
            event.customer_split.from_customer = customer_name(organization, source)
        case domain.CustomerErased():
            event.customer_erased.SetInParent()
        case domain.IdentityAdded(identity_kind=kind, verified=verified):
            event.identity_added.kind, event.identity_added.verified = _KINDS[kind], verified
        case domain.IdentityRemoved(identity_kind=kind):
            event.identity_removed.kind = _KINDS[kind]
        case domain.CustomerBlocked():
            event.customer_blocked.SetInParent()
        case domain.CustomerUnblocked():
            event.customer_unblocked.SetInParent()
