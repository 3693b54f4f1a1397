"""The logs of customers, agents and the harness during faults: lines of JSON, on disk before the writer continues.

Times are seconds since 1970 by this machine's clock. `conversation` is the full resource name. A `nonce` is a word that occurs
in one text alone; the test model repeats the nonces of its questions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

import msgspec

NONCE = re.compile(r"\bn-[0-9a-f]{10}\b")
FOR_ALL = "agent"
"""The view that every conversation has."""


class Outcome(StrEnum):
    """A caller's knowledge of an operation when it gives up or is done."""

    OK = "ok"
    REFUSED = "refused"
    """It certainly did not and will not happen."""
    UNKNOWN = "unknown"
    """It may have happened: a time-out, a connection that broke, a server that was unavailable."""


class Opened(msgspec.Struct, tag=True, frozen=True):
    """A customer has a conversation."""

    at: float
    who: str
    organization: str
    conversation: str


class Sent(msgspec.Struct, tag=True, frozen=True):
    """A customer's message, or an agent's, from the first try (`at`) to its outcome (`done`)."""

    at: float
    done: float
    who: str
    role: str
    """CUSTOMER, AGENT, or NOTE for an agent's note to agents."""
    conversation: str
    nonce: str
    text: str
    outcome: Outcome
    why: str = ""
    brought: bool = False
    """It was in the conversation when the sender got the response."""


class Heard(msgspec.Struct, tag=True, frozen=True):
    """A message on a stream. `stream` counts the resumptions of the watch."""

    at: float
    who: str
    conversation: str
    stream: int
    seq: int
    id: str
    role: str
    text: str
    turn: str


class Piece(NamedTuple):
    """A piece of a growing reply, with its arrival time. `epoch`: the conversation's, 0 when the frame has none."""

    stream: int
    attempt: int
    offset: int
    text: str
    at: float = 0.0
    epoch: int = 0


class Pieces(msgspec.Struct, tag=True, frozen=True):
    """The text of a running reply, in the order of arrival."""

    who: str
    conversation: str
    turn: str
    pieces: list[Piece]


class Ended(msgspec.Struct, tag=True, frozen=True):
    """A stream reported that a turn of the assistant has ended."""

    at: float
    who: str
    conversation: str
    stream: int
    turn: str
    state: str
    """SUPERSEDED, CANCELLED or FAILED; the message of a DONE turn shows its end."""


class Took(msgspec.Struct, tag=True, frozen=True):
    """An agent took a conversation; `last_seq` from the reply, -1 when there was none."""

    at: float
    done: float
    who: str
    conversation: str
    outcome: Outcome
    last_seq: int = -1
    queued: bool = False
    """It waited for a human, in the agents' queue; `last_seq` was read after the reply."""
    on_the_wire: list[str] | None = None
    """The assistant's messages that may still arrive via a provider, from the reply; None: there was no reply."""
    epoch: int = 0
    """The conversation's epoch from then on, from the reply."""


class Gave(msgspec.Struct, tag=True, frozen=True):
    """An agent returned a conversation to the assistant.

    `last_seq` is from the reply; -1 when there was none, or when it answered a retry: then the return happened some time
    between `at` and `done`, and the assistant may have answered since.
    """

    at: float
    done: float
    who: str
    conversation: str
    outcome: Outcome
    last_seq: int = -1


class Asked(msgspec.Struct, tag=True, frozen=True):
    """A request for an action other than a message, with its outcome.

    `what`: human, close, resolve, reopen, transfer, tag; refresh and sign-in, for a new token, and use, for a call with it.
    """

    at: float
    done: float
    who: str
    conversation: str
    what: str
    outcome: Outcome
    effect: str = ""
    """The state in the reply, the tag, or the conversation's new agent."""
    why: str = ""


class HandedOver(msgspec.Struct, tag=True, frozen=True):
    """A handover from the public API, when idle: its time in the queue; `ended` is 0 while it is there."""

    conversation: str
    state: str
    created: float
    ended: float


class Received(msgspec.Struct, tag=True, frozen=True):
    """The number of messages that channel reports as forwarded to a conversation, from the public API, when idle."""

    conversation: str
    messages: int


class ForeignRead(msgspec.Struct, tag=True, frozen=True):
    """A customer tried to read a conversation of another organization."""

    who: str
    conversation: str
    outcome: Outcome


class Said(msgspec.Struct, frozen=True):
    """A message as a history shows it."""

    seq: int
    id: str
    role: str
    kind: str
    text: str
    turn: str
    created: float
    note: bool = False
    """Only agents see it."""


class History(msgspec.Struct, tag=True, frozen=True):
    """A conversation from the public API, when idle. `view`: the reader and its protocol."""

    view: str
    organization: str
    conversation: str
    state: str
    messages: list[Said]
    open_turns: list[str] = []
    """Turns that are still pending or running."""
    agent: str = ""
    tags: list[str] = []


class Missing(msgspec.Struct, tag=True, frozen=True):
    """A conversation that the public API doesn't find."""

    conversation: str
    why: str


class Waiting(msgspec.Struct, tag=True, frozen=True):
    """Received messages that channel has not forwarded to core, from the public API, when idle."""

    organization: str
    messages: list[str]


class Queued(msgspec.Struct, tag=True, frozen=True):
    """Conversations that wait for a human: from core, and from the agents' queue, which is a projection."""

    organization: str
    by_core: list[str]
    by_queue: list[str]


class Learned(msgspec.Struct, tag=True, frozen=True):
    """A document that memory has acknowledged, and its state when idle; empty when it is missing."""

    document: str
    state: str


class Forgotten(msgspec.Struct, tag=True, frozen=True):
    """A conversation whose customer was erased: what agents said in it, and what channel received, was erased on purpose."""

    conversation: str


class Got(msgspec.Struct, tag=True, frozen=True):
    """A text that Twilio has accepted for a phone: from here on the customer gets it."""

    at: float
    phone: str
    text: str


class Delivered(msgspec.Struct, tag=True, frozen=True):
    """A delivery to a phone, from the public API, when idle."""

    phone: str
    message: str
    state: str

    @property
    def conversation(self) -> str:
        """The message's conversation."""
        return self.message.rpartition("/messages/")[0]


class Memory(msgspec.Struct, tag=True, frozen=True):
    """The maximum memory that a program was seen to use, and its limit; megabytes."""

    program: str
    most: float
    bound: float


class Broke(msgspec.Struct, tag=True, frozen=True):
    """A fault with its start and end: a word of the schedule, such as `freeze core 2`."""

    at: float
    until: float
    word: str


class Healed(msgspec.Struct, tag=True, frozen=True):
    """From here on there are no faults."""

    at: float


Line = (
    Opened | Sent | Heard | Pieces | Ended | Took | Gave | Asked | HandedOver | Received | ForeignRead | History | Missing
    | Waiting | Queued | Learned | Forgotten | Got | Delivered | Memory | Broke | Healed
)  # fmt: skip


@dataclass
class Evidence:
    """The lines, by kind and conversation."""

    opened: dict[str, Opened] = field(default_factory=dict)
    sent: dict[str, list[Sent]] = field(default_factory=lambda: defaultdict(list))
    heard: dict[tuple[str, str], list[Heard]] = field(default_factory=lambda: defaultdict(list))
    pieces: list[Pieces] = field(default_factory=list)
    ended: dict[str, list[Ended]] = field(default_factory=lambda: defaultdict(list))
    """By turn."""
    took: dict[str, list[Took]] = field(default_factory=lambda: defaultdict(list))
    gave: dict[str, list[Gave]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[str, list[Asked]] = field(default_factory=lambda: defaultdict(list))
    handovers: dict[str, list[HandedOver]] = field(default_factory=lambda: defaultdict(list))
    received: dict[str, int] = field(default_factory=dict)
    foreign_reads: list[ForeignRead] = field(default_factory=list)
    histories: dict[str, list[History]] = field(default_factory=lambda: defaultdict(list))
    missing: list[Missing] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    queued: list[Queued] = field(default_factory=list)
    learned: list[Learned] = field(default_factory=list)
    got: dict[str, list[Got]] = field(default_factory=lambda: defaultdict(list))
    """By phone, in order."""
    delivered: list[Delivered] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)
    broke: list[Broke] = field(default_factory=list)
    healed: float = 0.0

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Evidence:
        """Sorts lines, without those about forgotten conversations."""
        found, lines = cls(), list(lines)
        forgotten = {line.conversation for line in lines if isinstance(line, Forgotten)}
        for line in lines:
            if getattr(line, "conversation", "") in forgotten:
                continue
            match line:
                case Opened():
                    found.opened[line.conversation] = line
                case Sent():
                    found.sent[line.conversation].append(line)
                case Heard():
                    found.heard[line.who, line.conversation].append(line)
                case Pieces():
                    found.pieces.append(line)
                case Ended():
                    found.ended[line.turn].append(line)
                case Took():
                    found.took[line.conversation].append(line)
                case Gave():
                    found.gave[line.conversation].append(line)
                case Asked():
                    found.asked[line.conversation].append(line)
                case HandedOver():
                    found.handovers[line.conversation].append(line)
                case Received():
                    found.received[line.conversation] = line.messages
                case ForeignRead():
                    found.foreign_reads.append(line)
                case History():
                    found.histories[line.conversation].append(line)
                case Missing():
                    found.missing.append(line)
                case Waiting():
                    found.waiting.append(line)
                case Queued():
                    found.queued.append(line)
                case Learned():
                    found.learned.append(line)
                case Got():
                    found.got[line.phone].append(line)
                case Delivered():
                    found.delivered.append(line)
                case Memory():
                    found.memory.append(line)
                case Broke():
                    found.broke.append(line)
                case Healed():
                    found.healed = max(found.healed, line.at)
        for delivered in found.delivered:  # a phone does not know its conversation's name, the reader does
            if sent := found.sent.pop(f"phones/{delivered.phone}", None):
                found.sent[delivered.conversation] += sent
        return found

    def history(self, conversation: str) -> list[Said]:
        """The messages, in the view that every conversation has."""
        return next((h.messages for h in self.histories[conversation] if h.view == FOR_ALL), [])

    def state(self, conversation: str) -> str:
        """The conversation's state when idle."""
        return next((h.state for h in self.histories[conversation] if h.view == FOR_ALL), "")

    def agent(self, conversation: str) -> str:
        """The agent who had the conversation when idle; empty for none."""
        return next((h.agent for h in self.histories[conversation] if h.view == FOR_ALL), "")

    def tags(self, conversation: str) -> list[str]:
        """The conversation's tags when idle."""
        return next((h.tags for h in self.histories[conversation] if h.view == FOR_ALL), [])
