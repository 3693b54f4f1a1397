"""Channels: what connects an organization to its customers, and how its settings change.

InvalidArgument
└── FieldImmutable
NotFound
└── ChannelNotFound
AlreadyExists
└── ChannelExists
FailedPrecondition
├── ChannelPaused
└── ChannelKindMismatch
Aborted
└── ChannelChanged
"""

from collections.abc import Collection, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from kit import errors
from kit.ids import OrganizationId
from kit.text import is_blank

ChannelId = NewType("ChannelId", str)


class Kind(StrEnum):
    """What a channel connects to."""

    WEB_CHAT = "WEB_CHAT"
    WHATSAPP_TWILIO = "WHATSAPP_TWILIO"
    WHATSAPP_CLOUD = "WHATSAPP_CLOUD"
    EMAIL = "EMAIL"


class State(StrEnum):
    """Whether a channel works."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"


class MailSecurity(StrEnum):
    """How a connection to a mail server is protected."""

    TLS = "TLS"
    STARTTLS = "STARTTLS"


@dataclass(frozen=True, slots=True)
class WebChatConfig:
    greeting: str = ""
    allowed_origins: tuple[str, ...] = ()
    identity_required: bool = False


@dataclass(frozen=True, slots=True)
class TwilioWhatsAppConfig:
    account_sid: str
    phone_number: str
    messaging_service_sid: str = ""
    webhook_url: str = ""


@dataclass(frozen=True, slots=True)
class CloudWhatsAppConfig:
    phone_number_id: str
    business_account_id: str = ""


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    security: MailSecurity
    user: str = ""


@dataclass(frozen=True, slots=True)
class EmailConfig:
    address: str
    imap: MailServer
    smtp: MailServer
    folder: str = ""


Config = WebChatConfig | TwilioWhatsAppConfig | CloudWhatsAppConfig | EmailConfig

CONFIGS: Mapping[Kind, type[Config]] = {
    Kind.WEB_CHAT: WebChatConfig,
    Kind.WHATSAPP_TWILIO: TwilioWhatsAppConfig,
    Kind.WHATSAPP_CLOUD: CloudWhatsAppConfig,
    Kind.EMAIL: EmailConfig,
}

CREDENTIALS: Mapping[Kind, tuple[str, ...]] = {
    Kind.WEB_CHAT: ("web_chat.identity_secret",),
    Kind.WHATSAPP_TWILIO: ("whatsapp_twilio.auth_token",),
    Kind.WHATSAPP_CLOUD: (
        "whatsapp_cloud.access_token",
        "whatsapp_cloud.app_secret",
        "whatsapp_cloud.verify_token",
    ),
    Kind.EMAIL: ("email.imap.password", "email.smtp.password"),
}
"""The write-only fields of each kind, by their path in the contract."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A configured connection. `version` counts its changes; `credentials` are readable only inside this service."""

    organization: OrganizationId
    id: ChannelId
    kind: Kind
    display_name: str
    config: Config
    created: datetime
    updated: datetime
    state: State = State.ACTIVE
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    version: int = 1
    assistant_off: bool = False
    """Whether messages go straight to the agents' queue."""

    @property
    def etag(self) -> str:
        return str(self.version)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants a channel to be."""

    kind: Kind | None
    display_name: str
    state: State | None
    config: Config | None
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    assistant_off: bool = False

    @property
    def filled(self) -> set[str]:
        """The paths of the fields that have a value."""
        paths = {path for path, value in self.credentials.items() if value}
        if self.display_name:
            paths.add("display_name")
        if self.state is not None:
            paths.add("state")
        if self.assistant_off:
            paths.add("assistant_off")
        if self.config is not None:
            paths.add(next(kind for kind, config in CONFIGS.items() if isinstance(self.config, config)).lower())
        return paths


class ChannelNotFound(errors.NotFound):
    reason = "CHANNEL_NOT_FOUND"

    def __init__(self, channel: str) -> None:
        super().__init__(f"There is no channel {channel} in this organization.", channel=channel)


class ChannelExists(errors.AlreadyExists):
    reason = "CHANNEL_EXISTS"

    def __init__(self, channel: str) -> None:
        super().__init__(f"There is a channel {channel} already; choose another id.", channel=channel)


class ChannelPaused(errors.FailedPrecondition):
    reason = "CHANNEL_PAUSED"

    def __init__(self, channel: str) -> None:
        super().__init__(f"Channel {channel} is paused and takes nothing in.", channel=channel)


class ChannelKindMismatch(errors.FailedPrecondition):
    reason = "CHANNEL_KIND_MISMATCH"

    def __init__(self, channel: str, kind: Kind) -> None:
        super().__init__(f"Channel {channel} is of the kind {kind}, which cannot do this.", channel=channel, kind=kind)


class ChannelChanged(errors.Aborted):
    reason = "CHANNEL_CHANGED"

    def __init__(self, channel: str, etag: str) -> None:
        super().__init__(f"Channel {channel} changed since you read it; read it again and repeat.", channel=channel, etag=etag)


class FieldImmutable(errors.InvalidArgument):
    reason = "FIELD_IMMUTABLE"

    def __init__(self, path: str) -> None:
        super().__init__(f"{errors.json_name(path)} can't be changed, or this kind of channel has no such field.", path=path)


class FieldMissing(errors.InvalidArgument):
    reason = "FIELD_MISSING"

    def __init__(self, field: str) -> None:
        super().__init__(f"{errors.json_name(field)} is missing.", field=field)


def create(organization: OrganizationId, id: ChannelId, draft: Draft, now: datetime) -> Channel:
    """A new channel as `draft` describes it. Raises FieldMissing."""
    if draft.kind is None:
        raise FieldMissing("kind")
    config = draft.config
    if config is None and draft.kind is Kind.WEB_CHAT:
        config = WebChatConfig()
    if not isinstance(config, CONFIGS[draft.kind]):
        raise FieldMissing(draft.kind.lower())
    return _checked(
        Channel(
            organization=organization,
            id=id,
            kind=draft.kind,
            display_name=draft.display_name,
            state=draft.state or State.ACTIVE,
            config=config,
            credentials={path: value for path, value in draft.credentials.items() if value},
            created=now,
            updated=now,
            assistant_off=draft.assistant_off,
        )
    )


def update(channel: Channel, draft: Draft, paths: Collection[str], now: datetime) -> Channel:
    """The channel with the fields that `paths` names taken from `draft`.

    A credential is removed only when its own path is named and its value is empty.
    """
    prefix = channel.kind.lower()
    if draft.kind not in (None, channel.kind):
        raise FieldImmutable("kind")
    if draft.config is not None and not isinstance(draft.config, CONFIGS[channel.kind]):
        raise FieldMissing(prefix)
    changed, credentials = channel, dict(channel.credentials)
    for path in sorted(paths):
        if path == "display_name":
            changed = replace(changed, display_name=draft.display_name)
        elif path == "state":
            changed = replace(changed, state=draft.state or State.ACTIVE)
        elif path == "assistant_off":
            changed = replace(changed, assistant_off=draft.assistant_off)
        elif path in CREDENTIALS[channel.kind]:
            credentials[path] = draft.credentials.get(path, "")
        elif path == prefix or path.startswith(prefix + "."):
            changed = replace(changed, config=_config(changed.config, draft.config, path))
            credentials |= {p: v for p, v in draft.credentials.items() if v and (p + ".").startswith(path + ".")}
        else:
            raise FieldImmutable(path)
    kept = {path: value for path, value in credentials.items() if value}
    return _checked(replace(changed, credentials=kept, updated=now, version=channel.version + 1))


def _checked(channel: Channel) -> Channel:
    """The channel, if every field that it needs has a value."""
    if is_blank(channel.display_name):
        raise FieldMissing("display_name")
    _check(channel.config, channel.kind.lower())
    return channel


def _check(config: Config | MailServer, path: str) -> None:
    for member in fields(config):
        value = getattr(config, member.name)
        if member.default is MISSING and not value:
            raise FieldMissing(f"{path}.{member.name}")
        if isinstance(value, MailServer):
            _check(value, f"{path}.{member.name}")


def _config(current: Config, wanted: Config | None, path: str) -> Config:
    """`current` with the whole of `wanted` (path `web_chat`) or with one of its fields (path `web_chat.greeting`)."""
    prefix, _, name = path.partition(".")
    if wanted is None:
        raise FieldMissing(prefix)
    if not name:
        return wanted
    if name not in {member.name for member in fields(current)}:
        raise FieldImmutable(path)
    return replace(current, **{name: getattr(wanted, name)})


def problems(channel: Channel) -> list[str]:
    """What keeps a channel from working, in sentences that say what to do."""
    found = []
    if channel.state is State.PAUSED:
        found.append("The channel is paused: set its state to ACTIVE.")
    if isinstance(channel.config, WebChatConfig):
        secret = channel.credentials.get("web_chat.identity_secret")
        if channel.config.identity_required and not secret:
            found.append("Customers must be signed, but there is no identitySecret to check it with: set one.")
    if isinstance(channel.config, TwilioWhatsAppConfig) and not channel.credentials.get("whatsapp_twilio.auth_token"):
        found.append("There is no authToken: without it nothing can be sent, and no webhook is believed. Set it.")
    return found
