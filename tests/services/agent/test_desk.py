"""Agents take, answer, hand on and close conversations."""

from __future__ import annotations

import pytest

from kit.ids import OrganizationId
from services.agent.domain.agent import AgentNotFound, Me
from services.agent.domain.custody import (
    AssignmentNotFound,
    HandoverNotFound,
    HandoverTaken,
    HandoverWithdrawn,
    NotAssignedToYou,
)
from services.agent.domain.facts import Author, Cause
from services.agent.domain.ids import AgentId, ConversationId, HandoverId, QueueId
from services.agent.domain.queue import Queue, Rule
from services.agent.ports import Said, Taken
from tests.services.agent.world import CONVERSATION, ORGANIZATION, World


async def test_the_first_to_accept_has_it_and_the_other_hears_who(world: World, first: Me, second: Me) -> None:
    waiting = await world.ask_for_human()
    accepted = await world.desk.accept(first, waiting.id)
    handover, assignment = accepted.handover, accepted.assignment
    assert (handover.agent, assignment.agent) == (first.id, first.id)
    with pytest.raises(HandoverTaken) as error:
        await world.desk.accept(second, waiting.id)
    assert error.value.metadata["agent_display_name"] == "First Agent"


async def test_core_decides_even_when_this_service_has_not_heard_of_the_winner(world: World, first: Me, second: Me) -> None:
    waiting = await world.ask_for_human()
    await world.core.take(ORGANIZATION, CONVERSATION, first.id, first.display_name)
    with pytest.raises(HandoverTaken) as error:
        await world.desk.accept(second, waiting.id)
    assert error.value.metadata["agent"] == "organizations/acme/agents/a1"


async def test_accepting_again_changes_nothing(world: World, first: Me) -> None:
    waiting = await world.ask_for_human()
    once = await world.desk.accept(first, waiting.id)
    told = await world.facts()
    assert await world.desk.accept(first, waiting.id) == once
    assert (await world.facts()) == told


async def test_accepting_again_does_not_take_back_what_was_given_back(world: World, first: Me) -> None:
    waiting = await world.ask_for_human()
    await world.desk.accept(first, waiting.id)
    await world.desk.give_back(first, CONVERSATION, manages=False)
    with pytest.raises(HandoverWithdrawn):
        await world.desk.accept(first, waiting.id)


async def test_an_accept_whose_answer_was_lost_is_completed_by_the_journal(world: World, first: Me) -> None:
    waiting = await world.ask_for_human()
    taken = await world.core.take(ORGANIZATION, CONVERSATION, first.id, first.display_name)
    await world.desk.taken(ORGANIZATION, CONVERSATION, first.id, first.display_name, taken)
    accepted = await world.desk.accept(first, waiting.id)
    handover, assignment = accepted.handover, accepted.assignment
    assert handover.agent == assignment.agent == first.id


async def test_a_handover_no_one_asked_for_is_not_there(world: World, first: Me) -> None:
    with pytest.raises(HandoverNotFound):
        await world.desk.accept(first, HandoverId("h9"))


async def test_a_conversation_is_passed_on_to_someone_who_is_an_agent(world: World, first: Me, second: Me) -> None:
    waiting = await world.ask_for_human()
    await world.desk.accept(first, waiting.id)
    with pytest.raises(AgentNotFound):
        await world.desk.transfer(first, CONVERSATION, AgentId("stranger"), manages=False)
    await world.team.enroll(second)
    passed = await world.desk.transfer(first, CONVERSATION, second.id, manages=False)
    assert passed.agent == second.id
    assert await world.desk.transfer(first, CONVERSATION, second.id, manages=False) == passed
    with pytest.raises(NotAssignedToYou):
        await world.desk.give_back(first, CONVERSATION, manages=False)


async def test_only_who_has_it_may_give_it_back_or_who_manages(world: World, first: Me, second: Me) -> None:
    waiting = await world.ask_for_human()
    await world.desk.accept(first, waiting.id)
    with pytest.raises(NotAssignedToYou):
        await world.desk.give_back(second, CONVERSATION, manages=False)
    ended = await world.desk.give_back(second, CONVERSATION, manages=True)
    assert ended.cause is Cause.RETURNED
    assert await world.desk.give_back(first, CONVERSATION, manages=False) == ended


async def test_resolving_closes_it_once(world: World, first: Me) -> None:
    with pytest.raises(AssignmentNotFound):
        await world.desk.resolve(first, CONVERSATION, manages=False)
    waiting = await world.ask_for_human()
    await world.desk.accept(first, waiting.id)
    ended = await world.desk.resolve(first, CONVERSATION, manages=False)
    assert ended.cause is Cause.RESOLVED
    assert await world.desk.resolve(first, CONVERSATION, manages=False) == ended
    assert (await world.facts()).count("AssignmentFinished") == 1


async def test_core_closing_a_conversation_ends_the_waiting(world: World, first: Me) -> None:
    waiting = await world.ask_for_human()
    await world.desk.released(ORGANIZATION, CONVERSATION, Cause.RESOLVED, 2)
    with pytest.raises(HandoverWithdrawn):
        await world.desk.accept(first, waiting.id)


async def test_a_reply_needs_the_conversation_and_is_sent_once(world: World, first: Me, second: Me) -> None:
    with pytest.raises(AssignmentNotFound):
        await world.desk.reply(first, CONVERSATION, Said("hello"), "r1")
    waiting = await world.ask_for_human()
    await world.desk.accept(first, waiting.id)
    once = await world.desk.reply(first, CONVERSATION, Said("hello"), "r1")
    assert await world.desk.reply(first, CONVERSATION, Said("hello"), "r1") == once
    with pytest.raises(NotAssignedToYou):
        await world.desk.reply(second, CONVERSATION, Said("me too"), "r2")
    assert (await world.desk.note(second, CONVERSATION, Said("she is a regular"), "n1")).message != once.message


async def test_rules_choose_the_queue_and_its_target_the_due_time(world: World) -> None:
    now = world.clock()
    billing = Queue(ORGANIZATION, QueueId("billing"), "Billing", (Rule(reasons=("Refund",)),), 1, (), None, now, now)
    await world.catalog.add_queue(billing, "")
    assert (await world.ask_for_human(reason="asks for a refund")).queue == "billing"
    other = await world.ask_for_human(ConversationId("c2"), reason="no answer found")
    assert (other.queue, other.due) == ("default", None)


async def test_a_message_of_the_customer_shows_on_the_agents_screen(world: World, first: Me) -> None:
    waiting = await world.ask_for_human()
    await world.desk.accept(first, waiting.id)
    await world.desk.heard(ORGANIZATION, CONVERSATION, "m1", Author.CUSTOMER, "Are you  there?")
    screen = await world.inbox.list(first)
    assert [held.preview for held in screen.assignments] == ["Are you there?"]
    assert screen.waiting == []


async def test_news_that_overtakes_an_accept_is_believed(world: World, first: Me, second: Me) -> None:
    waiting = await world.ask_for_human()
    await world.core.take(ORGANIZATION, CONVERSATION, first.id, first.display_name)
    await world.desk.taken(ORGANIZATION, CONVERSATION, second.id, second.display_name, Taken(9))
    with pytest.raises(HandoverTaken) as error:
        await world.desk.accept(first, waiting.id)
    assert error.value.metadata["agent_display_name"] == "Second Agent"


async def test_a_journal_faster_than_cores_answer_gives_the_same_result(world: World, first: Me) -> None:
    waiting = await world.ask_for_human()
    await world.desk.accept(first, waiting.id)
    close = world.core.close

    async def close_late(organization: OrganizationId, conversation: ConversationId) -> Taken:
        closed = await close(organization, conversation)
        await world.desk.released(organization, conversation, Cause.RESOLVED, closed.epoch)
        return closed

    world.core.close = close_late  # type: ignore[method-assign]
    resolved = await world.desk.resolve(first, CONVERSATION, manages=False)
    assert resolved.cause is Cause.RESOLVED
    assert await world.desk.resolve(first, CONVERSATION, manages=False) == resolved
