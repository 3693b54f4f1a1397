"""The messages between channel and any provider.

    ProviderError
    ├── Refused      certainly not accepted, and it will not be
    ├── Withdrawn    not handed over: it isn't needed any more
    ├── RateLimited    certainly not accepted now; later it may be
    │   └── Unauthorized   for want of credentials that the provider takes
    └── OutcomeUnknown      no one knows whether it was accepted

Unauthenticated
└── SignatureInvalid
InvalidArgument
└── WebhookInvalid
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kit import errors
from services.channel.domain.deliveries import Report
from services.channel.domain.inbound import Reach, Sender
from services.channel.domain.media import MediaId


@dataclass(frozen=True, slots=True)
class Webhook:
    """A provider's call as it came in."""

    path: str
    """Without the query; as it was asked for, not as a proxy rewrote it."""
    query: str
    headers: Mapping[str, str]
    """By their names in lower case."""
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a customer's message that the provider has."""

    id: MediaId
    """Under which it will be kept: its part of the content names it."""
    reference: str
    """As the provider's adapter writes it; no one else reads it."""
    media_type: str = ""
    """As the provider says."""


@dataclass(frozen=True, slots=True)
class Received:
    """A customer's message, as a provider brings it."""

    source_id: str
    """The provider's id of it."""
    sender: Sender
    text: str
    replies_to: str = ""
    """The provider's id of the message that the customer answers, if they said so."""
    content: bytes = b""
    """Its parts beside the text, as core's contract encodes them; empty: it is the text alone."""
    files: tuple[RemoteFile, ...] = ()
    """The files in its parts; they are fetched when the message is stored."""
    written: datetime | None = None
    """When it was written; None: now."""


Item = Received | Report
"""An event of a provider: a customer's message, or how far one of ours has come."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The events of a provider, and the cursor of the next request."""

    items: Sequence[Item]
    cursor: bytes
    """As the provider's adapter writes it; no one else reads it."""
    more: bool = False
    """Whether to ask again at once."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a provider for a webhook that was stored."""

    content_type: str = "text/plain"
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """A message that a provider can send."""

    max_characters: int
    """Of one part."""
    media: Mapping[str, int] = field(default_factory=dict)
    """The media types of files that it can send, each with the most bytes; empty: none."""
    buttons: int = 0
    """At most, below a text."""
    window: timedelta | None = None
    """How long after a customer's last message a free text may be sent; None: always."""

    def reach(self, written: datetime) -> Reach:
        """The content that can be sent to a customer who wrote at a time."""
        return Reach(bool(self.media), self.buttons, written + self.window if self.window else None)


@dataclass(frozen=True, slots=True)
class Source:
    """A source of an answer, as a customer sees it."""

    title: str
    uri: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the text after what a source supports."""

    end: int
    """In code points."""
    source: int
    """The number of the source, from 1."""


@dataclass(frozen=True, slots=True)
class OutboundContent:
    """The content of a message, before it is put into a provider's form."""

    text: str
    markdown: bool = False
    citations: tuple[Citation, ...] = ()
    """In the order of their ends."""
    sources: tuple[Source, ...] = ()
    files: tuple[MediaId, ...] = ()
    """They leave after the text, each as a part of its own."""


class ProviderError(Exception):
    """A message could not be handed over; in the provider's words."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem[:300]


class Refused(ProviderError):
    """The provider certainly did not accept it, and will not."""


class RateLimited(ProviderError):
    """The provider certainly did not accept it now. `after`: how long it asks to wait, if it does."""

    def __init__(self, problem: str, after: timedelta | None = None) -> None:
        super().__init__(problem)
        self.after = after


class Unauthorized(RateLimited):
    """The provider does not take the channel's credentials. Once someone has entered the right ones, it will accept."""


class OutcomeUnknown(ProviderError):
    """The answer got lost, or was none: perhaps it was accepted."""


class Withdrawn(ProviderError):
    """It wasn't handed over, because it needn't arrive this way any more."""


class SignatureInvalid(errors.Unauthenticated):
    reason = "SIGNATURE_INVALID"

    def __init__(self, channel: str) -> None:
        super().__init__("The webhook's signature does not fit its address and body.", channel=channel)


class WebhookInvalid(errors.InvalidArgument):
    reason = "WEBHOOK_INVALID"

    def __init__(self, channel: str) -> None:
        super().__init__("The webhook holds neither a message nor a status.", channel=channel)
