"""Web-chat sessions: what lets a browser come back to its conversations, and when that ends.

PermissionDenied
├── OriginNotAllowed
├── CustomerBlocked
└── ConversationMismatch
Unauthenticated
├── IdentityInvalid
├── SessionExpired
└── SessionSecretInvalid
ResourceExhausted
├── TooManyConversations
└── TooManyRequests
"""

import hashlib
import math
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType

from kit import errors
from kit.ids import OrganizationId
from kit.text import is_blank
from services.channel.domain.channels import ChannelId, FieldMissing
from services.channel.domain.web_chat import PreChat, WebChatConfig

SessionId = NewType("SessionId", str)
ConversationId = NewType("ConversationId", str)
CustomerId = NewType("CustomerId", str)

LIFETIME = timedelta(days=30)
"""How long a session lasts without being refreshed."""
GRACE = timedelta(seconds=10)
"""How long a used secret still opens a session, for tabs that refresh at the same moment."""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's way back to its customer's conversations on a channel."""

    organization: OrganizationId
    channel: ChannelId
    id: SessionId
    customer: CustomerId
    """Empty after a split, until the next refresh asks core whose the identity is now."""
    subject: str
    """The business's own id of the customer; empty for an anonymous one, whose identity is this session."""
    display_name: str
    created: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of a customer's token."""

    organization: OrganizationId
    channel: ChannelId
    session: SessionId
    customer: CustomerId


@dataclass(frozen=True, slots=True)
class WebConversation:
    """A conversation of a web chat, and who takes part in it: core's word, kept here."""

    organization: OrganizationId
    id: ConversationId
    channel: ChannelId
    customer: CustomerId


@dataclass(frozen=True, slots=True)
class SecretUse:
    """The stored state of a secret that was presented."""

    used: datetime | None
    """When it was first exchanged for another one; None: never."""
    successor_used: bool
    """Whether a secret it was exchanged for has been used in turn: then the caller did receive it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The customer's identity, as the business says it."""

    subject: str
    display_name: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """The answer to a browser: the session, its new secret, a token, and the conversation to begin with."""

    session: Session
    conversation: ConversationId
    secret: str = field(repr=False)
    token: str = field(repr=False)
    token_expires: datetime
    greeting: str
    channel_display_name: str


class OriginNotAllowed(errors.PermissionDenied):
    reason = "ORIGIN_NOT_ALLOWED"

    def __init__(self, channel: str, origin: str) -> None:
        super().__init__(
            f"Pages of {origin or 'an unknown origin'} may not use channel {channel}; add the origin to its list.",
            channel=channel,
            origin=origin[:200],
        )


class CustomerBlocked(errors.PermissionDenied):
    reason = "CUSTOMER_BLOCKED"

    def __init__(self, customer: str) -> None:
        super().__init__("You can't write here any more, because this business has blocked you.", customer=customer)


class IdentityInvalid(errors.Unauthenticated):
    reason = "IDENTITY_INVALID"

    def __init__(self, channel: str, problem: str) -> None:
        super().__init__(f"The identity token is {problem}.", channel=channel, problem=problem)


class SessionExpired(errors.Unauthenticated):
    reason = "SESSION_EXPIRED"

    def __init__(self, session: str) -> None:
        super().__init__("This chat session has ended; open a new one.", session=session)


class SessionSecretInvalid(errors.Unauthenticated):
    reason = "SESSION_SECRET_INVALID"

    def __init__(self, session: str) -> None:
        super().__init__("This is not the session's secret; open a new session.", session=session)


class ConversationMismatch(errors.PermissionDenied):
    reason = "CONVERSATION_MISMATCH"

    def __init__(self, conversation: str) -> None:
        super().__init__("This conversation isn't one of your conversations on this channel.", conversation=conversation)


class NotACustomer(errors.PermissionDenied):
    reason = "NOT_A_CUSTOMER"

    def __init__(self) -> None:
        super().__init__("Only the customer of a web chat may do this; use a session's token.")


class TooManyConversations(errors.ResourceExhausted):
    reason = "TOO_MANY_CONVERSATIONS"

    def __init__(self, limit: int, retry_after: timedelta) -> None:
        super().__init__(
            "You have started many conversations; continue in one of them, or try again later.",
            limit=limit,
            retry_seconds=max(1, math.ceil(retry_after.total_seconds())),
        )


class TooManyRequests(errors.ResourceExhausted):
    reason = "TOO_MANY_REQUESTS"

    def __init__(self, retry_after: timedelta) -> None:
        seconds = max(1, math.ceil(retry_after.total_seconds()))
        super().__init__(f"Too many requests; try again in {seconds} s.", retry_seconds=seconds)


def check_origin(channel: ChannelId, config: WebChatConfig, origin: str, own_hosts: Collection[str] = ()) -> None:
    """Raises OriginNotAllowed when the channel lists origins and `origin` (as a browser sends it) is not among them.

    `own_hosts`: hosts whose pages are Frontdesk's own. Another site shows them only where `frame-ancestors` allows it.
    """
    if not config.allowed_origins or origin.lower() in config.allowed_origins:
        return
    scheme, _, host = origin.lower().partition("://")
    if scheme not in ("http", "https") or host not in own_hosts:
        raise OriginNotAllowed(channel, origin)


def check_pre_chat(config: WebChatConfig, display_name: str, email: str) -> None:
    """Raises FieldMissing when a field that the form before the chat requires is empty."""
    required = {"display_name": (config.pre_chat_name, display_name), "email": (config.pre_chat_email, email)}
    for name, (wanted, value) in required.items():
        if wanted is PreChat.REQUIRED and is_blank(value):
            raise FieldMissing(name)


def is_stolen(use: SecretUse, now: datetime) -> bool:
    """Whether presenting a secret shows that two hold it: its successor was received and used, and the grace is over."""
    return use.used is not None and use.successor_used and now - use.used > GRACE


def new_secret() -> str:
    """256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> bytes:
    """The stored hash of a secret. It has 256 bits of its own, so a plain hash hides it."""
    return hashlib.sha256(secret.encode()).digest()
