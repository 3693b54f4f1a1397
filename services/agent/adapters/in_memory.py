"""The ports without any outside system: for unit tests, trusted because it passes the same contract tests as the real ones."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kit.clock import Clock
from kit.ids import OrganizationId
from kit.streams import ResumeTokenExpired, StreamEnded
from services.agent.domain.agent import Agent, AgentNotFound, PresenceState
from services.agent.domain.canned_reply import CannedReply, CannedReplyAlreadyExists, CannedReplyNotFound
from services.agent.domain.custody import Assignment, Change, Custody, Handover, HandoverState
from services.agent.domain.facts import Fact
from services.agent.domain.holds import Hold
from services.agent.domain.ids import AgentId, CannedReplyId, ConversationId, HandoverId, QueueId
from services.agent.domain.queue import Queue, QueueAlreadyExists, QueueNotFound
from services.agent.ports import AgentKey, ConversationTaken, Said, Taken, Told, Written


class InMemoryFeed:
    """A journal of one list per organization, and `ports.Feed` on it."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._told: dict[OrganizationId, list[Told]] = defaultdict(list)
        self._changed = asyncio.Condition()

    def facts(self, organization: OrganizationId) -> list[Fact]:
        """Everything told so far."""
        return [told.fact for told in self._told[organization]]

    async def tell(self, organization: OrganizationId, facts: Iterable[Fact]) -> None:
        """Appends facts and wakes watchers."""
        told = self._told[organization]
        for fact in facts:
            told.append(Told(len(told) + 1, self._now(), fact))
        async with self._changed:
            self._changed.notify_all()

    async def end(self, organization: OrganizationId) -> int:
        return len(self._told[organization])

    async def watch(self, organization: OrganizationId, after: int | None, seconds: float) -> AsyncGenerator[Told | int, None]:
        told, until = self._told[organization], time.monotonic() + seconds
        last = len(told) if after is None else after
        if last > len(told):
            raise ResumeTokenExpired(resume_token=str(last))
        while last < len(told):
            last += 1
            yield told[last - 1]
        yield last
        while True:
            while last < len(told):
                last += 1
                yield told[last - 1]
            try:
                async with asyncio.timeout(until - time.monotonic()), self._changed:
                    await self._changed.wait()
            except TimeoutError:
                raise StreamEnded(resume_token=str(last)) from None


class InMemoryAgents:
    """`ports.Agents` in a dict."""

    def __init__(self, feed: InMemoryFeed, custodies: "InMemoryCustodies") -> None:
        self._feed = feed
        self._custodies = custodies
        self._agents: dict[AgentKey, Agent] = {}

    async def get(self, organization: OrganizationId, id: AgentId) -> Agent | None:
        agent = self._agents.get((organization, id))
        if agent is None:
            return None
        return replace(agent, assignment_count=len(await self._custodies.held_by(organization, id)))

    async def page(self, organization: OrganizationId, after: tuple[str, str] | None, limit: int) -> list[Agent]:
        ids = sorted((agent.display_name, agent.id) for agent in self._agents.values() if agent.organization == organization)
        found = [await self.get(organization, id) for name, id in ids if after is None or (name, id) > after]
        return [agent for agent in found if agent is not None][:limit]

    async def add(self, agent: Agent, facts: Iterable[Fact]) -> Agent:
        key = agent.organization, agent.id
        if key not in self._agents:
            self._agents[key] = agent
            await self._feed.tell(agent.organization, facts)
        return self._agents[key]

    async def change(
        self, organization: OrganizationId, id: AgentId, change: Callable[[Agent], tuple[Agent, tuple[Fact, ...]]]
    ) -> Agent:
        agent = await self.get(organization, id)
        if agent is None:
            raise AgentNotFound(organization, id)
        changed, facts = change(agent)
        self._agents[organization, id] = changed
        await self._feed.tell(organization, facts)
        return changed

    async def shown_present(self) -> list[AgentKey]:
        return [key for key, agent in self._agents.items() if agent.presence.shown is not PresenceState.OFFLINE]


class InMemoryHeartbeats:
    """`ports.Heartbeats` by a clock."""

    def __init__(self, now: Clock, expires: timedelta) -> None:
        self._now = now
        self._expires = expires
        self._marks: dict[AgentKey, tuple[PresenceState, datetime]] = {}
        self._since: datetime | None = None

    async def beat(self, organization: OrganizationId, agent: AgentId) -> PresenceState | None:
        if not self._alive((organization, agent)):
            return None
        state, _ = self._marks[organization, agent]
        await self.mark(organization, agent, state)
        return state

    async def mark(self, organization: OrganizationId, agent: AgentId, state: PresenceState) -> None:
        self._marks[organization, agent] = state, self._now()

    async def drop(self, organization: OrganizationId, agent: AgentId) -> None:
        self._marks.pop((organization, agent), None)

    async def silent(self, agents: Iterable[AgentKey]) -> list[AgentKey]:
        if self._since is None:
            self._since = self._now()
        if self._now() - self._since < self._expires:
            return []
        return [key for key in agents if not self._alive(key)]

    def _alive(self, key: AgentKey) -> bool:
        return key in self._marks and self._now() - self._marks[key][1] < self._expires

    def flush(self) -> None:
        """Forgets everything, as Redis may."""
        self._marks.clear()
        self._since = None


class InMemoryCustodies:
    """`ports.Custodies` in dicts."""

    def __init__(self, feed: InMemoryFeed) -> None:
        self._feed = feed
        self._custodies: dict[tuple[OrganizationId, ConversationId], Custody] = {}
        self._handovers: dict[tuple[OrganizationId, HandoverId], Handover] = {}

    async def find(self, organization: OrganizationId, conversation: ConversationId) -> Custody:
        return self._custodies.get((organization, conversation), Custody(organization, conversation))

    async def change(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        change: Callable[[Custody], Change],
    ) -> Change:
        changed = change(await self.find(organization, conversation))
        self._custodies[organization, conversation] = changed.custody
        if (handover := changed.custody.handover) is not None:
            self._handovers[organization, handover.id] = handover
        await self._feed.tell(organization, changed.facts)
        return changed

    async def holds(self) -> set[Hold]:
        waiting = {Hold(h.organization, h.conversation) for h in self._handovers.values() if h.state is HandoverState.PENDING}
        current = [custody.current for custody in self._custodies.values()]
        return waiting | {Hold(a.organization, a.conversation, a.agent, a.epoch) for a in current if a is not None}

    async def handover(self, organization: OrganizationId, id: HandoverId) -> Handover | None:
        return self._handovers.get((organization, id))

    async def handovers(
        self,
        organization: OrganizationId,
        state: HandoverState | None,
        conversation: ConversationId | None,
        before: HandoverId | None,
        limit: int,
    ) -> list[Handover]:
        found = [
            handover
            for handover in self._handovers.values()
            if handover.organization == organization
            and state in (None, handover.state)
            and conversation in (None, handover.conversation)
            and (before is None or handover.id < before)
        ]
        return sorted(found, key=lambda handover: handover.id, reverse=True)[:limit]

    async def waiting(
        self, organization: OrganizationId, queue: QueueId | None, after: tuple[datetime, HandoverId] | None, limit: int
    ) -> list[Handover]:
        found = [
            handover
            for handover in self._handovers.values()
            if handover.organization == organization
            and handover.state is HandoverState.PENDING
            and queue in (None, handover.queue)
            and (after is None or (handover.created, handover.id) > after)
        ]
        return sorted(found, key=lambda handover: (handover.created, handover.id))[:limit]

    async def held_by(self, organization: OrganizationId, agent: AgentId) -> list[Assignment]:
        open_ones = [custody.current for custody in self._custodies.values() if custody.organization == organization]
        mine = [assignment for assignment in open_ones if assignment is not None and assignment.agent == agent]
        return sorted(mine, key=lambda a: (a.messaged or a.started, a.id), reverse=True)

    def inherit(self, organization: OrganizationId, queue: QueueId, heir: QueueId) -> None:
        """Moves what waits in one queue to another."""
        for key, custody in self._custodies.items():
            waiting = custody.pending
            if key[0] == organization and waiting is not None and waiting.queue == queue:
                moved = replace(waiting, queue=heir)
                self._custodies[key] = replace(custody, handover=moved)
                self._handovers[organization, moved.id] = moved


class InMemoryQueues:
    """`ports.Queues` in a dict."""

    def __init__(self, custodies: InMemoryCustodies) -> None:
        self._custodies = custodies
        self._queues: dict[tuple[OrganizationId, QueueId], Queue] = {}
        self._requests: dict[tuple[OrganizationId, str], QueueId] = {}

    async def all(self, organization: OrganizationId) -> list[Queue]:
        ids = [id for owner, id in self._queues if owner == organization]
        return [queue for id in ids if (queue := await self.get(organization, id)) is not None]

    async def get(self, organization: OrganizationId, id: QueueId) -> Queue | None:
        queue = self._queues.get((organization, id))
        if queue is None:
            return None
        return replace(queue, entry_count=len(await self._custodies.waiting(organization, id, None, 1_000_000)))

    async def add(self, queue: Queue, request_id: str = "") -> Queue:
        earlier = self._requests.get((queue.organization, request_id)) if request_id else None
        known = await self.get(queue.organization, earlier) if earlier else None
        if known is not None:
            return known
        if (queue.organization, queue.id) in self._queues:
            raise QueueAlreadyExists(queue.organization, queue.id)
        self._queues[queue.organization, queue.id] = queue
        if request_id:
            self._requests[queue.organization, request_id] = queue.id
        return queue

    async def change(self, organization: OrganizationId, id: QueueId, change: Callable[[Queue], Queue]) -> Queue:
        queue = await self.get(organization, id)
        if queue is None:
            raise QueueNotFound(organization, id)
        self._queues[organization, id] = change(queue)
        return self._queues[organization, id]

    async def remove(self, organization: OrganizationId, id: QueueId, heir: QueueId) -> None:
        if self._queues.pop((organization, id), None) is None:
            raise QueueNotFound(organization, id)
        self._custodies.inherit(organization, id, heir)


class InMemoryCannedReplies:
    """`ports.CannedReplies` in a dict."""

    def __init__(self) -> None:
        self._replies: dict[tuple[OrganizationId, CannedReplyId], CannedReply] = {}
        self._requests: dict[tuple[OrganizationId, str], CannedReplyId] = {}

    async def get(self, organization: OrganizationId, id: CannedReplyId) -> CannedReply | None:
        return self._replies.get((organization, id))

    async def page(self, organization: OrganizationId, after: str | None, limit: int) -> list[CannedReply]:
        mine = [reply for (owner, _), reply in self._replies.items() if owner == organization]
        found = [reply for reply in mine if reply.shortcut > (after or "")]
        return sorted(found, key=lambda reply: reply.shortcut)[:limit]

    async def add(self, reply: CannedReply, request_id: str = "") -> CannedReply:
        earlier = self._requests.get((reply.organization, request_id)) if request_id else None
        if earlier is not None:
            return self._replies[reply.organization, earlier]
        self._store(reply)
        if request_id:
            self._requests[reply.organization, request_id] = reply.id
        return reply

    async def change(
        self, organization: OrganizationId, id: CannedReplyId, change: Callable[[CannedReply], CannedReply]
    ) -> CannedReply:
        reply = self._replies.get((organization, id))
        if reply is None:
            raise CannedReplyNotFound(organization, id)
        changed = change(reply)
        self._store(changed)
        return changed

    async def remove(self, organization: OrganizationId, id: CannedReplyId) -> None:
        if self._replies.pop((organization, id), None) is None:
            raise CannedReplyNotFound(organization, id)

    def _store(self, reply: CannedReply) -> None:
        for (owner, id), other in self._replies.items():
            if owner == reply.organization and id != reply.id and other.shortcut == reply.shortcut:
                raise CannedReplyAlreadyExists(reply.shortcut)
        self._replies[reply.organization, reply.id] = reply


@dataclass
class InMemoryCore:
    """`ports.Core`: gives conversations to whoever asks first, as core does."""

    now: Clock
    owners: dict[tuple[OrganizationId, ConversationId], tuple[AgentId, str]] = field(default_factory=dict)
    epochs: dict[tuple[OrganizationId, ConversationId], int] = field(default_factory=lambda: defaultdict(int))
    written: dict[str, tuple[AgentId, str, Written]] = field(default_factory=dict)
    requested: list[tuple[ConversationId, str]] = field(default_factory=list)

    async def request_handover(self, organization: OrganizationId, conversation: ConversationId, reason: str) -> None:
        self.requested.append((conversation, reason))

    async def take(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        agent: AgentId,
        display_name: str,
        from_agent: AgentId | None = None,
    ) -> Taken:
        key = organization, conversation
        owner = self.owners.get(key)
        if owner is not None and owner[0] not in (agent, from_agent):
            raise ConversationTaken(*owner)
        if owner is None or owner[0] != agent:
            self.epochs[key] += 1
        self.owners[key] = agent, display_name
        return Taken(self.epochs[key])

    async def give_back(self, organization: OrganizationId, conversation: ConversationId, agent: AgentId) -> Taken:
        return self._release(organization, conversation)

    async def close(self, organization: OrganizationId, conversation: ConversationId) -> Taken:
        return self._release(organization, conversation)

    def _release(self, organization: OrganizationId, conversation: ConversationId) -> Taken:
        if self.owners.pop((organization, conversation), None):
            self.epochs[organization, conversation] += 1
        return Taken(self.epochs[organization, conversation])

    async def post(
        self, organization: OrganizationId, conversation: ConversationId, agent: AgentId, said: Said, request_id: str
    ) -> Written:
        return self._write(organization, conversation, agent, said, request_id)

    async def note(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        agent: AgentId,
        display_name: str,
        said: Said,
        request_id: str,
    ) -> Written:
        return self._write(organization, conversation, agent, said, request_id)

    def _write(
        self, organization: OrganizationId, conversation: ConversationId, agent: AgentId, said: Said, request_id: str
    ) -> Written:
        name = f"organizations/{organization}/conversations/{conversation}/messages/m{len(self.written) + 1}"
        new = agent, said.text, Written(name, self.now())
        return self.written.setdefault(request_id, new)[2]
