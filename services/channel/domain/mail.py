"""Outgoing mail: by which server it leaves, to whom, and what may be wrong.

FailedPrecondition
├── MailNotConfigured
└── MailAddressUnconfirmed
InvalidArgument
└── MailAddressInvalid
NotFound
└── MailLinkInvalid
ResourceExhausted
└── TooManyMails
"""

import hashlib
import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from urllib.parse import unquote, urlsplit

from kit import errors
from kit.ids import OrganizationId
from kit.limits import Bucket, Rate
from services.channel.domain.inbound import Writer
from services.channel.domain.sessions import CustomerId

MailId = NewType("MailId", str)
MailLinkId = NewType("MailLinkId", str)

MAX_ADDRESS = 254
MAX_LOCAL = 64
KEPT = timedelta(days=7)
"""How long a mail's `request_id` is known after it was queued."""
CONFIRMATION = timedelta(days=7)
"""How long the owner of an address has time to confirm it; answers wait as long."""
RESUMPTION = timedelta(days=14)
"""How long the link in a mail with an answer resumes the chat."""
STOPPING = timedelta(days=60)
"""How long the link in a mail stops further ones."""
_SCHEMES = {"smtp": "STARTTLS", "smtps": "TLS", "smtp+plain": "NONE"}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_DAY = timedelta(days=1)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class Security(StrEnum):
    """How the connection to a mail server is encrypted."""

    STARTTLS = "STARTTLS"
    TLS = "TLS"
    NONE = "NONE"

    @property
    def port(self) -> int:
        """The usual port."""
        return {"STARTTLS": 587, "TLS": 465, "NONE": 25}[self]


class Source(StrEnum):
    """Whose mail server it is."""

    NONE = "NONE"
    ORGANIZATION = "ORGANIZATION"
    OPERATOR = "OPERATOR"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server, and the address that mails by it are from."""

    host: str
    port: int
    security: Security
    from_address: str
    from_name: str = ""
    credential: str = ""
    """The id of the credential that signs in; empty: `user` and `password` do, or nothing."""
    user: str = ""
    password: str = field(default="", repr=False)
    source: Source = Source.ORGANIZATION

    @property
    def needs_password(self) -> bool:
        """Whether the credential's secret is still missing."""
        return bool(self.credential) and not self.password


@dataclass(frozen=True, slots=True)
class Letter:
    """The content of a mail: plain text, and the same as HTML."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person."""

    id: MailId
    """It makes the Message-ID, so that a mail that is sent again has the same."""
    to: str
    to_name: str
    letter: Letter
    stop: str = field(default="", repr=False)
    """The link that stops mails to this person; empty: they are a user."""


class Problem(StrEnum):
    """The problem of a mail server or of its setting. The values are those of the contract's `MailProblem`."""

    NAME_NOT_FOUND = "NAME_NOT_FOUND"
    NOT_ALLOWED = "NOT_ALLOWED"
    CONNECTION_FAILED = "CONNECTION_FAILED"
    BAD_ANSWER = "BAD_ANSWER"
    TLS_FAILED = "TLS_FAILED"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED"
    PASSWORD_MISSING = "PASSWORD_MISSING"
    SENDER_REFUSED = "SENDER_REFUSED"
    RECIPIENT_REFUSED = "RECIPIENT_REFUSED"
    MAIL_REFUSED = "MAIL_REFUSED"


class Certainty(StrEnum):
    """The certainty about a mail that could not be handed over."""

    LATER = "LATER"
    """It was not accepted, and may be later."""
    NEVER = "NEVER"
    """It was not accepted, and will not be."""
    UNKNOWN = "UNKNOWN"
    """The answer got lost: perhaps it was accepted."""


class MailFailed(Exception):
    """A mail could not be handed over; `sentence` says what is wrong and what to do."""

    def __init__(self, problem: Problem, sentence: str, certainty: Certainty = Certainty.LATER) -> None:
        super().__init__(sentence)
        self.problem = problem
        self.sentence = sentence[:300]
        self.certainty = certainty


@dataclass(frozen=True, slots=True)
class CustomerAddress:
    """The address that a customer of web chats left."""

    organization: OrganizationId
    customer: CustomerId
    address: str = field(repr=False)
    language: str
    confirmed: datetime | None = None


@dataclass(frozen=True, slots=True)
class MailLink:
    """The link in a mail to a customer. Its secret is stored as a hash."""

    id: MailLinkId
    purpose: "LinkPurpose"
    writer: Writer
    """The customer who left the address: their session is resumed."""
    address: str
    """The hash of the address that it was sent to."""
    expires: datetime


class LinkPurpose(StrEnum):
    CONFIRM = "CONFIRM"
    RESUME = "RESUME"
    STOP = "STOP"


class MailNotConfigured(errors.FailedPrecondition):
    reason = "MAIL_NOT_CONFIGURED"

    def __init__(self) -> None:
        super().__init__("No mail server is set up: publish the setting `mail`, or ask the operator for one.")


class MailAddressInvalid(errors.InvalidArgument):
    reason = "MAIL_ADDRESS_INVALID"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is not the mail address of one person, such as ada@shop.example.", field=path)


class MailAddressUnconfirmed(errors.FailedPrecondition):
    reason = "MAIL_ADDRESS_UNCONFIRMED"

    def __init__(self) -> None:
        super().__init__("Leave your mail address and confirm it by the link in the mail first.")


class MailLinkInvalid(errors.NotFound):
    reason = "MAIL_LINK_INVALID"

    def __init__(self) -> None:
        super().__init__("This link has expired, was used or was replaced by a newer one; open the chat again.")


class TooManyMails(errors.ResourceExhausted):
    reason = "TOO_MANY_MAILS"

    def __init__(self, scope: str, limit: int, retry_after: timedelta) -> None:
        seconds = max(1, math.ceil(retry_after.total_seconds()))
        super().__init__(
            f"Too many mails of this {scope}; try again in {seconds} s.", scope=scope, limit=limit, retry_seconds=seconds
        )


Counted = tuple[Bucket, str]
"""A bucket, and the word for what it counts: `address`, `session` or `organization`."""


@dataclass(frozen=True, slots=True)
class MailLimits:
    """How many mails may be sent."""

    address_per_day: int
    confirmations_per_day: int
    """To one address, before it is confirmed."""
    session_per_hour: int
    organization_per_day: int
    tests_per_hour: int = 20

    def of_mail(self, organization: OrganizationId, address: str) -> tuple[Counted, ...]:
        """The buckets of any mail."""
        return (
            _counted("address", organization, f"mail:to:{digest(address)}", self.address_per_day, _DAY),
            _counted("organization", organization, "mail", self.organization_per_day, _DAY),
        )

    def of_assistant(self, organization: OrganizationId, address: str) -> tuple[Counted, ...]:
        """The buckets of a mail with the assistant's answer, beside those of any mail: half of each is left to the others."""
        key, most = f"mail:assistant:to:{digest(address)}", (self.address_per_day + 1) // 2
        return (
            _counted("address", organization, key, most, _DAY),
            _counted("organization", organization, "mail:assistant", (self.organization_per_day + 1) // 2, _DAY),
        )

    def of_confirmation(self, organization: OrganizationId, address: str, session: str) -> tuple[Counted, ...]:
        """The buckets of a mail to an address that no one has confirmed yet, beside those of any mail."""
        key = f"mail:confirm:{digest(address)}"
        return (
            _counted("address", organization, key, self.confirmations_per_day, _DAY),
            *self.of_session(organization, session),
        )

    def of_session(self, organization: OrganizationId, session: str) -> tuple[Counted, ...]:
        """The buckets of a mail that a customer asks for."""
        return (_counted("session", organization, f"mail:session:{session}", self.session_per_hour, timedelta(hours=1)),)

    def of_test(self, organization: OrganizationId) -> tuple[Counted, ...]:
        """The buckets of a test mail."""
        return (_counted("organization", organization, "mail:test", self.tests_per_hour, timedelta(hours=1)),)


def _counted(scope: str, organization: OrganizationId, key: str, calls: int, period: timedelta) -> Counted:
    return Bucket(organization, key, Rate(calls, period, burst=calls)), scope


def operators_server(url: str, from_address: str, from_name: str) -> MailServer | None:
    """The operator's mail server, from its URL: `smtp://user:password@host:587` (STARTTLS), `smtps://…` (TLS) or, on this
    machine, `smtp+plain://localhost:25`. None without a URL. Raises ValueError, without quoting the URL.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ValueError("must begin with smtp:// (STARTTLS), smtps:// (TLS) or smtp+plain:// and name a host")
    security = Security(_SCHEMES[parts.scheme])
    if security is Security.NONE and parts.hostname not in _LOOPBACK:
        raise ValueError("may be smtp+plain:// for a mail server on this machine alone")
    return MailServer(
        host=parts.hostname,
        port=parts.port or security.port,
        security=security,
        from_address=from_address,
        from_name=from_name,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        source=Source.OPERATOR,
    )


def checked_address(text: str, path: str) -> str:
    """A mail address in the form that is stored and sent to: its domain in lower case and ASCII (IDNA).

    Only what every mail server takes is accepted: no quoted names, no comments, no white space. Raises MailAddressInvalid.
    """
    local, at, domain = text.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise MailAddressInvalid(path) from None
    labels = ascii_domain.split(".")
    good = at and len(local) <= MAX_LOCAL and _LOCAL.fullmatch(local) and len(labels) > 1
    if not good or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdecimal():
        raise MailAddressInvalid(path)
    address = f"{local}@{ascii_domain}"
    if len(address) > MAX_ADDRESS:
        raise MailAddressInvalid(path)
    return address


def masked(address: str) -> str:
    """An address that its owner recognizes and no one else learns: `a…@shop.example`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if address else ""


def digest(address: str) -> str:
    """The form of an address that is counted and compared. Its case doesn't count: no provider gives two people the same."""
    return hashlib.sha256(address.lower().encode()).hexdigest()
