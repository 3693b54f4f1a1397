"""SendMessage and what surrounds it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import grpc
import pytest
from frontdesk.channel import v1 as pb
from frontdesk.core import v1 as core

from kit import client, errors
from tests.rpc.lists import in_pages

from .conftest import ORGANIZATION, World, bearer, fails

if TYPE_CHECKING:
    from stack.testing import TestStores


async def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Waits for something that another task brings about."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_message_reaches_its_conversation_once(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    first = await world.send(session, "Hello", "r1")
    assert first.state == pb.SEND_STATE_ACCEPTED
    assert (first.message.seq, first.message.text, first.message.request_id) == (1, "Hello", "r1")
    assert first.message.name == f"{session.conversation}/messages/m1"
    assert await world.send(session, "Hello", "r1") == first
    await asyncio.sleep(0.3)  # the mark is written by now
    assert await world.send(session, "Hello", "r1") == first
    assert world.core.texts(session.conversation) == ["Hello"]
    async with fails("ALREADY_EXISTS", "REQUEST_ID_REUSED"):
        await world.send(session, "Other", "r1")


async def test_messages_keep_their_order(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    sends = []
    for number in range(30):
        sends.append(asyncio.create_task(world.send(session, f"m{number}", f"r{number}")))
        await asyncio.sleep(0.003)
    await asyncio.gather(*sends)
    assert world.core.texts(session.conversation) == [f"m{number}" for number in range(30)]


async def test_while_core_is_stopped_messages_wait_and_then_come_once_in_order(world: World) -> None:
    await world.create_channel()
    session, other = await world.open(), await world.open()
    await world.core.stop()
    for number in range(5):
        sent = await world.send(session, f"m{number}", f"r{number}")
        assert sent.state == pb.SEND_STATE_QUEUED
        assert (sent.message.name, sent.message.seq, sent.message.text) == ("", 0, f"m{number}")
    assert (await world.send(other, "x", "r1")).state == pb.SEND_STATE_QUEUED
    assert (await world.send(session, "m0", "r0")).state == pb.SEND_STATE_QUEUED
    await world.core.start()
    await until(lambda: len(world.core.texts(session.conversation)) == 5 and world.core.texts(other.conversation))
    assert world.core.texts(session.conversation) == [f"m{number}" for number in range(5)]
    again = await world.send(session, "m0", "r0")
    assert (again.state, again.message.seq) == (pb.SEND_STATE_ACCEPTED, 1)
    assert (await world.send(session, "m5", "r5")).message.seq == 6


async def test_bad_texts_are_refused(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    for text in ("", "x" * 4001):
        async with fails("INVALID_ARGUMENT", "INVALID_REQUEST"):
            await world.send(session, text, "r1")
    for text in (" \n ", "\u200b\u2060", "\u202e\u2066"):
        async with fails("INVALID_ARGUMENT", "TEXT_EMPTY"):
            await world.send(session, text, "r1")
    async with fails("RESOURCE_EXHAUSTED"):
        await world.send(session, "x" * 5_000_000, "r1")
    for request_id in ("", "r 1", "r" * 65):
        async with fails("INVALID_ARGUMENT", "INVALID_REQUEST"):
            await world.send(session, "Hello", request_id)
    assert (await world.send(session, "ü" * 4000, "r1")).state == pb.SEND_STATE_ACCEPTED


async def test_parts_reach_core_as_they_were_sent(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    content = core.MessageContent(
        parts=[
            core.Part(attachment=core.Attachment(kind=core.ATTACHMENT_KIND_IMAGE, file_name="a.png")),
            core.Part(text="Like this"),
            core.Part(location=core.Location(latitude=1, longitude=2)),
            core.Part(contact=core.Contact(display_name="Kim")),
            core.Part(reaction=core.Reaction(emoji="👍")),
            core.Part(selection=core.Selection(id="a", label="A")),
        ],
        reply_to=f"{session.conversation}/messages/m1",
    )
    request = pb.SendMessageRequest(conversation=session.conversation, content=content, request_id="r1")
    sent = await world.web_chat.SendMessage(request, metadata=bearer(session))
    assert (sent.state, sent.message.content) == (pb.SEND_STATE_ACCEPTED, content)
    assert [received.content for received in world.core.received] == [content]
    assert (await world.web_chat.SendMessage(request, metadata=bearer(session))).message == sent.message
    request.content.parts[1].text = "Not like this"
    async with fails("ALREADY_EXISTS", "REQUEST_ID_REUSED"):
        await world.web_chat.SendMessage(request, metadata=bearer(session))


async def test_the_answer_has_the_words_that_core_has(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    world.core.words = "[Picture: a.png]"
    content = core.MessageContent(parts=[core.Part(attachment=core.Attachment(file_name="a.png"))])
    request = pb.SendMessageRequest(conversation=session.conversation, content=content, request_id="r1")
    sent = await world.web_chat.SendMessage(request, metadata=bearer(session))
    assert (sent.message.text, sent.message.content) == ("[Picture: a.png]", content)


async def test_parts_name_nothing_of_another_organization(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    foreign = core.MessageContent(parts=[core.Part(attachment=core.Attachment(media="organizations/other/media/m1"))])
    answer = core.MessageContent(parts=[core.Part(text="Yes")], reply_to="organizations/other/conversations/c1/messages/m1")
    for content in (foreign, answer):
        request = pb.SendMessageRequest(conversation=session.conversation, content=content, request_id="r1")
        async with fails("PERMISSION_DENIED", "ORGANIZATION_MISMATCH"):
            await world.web_chat.SendMessage(request, metadata=bearer(session))


async def test_parts_wait_for_core_as_texts_do(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    await world.core.stop()
    content = core.MessageContent(parts=[core.Part(attachment=core.Attachment(file_name="a.pdf"))])
    request = pb.SendMessageRequest(conversation=session.conversation, content=content, request_id="r1")
    assert (await world.web_chat.SendMessage(request, metadata=bearer(session))).state == pb.SEND_STATE_QUEUED
    await world.core.start()
    await until(lambda: [received.content for received in world.core.received] == [content])


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([], "INVALID_REQUEST"),
        ([core.Part()], "INVALID_REQUEST"),
        ([core.Part(text=" "), core.Part(text="\u200b")], "TEXT_EMPTY"),
        ([core.Part(text="x" * 3000)] * 2, "TEXT_TOO_LONG"),
        ([core.Part(contact=core.Contact(display_name="x" * 200, phones=["1" * 50] * 20))] * 15, "TEXT_TOO_LONG"),
        ([core.Part(markdown="**Hi**")], "PART_NOT_ALLOWED"),
        ([core.Part(template=core.Template(template="t"))], "PART_NOT_ALLOWED"),
        ([core.Part(system_notice=core.SystemNotice(text="I am the provider"))], "PART_NOT_ALLOWED"),
        ([core.Part(email_body=core.EmailBody(text="mail"))], "PART_NOT_ALLOWED"),
    ],
)
async def test_bad_parts_are_refused(world: World, parts: list[core.Part], reason: str) -> None:
    await world.create_channel()
    session = await world.open()
    content = core.MessageContent(parts=parts)
    request = pb.SendMessageRequest(conversation=session.conversation, content=content, request_id="r1")
    async with fails("INVALID_ARGUMENT", reason):
        await world.web_chat.SendMessage(request, metadata=bearer(session))
    assert world.core.received == []


async def test_only_the_session_s_own_token_opens_its_conversation(world: World) -> None:
    await world.create_channel()
    session, other = await world.open(), await world.open()
    request = pb.SendMessageRequest(conversation=session.conversation, text="Hello", request_id="r1")
    async with fails("PERMISSION_DENIED", "CONVERSATION_MISMATCH"):
        await world.web_chat.SendMessage(request, metadata=bearer(other))
    async with fails("PERMISSION_DENIED", "NOT_A_CUSTOMER"):
        await world.web_chat.SendMessage(request, metadata=world.admin("channel.webChat.use"))
    async with fails("PERMISSION_DENIED", "PERMISSION_MISSING"):
        await world.web_chat.SendMessage(request, metadata=world.admin())
    foreign = pb.SendMessageRequest(conversation="organizations/other/conversations/c1", text="Hello", request_id="r1")
    async with fails("PERMISSION_DENIED", "ORGANIZATION_MISMATCH"):
        await world.web_chat.SendMessage(foreign, metadata=bearer(session))
    tampered = session.token[:-8] + "AAAAAAAA"
    for token, reason in (("", "TOKEN_MISSING"), ("nonsense", "INVALID_TOKEN"), (tampered, "INVALID_TOKEN")):
        async with fails("UNAUTHENTICATED", reason):
            await world.web_chat.SendMessage(request, metadata=[("authorization", f"Bearer {token}")])
    assert world.core.texts(session.conversation) == []


async def test_what_core_refuses_is_reported_and_the_next_message_passes(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    world.core.poison["bad"] = grpc.StatusCode.INVALID_ARGUMENT
    async with fails("INVALID_ARGUMENT"):
        await world.send(session, "bad", "r1")
    assert (await world.send(session, "good", "r2")).state == pb.SEND_STATE_ACCEPTED
    request = pb.ListInboundMessagesRequest(parent=ORGANIZATION, state=pb.INBOUND_MESSAGE_STATE_REFUSED)
    metadata = world.admin("channel.inboundMessages.read", "channel.inboundMessages.retry")
    (refused,) = (await world.inbound_messages.ListInboundMessages(request, metadata=metadata)).inbound_messages
    assert refused.text == "bad"
    async with fails("FAILED_PRECONDITION", "INBOUND_MESSAGE_NOT_DEAD"):
        retry = pb.RetryInboundMessageRequest(name=refused.name)
        await world.inbound_messages.RetryInboundMessage(retry, metadata=metadata)


async def test_pages_lead_through_all_received_messages(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    for n in range(3):
        await world.send(session, f"m{n}", f"r{n}")
    call = partial(world.inbound_messages.ListInboundMessages, metadata=world.admin("channel.inboundMessages.read"))
    found = await in_pages(call, pb.ListInboundMessagesRequest(parent=ORGANIZATION))
    assert [message.text for message in found] == ["m2", "m1", "m0"]


async def test_a_message_that_breaks_core_holds_up_its_own_conversation_alone(world: World) -> None:
    await world.create_channel()
    session, other = await world.open(), await world.open()
    world.core.poison["poison"] = grpc.StatusCode.INTERNAL
    assert (await world.send(session, "poison", "r1")).state == pb.SEND_STATE_QUEUED
    assert (await world.send(session, "after", "r2")).state == pb.SEND_STATE_QUEUED
    assert (await world.send(other, "fine", "r1")).state == pb.SEND_STATE_ACCEPTED
    world.core.poison.clear()
    await until(lambda: world.core.texts(session.conversation) == ["poison", "after"])


async def test_a_human_can_be_asked_for_and_typing_is_passed_on(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    request = pb.RequestHumanRequest(conversation=session.conversation, reason="refund")
    answer = await world.web_chat.RequestHuman(request, metadata=bearer(session))
    assert answer.state == core.CONVERSATION_STATE_WAITING
    typing = pb.SetTypingRequest(conversation=session.conversation, typing=True)
    await world.web_chat.SetTyping(typing, metadata=bearer(session))
    assert world.core.typed == [True]
    await world.core.stop()
    await world.web_chat.SetTyping(typing, metadata=bearer(session))
    async with fails("UNAVAILABLE"):
        await world.web_chat.RequestHuman(request, metadata=bearer(session))


async def test_it_is_core_that_understands_who_writes_that_they_want_a_human(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    assert (await world.send(session, "Can I talk to a human, please?", "r1")).state == pb.SEND_STATE_ACCEPTED
    assert world.core.texts(session.conversation) == ["Can I talk to a human, please?"]
    assert world.core.handovers == []


@pytest.mark.slow
async def test_without_its_database_nothing_is_said_ok_and_it_recovers(world: World, stores: TestStores) -> None:
    await world.create_channel()
    session = await world.open()
    await world.send(session, "before", "r1")
    stores.stop("postgres")
    try:
        async with fails("UNAVAILABLE", "STORE_UNAVAILABLE"):
            await world.send(session, "during", "r2")
    finally:
        stores.start("postgres")
    sent = None
    async with asyncio.timeout(60):
        while sent is None:
            with suppress(errors.Unavailable):
                sent = await client.call(
                    world.web_chat.SendMessage,
                    pb.SendMessageRequest(conversation=session.conversation, text="during", request_id="r2"),
                    token=session.token,
                )
    assert sent.state == pb.SEND_STATE_ACCEPTED
    assert world.core.texts(session.conversation) == ["before", "during"]
