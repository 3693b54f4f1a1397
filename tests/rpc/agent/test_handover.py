"""A customer asks for a human; agents accept, answer, pass on, give back and resolve: over real servers and real stores."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from frontdesk.agent import v1 as pb
from frontdesk.core import v1 as core_pb
from frontdesk.core.internal import v1 as internal

from tests.rpc.agent.office import ORGANIZATION, Office, Refusal, eventually, open_office, refusal
from tests.rpc.lists import in_pages

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.servers


async def test_of_two_who_accept_at_once_one_has_it_and_the_other_hears_who(office: Office) -> None:
    conversation = await office.ask_for_human()
    first, second = office.agent("a1"), office.agent("a2")
    entry = await first.entry(conversation)
    assert (entry.position, entry.customer_display_name) == (1, "A customer")
    results = await asyncio.gather(first.accept(entry.handover), second.accept(entry.handover), return_exceptions=True)
    won = [result for result in results if isinstance(result, pb.AcceptHandoverResponse)]
    assert len(won) == 1
    winner, loser = (first, second) if won[0].assignment.agent == first.name else (second, first)
    refused = await refusal(loser.accept(entry.handover))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "HANDOVER_TAKEN")
    assert refused.metadata["agent"] == winner.name
    assert refused.metadata["agent_display_name"] == f"Agent {winner.name[-2:]}"
    assert (await winner.accept(entry.handover)).assignment == won[0].assignment
    assert (await office.state(conversation)).agent == winner.name
    assert [a.conversation for a in (await winner.screen()).assignments] == [conversation]
    assert list((await loser.screen()).assignments) == []


async def test_accepting_names_what_may_still_arrive_from_the_assistant_each_time(office: Office) -> None:
    conversation = await office.open()
    await office.say(conversation, "Hello?", "m1")
    agent, metadata = office.agent("a1"), office.as_user("u9", ["core.messages.read"])
    messages, turns = core_pb.MessageServiceStub(office.core), internal.TurnServiceStub(office.core)
    entry = await agent.entry(conversation)  # without knowledge the assistant says so, and asks for an agent
    listed = await messages.ListMessages(core_pb.ListMessagesRequest(parent=conversation), metadata=metadata)
    notice = listed.messages[-1]
    assert notice.role == core_pb.PARTICIPANT_ROLE_ASSISTANT
    claim = internal.ClaimDispatchRequest(message=notice.name)
    await turns.ClaimDispatch(claim, metadata=office.as_service("channel"))
    for _ in range(2):
        assert (await agent.accept(entry.handover)).messages_on_the_wire == [notice.name]


async def test_from_asking_to_resolving(office: Office) -> None:
    conversation = await office.ask_for_human()
    first, second = office.agent("a1"), office.agent("a2")
    await first.accept((await first.entry(conversation)).handover)

    once, again = await first.reply(conversation, "Hello!", "r1"), await first.reply(conversation, "Hello!", "r1")
    assert once.message == again.message
    refused = await refusal(second.reply(conversation, "Me too!", "r2"))
    assert (refused.reason, refused.metadata["agent_display_name"]) == ("NOT_ASSIGNED_TO_YOU", "Agent a1")
    assert (await refusal(first.reply(conversation, " \n ", "r3"))).reason == "TEXT_EMPTY"
    place = core_pb.MessageContent(
        parts=[core_pb.Part(markdown="**Here**"), core_pb.Part(location=core_pb.Location(latitude=1))]
    )
    parts = pb.ReplyRequest(name=conversation, content=place, request_id="r4")
    assert (await first.to.inbox.Reply(parts, metadata=first.metadata)).message
    note = pb.AddNoteRequest(name=conversation, text="A regular.", request_id="n1")
    await second.to.inbox.AddNote(note, metadata=second.metadata)
    assert await office.history(conversation) == [
        ("Agent a1", "Hello!"),
        ("Agent a1", "**Here**\n[Location: 1, 0]"),
        ("Agent a2", "A regular."),
    ]

    await office.say(conversation, "Are you there?", "m1")

    async def unanswered() -> bool:
        return [a.preview for a in (await first.screen()).assignments] == ["Are you there?"]

    await eventually(unanswered)

    transfer = pb.TransferConversationRequest(name=conversation, agent=second.name)
    passed = await first.to.handovers.TransferConversation(transfer, metadata=first.metadata)
    assert passed.agent == second.name
    assert await first.to.handovers.TransferConversation(transfer, metadata=first.metadata) == passed
    give_back = pb.ReturnToAssistantRequest(name=conversation)
    assert (await refusal(first.to.handovers.ReturnToAssistant(give_back, metadata=first.metadata))).reason == (
        "NOT_ASSIGNED_TO_YOU"
    )
    ended = await second.to.handovers.ReturnToAssistant(give_back, metadata=second.metadata)
    assert ended.HasField("end_time")
    assert (await office.state(conversation)).state == core_pb.CONVERSATION_STATE_AUTOMATED
    assert await second.to.handovers.ReturnToAssistant(give_back, metadata=second.metadata) == ended

    ask = pb.RequestHandoverRequest(name=conversation, reason="supervisor")
    await first.to.handovers.RequestHandover(ask, metadata=first.metadata)
    await second.accept((await second.entry(conversation)).handover)
    resolve = pb.ResolveConversationRequest(name=conversation)
    resolved = await second.to.handovers.ResolveConversation(resolve, metadata=second.metadata)
    assert await second.to.handovers.ResolveConversation(resolve, metadata=second.metadata) == resolved
    assert (await office.state(conversation)).state == core_pb.CONVERSATION_STATE_CLOSED
    assert (await refusal(second.reply(conversation, "One more thing", "r9"))).reason == "ASSIGNMENT_NOT_FOUND"

    handovers = partial(first.to.handovers.ListHandovers, metadata=first.metadata)
    listed = await in_pages(handovers, pb.ListHandoversRequest(parent=ORGANIZATION))
    assert [handover.agent for handover in listed] == [second.name, first.name]


async def test_what_core_closes_no_longer_waits(office: Office) -> None:
    conversation = await office.ask_for_human()
    agent = office.agent("a1")
    entry = await agent.entry(conversation)
    close = core_pb.CloseConversationRequest(name=conversation)
    metadata = office.as_user("u9", ["core.conversations.update"])
    await core_pb.ConversationServiceStub(office.core).CloseConversation(close, metadata=metadata)

    async def gone() -> bool:
        return not (await agent.screen()).queue_entries

    await eventually(gone)
    assert (await refusal(agent.accept(entry.handover))).reason == "HANDOVER_WITHDRAWN"


async def test_a_decline_leaves_it_to_the_others(office: Office) -> None:
    conversation = await office.ask_for_human()
    first, second = office.agent("a1"), office.agent("a2")
    entry = await first.entry(conversation)
    decline = pb.DeclineHandoverRequest(name=entry.handover, reason="not my field")
    declined = await first.to.handovers.DeclineHandover(decline, metadata=first.metadata)
    assert list(declined.declined_by) == [first.name]
    assert (await first.entry(conversation)).declined
    assert not (await second.entry(conversation)).declined


async def test_rules_of_queues_apply_and_lists_come_in_pages(office: Office) -> None:
    agent = office.agent("a1")
    queue = pb.Queue(display_name="Billing", rules=[pb.QueueRule(reasons=["refund"])])
    queue.accept_target.FromSeconds(60)
    create = pb.CreateQueueRequest(parent=ORGANIZATION, queue_id="billing", queue=queue, request_id="q1")
    made = await agent.to.queues.CreateQueue(create, metadata=agent.metadata)
    assert await agent.to.queues.CreateQueue(create, metadata=agent.metadata) == made
    for number in range(3):
        await office.ask_for_human(f"s{number}", reason="Wants a refund")
    conversation = await office.ask_for_human("s3", reason="Wants a refund")
    entry = await agent.entry(conversation)
    assert entry.name.startswith(f"{ORGANIZATION}/queues/billing/entries/")
    assert entry.due_time.ToSeconds() - entry.wait_time.ToSeconds() == 60
    entries = partial(agent.to.queues.ListQueueEntries, metadata=agent.metadata)
    found = await in_pages(entries, pb.ListQueueEntriesRequest(parent=made.name))
    assert [entry.position for entry in found] == [1, 2, 3, 4]
    queues = await in_pages(
        partial(agent.to.queues.ListQueues, metadata=agent.metadata), pb.ListQueuesRequest(parent=ORGANIZATION)
    )
    assert [queue.name.rpartition("/")[2] for queue in queues] == ["billing", "default"]
    listing = pb.ListQueueEntriesRequest(parent=made.name, page_size=2)
    listing.page_token = (await agent.to.queues.ListQueueEntries(listing, metadata=agent.metadata)).next_page_token
    listing.parent = f"{ORGANIZATION}/queues/default"
    refused = await refusal(agent.to.queues.ListQueueEntries(listing, metadata=agent.metadata))
    assert refused.reason == "INVALID_PAGE_TOKEN"
    await agent.to.queues.DeleteQueue(pb.DeleteQueueRequest(name=made.name), metadata=agent.metadata)
    assert (await agent.entry(conversation)).name.startswith(f"{ORGANIZATION}/queues/default/")


async def test_agents_and_their_replies_are_listed_page_by_page(office: Office) -> None:
    first, second = office.agent("a1"), office.agent("a2")
    for agent in (first, second):
        await agent.screen()  # enrolls them
        reply = pb.CannedReply(shortcut=agent.name[-2:], text="Hello!")
        create = pb.CreateCannedReplyRequest(parent=ORGANIZATION, canned_reply=reply)
        await agent.to.canned.CreateCannedReply(create, metadata=agent.metadata)
    metadata, to = first.metadata, first.to
    agents = await in_pages(partial(to.agents.ListAgents, metadata=metadata), pb.ListAgentsRequest(parent=ORGANIZATION))
    assert [agent.name for agent in agents] == [first.name, second.name]
    presences = await in_pages(
        partial(to.presence.ListPresences, metadata=metadata), pb.ListPresencesRequest(parent=ORGANIZATION)
    )
    assert len(presences) == 2
    replies = await in_pages(
        partial(to.canned.ListCannedReplies, metadata=metadata), pb.ListCannedRepliesRequest(parent=ORGANIZATION)
    )
    assert [reply.shortcut for reply in replies] == ["a1", "a2"]


async def test_replicas_agree(stores: TestStores, tmp_path: Path) -> None:
    async with open_office(stores, tmp_path, replicas=2) as office:
        first, second = office.agent("a1", replica=0), office.agent("a2", replica=1)
        watching = {agent.name: agent.watch((await agent.screen()).resume_token) for agent in (first, second)}
        conversation = await office.ask_for_human()
        for call in watching.values():
            added = [""]
            while not any(added):
                added = [event.queue_entry_added.conversation for event in (await call.read()).inbox_events.events]
            assert conversation in added
        handover = (await second.entry(conversation)).handover
        await second.accept(handover)
        refused = await refusal(first.accept(handover))
        assert refused.reason == "HANDOVER_TAKEN"
        for call in watching.values():
            call.cancel()


async def test_without_core_an_agent_hears_that_it_is_unavailable(stores: TestStores, tmp_path: Path) -> None:
    async with open_office(stores, tmp_path, core_url="127.0.0.1:1") as office:
        agent = office.agent("a1")
        ask = pb.RequestHandoverRequest(name=f"{ORGANIZATION}/conversations/c1")
        refused = await refusal(agent.to.handovers.RequestHandover(ask, metadata=agent.metadata))
        assert refused == Refusal("UNAVAILABLE", "SERVICE_UNAVAILABLE")
        assert list((await agent.screen()).queue_entries) == []
