"""`ports.Agents` and `ports.Heartbeats`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from kit.errors import EtagMismatch
from kit.ids import OrganizationId
from services.agent.domain import roster
from services.agent.domain.agent import Agent, AgentNotFound, Me, PresenceState
from services.agent.domain.facts import AgentChanged, AgentPresenceChanged
from services.agent.domain.ids import AgentId
from tests.services.agent.ports import EXPIRES, Ports, ids_of, take_told

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def me(organization: OrganizationId, id: str, name: str = "Some Agent") -> Me:
    return Me(organization, AgentId(id), name)


async def test_an_agent_is_added_once(ports: Ports, organization: OrganizationId) -> None:
    assert await ports.agents.get(organization, AgentId("a1")) is None
    agent, facts = roster.enroll(me(organization, "a1"), NOW)
    assert await ports.agents.add(agent, facts) == agent
    other, again = roster.enroll(me(organization, "a1", "Another Name"), NOW)
    assert await ports.agents.add(other, again) == agent
    assert await ports.agents.get(organization, AgentId("a1")) == agent
    assert await ports.agents.get(OrganizationId(f"{organization}x"), AgentId("a1")) is None


async def test_pages_go_by_name_then_id(ports: Ports, organization: OrganizationId) -> None:
    for id, name in (("a3", "B"), ("a1", "B"), ("a2", "A"), ("a4", "C")):
        await ports.agents.add(*roster.enroll(me(organization, id, name), NOW))
    assert ids_of(await ports.agents.page(organization, None, 3)) == ["a2", "a1", "a3"]
    assert ids_of(await ports.agents.page(organization, ("B", "a1"), 3)) == ["a3", "a4"]


async def test_a_change_and_its_facts_are_kept_together_or_not_at_all(ports: Ports, organization: OrganizationId) -> None:
    await ports.agents.add(*roster.enroll(me(organization, "a1"), NOW))
    before = await ports.feed.end(organization)

    def refuse(agent: Agent) -> roster.Changed:
        raise EtagMismatch("1")

    with pytest.raises(EtagMismatch):
        await ports.agents.change(organization, AgentId("a1"), refuse)
    with pytest.raises(AgentNotFound):
        await ports.agents.change(organization, AgentId("a9"), lambda a: (a, ()))
    changed = await ports.agents.change(
        organization, AgentId("a1"), lambda a: roster.edit(a, NOW, "New Name", ("es", "billing"), 3)
    )
    assert await ports.agents.get(organization, AgentId("a1")) == changed
    ((_, fact),) = await take_told(ports.feed, organization, before, 1)
    assert fact == AgentChanged(AgentId("a1"))


async def test_changes_at_once_are_one_after_the_other(ports: Ports, organization: OrganizationId) -> None:
    await ports.agents.add(*roster.enroll(me(organization, "a1"), NOW))

    async def add_skill(skill: str) -> None:
        await ports.agents.change(organization, AgentId("a1"), lambda a: roster.edit(a, NOW, None, (*a.skills, skill), None))

    await asyncio.gather(*(add_skill(f"s{n}") for n in range(8)))
    agent = await ports.agents.get(organization, AgentId("a1"))
    assert agent is not None
    assert sorted(agent.skills) == [f"s{n}" for n in range(8)]
    assert agent.version == 9


async def test_who_is_shown_present_is_found_over_all_organizations(ports: Ports, organization: OrganizationId) -> None:
    for id in ("a1", "a2"):
        await ports.agents.add(*roster.enroll(me(organization, id), NOW))
    changed = await ports.agents.change(
        organization, AgentId("a1"), lambda a: roster.choose(a, PresenceState.AWAY, "lunch", NOW)
    )
    assert changed.presence.away_reason == "lunch"
    present = await ports.agents.shown_present()
    assert [id for owner, id in present if owner == organization] == ["a1"]
    facts = [fact for _, fact in await take_told(ports.feed, organization, 0, 3) if isinstance(fact, AgentPresenceChanged)]
    assert [fact.state for fact in facts] == [PresenceState.AWAY]


async def test_a_mark_lasts_as_long_as_heartbeats_come(ports: Ports, organization: OrganizationId) -> None:
    beats, agent = ports.heartbeats, AgentId("a1")
    assert await beats.beat(organization, agent) is None
    await beats.mark(organization, agent, PresenceState.AWAY)
    for _ in range(8):
        await asyncio.sleep(EXPIRES.total_seconds() / 5)
        assert await beats.beat(organization, agent) is PresenceState.AWAY
    await beats.drop(organization, agent)
    assert await beats.beat(organization, agent) is None


async def test_silence_is_reported_only_after_a_whole_time_out_of_listening(ports: Ports, organization: OrganizationId) -> None:
    beats = ports.heartbeats
    here, gone = (organization, AgentId("a1")), (organization, AgentId("a2"))
    await beats.silent([here, gone])
    for _ in range(7):
        await beats.mark(*here, PresenceState.ONLINE)
        await asyncio.sleep(EXPIRES.total_seconds() / 5)
    await beats.mark(*here, PresenceState.ONLINE)
    assert await beats.silent([here, gone]) == [gone]
    assert await beats.silent([]) == []
