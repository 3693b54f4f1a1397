"""A model that works, and models that misbehave: the customer gets an answer or an honest notice, and nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from frontdesk.core import v1 as pb
from pydantic import SecretStr

from stack.testing import TestStores
from tests.rpc.core import model as models
from tests.rpc.core.conftest import Desk, Knowledge, run_core
from tests.rpc.core.model import Model

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def postgres_url(stores: TestStores) -> str:
    return stores.emptied_urls("core")["core"]


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    async with Model().serving() as running:
        yield running


@pytest.fixture
async def desk(
    stores: TestStores, tmp_path: Path, postgres_url: str, model: Model, request: pytest.FixtureRequest
) -> AsyncIterator[Desk]:
    patience = 0.3 if "silent" in request.node.name else 30.0
    settings = {"assistant": "openai", "openai_base_url": model.url, "openai_api_key": SecretStr("sk-secret")}
    settings |= {"openai_first_token_seconds": patience, "openai_model": "test-model"}
    async with run_core(stores, tmp_path, postgres_url, Knowledge(), **settings) as running:
        yield running


async def state(desk: Desk, conversation: pb.Conversation) -> pb.Conversation:
    get = pb.GetConversationRequest(name=conversation.name)
    return await desk.conversations.GetConversation(get, metadata=desk.as_user("core.conversations.read"))


async def turn(desk: Desk, message: pb.Message) -> pb.Turn:
    return await desk.turns.GetTurn(pb.GetTurnRequest(name=message.turn), metadata=desk.as_user("core.turns.read"))


async def test_a_model_answers_from_what_was_recalled(desk: Desk, model: Model) -> None:
    conversation = await desk.open("works")
    await desk.say(conversation, "How long can I return a parcel?", "works")
    _, answer = await desk.until(conversation, 2)
    assert answer.text == "It takes 30 days."
    assert not (await desk.history(conversation)).quotes_only
    [cited] = answer.citations
    assert (cited.start, cited.end, cited.source.title) == (0, len("It takes 30 days"), "Returns")
    done = await turn(desk, answer)
    assert (done.assistant, done.input_tokens, done.output_tokens) == ("test-model", 7, 3)
    [asked] = model.asked
    assert (asked["model"], asked["stream"]) == ("test-model", True)
    assert "You can return a parcel within 30 days." in str(asked["messages"])


async def test_a_source_that_the_model_made_up_is_not_shown(desk: Desk, model: Model) -> None:
    model.usual = models.says("Sure [2", "], see [7] and [1, 9].")
    conversation = await desk.open("made up")
    await desk.say(conversation, "How long can I return a parcel?", "made-up")
    _, answer = await desk.until(conversation, 2)
    assert answer.text == "Sure, see and."
    assert len(answer.citations) == 1


async def test_an_answer_with_a_nul_is_stored_without_it(desk: Desk, model: Model) -> None:
    model.usual = models.says("It takes \0", "30\0 days [1].")
    conversation = await desk.open("nul")
    await desk.say(conversation, "How long can I return a parcel?", "nul")
    assert (await desk.until(conversation, 2))[-1].text == "It takes 30 days."


async def test_a_model_that_does_not_know_says_so(desk: Desk, model: Model) -> None:
    model.usual = models.says("[unk", "nown] I do not ", "know.")
    conversation = await desk.open("unknown")
    await desk.say(conversation, "What is the meaning of life?", "unknown")
    _, answer = await desk.until(conversation, 2)
    assert (answer.text, answer.kind) == ("I do not know.", pb.MESSAGE_KIND_UNKNOWN)


ONCE = {
    "500": models.status(500),
    "429": models.status(429, "retry-after: 1"),
    "silent": models.silent,
    "empty": models.says(),
    "cut": models.cut,
    "invalid UTF-8": models.raw(b'data: {"choices":[{"delta":{"content":"\xff"}}]}\n\n', models.DONE),
    "no JSON": models.raw(b"data: oops\n\n", models.DONE),
    "no end": models.raw(models.event("It")),
    "an error in the stream": models.raw(b'data: {"error":{"message":"overloaded"}}\n\n'),
}


@pytest.mark.parametrize("name", ONCE)
async def test_a_model_that_fails_once_is_asked_again(desk: Desk, model: Model, name: str) -> None:
    model.script = [ONCE[name]]
    conversation = await desk.open(f"once {name}")
    await desk.say(conversation, "How long can I return a parcel?", f"once-{name}")
    _, answer = await desk.until(conversation, 2)
    assert answer.text == "It takes 30 days."
    if name == "429":
        assert model.times[1] - model.times[0] >= 1
    assert "sk-secret" not in (await turn(desk, answer)).error


ALWAYS = {
    "500": models.status(500),
    "silent": models.silent,
    "endless": models.endless,
    "busy for an hour": models.status(429, "retry-after: 3600"),
}


@pytest.mark.parametrize("name", ALWAYS)
async def test_a_model_that_keeps_failing_ends_in_an_honest_notice_and_the_queue(desk: Desk, model: Model, name: str) -> None:
    model.usual = ALWAYS[name]
    conversation = await desk.open(f"always {name}")
    await desk.say(conversation, "How long can I return a parcel?", f"always-{name}")
    question, notice = await desk.until(conversation, 2)
    assert question.text == "How long can I return a parcel?"
    assert (notice.kind, len(notice.citations)) == (pb.MESSAGE_KIND_HOLDING, 0)
    assert (await state(desk, conversation)).state == pb.CONVERSATION_STATE_WAITING
    failed = await turn(desk, notice)
    assert failed.state == pb.TURN_STATE_FAILED
    assert failed.error
    assert not (await desk.say(conversation, "Hello?", f"after-{name}")).turn
    assert len(await desk.until(conversation, 3)) == 3


async def test_an_answer_whose_body_never_ends_is_given_when_it_is_done(desk: Desk, model: Model) -> None:
    model.usual = models.lingering
    conversation = await desk.open("lingering")
    await desk.say(conversation, "How long can I return a parcel?", "lingering")
    _, answer = await desk.until(conversation, 2)
    assert answer.text == "It takes 30 days."
    assert len(model.asked) == 1


async def test_a_model_that_is_not_there_ends_in_a_notice(stores: TestStores, tmp_path: Path, postgres_url: str) -> None:
    settings = {"assistant": "openai", "openai_base_url": "http://127.0.0.1:1/v1"}
    async with run_core(stores, tmp_path, postgres_url, Knowledge(), **settings) as desk:
        conversation = await desk.open("nobody")
        await desk.say(conversation, "How long can I return a parcel?", "nobody")
        _, notice = await desk.until(conversation, 2)
        assert notice.kind == pb.MESSAGE_KIND_HOLDING
