"""Live streams: what screens see of a conversation as it happens.

Stored events reach a watcher in the order of `seq`, exactly once: a commit in this process is shown at once, and any other
fact of the journal (another process's commits) makes the watcher read what it lacks from the store. The text of a running
reply is not queued: a watcher shows what has grown since it last looked, so many watchers and slow ones cost little.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.clock import Clock, utc_now
from kit.ids import OrganizationId
from kit.streams import Backlog, ResumeTokenExpired, StreamEnded
from services.core.app.rights import Rights, Text
from services.core.domain import Change, Citation, Conversation, ConversationId, CustomerId, Message, Role, TurnId, TurnState
from services.core.ports.conversations import Conversations
from services.core.ports.live import Relay

MAX_QUEUED = 256
MAX_MISSED = 1000
HEARTBEAT_SECONDS = 20.0
TYPING = timedelta(seconds=6)
BEAT_SECONDS = 0.05
FREE_REPLIES = 4


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a reply that is being written."""

    turn: TurnId
    attempt: int
    epoch: int
    offset: int
    text: str
    citations: tuple[Citation, ...] = ()
    """Those that became known since the last piece."""


@dataclass(frozen=True, slots=True)
class TurnMoved:
    """The assistant began or ended its obligation to answer."""

    turn: TurnId
    state: TurnState
    attempt: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Typing:
    """Someone types, until a moment."""

    role: Role
    until: datetime


@dataclass(frozen=True, slots=True)
class ReadOn:
    """Someone has read up to a message."""

    role: Role
    seq: int


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing has happened."""


Shown = Message | Conversation | Delta | TurnMoved | Typing | ReadOn | Heartbeat


@dataclass(frozen=True, slots=True)
class _Reached:
    """A revision that changed nothing a screen shows, beside its messages."""

    revision: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One thing to show, and where to continue after it."""

    token: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Token:
    """Where a stream is: the newest message and the newest revision that it has shown."""

    seq: int
    revision: int

    def __str__(self) -> str:
        return f"{self.seq}-{self.revision}"

    @classmethod
    def parse(cls, token: str, conversation: Conversation) -> "Token":
        """Reads a token; an empty one means now. Raises ResumeTokenExpired for one that isn't of this conversation."""
        if not token:
            return cls(conversation.last_seq, conversation.revision)
        seq, _, revision = token.partition("-")
        if not (seq.isascii() and seq.isdigit() and revision.isascii() and revision.isdigit()):
            raise ResumeTokenExpired(conversation=conversation.id)
        parsed = cls(int(seq), int(revision))
        missed = conversation.last_seq - parsed.seq
        if missed < 0 or missed > MAX_MISSED or parsed.revision > conversation.revision:
            raise ResumeTokenExpired(conversation=conversation.id)
        return parsed


class Watcher:
    """One screen's view of one conversation."""

    __slots__ = ("_backlog", "_behind", "_customer", "_hub", "_shown", "notes", "token")

    def __init__(self, hub: "ConversationHub", token: Token, notes: bool, customer: CustomerId) -> None:
        self._hub = hub
        self._customer = customer
        self._backlog = Backlog[Shown | _Reached](MAX_QUEUED)
        self._behind = False
        self._shown: tuple[TurnId | None, int, int, int] = (None, 0, 0, 0)
        self.token = token
        self.notes = notes

    def put(self, item: Shown | _Reached) -> None:
        """Adds something to show; a backlog that is full ends the stream."""
        self._backlog.put(item)

    def news(self, seq: int, revision: int) -> None:
        """Notes that the conversation has come to `seq` and `revision`: the watcher reads what it lacks."""
        if seq > self.token.seq or revision > self.token.revision:
            self._behind = True
            self._backlog.wake()

    def grown(self) -> None:
        """Notes that the running reply has grown."""
        self._backlog.wake()

    def end(self) -> None:
        """Ends the stream with its token."""
        self._backlog.end()

    async def frames(self) -> AsyncIterator[Frame]:
        """The events, as they happen. Ends by raising StreamEnded or WatcherTooSlow."""
        if not self._backlog and not self._behind:
            yield Frame(str(self.token), Heartbeat())  # so that a browser knows at once that the stream is open
        while True:
            self._backlog.check(str(self.token))
            if self._behind:
                self._behind = False
                async for shown in self._missed():
                    yield Frame(str(self.token), shown)
            for item in self._backlog.take():
                if self._take(item) and not isinstance(item, _Reached):
                    yield Frame(str(self.token), item)
            if (delta := self._delta()) is not None:
                yield Frame(str(self.token), delta)
            if not await self._backlog.wait(HEARTBEAT_SECONDS):
                yield Frame(str(self.token), Heartbeat())

    async def _missed(self) -> AsyncIterator[Shown]:
        """Reads from the store what this watcher has not shown yet."""
        conversation, messages = await self._hub.read_after(self.token.seq)
        self._check(conversation)
        for message in messages:
            if self._take(message):
                yield message
        if conversation.revision > self.token.revision:
            self.token = Token(max(self.token.seq, conversation.last_seq), conversation.revision)
            yield conversation

    def _check(self, conversation: Conversation) -> None:
        """Raises StreamEnded for one that has another customer or is erased: who resumes is checked again."""
        if conversation.customer != self._customer or conversation.erased is not None:
            raise StreamEnded(resume_token=str(self.token))

    def _take(self, item: Shown | _Reached) -> bool:
        """Whether to show something; moves the token."""
        match item:
            case Message(seq=seq, note=note):
                if seq <= self.token.seq:
                    return False
                if seq > self.token.seq + 1:  # something between was committed elsewhere: read it all in order
                    self._behind = True
                    self._backlog.wake()
                    return False
                self.token = Token(seq, self.token.revision)
                return self.notes or not note
            case Conversation(revision=revision):
                self._check(item)
                if revision <= self.token.revision:
                    return False
                self.token = Token(self.token.seq, revision)
            case _Reached(revision=revision):
                if revision == self.token.revision + 1:
                    self.token = Token(self.token.seq, revision)
                else:
                    self.news(self.token.seq, revision)
        return True

    def _delta(self) -> Delta | None:
        """The new text of the running reply."""
        text = self._hub.text
        if text is None:
            return None
        turn, attempt, offset, cited = self._shown
        if (turn, attempt) != (text.turn, text.attempt):
            offset = cited = 0
        if len(text.text) <= offset or not text.may_be_shown():
            return None
        self._shown = (text.turn, text.attempt, len(text.text), len(text.citations))
        return Delta(text.turn, text.attempt, text.epoch, offset, text.text[offset:], text.citations[cited:])


class ConversationHub:
    """A conversation that is watched, or that the assistant writes in, in this process."""

    def __init__(
        self, live_conversations: "LiveConversations", organization: OrganizationId, conversation: ConversationId
    ) -> None:
        self._live_conversations = live_conversations
        self.organization = organization
        self.conversation = conversation
        self.watchers: set[Watcher] = set()
        self.text: Text | None = None

    async def read_after(self, seq: int) -> tuple[Conversation, list[Message]]:
        """The conversation now, and its messages after `seq`, of which none is missing."""
        store, text = self._live_conversations.store, self.text
        conversation = await store.load(self.organization, self.conversation)
        if text is not None and (conversation.turn is None or conversation.turn.id != text.turn):
            self._live_conversations.rights.end(text.turn, text.attempt)
        messages: list[Message] = []
        if conversation.last_seq > seq:
            messages = await store.messages(self.organization, self.conversation, after=seq, limit=10 * MAX_MISSED)
        return conversation, [message for message in messages if message.seq <= conversation.last_seq]


class LiveConversations:
    """All conversations that someone watches in this process."""

    def __init__(self, store: Conversations, relay: Relay, rights: Rights, now: Clock = utc_now) -> None:
        self.store = store
        self.rights = rights
        rights.listeners.append(self._changed)
        self._now = now
        self._relay = relay
        self._live_conversations: dict[ConversationId, ConversationHub] = {}
        self.running = 0
        """How many replies are being written here."""

    @contextlib.contextmanager
    def watch(
        self, organization: OrganizationId, conversation: Conversation, resume_token: str, notes: bool
    ) -> Iterator[Watcher]:
        """A watcher of a conversation, as just loaded, from a resume token on."""
        token = Token.parse(resume_token, conversation)
        hub = self._hub(organization, conversation.id)
        watcher = Watcher(hub, token, notes, conversation.customer)
        watcher.news(conversation.last_seq, conversation.revision)
        if (turn := conversation.turn) is not None:
            watcher.put(TurnMoved(turn.id, turn.state, turn.attempt, turn.epoch))
        if not hub.watchers:
            self._relay.follow(conversation.id)
        hub.watchers.add(watcher)
        try:
            yield watcher
        finally:
            hub.watchers.discard(watcher)
            if not hub.watchers:
                self._relay.leave(conversation.id)
                self._drop(hub)

    def _hub(self, organization: OrganizationId, conversation: ConversationId) -> ConversationHub:
        hub = self._live_conversations.get(conversation)
        if hub is None:
            hub = self._live_conversations[conversation] = ConversationHub(self, organization, conversation)
        return hub

    def _drop(self, hub: ConversationHub) -> None:
        if not hub.watchers and (hub.text is None or hub.text.ended or hub.text.elsewhere):
            self._live_conversations.pop(hub.conversation, None)

    def committed(self, change: Change) -> None:
        """Shows a change that this process has just committed."""
        told = {message.turn for message in change.messages}  # a reply says on its own that its turn has ended
        moved = [TurnMoved(turn.id, turn.state, turn.attempt, turn.epoch) for turn in change.turns if turn.id not in told]
        for turn in moved:
            self._relay.turn(change.after.id, turn.turn, turn.state, turn.attempt, turn.epoch)
        hub = self._live_conversations.get(change.after.id)
        if hub is None:
            return
        items: list[Shown | _Reached] = [*change.messages, *moved]
        items.append(change.after if _looks(change.before) != _looks(change.after) else _Reached(change.after.revision))
        for watcher in hub.watchers:
            for item in items:
                watcher.put(item)

    def news(self, conversation: ConversationId, seq: int, revision: int) -> None:
        """Passes on a fact of the journal: watchers that lack it read it."""
        hub = self._live_conversations.get(conversation)
        if hub is not None:
            for watcher in hub.watchers:
                watcher.news(seq, revision)

    def write(self, text: Text) -> None:
        """Shows a reply as far as it is written in this process."""
        hub = self._hub(text.organization, text.conversation)
        hub.text = text
        for watcher in hub.watchers:
            watcher.grown()
        t = text
        self._relay.text(t.conversation, t.turn, t.attempt, t.epoch, t.text, t.citations, t.ended)
        self._drop(hub)

    def heard(
        self,
        conversation: ConversationId,
        turn: TurnId,
        attempt: int,
        epoch: int,
        said: str,
        citations: tuple[Citation, ...] = (),
    ) -> None:
        """Shows a reply as far as it is written in another process, unless it is over."""
        hub = self._live_conversations.get(conversation)
        if hub is None:
            return
        text = self.rights.begin(Text(hub.organization, conversation, turn, attempt, epoch, elsewhere=True))
        if not text.ended:
            text.text, text.citations = said, citations
            hub.text = text
            for watcher in hub.watchers:
                watcher.grown()

    def _changed(self, text: Text) -> None:
        """A text may be shown now, or has ended."""
        hub = self._live_conversations.get(text.conversation)
        if hub is not None and hub.text is text:
            for watcher in hub.watchers:
                watcher.grown()
            self._drop(hub)

    def moved(self, conversation: ConversationId, turn: TurnId, state: TurnState, attempt: int, epoch: int) -> None:
        """Shows another process's report of a turn. Its text ends first, so that no stream shows a piece after its end."""
        self.rights.moved(turn, state, attempt)
        hub = self._live_conversations.get(conversation)
        if hub is not None:
            for watcher in hub.watchers:
                watcher.put(TurnMoved(turn, state, attempt, epoch))

    def typing(self, conversation: ConversationId, role: Role, typing: bool, relayed: bool = False) -> None:
        """Shows that someone types, or has stopped."""
        hub = self._live_conversations.get(conversation)
        if hub is not None:
            until = self._now() + (TYPING if typing else timedelta())
            for watcher in hub.watchers:
                watcher.put(Typing(role, until))
        if not relayed:
            self._relay.typing(conversation, role, typing)

    def read_on(self, conversation: ConversationId, role: Role, seq: int, relayed: bool = False) -> None:
        """Shows that someone has read up to a message."""
        hub = self._live_conversations.get(conversation)
        if hub is not None:
            for watcher in hub.watchers:
                watcher.put(ReadOn(role, seq))
        if not relayed:
            self._relay.read_on(conversation, role, seq)

    async def beat(self, arrived: asyncio.Event | None = None) -> None:
        """Until a running reply is to be read on: at once while few run, otherwise at the next interval, which all share.

        Between two intervals no task wakes for a piece of text; then one wake-up serves all replies. A reply that has `arrived`
        to its end is read at once, so that the interval does not delay its commit.
        """
        if self.running > FREE_REPLIES:
            now = asyncio.get_running_loop().time()
            passed = int(now / BEAT_SECONDS + 0.01)  # a task that wakes a hair before an interval counts as on time
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at((passed + 1) * BEAT_SECONDS):
                    await (arrived or asyncio.Event()).wait()

    def end_all(self) -> None:
        """Ends every stream, because the process drains."""
        for hub in self._live_conversations.values():
            for watcher in hub.watchers:
                watcher.end()


def _looks(conversation: Conversation) -> tuple[object, ...]:
    """The state of a conversation that screens show beside its messages."""
    c = conversation
    standing = c.state, c.agent, c.agent_display_name, c.tags, c.handover_reason, c.epoch
    return *standing, c.subject, c.priority, c.language, c.rating, c.rating_comment
