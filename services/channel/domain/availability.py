"""Whether a human is there, for customers: nothing that is not known, and no names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.channel.domain.sessions import ConversationId

FEW = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """Whether a business's hours are open at a moment."""

    within_hours: bool = True
    opens: datetime | None = None
    """The next opening; None: they are open, or no opening is known."""
    closes: datetime | None = None
    """The end of hours that are open; None: they are closed, or no end is known."""


class AgentsOnline(StrEnum):
    """How many agents take conversations now."""

    UNKNOWN = "UNKNOWN"
    NONE = "NONE"
    FEW = "FEW"
    MANY = "MANY"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation stands in its line."""

    number: int
    """From 1 on."""
    since: datetime
    usual_wait: timedelta | None
    """Of its line; None: not known."""


@dataclass(frozen=True, slots=True)
class Team:
    """An organization's agents, and the conversations that wait for them."""

    agents_online: int
    usual_wait: timedelta | None
    """Over all lines; None: not known."""
    places: Mapping[ConversationId, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HumanAvailability:
    """The answer to a customer."""

    agents_online: AgentsOnline
    opened: Opened
    place: int = 0
    """0: it does not wait, or its place is not known."""
    usual_wait: timedelta | None = None
    waited: timedelta | None = None


def human_availability(
    team: Team | None, opened: Opened, now: datetime, conversation: ConversationId | None = None
) -> HumanAvailability:
    """The answer to a customer; `team`: None while it is not known."""
    if team is None:
        return HumanAvailability(AgentsOnline.UNKNOWN, opened)
    online = _bucket(team.agents_online)
    place = team.places.get(conversation) if conversation else None
    wait = place.usual_wait if place else team.usual_wait
    return HumanAvailability(
        agents_online=online,
        opened=opened,
        place=place.number if place else 0,
        # Past waits promise nothing while no one is there.
        usual_wait=wait if online is not AgentsOnline.NONE and opened.within_hours else None,
        waited=max(now - place.since, timedelta()) if place else None,
    )


def _bucket(count: int) -> AgentsOnline:
    if count <= 0:
        return AgentsOnline.NONE
    return AgentsOnline.FEW if count <= FEW else AgentsOnline.MANY
