"""A customer reads, rates and leaves the line: over a real server and real stores."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal

from tests.rpc.core.conftest import Desk

READ = ("core.conversations.read", "core.conversations.list", "core.conversations.watch")


async def get(desk: Desk, conversation: pb.Conversation) -> pb.Conversation:
    request = pb.GetConversationRequest(name=conversation.name)
    found: pb.Conversation = await desk.conversations.GetConversation(request, metadata=desk.as_user(*READ))
    return found


async def rate(desk: Desk, conversation: pb.Conversation, score: int, comment: str = "") -> pb.Conversation:
    request = internal.RateConversationRequest(name=conversation.name, score=score, comment=comment)
    rated: pb.Conversation = await desk.inside.conversations.RateConversation(request, metadata=desk.as_service("channel"))
    return rated


async def read(desk: Desk, conversation: pb.Conversation, seq: int) -> None:
    request = internal.MarkReadRequest(name=conversation.name, seq=seq)
    await desk.inside.conversations.MarkRead(request, metadata=desk.as_service("channel"))


async def leave(desk: Desk, conversation: pb.Conversation) -> pb.Conversation:
    request = internal.WithdrawHandoverRequest(name=conversation.name)
    left: pb.Conversation = await desk.inside.conversations.WithdrawHandover(request, metadata=desk.as_service("channel"))
    return left


async def ask(desk: Desk, conversation: pb.Conversation) -> None:
    request = internal.RequestHandoverRequest(name=conversation.name, reason="A human, please")
    await desk.inside.conversations.RequestHandover(request, metadata=desk.as_service("channel"))


async def frames(desk: Desk, conversation: pb.Conversation, kind: str, count: int) -> list[Any]:
    """The next events of a kind, as an agent's screen gets them."""
    request = pb.WatchConversationRequest(name=conversation.name)
    found: list[Any] = []
    call = desk.conversations.WatchConversation(request, metadata=desk.as_user(*READ))
    async with asyncio.timeout(10):
        async for frame in call:
            if frame.WhichOneof("event") == kind:
                found.append(getattr(frame, kind))
            if len(found) == count:
                call.cancel()
                return found
    raise AssertionError


async def test_the_last_rating_counts_and_agents_see_it(desk: Desk) -> None:
    conversation = await desk.open()
    watching = asyncio.create_task(frames(desk, conversation, "conversation_updated", 2))
    await asyncio.sleep(0.1)
    assert not (await get(desk, conversation)).HasField("rating")
    first = await rate(desk, conversation, 2, "Slow.")
    assert (first.rating.score, first.rating.comment) == (2, "Slow.")
    again = await rate(desk, conversation, 2, "Slow.")
    assert again.rating == first.rating, "the same once more changes nothing"
    await rate(desk, conversation, 5)
    now = await get(desk, conversation)
    assert (now.rating.score, now.rating.comment) == (5, "")
    assert [each.rating.score for each in await watching] == [2, 5]


async def test_a_rating_is_a_fact_of_the_customer_without_the_comment(desk: Desk) -> None:
    conversation = await desk.open()
    await rate(desk, conversation, 4, "A comment that no journal holds")
    request = internal.WatchEventsRequest(shards=range(64), filters=[{"kinds": ["ConversationRated"]}], until_now=True)
    facts = [
        response.event
        async for response in desk.inside.events.WatchEvents(request, metadata=desk.as_service("agent"))
        if response.WhichOneof("item") == "event"
    ]
    told = [fact for fact in facts if fact.envelope.subject == conversation.name]
    assert [fact.conversation_rated.score for fact in told] == [4]
    assert told[0].envelope.actor.id == conversation.customer.rpartition("/")[2]
    assert b"no journal holds" not in told[0].SerializeToString()


async def test_reading_moves_forward_alone_and_never_beyond_what_was_said(desk: Desk) -> None:
    conversation = await desk.open()
    await desk.say(conversation, "How long can I return a parcel?", "m1")
    await desk.until(conversation, 2)
    before = await get(desk, conversation)
    watching = asyncio.create_task(frames(desk, conversation, "read_updated", 2))
    await asyncio.sleep(0.1)
    for seq in (1, 1, 99, 1):
        await read(desk, conversation, seq)
    assert [(each.role, each.seq) for each in await watching] == [
        (pb.PARTICIPANT_ROLE_CUSTOMER, 1),
        (pb.PARTICIPANT_ROLE_CUSTOMER, 2),
    ]
    after = await get(desk, conversation)
    assert (before.customer_read_seq, after.customer_read_seq, after.update_time) == (0, 2, before.update_time)
    listed = await desk.conversations.ListConversations(
        pb.ListConversationsRequest(parent="organizations/acme"), metadata=desk.as_user(*READ)
    )
    assert [each.customer_read_seq for each in listed.conversations if each.name == conversation.name] == [2]


async def test_who_leaves_the_line_continues_with_the_assistant_and_no_agent_can_take_it_back(desk: Desk) -> None:
    conversation = await desk.open()
    await ask(desk, conversation)
    waiting = await get(desk, conversation)
    assert waiting.state == pb.CONVERSATION_STATE_WAITING
    await desk.say(conversation, "How long can I return a parcel?", "m1")
    left = await leave(desk, conversation)
    assert (left.state, left.epoch, left.handover_reason) == (pb.CONVERSATION_STATE_AUTOMATED, waiting.epoch + 1, "")
    messages = await desk.until(conversation, 2)
    assert "30 days" in messages[1].text, "what was asked while waiting is answered"
    assert (await leave(desk, conversation)).epoch == left.epoch, "leaving twice changes nothing"
    again = await desk.say(conversation, "How long can I return a parcel?", "m2")
    assert again.turn


@pytest.mark.parametrize("text", ["I want to talk to a human", "Ich möchte mit einem Menschen sprechen"])
async def test_the_request_for_a_human_is_not_answered_when_it_is_taken_back(desk: Desk, text: str) -> None:
    conversation = await desk.open()
    await desk.say(conversation, text, "m1")
    assert (await get(desk, conversation)).state == pb.CONVERSATION_STATE_WAITING
    left = await leave(desk, conversation)
    assert (left.state, left.unanswered) == (pb.CONVERSATION_STATE_AUTOMATED, False)


async def test_without_waiting_there_is_no_line_to_leave(desk: Desk) -> None:
    conversation = await desk.open()
    assert (await leave(desk, conversation)).state == pb.CONVERSATION_STATE_AUTOMATED
    await ask(desk, conversation)
    taken = await desk.take(conversation, "a1")
    assert (await leave(desk, conversation)).epoch == taken.conversation.epoch
    assert (await leave(desk, conversation)).state == pb.CONVERSATION_STATE_ASSIGNED


async def test_leaving_and_taking_at_once_has_one_result(desk: Desk) -> None:
    conversation = await desk.open()
    await ask(desk, conversation)
    left, taken = await asyncio.gather(leave(desk, conversation), desk.take(conversation, "a1"), return_exceptions=True)
    now = await get(desk, conversation)
    assert isinstance(left, pb.Conversation)
    assert not isinstance(taken, BaseException), "an agent may take a conversation that the assistant has"
    assert now.state == pb.CONVERSATION_STATE_ASSIGNED
