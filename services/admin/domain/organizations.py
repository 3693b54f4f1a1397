"""The tenant."""

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kit.errors import EtagMismatch
from kit.ids import OrganizationId
from services.admin.domain import errors
from services.admin.domain.facts import Fact, OrganizationCreated, OrganizationStateChanged, OrganizationUpdated
from services.admin.domain.roles import Actor

FIELDS = frozenset({"display_name", "language", "time_zone"})


class State(StrEnum):
    """Whether an organization's people and customers may do anything."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


@dataclass(frozen=True, slots=True)
class Organization:
    """A business that uses the platform."""

    id: OrganizationId
    display_name: str
    language: str
    """A BCP 47 tag."""
    time_zone: str
    """A name of the IANA database."""
    created: datetime
    updated: datetime
    revision: int = 1
    state: State = State.ACTIVE


Decided = tuple[Organization, Sequence[Fact]]
"""An organization as it shall be, and what to write down."""


@dataclass(frozen=True, slots=True)
class OrganizationUpdate:
    """New values; None leaves a field as it is."""

    display_name: str | None = None
    language: str | None = None
    time_zone: str | None = None
    etag: str = ""


def create(id: OrganizationId, display_name: str, language: str, time_zone: str, now: datetime) -> Organization:
    """A new organization. Raises InvalidDisplayName or InvalidTimeZone."""
    return Organization(
        id=id,
        display_name=checked_display_name(display_name),
        language=language or "en",
        time_zone=checked_time_zone(time_zone or "UTC"),
        created=now,
        updated=now,
    )


def created(organization: Organization) -> Sequence[Fact]:
    """The records of a new organization."""
    return (OrganizationCreated(organization.display_name, organization.time_zone),)


def update(organization: Organization, change: OrganizationUpdate, by: Actor, now: datetime) -> Decided:
    """The organization with new values, and what to write down. Nothing changes if nothing differs."""
    if change.etag and change.etag != str(organization.revision):
        raise EtagMismatch(str(organization.revision))
    after = replace(
        organization,
        display_name=organization.display_name if change.display_name is None else checked_display_name(change.display_name),
        language=organization.language if change.language is None else change.language or "en",
        time_zone=organization.time_zone if change.time_zone is None else checked_time_zone(change.time_zone or "UTC"),
    )
    if after == organization:
        return organization, ()
    after = replace(after, updated=now, revision=organization.revision + 1)
    return after, (OrganizationUpdated(str(by), after.display_name, after.language, after.time_zone),)


def change_state(organization: Organization, state: State, by: Actor, now: datetime) -> Decided:
    """The organization in a state, and what to write down. Twice is once."""
    if organization.state is state:
        return organization, ()
    after = replace(organization, state=state, updated=now, revision=organization.revision + 1)
    return after, (OrganizationStateChanged(str(by), f"ORGANIZATION_STATE_{state}"),)


def checked_display_name(text: str) -> str:
    """The text without blanks around it. Raises InvalidDisplayName."""
    text = text.strip()
    if not 1 <= len(text) <= 100 or not text.isprintable():
        raise errors.InvalidDisplayName
    return text


def checked_time_zone(name: str) -> str:
    """The name, if the IANA database has it. Raises InvalidTimeZone."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise errors.InvalidTimeZone(name) from error
    return name
