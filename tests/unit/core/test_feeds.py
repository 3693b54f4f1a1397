"""What followers of core's journal are sent of messages, by what they asked for."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal

from kit.journal import Record
from services.core import convert
from services.core.domain import Address, AgentId, Content, Conversation, IdentityKind, MessageCreated, Role, TurnStarted, note
from tests.unit.core.making import NOW, conversation

WHATSAPP = Address(IdentityKind.WHATSAPP_USER, "+4915112345678")
BROWSER = Address(IdentityKind.BROWSER, "b1")
DELIVERABLE = internal.WatchEventsRequest(deliverable_only=True)


def record(where: Conversation, role: str) -> Record:
    """A MessageCreated of the conversation as it lies in the journal."""
    written = note(where, AgentId("a1"), "Robin", Content.of("Psst"), "r1", NOW)
    said = written.messages[0]
    if role != "NOTE":
        said = replace(said, role=Role(role), note=False)
    payload = msgspec.json.encode(MessageCreated(written.after, said)).decode()
    return Record(0, 1, "acme", "MessageCreated", payload, "", NOW)


@pytest.mark.parametrize(
    ("address", "role", "wanted"),
    [
        (WHATSAPP, "ASSISTANT", True),
        (WHATSAPP, "AGENT", True),
        (WHATSAPP, "CUSTOMER", False),
        (WHATSAPP, "NOTE", False),
        (BROWSER, "ASSISTANT", False),
        (None, "ASSISTANT", False),
    ],
)
def test_who_delivers_hears_only_of_what_leaves_by_a_provider(address: Address | None, role: str, wanted: bool) -> None:
    said = record(replace(conversation(), address=address), role)
    assert convert.is_wanted(DELIVERABLE, said) is wanted
    assert convert.is_wanted(internal.WatchEventsRequest(), said)


def test_other_facts_are_not_filtered() -> None:
    fact = TurnStarted(conversation(), None)  # type: ignore[arg-type]  # whatever it holds, it is not looked at
    payload = msgspec.json.encode(fact).decode()
    assert convert.is_wanted(DELIVERABLE, Record(0, 1, "acme", "TurnStarted", payload, "", NOW))


def test_a_message_tells_where_its_customer_is_reached() -> None:
    event = convert.event_to_pb(record(replace(conversation(), address=WHATSAPP), "ASSISTANT"))
    assert event.message_created.address == pb.Address(
        kind=pb.IDENTITY_KIND_WHATSAPP_USER, value="+4915112345678", verified=True
    )
    assert not convert.event_to_pb(record(conversation(), "ASSISTANT")).message_created.HasField("address")
