"""Reads every conversation of the idle system through the public API, as an agent, over REST and, for some, as its customer."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.request
from collections import Counter
from typing import Any

import grpc
from frontdesk.agent import v1 as agent_pb
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as core_pb
from frontdesk.memory import v1 as memory_pb
from google.protobuf.timestamp_pb2 import Timestamp

from kit import client, errors
from kit.caller import Signer
from tests.fault.evidence import (
    NONCE,
    Delivered,
    Evidence,
    Got,
    HandedOver,
    History,
    Learned,
    Missing,
    Queued,
    Received,
    Said,
    Waiting,
)
from tests.fault.journal import Journal
from tests.fault.phones import PREFIX
from tests.fault.world import ORGANIZATIONS, World

AT_ONCE = 16
BY_REST = 10
"""Each so many-th conversation is read over REST too."""
UNDER_WAY = ("QUEUED", "SENDING", "UNKNOWN")
OPEN = (core_pb.TURN_STATE_PENDING, core_pb.TURN_STATE_RUNNING)


class Reader:
    """Reads with an owner's token, as often as it takes: the stack is healthy by now."""

    def __init__(self, world: World, gateway: grpc.aio.Channel) -> None:
        self._signer: Signer = world.signer("admin")
        self._gateway = gateway
        self._url = world.stack.gateway

    def _token(self, organization: str) -> str:
        return self._signer.sign("users/reader", organization, ["*"], name="Reader")

    async def _call(self, rpc: Any, request: Any, organization: str) -> Any:
        for _ in range(20):
            try:
                return await client.call(rpc, request, token=self._token(organization), timeout=10)
            except (errors.Unavailable, errors.DeadlineExceeded, errors.ResourceExhausted):
                await asyncio.sleep(0.5)
        return await client.call(rpc, request, token=self._token(organization), timeout=10)

    async def views(self, conversation: str, by_rest: bool) -> list[History | Missing]:
        """The messages of a conversation, in each view."""
        organization = conversation.split("/")[1]
        try:
            stub = core_pb.ConversationServiceStub(self._gateway)
            found = await self._call(stub.GetConversation, core_pb.GetConversationRequest(name=conversation), organization)
            turns = core_pb.TurnServiceStub(self._gateway)
            listed = await self._call(turns.ListTurns, core_pb.ListTurnsRequest(parent=conversation), organization)
        except errors.NotFound as error:
            return [Missing(conversation, error.message)]
        open_turns = [turn.name for turn in listed.turns if turn.state in OPEN]
        state = core_pb.ConversationState.Name(found.state).removeprefix("CONVERSATION_STATE_")
        messages = await self._messages(conversation, organization)
        agent, tags = found.agent, list(found.tags)
        views: list[History | Missing] = [
            History("agent", organization, conversation, state, messages, open_turns, agent, tags)
        ]
        if by_rest:
            messages = await asyncio.to_thread(self._by_rest, conversation, self._token(organization))
            views.append(History("rest", organization, conversation, state, messages))
        return views

    async def _messages(self, conversation: str, organization: str) -> list[Said]:
        stub, said, page = core_pb.MessageServiceStub(self._gateway), list[Said](), ""
        while True:
            request = core_pb.ListMessagesRequest(parent=conversation, page_size=100, page_token=page)
            answer = await self._call(stub.ListMessages, request, organization)
            said = [*(_said(message) for message in answer.messages), *said]
            page = answer.next_page_token
            if not page:
                return said

    def _by_rest(self, conversation: str, token: str) -> list[Said]:
        said, page = list[Said](), ""
        while True:
            url = f"{self._url}/v1/{conversation}/messages?pageSize=100&pageToken={page}"
            request = urllib.request.Request(url, headers={"authorization": f"Bearer {token}"})
            with urllib.request.urlopen(request, timeout=15) as response:
                answer = json.load(response)
            found = [
                Said(int(m["seq"]), m["name"], m["role"], m["kind"], m["text"], m["turn"], 0.0) for m in answer["messages"]
            ]
            said, page = [*found, *said], answer.get("nextPageToken", "")
            if not page:
                return said

    async def waiting(self, organization: str) -> list[str]:
        """Received messages that are not with core."""
        stub = channel_pb.InboundMessageServiceStub(self._gateway)
        found = list[str]()
        for state in (channel_pb.INBOUND_MESSAGE_STATE_PENDING, channel_pb.INBOUND_MESSAGE_STATE_DEAD):
            request = channel_pb.ListInboundMessagesRequest(parent=f"organizations/{organization}", state=state, page_size=100)
            listed = await self._call(stub.ListInboundMessages, request, organization)
            found += [message.name for message in listed.inbound_messages]
        return found

    async def received(self, organization: str, since: float) -> Counter[str]:
        """The number of messages that channel reports as forwarded to each conversation since a time."""
        stub, found, page = channel_pb.InboundMessageServiceStub(self._gateway), Counter[str](), ""
        while True:
            request = channel_pb.ListInboundMessagesRequest(
                parent=f"organizations/{organization}",
                state=channel_pb.INBOUND_MESSAGE_STATE_FORWARDED,
                page_size=100,
                page_token=page,
            )
            listed = await self._call(stub.ListInboundMessages, request, organization)
            found.update(m.conversation for m in listed.inbound_messages if _seconds(m.create_time) >= since)
            page = listed.next_page_token
            if not page or _seconds(listed.inbound_messages[-1].create_time) < since:
                return found

    async def handovers(self, conversation: str) -> list[HandedOver]:
        """The handovers of a conversation."""
        organization, stub = conversation.split("/")[1], agent_pb.HandoverServiceStub(self._gateway)
        request = agent_pb.ListHandoversRequest(
            parent=f"organizations/{organization}", conversation=conversation, page_size=100
        )
        listed = await self._call(stub.ListHandovers, request, organization)
        return [
            HandedOver(conversation, agent_pb.HandoverState.Name(h.state), _seconds(h.create_time), _seconds(h.end_time))
            for h in listed.handovers
        ]

    async def queue(self, organization: str) -> Queued:
        """The conversations that wait for a human, by core and by the agents' queue."""
        core, agents, page = core_pb.ConversationServiceStub(self._gateway), agent_pb.InboxServiceStub(self._gateway), ""
        by_core = list[str]()
        while True:
            request = core_pb.ListConversationsRequest(
                parent=f"organizations/{organization}",
                states=[core_pb.CONVERSATION_STATE_WAITING],
                page_size=100,
                page_token=page,
            )
            listed = await self._call(core.ListConversations, request, organization)
            by_core += [conversation.name for conversation in listed.conversations]
            page = listed.next_page_token
            if not page:
                break
        inbox = agent_pb.ListInboxRequest(parent=f"organizations/{organization}/agents/me")
        entries = (await self._call(agents.ListInbox, inbox, organization)).queue_entries
        return Queued(organization, sorted(by_core), sorted(entry.conversation for entry in entries))

    async def deliveries(self) -> list[channel_pb.Delivery]:
        """All deliveries via WhatsApp."""
        stub, found, page = channel_pb.DeliveryServiceStub(self._gateway), list[channel_pb.Delivery](), ""
        while True:
            request = channel_pb.ListDeliveriesRequest(
                parent=f"organizations/{ORGANIZATIONS[0]}", page_size=100, page_token=page
            )
            listed = await self._call(stub.ListDeliveries, request, ORGANIZATIONS[0])
            found += listed.deliveries
            page = listed.next_page_token
            if not page:
                return found

    async def document(self, name: str) -> str:
        """A document's state; empty when it is missing."""
        stub = memory_pb.DocumentServiceStub(self._gateway)
        try:
            found = await self._call(stub.GetDocument, memory_pb.GetDocumentRequest(name=name), name.split("/")[1])
        except errors.NotFound:
            return ""
        return memory_pb.DocumentState.Name(found.state).removeprefix("DOCUMENT_STATE_")


def _state(delivery: channel_pb.Delivery) -> str:
    return channel_pb.DeliveryState.Name(delivery.state).removeprefix("DELIVERY_STATE_")


def _said(m: core_pb.Message) -> Said:
    role = core_pb.ParticipantRole.Name(m.role).removeprefix("PARTICIPANT_ROLE_")
    kind = core_pb.MessageKind.Name(m.kind).removeprefix("MESSAGE_KIND_")
    return Said(m.seq, m.name, role, kind, m.text, m.turn, _seconds(m.create_time), m.note)


def _seconds(time: Timestamp) -> float:
    return time.ToNanoseconds() / 1e9


async def collect(world: World, so_far: Evidence, since: float, seconds: float) -> None:
    """Waits until the system is idle, at most so long, and logs everything that the public API shows.

    A phone's message whose webhook was lost is fetched from Twilio later, and visible nowhere until then.
    """
    journal = Journal(world.journals / "reader.jsonl")
    # Also those that customers of an earlier scenario left and agents accepted now.
    given, until = {*so_far.opened, *so_far.sent, *so_far.took, *so_far.gave}, time.monotonic() + seconds
    by_phone = {sent.nonce for name, all_sent in so_far.sent.items() if name.startswith(PREFIX) for sent in all_sent}
    wished = {name for name, asked in so_far.asked.items() if any(a.what == "human" for a in asked)}
    async with client.dial(world.stack.gateway.removeprefix("http://")) as gateway:
        reader = Reader(world, gateway)
        phones = {name.removeprefix(PREFIX) for name in given if name.startswith(PREFIX)}
        while True:
            deliveries = await _settled(reader, phones, until) if phones else []
            named = {delivery.message.rpartition("/messages/")[0] for delivery in deliveries}
            names = moving = sorted({name for name in given if not name.startswith(PREFIX)} | named)
            while time.monotonic() < until and (moving := await _moving(reader, moving)):  # noqa: ASYNC110
                await asyncio.sleep(0.5)
            if time.monotonic() > until or by_phone <= await _nonces(reader, sorted(named)):
                break
            await asyncio.sleep(0.5)
        for delivery in await _settled(reader, phones, until) if phones else []:
            journal.write(Delivered(delivery.recipient, delivery.message, _state(delivery)), sync=False)
        for raw in world.accepted.read_text().splitlines():
            got = json.loads(raw)
            journal.write(Got(got["at"], got["to"].removeprefix("whatsapp:"), got["body"]), sync=False)
        for view in await _each(reader, names, by_rest=True):
            journal.write(view, sync=False)
        for conversation in sorted(wished):
            for handover in await reader.handovers(conversation):
                journal.write(handover, sync=False)
        for organization in ORGANIZATIONS:
            for conversation, messages in (await reader.received(organization, since)).items():
                if conversation:  # a provider's message has none
                    journal.write(Received(conversation, messages), sync=False)
            journal.write(Waiting(organization, await reader.waiting(organization)))
            journal.write(await reader.queue(organization))
        for name in world.learned:
            while (state := await reader.document(name)) not in ("", "READY") and time.monotonic() < until:  # noqa: ASYNC110
                await asyncio.sleep(0.5)
            journal.write(Learned(name, state))
    journal.close()


async def _settled(reader: Reader, phones: set[str], until: float) -> list[channel_pb.Delivery]:
    """The deliveries to these phones, once none of them is under way any more."""
    while True:
        found = [delivery for delivery in await reader.deliveries() if delivery.recipient in phones]
        if time.monotonic() > until or not any(_state(delivery) in UNDER_WAY for delivery in found):
            return found
        await asyncio.sleep(0.5)


async def _moving(reader: Reader, names: list[str]) -> list[str]:
    """Of these conversations those in which something is still under way; all, while received messages wait in channel."""
    for organization in ORGANIZATIONS:
        queued = await reader.queue(organization)
        if queued.by_core != queued.by_queue or await reader.waiting(organization):
            return names
    found = await _each(reader, names, by_rest=False)
    return [view.conversation for view in found if isinstance(view, History) and view.open_turns]


async def _nonces(reader: Reader, names: list[str]) -> set[str]:
    """The customers' messages in these conversations."""
    views = await _each(reader, names, by_rest=False)
    said = [m for view in views if isinstance(view, History) for m in view.messages if m.role == "CUSTOMER"]
    return {nonce for m in said for nonce in NONCE.findall(m.text)}


async def _each(reader: Reader, names: list[str], *, by_rest: bool) -> list[History | Missing]:
    slots = asyncio.Semaphore(AT_ONCE)

    async def read(number: int, name: str) -> list[History | Missing]:
        async with slots:
            return await reader.views(name, by_rest and number % BY_REST == 0)

    found = await asyncio.gather(*(read(number, name) for number, name in enumerate(names)))
    return [view for views in found for view in views]
