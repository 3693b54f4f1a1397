"""Whether humans are there, on a real PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

from services.agent.domain.agent import Me, PresenceState
from services.agent.domain.availability import MAX_WAITING, MIN_WAITS
from services.agent.domain.facts import Cause
from services.agent.domain.ids import AgentId, ConversationId
from tests.services.agent.world import ORGANIZATION, World


async def wait(world: World, agent: Me, id: str, minutes: float) -> None:
    """A customer waits for an agent, who resolves the conversation."""
    waiting = await world.ask_for_human(ConversationId(id))
    world.clock.move(minutes=minutes)
    await world.desk.accept(agent, waiting.id)
    await world.desk.resolve(agent, ConversationId(id), manages=False)


async def test_agents_that_are_online_are_counted(world: World, first: Me, second: Me) -> None:
    assert (await world.app.availabilities.of(ORGANIZATION)).agents_online == 0
    await world.team.choose(first, PresenceState.ONLINE, "")
    await world.team.choose(second, PresenceState.AWAY, "lunch")
    assert (await world.app.availabilities.of(ORGANIZATION)).agents_online == 1


async def test_a_line_lists_who_waits_in_order_until_they_leave(world: World) -> None:
    for id in ("c1", "c2", "c3"):
        await world.ask_for_human(ConversationId(id))
        world.clock.move(minutes=1)
    (line,) = (await world.app.availabilities.of(ORGANIZATION)).lines
    assert [entry.conversation for entry in line.entries] == ["c1", "c2", "c3"]
    assert line.entries[1].since - line.entries[0].since == timedelta(minutes=1)
    await world.desk.released(ORGANIZATION, ConversationId("c1"), Cause.RETURNED, 2)
    (line,) = (await world.app.availabilities.of(ORGANIZATION)).lines
    assert [entry.conversation for entry in line.entries] == ["c2", "c3"]


async def test_the_usual_wait_is_the_median_of_recent_ones(world: World) -> None:
    agent = Me(ORGANIZATION, AgentId("a1"), "First Agent")
    for number in range(MIN_WAITS - 1):
        await wait(world, agent, f"c{number}", 2)
    assert (await world.app.availabilities.of(ORGANIZATION)).usual_wait is None
    await wait(world, agent, "c9", 60)
    await world.ask_for_human(ConversationId("me"))
    found = await world.app.availabilities.of(ORGANIZATION)
    assert found.usual_wait == found.lines[0].usual_wait == timedelta(minutes=2)
    world.clock.move(hours=25)
    assert (await world.app.availabilities.of(ORGANIZATION)).usual_wait is None


async def test_only_so_many_places_are_listed(world: World) -> None:
    await world.pool.execute(
        """insert into handover (organization, id, conversation, queue, state, reason, customer_display_name, channel, preview,
            created, agent_display_name, declined_by)
        select $1, 'h' || n, 'c' || n, 'default', 'PENDING', '', '', '', '', clock_timestamp() + n * interval '1 s', '', '{}'
        from generate_series(1, $2::int) n""",
        *(ORGANIZATION, MAX_WAITING + 3),
    )
    (line,) = (await world.app.availabilities.of(ORGANIZATION)).lines
    assert len(line.entries) == MAX_WAITING
