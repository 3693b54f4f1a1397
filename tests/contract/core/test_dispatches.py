"""The port Dispatches: the assistant's words leave before a change of owner or not at all."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from kit.clock import utc_now
from services.core.domain import AgentId, MessageId, take
from services.core.ports.conversations import Conflict
from tests.contract.core.conftest import Kept

pytestmark = pytest.mark.asyncio(loop_scope="session")

MINUTE = timedelta(minutes=1)
WORDS, MORE = MessageId("m1"), MessageId("m2")


async def test_a_claim_in_the_conversations_epoch_is_noted_and_named_for_a_while(kept: Kept) -> None:
    opened = await kept.open()
    place = (kept.organization, opened.id)
    assert await kept.dispatches.recent(*place, MINUTE) == []
    assert await kept.dispatches.claim(*place, WORDS, opened.epoch)
    assert await kept.dispatches.claim(*place, WORDS, opened.epoch), "asking again is harmless"
    assert await kept.dispatches.recent(*place, MINUTE) == [WORDS]
    assert await kept.dispatches.claim(*place, MORE, opened.epoch)
    assert await kept.dispatches.recent(*place, MINUTE) == [MORE]
    assert await kept.dispatches.recent(*place, -MINUTE) == []


async def test_another_epoch_claims_nothing(kept: Kept) -> None:
    opened = await kept.open()
    change = take(opened, AgentId("a1"), "Robin", None, utc_now())
    assert change is not None
    await kept.conversations.commit(change)
    assert not await kept.dispatches.claim(kept.organization, opened.id, WORDS, opened.epoch)
    assert await kept.dispatches.recent(kept.organization, opened.id, MINUTE) == []
    assert await kept.dispatches.claim(kept.organization, opened.id, WORDS, opened.epoch + 1)


async def test_a_claim_and_a_take_at_once_agree_on_who_was_first(kept: Kept) -> None:
    """Either the claim is refused, or the agent who takes sees it."""
    for number in range(30):
        opened = await kept.open(f"b{number}")

        async def take_it() -> list[MessageId]:
            while True:
                current = await kept.conversations.load(kept.organization, opened.id)  # noqa: B023
                change = take(current, AgentId("a1"), "Robin", None, utc_now())
                assert change is not None
                try:
                    await kept.conversations.commit(change)
                except Conflict:
                    continue
                return await kept.dispatches.recent(kept.organization, current.id, MINUTE)

        claiming = kept.dispatches.claim(kept.organization, opened.id, WORDS, opened.epoch)
        claimed, seen = await asyncio.gather(claiming, take_it())
        assert seen == ([WORDS] if claimed else [])
