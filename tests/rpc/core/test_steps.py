"""The steps of turns: what is recorded, how a prompt is rebuilt from it, and when it is gone."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from frontdesk.core import v1 as pb
from pydantic import SecretStr

from kit.journal import Journal
from services.core.adapters.steps import PostgresTurnSteps
from services.core.convert.facts import fact_to_pb
from stack.testing import TestStores
from tests.rpc.core import model as models
from tests.rpc.core.conftest import ORGANIZATION, Desk, Knowledge, run_core
from tests.rpc.core.model import Model
from tests.rpc.lists import in_pages

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    async with Model().serving() as running:
        yield running


@pytest.fixture
def postgres_url(stores: TestStores) -> str:
    return stores.emptied_urls("core")["core"]


@pytest.fixture
async def desk(stores: TestStores, tmp_path: Path, postgres_url: str, model: Model) -> AsyncIterator[Desk]:
    settings = {"assistant": "openai", "openai_base_url": model.url, "openai_api_key": SecretStr("sk-secret")}
    settings |= {"openai_model": "gpt-4o-2024-08-06", "openai_max_tokens": 300}
    async with run_core(stores, tmp_path, postgres_url, Knowledge(), **settings) as running:
        yield running


async def begins(writer: asyncio.StreamWriter) -> None:
    """A word, and then nothing."""
    writer.write(models.HEAD)
    await models.send(writer, models.event("Well"))
    await asyncio.sleep(60)


async def steps_of(desk: Desk, turn: str) -> list[pb.TurnStep]:
    request = pb.ListTurnStepsRequest(parent=turn)
    return list((await desk.turns.ListTurnSteps(request, metadata=desk.as_user("core.turns.read"))).steps)


async def prompt_of(desk: Desk, step: pb.TurnStep) -> pb.Prompt:
    request = pb.GetPromptRequest(name=f"{step.name}/prompt")
    return await desk.turns.GetPrompt(request, metadata=desk.as_user("core.prompts.read"))


async def refused(call: Any) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call
    return error.value.code(), error.value.details() or ""


async def test_a_prompt_is_rebuilt_byte_for_byte(desk: Desk, model: Model) -> None:
    conversation = await desk.open("exact")
    await desk.say(conversation, "How long can I return a [1] “parcel” – 😀?", "one")
    await desk.until(conversation, 2)
    await desk.say(conversation, "And what does it cost me to send it back?", "two")
    answer = (await desk.until(conversation, 4))[-1]
    recall, call = await steps_of(desk, answer.turn)

    assert [step.name for step in (recall, call)] == [f"{answer.turn}/steps/1", f"{answer.turn}/steps/2"]
    assert (list(recall.recall.query_seqs), recall.recall.knowledge_version) == ([3], 7)
    [hit] = recall.recall.passages
    assert (hit.name, hit.outcome) == (f"{ORGANIZATION}/documents/returns/passages/1-0", pb.RECALL_OUTCOME_USED)
    assert hit.score == pytest.approx(0.8)
    made, prompt = call.model_call, call.model_call.prompt
    assert (made.outcome, made.message, made.attempts) == (pb.MODEL_CALL_OUTCOME_COMPLETE, answer.name, 1)
    assert (made.tokens.input_tokens, made.tokens.output_tokens) == (7, 3)
    assert (made.cost.units, made.cost.nanos) == (0, 48_000)
    assert made.HasField("first_token_duration")
    assert [(r.first_seq, r.last_seq) for r in prompt.messages] == [(1, 3)]
    assert (list(prompt.steps), prompt.template, prompt.max_output_tokens) == ([recall.name], "reply/2", 300)
    assert (prompt.temperature, list(prompt.setting_versions)) == (0.2, [])

    rebuilt = await prompt_of(desk, call)
    assert rebuilt.request == model.bodies[-1], "what the model's server received"
    assert rebuilt.exact
    assert prompt.sha256 == hashlib.sha256(model.bodies[-1]).digest()
    sent = json.loads(model.bodies[-1])["messages"]
    assert [message.text for message in rebuilt.messages] == [message["content"] for message in sent]
    assert [message.origin.rpartition("/messages/")[2] != "" for message in rebuilt.messages] == [False, True, True, True]
    get = pb.GetTurnRequest(name=answer.turn)
    assert (await desk.turns.GetTurn(get, metadata=desk.as_user("core.turns.read"))).cost == made.cost


async def test_a_prompt_that_was_cut_is_rebuilt_byte_for_byte(
    stores: TestStores, tmp_path: Path, postgres_url: str, model: Model
) -> None:
    settings = {"assistant": "openai", "openai_base_url": model.url, "openai_api_key": SecretStr("sk-secret")}
    knowledge = Knowledge(
        [f"{number} Parcels may be returned, and refunds take 30 days. " * 18 for number in range(8)], duplicates=1
    )
    async with run_core(
        stores, tmp_path, postgres_url, knowledge, context_tokens=1_800, openai_summary_seconds=0, **settings
    ) as desk:
        conversation = await desk.open("cut")
        for number in range(4):
            said = f"{number}: how long may I keep a parcel before it can't be returned? {'It is brown. ' * 60}"
            await desk.say(conversation, said, f"early-{number}")
            await desk.until(conversation, 2 * (number + 1))
        await desk.say(conversation, f"How long can I return a parcel? {'It is really very brown. ' * 600}", "late")
        answer = (await desk.until(conversation, 10))[-1]
        steps = await steps_of(desk, answer.turn)
        recall, call = steps[0].recall, steps[-1].model_call
        rebuilt = await prompt_of(desk, steps[-1])

    assert rebuilt.exact
    assert rebuilt.request == model.bodies[-1]
    assert " […] " in rebuilt.messages[-1].text
    [cut] = call.prompt.cuts
    assert (cut.WhichOneof("source"), cut.seq) == ("seq", 9)
    assert 0 < call.prompt.token_count <= call.prompt.token_budget == 1_800
    assert [hit.outcome for hit in recall.passages] == [*[pb.RECALL_OUTCOME_USED] * 7, pb.RECALL_OUTCOME_DUPLICATE]
    left_out = call.prompt.left_out_passages
    assert list(left_out) == [hit.name for hit in recall.passages[:7]][-len(left_out) :]
    [missing] = call.prompt.left_out_messages
    assert (missing.messages.first_seq, missing.reason) == (1, pb.LEFT_OUT_MESSAGES_REASON_OVER_BUDGET)
    assert [(r.first_seq, r.last_seq) for r in call.prompt.messages] == [(missing.messages.last_seq + 1, 9)]


async def test_a_context_without_room_for_a_question_fails_with_a_remedy(
    stores: TestStores, tmp_path: Path, postgres_url: str, model: Model
) -> None:
    settings = {"assistant": "openai", "openai_base_url": model.url, "openai_api_key": SecretStr("sk-secret")}
    async with run_core(
        stores, tmp_path, postgres_url, Knowledge(), model_contexts="*=1000", openai_model="tiny", **settings
    ) as desk:
        conversation = await desk.open("tiny")
        await desk.say(conversation, "How long can I return a parcel?", "one")
        notice = (await desk.until(conversation, 2))[-1]
        get = pb.GetTurnRequest(name=notice.turn)
        turn = await desk.turns.GetTurn(get, metadata=desk.as_user("core.turns.read"))
    assert not model.bodies
    assert turn.error.startswith("The context of tiny (1,000 tokens) has no room for the instructions, a question and a reply")


async def test_a_passage_that_is_gone_is_said_to_be(desk: Desk, model: Model) -> None:
    conversation = await desk.open("gone")
    await desk.say(conversation, "How long can I return a parcel?", "one")
    answer = (await desk.until(conversation, 2))[-1]
    desk.knowledge.passages.clear()
    rebuilt = await prompt_of(desk, (await steps_of(desk, answer.turn))[1])
    assert not rebuilt.exact
    assert "[erased]" in rebuilt.messages[-1].text
    assert "30 days" not in rebuilt.messages[-1].text


async def test_each_attempt_has_its_steps(desk: Desk, model: Model) -> None:
    model.script = [models.cut, models.status(500, "retry-after: 0")]
    conversation = await desk.open("attempts")
    await desk.say(conversation, "How long can I return a parcel?", "one")
    answer = (await desk.until(conversation, 2))[-1]
    steps = await steps_of(desk, answer.turn)
    assert [(step.attempt, pb.StepState.Name(step.state)) for step in steps] == [
        (1, "STEP_STATE_DONE"),
        (1, "STEP_STATE_FAILED"),
        (2, "STEP_STATE_DONE"),
        (2, "STEP_STATE_DONE"),
    ]
    assert steps[1].problem == "The model gave no complete answer."
    assert (steps[1].model_call.attempts, steps[3].model_call.attempts) == (1, 2)
    assert (steps[1].model_call.message, steps[3].model_call.message) == ("", answer.name)
    assert list(steps[3].model_call.prompt.steps) == [steps[2].name]
    for step, body in zip((steps[1], steps[3], steps[3]), model.bodies, strict=True):
        assert (await prompt_of(desk, step)).request == body
    listed = partial(desk.turns.ListTurnSteps, metadata=desk.as_user("core.turns.read"))
    assert await in_pages(listed, pb.ListTurnStepsRequest(parent=answer.turn)) == steps


async def test_a_call_that_was_cut_off_is_recorded(desk: Desk, model: Model) -> None:
    model.script = [begins]
    conversation = await desk.open("cut off")
    await desk.say(conversation, "How long can I return a parcel?", "one")
    async with asyncio.timeout(20):
        while not model.asked:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await desk.say(conversation, "And what does it cost me to send it back?", "two")
    await desk.until(conversation, 3)
    request = pb.ListTurnsRequest(parent=conversation.name)
    turns = (await desk.turns.ListTurns(request, metadata=desk.as_user("core.turns.read"))).turns
    assert [pb.TurnState.Name(turn.state) for turn in turns] == ["TURN_STATE_DONE", "TURN_STATE_SUPERSEDED"]
    async with asyncio.timeout(20):
        while len(steps := await steps_of(desk, turns[1].name)) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert steps[1].model_call.outcome == pb.MODEL_CALL_OUTCOME_CANCELLED
    assert (await prompt_of(desk, steps[1])).request == model.bodies[0]


async def test_steps_have_permissions_and_their_names_are_checked(desk: Desk, model: Model) -> None:
    conversation = await desk.open("permissions")
    await desk.say(conversation, "How long can I return a parcel?", "one")
    answer = (await desk.until(conversation, 2))[-1]
    [recall, call] = await steps_of(desk, answer.turn)
    get, prompt = pb.GetTurnStepRequest(name=call.name), pb.GetPromptRequest(name=f"{call.name}/prompt")
    reader = desk.as_user("core.turns.read")
    assert await desk.turns.GetTurnStep(get, metadata=reader) == call
    denied = grpc.StatusCode.PERMISSION_DENIED
    assert (await refused(desk.turns.GetPrompt(prompt, metadata=reader)))[0] is denied
    assert (await refused(desk.turns.GetTurnStep(get, metadata=desk.as_customer(conversation))))[0] is denied
    stranger = desk.as_user("core.turns.read", organization="other")
    assert (await refused(desk.turns.GetTurnStep(get, metadata=stranger)))[0] is denied
    no_prompt = desk.turns.GetPrompt(
        pb.GetPromptRequest(name=f"{recall.name}/prompt"), metadata=desk.as_user("core.prompts.read")
    )
    assert await refused(no_prompt) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "Step 1 asked no model; choose a step with a modelCall.",
    )
    for number in ("9", "0", "01", "x", "99999999999999999999"):
        wrong = pb.GetTurnStepRequest(name=f"{answer.turn}/steps/{number}")
        assert (await refused(desk.turns.GetTurnStep(wrong, metadata=reader)))[0] is grpc.StatusCode.NOT_FOUND
    missing = pb.ListTurnStepsRequest(parent=f"{conversation.name}/turns/none")
    assert (await refused(desk.turns.ListTurnSteps(missing, metadata=reader)))[0] is grpc.StatusCode.NOT_FOUND


async def test_steps_hold_no_texts_and_go_with_their_customer_or_their_age(desk: Desk, model: Model, postgres_url: str) -> None:
    conversation = await desk.open("goes")
    await desk.say(conversation, "How long can I return my secretword parcel?", "one")
    await desk.until(conversation, 2)
    other = await desk.open("stays")
    await desk.say(other, "How long can I return a parcel?", "two")
    await desk.until(other, 2)
    pool = await asyncpg.create_pool(postgres_url, min_size=1, max_size=1)
    async with pool:
        rows = [str(dict(row)) for row in await pool.fetch("select * from turn_step")]
        assert len(rows) == 4
        assert not [row for row in rows if "secretword" in row or "30 days" in row]
        delete = pb.DeleteCustomerRequest(name=conversation.customer)
        await desk.customers.DeleteCustomer(delete, metadata=desk.as_user("core.customers.delete"))
        async with asyncio.timeout(20):
            while await pool.fetchval("select count(*) from turn_step") > 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        kept = PostgresTurnSteps(pool, Journal(pool, "core", fact_to_pb))
        now = datetime.now(UTC)
        await kept.delete_before(now - timedelta(days=1))
        await kept.delete_before(now + timedelta(days=1), "another")  # type: ignore[arg-type]
        assert await pool.fetchval("select count(*) from turn_step") == 2
        assert not await kept.delete_before(now + timedelta(days=1), "acme"), "there were fewer than a batch"  # type: ignore[arg-type]
        assert await pool.fetchval("select count(*) from turn_step") == 0
