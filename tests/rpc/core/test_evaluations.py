"""Runs of evaluations: verdicts, comparisons, cancelling, crashes, models that fail and budgets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from frontdesk.core import v1 as pb
from pydantic import SecretStr

from kit import errors, postgres
from kit.ids import OrganizationId
from services.core.adapters.postgres_evaluations import PostgresEvaluationRuns
from services.core.domain.evaluation import MAX_OPEN_RUNS
from stack.testing import TestStores
from tests.rpc.core import model as models
from tests.rpc.core.conftest import ORGANIZATION, Desk, Knowledge, run_core
from tests.rpc.core.evaluating import (
    ANSWERABLE,
    NO_ANSWER,
    RETURNS,
    TALK,
    WRONG,
    Evaluations,
    by_model,
    execute,
    numbers,
    reason,
)
from tests.rpc.core.model import Model
from tests.rpc.lists import in_pages

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def postgres_url(stores: TestStores) -> str:
    return stores.emptied_urls("core")["core"]


@pytest.fixture
async def desk(stores: TestStores, tmp_path: Path, postgres_url: str) -> AsyncIterator[Desk]:
    async with run_core(stores, tmp_path, postgres_url, Knowledge()) as running:
        yield running


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    async with Model().serving() as running:
        yield running


async def test_a_run_answers_each_question_and_says_why_it_is_right_or_wrong(desk: Desk) -> None:
    ask = Evaluations(desk)
    questions = await ask.made(ANSWERABLE, WRONG, NO_ANSWER, TALK)
    run = await ask.started(questions)
    assert (run.state, run.question_count, run.result_count) == (pb.EVALUATION_RUN_STATE_RUNNING, 4, 0)
    run = await ask.ended(run)
    first, wrong, admitted, talk = await ask.results(run)
    assert [pb.Verdict.Name(one.verdict) for one in (first, wrong, admitted, talk)] == [
        "VERDICT_RIGHT",
        "VERDICT_WRONG_PASSAGE",
        "VERDICT_RIGHT",
        "VERDICT_RIGHT",
    ]
    assert first.reason == "The answer cites “Returns” and has the expected words."
    assert wrong.reason == "The answer cites “Returns”, not fees; no right passage was found."
    assert "30 days" in first.text
    assert (first.citations[0].source.document, first.kind, first.assistant) == (RETURNS, pb.MESSAGE_KIND_ANSWER, "extractive")
    [passage] = first.passages
    assert (passage.document, passage.title, passage.used, first.place) == (RETURNS, "Returns", True, 1)
    assert passage.score == pytest.approx(0.8)
    assert admitted.kind == pb.MESSAGE_KIND_UNKNOWN
    assert first.duration.ToTimedelta() >= first.first_text_duration.ToTimedelta()
    shown = numbers(run)
    assert shown["RIGHT"] == (0.75, 4)
    assert shown["HIT_AT_1"] == shown["MEAN_RECIPROCAL_RANK"] == shown["FIRST_QUOTE_RIGHT"] == (0.5, 2)
    assert shown["ABSTENTION_PRECISION"] == shown["ABSTENTION_RECALL"] == (1.0, 1)
    assert shown["CITATIONS_RIGHT"] == (0.5, 2)
    assert {pb.Verdict.Name(one.verdict): one.count for one in run.verdicts} == {"VERDICT_RIGHT": 3, "VERDICT_WRONG_PASSAGE": 1}
    assert run.expire_time.ToDatetime() > run.finish_time.ToDatetime()
    assert await ask.results(run, verdicts=[pb.VERDICT_WRONG_PASSAGE]) == [wrong]
    assert await in_pages(ask.listed(ask.stub.ListEvaluationResults), pb.ListEvaluationResultsRequest(parent=run.name), 3) == [
        first,
        wrong,
        admitted,
        talk,
    ]


async def test_a_follow_up_is_answered_with_the_messages_before_it(desk: Desk) -> None:
    ask = Evaluations(desk)
    earlier = [
        pb.EarlierMessage(role=pb.PARTICIPANT_ROLE_CUSTOMER, text="How long can I return a parcel?"),
        pb.EarlierMessage(role=pb.PARTICIPANT_ROLE_ASSISTANT, text="30 days."),
    ]
    question = pb.Question(text="And how fast is the refund?", earlier_messages=earlier, must_contain=["five days|5 days"])
    run = await ask.ended(await ask.started(await ask.made(question)))
    [result] = await ask.results(run)
    assert list(result.question.earlier_messages) == earlier
    assert result.verdict == pb.VERDICT_RIGHT, result.reason


async def test_a_run_that_cannot_begin_says_why(desk: Desk, postgres_url: str) -> None:
    ask = Evaluations(desk)
    assert await reason(ask.started(f"{ORGANIZATION}/questionSets/none")) == "QUESTION_SET_NOT_FOUND"
    assert await reason(ask.started(await ask.made(id="empty"))) == "QUESTION_SET_EMPTY"
    name = await ask.made(ANSWERABLE)
    version = f"{ORGANIZATION}/settings/assistant/versions/7"
    wrong = {"question_set": name, "setting_versions": [version]}
    start = partial(ask, "StartEvaluationRun", parent=ORGANIZATION)
    assert await reason(start(evaluation_run=wrong)) == "SETTING_VERSION_NOT_FOUND"
    wrong["setting_versions"] = [f"{ORGANIZATION}/settings/limits/versions/7"]
    with pytest.raises(errors.InvalidArgument, match=r"evaluationRun\.settingVersions\[0\]"):
        await start(evaluation_run=wrong)
    run = await ask.started(name, request_id="r1")
    assert (await ask.started(name, request_id="r1")).name == run.name
    await ask.ended(run)
    await execute(
        postgres_url,
        "insert into evaluation_run "
        "(organization, id, question_set, display_name, versions, state, questions, totals, request_id) "
        "select 'acme', 'o' || n, 'returns', '', '{}', 'RUNNING', 1, '{}', '' from generate_series(1, $1::int) n",
        MAX_OPEN_RUNS,
    )
    assert await reason(ask.started(name)) == "TOO_MANY_EVALUATION_RUNS"


async def test_two_runs_are_compared_question_by_question(desk: Desk) -> None:
    ask = Evaluations(desk)
    name = await ask.made(ANSWERABLE, WRONG, NO_ANSWER)
    before = await ask.ended(await ask.started(name))
    desk.knowledge.passages[:] = ["You can return a parcel within 14 days, since 1987."]
    [first, *_] = (await ask("ListQuestions", parent=name)).questions
    after = await ask.ended(await ask.started(name))
    compared = await ask("CompareEvaluationRuns", name=before.name, candidate=after.name)
    assert (compared.fixed_count, compared.broken_count, compared.same_count, compared.changed_count) == (0, 2, 1, 0)
    told = {one.text: (pb.Verdict.Name(one.before), pb.Verdict.Name(one.after), one.reason) for one in compared.questions}
    assert told[ANSWERABLE.text][:2] == ("VERDICT_RIGHT", "VERDICT_WRONG_ANSWER")
    assert "lacks “30 days”" in told[ANSWERABLE.text][2]
    assert told[NO_ANSWER.text][:2] == ("VERDICT_RIGHT", "VERDICT_ANSWERED")
    assert compared.questions[0].question == first.name
    right = next(one for one in compared.numbers if one.metric == pb.EVALUATION_METRIC_RIGHT)
    assert (right.before, right.after) == (pytest.approx(2 / 3), 0)
    assert right.low < 0
    assert right.high <= 0
    back = await ask("CompareEvaluationRuns", name=after.name, candidate=before.name)
    assert (back.fixed_count, back.broken_count) == (2, 0)
    await ask("UpdateQuestion", question={"name": first.name, "must_contain": ["14 days"]})
    third = await ask.ended(await ask.started(name))
    compared = await ask("CompareEvaluationRuns", name=before.name, candidate=third.name)
    assert (compared.broken_count, compared.changed_count) == (1, 1), "a question that was changed is in no number"
    other = await ask.ended(await ask.started(await ask.made(ANSWERABLE, id="other")))
    apart = ask("CompareEvaluationRuns", name=before.name, candidate=other.name)
    assert await reason(apart) == "EVALUATION_RUNS_NOT_COMPARABLE"
    runs = await in_pages(
        ask.listed(ask.stub.ListEvaluationRuns), pb.ListEvaluationRunsRequest(parent=ORGANIZATION, question_set=name)
    )
    assert [one.name for one in runs] == [third.name, after.name, before.name]


async def test_a_run_is_cancelled_while_the_model_is_silent_and_deleted(
    stores: TestStores, tmp_path: Path, postgres_url: str, model: Model
) -> None:
    model.usual = models.silent
    async with run_core(stores, tmp_path, postgres_url, Knowledge(), **by_model(model)) as desk:
        ask = Evaluations(desk)
        run = await ask.started(await ask.made(ANSWERABLE, WRONG))
        async with asyncio.timeout(10):
            while not model.asked:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        cancelled = await ask("CancelEvaluationRun", name=run.name)
        assert (cancelled.state, cancelled.result_count) == (pb.EVALUATION_RUN_STATE_CANCELLED, 0)
        assert await ask("CancelEvaluationRun", name=run.name) == cancelled, "cancelling again changes nothing"
        model.usual = models.says("It takes 30 days [1].")
        done = await ask.ended(await ask.started(f"{ORGANIZATION}/questionSets/returns"))
        assert done.result_count == 2, "the next run does not wait for the one that was cancelled"
        assert (done.tokens.input_tokens, done.tokens.output_tokens) == (14, 6)
        assert done.cost.nanos > 0
        for _ in range(2):
            await ask("DeleteEvaluationRun", name=done.name)
        assert await reason(ask("GetEvaluationRun", name=done.name)) == "EVALUATION_RUN_NOT_FOUND"
        assert await reason(ask("ListEvaluationResults", parent=done.name)) == "EVALUATION_RUN_NOT_FOUND"
        assert await reason(ask("CancelEvaluationRun", name=done.name)) == "EVALUATION_RUN_NOT_FOUND"


async def test_a_run_continues_in_another_process_with_the_next_question(
    stores: TestStores, tmp_path: Path, postgres_url: str, model: Model
) -> None:
    model.script = [models.says("It takes 30 days [1].")]
    model.usual = models.silent
    async with run_core(stores, tmp_path, postgres_url, Knowledge(), **by_model(model)) as desk:
        ask = Evaluations(desk)
        run = await ask.started(await ask.made(ANSWERABLE, WRONG))
        async with asyncio.timeout(10):
            while (await ask("GetEvaluationRun", name=run.name)).result_count < 1:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    await execute(postgres_url, "update job set due = clock_timestamp() where queue = 'evaluations'")  # its lease runs out
    model.usual = models.says("It takes 30 days [1].")
    asked = len(model.asked)
    async with run_core(stores, tmp_path, postgres_url, Knowledge(), **by_model(model)) as desk:
        ask = Evaluations(desk)
        run = await ask.ended(run)
        assert [pb.Verdict.Name(one.verdict) for one in await ask.results(run)] == ["VERDICT_RIGHT", "VERDICT_WRONG_PASSAGE"]
    assert len(model.asked) == asked + 1, "the first question is not asked again"


async def test_a_question_that_no_process_survives_is_failed_and_the_next_one_is_asked(desk: Desk, postgres_url: str) -> None:
    ask = Evaluations(desk)
    name = await ask.made(ANSWERABLE, WRONG)
    run = await ask.started(name)
    await ask.ended(run)
    await execute(postgres_url, "update evaluation_run set state = 'RUNNING', finished = null, totals = '{}'")
    await execute(postgres_url, "update evaluation_result set finished = null, outcome = null, judgement = null")
    await execute(
        postgres_url,
        "insert into job (queue, organization, subject, ordering_key, payload, due, attempts, state) "
        "values ('evaluations', 'acme', $1, 'evaluations', '', clock_timestamp(), 3, 1)",
        f"evaluationRuns/{run.name.rpartition('/')[2]}",
    )
    run = await ask.ended(run)
    first, second = await ask.results(run)
    assert (first.verdict, second.verdict) == (pb.VERDICT_FAILED, pb.VERDICT_WRONG_PASSAGE)
    assert first.reason == "The processes that asked this question ended before it was answered."


async def test_a_question_is_asked_as_often_as_others_after_one_that_took_all_its_attempts(
    stores: TestStores, tmp_path: Path, postgres_url: str, model: Model
) -> None:
    model.usual = models.status(400)
    async with run_core(stores, tmp_path, postgres_url, Knowledge(), **by_model(model)) as desk:
        ask = Evaluations(desk)
        run = await ask.started(await ask.made(ANSWERABLE, WRONG))
        async with asyncio.timeout(40):
            while not (await ask("GetEvaluationRun", name=run.name)).HasField("finish_time"):
                await execute(postgres_url, "update job set due = clock_timestamp() where queue = 'evaluations' and state = 0")
                await asyncio.sleep(0.1)
        first, second = await ask.results(run)
        assert (first.verdict, second.verdict) == (pb.VERDICT_FAILED, pb.VERDICT_FAILED)
        assert "ended before" not in f"{first.reason} {second.reason}"


async def test_a_second_name_of_another_organization_is_refused(desk: Desk) -> None:
    ask = Evaluations(desk)
    name = await ask.made(ANSWERABLE)
    run = await ask.ended(await ask.started(name))
    questions, other = (one.replace(ORGANIZATION, "organizations/other") for one in (name, run.name))
    assert await reason(ask.started(questions)) == "ORGANIZATION_MISMATCH"
    listed = ask("ListEvaluationRuns", parent=ORGANIZATION, question_set=questions)
    assert await reason(listed) == "ORGANIZATION_MISMATCH"
    assert await reason(ask("CompareEvaluationRuns", name=run.name, candidate=other)) == "ORGANIZATION_MISMATCH"


async def test_a_model_that_fails_makes_results_failed_and_then_the_run(
    stores: TestStores, tmp_path: Path, postgres_url: str, model: Model
) -> None:
    model.usual = models.status(400)
    async with run_core(stores, tmp_path, postgres_url, Knowledge(), **by_model(model)) as desk:
        ask = Evaluations(desk)
        name = await ask.made(ANSWERABLE)
        run = await ask.started(name)
        async with asyncio.timeout(40):
            while not (await ask("GetEvaluationRun", name=run.name)).HasField("finish_time"):
                await execute(postgres_url, "update job set due = clock_timestamp() where queue = 'evaluations' and state = 0")
                await asyncio.sleep(0.1)
        [result] = await ask.results(run)
        assert result.verdict == pb.VERDICT_FAILED
        assert result.reason
        assert numbers(await ask.ended(run)) == {"RIGHT": (0.0, 1)}


async def test_a_run_waits_for_a_model_that_is_unavailable_and_says_so(
    stores: TestStores, tmp_path: Path, postgres_url: str, model: Model
) -> None:
    model.usual = models.status(503)
    async with run_core(stores, tmp_path, postgres_url, Knowledge(), **by_model(model)) as desk:
        ask = Evaluations(desk)
        run = await ask.started(await ask.made(ANSWERABLE))
        async with asyncio.timeout(40):
            while not (seen := await ask("GetEvaluationRun", name=run.name)).problem:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert seen.problem == "It waits and asks the question again: The model answered 503."
        assert (seen.state, seen.result_count) == (pb.EVALUATION_RUN_STATE_RUNNING, 0)
        model.usual = models.says("It takes 30 days [1].")
        async with asyncio.timeout(40):
            while not (seen := await ask("GetEvaluationRun", name=run.name)).HasField("finish_time"):
                await execute(postgres_url, "update job set due = clock_timestamp() where queue = 'evaluations' and state = 0")
                await asyncio.sleep(0.1)
        assert (seen.state, seen.problem) == (pb.EVALUATION_RUN_STATE_DONE, "")
        [result] = await ask.results(run)
        assert result.verdict != pb.VERDICT_FAILED


async def test_a_budget_that_is_used_up_ends_a_run_and_its_results_stay(
    stores: TestStores, tmp_path: Path, postgres_url: str, model: Model
) -> None:
    model.usual = models.says("It takes 30 days [1].")
    async with run_core(stores, tmp_path, postgres_url, Knowledge(), **by_model(model, budget_tokens=5)) as desk:
        ask = Evaluations(desk)
        run = await ask.ended(await ask.started(await ask.made(ANSWERABLE, WRONG)), pb.EVALUATION_RUN_STATE_FAILED)
        assert run.problem == "The assistant's budget for today is used up; agents answer."
        assert run.result_count == len(await ask.results(run)) == 1


async def test_old_runs_are_deleted_with_their_results(desk: Desk, postgres_url: str) -> None:
    ask = Evaluations(desk)
    run = await ask.ended(await ask.started(await ask.made(ANSWERABLE)))
    await execute(postgres_url, "update evaluation_run set finished = finished - interval '91 days'")
    async with postgres.open_pool(SecretStr(postgres_url), size=1) as pool:
        runs = PostgresEvaluationRuns(pool, None)  # type: ignore[arg-type]
        assert not await runs.sweep(timedelta(days=92))
        assert (await runs.get(OrganizationId("acme"), run.name.rpartition("/")[2])).state  # type: ignore[arg-type]
        assert not await runs.sweep(timedelta(days=90))
        assert await pool.fetchval("select count(*) from evaluation_result") == 0
