"""Conversations are erased when an organization has kept them long enough, within a sweep of the setting that says so."""

from __future__ import annotations

from contextlib import suppress

import asyncpg
import pytest
from frontdesk.core.internal import v1 as core_internal

from kit import client, errors
from tests.rpc.admin.desk import Shop
from tests.rpc.feeds.conftest import Pair
from tests.rpc.feeds.test_feeds import reason, within

pytestmark = pytest.mark.servers
DAY = 86400


async def test_a_conversation_is_erased_when_it_was_not_touched_for_as_long_as_it_is_kept(pair: Pair) -> None:
    shop, other = await pair.admin.shop(), await pair.admin.shop()
    old = await pair.open(shop)
    await pair.say(old, "My secret", "m1", shop)
    others = await pair.open(other)
    await pair.say(others, "Kept forever", "m1", other)
    database = await asyncpg.connect(pair.settings["core"].postgres_url.get_secret_value())
    try:
        await within(10, lambda: _answered(pair, old, shop))
        await database.execute("update conversation set updated = updated - interval '3 days'")
        await pair.publish(shop, "retention", {"conversations": {"seconds": 4 * DAY}})
        assert await reason(pair.messages(old, shop)) == ""
        await pair.publish(shop, "retention", {"conversations": {"seconds": 2 * DAY}})
        await within(20, lambda: _gone(database, shop.id))
        assert await reason(pair.messages(old, shop)) == "CONVERSATION_NOT_FOUND"
        assert (await pair.messages(others, other))[0].text == "Kept forever"
        fresh = await pair.open(shop)
        assert fresh.name != old.name
        await pair.say(fresh, "New", "m2", shop)
        await within(10, lambda: _answered(pair, fresh, shop))
        kinds = await database.fetch("select kind from event where organization = $1 and kind like '%Erased'", shop.id)
        assert [row["kind"] for row in kinds] == ["ConversationErased"]
    finally:
        await database.close()
    stub, request = core_internal.VerificationServiceStub(pair.core), core_internal.VerifyStoresRequest(full=True)
    compared = {}
    with suppress(errors.Unavailable):  # the transcripts have no store here
        async for result in client.stream(stub.VerifyStores, request, token=pair.keys.service_token("stack")):
            compared[result.store] = list(result.differences)
    assert compared["conversations"] == compared["messages"] == compared["turns"] == compared["journal"] == []


async def test_retention_that_no_service_follows_is_refused(pair: Pair) -> None:
    shop = await pair.admin.shop()
    for field in ("memories", "audit_events"):
        assert await reason(pair.publish(shop, "retention", {field: {"seconds": 100 * DAY}})) == "SETTING_NOT_USED"
    assert await reason(pair.publish(shop, "retention", {"conversations": {"seconds": DAY - 1}})) == "INVALID_REQUEST"


async def _answered(pair: Pair, conversation: object, shop: Shop) -> bool:
    return len(await pair.messages(conversation, shop)) > 1  # type: ignore[arg-type]


async def _gone(database: asyncpg.Connection, organization: str) -> bool:
    """Whether no row of the organization's messages says anything."""
    count = await database.fetchval("select count(*) from message where organization = $1 and text <> ''", organization)
    return bool(count == 0)
