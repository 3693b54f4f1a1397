"""Calls of EvaluationService, and questions that a small knowledge answers or not."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import asyncpg
import pytest
from frontdesk.core import v1 as pb
from pydantic import SecretStr

from kit import client, errors
from tests.rpc.core.conftest import ORGANIZATION, Desk
from tests.rpc.core.model import Model

RETURNS = f"{ORGANIZATION}/documents/returns"
PERMISSIONS = ["core.evaluations.read", "core.evaluations.run", "core.evaluations.update"]
ANSWERABLE = pb.Question(text="How long can I return a parcel?", documents=[RETURNS], must_contain=["30 days"])
WRONG = pb.Question(text="How fast are refunds for a parcel?", documents=[f"{ORGANIZATION}/documents/fees"], language="en")
NO_ANSWER = pb.Question(text="Could I return a parcel in 1987?", expectation=pb.EXPECTATION_NO_ANSWER)
TALK = pb.Question(text="Hello!", expectation=pb.EXPECTATION_TALK)


class Evaluations:
    """Calls of EvaluationService by someone who may."""

    def __init__(self, desk: Desk, *permissions: str, organization: str = "acme") -> None:
        self._desk = desk
        self.stub = pb.EvaluationServiceStub(desk.channel)
        self._token = desk.keys.user_token(organization, list(permissions) or PERMISSIONS)

    async def __call__(self, method: str, **fields: Any) -> Any:
        request = getattr(pb, f"{method}Request")(**fields)
        return await client.call(getattr(self.stub, method), request, token=self._token)

    def listed(self, method: Any) -> Any:
        """A list, for `in_pages`."""
        return partial(client.call, method, token=self._token)

    async def made(self, *questions: pb.Question, id: str = "returns") -> str:
        """The name of a set with some questions."""
        fields = {"question_set_id": id, "question_set": {"display_name": id}, "request_id": id}
        made = await self("CreateQuestionSet", parent=ORGANIZATION, **fields)
        if questions:
            await self("ImportQuestions", parent=made.name, questions=questions)
        return str(made.name)

    async def started(self, question_set: str, **more: Any) -> pb.EvaluationRun:
        run: pb.EvaluationRun = await self(
            "StartEvaluationRun", parent=ORGANIZATION, evaluation_run={"question_set": question_set}, **more
        )
        return run

    async def ended(self, run: pb.EvaluationRun, state: int = pb.EVALUATION_RUN_STATE_DONE) -> pb.EvaluationRun:
        """A run, once it has ended."""
        async with asyncio.timeout(50):
            while not (found := await self("GetEvaluationRun", name=run.name)).HasField("finish_time"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert found.state == state, found.problem
        return found  # type: ignore[no-any-return]

    async def results(self, run: pb.EvaluationRun, **more: Any) -> list[pb.EvaluationResult]:
        return list((await self("ListEvaluationResults", parent=run.name, **more)).results)


def by_model(model: Model, **more: Any) -> dict[str, Any]:
    return {"assistant": "openai", "openai_base_url": model.url, "openai_api_key": SecretStr("sk"), **more}


async def execute(postgres_url: str, sql: str, *values: Any) -> None:
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(sql, *values)
    await connection.close()


async def reason(call: Any) -> str:
    """The reason of an error."""
    with pytest.raises(errors.FrontdeskError) as error:
        await call
    return str(error.value.reason)


def numbers(run: pb.EvaluationRun) -> dict[str, tuple[float, int]]:
    return {pb.EvaluationMetric.Name(n.metric).removeprefix("EVALUATION_METRIC_"): (n.value, n.count) for n in run.numbers}
