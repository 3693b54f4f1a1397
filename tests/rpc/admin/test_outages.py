"""A store is unavailable: reported by name, nothing lost, and over when it is back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from kit import errors
from stack.testing import TestStores
from tests.rpc.admin.desk import Admin, new_keys, running, settings_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


@pytest.fixture(scope="module")
def stores() -> Iterator[TestStores]:
    """Stores of this module's own: no one else notices when they stop."""
    own = TestStores()
    yield own
    own.close()


@pytest_asyncio.fixture(loop_scope="session")
async def own(stores: TestStores, tmp_path: Path) -> AsyncIterator[Admin]:
    """An admin of its own, whose stores may be stopped."""
    keys = new_keys(tmp_path)
    async with running(settings_for(stores, keys), keys) as admin:
        yield admin


async def test_without_redis_people_sign_in_and_guessing_stays_slow(own: Admin, stores: TestStores) -> None:
    shop = await own.shop()
    await shop.add("a1", "agent")
    await asyncio.to_thread(stores.stop, "redis")
    try:
        await shop.login("a1")
        reasons = []
        for _ in range(11):
            with pytest.raises(errors.FrontdeskError) as refused:
                await shop.login("a1", "wrong password")
            reasons.append(refused.value.reason)
        assert reasons == ["INVALID_CREDENTIALS"] * 10 + ["TOO_MANY_ATTEMPTS"]
    finally:
        await asyncio.to_thread(stores.start, "redis")
    await shop.login()


async def test_without_postgres_a_call_says_so_and_works_again_after(own: Admin, stores: TestStores) -> None:
    shop = await own.shop()
    tokens = (await shop.login()).tokens
    await asyncio.to_thread(stores.stop, "postgres")
    try:
        with pytest.raises(errors.FrontdeskError) as away:
            await shop.login()
        assert (away.value.code, away.value.reason) == ("UNAVAILABLE", "STORE_UNAVAILABLE")
    finally:
        await asyncio.to_thread(stores.start, "postgres")
    async with asyncio.timeout(60):
        while True:
            try:
                await shop.refresh(tokens.refresh_token)
                break
            except errors.Unavailable:
                await asyncio.sleep(0.1)
