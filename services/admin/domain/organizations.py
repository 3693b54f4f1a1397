"""The tenant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kit.errors import EtagMismatch, OrganizationDeleting, OrganizationErased, OrganizationSuspended
from kit.hours import zone_of
from kit.ids import OrganizationId
from kit.text import shown_name
from services.admin.domain import errors
from services.admin.domain.facts import Fact, OrganizationCreated, OrganizationStateChanged, OrganizationUpdated
from services.admin.domain.roles import Actor

FIELDS = frozenset({"display_name", "language", "time_zone"})


class State(StrEnum):
    """Whether an organization's people and customers may do anything."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    DELETING = "DELETING"
    """It is deleted, and can be restored until its time of purge."""
    ERASING = "ERASING"
    """Every service erases what it holds of it."""


STORES = ("admin", "agent", "channel", "core", "memory")
"""The services that erase and confirm it."""


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
    purge: datetime | None = None
    """When its erasure begins, while it is DELETING."""
    restored: State = State.ACTIVE
    """The state that it gets when it is restored."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How far a service is with an erasure."""

    service: str
    finished: datetime | None
    count: int


@dataclass(frozen=True, slots=True)
class OrganizationErasure:
    """The receipt of an organization's erasure."""

    organization: OrganizationId
    created: datetime
    confirmations: Sequence[Confirmation]
    """One for each of `STORES`, in that order."""

    @property
    def open_elsewhere(self) -> bool:
        """Whether another service has not finished."""
        return any(each.finished is None for each in self.confirmations if each.service != "admin")

    @property
    def finished(self) -> datetime | None:
        """When the last service had finished."""
        times = [each.finished for each in self.confirmations]
        return None if None in times else max(time for time in times if time)


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
    """Suspends an organization, or resumes it. Twice is once. Raises OrganizationDeleting or OrganizationErased."""
    if organization.state is State.DELETING:
        raise OrganizationDeleting(organization.id)
    _check_not_erasing(organization)
    return _in_state(organization, state, by, now)


def delete(organization: Organization, etag: str, grace: timedelta, by: Actor, now: datetime) -> Decided:
    """Deletes an organization: it can be restored for a grace period. Twice is once."""
    if etag and etag != str(organization.revision):
        raise EtagMismatch(str(organization.revision))
    if organization.state in (State.DELETING, State.ERASING):
        return organization, ()
    return _in_state(replace(organization, purge=now + grace, restored=organization.state), State.DELETING, by, now)


def restore(organization: Organization, by: Actor, now: datetime) -> Decided:
    """Takes a deletion back. Twice is once. Raises OrganizationErased."""
    _check_not_erasing(organization)
    if organization.state is not State.DELETING:
        return organization, ()
    return _in_state(replace(organization, purge=None), organization.restored, by, now)


def begin_erasure(organization: Organization, by: Actor, now: datetime) -> Decided:
    """Begins the erasure of an organization whose grace period is over. Of any other nothing changes."""
    if organization.state is not State.DELETING or organization.purge is None or organization.purge > now:
        return organization, ()
    return _in_state(organization, State.ERASING, by, now)


def check_open(organization: Organization, to_owner: bool) -> None:
    """Raises OrganizationSuspended or OrganizationDeleting, but to an owner. Raises OrganizationErased."""
    _check_not_erasing(organization)
    if organization.state is State.SUSPENDED and not to_owner:
        raise OrganizationSuspended(organization.id)
    if organization.state is State.DELETING and not to_owner:
        raise OrganizationDeleting(organization.id)


def _in_state(organization: Organization, state: State, by: Actor, now: datetime) -> Decided:
    if organization.state is state:
        return organization, ()
    after = replace(organization, state=state, updated=now, revision=organization.revision + 1)
    return after, (OrganizationStateChanged(str(by), f"ORGANIZATION_STATE_{state}"),)


def _check_not_erasing(organization: Organization) -> None:
    if organization.state is State.ERASING:
        raise OrganizationErased(organization.id)


def checked_display_name(text: str) -> str:
    """The text without blanks around it. Raises InvalidDisplayName."""
    text = text.strip()
    if not 1 <= len(text) <= 100 or shown_name(text) != text:
        raise errors.InvalidDisplayName
    return text


def checked_time_zone(name: str) -> str:
    """The name, if the IANA database has it. Raises InvalidTimeZone."""
    if zone_of(name) is None:
        raise errors.InvalidTimeZone(name)
    return name
