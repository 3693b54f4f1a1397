"""Blocking a customer, and messages that the assistant does not answer."""

from __future__ import annotations

import grpc
import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal

from tests.rpc.core.conftest import CHANNEL, ORGANIZATION, Desk


async def block(desk: Desk, customer: str) -> pb.Customer:
    request = pb.BlockCustomerRequest(name=customer)
    return await desk.customers.BlockCustomer(request, metadata=desk.as_user("core.customers.block"))


async def unblock(desk: Desk, customer: str) -> pb.Customer:
    request = pb.UnblockCustomerRequest(name=customer)
    return await desk.customers.UnblockCustomer(request, metadata=desk.as_user("core.customers.block"))


async def test_a_blocked_customers_messages_are_stored_and_start_nothing(desk: Desk) -> None:
    conversation = await desk.open("s1")
    await desk.say(conversation, "How long can I return a parcel?", "m1")
    await desk.until(conversation, 2)
    blocked = await block(desk, conversation.customer)
    assert blocked.HasField("block_time")
    assert (await block(desk, conversation.customer)).block_time == blocked.block_time
    assert not (await desk.say(conversation, "Can you hear me?", "m2")).turn
    get = pb.GetConversationRequest(name=conversation.name)
    now = await desk.conversations.GetConversation(get, metadata=desk.as_user("core.conversations.read"))
    assert now.state == pb.CONVERSATION_STATE_AUTOMATED
    assert not (await unblock(desk, conversation.customer)).HasField("block_time")
    assert (await desk.say(conversation, "And now?", "m3")).turn
    said = (await desk.history(conversation, customer=False)).messages  # the customer's tokens of before are revoked
    assert [m.text for m in said][2:4] == ["Can you hear me?", "And now?"]


async def test_blocking_is_in_the_journal(desk: Desk) -> None:
    conversation = await desk.open("s1")
    await block(desk, conversation.customer)
    await unblock(desk, conversation.customer)
    request = internal.WatchEventsRequest(shards=range(64), filters=[{"kinds": ["CustomerBlocked", "CustomerUnblocked"]}])
    call = desk.inside.events.WatchEvents(request, metadata=desk.as_service("channel", "*"))
    events = []
    async for response in call:
        if response.WhichOneof("item") == "event":
            events.append(response.event)
            if len(events) == 2:
                break
    call.cancel()
    assert [event.WhichOneof("fact") for event in events] == ["customer_blocked", "customer_unblocked"]
    assert {event.envelope.subject for event in events} == {conversation.customer}


async def test_blocking_needs_its_permission_and_a_customer(desk: Desk) -> None:
    conversation = await desk.open("s1")
    request = pb.BlockCustomerRequest(name=conversation.customer)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await desk.customers.BlockCustomer(request, metadata=desk.as_user("core.customers.read"))
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await block(desk, f"{ORGANIZATION}/customers/nobody")
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_with_the_assistant_off_the_conversation_waits_for_agents(desk: Desk) -> None:
    conversation = await desk.open("s1")
    request = internal.ReceiveMessageRequest(
        parent=ORGANIZATION,
        channel=CHANNEL,
        source_id="m1",
        conversation=conversation.name,
        text="Hello",
        responder="RESPONDER_AGENTS",
    )
    received = await desk.inside.messages.ReceiveMessage(request, metadata=desk.as_service("channel"))
    assert not received.turn
    get = pb.GetConversationRequest(name=conversation.name)
    now = await desk.conversations.GetConversation(get, metadata=desk.as_user("core.conversations.read"))
    assert (now.state, now.handover_reason) == (pb.CONVERSATION_STATE_WAITING, "The assistant is off on this channel.")
