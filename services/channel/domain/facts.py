"""Facts that channel publishes to other services. Names and fields are those of the contract's messages; ids are bare."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChannelCreated:
    channel: str
    kind: str
    display_name: str


@dataclass(frozen=True, slots=True)
class ChannelUpdated:
    channel: str
    display_name: str
    state: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChannelDeleted:
    channel: str


@dataclass(frozen=True, slots=True)
class SessionOpened:
    session: str
    """`{channel}/sessions/{session}`."""
    conversation: str
    customer: str
    identified: bool


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """Before its time; its tokens are revoked."""

    session: str
    """`{channel}/sessions/{session}`."""


@dataclass(frozen=True, slots=True)
class CustomerTokensRevoked:
    """The customer was merged, split or erased: a refresh returns what their sessions may see now."""

    customer: str


@dataclass(frozen=True, slots=True)
class CustomerBlocked:
    """By core; appended again here, because it revokes tokens at every replica of channel."""

    customer: str


@dataclass(frozen=True, slots=True)
class InboundMessageDied:
    inbound_message: int
    conversation: str


@dataclass(frozen=True, slots=True)
class DeliveryStateChanged:
    delivery: str
    message: str
    """`{conversation}/messages/{message}`."""
    state: str


@dataclass(frozen=True, slots=True)
class MediaFinished:
    media: str
    conversation: str
    uploader: str
    state: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class MediaDeleted:
    media: str
    deleter: str


Fact = (
    ChannelCreated
    | ChannelUpdated
    | ChannelDeleted
    | SessionOpened
    | SessionEnded
    | CustomerTokensRevoked
    | CustomerBlocked
    | InboundMessageDied
    | DeliveryStateChanged
    | MediaFinished
    | MediaDeleted
)
