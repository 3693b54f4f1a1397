"""Needs of agent beside its stores: core, and heartbeats whose time is moved by hand."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kit.clock import Clock
from kit.ids import OrganizationId
from services.agent.domain.agent import PresenceState
from services.agent.domain.ids import AgentId, ConversationId
from services.agent.ports import AgentKey, ConversationTaken, Said, Taken, Written


class HandHeartbeats:
    """`ports.Heartbeats` that expire by a clock which is moved by hand, where Redis would take real seconds."""

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


@dataclass
class FakeCore:
    """`ports.Core`: gives a conversation to the agent who asks first, as core does."""

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
