"""Use cases: `team` (agents and presence), `desk` (handovers and conversations), `inbox` (one agent's screen), `catalog`, and
`availabilities` (what customers may know).
"""

from dataclasses import dataclass

from services.agent.app.availability import Availabilities
from services.agent.app.catalog import Catalog
from services.agent.app.desk import Desk
from services.agent.app.inbox import Inbox
from services.agent.app.team import Team


@dataclass(frozen=True)
class App:
    """All use cases of the service."""

    team: Team
    desk: Desk
    inbox: Inbox
    catalog: Catalog
    availabilities: Availabilities


__all__ = ["App", "Availabilities", "Catalog", "Desk", "Inbox", "Team"]
