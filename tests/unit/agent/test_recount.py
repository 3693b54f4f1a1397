"""The queue and the assignments, compared with what core reports."""

from __future__ import annotations

from kit.ids import OrganizationId
from services.agent.domain.holds import Hold, differences
from services.agent.domain.ids import AgentId, ConversationId

ACME = OrganizationId("acme")
WAITS = Hold(ACME, ConversationId("c1"))
HELD = Hold(ACME, ConversationId("c1"), AgentId("a1"), 3)


def test_what_agrees_is_no_difference() -> None:
    assert differences({WAITS, Hold(ACME, ConversationId("c2"))}, {Hold(ACME, ConversationId("c2")), WAITS}) == set()


def test_each_side_that_stands_alone_is_reported() -> None:
    assert differences({HELD}, {WAITS}) == {
        "conversation acme/c1 is with agent a1 since epoch 3, by core alone",
        "conversation acme/c1 waits for an agent, by this service alone",
    }
