"""The port Replicas: which processes show text, and which of their replies still run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kit.clock import utc_now
from kit.ids import OrganizationId
from services.core.domain import AgentId, take
from tests.contract.core.conftest import Kept

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECOND = timedelta(seconds=1)


async def test_of_the_turns_shown_those_that_run_in_their_attempt_are_named(kept: Kept) -> None:
    asked, other = await kept.asked(), await kept.asked("b2", source="channel/web/m2")
    assert asked.turn is not None
    assert other.turn is not None
    shown = [(kept.organization, asked.turn.id, 1), (kept.organization, other.turn.id, 1)]
    strange = [(kept.organization, asked.turn.id, 2), (OrganizationId("another"), asked.turn.id, 1)]
    _, running = await kept.replicas.renew("here", shown + strange, None)
    assert running == {(asked.turn.id, 1), (other.turn.id, 1)}
    change = take(asked, AgentId("a1"), "Robin", None, utc_now())
    assert change is not None
    await kept.conversations.commit(change)
    assert (await kept.replicas.renew("here", shown, None))[1] == {(other.turn.id, 1)}
    assert (await kept.replicas.renew("here", [], None))[1] == set()


async def test_a_process_that_shows_text_is_seen_by_the_others_for_a_while(kept: Kept) -> None:
    assert (await kept.replicas.showing("here", SECOND))[1] == set()
    await kept.replicas.renew("here", [], None)
    await kept.replicas.renew("there", [], None)
    assert (await kept.replicas.showing("here", SECOND))[1] == {"there"}
    assert (await kept.replicas.showing("elsewhere", SECOND))[1] == {"here", "there"}
    assert (await kept.replicas.showing("elsewhere", -SECOND))[1] == set()


async def test_a_process_has_seen_a_moment_when_it_acted_on_a_check_that_began_later(kept: Kept) -> None:
    before, _ = await kept.replicas.renew("there", [], None)
    moment, others = await kept.replicas.showing("here", SECOND)
    assert before <= moment
    assert others == {"there"}
    after, _ = await kept.replicas.renew("there", [], before)
    assert after > moment
    assert (await kept.replicas.showing("here", SECOND, moment))[1] == {"there"}, "its answer may not have arrived"
    await kept.replicas.renew("there", [], after)
    assert (await kept.replicas.showing("here", SECOND, moment))[1] == set()
    assert (await kept.replicas.showing("here", SECOND))[1] == {"there"}
