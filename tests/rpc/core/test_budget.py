"""A day's budget with a real model's calls: replicas share it, and emptying Redis gives nothing back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest
from frontdesk.core import v1 as pb
from pydantic import SecretStr
from redis.asyncio import Redis

from services.core.domain import BUDGET_TEXT
from tests.rpc.core.conftest import Desk, Knowledge, run_core
from tests.rpc.core.model import Model

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def postgres_url(stores: TestStores) -> str:
    return stores.postgres_url("core")


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    async with Model().serving() as running:
        yield running


def settings(model: Model, **more: Any) -> dict[str, Any]:
    return {"assistant": "openai", "openai_base_url": model.url, "openai_api_key": SecretStr("sk"), **more}


async def spent(postgres_url: str) -> tuple[int, int]:
    connection = await asyncpg.connect(postgres_url)
    row = await connection.fetchrow("select sum(tokens)::bigint, sum(micros)::bigint from spending")
    await connection.close()
    assert row is not None
    return row[0], row[1]


async def until_spent(postgres_url: str, tokens: int) -> int:
    """The money that is charged, once so many tokens are: a call is settled right after its reply."""
    async with asyncio.timeout(10):
        while (used := await spent(postgres_url))[0] != tokens:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return used[1]


async def ask(desk: Desk, name: str) -> str:
    conversation = await desk.open(name)
    await desk.say(conversation, "How long can I return a parcel?", name)
    return (await desk.until(conversation, 2))[1].text


async def test_a_used_up_budget_hands_over_on_every_replica_and_survives_flushall(
    stores: TestStores, tmp_path: Path, postgres_url: str, model: Model
) -> None:
    # Tokens as the model counts them: 7 for the prompt, 3 for the reply. Whatever was used, the budget is reached then.
    bounded = settings(model, openai_model="gpt-4o", budget_tokens=10, budget_money="0")
    async with (
        run_core(stores, _folder(tmp_path, "a"), postgres_url, Knowledge(), **bounded) as first,
        run_core(stores, _folder(tmp_path, "b"), postgres_url, Knowledge(), **bounded) as second,
    ):
        assert await ask(first, "one") == "It takes 30 days."
        money = await until_spent(postgres_url, 10)
        assert money == -(-(7 * 2_500_000 + 3 * 10_000_000) // 1_000_000)
        redis = Redis.from_url(stores.redis_url())
        await redis.flushall()
        await redis.aclose()
        for number, desk in enumerate((first, second)):
            assert await ask(desk, f"late {number}") == BUDGET_TEXT
        assert len(model.asked) == 1, "the model was not asked again"
        get = pb.ListConversationsRequest(parent="organizations/acme", states=[pb.CONVERSATION_STATE_WAITING])
        waiting = await first.conversations.ListConversations(get, metadata=first.as_user("core.conversations.list"))
        assert len(waiting.conversations) == 2


async def test_money_bounds_a_model_that_has_a_price_and_no_other(
    stores: TestStores, tmp_path: Path, postgres_url: str, model: Model
) -> None:
    priced = settings(model, openai_model="own", budget_money="0.000001", model_prices="own=1/1")
    async with run_core(stores, _folder(tmp_path, "a"), postgres_url, Knowledge(), **priced) as desk:
        assert await ask(desk, "one") == "It takes 30 days."
        assert await until_spent(postgres_url, 10) == 10
        assert await ask(desk, "two") == BUDGET_TEXT
    unpriced = settings(model, openai_model="own", budget_money="0.000001")
    async with run_core(stores, _folder(tmp_path, "b"), postgres_url, Knowledge(), **unpriced) as desk:
        assert await ask(desk, "three") == "It takes 30 days."


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder
