"""Settings: immutable versions of a typed value, of which one is published and one may be a draft.

The contract says which values are valid. Here a value is a JSON object whose one member names the setting, with the contract's
JSON names: `{"assistant": {"maxWords": 100}}`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from kit.errors import EtagMismatch, SettingVersionNotFound
from kit.ids import OrganizationId
from services.admin.domain import business_hours, errors
from services.admin.domain.facts import SettingDrafted, SettingPublished
from services.admin.domain.organizations import checked_time_zone
from services.admin.domain.roles import Actor

Value = Mapping[str, object]

SIGN_IN = "sign-in"
"""The setting that says how users sign in."""
MAX_VERSIONS = 500
"""How many versions of a setting are kept; what is published and the draft always are."""
DRAFTS_KEPT = timedelta(days=30)
"""How long a draft is kept that a later one replaced."""
_OPENINGS = ("openings", "specialDays.openings")
_ENDS = ("startTime", "endTime")
USED = frozenset(
    (
        *(f"assistant.{name}" for name in ("disabled", "displayName", "tone", "instructions", "languages", "maxWords")),
        "assistant.askNextWhenUnsure",
        *(f"assistant.models.{name}" for name in ("model", "credential", "temperature", "maxOutputTokens")),
        *(f"assistant.thresholds.{name}" for name in ("minDenseScore", "minLexicalScore", "maxPassages")),
        *(f"assistant.thresholds.{name}" for name in ("enoughScore", "weakScore")),
        *(f"assistant.handover.{name}" for name in ("unknownAnswers", "notice", "closedNotice")),
        *("limits.concurrentTurns", "limits.contextTokens"),
        *("limits.sessionMessagesPerMinute", "limits.customerMessagesPerMinute"),
        *("budget.daily.units", "budget.daily.nanos", "retention.conversations"),
        "signIn.requireSecondFactor",
        *("businessHours.timeZone", "businessHours.openings.day", "businessHours.specialDays.displayName"),
        *(f"businessHours.specialDays.date.{name}" for name in ("year", "month", "day")),
        *(f"businessHours.{of}.{end}.{unit}" for of in _OPENINGS for end in _ENDS for unit in ("hours", "minutes")),
        *(f"mail.{name}" for name in ("host", "port", "security", "credential", "fromAddress", "fromName")),
    )
)
"""The fields that a service follows. Saving any other one is refused, so that no one relies on it."""
INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Version:
    """A value as it was saved once."""

    number: int
    value: Value
    author: str
    created: datetime
    comment: str = ""
    published: datetime | None = None
    """When it was last published."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One group of an organization's settings."""

    organization: OrganizationId
    id: str
    published: Version | None = None
    """None: the defaults hold."""
    draft: Version | None = None
    updated: datetime | None = None
    revision: int = 0
    last: int = 0
    """The number of the newest version."""

    @property
    def name(self) -> str:
        """The resource name."""
        return f"organizations/{self.organization}/settings/{self.id}"

    def version_name(self, version: Version | None) -> str:
        """The resource name of a version; empty for the defaults."""
        return f"{self.name}/versions/{version.number}" if version else ""


class Decided(NamedTuple):
    """A setting as it shall be, and what goes with it in the same transaction."""

    setting: Setting
    saved: Version | None = None
    """A version that is new, or has another time of publication."""
    facts: tuple[SettingDrafted | SettingPublished, ...] = ()


class Change(NamedTuple):
    """A field in which two values differ; None where it has none."""

    path: str
    before: object
    after: object


Rule = Callable[[Setting, Collection[str]], Decided]
"""Decides on a setting, given the ids of the organization's credentials."""


def save(
    setting: Setting, merge: Callable[[Value | None], Value], etag: str, credentials: Collection[str], by: Actor, now: datetime
) -> Decided:
    """Saves a draft. `merge` makes it of what it begins as: the draft, or else the published version, or nothing (None)."""
    _check_etag(setting, etag)
    begins = setting.draft or setting.published
    value = merge(begins.value if begins else None)
    if begins and value == begins.value:
        return Decided(setting)
    check(value, setting.organization, credentials)
    draft = Version(setting.last + 1, value, str(by), now)
    after = _touched(replace(setting, draft=draft, last=draft.number), now)
    return Decided(after, draft, (SettingDrafted(str(by), after.version_name(draft), value),))


def publish(setting: Setting, comment: str, etag: str, credentials: Collection[str], by: Actor, now: datetime) -> Decided:
    """Makes the draft what holds. Without a draft nothing changes."""
    _check_etag(setting, etag)
    if setting.draft is None:
        return Decided(setting)
    version = replace(setting.draft, comment=comment, published=now)
    return _published(replace(setting, draft=None), version, credentials, by, now)


def discard(setting: Setting, etag: str, now: datetime) -> Decided:
    """Drops the draft. Without one nothing changes."""
    _check_etag(setting, etag)
    return Decided(_touched(replace(setting, draft=None), now)) if setting.draft else Decided(setting)


def roll_back(
    setting: Setting, to: Version | None, etag: str, credentials: Collection[str], by: Actor, now: datetime
) -> Decided:
    """Makes a version that was published before hold again, or the defaults (None). The draft stays."""
    _check_etag(setting, etag)
    if to is not None and to.published is None:
        raise SettingVersionNotFound(setting.id, str(to.number))
    if (to.number if to else 0) == (setting.published.number if setting.published else 0):
        return Decided(setting)
    return _published(setting, replace(to, published=now) if to else None, credentials, by, now)


def _published(setting: Setting, version: Version | None, credentials: Collection[str], by: Actor, now: datetime) -> Decided:
    if version is not None:
        check(version.value, setting.organization, credentials)
    after = _touched(replace(setting, published=version), now)
    fact = SettingPublished(
        actor=str(by),
        setting=setting.name,
        version=after.version_name(version),
        previous_version=setting.version_name(setting.published),
        value=version.value if version else {member_of(setting.id): {}},
    )
    return Decided(after, version, (fact,))


def check(value: Value, organization: OrganizationId, credentials: Collection[str]) -> None:
    """The rules that the contract can't state.

    Raises SettingNotUsed, InvalidTimeZone, InvalidBusinessHours or CredentialNotFound.
    """
    for path, leaf in _leaves("", value, empty=True):
        if not _is_used(INDEX.sub("", path), leaf):
            raise errors.SettingNotUsed(path)
        if path.endswith(".timeZone"):
            checked_time_zone(str(leaf))
        if path.endswith(".credential"):
            owner, _, id = str(leaf).partition("/credentials/")
            if owner != f"organizations/{organization}" or id not in credentials:
                raise errors.CredentialNotFound(id)
    hours = value.get("businessHours")
    if isinstance(hours, Mapping):
        business_hours.check(hours)


def _is_used(path: str, leaf: object) -> bool:
    """Whether a service follows a field, or some field of an object that is empty."""
    return path in USED or (leaf == {} and any(used.startswith(f"{path}.") for used in USED))


def requires_second_factor(sign_in: Setting) -> bool:
    """Whether the setting `sign-in` requires a second factor of every user."""
    value = sign_in.published.value.get(member_of(SIGN_IN)) if sign_in.published else None
    return isinstance(value, Mapping) and bool(value.get("requireSecondFactor"))


def diff(before: Value, after: Value) -> list[Change]:
    """The fields in which two values differ, by path."""
    old, new = dict(_leaves("", before)), dict(_leaves("", after))
    paths = sorted(old.keys() | new.keys())
    return [Change(path, old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)]


def member_of(setting: str) -> str:
    """The member of a value that belongs to a setting: `businessHours` of `business-hours`."""
    first, *others = setting.split("-")
    return first + "".join(word.title() for word in others)


def _leaves(path: str, value: object, empty: bool = False) -> Iterator[tuple[str, object]]:
    """Each field that holds no object, by its path; an item of a list by its index. With `empty`, empty objects too."""
    if isinstance(value, Mapping) and (value or not empty):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}" if path else str(name), inner, empty)
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _leaves(f"{path}[{index}]", inner, empty)
    else:
        yield path, value


def _check_etag(setting: Setting, etag: str) -> None:
    if etag and etag != str(setting.revision):
        raise EtagMismatch(str(setting.revision))


def _touched(setting: Setting, now: datetime) -> Setting:
    return replace(setting, updated=now, revision=setting.revision + 1)
