"""Updates of an agent's screen, and how its stream resumes and ends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import grpc
import pytest
from frontdesk.agent import v1 as pb
from frontdesk.agent.internal import v1 as internal
from google.api.httpbody_pb2 import HttpBody
from google.protobuf import json_format

from kit.events import FORM
from kit.journal import shard_of
from kit.journal.store import APPEND
from services.agent.convert.facts import fact_to_pb
from services.agent.domain.agent import PresenceState
from services.agent.domain.facts import AgentPresenceChanged
from services.agent.domain.ids import AgentId
from tests.rpc.agent.office import ORGANIZATION, Office, Replica, open_office, refusal

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.servers


async def changes(call: Any, count: int) -> list[tuple[str, str]]:
    """The next changes of a stream, as (token, kind), without presence."""
    found: list[tuple[str, str]] = []
    while len(found) < count:
        frame = await call.read()
        assert frame is not grpc.aio.EOF
        kinds = (event.WhichOneof("change") for event in frame.inbox_events.events)
        found += [(frame.resume_token, kind) for kind in kinds if kind != "presence_changed"]
    return found


async def answer(office: Office) -> str:
    """A customer asks for a human, and an agent answers."""
    conversation = await office.ask_for_human()
    agent = office.agent("a1")
    await agent.accept((await agent.entry(conversation)).handover)
    await agent.reply(conversation, "Hello!", "r1")
    return conversation


async def resolve(office: Office, conversation: str) -> None:
    """The agent closes it."""
    agent = office.agent("a1")
    request = pb.ResolveConversationRequest(name=conversation)
    await agent.to.handovers.ResolveConversation(request, metadata=agent.metadata)


async def test_a_screens_frames_are_the_same_as_server_sent_events(office: Office) -> None:
    agent = office.agent("a1")
    token = (await agent.screen()).resume_token
    await answer(office)
    plain = agent.watch(token)
    request = pb.WatchInboxRequest(parent=f"{ORGANIZATION}/agents/me", resume_token=token)
    read: Any = agent.to.channel.unary_stream(
        "/frontdesk.agent.v1.InboxService/WatchInbox",
        request_serializer=pb.WatchInboxRequest.SerializeToString,
        response_deserializer=HttpBody.FromString,
    )
    shown = read(request, metadata=(*agent.metadata, (FORM, "events")))
    changes: dict[str, list[str]] = {"plain": [], "events": []}
    while "assignment_started" not in changes["plain"]:
        changes["plain"] += [event.WhichOneof("change") for event in (await plain.read()).inbox_events.events]
    while len(changes["events"]) < len(changes["plain"]):
        body = await shown.read()
        assert body.content_type == "text/event-stream"
        fields = dict(line.split(": ", 1) for line in body.data.decode().splitlines() if line)
        frame = json_format.Parse(fields["data"], pb.WatchInboxResponse())
        assert fields["id"] == frame.resume_token
        changes["events"] += [event.WhichOneof("change") for event in frame.inbox_events.events]
    assert changes["events"] == changes["plain"]


async def test_a_screen_hears_everything_in_order_and_again_after_a_cut(office: Office) -> None:
    agent = office.agent("a1")
    token = (await agent.screen()).resume_token
    call = agent.watch(token)
    conversation = await answer(office)
    heard = await changes(call, 4)
    await resolve(office, conversation)
    heard += await changes(call, 1)
    call.cancel()
    assert [kind for _, kind in heard] == [
        "queue_entry_added",
        "queue_entry_removed",
        "assignment_started",
        "message_created",
        "assignment_ended",
    ]
    for token in (heard[0][0], heard[-2][0]):
        again, rest = agent.watch(token), [kind for at, kind in heard if int(at) > int(token)]
        assert [kind for _, kind in await changes(again, len(rest))] == rest
        again.cancel()


async def test_a_token_that_is_not_ours_or_of_the_future_is_out_of_range(office: Office) -> None:
    agent = office.agent("a1")
    for token in ("nonsense", "999999999"):
        refused = await refusal(agent.watch(token))
        assert (refused.code, refused.reason) == ("OUT_OF_RANGE", "RESUME_TOKEN_EXPIRED")


async def test_a_screen_that_falls_behind_is_ended_with_its_token(stores: TestStores, tmp_path: Path) -> None:
    async with open_office(stores, tmp_path, inbox_most_unsent=10) as office:
        agent = office.agent("a1")
        await agent.set_presence(pb.PRESENCE_STATE_ONLINE)
        call = agent.watch("0")
        await call.read()
        connection = await asyncpg.connect(office.postgres_url)
        fact = fact_to_pb("acme", AgentPresenceChanged(AgentId("a1"), PresenceState.AWAY))
        columns = ["AgentPresenceChanged"], [fact.subject], [""], [fact.event.SerializeToString()]
        await connection.execute(APPEND, shard_of("acme"), "acme", *(column * 300 for column in columns))
        await connection.close()
        refused = await refusal(call)
        assert (refused.code, refused.reason) == ("ABORTED", "WATCHER_TOO_SLOW")
        again = agent.watch(refused.metadata["resume_token"])
        (event,) = (await again.read()).inbox_events.events  # the newest of all that it missed
        assert event.presence_changed.agent_display_name == "Agent a1"
        again.cancel()


async def test_streams_end_with_their_token_when_the_process_drains(stores: TestStores, tmp_path: Path) -> None:
    async with open_office(stores, tmp_path, drain_seconds=5) as office:
        channel = grpc.aio.insecure_channel(office.replicas[0].url)  # one that outlives the service
        office.replicas[0] = Replica(channel, office.replicas[0].url)
        agent = office.agent("a1")
        await agent.set_presence(pb.PRESENCE_STATE_ONLINE)
        call = agent.watch("0")
        token = (await call.read()).resume_token
        ending = asyncio.create_task(refusal(call))
    refused = await ending
    await channel.close()
    assert (refused.code, refused.reason) == ("ABORTED", "STREAM_ENDED")
    assert int(refused.metadata["resume_token"]) >= int(token)


async def test_an_inbox_is_its_agents_own(office: Office) -> None:
    agent = office.agent("a1")
    request = pb.ListInboxRequest(parent=f"{ORGANIZATION}/agents/a2")
    refused = await refusal(agent.to.inbox.ListInbox(request, metadata=agent.metadata))
    assert (refused.code, refused.reason) == ("PERMISSION_DENIED", "NOT_YOUR_INBOX")


async def test_the_journal_is_for_services_alone(office: Office) -> None:
    await resolve(office, await answer(office))
    events = office.replicas[0].events
    request = internal.WatchEventsRequest(shards=range(64), filters=[{"kinds": ["HandoverAccepted", "AssignmentFinished"]}])
    call: Any = events.WatchEvents(request, metadata=office.as_service("admin"))
    found: list[internal.Event] = []
    while len(found) < 2:
        response = await call.read()
        if response.HasField("event"):
            found.append(response.event)
    call.cancel()
    assert [event.WhichOneof("fact") for event in found] == ["handover_accepted", "assignment_finished"]
    assert found[0].handover_accepted.agent == f"{ORGANIZATION}/agents/a1"
    for metadata in (office.as_service("memory"), office.as_user("u1", ["*"])):
        refused = await refusal(events.WatchEvents(request, metadata=metadata))
        assert refused.reason == "CALLER_NOT_ALLOWED"
