"""Humans, in a process of their own: `python -m tests.fault.agents CONFIG` (JSON, see `Config`), until SIGTERM.

Takers step into running conversations at random moments, as the agent service does it (`TakeConversation`), say something, and
give the conversation back. Desks work the agents' queue as the agents' page does: accept, reply, return.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import msgspec
from frontdesk.agent import v1 as agent_pb
from frontdesk.core import v1 as core_pb

from kit import client, errors
from kit.caller import Signer
from tests.fault.customers import attempt, stop_when_told
from tests.fault.evidence import Gave, Journal, Outcome, Sent, Took

PATIENT = 25
"""How often a human repeats what has to succeed in the end."""


class Config(msgspec.Struct):
    """What the agents' process is told."""

    journal: str
    gateway: str
    core: str
    """Core's replicas, past the gateway: where the agent service calls."""
    keys: str
    organizations: list[str]
    seed: int
    takers: int = 2
    desks: int = 1
    pause: tuple[float, float] = (0.1, 0.6)
    """Seconds between two takes of a taker."""
    stay: tuple[float, float] = (0.0, 0.3)
    """Seconds that a taker keeps a conversation."""
    most: int = 0
    """After so many takes in all the takers rest; 0: never."""


@dataclass
class Office:
    """All humans of this process."""

    config: Config
    journal: Journal
    gateway: grpc.aio.Channel
    core: grpc.aio.Channel
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    takes: int = 0

    def token(self, organization: str, user: str) -> str:
        """A user's token, as admin signs it."""
        return Signer.load(Path(self.config.keys), "admin").sign(f"users/{user}", organization, ["*"], name=user)

    def service_token(self, organization: str) -> str:
        """The agent service's own token."""
        return Signer.load(Path(self.config.keys), "agent").service_token(organization)

    async def take_over(self, number: int) -> None:
        """A taker."""
        rng, who = random.Random(f"{self.config.seed}/taker/{number}"), f"taker-{number}"
        while not self.stopping.is_set():
            await asyncio.sleep(rng.uniform(*self.config.pause))
            organization = rng.choice(self.config.organizations)
            found = await self._talking(organization, who, rng)
            if found is not None and (not self.config.most or self.takes < self.config.most):
                self.takes += 1
                await self._take(organization, found, who, rng)

    async def _talking(self, organization: str, who: str, rng: random.Random) -> str | None:
        """A conversation in which the assistant may be speaking at this moment."""
        request = core_pb.ListConversationsRequest(
            parent=f"organizations/{organization}", states=[core_pb.CONVERSATION_STATE_AUTOMATED], page_size=10
        )
        stub = core_pb.ConversationServiceStub(self.gateway)
        try:
            listed = await client.call(stub.ListConversations, request, token=self.token(organization, who), timeout=5)
        except errors.FrontdeskError:
            return None
        names = [conversation.name for conversation in listed.conversations if conversation.last_seq]
        return rng.choice(names) if names else None

    async def _take(self, organization: str, conversation: str, who: str, rng: random.Random) -> None:
        turns = core_pb.TurnServiceStub(self.core)
        agent, token = f"organizations/{organization}/agents/{who}", self.service_token(organization)
        request = core_pb.TakeConversationRequest(name=conversation, agent=agent, agent_display_name=who)
        at, taken = time.time(), core_pb.TakeConversationResponse()

        async def take() -> None:
            taken.CopyFrom(await client.call(turns.TakeConversation, request, token=token, timeout=6))

        outcome, _ = await attempt(take, PATIENT, rng)
        done = time.time()
        last = taken.conversation.last_seq if outcome is Outcome.OK else -1
        wire = list(taken.messages_on_the_wire) if outcome is Outcome.OK else None
        epoch = taken.conversation.epoch
        self.journal.write(Took(at, done, who, conversation, outcome, last, on_the_wire=wire, epoch=epoch))
        if outcome is Outcome.REFUSED:
            return
        stub = core_pb.MessageServiceStub(self.core)

        def post(nonce: str, text: str, id: str) -> Callable[[], Awaitable[object]]:
            said = core_pb.PostMessageRequest(parent=conversation, agent=agent, text=text, request_id=id)
            return lambda: client.call(stub.PostMessage, said, token=token, timeout=6)

        await self._say(who, conversation, post, rng)
        if rng.random() < 0.3:
            tag = core_pb.TagConversationRequest(name=conversation, add=[f"seen-{rng.randrange(100)}"])
            conversations = core_pb.ConversationServiceStub(self.gateway)
            user = self.token(organization, who)
            await attempt(lambda: client.call(conversations.TagConversation, tag, token=user, timeout=6), 1, rng)
        await asyncio.sleep(rng.uniform(*self.config.stay))
        back, at, given = core_pb.ReturnToAssistantRequest(name=conversation, agent=agent), time.time(), core_pb.Conversation()
        tries = 0

        async def give() -> None:
            nonlocal tries
            tries += 1
            given.CopyFrom(await client.call(turns.ReturnToAssistant, back, token=token, timeout=6))

        outcome, _ = await attempt(give, PATIENT, rng)
        last = given.last_seq if outcome is Outcome.OK and tries == 1 else -1
        self.journal.write(Gave(at, time.time(), who, conversation, outcome, last))

    async def _say(
        self, who: str, conversation: str, post: Callable[[str, str, str], Callable[[], Awaitable[object]]], rng: random.Random
    ) -> None:
        nonce, at = f"n-{uuid.uuid4().hex[:10]}", time.time()
        text = f"{nonce} a human speaks"
        outcome, why = await attempt(post(nonce, text, uuid.uuid4().hex), 8, rng)
        brought = outcome is Outcome.OK
        self.journal.write(Sent(at, time.time(), who, "AGENT", conversation, nonce, text, outcome, why, brought))

    async def work_the_queue(self, number: int) -> None:
        """A desk: accepts what waits, replies, and gives it back."""
        rng, who = random.Random(f"{self.config.seed}/desk/{number}"), f"desk-{number}"
        while not self.stopping.is_set():
            await asyncio.sleep(rng.uniform(0.3, 0.8))
            organization = rng.choice(self.config.organizations)
            token = self.token(organization, who)
            inbox, handovers = agent_pb.InboxServiceStub(self.gateway), agent_pb.HandoverServiceStub(self.gateway)
            parent = f"organizations/{organization}/agents/me"
            try:
                listed = await client.call(inbox.ListInbox, agent_pb.ListInboxRequest(parent=parent), token=token, timeout=6)
                for entry in listed.queue_entries[:3]:
                    at, accept = time.time(), agent_pb.AcceptHandoverRequest(name=entry.handover)
                    accepted = await client.call(handovers.AcceptHandover, accept, token=token, timeout=6)
                    took = Took(
                        at, time.time(), who, entry.conversation, Outcome.OK, queued=True, epoch=accepted.assignment.epoch
                    )
                    await self._answer(took, token, rng)
                for assigned in listed.assignments:  # of an acceptance whose reply was lost
                    since = assigned.start_time.ToNanoseconds() / 1e9
                    took = Took(since, time.time(), who, assigned.conversation, Outcome.OK, queued=True, epoch=assigned.epoch)
                    await self._answer(took, token, rng)
            except errors.FrontdeskError:
                continue

    async def _answer(self, took: Took, token: str, rng: random.Random) -> None:
        who, conversation = took.who, took.conversation
        inbox, handovers = agent_pb.InboxServiceStub(self.gateway), agent_pb.HandoverServiceStub(self.gateway)

        def post(nonce: str, text: str, id: str) -> Callable[[], Awaitable[object]]:
            said = agent_pb.ReplyRequest(name=conversation, text=text, request_id=id)
            return lambda: client.call(inbox.Reply, said, token=token, timeout=6)

        self.journal.write(msgspec.structs.replace(took, last_seq=await self._last(conversation, token)))
        await self._say(who, conversation, post, rng)
        last, at = await self._last(conversation, token), time.time()
        back = agent_pb.ReturnToAssistantRequest(name=conversation)
        outcome, _ = await attempt(lambda: client.call(handovers.ReturnToAssistant, back, token=token, timeout=6), PATIENT, rng)
        self.journal.write(Gave(at, time.time(), who, conversation, outcome, last))

    async def _last(self, conversation: str, token: str) -> int:
        """The last position of a conversation that is this desk's now; -1 when nobody tells."""
        stub = core_pb.ConversationServiceStub(self.gateway)
        try:
            request = core_pb.GetConversationRequest(name=conversation)
            return int((await client.call(stub.GetConversation, request, token=token, timeout=6)).last_seq)
        except errors.FrontdeskError:
            return -1


async def main(config: Config) -> None:
    """Works until SIGTERM, and ends what was begun."""
    journal = Journal(Path(config.journal))
    async with client.dial(config.gateway) as gateway, client.dial(config.core) as core:
        office = Office(config, journal, gateway, core)
        stop_when_told(office.stopping)
        async with asyncio.TaskGroup() as group:
            for number in range(config.takers):
                group.create_task(office.take_over(number))
            for number in range(config.desks):
                group.create_task(office.work_the_queue(number))
    journal.close()


if __name__ == "__main__":
    asyncio.run(main(msgspec.json.decode(sys.argv[1].encode(), type=Config)))
