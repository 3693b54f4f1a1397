"""A customer writes, the assistant answers, an agent takes over: over a real server and real stores."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from google.rpc import error_details_pb2, status_pb2

from tests.rpc.core.conftest import CHANNEL, ORGANIZATION, Desk, Knowledge, run_core
from tests.rpc.lists import in_pages

if TYPE_CHECKING:
    from stack.testing import TestStores


def reason(error: grpc.aio.AioRpcError) -> str:
    raw = dict(error.trailing_metadata() or ())["grpc-status-details-bin"]
    status = status_pb2.Status.FromString(raw if isinstance(raw, bytes) else raw.encode())
    info = error_details_pb2.ErrorInfo()
    status.details[0].Unpack(info)
    return str(info.reason)


async def refused(call: Any) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code(), reason(caught.value)


async def test_a_customer_gets_a_grounded_answer_with_its_source(desk: Desk) -> None:
    conversation = await desk.open()
    received = await desk.say(conversation, "How long can I return a parcel?", "m1")
    assert received.message.seq == 1
    assert received.turn.startswith(conversation.name)
    _, answer = await desk.until(conversation, 2)
    assert "30 days" in answer.text
    assert [cited.source.title for cited in answer.citations] == ["Returns"]
    assert (answer.citations[0].start, answer.citations[0].end) == (0, len(answer.text))
    assert (received.message.kind, answer.kind) == (pb.MESSAGE_KIND_UNSPECIFIED, pb.MESSAGE_KIND_ANSWER)
    turn = await desk.turns.GetTurn(pb.GetTurnRequest(name=answer.turn), metadata=desk.as_user("core.turns.read"))
    assert turn.state == pb.TURN_STATE_DONE
    assert turn.assistant == "extractive"


async def test_opening_twice_gives_the_same_conversation(desk: Desk) -> None:
    first, second = await asyncio.gather(desk.open("s"), desk.open("s"))
    assert first.name == second.name
    assert (await desk.open("other")).name != first.name


async def test_a_repeated_message_is_taken_in_once(desk: Desk) -> None:
    conversation = await desk.open()
    results = await asyncio.gather(*(desk.say(conversation, "Hello", "same") for _ in range(5)))
    assert len({result.message.name for result in results}) == 1
    messages = await desk.until(conversation, 2)
    assert [message.seq for message in messages] == [1, 2]


@pytest.fixture
async def unhurried(stores: TestStores, tmp_path: Path) -> AsyncIterator[Desk]:
    """A core whose assistant takes its time, so that its text is seen growing."""
    url = stores.emptied_urls("core")["core"]
    async with run_core(stores, tmp_path, url, Knowledge(), extractive_word_seconds=0.1) as running:
        yield running


async def test_a_watcher_sees_the_text_grow_and_then_the_message(unhurried: Desk) -> None:
    desk = unhurried
    conversation = await desk.open()
    token = (await desk.history(conversation)).resume_token
    async with desk.watch(conversation, token) as frames:
        await anext(aiter(frames))  # it is open
        await desk.say(conversation, "How long can I return a parcel?", "m1")
        text, created, states = "", [], []
        async for frame in frames:
            match frame.WhichOneof("event"):
                case "reply_delta":
                    assert frame.reply_delta.offset == len(text)
                    text += frame.reply_delta.text
                case "message_created":
                    created.append(frame.message_created)
                case "turn_updated":
                    states.append(frame.turn_updated.state)
            if created and created[-1].turn:
                break
    assert states == [pb.TURN_STATE_RUNNING]
    assert [message.role for message in created] == [pb.PARTICIPANT_ROLE_CUSTOMER, pb.PARTICIPANT_ROLE_ASSISTANT]
    assert text
    assert created[1].text.startswith(text)


async def test_a_watch_resumes_without_a_gap_or_a_double(desk: Desk) -> None:
    conversation = await desk.open()
    await desk.say(conversation, "How long can I return a parcel?", "m1")
    await desk.until(conversation, 2)
    seen, token = [], ""
    async with desk.watch(conversation, "1-0") as frames:
        async for frame in frames:
            if frame.WhichOneof("event") == "message_created":
                seen.append(frame.message_created.seq)
                token = frame.resume_token
                break
    await desk.say(conversation, "How long does a refund take?", "m2")
    await desk.until(conversation, 4)
    async with desk.watch(conversation, token) as frames:
        async for frame in frames:
            if frame.WhichOneof("event") == "message_created":
                seen.append(frame.message_created.seq)
            if seen[-1] == 4:
                break
    assert seen == [2, 3, 4]


@pytest.mark.parametrize("token", ["nonsense", "99-99", "-1-2", "²-1"])
async def test_a_resume_token_that_does_not_fit_is_out_of_range(desk: Desk, token: str) -> None:
    conversation = await desk.open()
    async with desk.watch(conversation, token) as frames:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await frames.read()
    assert (caught.value.code(), reason(caught.value)) == (grpc.StatusCode.OUT_OF_RANGE, "RESUME_TOKEN_EXPIRED")


async def test_a_handover_silences_the_assistant_and_the_first_agent_wins(desk: Desk) -> None:
    conversation = await desk.open()
    asked = internal.RequestHandoverRequest(name=conversation.name, reason="wants a human")
    waiting = await desk.inside.conversations.RequestHandover(asked, metadata=desk.as_service("channel"))
    assert waiting.state == pb.CONVERSATION_STATE_WAITING
    assert not (await desk.say(conversation, "Anybody?", "m1")).turn
    results = await asyncio.gather(desk.take(conversation, "a1"), desk.take(conversation, "a2"), return_exceptions=True)
    lost = [result for result in results if isinstance(result, grpc.aio.AioRpcError)]
    won = [result for result in results if isinstance(result, internal.TakeConversationResponse)]
    assert len(lost) == len(won) == 1
    assert (lost[0].code(), reason(lost[0])) == (grpc.StatusCode.FAILED_PRECONDITION, "CONVERSATION_TAKEN")
    assert won[0].conversation.agent_display_name in (lost[0].details() or "")
    agent = won[0].conversation.agent
    post = internal.PostMessageRequest(parent=conversation.name, agent=agent, text="I am here.", request_id="r1")
    first = await desk.inside.messages.PostMessage(post, metadata=desk.as_service("agent"))
    again = await desk.inside.messages.PostMessage(post, metadata=desk.as_service("agent"))
    assert first.name == again.name
    post.text = "Something else"
    assert await refused(desk.inside.messages.PostMessage(post, metadata=desk.as_service("agent"))) == (
        grpc.StatusCode.ALREADY_EXISTS,
        "REQUEST_ID_REUSED",
    )
    messages = (await desk.history(conversation)).messages
    assert [message.text for message in messages] == ["Anybody?", "I am here."]
    back = internal.ReturnToAssistantRequest(name=conversation.name, agent=agent)
    returned = await desk.inside.turns.ReturnToAssistant(back, metadata=desk.as_service("agent"))
    assert returned.state == pb.CONVERSATION_STATE_AUTOMATED
    assert await desk.inside.turns.ReturnToAssistant(back, metadata=desk.as_service("agent")) == returned
    assert (await desk.say(conversation, "How long can I return a parcel?", "m2")).turn


async def test_what_is_open_when_a_human_gives_the_conversation_back_is_answered(desk: Desk) -> None:
    desk.knowledge.passages = ["Returns take 30 days."]
    conversation = await desk.open()
    await desk.take(conversation, "a1")
    assert not (await desk.say(conversation, "How long do returns take?", "m1")).turn
    back = internal.ReturnToAssistantRequest(name=conversation.name, agent=f"{ORGANIZATION}/agents/a1")
    await asyncio.gather(*(desk.inside.turns.ReturnToAssistant(back, metadata=desk.as_service("agent")) for _ in range(4)))
    _, answer = await desk.until(conversation, 2)
    assert (answer.role, "30 days" in answer.text) == (pb.PARTICIPANT_ROLE_ASSISTANT, True)
    turns = await desk.turns.ListTurns(pb.ListTurnsRequest(parent=conversation.name), metadata=desk.as_user("core.turns.read"))
    assert [(turn.state, turn.answers_seq) for turn in turns.turns] == [(pb.TURN_STATE_DONE, 1)]


async def test_taking_over_in_the_middle_of_an_answer_keeps_it_from_being_said(desk: Desk) -> None:
    desk.knowledge.passages = ["Returns take " + "very " * 40 + "long."]
    for n in range(20):
        conversation = await desk.open(f"s{n}")
        received = await desk.say(conversation, "How long do returns take?", f"m{n}")
        await asyncio.sleep(n * 0.001)
        taken = await desk.take(conversation, "a1")
        at_take = (await desk.history(conversation)).messages
        await asyncio.sleep(0.05)
        later = (await desk.history(conversation)).messages
        assert [message.name for message in later] == [message.name for message in at_take]
        turn = await desk.turns.GetTurn(pb.GetTurnRequest(name=received.turn), metadata=desk.as_user("core.turns.read"))
        assert turn.state == (pb.TURN_STATE_CANCELLED if len(later) == 1 else pb.TURN_STATE_DONE)
        assert taken.conversation.epoch == 2


async def test_a_dispatch_of_an_earlier_epoch_is_refused(desk: Desk) -> None:
    conversation = await desk.open()
    await desk.say(conversation, "How long can I return a parcel?", "m1")
    _, answer = await desk.until(conversation, 2)
    claim = internal.ClaimDispatchRequest(message=answer.name)
    assert (await desk.inside.turns.ClaimDispatch(claim, metadata=desk.as_service("channel"))).epoch == 1
    await desk.take(conversation, "a1")
    assert await refused(desk.inside.turns.ClaimDispatch(claim, metadata=desk.as_service("channel"))) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "EPOCH_PASSED",
    )


@pytest.mark.parametrize("text", [" \n\t ", "\u200b\u2060", "\u3164"], ids=["white", "no width", "filler"])
async def test_an_agents_words_that_show_nothing_are_refused(desk: Desk, text: str) -> None:
    conversation = await desk.open()
    agent = (await desk.take(conversation, "a1")).conversation.agent
    post = internal.PostMessageRequest(parent=conversation.name, agent=agent, text=text, request_id="r1")
    note = internal.AddNoteRequest(
        parent=conversation.name, agent=agent, agent_display_name="Agent", text=text, request_id="n1"
    )
    for call in (
        desk.inside.messages.PostMessage(post, metadata=desk.as_service("agent")),
        desk.inside.messages.AddNote(note, metadata=desk.as_service("agent")),
    ):
        assert await refused(call) == (grpc.StatusCode.INVALID_ARGUMENT, "TEXT_EMPTY")
    assert not (await desk.history(conversation, customer=False)).messages


async def test_notes_are_hidden_from_customers(desk: Desk) -> None:
    conversation = await desk.open()
    note = internal.AddNoteRequest(
        parent=conversation.name,
        agent=f"{ORGANIZATION}/agents/a1",
        agent_display_name="Agent",
        text="a secret",
        request_id="n1",
    )
    added = await desk.inside.messages.AddNote(note, metadata=desk.as_service("agent"))
    assert not (await desk.history(conversation)).messages
    get = pb.GetMessageRequest(name=added.name)
    assert await refused(desk.messages.GetMessage(get, metadata=desk.as_customer(conversation))) == (
        grpc.StatusCode.NOT_FOUND,
        "MESSAGE_NOT_FOUND",
    )
    assert [message.note for message in (await desk.history(conversation, customer=False)).messages] == [True]
    async with desk.watch(conversation, "0-0") as frames:
        await desk.take(conversation, "a1")
        async for frame in frames:
            assert frame.WhichOneof("event") != "message_created"
            if frame.conversation_updated.state == pb.CONVERSATION_STATE_ASSIGNED:
                break


async def test_a_customer_sees_only_conversations_they_take_part_in(desk: Desk) -> None:
    conversation, stranger = await desk.open(), desk.as_customer(await desk.open("stranger"))
    said = (await desk.say(conversation, "Hello", "r1")).message
    refusals = [
        desk.conversations.GetConversation(pb.GetConversationRequest(name=conversation.name), metadata=stranger),
        desk.messages.ListMessages(pb.ListMessagesRequest(parent=conversation.name), metadata=stranger),
        desk.messages.GetMessage(pb.GetMessageRequest(name=said.name), metadata=stranger),
        desk.conversations.WatchConversation(pb.WatchConversationRequest(name=conversation.name), metadata=stranger).read(),
    ]
    for call in refusals:
        assert await refused(call) == (grpc.StatusCode.NOT_FOUND, "CONVERSATION_NOT_FOUND")


async def test_closing_and_writing_again(desk: Desk) -> None:
    conversation = await desk.open()
    close = pb.CloseConversationRequest(name=conversation.name)
    update = desk.as_user("core.conversations.update")
    closed = await desk.conversations.CloseConversation(close, metadata=update)
    assert closed.state == pb.CONVERSATION_STATE_CLOSED
    asked = internal.RequestHandoverRequest(name=conversation.name)
    assert await refused(desk.inside.conversations.RequestHandover(asked, metadata=desk.as_service("channel"))) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "CONVERSATION_CLOSED",
    )
    await desk.say(conversation, "One more thing about a return parcel", "m1")
    read = desk.as_user("core.conversations.read")
    now = await desk.conversations.GetConversation(pb.GetConversationRequest(name=conversation.name), metadata=read)
    assert now.state == pb.CONVERSATION_STATE_AUTOMATED


async def test_tags_are_bounded(desk: Desk) -> None:
    conversation = await desk.open()
    update = desk.as_user("core.conversations.update")
    full = pb.TagConversationRequest(name=conversation.name, add=[f"t{n}" for n in range(20)])
    assert len((await desk.conversations.TagConversation(full, metadata=update)).tags) == 20
    more = pb.TagConversationRequest(name=conversation.name, add=["one more"])
    assert await refused(desk.conversations.TagConversation(more, metadata=update)) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "TOO_MANY_TAGS",
    )


async def test_knowledge_that_is_unavailable_ends_in_an_honest_notice_and_a_handover(desk: Desk) -> None:
    desk.knowledge.unavailable = True
    conversation = await desk.open()
    await desk.say(conversation, "How long can I return a parcel?", "m1")
    messages = await desk.until(conversation, 2)
    assert messages[1].kind == pb.MESSAGE_KIND_HOLDING
    read = desk.as_user("core.conversations.read")
    now = await desk.conversations.GetConversation(pb.GetConversationRequest(name=conversation.name), metadata=read)
    assert now.state == pb.CONVERSATION_STATE_WAITING


async def test_what_no_one_knows_is_said(desk: Desk) -> None:
    desk.knowledge.passages = []
    conversation = await desk.open()
    await desk.say(conversation, "What is the meaning of life?", "m1")
    messages = await desk.until(conversation, 2)
    assert messages[1].kind == pb.MESSAGE_KIND_UNKNOWN
    assert "don't know" in messages[1].text
    assert not messages[1].citations


async def test_strangers_are_kept_out(desk: Desk) -> None:
    conversation = await desk.open()
    get = pb.GetConversationRequest(name=conversation.name)
    none: Any = ()
    assert await refused(desk.conversations.GetConversation(get, metadata=none)) == (
        grpc.StatusCode.UNAUTHENTICATED,
        "TOKEN_MISSING",
    )
    other = desk.as_user("core.conversations.read", organization="other")
    assert await refused(desk.conversations.GetConversation(get, metadata=other)) == (
        grpc.StatusCode.PERMISSION_DENIED,
        "ORGANIZATION_MISMATCH",
    )
    nothing = desk.as_user("core.messages.read")
    assert await refused(desk.conversations.GetConversation(get, metadata=nothing)) == (
        grpc.StatusCode.PERMISSION_DENIED,
        "PERMISSION_MISSING",
    )
    stranger = desk.as_customer(await desk.open("stranger"))
    assert await refused(desk.conversations.GetConversation(get, metadata=stranger)) == (
        grpc.StatusCode.NOT_FOUND,
        "CONVERSATION_NOT_FOUND",
    )
    unknown = pb.GetConversationRequest(name=f"{ORGANIZATION}/conversations/nope")
    assert await refused(desk.conversations.GetConversation(unknown, metadata=desk.as_user("core.conversations.read"))) == (
        grpc.StatusCode.NOT_FOUND,
        "CONVERSATION_NOT_FOUND",
    )
    receive = internal.ReceiveMessageRequest(
        parent=ORGANIZATION, channel=CHANNEL, source_id="x", conversation=conversation.name, text="hi"
    )
    assert await refused(desk.inside.messages.ReceiveMessage(receive, metadata=desk.as_user("*"))) == (
        grpc.StatusCode.PERMISSION_DENIED,
        "CALLER_NOT_ALLOWED",
    )


@pytest.mark.parametrize("text", ["", "x" * 16_001])
async def test_texts_are_bounded(desk: Desk, text: str) -> None:
    conversation = await desk.open()
    assert await refused(desk.say(conversation, text, "m1")) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST")


async def test_a_message_of_two_megabytes_is_refused_by_the_transport(desk: Desk) -> None:
    conversation = await desk.open()
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await desk.say(conversation, "x" * 2_000_000, "m1")
    assert caught.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_what_is_not_built_says_so(desk: Desk) -> None:
    tools = pb.ToolServiceStub(desk.channel)
    metadata = desk.as_user("core.tools.read")
    code, _ = await refused(tools.ListTools(pb.ListToolsRequest(parent=ORGANIZATION), metadata=metadata))
    assert code == grpc.StatusCode.UNIMPLEMENTED


async def test_lists_go_page_by_page(desk: Desk) -> None:
    made = {(await desk.open(f"s{n}")).name for n in range(5)}
    metadata = desk.as_user("core.conversations.list", "core.customers.read")
    found = await in_pages(
        partial(desk.conversations.ListConversations, metadata=metadata), pb.ListConversationsRequest(parent=ORGANIZATION), 2
    )
    assert [each.name for each in found] == sorted(made, reverse=True)
    customers = partial(desk.customers.ListCustomers, metadata=metadata)
    found = await in_pages(customers, pb.ListCustomersRequest(parent=ORGANIZATION))
    assert len({customer.name for customer in found}) == 5
    bad = pb.ListConversationsRequest(parent=ORGANIZATION, page_token="bm90IG91cnM")
    assert await refused(desk.conversations.ListConversations(bad, metadata=metadata)) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "INVALID_PAGE_TOKEN",
    )


async def test_messages_and_turns_go_page_by_page_the_newest_first(desk: Desk) -> None:
    conversation = await desk.open()
    for n in range(2):
        await desk.say(conversation, "How long can I return a parcel?", f"m{n}")
        await desk.until(conversation, 2 * n + 2)
    metadata = desk.as_user("core.messages.read", "core.turns.read")
    messages = partial(desk.messages.ListMessages, metadata=metadata)
    found = await in_pages(messages, pb.ListMessagesRequest(parent=conversation.name))
    assert [message.seq for message in found] == [4, 3, 2, 1]
    turns = await in_pages(partial(desk.turns.ListTurns, metadata=metadata), pb.ListTurnsRequest(parent=conversation.name))
    assert [turn.answers_seq for turn in turns] == [3, 1]


async def test_the_journal_has_everything_in_order_and_can_be_filtered(desk: Desk) -> None:
    conversation = await desk.open()
    await desk.say(conversation, "How long can I return a parcel?", "m1")
    await desk.until(conversation, 2)
    await desk.take(conversation, "a1")
    follower = desk.as_service("agent", "*")
    request = internal.WatchEventsRequest(shards=list(range(64)))
    kinds, positions = [], []
    call = desk.inside.events.WatchEvents(request, metadata=follower)
    async for response in call:
        if response.WhichOneof("item") == "event":
            kinds.append(response.event.WhichOneof("fact"))
            positions.append(response.event.envelope.position)
        if kinds and kinds[-1] == "conversation_taken":
            break
    call.cancel()
    assert positions == list(range(1, len(positions) + 1))
    assert kinds == [
        "customer_created",
        "identity_added",
        "conversation_opened",
        "turn_started",
        "message_created",
        "turn_ended",
        "message_created",
        "conversation_taken",
    ]
    request.filters.add(kinds=["ConversationTaken"])
    call = desk.inside.events.WatchEvents(request, metadata=follower)
    first: Any = await call.read()
    call.cancel()
    assert first.event.WhichOneof("fact") == "conversation_taken"


async def test_the_history_says_that_no_model_is_connected(desk: Desk) -> None:
    assert (await desk.history(await desk.open("quotes"))).quotes_only
