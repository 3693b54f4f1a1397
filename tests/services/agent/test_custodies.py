"""`ports.Custodies`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from kit.ids import OrganizationId
from services.agent.domain import custody as rules
from services.agent.domain.custody import Custody, Handover, HandoverState, Request
from services.agent.domain.facts import Author, Cause
from services.agent.domain.holds import Hold
from services.agent.domain.ids import AgentId, AssignmentId, ConversationId, HandoverId, QueueId
from tests.services.agent.ports import Ports, ids_of, take_told

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, SECOND = AgentId("a1"), AgentId("a2")


async def wait(ports: Ports, organization: OrganizationId, number: int, queue: str = "default", epoch: int = 1) -> Handover:
    request = Request(
        "asked", "A customer", "organizations/x/channels/web", "help", epoch, QueueId(queue), NOW + timedelta(hours=1)
    )
    moment = NOW + timedelta(seconds=number)
    changed = await ports.custodies.change(
        organization,
        ConversationId(f"c{number}"),
        lambda c: rules.queue_up(c, request, HandoverId(f"h{number}-{epoch}"), moment),
    )
    assert changed.custody.pending is not None
    return changed.custody.pending


async def take(ports: Ports, organization: OrganizationId, number: int, agent: AgentId, epoch: int) -> rules.Change:
    id = AssignmentId(f"s{number}-{epoch}")
    return await ports.custodies.change(
        organization, ConversationId(f"c{number}"), lambda c: rules.take(c, agent, f"Agent {agent}", epoch, "", id, NOW)
    )


async def test_nothing_is_known_of_a_conversation_that_never_needed_an_agent(
    ports: Ports, organization: OrganizationId
) -> None:
    assert await ports.custodies.find(organization, ConversationId("c1")) == Custody(organization, ConversationId("c1"))
    assert await ports.custodies.handover(organization, HandoverId("h1")) is None


async def test_a_custody_comes_back_as_it_was_stored(ports: Ports, organization: OrganizationId) -> None:
    waiting = await wait(ports, organization, 1)
    assert await ports.custodies.handover(organization, waiting.id) == waiting
    for agent, epoch in ((FIRST, 2), (SECOND, 3)):
        changed = await take(ports, organization, 1, agent, epoch)
        assert await ports.custodies.find(organization, ConversationId("c1")) == changed.custody
    heard = await ports.custodies.change(
        organization, ConversationId("c1"), lambda c: rules.hear(c, "m1", Author.CUSTOMER, "hello?", NOW)
    )
    assert await ports.custodies.find(organization, ConversationId("c1")) == heard.custody
    released = await ports.custodies.change(
        organization, ConversationId("c1"), lambda c: rules.release(c, Cause.RETURNED, 4, NOW)
    )
    found = await ports.custodies.find(organization, ConversationId("c1"))
    assert found == released.custody
    assert found.assignment is not None
    assert found.assignment.cause is Cause.RETURNED
    again = await wait(ports, organization, 1, epoch=5)
    assert (await ports.custodies.find(organization, ConversationId("c1"))).handover == again


async def test_all_facts_of_a_change_are_written_in_order(ports: Ports, organization: OrganizationId) -> None:
    await wait(ports, organization, 1)
    await take(ports, organization, 1, FIRST, 2)
    await take(ports, organization, 1, SECOND, 3)
    told = await take_told(ports.feed, organization, 0, 5)
    assert [type(fact).__name__ for _, fact in told] == [
        "HandoverQueued",
        "HandoverAccepted",
        "AssignmentStarted",
        "AssignmentFinished",
        "AssignmentStarted",
    ]
    assert [position for position, _ in told] == sorted(position for position, _ in told)


async def test_of_many_who_take_at_once_one_change_wins(ports: Ports, organization: OrganizationId) -> None:
    await wait(ports, organization, 1)
    before = await ports.feed.end(organization)
    await asyncio.gather(*(take(ports, organization, 1, AgentId(f"a{n}"), 2) for n in range(6)))
    assert await ports.feed.end(organization) == before + 2


async def test_a_decline_is_kept(ports: Ports, organization: OrganizationId) -> None:
    waiting = await wait(ports, organization, 1)
    await ports.custodies.change(organization, waiting.conversation, lambda c: rules.decline(c, waiting, FIRST, "not my field"))
    stored = await ports.custodies.handover(organization, waiting.id)
    assert stored is not None
    assert stored.declined_by == (FIRST,)


async def test_lists_have_who_waits_and_who_is_held(ports: Ports, organization: OrganizationId) -> None:
    for number in range(1, 5):
        await wait(ports, organization, number, "vip" if number % 2 else "default")
    await wait(ports, OrganizationId(f"{organization}x"), 9)
    waiting = await ports.custodies.waiting(organization, None, None, 10)
    assert ids_of(waiting) == ["h1-1", "h2-1", "h3-1", "h4-1"]
    assert ids_of(await ports.custodies.waiting(organization, QueueId("vip"), None, 10)) == ["h1-1", "h3-1"]
    second = waiting[1]
    assert ids_of(await ports.custodies.waiting(organization, None, (second.created, second.id), 1)) == ["h3-1"]

    await take(ports, organization, 2, FIRST, 2)
    assert ids_of(await ports.custodies.held_by(organization, FIRST)) == ["s2-2"]
    assert await ports.custodies.held_by(organization, SECOND) == []

    find = ports.custodies.handovers
    assert ids_of(await find(organization, None, None, None, 2)) == ["h4-1", "h3-1"]
    assert ids_of(await find(organization, HandoverState.ACCEPTED, None, None, 9)) == ["h2-1"]
    assert ids_of(await find(organization, None, ConversationId("c3"), None, 9)) == ["h3-1"]
    assert ids_of(await find(organization, None, None, HandoverId("h3-1"), 9)) == ["h2-1", "h1-1"]


async def test_who_waits_and_who_has_what_can_be_counted(ports: Ports, organization: OrganizationId) -> None:
    for number in (1, 2, 3):
        await wait(ports, organization, number)
    await take(ports, organization, 2, FIRST, 2)
    await take(ports, organization, 3, FIRST, 2)
    await ports.custodies.change(organization, ConversationId("c3"), lambda c: rules.release(c, Cause.RESOLVED, 3, NOW))
    held = {hold for hold in await ports.custodies.holds() if hold.organization == organization}
    assert held == {Hold(organization, ConversationId("c1")), Hold(organization, ConversationId("c2"), FIRST, 2)}
