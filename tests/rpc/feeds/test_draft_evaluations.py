"""A draft of the assistant's settings is tested on an organization's own questions, and compared with what is published."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from frontdesk.core import v1 as pb

from kit import client, erasure, postgres
from kit.ids import OrganizationId
from tests.rpc.admin.desk import Shop
from tests.rpc.feeds.conftest import Pair
from tests.rpc.feeds.test_previews import draft, rows

pytestmark = pytest.mark.servers


async def call(pair: Pair, shop: Shop, method: str, **fields: Any) -> Any:
    """Calls EvaluationService as an admin would."""
    rights = [f"core.evaluations.{right}" for right in ("read", "run", "update")]
    stub, request = pb.EvaluationServiceStub(pair.core), getattr(pb, f"{method}Request")(**fields)
    return await client.call(getattr(stub, method), request, token=pair.keys.user_token(shop.id, rights))


async def run(pair: Pair, shop: Shop, *versions: str) -> pb.EvaluationRun:
    """A run that has ended."""
    wanted = {"question_set": f"{shop.name}/questionSets/returns", "setting_versions": versions}
    started = await call(pair, shop, "StartEvaluationRun", parent=shop.name, evaluation_run=wanted)
    async with asyncio.timeout(20):
        while not (found := await call(pair, shop, "GetEvaluationRun", name=started.name)).HasField("finish_time"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert found.state == pb.EVALUATION_RUN_STATE_DONE, found.problem
    return found  # type: ignore[no-any-return]


async def test_a_draft_is_compared_with_what_is_published_and_all_of_it_is_erased_with_the_organization(pair: Pair) -> None:
    shop = await pair.admin.shop()
    published = await pair.publish(shop, "assistant", {"display_name": "Robin"})
    strict = await draft(pair, shop, {"thresholds": {"min_dense_score": 1, "min_lexical_score": 1}})
    made = {"parent": shop.name, "question_set": {"display_name": "Returns"}, "question_set_id": "returns"}
    question_set = await call(pair, shop, "CreateQuestionSet", **made)
    question = {"text": "How long can I return a parcel?", "must_contain": ["30 days"]}
    await call(pair, shop, "CreateQuestion", parent=question_set.name, question=question)
    before = await run(pair, shop)
    async with asyncio.timeout(10):  # core follows admin a moment later
        while list(before.setting_versions) != [published.published_version]:
            before = await run(pair, shop)
    after = await run(pair, shop, strict)
    assert list(after.setting_versions) == [strict]
    compared = await call(pair, shop, "CompareEvaluationRuns", name=before.name, candidate=after.name)
    [broken] = compared.questions
    assert (broken.before, broken.after) == (pb.VERDICT_RIGHT, pb.VERDICT_ABSTAINED)
    assert compared.broken_count == 1

    kept = {"question_set", "question", "evaluation_run", "evaluation_result"}
    assert kept <= set(await rows(pair, shop))
    async with postgres.open_pool(pair.settings["core"].postgres_url, size=1) as pool:
        erased = erasure.Rows(pool)
        while await erased.erase(OrganizationId(shop.id)):
            pass
    assert not kept & set(await rows(pair, shop))
