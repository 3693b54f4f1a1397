"""Database rows as domain values."""

from collections.abc import Mapping
from typing import Any

import msgspec

from kit.ids import OrganizationId
from services.core.domain import (
    Address,
    AddressKind,
    AgentId,
    ChannelId,
    Content,
    Conversation,
    ConversationId,
    Customer,
    CustomerId,
    Message,
    MessageId,
    MessageKind,
    Role,
    Source,
    State,
    Turn,
    TurnId,
    TurnState,
)

Row = Mapping[str, Any]


def sources(raw: list[dict[str, str]]) -> tuple[Source, ...]:
    """Sources from their JSON column."""
    return msgspec.convert(raw, tuple[Source, ...]) if raw else ()


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
        recalled=sources(row[f"{prefix}recalled"]),
        error=row[f"{prefix}error"],
        finished=row[f"{prefix}finished"],
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
        address=Address(AddressKind(row["address_kind"]), row["address_value"]),
        agent=AgentId(row["agent"]) if row["agent"] else None,
        agent_display_name=row["agent_display_name"],
        epoch=row["epoch"],
        last_seq=row["last_seq"],
        last_customer_seq=row["last_customer_seq"],
        answered_seq=row["answered_seq"],
        tags=tuple(row["tags"]),
        handover_reason=row["handover_reason"],
        blocked=row["blocked"],
        revision=row["revision"],
        turn=turn(row, "turn_") if row["turn_id"] else None,
    )


def message(row: Row) -> Message:
    """A message."""
    return Message(
        id=MessageId(row["id"]),
        seq=row["seq"],
        role=Role(row["role"]),
        text=row["text"],
        created=row["created"],
        source=row["source"],
        author=row["author"],
        author_display_name=row["author_display_name"],
        kind=MessageKind(row["kind"]),
        markdown=row["markdown"],
        note=row["note"],
        sources=sources(row["sources"]),
        turn=TurnId(row["turn"]) if row["turn"] else None,
        epoch=row["epoch"],
        request_id=row["request_id"],
        content=msgspec.convert(row["content"], Content) if row["content"] else None,
    )


def customer(row: Row) -> Customer:
    """A customer with addresses."""
    addresses = tuple(Address(AddressKind(kind), value) for kind, value in zip(row["kinds"], row["values"], strict=True))
    return Customer(
        organization=OrganizationId(row["organization"]),
        id=CustomerId(row["id"]),
        display_name=row["display_name"],
        locale=row["locale"],
        addresses=addresses,
        blocked=row["blocked"],
        created=row["created"],
        updated=row["updated"],
    )
