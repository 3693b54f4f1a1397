"""Every port in memory, for tests of the use cases. The contract tests hold these and the real ones to the same behaviour."""

import itertools
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from kit import clock, ids
from kit.errors import FrontdeskError, RequestIdReused
from kit.ids import OrganizationId
from kit.vault import CredentialsKeyMissing
from services.channel.domain.channels import Channel, ChannelId, Kind
from services.channel.domain.deliveries import Outgoing
from services.channel.domain.facts import CustomerBlocked, Fact
from services.channel.domain.inbound import Accepted, Arrival, Inbound, InboundId, InboundState, Stored, digest
from services.channel.domain.sessions import ConversationId, CustomerId, Session
from services.channel.ports import ConversationRef, Frame

Tell = Callable[[OrganizationId, Fact], None]


@dataclass
class Facts:
    """The appended facts, in order: stands for the journal."""

    told: list[tuple[OrganizationId, Fact]] = field(default_factory=list)

    def tell(self, organization: OrganizationId, fact: Fact) -> None:
        self.told.append((organization, fact))


class MemoryChannels:
    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._channels: dict[tuple[OrganizationId, ChannelId], Channel] = {}
        self._requests: dict[tuple[OrganizationId, str], ChannelId] = {}
        self.sealed: set[ChannelId] = set()
        """Channels whose credentials cannot be opened."""

    async def get(self, organization: OrganizationId, id: ChannelId) -> Channel | None:
        if id in self.sealed:
            raise CredentialsKeyMissing(Path("channel.secrets"))
        return self._channels.get((organization, id))

    async def list(self, organization: OrganizationId, kind: Kind | None, after: str, limit: int) -> Sequence[Channel]:
        fit = [c for (owner, _), c in self._channels.items() if owner == organization and kind in (None, c.kind)]
        return sorted((c for c in fit if c.id > after), key=lambda c: c.id)[:limit]

    async def add(self, channel: Channel, request_id: str, fact: Fact) -> Channel | None:
        key = (channel.organization, channel.id)
        first = self._requests.get((channel.organization, request_id)) if request_id else None
        if first is not None:
            return self._channels.get((channel.organization, first))
        if key in self._channels:
            return None
        self._channels[key] = channel
        if request_id:
            self._requests[channel.organization, request_id] = channel.id
        self._tell(channel.organization, fact)
        return channel

    async def replace(self, channel: Channel, fact: Fact) -> bool:
        current = self._channels.get((channel.organization, channel.id))
        if current is None or current.version != channel.version - 1:
            return False
        self._channels[channel.organization, channel.id] = channel
        self._tell(channel.organization, fact)
        return True

    def everywhere(self) -> Sequence[Channel]:
        """The channels of all organizations."""
        return list(self._channels.values())

    async def remove(self, organization: OrganizationId, id: ChannelId, fact: Fact) -> None:
        if self._channels.pop((organization, id), None) is None:
            return
        self._tell(organization, fact)


class MemoryBlocks:
    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._blocked: set[tuple[OrganizationId, CustomerId]] = set()

    async def put(self, organization: OrganizationId, customer: CustomerId, blocked: bool) -> None:
        key = (organization, customer)
        if blocked and key not in self._blocked:
            self._tell(organization, CustomerBlocked(customer))
        (self._blocked.add if blocked else self._blocked.discard)(key)

    async def has(self, organization: OrganizationId, customer: CustomerId) -> bool:
        return (organization, customer) in self._blocked


class MemoryInbounds:
    def __init__(self, tell: Tell, now: clock.Clock = clock.utc_now) -> None:
        self._tell = tell
        self._now = now
        self._rows: dict[InboundId, Inbound] = {}
        self._digests: dict[InboundId, bytes] = {}
        self._accepted: dict[InboundId, Accepted] = {}
        self._numbers = itertools.count(1)

    async def add(self, arrival: Arrival) -> Stored:
        for row in self._rows.values():
            if _key(row.arrival) == _key(arrival):
                if arrival.sender is None and self._digests[row.id] != digest(arrival):
                    raise RequestIdReused(arrival.request_id)
                waiting = tuple(other for other in self._waiting(arrival) if other < row.id)
                return Stored(row.id, row.created, waiting, self._accepted.get(row.id), row.arrival.responder)
        id, now = InboundId(next(self._numbers)), self._now()
        stored = Stored(id, now, self._waiting(arrival), responder=arrival.responder)
        self._rows[id] = Inbound(id, arrival, now, now + timedelta(seconds=10))
        self._digests[id] = digest(arrival)
        return stored

    async def has(self, arrival: Arrival) -> bool:
        return any(_key(row.arrival) == _key(arrival) for row in self._rows.values())

    async def get(self, organization: OrganizationId, id: InboundId) -> Inbound | None:
        row = self._rows.get(id)
        return row if row and row.arrival.organization == organization else None

    async def list(
        self, organization: OrganizationId, state: InboundState | None, before: InboundId | None, limit: int
    ) -> Sequence[Inbound]:
        fit = [
            row
            for row in self._rows.values()
            if row.arrival.organization == organization and state in (None, row.state) and (before is None or row.id < before)
        ]
        return sorted(fit, key=lambda row: -row.id)[:limit]

    async def waiting(self, conversation: ConversationId, organization: OrganizationId) -> Sequence[Inbound]:
        fit = [
            row
            for row in self._pending()
            if row.arrival.conversation == conversation and row.arrival.organization == organization
        ]
        return fit[:100]

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Inbound]:
        heads: dict[tuple[str, str], Inbound] = {}
        for row in self._pending():
            heads.setdefault((row.arrival.organization, row.arrival.conversation), row)
        due = [row for row in heads.values() if row.next_attempt <= now]
        claimed = sorted(due, key=lambda row: row.next_attempt)[:limit]
        for row in claimed:
            self._rows[row.id] = replace(row, next_attempt=now + lease)
        return sorted((self._rows[row.id] for row in claimed), key=lambda row: row.id)

    async def forwarded(self, marks: Sequence[tuple[InboundId, Accepted]]) -> None:
        for id, accepted in marks:
            row = self._rows.get(id)
            if row and row.state is not InboundState.FORWARDED:
                self._accepted[id] = accepted
                self._rows[id] = replace(
                    row,
                    state=InboundState.FORWARDED,
                    arrival=replace(row.arrival, text="", content=b""),
                    problem="",
                    message=accepted.message,
                    seq=accepted.seq,
                )

    async def refused(self, id: InboundId, problem: str) -> None:
        if self._rows[id].state is not InboundState.FORWARDED:
            self._rows[id] = replace(self._rows[id], state=InboundState.REFUSED, problem=problem)

    async def postponed(self, id: InboundId, next_attempt: datetime, attempts: int, problem: str) -> None:
        row = self._rows[id]
        if row.state is InboundState.PENDING:
            most = max(attempts, row.attempts)
            self._rows[id] = replace(row, next_attempt=next_attempt, attempts=most, problem=problem)

    async def release(self, ids: Sequence[InboundId], next_attempt: datetime) -> None:
        for id in ids:
            if self._rows[id].state is InboundState.PENDING:
                self._rows[id] = replace(self._rows[id], next_attempt=next_attempt)

    async def died(self, inbound: Inbound, problem: str, fact: Fact) -> None:
        row = self._rows[inbound.id]
        if row.state is InboundState.PENDING:
            self._rows[row.id] = replace(row, state=InboundState.DEAD, attempts=row.attempts + 1, problem=problem)
            self._tell(row.arrival.organization, fact)

    async def revive(self, organization: OrganizationId, id: InboundId, now: datetime) -> Inbound | None:
        row = await self.get(organization, id)
        if row is None or row.state is not InboundState.DEAD:
            return None
        self._rows[id] = replace(row, state=InboundState.PENDING, attempts=0, next_attempt=now)
        return self._rows[id]

    async def organizations(self) -> Sequence[OrganizationId]:
        return sorted({row.arrival.organization for row in self._rows.values()})

    async def brought(self, organization: OrganizationId) -> set[str]:
        rows = [row for row in self._rows.values() if row.arrival.organization == organization]
        return {row.message for row in rows if row.state is InboundState.FORWARDED}

    async def sweep(self, before: datetime) -> int:
        done = (InboundState.FORWARDED, InboundState.REFUSED)
        old = [row.id for row in self._rows.values() if row.created < before and row.state in done]
        for id in old:
            del self._rows[id]
        return len(old)

    def _pending(self) -> Sequence[Inbound]:
        return [row for _, row in sorted(self._rows.items()) if row.state is InboundState.PENDING]

    def _waiting(self, arrival: Arrival) -> tuple[InboundId, ...]:
        return tuple(
            row.id
            for row in self._pending()
            if row.arrival.organization == arrival.organization and row.arrival.conversation == arrival.conversation
        )


def _key(arrival: Arrival) -> tuple[str, str, str]:
    return arrival.organization, arrival.channel, arrival.source_id


class MemoryConversations:
    """Core as channel sees it: takes each message once, and fails as set."""

    def __init__(self, now: clock.Clock = clock.utc_now) -> None:
        self._now = now
        self.opened: dict[tuple[str, str, str], ConversationRef] = {}
        self._accepted: dict[tuple[str, str, str], Accepted] = {}
        self.received: list[Arrival] = []
        """The messages of the conversations, in order, each once."""
        self.calls = 0
        self.failure: FrontdeskError | None = None
        self.failures: dict[str, FrontdeskError] = {}
        """Failures of single messages, by their text."""
        self.typing: list[bool] = []
        self.moved: dict[CustomerId, CustomerId] = {}
        """Whose the identities of merged customers are now."""
        self.taken: set[str] = set()
        """Conversations that a human has taken."""
        self.handovers: list[str] = []
        self.frames: list[object] = []

    async def open(self, session: Session, *, language: str = "", thread_key: str = "") -> ConversationRef:
        self._fail()
        owner = CustomerId(session.subject or session.id)
        fresh = ConversationRef(ConversationId(ids.new()), self.moved.get(owner, owner), session.channel)
        return self.opened.setdefault((session.channel, owner, thread_key), fresh)

    async def find(self, organization: OrganizationId, conversation: ConversationId) -> ConversationRef | None:
        self._fail()
        return next((ref for ref in self.opened.values() if ref.conversation == conversation), None)

    async def receive(self, arrival: Arrival) -> Accepted:
        self.calls += 1
        self._fail()
        if arrival.text in self.failures:
            raise self.failures[arrival.text]
        key = _key(arrival)
        if key not in self._accepted:
            self.received.append(arrival)
            seq = sum(other.conversation == arrival.conversation for other in self.received)
            self._accepted[key] = Accepted(ids.new(), seq, self._now(), 1, arrival.conversation)
        return self._accepted[key]

    async def request_human(self, organization: OrganizationId, conversation: ConversationId, reason: str) -> str:
        self._fail()
        self.handovers.append(conversation)
        return "WAITING"

    async def may_leave(self, outgoing: Outgoing) -> bool:
        self._fail()
        return outgoing.conversation not in self.taken

    async def set_typing(self, organization: OrganizationId, conversation: ConversationId, typing: bool) -> None:
        self._fail()
        self.typing.append(typing)

    async def watch(
        self, organization: OrganizationId, conversation: ConversationId, resume_token: str, token: str
    ) -> AsyncGenerator[Frame, None]:
        self._fail()
        for frame in self.frames:
            yield Frame(frame)

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure
