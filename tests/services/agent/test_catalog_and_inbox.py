"""Queues, canned replies, and what a screen hears."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace

import pytest

from kit.errors import EtagMismatch
from kit.streams import ResumeTokenExpired, StreamEnded, position
from services.agent.domain.agent import Me
from services.agent.domain.canned_reply import CannedReplyAlreadyExists, CannedReplyNotFound
from services.agent.domain.facts import AssignedMessageCreated, Author, Fact
from services.agent.domain.ids import CannedReplyId, ConversationId, QueueId
from services.agent.domain.queue import DefaultQueue, Queue, QueueAlreadyExists, QueueNotFound, Rule, route
from tests.services.agent.world import ORGANIZATION, World


def queue(world: World, id: str, order: int = 0, rule: Rule | None = None) -> Queue:
    now = world.clock()
    rules = () if rule is None else (rule,)
    return Queue(ORGANIZATION, QueueId(id), id.title(), rules, order, (), None, now, now)


async def heard(world: World, me: Me, token: str = "") -> list[Fact]:
    """All that a screen has received when its stream ends."""
    facts: list[Fact] = []
    async with aclosing(world.inbox.watch(me, token or str(world.start), seconds=0)) as stream:
        try:
            while True:
                facts += [told.fact for told in (await anext(stream)).told]
        except StreamEnded:
            return facts


async def test_the_default_queue_is_always_there_and_last(world: World) -> None:
    await world.catalog.add_queue(queue(world, "vip", order=5), "")
    assert [q.id for q in await world.catalog.queues(ORGANIZATION)] == ["vip", "default"]
    with pytest.raises(DefaultQueue):
        await world.catalog.remove_queue(ORGANIZATION, QueueId("default"))


async def test_the_first_queue_in_order_with_a_fitting_rule_takes_it(world: World) -> None:
    web = "organizations/acme/channels/web"
    queues = [
        queue(world, "default"),
        queue(world, "late", 9, Rule(reasons=("refund",))),
        queue(world, "early", 1, Rule(reasons=("refund",), channels=(web,))),
        queue(world, "by-hand", 0),
    ]
    chosen = [route(queues, "wants a REFUND", web), route(queues, "wants a refund", "x"), route(queues, "angry", web)]
    assert [q.id if q else None for q in chosen] == ["early", "late", "default"]


async def test_a_queue_is_made_once_per_request_and_changed_as_it_was_read(world: World) -> None:
    made = await world.catalog.add_queue(queue(world, ""), "r1")
    assert await world.catalog.add_queue(queue(world, ""), "r1") == made
    with pytest.raises(QueueAlreadyExists):
        await world.catalog.add_queue(made, "r2")
    await world.catalog.edit_queue(ORGANIZATION, made.id, "1", lambda q: replace(q, order=7))
    with pytest.raises(EtagMismatch):
        await world.catalog.edit_queue(ORGANIZATION, made.id, "1", lambda q: q)


async def test_what_waits_in_a_deleted_queue_waits_in_the_default_one(world: World) -> None:
    await world.catalog.add_queue(queue(world, "vip", 0, Rule()), "")
    waiting = await world.ask_for_human()
    await world.catalog.remove_queue(ORGANIZATION, QueueId("vip"))
    moved = await world.catalog.entries(ORGANIZATION, QueueId("default"), None, 10)
    assert [(h.id, h.created) for h in moved] == [(waiting.id, waiting.created)]
    with pytest.raises(QueueNotFound):
        await world.catalog.entries(ORGANIZATION, QueueId("vip"), None, 10)


async def test_a_shortcut_is_taken_once(world: World) -> None:
    made = await world.catalog.add_canned_reply(ORGANIZATION, "hi", "Hello!", "r1")
    assert await world.catalog.add_canned_reply(ORGANIZATION, "hi", "Hello!", "r1") == made
    with pytest.raises(CannedReplyAlreadyExists):
        await world.catalog.add_canned_reply(ORGANIZATION, "hi", "Hey!", "")
    await world.catalog.remove_canned_reply(ORGANIZATION, made.id)
    with pytest.raises(CannedReplyNotFound):
        await world.catalog.canned_reply(ORGANIZATION, CannedReplyId(made.id))


async def test_a_screen_learns_of_its_own_conversations_and_of_those_that_wait(world: World, first: Me, second: Me) -> None:
    mine = await world.ask_for_human()
    await world.desk.accept(first, mine.id)
    await world.ask_for_human(ConversationId("c2"))
    await world.desk.heard(ORGANIZATION, mine.conversation, "m1", Author.CUSTOMER, "to the first agent")
    await world.desk.heard(ORGANIZATION, ConversationId("c2"), "m2", Author.CUSTOMER, "to any agent")

    def messages(facts: list[Fact]) -> list[str]:
        return [fact.message for fact in facts if isinstance(fact, AssignedMessageCreated)]

    assert messages(await heard(world, first)) == ["m1", "m2"]
    assert messages(await heard(world, second)) == ["m2"]


async def test_a_screen_continues_where_its_list_ended(world: World, first: Me) -> None:
    await world.ask_for_human()
    screen = await world.inbox.list(first)
    await world.ask_for_human(ConversationId("c2"))
    facts = await heard(world, first, str(screen.position))
    assert [type(fact).__name__ for fact in facts] == ["HandoverQueued"]


@pytest.mark.parametrize("token", ["x", "-1", "1.5", "９", "1" * 19])
def test_a_token_that_is_not_ours_is_refused(token: str) -> None:
    with pytest.raises(ResumeTokenExpired):
        position(token)
