"""Agents' records and presence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from kit.errors import EtagMismatch
from services.agent.domain.agent import AgentNotFound, Me, PresenceState
from services.agent.ports import AgentKey
from tests.fakes.agent import HandHeartbeats
from tests.services.agent.world import ORGANIZATION, World


async def test_an_agent_appears_with_the_name_of_the_token(world: World, first: Me) -> None:
    with pytest.raises(AgentNotFound):
        await world.team.get(ORGANIZATION, first.id)
    agent = await world.team.enroll(first)
    assert (agent.display_name, agent.presence.shown) == ("First Agent", PresenceState.OFFLINE)
    assert await world.team.enroll(Me(ORGANIZATION, first.id, "Another Name")) == agent


async def test_a_record_changes_only_as_it_was_read(world: World, first: Me) -> None:
    agent = await world.team.enroll(first)
    changed = await world.team.edit(ORGANIZATION, first.id, str(agent.version), capacity=2)
    assert (changed.capacity, changed.display_name) == (2, "First Agent")
    with pytest.raises(EtagMismatch):
        await world.team.edit(ORGANIZATION, first.id, str(agent.version), skills=("es",))


async def test_who_falls_silent_is_shown_offline_and_comes_back_as_chosen(world: World, first: Me) -> None:
    await world.team.choose(first, PresenceState.AWAY, " lunch ")
    await world.team.sweep()
    for _ in range(5):
        world.clock.move(seconds=2)
        assert await world.team.heartbeat(first) is PresenceState.AWAY
        assert await world.team.sweep() == 0
    world.clock.move(seconds=5)
    assert await world.team.sweep() == 1
    assert (await world.team.get(ORGANIZATION, first.id)).presence.shown is PresenceState.OFFLINE
    assert await world.team.heartbeat(first) is PresenceState.AWAY
    agent = await world.team.get(ORGANIZATION, first.id)
    assert (agent.presence.shown, agent.presence.away_reason) == (PresenceState.AWAY, "lunch")


async def test_setting_the_same_state_twice_is_one_fact(world: World, first: Me) -> None:
    await world.team.choose(first, PresenceState.ONLINE, "ignored")
    await world.team.choose(first, PresenceState.ONLINE, "")
    assert (await world.facts()) == ["AgentChanged", "AgentPresenceChanged"]


async def test_who_chose_offline_stays_so_whatever_arrives(world: World, first: Me) -> None:
    await world.team.choose(first, PresenceState.ONLINE, "")
    await world.team.choose(first, PresenceState.OFFLINE, "")
    assert await world.team.heartbeat(first) is PresenceState.OFFLINE
    world.clock.move(seconds=9)
    assert await world.team.heartbeat(first) is PresenceState.OFFLINE


async def test_a_flushed_store_shows_no_one_offline_who_still_sends(world: World, first: Me) -> None:
    await world.team.choose(first, PresenceState.ONLINE, "")
    await world.team.sweep()
    world.clock.move(seconds=3)
    world.heartbeats.flush()
    assert await world.team.sweep() == 0
    world.clock.move(seconds=2)
    assert await world.team.heartbeat(first) is PresenceState.ONLINE
    world.clock.move(seconds=3)
    assert await world.team.sweep() == 0
    assert (await world.facts()) == ["AgentChanged", "AgentPresenceChanged"]


async def test_a_heartbeat_between_look_and_verdict_is_put_right_by_the_next(world: World, first: Me) -> None:
    class LateVerdict(HandHeartbeats):
        async def silent(self, agents: Iterable[AgentKey]) -> list[AgentKey]:
            found = await super().silent(agents)
            await team.heartbeat(first)
            return found

    team = replace(world.team, heartbeats=LateVerdict(world.clock, world.team.rules.expires))
    await team.choose(first, PresenceState.ONLINE, "")
    await team.sweep()
    world.clock.move(seconds=5)
    assert await team.sweep() == 1
    assert await team.heartbeat(first) is PresenceState.ONLINE
    assert (await team.get(ORGANIZATION, first.id)).presence.shown is PresenceState.ONLINE
