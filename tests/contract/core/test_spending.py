"""Bounds of the assistant, on the real store: budgets by day, and claims that are fair."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from frontdesk.admin.internal import v1 as internal

from kit import ids
from kit.clock import utc_now
from kit.ids import OrganizationId
from kit.journal import Transaction
from services.core.adapters.budgets import PostgresBudgets, zone_handler
from services.core.domain import LEASE, Content, Cost, Limit, receive

from .conftest import Kept

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOST = Cost(100, 1000)


def fresh() -> OrganizationId:
    return OrganizationId(f"o-{ids.new()}")


async def test_the_most_is_charged_and_then_what_was_used(pool: Any) -> None:
    budgets, organization = PostgresBudgets(pool, lambda: NOON), fresh()
    day = await budgets.reserve(organization, MOST, Limit())
    assert day == NOON.date()
    assert await budgets.used(organization, day) == MOST
    await budgets.settle(organization, day, MOST, Cost(40, 500))
    assert await budgets.used(organization, day) == Cost(40, 500)


async def test_many_at_once_overshoot_by_one_reservation_at_most(pool: Any) -> None:
    budgets = PostgresBudgets(pool, lambda: NOON)
    for limit in (Limit(tokens=1050), Limit(micros=10_500)):
        organization = fresh()
        days = await asyncio.gather(*(budgets.reserve(organization, MOST, limit) for _ in range(60)))
        granted = sum(day is not None for day in days)
        assert granted == 11
        used = await budgets.used(organization, NOON.date())
        assert used == Cost(1100, 11_000), "1,050 and at most one reservation of 100 more"
    assert await budgets.reserve(fresh(), MOST, limit) is not None, "another organization has its own"


async def test_a_crash_leaves_the_reservation_charged_and_settling_makes_room(pool: Any) -> None:
    budgets, organization, limit = PostgresBudgets(pool, lambda: NOON), fresh(), Limit(tokens=100)
    day = await budgets.reserve(organization, MOST, limit)
    assert day is not None
    assert await budgets.reserve(organization, MOST, limit) is None, "no one settled it"
    await budgets.settle(organization, day, MOST, Cost(10, 100))
    assert await budgets.reserve(organization, MOST, limit) is not None


async def tell(pool: Any, event: internal.Event) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await zone_handler()(Transaction(connection, ""), event)


async def test_the_day_is_the_organizations_and_begins_again(pool: Any) -> None:
    organization, moment = fresh(), NOON
    budgets, limit = PostgresBudgets(pool, lambda: moment), Limit(tokens=100)
    created = internal.OrganizationCreated(display_name="Acme", time_zone="Pacific/Kiritimati")  # 14 hours ahead
    await tell(pool, internal.Event(envelope={"organization": organization}, organization_created=created))
    assert await budgets.reserve(organization, MOST, limit) == NOON.date() + timedelta(days=1)
    assert await budgets.reserve(organization, MOST, limit) is None
    moment = NOON + timedelta(hours=22)
    assert await budgets.reserve(organization, MOST, limit) == NOON.date() + timedelta(days=2)
    updated = internal.OrganizationUpdated(time_zone="Etc/GMT+12")  # 12 hours behind
    await tell(pool, internal.Event(envelope={"organization": organization}, organization_updated=updated))
    assert await budgets.reserve(organization, MOST, limit) == NOON.date()


async def test_a_zone_that_no_one_knows_is_utc(pool: Any) -> None:
    organization = fresh()
    for zone in ("", "Mars/Olympus", "'; drop table spending"):
        told = internal.OrganizationCreated(time_zone=zone)
        await tell(pool, internal.Event(envelope={"organization": organization}, organization_created=told))
    assert await PostgresBudgets(pool, lambda: NOON).reserve(organization, MOST, Limit()) == NOON.date()


async def test_claims_give_each_organization_its_turn_and_none_more_than_its_places(kept: Kept) -> None:
    flooded, other = kept.organization, fresh()
    for organization, count in ((flooded, 6), (other, 2)):
        kept.organization = organization
        for number in range(count):
            change = receive(await kept.open(f"b{number}"), Content.of("Hi"), f"s{number}", utc_now(), room=False)
            await kept.conversations.commit(change)
    first = await kept.claim(LEASE, 3, 4, {flooded: 1})

    assert {c.organization for c in first} == {flooded, other}
    taken = {organization: 1 + sum(c.organization == organization for c in first) for organization in (flooded,)}
    rest = await kept.claim(LEASE, 10, 4, taken)
    claimed = [c.organization for c in (*first, *rest)]
    assert (claimed.count(flooded), claimed.count(other)) == (3, 2), "four places, one of which was taken"
