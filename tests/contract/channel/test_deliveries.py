"""`Deliveries` and `Outbox`: forward only, with a fact for each change, and their jobs with them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kit import ids
from kit.clock import utc_now
from kit.ids import OrganizationId
from services.channel.adapters.postgres.deliveries import PostgresOutbox
from services.channel.domain.channels import ChannelId
from services.channel.domain.deliveries import Delivery, DeliveryId, DeliveryState, Outgoing, Report
from services.channel.domain.queues import DELIVERIES
from services.channel.domain.sessions import ConversationId

from .delivering import Delivering

ACME, WA = OrganizationId("acme"), ChannelId("wa")
S = DeliveryState


@pytest.fixture
def world(pool: Any, tmp_path: Path) -> Delivering:
    return Delivering(pool, tmp_path)


def queued(message: str, seq: int = 1, part: int = 1, conversation: str = "c1", text: str = "Hello") -> Delivery:
    outgoing = Outgoing(ACME, WA, ConversationId(conversation), message, seq, "+49", True)
    return Delivery(DeliveryId(ids.new()), outgoing, part, text, utc_now(), utc_now())


async def queue(world: Delivering, *deliveries: Delivery) -> None:
    async with world.pool.acquire() as connection, connection.transaction():
        await PostgresOutbox(connection, world.journal, world.jobs).add(deliveries)


async def told(world: Delivering) -> list[str]:
    return [row["kind"] for row in await world.pool.fetch("select kind from event order by shard, position")]


async def sending(world: Delivering) -> Delivery:
    """One delivery that is SENDING."""
    item = queued(ids.new())
    await queue(world, item)
    begun = await world.deliveries.begin(item)
    assert begun is not None
    return begun


async def state(world: Delivering, item: Delivery) -> DeliveryState:
    found = await world.deliveries.get(ACME, item.id)
    assert found is not None
    return found.state


def order(items: Sequence[Delivery]) -> list[tuple[str, int]]:
    return [(item.outgoing.message, item.part) for item in items]


async def test_a_part_of_a_message_is_queued_once(world: Delivering) -> None:
    first = queued("m1")
    await queue(world, first, queued("m1", part=2))
    await queue(world, queued("m1"), queued("m1", part=2), queued("m1", part=3))
    listed = await world.deliveries.list(ACME, None, None, None, 10)
    assert sorted(order(listed)) == [("m1", 1), ("m1", 2), ("m1", 3)]
    found = await world.deliveries.get(ACME, first.id)
    assert found is not None
    assert (found.outgoing, found.text, found.state, found.attempts) == (first.outgoing, "Hello", S.QUEUED, 0)
    assert await world.deliveries.get(OrganizationId("other"), first.id) is None
    assert await told(world) == ["DeliveryStateChanged"] * 3


@pytest.mark.parametrize("states", [*itertools.permutations([S.SENT, S.DELIVERED, S.READ])])
async def test_states_move_forward_only_in_whatever_order_they_arrive(
    world: Delivering, states: Sequence[DeliveryState]
) -> None:
    begun = await sending(world)
    for told in states:
        assert await world.deliveries.report(ACME, WA, Report("p1", told, delivery=begun.id))
        assert await world.deliveries.report(ACME, WA, Report("p1", told))
    await world.deliveries.sent(begun, Report("p1", S.SENT))
    await world.deliveries.report(ACME, WA, Report("p1", S.FAILED, "too late"))
    found = await world.deliveries.get(ACME, begun.id)
    assert found is not None
    assert (found.state, found.provider_id, found.problem) == (S.READ, "p1", "")


async def test_a_failure_the_provider_reports_later_follows_sent(world: Delivering) -> None:
    begun = await sending(world)
    await world.deliveries.sent(begun, Report("p1", S.SENT))
    await world.deliveries.report(ACME, WA, Report("p1", S.FAILED, "63016: outside"))
    found = await world.deliveries.get(ACME, begun.id)
    assert found is not None
    assert (found.state, found.problem) == (S.FAILED, "63016: outside")


async def test_the_providers_word_ends_a_doubt(world: Delivering) -> None:
    begun = await sending(world)
    await world.deliveries.ended(begun, S.UNKNOWN, "reset")
    await world.deliveries.report(ACME, WA, Report("p1", S.SENT, delivery=begun.id))
    assert await state(world, begun) is S.SENT
    other = await sending(world)
    await world.deliveries.ended(other, S.QUEUED, "not there")
    await world.deliveries.report(ACME, WA, Report("p2", S.DELIVERED, delivery=other.id))
    assert await state(world, other) is S.DELIVERED, "it was there after all, so it must not be sent again"
    assert await world.open_jobs() == 0


async def test_news_of_what_is_not_ours_changes_nothing(world: Delivering) -> None:
    begun = await sending(world)
    assert not await world.deliveries.report(ACME, ChannelId("another"), Report("p1", S.READ, delivery=begun.id))
    assert not await world.deliveries.report(OrganizationId("other"), WA, Report("p1", S.READ, delivery=begun.id))
    assert not await world.deliveries.report(ACME, WA, Report("p1", S.READ))
    await world.deliveries.sent(begun, Report("p1", S.SENT))
    await world.deliveries.sent(begun, Report("p2", S.READ))
    found = await world.deliveries.get(ACME, begun.id)
    assert found is not None
    assert (found.state, found.provider_id) == (S.SENT, "p1")


async def test_a_retry_needs_a_failure_and_is_made_once(world: Delivering) -> None:
    begun = await sending(world)
    assert await world.deliveries.retry(ACME, begun.id, "r1") is None
    await world.deliveries.sent(begun, Report("p1", S.FAILED, "63016"))
    assert await world.deliveries.retry(OrganizationId("other"), begun.id, "r1") is None
    first = await world.deliveries.retry(ACME, begun.id, "r1")
    assert first is not None
    assert (first.state, first.provider_id, first.problem) == (S.QUEUED, "", "")
    again = await world.deliveries.retry(ACME, begun.id, "r1")
    assert again is not None
    assert again.state is S.QUEUED
    assert await world.deliveries.retry(ACME, begun.id, "r2") is None
    assert not await world.deliveries.report(ACME, WA, Report("p1", S.DELIVERED, delivery=begun.id)), "of the attempt before"
    assert await state(world, begun) is S.QUEUED
    assert await world.deliveries.known(ACME, ["p1", "p9"]) == {"p1": "Hello"}
    assert await world.deliveries.known(OrganizationId("other"), ["p1"]) == {}


async def test_deliveries_are_listed_the_newest_first(world: Delivering) -> None:
    for number in range(5):
        await queue(world, queued(f"m{number}", seq=number, conversation=f"c{number % 2}"))
    listed = await world.deliveries.list(ACME, None, None, None, 2)
    assert order(listed) == [("m4", 1), ("m3", 1)]
    before = (listed[1].created, listed[1].id)
    assert order(await world.deliveries.list(ACME, None, None, before, 9)) == [("m2", 1), ("m1", 1), ("m0", 1)]
    assert order(await world.deliveries.list(ACME, None, ConversationId("c1"), None, 9)) == [("m3", 1), ("m1", 1)]
    assert await world.deliveries.list(ACME, S.SENT, None, None, 9) == []


async def test_an_attempt_that_is_over_changes_nothing_more(world: Delivering) -> None:
    begun = await sending(world)
    assert await world.deliveries.begin(begun) is None, "it is begun already"
    await world.deliveries.ended(begun, S.QUEUED, "20429: Too Many")
    found = await world.deliveries.get(ACME, begun.id)
    assert found is not None
    assert (found.state, found.problem, found.attempts) == (S.QUEUED, "20429: Too Many", 1)
    again = await world.deliveries.begin(found)
    assert again is not None
    assert await world.deliveries.ended(begun, S.FAILED, "an old attempt") is None
    await world.deliveries.note(begun, "an old attempt")
    assert await state(world, begun) is S.SENDING
    await world.deliveries.ended(again, S.FAILED, "21211: Invalid")
    assert await state(world, begun) is S.FAILED


async def test_what_stays_queued_is_no_news(world: Delivering) -> None:
    item = queued("m1")
    await queue(world, item)
    await world.deliveries.note(item, "UNAVAILABLE: core")
    found = await world.deliveries.get(ACME, item.id)
    assert found is not None
    assert (found.state, found.problem) == (S.QUEUED, "UNAVAILABLE: core")
    assert await told(world) == ["DeliveryStateChanged"]


async def test_many_workers_at_once_send_each_delivery_once_and_in_order(world: Delivering) -> None:
    await queue(world, *(queued(f"m{n}", seq=n, conversation=f"c{n % 4}") for n in range(40)))
    left: list[str] = []

    async def worker() -> None:
        while len(left) < 40:
            for job in await world.jobs.claim(DELIVERIES, 3):
                item = await world.deliveries.get(ACME, DeliveryId(job.subject.partition("/")[2]))
                assert item is not None
                begun = await world.deliveries.begin(item)
                assert begun is not None
                left.append(item.outgoing.message)
                await world.deliveries.sent(begun, Report(f"p-{item.id}", S.SENT))
            await asyncio.sleep(0)

    async with asyncio.timeout(30):
        await asyncio.gather(*(worker() for _ in range(4)))
    assert sorted(left) == sorted(f"m{n}" for n in range(40))
    for lane in range(4):
        mine = [message for message in left if int(message[1:]) % 4 == lane]
        assert mine == sorted(mine, key=lambda message: int(message[1:]))
