"""How agents' records and presence change: functions from an agent to the agent after it, with the facts to append."""

from dataclasses import replace
from datetime import datetime

from services.agent.domain.agent import DEFAULT_CAPACITY, Agent, Me, Presence, PresenceState, shown
from services.agent.domain.facts import AgentChanged, AgentPresenceChanged, Fact

NAME_CHARACTERS = 100

Changed = tuple[Agent, tuple[Fact, ...]]


def enroll(me: Me, now: datetime) -> Changed:
    """The record of a user who is seen for the first time."""
    presence = Presence(PresenceState.OFFLINE, PresenceState.OFFLINE, "", now)
    display_name = me.display_name.strip()[:NAME_CHARACTERS] or "Agent"
    agent = Agent(me.organization, me.id, display_name, (), DEFAULT_CAPACITY, presence, now, now, 1)
    return agent, (AgentChanged(agent.id),)


def edit(
    agent: Agent, now: datetime, display_name: str | None, skills: tuple[str, ...] | None, capacity: int | None
) -> Changed:
    """The record with new values; None leaves a value as it is."""
    edited = replace(
        agent,
        display_name=agent.display_name if display_name is None else display_name,
        skills=agent.skills if skills is None else skills,
        capacity=agent.capacity if capacity is None else capacity,
        updated=now,
        version=agent.version + 1,
    )
    return edited, (AgentChanged(agent.id),)


def choose(agent: Agent, state: PresenceState, away_reason: str, now: datetime) -> Changed:
    """The agent chooses a state, and is heard from by that."""
    reason = away_reason.strip() if state is PresenceState.AWAY else ""
    chosen = replace(agent.presence, chosen=state)
    return _show(replace(agent, presence=chosen), shown(state, alive=True), reason, now)


def notice(agent: Agent, *, alive: bool, now: datetime) -> Changed:
    """The agent is heard from again, or has fallen silent: shows what that means."""
    return _show(agent, shown(agent.presence.chosen, alive=alive), agent.presence.away_reason, now)


def _show(agent: Agent, state: PresenceState, away_reason: str, now: datetime) -> Changed:
    before = agent.presence
    if (before.shown, before.away_reason) == (state, away_reason):
        return agent, ()
    since = now if before.shown is not state else before.since
    after = replace(agent, presence=replace(before, shown=state, away_reason=away_reason, since=since))
    return after, (AgentPresenceChanged(agent.id, state),)
