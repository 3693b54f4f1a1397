"""Deliveries: what leaves by a provider, one part of one message each, and how far it has come.

    QUEUED → SENDING → SENT → DELIVERED → READ
               │  ▲       └─▶ FAILED            the provider could not bring it over
               │  └ QUEUED again                it was certainly not accepted, and may be later
               ├─▶ FAILED                       the provider refused it
               └─▶ UNKNOWN → SENT, or QUEUED again when the provider certainly does not have it
    QUEUED → CANCELLED                          a human took the conversation first

NotFound
└── DeliveryNotFound
FailedPrecondition
└── DeliveryNotFailed
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NewType

from kit import errors
from kit.backoff import Backoff
from kit.ids import OrganizationId
from services.channel.domain.channels import ChannelId
from services.channel.domain.sessions import ConversationId

DeliveryId = NewType("DeliveryId", str)

CALL = timedelta(seconds=15)
"""How long a provider may take to answer."""
LEASE = timedelta(seconds=30)
"""How long a worker may be silent in SENDING; longer than a call may take. Past it no one knows whether it was sent."""
FRESH = timedelta(seconds=5)
"""How old core's word that a message may leave can be when the provider's call begins."""
SETTLED = timedelta(seconds=60)
"""After this a message that the provider's list does not show was certainly not accepted."""
_LOOKS = Backoff(first=2, maximum=20, jitter=0)
_BACKOFF = Backoff(first=1, maximum=300, factor=3, jitter=0)


class DeliveryState(IntEnum):
    """How far a delivery has come. The numbers are the contract's."""

    QUEUED = 1
    SENDING = 2
    SENT = 3
    DELIVERED = 4
    READ = 5
    FAILED = 6
    UNKNOWN = 7
    CANCELLED = 8


_S = DeliveryState
_PROGRESS = (_S.QUEUED, _S.CANCELLED, _S.SENDING, _S.UNKNOWN, _S.SENT, _S.FAILED, _S.DELIVERED, _S.READ)
"""The order in which a provider's reports move a delivery. A reported message is neither queued nor cancelled for us."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that a conversation says to a customer who is reached by a provider."""

    organization: OrganizationId
    channel: ChannelId
    conversation: ConversationId
    message: str
    seq: int
    """Its place in the conversation."""
    recipient: str
    """The customer's address, of the channel's kind."""
    fenced: bool
    """Whether core must confirm, right before it leaves, that no human has taken over: the assistant's words."""


@dataclass(frozen=True, slots=True)
class OutboundFile:
    """A file as a provider gets it."""

    url: str = field(repr=False)
    """From where the provider fetches it: the link is the right to read it."""
    media_type: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One part of a message on its way to a customer."""

    id: DeliveryId
    outgoing: Outgoing
    part: int
    """1, 2, 3 …"""
    text: str
    """As the provider gets it; empty for a file."""
    created: datetime
    updated: datetime
    state: DeliveryState = DeliveryState.QUEUED
    provider_id: str = ""
    problem: str = ""
    attempts: int = 0
    """How often it was handed to the provider."""
    looks: int = 0
    """How often the provider's list lacked it since it is UNKNOWN, or how often it was put off since it is QUEUED."""
    begun: datetime | None = None
    """When it was last handed to the provider."""
    age: timedelta = timedelta()
    """How long ago that was when this was read, by the store's clock: it decides, whatever a process's clock shows."""
    media: str = ""
    """The id of the file that it is."""
    file: OutboundFile | None = None
    """Set for the provider, while it is handed over."""


@dataclass(frozen=True, slots=True)
class Report:
    """A provider's report about a message that it has."""

    provider_id: str
    state: DeliveryState
    problem: str = ""
    delivery: str = ""
    """Our own id, if the provider was given it and gives it back."""


class DeliveryNotFound(errors.NotFound):
    reason = "DELIVERY_NOT_FOUND"

    def __init__(self, id: str) -> None:
        super().__init__(f"There is no delivery {id}.", delivery=id)


class DeliveryNotFailed(errors.FailedPrecondition):
    reason = "DELIVERY_NOT_FAILED"

    def __init__(self, id: str, state: DeliveryState) -> None:
        super().__init__(f"Delivery {id} is {state.name}, so it must not be sent again.", delivery=id, state=state.name)


def states_before(state: DeliveryState) -> Sequence[DeliveryState]:
    """The states that a provider's word can move a delivery from, to `state`: only ever forward."""
    return _PROGRESS[: _PROGRESS.index(state)]


def pause_after(times: int) -> timedelta:
    """How long a delivery that may be tried again waits after its n-th time (n from 1): 1 s … 5 min."""
    return timedelta(seconds=_BACKOFF.delay(times))


def look_after(times: int) -> timedelta:
    """How long to wait before the provider's list is read once more, after n looks without effect (n from 0)."""
    return timedelta(seconds=_LOOKS.delay(times + 1))
