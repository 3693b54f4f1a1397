"""Facts that channel tells other services. The class's name is the fact's kind in the journal; ids are without prefixes."""

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
    channel: str
    session: str
    conversation: str
    customer: str
    identified: bool


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """Before its time; its tokens are revoked."""

    channel: str
    session: str


@dataclass(frozen=True, slots=True)
class CustomerTokensRevoked:
    """The customer was merged, split or erased: a refresh tells what their sessions may see now."""

    customer: str


@dataclass(frozen=True, slots=True)
class CustomerBlocked:
    """By core; told again here, because it revokes tokens at every replica of channel."""

    customer: str


@dataclass(frozen=True, slots=True)
class InboundMessageDied:
    inbound_message: int
    conversation: str
    problem: str


@dataclass(frozen=True, slots=True)
class DeliveryStateChanged:
    delivery: str
    conversation: str
    message: str
    state: str
    problem: str


@dataclass(frozen=True, slots=True)
class MediaFinished:
    media: str
    conversation: str
    uploader: str
    state: str
    media_type: str
    size: int


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
