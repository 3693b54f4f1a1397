"""The ports of agent: stores, core, the feed of its own journal, and time."""

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kit.ids import OrganizationId
from services.agent.domain.agent import Agent, PresenceState
from services.agent.domain.availability import Wait, Waiting
from services.agent.domain.canned_reply import CannedReply
from services.agent.domain.custody import Assignment, Change, Custody, Handover, HandoverState
from services.agent.domain.facts import Fact
from services.agent.domain.holds import Hold
from services.agent.domain.ids import AgentId, CannedReplyId, ConversationId, HandoverId, QueueId
from services.agent.domain.queue import Queue

AgentKey = tuple[OrganizationId, AgentId]


class Agents(Protocol):
    """The agents' records. A change and its facts are stored together."""

    async def get(self, organization: OrganizationId, id: AgentId) -> Agent | None: ...

    async def page(self, organization: OrganizationId, after: tuple[str, str] | None, limit: int) -> list[Agent]:
        """Agents by (display name, id) after a place."""
        ...

    async def add(self, agent: Agent, facts: Iterable[Fact]) -> Agent:
        """Stores a new agent; one that exists already stays as it is. Returns what is stored."""
        ...

    async def change(
        self, organization: OrganizationId, id: AgentId, change: Callable[[Agent], tuple[Agent, tuple[Fact, ...]]]
    ) -> Agent:
        """Applies a change to the locked record. Raises AgentNotFound."""
        ...

    async def shown_present(self) -> list[AgentKey]:
        """Everybody, of all organizations, whom others see ONLINE or AWAY."""
        ...


class Heartbeats(Protocol):
    """The agents with a recent heartbeat. It may forget everything at any moment, and be unavailable."""

    async def beat(self, organization: OrganizationId, agent: AgentId) -> PresenceState | None:
        """Notes a heartbeat; what was marked, or None if the agent was silent (or nothing is known)."""
        ...

    async def mark(self, organization: OrganizationId, agent: AgentId, state: PresenceState) -> None:
        """Notes a heartbeat and what the agent chose."""
        ...

    async def drop(self, organization: OrganizationId, agent: AgentId) -> None:
        """Forgets an agent."""
        ...

    async def silent(self, agents: Iterable[AgentKey]) -> list[AgentKey]:
        """Which of them have not been heard from within the time-out; none while it can't know."""
        ...


class CoreJournal(Protocol):
    """Core's journal, as it can be counted."""

    async def holds(self, full: bool) -> set[Hold]:
        """The conversations that wait or have an agent by now, in all organizations. Raises Unavailable.

        `full`: counted from the first fact that is kept, instead of from where the last call ended.
        """
        ...


@dataclass(frozen=True, slots=True)
class Requested:
    """Why a conversation needs an agent, and who asks: as core says now, and empty where it is not so any more."""

    reason: str
    customer_display_name: str
    text: str
    """The beginning of what the customer said last."""
    customer: str
    """Resource name; empty for an erased conversation."""


class References(Protocol):
    """The things that core's facts refer to, by resource name. Raises Unavailable."""

    async def texts(self, messages: Sequence[str]) -> dict[str, str]:
        """The texts of messages; empty for erased ones."""
        ...

    async def requested(self, conversations: Sequence[str]) -> dict[str, Requested]:
        """Why conversations need an agent."""
        ...


class Custodies(Protocol):
    """The conversations that wait or have an agent: handovers and assignments. A change and its facts are stored together."""

    async def find(self, organization: OrganizationId, conversation: ConversationId) -> Custody: ...

    async def change(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        change: Callable[[Custody], Change],
    ) -> Change:
        """Applies a change to the locked custody."""
        ...

    async def holds(self) -> set[Hold]:
        """The conversations that wait or have an agent, in all organizations."""
        ...

    async def handover(self, organization: OrganizationId, id: HandoverId) -> Handover | None: ...

    async def handovers(
        self,
        organization: OrganizationId,
        state: HandoverState | None,
        conversation: ConversationId | None,
        before: HandoverId | None,
        limit: int,
    ) -> list[Handover]:
        """Handovers by id, the newest first, before one."""
        ...

    async def waiting(
        self, organization: OrganizationId, queue: QueueId | None, after: tuple[datetime, HandoverId] | None, limit: int
    ) -> list[Handover]:
        """Pending handovers by (created, id) after a place; of one queue or of all."""
        ...

    async def held_by(self, organization: OrganizationId, agent: AgentId) -> list[Assignment]:
        """An agent's open assignments, the newest message first."""
        ...


class Erasures(Protocol):
    """Erases what is kept here of a customer. Doing it again changes nothing."""

    async def erase_conversation(self, organization: OrganizationId, conversation: ConversationId) -> None:
        """Erases whose conversation it was, and what was said in it."""

    async def erase_customer(self, organization: OrganizationId, customer: str) -> None:
        """Adds a job that confirms a customer's erasure to core. Their conversations were erased before."""


class Lines(Protocol):
    """The part of an organization's agents and queues that customers may know."""

    async def agents_online(self, organization: OrganizationId) -> int:
        """How many agents others see ONLINE."""
        ...

    async def waiting(self, organization: OrganizationId) -> list[Waiting]:
        """The first conversations in line, in their order; at most `MAX_WAITING`."""
        ...

    async def waits(self, organization: OrganizationId, since: datetime) -> list[Wait]:
        """The newest waits that began since then and ended with an agent, at most `MAX_WAITS` of each queue."""
        ...


class Queues(Protocol):
    """The organizations' queues."""

    async def all(self, organization: OrganizationId) -> list[Queue]: ...

    async def get(self, organization: OrganizationId, id: QueueId) -> Queue | None: ...

    async def add(self, queue: Queue, request_id: str = "") -> Queue:
        """Stores a queue. With a request id that was used before, returns that one. Raises QueueAlreadyExists."""
        ...

    async def change(self, organization: OrganizationId, id: QueueId, change: Callable[[Queue], Queue]) -> Queue:
        """Applies a change to the locked queue. Raises QueueNotFound."""
        ...

    async def remove(self, organization: OrganizationId, id: QueueId, heir: QueueId) -> None:
        """Deletes a queue; what waits in it waits in `heir`. Raises QueueNotFound."""
        ...


class CannedReplies(Protocol):
    """The organizations' canned replies."""

    async def get(self, organization: OrganizationId, id: CannedReplyId) -> CannedReply | None: ...

    async def page(self, organization: OrganizationId, after: str | None, limit: int) -> list[CannedReply]:
        """Canned replies by shortcut after one."""
        ...

    async def add(self, reply: CannedReply, request_id: str = "") -> CannedReply:
        """Stores one. With a request id that was used before, returns that one. Raises CannedReplyAlreadyExists."""
        ...

    async def change(
        self, organization: OrganizationId, id: CannedReplyId, change: Callable[[CannedReply], CannedReply]
    ) -> CannedReply:
        """Applies a change. Raises CannedReplyNotFound or CannedReplyAlreadyExists."""
        ...

    async def remove(self, organization: OrganizationId, id: CannedReplyId) -> None:
        """Deletes one. Raises CannedReplyNotFound."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """Core's answer after a change of owner."""

    epoch: int
    channel: str = ""
    on_the_wire: tuple[str, ...] = ()
    """Names of the assistant's messages that may still arrive."""


class ConversationTaken(Exception):
    """Core gave the conversation to another agent first."""

    def __init__(self, agent: AgentId, display_name: str) -> None:
        super().__init__(agent, display_name)
        self.agent = agent
        self.display_name = display_name


@dataclass(frozen=True, slots=True)
class Written:
    """A message that core has stored."""

    message: str
    """Resource name."""
    created: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """An agent's message: a text, or parts as core's contract encodes them, which no one reads here."""

    text: str = ""
    content: bytes = b""


class Core(Protocol):
    """The service that owns conversations, asked on behalf of an agent. Errors of core pass as they are."""

    async def request_handover(self, organization: OrganizationId, conversation: ConversationId, reason: str) -> None: ...

    async def take(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        agent: AgentId,
        display_name: str,
        from_agent: AgentId | None = None,
    ) -> Taken:
        """Gives a conversation to an agent. Raises ConversationTaken when another one has it."""
        ...

    async def give_back(self, organization: OrganizationId, conversation: ConversationId, agent: AgentId) -> Taken: ...

    async def close(self, organization: OrganizationId, conversation: ConversationId) -> Taken: ...

    async def post(
        self, organization: OrganizationId, conversation: ConversationId, agent: AgentId, said: Said, request_id: str
    ) -> Written: ...

    async def note(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        agent: AgentId,
        display_name: str,
        said: Said,
        request_id: str,
    ) -> Written: ...


@dataclass(slots=True)
class Told:
    """A fact as the journal has it."""

    position: int
    created: datetime
    fact: Fact
    about: Handover | Custody | Agent | None = None
    """The subject of the fact, as it is now: a handover, an agent, or who has the conversation; None when that is gone."""
    encoded: bytes = field(default=b"", compare=False, repr=False)
    """As it travels; made once, however many screens show it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The facts that a watcher gets at once: all since the last batch, up to a position. Without a fact: a heartbeat."""

    position: int
    told: Sequence[Told] = ()


class Feed(Protocol):
    """The facts of one organization, in order and without gaps."""

    async def end(self, organization: OrganizationId) -> int:
        """The position of the newest fact."""
        ...

    def watch(self, organization: OrganizationId, after: int | None, seconds: float) -> AsyncGenerator[Batch, None]:
        """Facts after a position (None: from now on), at most five batches a second. Ends after `seconds`.

        The first heartbeat follows what was missed, at once.

        Raises WatcherTooSlow, ResumeTokenExpired and StreamEnded.
        """
        ...
