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

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from kit import errors
from kit.ids import OrganizationId
from kit.text import is_blank
from services.channel.domain import web_chat
from services.channel.domain.web_chat import WebChatConfig as WebChatConfig

ChannelId = NewType("ChannelId", str)


Kind = NewType("Kind", str)
"""The kind of provider that a channel connects to, as the contract names it: in capitals, the member of its `config`."""

WEB_CHAT = Kind("WEB_CHAT")


class State(StrEnum):
    """Whether a channel works."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"


@dataclass(frozen=True, slots=True)
class Form:
    """The configuration of channels of a kind."""

    kind: Kind
    config: type[Any]
    """A dataclass with the contract's names; fields without a default are required."""
    credentials: tuple[str, ...]
    """The write-only fields, by their names in the contract."""
    problems: "Callable[[Channel], list[str]]"
    """The problems of a channel's settings that can be seen without a call."""
    checked: Callable[[Any], Any] = lambda config: config
    """The configuration as it is stored. Raises InvalidArgument for values that don't fit together."""
    kept: tuple[str, ...] = ()
    """Fields that calls of their own change, and no update."""

    @property
    def prefix(self) -> str:
        """Of the paths of its fields: the member of the contract's `config`."""
        return self.kind.lower()

    @property
    def credential_paths(self) -> tuple[str, ...]:
        """The paths of the write-only fields."""
        return tuple(f"{self.prefix}.{name}" for name in self.credentials)


Forms = Mapping[Kind, Form]


@dataclass(frozen=True, slots=True)
class Channel:
    """A configured connection. `version` counts its changes; `credentials` are readable only inside this service."""

    organization: OrganizationId
    id: ChannelId
    kind: Kind
    display_name: str
    config: Any
    """Of the type that the kind's form says."""
    created: datetime
    updated: datetime
    state: State = State.ACTIVE
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    version: int = 1
    assistant_off: bool = False
    """Whether messages go straight to the agents' queue."""
    widget_seen: datetime | None = None
    """When another site last loaded the web chat."""
    widget_seen_origin: str = ""
    """Which one."""

    @property
    def etag(self) -> str:
        return str(self.version)


@dataclass(frozen=True, slots=True)
class Draft:
    """The wanted values of a channel."""

    kind: Kind | None
    display_name: str
    state: State | None
    config: Any | None
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    assistant_off: bool = False
    prefix: str = ""
    """The member of the contract's `config` that holds the settings."""

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
            paths.add(self.prefix)
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


def create(organization: OrganizationId, id: ChannelId, draft: Draft, now: datetime, form: Form) -> Channel:
    """A new channel as `draft` describes it. Raises FieldMissing."""
    config = draft.config
    if config is None and form.kind == WEB_CHAT:
        config = WebChatConfig()
    if not isinstance(config, form.config):
        raise FieldMissing(form.prefix)
    return _checked(
        form,
        Channel(
            organization=organization,
            id=id,
            kind=form.kind,
            display_name=draft.display_name,
            state=draft.state or State.ACTIVE,
            config=config,
            credentials={path: value for path, value in draft.credentials.items() if value},
            created=now,
            updated=now,
            assistant_off=draft.assistant_off,
        ),
    )


def update(channel: Channel, draft: Draft, paths: Collection[str], now: datetime, form: Form) -> Channel:
    """The channel with the fields that `paths` names taken from `draft`.

    A credential is removed only when its own path is named and its value is empty.
    """
    prefix = form.prefix
    if draft.kind not in (None, channel.kind):
        raise FieldImmutable("kind")
    if draft.config is not None and not isinstance(draft.config, form.config):
        raise FieldMissing(prefix)
    changed, credentials = channel, dict(channel.credentials)
    for path in sorted(paths):
        if path == "display_name":
            changed = replace(changed, display_name=draft.display_name)
        elif path == "state":
            changed = replace(changed, state=draft.state or State.ACTIVE)
        elif path == "assistant_off":
            changed = replace(changed, assistant_off=draft.assistant_off)
        elif path in form.credential_paths:
            credentials[path] = draft.credentials.get(path, "")
        elif path == prefix or path.startswith(prefix + "."):
            changed = replace(changed, config=_config(changed.config, draft.config, path, form.kept))
            credentials |= {p: v for p, v in draft.credentials.items() if v and (p + ".").startswith(path + ".")}
        else:
            raise FieldImmutable(path)
    kept = {path: value for path, value in credentials.items() if value}
    return _checked(form, replace(changed, credentials=kept, updated=now, version=channel.version + 1))


def with_logo(channel: Channel, sha256: str, now: datetime) -> Channel:
    """A web chat with another logo; empty: none. Raises ChannelKindMismatch."""
    if not isinstance(channel.config, WebChatConfig):
        raise ChannelKindMismatch(channel.id, channel.kind)
    return replace(channel, config=replace(channel.config, logo=sha256), updated=now, version=channel.version + 1)


def _checked(form: Form, channel: Channel) -> Channel:
    """The channel, if every field that it needs has a value, and they fit together."""
    if is_blank(channel.display_name):
        raise FieldMissing("display_name")
    for member in fields(channel.config):
        needed = member.default is MISSING and member.default_factory is MISSING
        if needed and not getattr(channel.config, member.name):
            raise FieldMissing(f"{channel.kind.lower()}.{member.name}")
    return replace(channel, config=form.checked(channel.config))


def _config(current: Any, wanted: Any | None, path: str, kept: tuple[str, ...]) -> Any:
    """`current` with the whole of `wanted` (path `web_chat`) or with one of its fields (path `web_chat.greeting`)."""
    prefix, _, name = path.partition(".")
    if wanted is None:
        raise FieldMissing(prefix)
    if not name:
        return replace(wanted, **{member: getattr(current, member) for member in kept})
    if name in kept or name not in {member.name for member in fields(current)}:
        raise FieldImmutable(path)
    return replace(current, **{name: getattr(wanted, name)})


def problems(channel: Channel, form: Form) -> list[str]:
    """The problems that keep a channel from working, in sentences that say what to do."""
    paused = ["The channel is paused: set its state to ACTIVE."] if channel.state is State.PAUSED else []
    return paused + form.problems(channel)


def _web_chat_problems(channel: Channel) -> list[str]:
    if channel.config.identity_required and not channel.credentials.get("web_chat.identity_secret"):
        return ["Customers must be signed, but there is no identitySecret to check it with: set one."]
    return []


WEB_CHAT_FORM = Form(WEB_CHAT, WebChatConfig, ("identity_secret",), _web_chat_problems, web_chat.checked, ("logo",))
