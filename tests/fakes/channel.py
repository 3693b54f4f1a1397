"""Core as channel sees it, without a network. Channel's stores are always the real ones."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from kit import clock, ids
from kit.errors import FrontdeskError, NotFound
from kit.ids import OrganizationId
from services.channel.domain.deliveries import Outgoing
from services.channel.domain.inbound import Accepted, Arrival
from services.channel.domain.sessions import ConversationId, CustomerId, Session
from services.channel.ports import ConversationRef, Frame


class ScriptedCore:
    """Implements Conversations: accepts each message once, and fails as set."""

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

    async def open(
        self, session: Session, *, language: str = "", thread_key: str = "", email: str = "", existing: bool = False
    ) -> ConversationRef:
        self._fail()
        owner = CustomerId(session.subject or session.id)
        if existing and (session.channel, owner, thread_key) not in self.opened:
            raise NotFound("There is no conversation yet.")
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
        key = (arrival.organization, arrival.channel, arrival.source_id)
        if key not in self._accepted:
            self.received.append(arrival)
            seq = sum(other.conversation == arrival.conversation for other in self.received)
            self._accepted[key] = Accepted(ids.new(), seq, self._now(), 1, arrival.conversation)
        return self._accepted[key]

    async def leave_line(self, organization: OrganizationId, conversation: ConversationId) -> str:
        self._fail()
        return "AUTOMATED"

    async def rate(self, organization: OrganizationId, conversation: ConversationId, score: int, comment: str) -> None:
        self._fail()

    async def mark_read(self, organization: OrganizationId, conversation: ConversationId, seq: int) -> None:
        self._fail()

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
