"""How Twilio misbehaves: the next calls in a given way, or any call with a given chance."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """The fate of a call that sends a message. `accept`: the message is on its way, whatever the caller gets."""

    NONE = "none"
    SILENCE = "silence"
    """Nothing is accepted, and there is no answer until the caller gives up."""
    RESET = "reset"
    """Nothing is accepted; the connection breaks."""
    ERROR = "error"
    """Nothing is accepted; 500."""
    BUSY = "busy"
    """Nothing is accepted; 429 with Retry-After."""
    REFUSED = "refused"
    """Nothing is accepted; 400."""
    ACCEPT_SILENCE = "accept-silence"
    ACCEPT_RESET = "accept-reset"
    ACCEPT_ERROR = "accept-error"
    ACCEPT_SLOW = "accept-slow"
    """Accepted, and answered after two seconds."""


ACCEPTING = (Fault.NONE, Fault.ACCEPT_SILENCE, Fault.ACCEPT_RESET, Fault.ACCEPT_ERROR, Fault.ACCEPT_SLOW)


@dataclass
class Faults:
    """The planned faults."""

    next: deque[Fault] = field(default_factory=deque)
    """The next calls, one each."""
    chances: dict[Fault, float] = field(default_factory=dict)
    """Of every other call: how likely each fault is."""
    webhooks_lost: bool = False
    """Whether customers' messages get no webhook at all."""
    webhook_copies: int = 1
    """The number of webhooks for each."""
    statuses: tuple[str, ...] = ("sent", "delivered")
    """The states of an accepted message, in order."""
    status_seconds: float = 0.05
    statuses_lost: bool = False
    statuses_shuffled: bool = False
    status_copies: int = 1
    media: deque[int] = field(default_factory=deque)
    """The statuses of the next answers to a request for a file."""
    media_location: str = ""
    """Where requests for files are redirected to, instead of to the files."""
    seed: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def draw(self) -> Fault:
        """The fate of this call."""
        if self.next:
            return self.next.popleft()
        at = self.random.random()
        for fault, chance in self.chances.items():
            if at < chance:
                return fault
            at -= chance
        return Fault.NONE
