"""Agents, and whether they are at work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kit import errors
from kit.errors import EtagMismatch
from kit.ids import OrganizationId
from services.agent.domain.ids import AgentId

DEFAULT_CAPACITY = 5


class AgentNotFound(errors.NotFound):
    reason = "AGENT_NOT_FOUND"

    def __init__(self, organization: OrganizationId, agent: AgentId) -> None:
        name = f"organizations/{organization}/agents/{agent}"
        super().__init__(f"There is no agent {name}; agents appear when they first sign in to their desk.", agent=name)


class NotAnAgent(errors.PermissionDenied):
    reason = "NOT_AN_AGENT"

    def __init__(self, caller: str) -> None:
        super().__init__("Only a signed-in user can do this as an agent.", caller=caller)


class NotYourPresence(errors.PermissionDenied):
    reason = "NOT_YOUR_PRESENCE"

    def __init__(self, organization: OrganizationId, agent: AgentId) -> None:
        name = f"organizations/{organization}/agents/{agent}"
        super().__init__("Agents choose their presence themselves; use agents/me.", agent=name)


class InvalidUpdateMask(errors.InvalidArgument):
    reason = "INVALID_UPDATE_MASK"

    def __init__(self, path: str, allowed: tuple[str, ...]) -> None:
        names = ", ".join(map(errors.json_name, allowed))
        super().__init__(f"{errors.json_name(path)} can't be changed; this call changes {names}.", path=path)


class PresenceState(StrEnum):
    """Whether an agent is at work."""

    ONLINE = "ONLINE"
    AWAY = "AWAY"
    OFFLINE = "OFFLINE"


@dataclass(frozen=True, slots=True)
class Presence:
    """The state that an agent chose, and the one that others see."""

    chosen: PresenceState
    shown: PresenceState
    away_reason: str
    since: datetime
    """Since when `shown` holds."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A human who answers customers: a user with a seat."""

    organization: OrganizationId
    id: AgentId
    display_name: str
    skills: tuple[str, ...]
    capacity: int
    """How many conversations are offered at a time."""
    presence: Presence
    created: datetime
    updated: datetime
    version: int
    assignment_count: int = 0

    @property
    def name(self) -> str:
        """The resource name."""
        return f"organizations/{self.organization}/agents/{self.id}"

    def check(self, etag: str) -> None:
        """Raises EtagMismatch when `etag` is set and not this version's."""
        if etag and etag != str(self.version):
            raise EtagMismatch(str(self.version))


def shown(chosen: PresenceState, *, alive: bool) -> PresenceState:
    """The state that others see of an agent who chose a state and whose heartbeats arrive, or don't."""
    return chosen if alive else PresenceState.OFFLINE


@dataclass(frozen=True, slots=True)
class HeartbeatRules:
    """How heartbeats turn into presence: OFFLINE is seen at most `expires + sweeps` after the last one."""

    interval: timedelta = timedelta(seconds=2)
    """How often screens send one."""
    expires: timedelta = timedelta(seconds=4)
    """After which silence an agent counts as gone."""
    sweeps: timedelta = timedelta(seconds=1)
    """How often expiry is looked for."""


@dataclass(frozen=True, slots=True)
class Me:
    """The agent who calls, as the token says."""

    organization: OrganizationId
    id: AgentId
    display_name: str
