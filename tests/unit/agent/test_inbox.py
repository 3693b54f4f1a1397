"""Parts of a feed that a screen shows, and how they travel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from frontdesk.agent import v1 as pb

from kit.ids import OrganizationId
from services.agent.app import inbox
from services.agent.convert.facts import inbox_event_to_pb, inbox_frame
from services.agent.domain import inbox as rules
from services.agent.domain.agent import PresenceState
from services.agent.domain.facts import AgentPresenceChanged, AssignedMessageCreated, Author, Fact, HandoverWithdrawn
from services.agent.domain.ids import AgentId, ConversationId, HandoverId, QueueId
from services.agent.ports import Batch, Told
from tests.support.jumping import run

ACME = OrganizationId("acme")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ME, OTHER = AgentId("me"), AgentId("other")


def message(conversation: str, number: int, agent: AgentId | None = None) -> AssignedMessageCreated:
    id = ConversationId(conversation)
    return AssignedMessageCreated(id, f"{conversation}/messages/{number}", Author.CUSTOMER, agent)


def told(*facts: Fact) -> list[Told]:
    return [Told(position, NOW, fact) for position, fact in enumerate(facts, start=1)]


def test_of_each_conversation_and_each_agent_a_frame_has_the_newest_and_all_else_in_order() -> None:
    away, online = (AgentPresenceChanged(OTHER, state) for state in (PresenceState.AWAY, PresenceState.ONLINE))
    left = [HandoverWithdrawn(HandoverId(id), ConversationId("c1"), QueueId("q")) for id in ("h1", "h2")]
    facts: list[Fact] = [message("c1", 1), away, message("c2", 1), left[0], message("c1", 2), online, left[1], message("c1", 3)]
    assert [each.position for each in inbox.newest(told(*facts))] == [3, 4, 6, 7, 8]


def test_a_message_that_a_screen_does_not_show_replaces_none_that_it_shows() -> None:
    async def feed() -> AsyncGenerator[Batch, None]:
        yield Batch(2, told(message("c1", 1), message("c1", 2, OTHER)))

    async def play() -> None:
        (batch,) = [batch async for batch in inbox._shown(feed(), lambda fact: rules.concerns(fact, ME))]
        assert batch.position == 2, "the token is behind all that the frame replaces"
        assert [each.fact for each in batch.told] == [message("c1", 1)]

    run(play())


def test_a_screen_for_which_nothing_happens_hears_a_heartbeat_while_others_are_busy() -> None:
    async def feed() -> AsyncGenerator[Batch, None]:
        for position in range(1, 100):
            await asyncio.sleep(1)
            yield Batch(position, told(message("c1", position, OTHER)))

    async def play() -> None:
        start = asyncio.get_running_loop().time()
        times = []
        async for batch in inbox._shown(feed(), lambda fact: rules.concerns(fact, ME)):
            assert not batch.told
            times.append(asyncio.get_running_loop().time() - start)
        assert len(times) == 99 // int(inbox.HEARTBEAT_SECONDS)
        assert times[0] == inbox.HEARTBEAT_SECONDS

    run(play())


def test_a_frame_of_shared_bytes_is_the_contracts_message() -> None:
    facts = told(message("c1", 1), AgentPresenceChanged(OTHER, PresenceState.AWAY))
    events = [inbox_event_to_pb(ACME, each) for each in facts]
    frame = inbox_frame(ACME, Batch(7, facts))
    again = inbox_frame(ACME, Batch(7, facts))
    wanted = pb.WatchInboxResponse(resume_token="7", inbox_events={"events": events})
    assert pb.WatchInboxResponse.FromString(frame.SerializeToString()) == wanted
    assert again.SerializeToString() == frame.SerializeToString()
    assert inbox_frame(ACME, Batch(8)) == pb.WatchInboxResponse(resume_token="8", heartbeat={})
