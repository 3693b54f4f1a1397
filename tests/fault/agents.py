"""Agents, in a separate process: `python -m tests.fault.agents CONFIG` (JSON, see `Config`), until SIGTERM.

Takers step into running conversations at random moments, as the agent service does it (`TakeConversation`), send a message, and
return the conversation; sometimes they close it, and reopen it. Desks work the agents' queue as the agents' page
does: accept, note, reply, and return, resolve or transfer. One of them, the clerk, signs in and refreshes its token.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import grpc
import msgspec
from frontdesk.agent import v1 as agent_pb
from frontdesk.core import v1 as core_pb
from frontdesk.core.internal import v1 as internal

from kit import client, errors
from kit.caller import Signer
from tests.fault.chat import stop_at_sigterm
from tests.fault.customers import attempt
from tests.fault.evidence import Asked, Gave, Outcome, Sent, Took
from tests.fault.journal import Journal
from tests.fault.tokens import SignedByUs, SignedIn

PATIENT = 25
"""The number of retries of a call that has to succeed in the end."""


class Config(msgspec.Struct):
    """The configuration of the agents' process."""

    journal: str
    gateway: str
    core: str
    """Core's replicas, not through the gateway, as the agent service calls them."""
    keys: str
    organizations: list[str]
    seed: int
    takers: int = 2
    desks: int = 2
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
        return Signer.load(Path(self.config.keys) / "admin", "admin").sign(f"users/{user}", organization, ["*"], name=user)

    def service_token(self, organization: str) -> str:
        """The agent service's own token."""
        return Signer.load(Path(self.config.keys) / "agent", "agent").service_token(organization)

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
        turns, conversations = internal.TurnServiceStub(self.core), core_pb.ConversationServiceStub(self.gateway)
        user = self.token(organization, who)
        agent, token = f"organizations/{organization}/agents/{who}", self.service_token(organization)
        request = internal.TakeConversationRequest(name=conversation, agent=agent, agent_display_name=who)
        at, taken = time.time(), internal.TakeConversationResponse()

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
        stub = internal.MessageServiceStub(self.core)

        def post(nonce: str, text: str, id: str) -> Callable[[], Awaitable[object]]:
            said = internal.PostMessageRequest(parent=conversation, agent=agent, text=text, request_id=id)
            return lambda: client.call(stub.PostMessage, said, token=token, timeout=6)

        await self.say(who, conversation, post, rng)
        if rng.random() < 0.3:
            tag = f"seen-{rng.randrange(10)}"
            request_tag = core_pb.TagConversationRequest(name=conversation, add=[tag])
            call = partial(client.call, conversations.TagConversation, request_tag, token=user, timeout=6)
            await self.ask(who, conversation, "tag", call, rng, tag)
        await asyncio.sleep(rng.uniform(*self.config.stay))
        back, at, given = internal.ReturnToAssistantRequest(name=conversation, agent=agent), time.time(), core_pb.Conversation()
        tries = 0

        async def give() -> None:
            nonlocal tries
            tries += 1
            given.CopyFrom(await client.call(turns.ReturnToAssistant, back, token=token, timeout=6))

        outcome, _ = await attempt(give, PATIENT, rng)
        last = given.last_seq if outcome is Outcome.OK and tries == 1 else -1
        self.journal.write(Gave(at, time.time(), who, conversation, outcome, last))
        if rng.random() < 0.05:
            close = core_pb.CloseConversationRequest(name=conversation)
            call = partial(client.call, conversations.CloseConversation, close, token=user, timeout=6)
            closed = await self.ask(who, conversation, "close", call, rng)
            if closed is not Outcome.REFUSED and rng.random() < 0.5:
                reopen = core_pb.ReopenConversationRequest(name=conversation)
                call = partial(client.call, conversations.ReopenConversation, reopen, token=user, timeout=6)
                await self.ask(who, conversation, "reopen", call, rng)

    async def ask(
        self,
        who: str,
        conversation: str,
        what: str,
        call: Callable[[], Awaitable[object]],
        rng: random.Random,
        effect: str = "",
    ) -> Outcome:
        """Calls for an action other than a message until the outcome is known, and logs it."""
        at = time.time()
        outcome, why = await attempt(call, PATIENT, rng)
        self.journal.write(Asked(at, time.time(), who, conversation, what, outcome, effect, why))
        return outcome

    async def say(
        self,
        who: str,
        conversation: str,
        post: Callable[[str, str, str], Callable[[], Awaitable[object]]],
        rng: random.Random,
        role: str = "AGENT",
    ) -> None:
        """Sends a message, or a note, and logs the outcome."""
        nonce, at = f"n-{uuid.uuid4().hex[:10]}", time.time()
        text = f"{nonce} a human speaks"
        outcome, why = await attempt(post(nonce, text, uuid.uuid4().hex), 8, rng)
        brought = outcome is Outcome.OK
        self.journal.write(Sent(at, time.time(), who, role, conversation, nonce, text, outcome, why, brought))


@dataclass
class Desk:
    """An agent at the agents' page: accepts a waiting conversation, writes, and returns, resolves or transfers it."""

    office: Office
    who: str
    tokens: SignedByUs | SignedIn
    rng: random.Random
    colleagues: list[str]

    async def work(self) -> None:
        """Until the office closes."""
        config = self.office.config
        while not self.office.stopping.is_set():
            await asyncio.sleep(self.rng.uniform(0.3, 0.8))
            organization = self.rng.choice(config.organizations)
            try:
                token = await self.tokens.token(organization)
                await self._look(organization, token)
            except errors.FrontdeskError:
                continue

    async def _look(self, organization: str, token: str) -> None:
        inbox, handovers = agent_pb.InboxServiceStub(self.office.gateway), agent_pb.HandoverServiceStub(self.office.gateway)
        request = agent_pb.ListInboxRequest(parent=f"organizations/{organization}/agents/me")
        try:
            listed = await client.call(inbox.ListInbox, request, token=token, timeout=6)
        except errors.FrontdeskError as error:
            self.tokens.used(organization, error)
            raise
        self.tokens.used(organization, None)
        for entry in listed.queue_entries[:3]:
            at, accept = time.time(), agent_pb.AcceptHandoverRequest(name=entry.handover)
            accepted = await client.call(handovers.AcceptHandover, accept, token=token, timeout=6)
            epoch, now = accepted.assignment.epoch, time.time()
            await self._answer(Took(at, now, self.who, entry.conversation, Outcome.OK, queued=True, epoch=epoch), token)
        for assigned in listed.assignments:  # transferred by a colleague, or from an acceptance whose reply was lost
            since, epoch = assigned.start_time.ToNanoseconds() / 1e9, assigned.epoch
            took = Took(since, time.time(), self.who, assigned.conversation, Outcome.OK, queued=True, epoch=epoch)
            await self._answer(took, token)

    async def _answer(self, took: Took, token: str) -> None:
        conversation, journal = took.conversation, self.office.journal
        inbox, handovers = agent_pb.InboxServiceStub(self.office.gateway), agent_pb.HandoverServiceStub(self.office.gateway)

        def post(nonce: str, text: str, id: str) -> Callable[[], Awaitable[object]]:
            said = agent_pb.ReplyRequest(name=conversation, text=text, request_id=id)
            return lambda: client.call(inbox.Reply, said, token=token, timeout=6)

        def note(nonce: str, text: str, id: str) -> Callable[[], Awaitable[object]]:
            said = agent_pb.AddNoteRequest(name=conversation, text=text, request_id=id)
            return lambda: client.call(inbox.AddNote, said, token=token, timeout=6)

        journal.write(msgspec.structs.replace(took, last_seq=await self._last(conversation, token)))
        if self.rng.random() < 0.3:
            await self.office.say(self.who, conversation, note, self.rng, "NOTE")
        await self.office.say(self.who, conversation, post, self.rng)
        chance = self.rng.random()
        if chance < 0.15:
            resolve = agent_pb.ResolveConversationRequest(name=conversation)
            call = partial(client.call, handovers.ResolveConversation, resolve, token=token, timeout=6)
            await self.office.ask(self.who, conversation, "resolve", call, self.rng)
        elif chance < 0.3 and self.colleagues:
            to = self.rng.choice(self.colleagues)
            agent = f"{conversation.partition('/conversations/')[0]}/agents/{to}"
            transfer = agent_pb.TransferConversationRequest(name=conversation, agent=agent)
            call = partial(client.call, handovers.TransferConversation, transfer, token=token, timeout=6)
            await self.office.ask(self.who, conversation, "transfer", call, self.rng, to)
        else:
            last, at = await self._last(conversation, token), time.time()
            back = agent_pb.ReturnToAssistantRequest(name=conversation)
            call = partial(client.call, handovers.ReturnToAssistant, back, token=token, timeout=6)
            outcome, _ = await attempt(call, PATIENT, self.rng)
            journal.write(Gave(at, time.time(), self.who, conversation, outcome, last))

    async def _last(self, conversation: str, token: str) -> int:
        """The last position of a conversation that this desk has now; -1 when unknown."""
        stub = core_pb.ConversationServiceStub(self.office.gateway)
        try:
            request = core_pb.GetConversationRequest(name=conversation)
            return int((await client.call(stub.GetConversation, request, token=token, timeout=6)).last_seq)
        except errors.FrontdeskError:
            return -1


def _desks(office: Office) -> list[Desk]:
    """So many with tokens of ours, and one person who signs in."""
    config, names = office.config, [f"desk-{number}" for number in range(office.config.desks)]
    desks = []
    for who in [*names, "clerk"]:
        rng = random.Random(f"{config.seed}/{who}")
        tokens = SignedIn(office.gateway, office.journal, rng, who) if who == "clerk" else SignedByUs(Path(config.keys), who)
        desks.append(Desk(office, who, tokens, rng, [name for name in names if name != who]))
    return desks


async def main(config: Config) -> None:
    """Works until SIGTERM, and then completes the open work."""
    journal = Journal(Path(config.journal))
    async with client.dial(config.gateway) as gateway, client.dial(config.core) as core:
        office = Office(config, journal, gateway, core)
        stop_at_sigterm(office.stopping)
        async with asyncio.TaskGroup() as group:
            for number in range(config.takers):
                group.create_task(office.take_over(number))
            for desk in _desks(office):
                group.create_task(desk.work())
    journal.close()


if __name__ == "__main__":
    asyncio.run(main(msgspec.json.decode(sys.argv[1].encode(), type=Config)))
