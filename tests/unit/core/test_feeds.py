"""Core's facts in the journal, and what followers can filter by."""

from __future__ import annotations

from dataclasses import replace

import pytest
from frontdesk.core.internal import v1 as internal
from frontdesk.event.v1 import Filter

from kit.journal import Fact, Filters, Record
from services.core.convert.facts import fact_to_pb
from services.core.domain import Address, AgentId, Content, Conversation, IdentityKind, MessageCreated, Role, State, note
from tests.unit.core.making import NOW, conversation

WHATSAPP = Address(IdentityKind.WHATSAPP_USER, "+4915112345678")
BROWSER = Address(IdentityKind.BROWSER, "b1")


def told(where: Conversation, role: str) -> Fact:
    """A MessageCreated of the conversation, as the journal keeps it."""
    written = note(where, AgentId("a1"), "Robin", Content.of("Psst, my number is 555"), "r1", NOW)
    said = written.messages[0]
    if role != "NOTE":
        said = replace(said, role=Role(role), note=False)
    return fact_to_pb(where.organization, MessageCreated(written.after, said))


def wanted(fact: Fact, *filters: Filter) -> bool:
    payload = fact.event.SerializeToString()
    record = Record(0, 1, "acme", "MessageCreated", fact.subject, fact.labels, payload, NOW)
    return Filters(filters).choose(record)


@pytest.mark.parametrize(
    ("address", "role", "leaves"),
    [
        (WHATSAPP, "ASSISTANT", True),
        (WHATSAPP, "AGENT", True),
        (WHATSAPP, "CUSTOMER", False),
        (WHATSAPP, "NOTE", False),
        (BROWSER, "ASSISTANT", False),
        (None, "ASSISTANT", False),
    ],
)
def test_a_message_that_leaves_by_a_provider_is_labelled(address: Address | None, role: str, leaves: bool) -> None:
    said = told(replace(conversation(), address=address), role)
    assert wanted(said, Filter(kinds=["MessageCreated"], labels=["by-provider"])) is leaves
    assert wanted(said)


@pytest.mark.parametrize("state", State)
def test_a_message_that_an_agent_waits_for_or_has_is_labelled(state: State) -> None:
    said = told(replace(conversation(), state=state), "CUSTOMER")
    with_agents = state in (State.WAITING, State.ASSIGNED)
    assert wanted(said, Filter(kinds=["ConversationTaken"]), Filter(labels=["with-agents"])) is with_agents


def test_a_fact_is_chosen_by_kind_and_by_all_labels_of_one_filter() -> None:
    said = told(replace(conversation(), address=WHATSAPP, state=State.ASSIGNED), "AGENT")
    assert wanted(said, Filter(labels=["by-provider", "with-agents"]))
    assert not wanted(said, Filter(labels=["by-provider", "other"]))
    assert not wanted(said, Filter(kinds=["TurnStarted"], labels=["by-provider"]))


def test_the_journal_keeps_no_text_no_name_and_no_address() -> None:
    where = replace(conversation(), address=WHATSAPP, agent=AgentId("a1"), agent_display_name="Robin", handover_reason="secret")
    kept = told(where, "ASSISTANT").event.SerializeToString()
    for personal in (b"Psst", b"555", b"Robin", b"+49151", b"secret"):
        assert personal not in kept
    version = internal.Event.FromString(kept).conversation
    assert (version.name.rpartition("/")[2], version.epoch) == (where.id, where.epoch)
