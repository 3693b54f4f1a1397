"""A request for what isn't the caller's, isn't there or isn't right is refused, with a code and a reason."""

from __future__ import annotations

import pytest
from frontdesk.agent import v1 as pb
from google.protobuf.field_mask_pb2 import FieldMask

from tests.rpc.agent.office import ORGANIZATION, PERMISSIONS, Office, Refusal, refusal

pytestmark = pytest.mark.servers


async def test_another_organizations_token_opens_nothing(office: Office) -> None:
    stranger = office.as_user("a1", PERMISSIONS, organization="globex")
    to = office.replicas[0]
    calls = (
        to.inbox.ListInbox(pb.ListInboxRequest(parent=f"{ORGANIZATION}/agents/a1"), metadata=stranger),
        to.inbox.WatchInbox(pb.WatchInboxRequest(parent=f"{ORGANIZATION}/agents/a1"), metadata=stranger),
        to.handovers.AcceptHandover(pb.AcceptHandoverRequest(name=f"{ORGANIZATION}/handovers/h1"), metadata=stranger),
        to.agents.ListAgents(pb.ListAgentsRequest(parent=ORGANIZATION), metadata=stranger),
    )
    for call in calls:
        refused = await refusal(call)
        assert (refused.code, refused.reason) == ("PERMISSION_DENIED", "ORGANIZATION_MISMATCH")
    conversation = await office.ask_for_human()
    entry = await office.agent("a1").entry(conversation)
    theirs = entry.handover.replace("acme", "globex")
    refused = await refusal(to.handovers.AcceptHandover(pb.AcceptHandoverRequest(name=theirs), metadata=stranger))
    assert (refused.code, refused.reason) == ("NOT_FOUND", "HANDOVER_NOT_FOUND")


async def test_a_token_without_the_permission_hears_which_one_it_needs(office: Office) -> None:
    to = office.replicas[0]
    request = pb.ListQueuesRequest(parent=ORGANIZATION)
    refused = await refusal(to.queues.ListQueues(request, metadata=office.as_user("a1", ["agent.agents.read"])))
    assert refused == Refusal("PERMISSION_DENIED", "PERMISSION_MISSING", {"permission": "agent.queues.read"})
    assert (await refusal(to.queues.ListQueues(request))).code == "UNAUTHENTICATED"
    wrong = (("authorization", "Bearer nonsense"),)
    assert (await refusal(to.queues.ListQueues(request, metadata=wrong))).code == "UNAUTHENTICATED"


async def test_an_api_key_is_no_agent(office: Office) -> None:
    token = office.keys.signer("admin").sign("apiKeys/k1", "acme", ["*"])
    metadata = (("authorization", f"Bearer {token}"),)
    request = pb.ListInboxRequest(parent=f"{ORGANIZATION}/agents/me")
    refused = await refusal(office.replicas[0].inbox.ListInbox(request, metadata=metadata))
    assert refused == Refusal("PERMISSION_DENIED", "NOT_AN_AGENT", {"caller": "apiKeys/k1"})
    listed = await office.replicas[0].agents.ListAgents(pb.ListAgentsRequest(parent=ORGANIZATION), metadata=metadata)
    assert list(listed.agents) == []


async def test_what_is_not_there_is_not_found(office: Office) -> None:
    agent = office.agent("a1")
    nothing = f"{ORGANIZATION}/conversations/none"
    expected = {
        agent.accept(f"{ORGANIZATION}/handovers/none"): "HANDOVER_NOT_FOUND",
        agent.reply(nothing, "hello", "r1"): "ASSIGNMENT_NOT_FOUND",
        agent.to.inbox.AddNote(
            pb.AddNoteRequest(name=nothing, text="note", request_id="n1"), metadata=agent.metadata
        ): "CONVERSATION_NOT_FOUND",
        agent.to.agents.GetAgent(
            pb.GetAgentRequest(name=f"{ORGANIZATION}/agents/none"), metadata=agent.metadata
        ): "AGENT_NOT_FOUND",
        agent.to.queues.GetQueue(
            pb.GetQueueRequest(name=f"{ORGANIZATION}/queues/none"), metadata=agent.metadata
        ): "QUEUE_NOT_FOUND",
        agent.to.canned.GetCannedReply(
            pb.GetCannedReplyRequest(name=f"{ORGANIZATION}/cannedReplies/none"), metadata=agent.metadata
        ): "CANNED_REPLY_NOT_FOUND",
    }
    for call, reason in expected.items():
        refused = await refusal(call)
        assert (refused.code, refused.reason) == ("NOT_FOUND", reason)


async def test_what_breaks_the_contract_is_invalid(office: Office) -> None:
    agent = office.agent("a1")
    conversation = f"{ORGANIZATION}/conversations/c1"
    for call in (
        agent.reply(conversation, "", "r1"),
        agent.reply(conversation, "x" * 16_001, "r1"),
        agent.reply(conversation, "no request id", ""),
        agent.reply(f"{ORGANIZATION}/conversations/../x", "hello", "r1"),
        agent.set_presence(pb.PRESENCE_STATE_UNSPECIFIED),
    ):
        refused = await refusal(call)
        assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")


async def test_records_change_by_mask_and_etag(office: Office) -> None:
    agent = office.agent("a1")
    me = await agent.to.agents.GetAgent(pb.GetAgentRequest(name=f"{ORGANIZATION}/agents/me"), metadata=agent.metadata)
    assert (me.name, me.display_name) == (agent.name, "Agent a1")
    new = pb.Agent(name=agent.name, capacity=2, etag=me.etag)
    update = pb.UpdateAgentRequest(agent=new, update_mask=FieldMask(paths=["capacity"]))
    changed = await agent.to.agents.UpdateAgent(update, metadata=agent.metadata)
    assert (changed.capacity, changed.display_name) == (2, "Agent a1")
    refused = await refusal(agent.to.agents.UpdateAgent(update, metadata=agent.metadata))
    assert (refused.code, refused.reason) == ("ABORTED", "ETAG_MISMATCH")
    update.update_mask.paths[:] = ["create_time"]
    assert (await refusal(agent.to.agents.UpdateAgent(update, metadata=agent.metadata))).reason == ("INVALID_UPDATE_MASK")


async def test_canned_replies_from_made_to_deleted(office: Office) -> None:
    agent = office.agent("a1")
    reply = pb.CannedReply(shortcut="hi", text="Hello!")
    create = pb.CreateCannedReplyRequest(parent=ORGANIZATION, canned_reply=reply, request_id="c1")
    made = await agent.to.canned.CreateCannedReply(create, metadata=agent.metadata)
    assert await agent.to.canned.CreateCannedReply(create, metadata=agent.metadata) == made
    create.request_id = ""
    refused = await refusal(agent.to.canned.CreateCannedReply(create, metadata=agent.metadata))
    assert refused == Refusal("ALREADY_EXISTS", "CANNED_REPLY_ALREADY_EXISTS", {"shortcut": "hi"})
    made.text = "Hello there!"
    update = pb.UpdateCannedReplyRequest(canned_reply=made, update_mask=FieldMask(paths=["text"]))
    changed = await agent.to.canned.UpdateCannedReply(update, metadata=agent.metadata)
    assert (changed.text, changed.shortcut) == ("Hello there!", "hi")
    listing = pb.ListCannedRepliesRequest(parent=ORGANIZATION)
    assert list((await agent.to.canned.ListCannedReplies(listing, metadata=agent.metadata)).canned_replies) == [changed]
    await agent.to.canned.DeleteCannedReply(pb.DeleteCannedReplyRequest(name=made.name), metadata=agent.metadata)
    assert list((await agent.to.canned.ListCannedReplies(listing, metadata=agent.metadata)).canned_replies) == []
    create.canned_reply.text = ""
    assert (await refusal(agent.to.canned.CreateCannedReply(create, metadata=agent.metadata))).reason == ("INVALID_REQUEST")
