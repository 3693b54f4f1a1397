"""Long stories through the whole stack: what customers, agents and integrators do, in each form that the gateway speaks."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from frontdesk.agent import v1 as agent_pb
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as core_pb

from kit import client, errors
from stack.testing_stack import TestStack
from tests.e2e.clients import BEGINNING, ORGANIZATION, Agent, Customer, Gateway, Json

pytestmark = pytest.mark.servers

QUESTION = "How long does standard shipping to Germany take?"
ANSWER = "2 to 3 working days"
ASSISTANT = core_pb.PARTICIPANT_ROLE_ASSISTANT
WATCH = "frontdesk.core.v1.ConversationService/WatchConversation"


@pytest.fixture
async def gateway(running_stack: TestStack) -> AsyncIterator[Gateway]:
    async with Gateway.connect(running_stack.gateway) as connected:
        yield connected


async def test_from_question_to_human_and_back_over_grpc(gateway: Gateway) -> None:
    customer = await Customer.open(gateway)
    async with customer.watching():
        await customer.send(QUESTION)
        answer = await customer.hears_message(ASSISTANT, ANSWER)
        assert answer.citations[0].source.document == f"{ORGANIZATION}/documents/shipping-times-and-costs"
        assert answer.citations[0].source.title
        deltas = [f.reply_delta for f in customer.frames if f.WhichOneof("event") == "reply_delta"]
        assert len(deltas) > 3, "the text came as it was generated"
        text = ""
        for delta in deltas:
            text = text[: delta.offset] + delta.text
        assert text.strip() == answer.text

        await customer.ask_for_human()
        await customer.hears_state(core_pb.CONVERSATION_STATE_WAITING)
        winner = await Agent.sign_in(gateway, "agent@example.com")
        loser = await Agent.sign_in(gateway, "agent-two@example.com")
        handover = await winner.waits(customer.conversation)
        accepted = await winner.accept(handover)
        assert accepted.assignment.conversation == customer.conversation
        assert (await winner.accept(handover)).assignment.name == accepted.assignment.name, "repeating it changes nothing"
        with pytest.raises(errors.FailedPrecondition) as lost:
            await loser.accept(handover)
        assert lost.value.reason == "HANDOVER_TAKEN"
        assert "Demo Agent" in lost.value.message
        with pytest.raises(errors.FrontdeskError):
            await loser.reply(customer.conversation, "I answer too")
        joined = await customer.hears_state(core_pb.CONVERSATION_STATE_ASSIGNED)
        assert joined.agent_display_name == "Demo Agent"

        asked = (await customer.send("Are you a human?")).message
        await winner.reply(customer.conversation, "Yes, I am. I have looked it up for you.")
        said = await customer.hears_message(core_pb.PARTICIPANT_ROLE_AGENT, "I have looked it up")
        assert said.author_display_name == "Demo Agent"
        assert not [m for m in await customer.history() if m.role == ASSISTANT and m.seq > asked.seq]

        await winner.give_back(customer.conversation)
        again = (await customer.send("How long is the warranty on backpacks?")).message
        assert (await customer.hears_message(ASSISTANT, after=again.seq)).citations

        await customer.ask_for_human()
        await winner.accept(await winner.waits(customer.conversation))
        await winner.resolve(customer.conversation)
        await customer.hears_state(core_pb.CONVERSATION_STATE_CLOSED)
        reopening = (await customer.send("Is the shipping fee refunded?")).message
        assert (await customer.hears_message(ASSISTANT, after=reopening.seq)).citations
        assert await customer.state() == core_pb.CONVERSATION_STATE_AUTOMATED
        seqs = [m.seq for m in await customer.history()]
        assert seqs == list(range(1, len(seqs) + 1)), "nothing is missing and nothing is there twice"


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
async def test_from_question_to_human_over_rest(gateway: Gateway, accept: str) -> None:
    opened = await gateway.rest("POST", f"{ORGANIZATION}/channels/webchat:openSession", body={"language": "en"})
    assert opened.status == 200
    conversation, token = opened.body["conversation"], opened.body["token"]
    assert "Quillmere" in opened.body["greeting"]
    heard: list[Json] = []
    news = asyncio.Condition()

    async def watch() -> None:
        async with aclosing(gateway.lines(f"{conversation}:watch?resumeToken={BEGINNING}", token, accept)) as events:
            async for event in events:
                async with news:
                    heard.append(event)
                    news.notify_all()

    async def hears(role: str, text: str) -> Json:
        def found() -> Json | None:
            said = (event["messageCreated"] for event in heard if "messageCreated" in event)
            return next((m for m in said if m["role"] == role and text in m["text"]), None)

        async with asyncio.timeout(60), news:
            await news.wait_for(found)
        message = found()
        assert message is not None
        return message

    watching = asyncio.create_task(watch())
    try:
        sent = await gateway.rest("POST", f"{conversation}:send", token, {"text": QUESTION, "requestId": "r1"})
        assert (sent.status, sent.body["state"]) == (200, "SEND_STATE_ACCEPTED")
        again = await gateway.rest("POST", f"{conversation}:send", token, {"text": QUESTION, "requestId": "r1"})
        assert again.body["message"]["name"] == sent.body["message"]["name"]
        answer = await hears("PARTICIPANT_ROLE_ASSISTANT", ANSWER)
        assert answer["citations"][0]["source"]["document"].endswith("/shipping-times-and-costs")
        assert any("replyDelta" in event for event in heard)

        agent = await gateway.login("agent@example.com")
        inbox = await gateway.rest("GET", f"{ORGANIZATION}/agents/me/inbox", agent)
        asked = await gateway.rest("POST", f"{conversation}:requestHuman", token, {})
        assert asked.body["state"] == "CONVERSATION_STATE_WAITING"
        handover = await handover_in_watched_inbox(gateway, agent, inbox.body["resumeToken"], conversation, accept)
        assert (await gateway.rest("POST", f"{handover}:accept", agent, {})).status == 200
        late = await gateway.rest("POST", f"{handover}:accept", await gateway.login("agent-two@example.com"), {})
        assert (late.status, late.reason) == (400, "HANDOVER_TAKEN")
        assert "Demo Agent" in late.body["message"]
        reply = {"text": "Hello, a human here.", "requestId": uuid.uuid4().hex}
        assert (await gateway.rest("POST", f"{conversation}:reply", agent, reply)).status == 200
        await hears("PARTICIPANT_ROLE_AGENT", "a human here")
        note = {"text": "Prefers short answers.", "requestId": uuid.uuid4().hex}
        assert (await gateway.rest("POST", f"{conversation}:addNote", agent, note)).status == 200
        assert (await gateway.rest("POST", f"{conversation}:resolve", agent, {})).status == 200
        listed = await gateway.rest("GET", f"{conversation}/messages?pageSize=100", token)
        assert len(listed.body["messages"]) == 3, "the customer sees no note"
        inside = await gateway.rest("GET", f"{conversation}/messages?pageSize=100", agent)
        assert [m["text"] for m in inside.body["messages"] if m["note"]] == ["Prefers short answers."]
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    assert not [event for event in heard if event.get("messageCreated", {}).get("note")]


async def handover_in_watched_inbox(gateway: Gateway, token: str, since: str, conversation: str, accept: str) -> str:
    """The handover of a conversation, from the changes of the inbox since a resume token."""
    watched = f"{ORGANIZATION}/agents/me/inbox:watch?resumeToken={since}"
    async with asyncio.timeout(60), aclosing(gateway.lines(watched, token, accept)) as events:
        async for event in events:
            for change in event.get("inboxEvents", {}).get("events", ()):
                added = change.get("queueEntryAdded", {})
                if added.get("conversation") == conversation:
                    return str(added["handover"])
    raise AssertionError("the stream ended")


async def test_a_watched_queue_shows_new_and_leaving_entries(gateway: Gateway) -> None:
    agent = await Agent.sign_in(gateway, "agent@example.com")
    customer = await Customer.open(gateway)
    inbox = await agent.inbox()
    stub = agent_pb.InboxServiceStub(gateway.channel)
    request = agent_pb.WatchInboxRequest(parent=f"{ORGANIZATION}/agents/me", resume_token=inbox.resume_token)
    changes: list[str] = []
    await customer.send(QUESTION)
    await customer.answered(QUESTION)
    await customer.ask_for_human()
    async with asyncio.timeout(60):
        async for frame in client.stream(stub.WatchInbox, request, token=agent.token):
            for event in frame.inbox_events.events:
                change = event.WhichOneof("change")
                if getattr(getattr(event, change), "conversation", "") != customer.conversation:
                    continue
                changes.append(change)
                if change == "queue_entry_added":
                    await agent.accept(event.queue_entry_added.handover)
                elif change == "assignment_started":
                    await agent.resolve(customer.conversation)
            if "assignment_ended" in changes:
                break
    assert changes[0] == "queue_entry_added"
    assert {"queue_entry_removed", "assignment_started", "assignment_ended"} <= set(changes)


async def test_a_browser_chats_over_grpc_web(gateway: Gateway) -> None:
    opening = channel_pb.OpenSessionRequest(channel=f"{ORGANIZATION}/channels/webchat")
    method = "frontdesk.channel.v1.WebChatService"
    opened = [frame async for frame in gateway.web(f"{method}/OpenSession", opening)]
    assert b"grpc-status:0" in opened[-1][1].replace(b" ", b"")
    session = channel_pb.Session.FromString(opened[0][1])
    sending = channel_pb.SendMessageRequest(conversation=session.conversation, text=QUESTION, request_id="r1")
    sent = [frame async for frame in gateway.web(f"{method}/SendMessage", sending, session.token)]
    assert channel_pb.SendMessageResponse.FromString(sent[0][1]).state == channel_pb.SEND_STATE_ACCEPTED
    watching = core_pb.WatchConversationRequest(name=session.conversation, resume_token=BEGINNING)
    async with asyncio.timeout(60), aclosing(gateway.web(WATCH, watching, session.token)) as frames:
        async for mark, data in frames:
            assert mark == 0
            said = core_pb.WatchConversationResponse.FromString(data).message_created
            if said.role == ASSISTANT:
                assert ANSWER in said.text
                assert said.citations
                break


async def test_one_stream_both_ways_carries_a_whole_chat(gateway: Gateway) -> None:
    customer = await Customer.open(gateway)
    frames: asyncio.Queue[channel_pb.ChatRequest] = asyncio.Queue()

    async def say() -> AsyncIterator[channel_pb.ChatRequest]:
        while True:
            yield await frames.get()

    start = channel_pb.ChatStart(conversation=customer.conversation)
    await frames.put(channel_pb.ChatRequest(start=start))
    await frames.put(channel_pb.ChatRequest(send=channel_pb.ChatSend(text=QUESTION, request_id="r1")))
    await frames.put(channel_pb.ChatRequest(send=channel_pb.ChatSend(text="   ", request_id="r2")))
    call = channel_pb.WebChatServiceStub(gateway.channel).Chat(
        say(), metadata=(("authorization", f"Bearer {customer.token}"),), timeout=30
    )
    seen: dict[str, Any] = {}
    async for frame in call:
        match frame.WhichOneof("frame"):
            case "accepted":
                seen["accepted"] = frame.accepted.request_id
            case "refused":
                seen["refused"] = (frame.refused.request_id, frame.refused.reason)
            case "event" if frame.event.message_created.role == ASSISTANT:
                seen["answer"] = frame.event.message_created.text
        if len(seen) == 3:
            break
    call.cancel()
    assert seen["accepted"] == "r1"
    assert seen["refused"] == ("r2", "TEXT_EMPTY")
    assert ANSWER in seen["answer"]
