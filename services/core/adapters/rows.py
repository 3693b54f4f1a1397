"""Database rows as domain values."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from kit.ids import OrganizationId
from services.core.domain import (
    Address,
    AgentId,
    Capabilities,
    ChannelId,
    Citation,
    Content,
    Conversation,
    ConversationId,
    Customer,
    CustomerId,
    Identity,
    IdentityKind,
    IdentitySource,
    Message,
    MessageId,
    MessageKind,
    Overview,
    Priority,
    Role,
    State,
    Turn,
    TurnId,
    TurnState,
)

Row = Mapping[str, Any]


def turn(row: Row, prefix: str = "") -> Turn:
    """A turn; `prefix` is what its columns start with in a join."""
    return Turn(
        id=TurnId(row[f"{prefix}id"]),
        state=TurnState(row[f"{prefix}state"]),
        epoch=row[f"{prefix}epoch"],
        answers_seq=row[f"{prefix}answers_seq"],
        created=row[f"{prefix}created"],
        due=row[f"{prefix}due"],
        attempt=row[f"{prefix}attempt"],
        supersedes=row[f"{prefix}supersedes"],
        assistant=row[f"{prefix}assistant"],
        input_tokens=row[f"{prefix}input_tokens"],
        output_tokens=row[f"{prefix}output_tokens"],
        error=row[f"{prefix}error"],
        finished=row[f"{prefix}finished"],
        micros=row.get(f"{prefix}micros"),
    )


def conversation(row: Row) -> Conversation:
    """A conversation, with its open turn if the row was joined with one."""
    return Conversation(
        organization=OrganizationId(row["organization"]),
        id=ConversationId(row["id"]),
        customer=CustomerId(row["customer"]),
        channel=ChannelId(row["channel"]),
        state=State(row["state"]),
        created=row["created"],
        updated=row["updated"],
        address=address(row),
        agent=AgentId(row["agent"]) if row["agent"] else None,
        agent_display_name=row["agent_display_name"],
        epoch=row["epoch"],
        last_seq=row["last_seq"],
        last_customer_seq=row["last_customer_seq"],
        answered_seq=row["answered_seq"],
        tags=tuple(row["tags"]),
        handover_reason=row["handover_reason"],
        thread_key=row["thread_key"],
        subject=row["subject"],
        priority=Priority(row["priority"]),
        language=row["language"],
        erased=row["erased"],
        blocked=row["blocked"],
        revision=row["revision"],
        turn=turn(row, "turn_") if row["turn_id"] else None,
        capabilities=msgspec.convert(row["capabilities"], Capabilities) if row["capabilities"] else None,
        rating=row["rating"],
        rating_comment=row["rating_comment"],
        rated=row["rated"],
    )


def address(row: Row) -> Address | None:
    if not row["address_value"]:
        return None
    kind = IdentityKind(row["address_kind"])
    return Address(kind, row["address_value"], row["address_scope"], row["address_verified"])


def overview(row: Row) -> Overview:
    """A conversation, joined with its customer's name and its last message."""
    last = message(row, "said_") if row["said_id"] else None
    return Overview(conversation(row), row["customer_display_name"], last, row["customer_read_seq"])


def message(row: Row, prefix: str = "") -> Message:
    """A message; `prefix` is what its columns start with in a join."""
    return Message(
        id=MessageId(row[f"{prefix}id"]),
        seq=row[f"{prefix}seq"],
        role=Role(row[f"{prefix}role"]),
        text=row[f"{prefix}text"],
        created=row[f"{prefix}created"],
        source=row[f"{prefix}source"],
        author=row[f"{prefix}author"],
        author_display_name=row[f"{prefix}author_display_name"],
        kind=MessageKind(row[f"{prefix}kind"]),
        markdown=row[f"{prefix}markdown"],
        note=row[f"{prefix}note"],
        citations=msgspec.convert(row[f"{prefix}citations"], tuple[Citation, ...]) if row[f"{prefix}citations"] else (),
        turn=TurnId(row[f"{prefix}turn"]) if row[f"{prefix}turn"] else None,
        epoch=row[f"{prefix}epoch"],
        request_id=row[f"{prefix}request_id"],
        content=msgspec.convert(row[f"{prefix}content"], Content) if row[f"{prefix}content"] else None,
    )


def identity(row: Row) -> Identity:
    """An identity."""
    return Identity(IdentityKind(row["kind"]), row["value"], row["scope"], row["verified"], IdentitySource(row["source"]))


def customer(row: Row, identities: Sequence[Row]) -> Customer:
    """A customer with identities."""
    return Customer(
        organization=OrganizationId(row["organization"]),
        id=CustomerId(row["id"]),
        display_name=row["display_name"],
        language=row["locale"],
        identities=tuple(map(identity, identities)),
        blocked=row["blocked"],
        created=row["created"],
        updated=row["updated"],
        revision=row["revision"],
        merged_into=CustomerId(row["merged_into"]) if row["merged_into"] else None,
    )
