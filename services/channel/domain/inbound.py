"""Received messages on their way to core: stored first, brought over in order, parked when they cannot be.

NotFound
└── InboundMessageNotFound
FailedPrecondition
└── InboundMessageNotDead
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import NewType

from kit import errors
from kit.backoff import Backoff
from kit.errors import PartNotAllowed, TextEmpty, TextTooLong
from kit.ids import OrganizationId
from kit.text import is_blank
from services.channel.domain.channels import ChannelId
from services.channel.domain.sessions import ConversationId, Holder

InboundId = NewType("InboundId", int)

MAX_ATTEMPTS = 5
MAX_CHARACTERS = 16_000
"""Of a provider's message: what core takes."""
MAX_WEB_CHARACTERS = 4_000
"""Of the texts of a web chat's message."""
MAX_PART_CHARACTERS = 12_000
"""Of all that its parts hold, names included."""
CUSTOMERS_PARTS = frozenset({"text", "attachment", "location", "contact", "reaction", "selection"})
"""The parts that customers send by a web chat, by the contract's names of parts."""
QUIET = timedelta(seconds=1.2)
OUTAGE_PAUSE = timedelta(seconds=2)
"""How soon a message is tried again while core is unavailable. An outage is no one's fault and uses up no attempt."""
_BACKOFF = Backoff(first=1, maximum=300, factor=5, jitter=0)


class InboundState(IntEnum):
    """How far a received message has come."""

    PENDING = 0
    FORWARDED = 1
    REFUSED = 2
    DEAD = 3


class Responder(IntEnum):
    """The one to answer a message."""

    ASSISTANT = 0
    AGENTS = 1
    """The assistant is off on this channel."""
    NOBODY = 2
    """It came over its sender's limit, or shows nothing: it is stored, and starts nothing."""


@dataclass(frozen=True, slots=True)
class Writer(Holder):
    """A customer who acts on a conversation: who, as the verified token says, and where, as the request says."""

    conversation: ConversationId


class AddressKind(StrEnum):
    """Where customers of providers are reached."""

    WHATSAPP = "WHATSAPP"


@dataclass(frozen=True, slots=True)
class Reach:
    """The content that can be sent to a customer."""

    files: bool
    max_options: int
    """Of an interactive message."""
    until: datetime | None
    """None: at any time."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The customer whom a provider's message comes from: core finds their conversation by it."""

    kind: AddressKind
    address: str
    display_name: str = ""
    reach: Reach | None = None
    """Set when the message is stored."""


@dataclass(frozen=True, slots=True)
class Said:
    """A customer's message: the words, and all parts where the words are not everything."""

    text: str
    parts: frozenset[str] = frozenset({"text"})
    """The kinds of its parts, by the contract's names."""
    content: bytes = b""
    """The parts as core's contract encodes them; no one reads them here. Empty: it is the text alone."""
    length: int = 0
    """The characters in all parts."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came in, before it is stored."""

    organization: OrganizationId
    channel: ChannelId
    conversation: ConversationId
    """The key of its order: its conversation, or for a provider's message the place that it came from."""
    source_id: str
    """The source's own id of it, unique on the channel."""
    request_id: str
    text: str
    sender: Sender | None = None
    """None: it came from a web chat, which knows its conversation."""
    session: str = ""
    """The web chat's session: it is stored only while that has not ended and its channel is active."""
    responder: Responder = Responder.ASSISTANT
    """As the channel was set when the message was stored."""
    content: bytes = b""
    """As in `Said`."""
    reply_to: str = ""
    """The message that a provider's message answers, `conversations/{conversation}/messages/{message}`, if it is known."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it can be seen."""
        return not self.content and is_blank(self.text)

    @property
    def known_conversation(self) -> str:
        """The conversation's id; empty while only core can find it."""
        return self.conversation if self.sender is None else ""

    @property
    def quiet(self) -> timedelta:
        """How long the assistant waits for more: people who write by a provider send a thought in several messages."""
        return QUIET if self.sender else timedelta()


@dataclass(frozen=True, slots=True)
class Inbound:
    """A stored message."""

    id: InboundId
    arrival: Arrival
    created: datetime
    next_attempt: datetime
    state: InboundState = InboundState.PENDING
    attempts: int = 0
    problem: str = ""
    message: str = ""
    """Core's id of the message once it is FORWARDED."""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Accepted:
    """Core has the message."""

    message: str
    seq: int
    created: datetime
    epoch: int
    """Of the conversation, when it received the message."""
    conversation: str = ""
    """Where core put it; known to whoever brought it over, as are the words and the parts."""
    text: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Stored:
    """That an arrival is on disk."""

    id: InboundId
    created: datetime
    waiting: tuple[InboundId, ...] = ()
    """Other messages of the conversation that came before and are not marked as brought over."""
    accepted: Accepted | None = None
    """Set when it came before and core has it."""
    responder: Responder = Responder.ASSISTANT
    """The one to answer, as it was decided when the message was stored."""


class SendState(StrEnum):
    """The answer to a sender."""

    ACCEPTED = "ACCEPTED"
    QUEUED = "QUEUED"


@dataclass(frozen=True, slots=True)
class Sent:
    """The outcome of sending: where the message stands and, once core has it, its place in the conversation."""

    arrival: Arrival
    stored: datetime
    accepted: Accepted | None = None

    @property
    def standing(self) -> SendState:
        """How far it has come."""
        return SendState.ACCEPTED if self.accepted else SendState.QUEUED


class InboundMessageNotFound(errors.NotFound):
    reason = "INBOUND_MESSAGE_NOT_FOUND"

    def __init__(self, id: InboundId) -> None:
        super().__init__(f"There is no received message {id}.", inbound_message=id)


class InboundMessageNotDead(errors.FailedPrecondition):
    reason = "INBOUND_MESSAGE_NOT_DEAD"

    def __init__(self, id: InboundId, state: InboundState) -> None:
        super().__init__(
            f"Received message {id} is {state.name}, so there is nothing to bring back.",
            inbound_message=id,
            state=state.name,
        )


def arrive(writer: Writer, said: Said, request_id: str) -> Arrival:
    """A customer's message in a web chat. Raises TextEmpty when nothing of it can be seen, TextTooLong and PartNotAllowed."""
    if forbidden := said.parts - CUSTOMERS_PARTS:
        raise PartNotAllowed(min(forbidden))
    text = said.text.replace("\x00", "")  # no store takes it, and no one means it
    if is_blank(text) and said.parts <= {"text"}:
        raise TextEmpty
    if len(text) > MAX_WEB_CHARACTERS:
        raise TextTooLong(MAX_WEB_CHARACTERS)
    if said.length > MAX_PART_CHARACTERS:
        raise TextTooLong(MAX_PART_CHARACTERS)
    return Arrival(
        organization=writer.organization,
        channel=writer.channel,
        conversation=writer.conversation,
        source_id=f"{writer.session}:{request_id}",
        request_id=request_id,
        text=text,
        session=writer.session,
        content=said.content,
    )


def arrive_by_provider(
    organization: OrganizationId,
    channel: ChannelId,
    source_id: str,
    sender: Sender,
    text: str,
    content: bytes = b"",
    reply_to: str = "",
) -> Arrival:
    """A customer's message from a provider."""
    return Arrival(
        organization=organization,
        channel=channel,
        conversation=ConversationId(f"{channel}/{sender.address}"),
        source_id=source_id,
        request_id="",
        text=text.replace("\x00", "")[:MAX_CHARACTERS],
        sender=sender,
        content=content,
        reply_to=reply_to,
    )


def digest(arrival: Arrival) -> bytes:
    """Distinguishes a repeated message from another one, also after its text was handed to core and dropped here."""
    return hashlib.blake2b(arrival.text.encode() + arrival.content, digest_size=8).digest()


def is_outage(error: errors.FrontdeskError) -> bool:
    """Whether core is unavailable or busy, rather than unhappy with this message."""
    return isinstance(error, errors.Unavailable | errors.DeadlineExceeded | errors.ResourceExhausted | errors.Aborted)


def is_refusal(error: errors.FrontdeskError) -> bool:
    """Whether core will never take this message, however often it is asked."""
    return isinstance(
        error,
        errors.InvalidArgument | errors.NotFound | errors.FailedPrecondition | errors.AlreadyExists | errors.OutOfRange,
    )


def pause_after(attempts: int) -> timedelta:
    """How long a message waits after its n-th failed attempt (n from 1): 1 s, 5 s, 25 s, 125 s, 5 min."""
    return timedelta(seconds=_BACKOFF.delay(attempts))
