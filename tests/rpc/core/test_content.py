"""Messages of many parts, from the request to the history, the watch, the journal and the transcripts."""

from __future__ import annotations

import grpc
import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal

from tests.rpc.core.conftest import CHANNEL, ORGANIZATION, Desk
from tests.rpc.core.test_conversations import refused

EVERYTHING = pb.MessageContent(
    subject="My lamp",
    parts=[
        pb.Part(text="It arrived like this:"),
        pb.Part(
            attachment=pb.Attachment(
                media=f"{ORGANIZATION}/media/m1",
                kind=pb.ATTACHMENT_KIND_IMAGE,
                file_name="lamp.jpg",
                media_type="image/jpeg",
                size_bytes=1234,
            )
        ),
        pb.Part(location=pb.Location(latitude=48.2, longitude=16.4, display_name="Home", address="Ring 1")),
        pb.Part(contact=pb.Contact(display_name="Kim", phones=["+43 1"], emails=["kim@example.com"])),
        pb.Part(reaction=pb.Reaction(emoji="👎")),
        pb.Part(selection=pb.Selection(id="broken", label="It is broken")),
        pb.Part(email_body=pb.EmailBody(text="Thanks", quoted_text="> Hello", original=f"{ORGANIZATION}/media/m2")),
        pb.Part(system_notice=pb.SystemNotice(text="changed their number")),
    ],
)


async def receive(desk: Desk, conversation: pb.Conversation, content: pb.MessageContent, source: str) -> pb.Message:
    request = internal.ReceiveMessageRequest(
        parent=ORGANIZATION,
        channel=CHANNEL,
        source_id=source,
        conversation=conversation.name,
        content=content,
        responder=internal.RESPONDER_NOBODY,
    )
    return (await desk.inside.messages.ReceiveMessage(request, metadata=desk.as_service("channel"))).message


def post(conversation: pb.Conversation, agent: str, content: pb.MessageContent, id: str) -> internal.PostMessageRequest:
    return internal.PostMessageRequest(parent=conversation.name, agent=agent, content=content, request_id=id)


async def test_parts_arrive_as_they_were_sent(desk: Desk) -> None:
    conversation = await desk.open()
    async with desk.watch(conversation) as frames:
        told = await receive(desk, conversation, EVERYTHING, "s1")
        assert told.content == EVERYTHING
        assert told.text.splitlines()[:3] == ["My lamp", "It arrived like this:", "[Picture: lamp.jpg]"]
        async for frame in frames:
            if frame.WhichOneof("event") == "message_created":
                assert frame.message_created.content == EVERYTHING
                break
    assert [message.content for message in (await desk.history(conversation)).messages] == [EVERYTHING]
    assert (await receive(desk, conversation, EVERYTHING, "s1")).name == told.name, "a repetition is the same message"


async def test_an_agent_sends_parts_and_answers_a_message(desk: Desk) -> None:
    conversation = await desk.open()
    asked = (await desk.say(conversation, "Where?", "s1")).message
    agent = (await desk.take(conversation, "a1")).conversation.agent
    content = pb.MessageContent(
        reply_to=asked.name,
        parts=[
            pb.Part(markdown="**Here:**"),
            pb.Part(location=pb.Location(latitude=1, longitude=2)),
            pb.Part(interactive=pb.Interactive(options=[pb.Interactive.Option(id="y", label="Yes", description="now")])),
            pb.Part(template=pb.Template(template="t", language="en", parameters={"1": "a", "2": "b"}, text="Hi a")),
        ],
    )
    said = await desk.inside.messages.PostMessage(post(conversation, agent, content, "r1"), metadata=desk.as_service("agent"))
    assert (said.content, said.format) == (content, pb.TEXT_FORMAT_MARKDOWN)
    other = pb.MessageContent(parts=content.parts[:1])
    assert await refused(
        desk.inside.messages.PostMessage(post(conversation, agent, other, "r1"), metadata=desk.as_service("agent"))
    ) == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")


async def test_what_answers_a_message_that_is_not_here(desk: Desk) -> None:
    conversation, elsewhere = await desk.open(), await desk.open("s2")
    asked = (await desk.say(elsewhere, "Where?", "s1")).message
    content = pb.MessageContent(parts=[pb.Part(text="There.")], reply_to=asked.name)
    taken = await receive(desk, conversation, content, "s2")
    assert (taken.text, taken.content.reply_to) == ("There.", ""), "what a customer says is taken all the same"
    agent = (await desk.take(conversation, "a1")).conversation.agent
    assert await refused(
        desk.inside.messages.PostMessage(post(conversation, agent, content, "r1"), metadata=desk.as_service("agent"))
    ) == (grpc.StatusCode.NOT_FOUND, "MESSAGE_NOT_FOUND")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pb.MessageContent(), "INVALID_REQUEST"),
        (pb.MessageContent(parts=[pb.Part()]), "INVALID_REQUEST"),
        (pb.MessageContent(parts=[pb.Part(text="x")] * 21), "INVALID_REQUEST"),
        (pb.MessageContent(parts=[pb.Part(location=pb.Location(latitude=91))]), "INVALID_REQUEST"),
        (pb.MessageContent(parts=[pb.Part(location=pb.Location(latitude=float("nan")))]), "INVALID_REQUEST"),
        (pb.MessageContent(parts=[pb.Part(text="x" * 9000)] * 2), "TEXT_TOO_LONG"),
        (pb.MessageContent(parts=[pb.Part(text=" ")]), "TEXT_EMPTY"),
        (pb.MessageContent(parts=[pb.Part(selection=pb.Selection(id="a"))]), "PART_NOT_ALLOWED"),
    ],
)
async def test_bad_contents_are_refused(desk: Desk, content: pb.MessageContent, reason: str) -> None:
    conversation = await desk.open()
    agent = (await desk.take(conversation, "a1")).conversation.agent
    assert await refused(
        desk.inside.messages.PostMessage(post(conversation, agent, content, "r1"), metadata=desk.as_service("agent"))
    ) == (grpc.StatusCode.INVALID_ARGUMENT, reason)


async def test_text_and_content_exclude_each_other(desk: Desk) -> None:
    conversation = await desk.open()
    agent = (await desk.take(conversation, "a1")).conversation.agent
    both = post(conversation, agent, pb.MessageContent(parts=[pb.Part(text="a")]), "r1")
    both.text = "b"
    neither = internal.PostMessageRequest(parent=conversation.name, agent=agent, request_id="r1")
    for request in (both, neither):
        assert await refused(desk.inside.messages.PostMessage(request, metadata=desk.as_service("agent"))) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "INVALID_REQUEST",
        )


async def test_what_the_channel_cannot_carry_is_refused_and_shown(desk: Desk) -> None:
    conversation = await desk.open()
    limits = pb.Capabilities(files=False, max_options=0)
    limits.window_close_time.FromJsonString("2999-01-01T00:00:00Z")
    request = internal.ReceiveMessageRequest(
        parent=ORGANIZATION, channel=CHANNEL, source_id="w1", conversation=conversation.name, text="Hi", capabilities=limits
    )
    await desk.inside.messages.ReceiveMessage(request, metadata=desk.as_service("channel"))
    taken = (await desk.take(conversation, "a1")).conversation
    assert taken.capabilities == limits
    file = pb.MessageContent(parts=[pb.Part(attachment=pb.Attachment(media=f"{ORGANIZATION}/media/m1"))])
    call = desk.inside.messages.PostMessage(post(conversation, taken.agent, file, "r1"), metadata=desk.as_service("agent"))
    assert await refused(call) == (grpc.StatusCode.FAILED_PRECONDITION, "PART_NOT_CARRIED")


async def test_a_message_after_its_window_is_refused(desk: Desk) -> None:
    conversation = await desk.open()
    limits = pb.Capabilities()
    limits.window_close_time.FromJsonString("2000-01-01T00:00:00Z")
    request = internal.ReceiveMessageRequest(
        parent=ORGANIZATION, channel=CHANNEL, source_id="w1", conversation=conversation.name, text="Hi", capabilities=limits
    )
    await desk.inside.messages.ReceiveMessage(request, metadata=desk.as_service("channel"))
    taken = (await desk.take(conversation, "a1")).conversation
    words = pb.MessageContent(parts=[pb.Part(text="Hi")])
    call = desk.inside.messages.PostMessage(post(conversation, taken.agent, words, "r2"), metadata=desk.as_service("agent"))
    assert await refused(call) == (grpc.StatusCode.FAILED_PRECONDITION, "WINDOW_CLOSED")
